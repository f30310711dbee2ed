"""The repository's text files, read once."""

import pytest

from tests.repository.tree import BINARY, shown, sources


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file of the repository by its path."""
    return {
        shown(path): path.read_text(encoding="utf-8", errors="replace")
        for path in sources()
        if path.suffix not in BINARY
    }
