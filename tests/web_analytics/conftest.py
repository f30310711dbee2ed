"""Web analytics exports, drawn in the tests and read from a folder by a layout."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import WebFolder
from helpline_report.tables.dataset import FileBalance
from helpline_report.web_analytics.web_export import WebExport, read_web_export
from tests.tables.conftest import Desk, an_edition, make_folders

ReadWeb = Callable[..., WebExport]
LAYOUT = """\
layout: small
about: a layout for tests
web:
  users: [users, active_users]
  dimensions:
    device: {from: [device_category], codes: {mobile: mobile, desktop: desktop, tablet: tablet}}
    traffic_channel: {from: [session_channel], codes: {Direct: direct, Referral: referral}}
    referrer: {from: [source], codes: {(not set): unknown}}
    site: {from: [page_path_1], codes: {/kinderen/: children}}
"""


@dataclass
class WebDesk(Desk):
    """A project whose only source is a folder of web analytics."""

    period: tuple[str, str] = ("2017-01-01", "2017-12-31")
    source: dict[str, object] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def write(self, content: str | bytes, name: str = "x.csv") -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        (self.root / "raw" / name).write_bytes(raw)

    @property
    def edition(self) -> Edition:
        period = dict(zip(("start", "end"), self.period, strict=True))
        source = {"layout": "small", "folder": "raw", **self.source}
        return an_edition(self.period[0][:4], [source], period=period, **self.more)

    def figures(self) -> list[str]:
        """Each figure on a line: measure, grain, first and last day, codes, number."""
        table = self.load().tables["traffic"]
        dimensions = sorted(table.fields - {"measure", "grain"})
        lines = []
        for row in table.frame.itertuples():
            codes = [f"{d}={getattr(row, d)}" for d in dimensions if str(getattr(row, d)) != "nan"]
            days = f"{row.start:%m%d}-{row.end:%m%d}"
            lines.append(" ".join([str(row.measure), str(row.grain), days, *codes, str(row.value)]))
        return lines

    def notes(self) -> list[str]:
        """What somebody may miss."""
        return [*self.load().notes]

    def balance(self, name: str = "x.csv") -> FileBalance:
        return super().balance(name)

    def places(self) -> list[str]:
        """The code and the place of each problem."""
        return [problem.partition(": ")[0] for problem in self.problems()]


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
