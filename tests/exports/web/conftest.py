"""Web analytics exports, drawn in the tests and read from a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.exports.web.model import WebExport
from helpline_report.exports.web.read import read_web
from helpline_report.parameters.web_layouts import WebFolder

ReadWeb = Callable[..., WebExport]


@pytest.fixture
def read(tmp_path: Path) -> ReadWeb:
    """Read a text as the file `x.csv`, or as another."""

    def read_it(content: str | bytes, name: str = "x.csv") -> WebExport:
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name).write_bytes(raw)
        return read_web(tmp_path / name, name, WebFolder.model_validate({"users": ["users"]}))

    return read_it
