"""Web analytics exports, drawn in the tests and read from a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.parameters.layouts import WebFolder
from helpline_report.web_analytics.web_export import WebExport, read_web_export
from tests.tables.conftest import make_folders
from tests.web_analytics.web_desk import LAYOUT, WebDesk

ReadWeb = Callable[..., WebExport]


@pytest.fixture
def read(tmp_path: Path) -> ReadWeb:
    """Read a text as the file `x.csv`, or as another."""

    def read_it(content: str | bytes, name: str = "x.csv") -> WebExport:
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name).write_bytes(raw)
        layout = WebFolder.model_validate({"users": ["users"]})
        return read_web_export(tmp_path / name, name, layout)

    return read_it


@pytest.fixture
def desk(tmp_path: Path) -> WebDesk:
    small = WebDesk(make_folders(tmp_path))
    small.put_layout(LAYOUT)
    return small
