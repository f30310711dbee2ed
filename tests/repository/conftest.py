"""The repository's text files, read once."""

import pytest

from tests.repository.tree import BINARY, relative_path, sources


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    return {
        relative_path(path): path.read_text(encoding="utf-8", errors="replace")
        for path in sources()
        if path.suffix not in BINARY
    }
