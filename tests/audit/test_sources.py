"""The rows behind a figure, for a private file."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.audit.sources import read_row_exports, write_contributing_rows
from helpline_report.exports.export_files import Export
from helpline_report.figures.counting import list_lines
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from tests.audit.in_process import register_of

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def register(repository: Path) -> Register:
    return register_of(repository)


@pytest.fixture(scope="module")
def exports(repository: Path) -> dict[tuple[str, str], Export]:
    project = Project(repository)
    return read_row_exports(project, [project.edition("2017"), project.edition("2016")])


@pytest.fixture(scope="module")
def rows(
    sample_ledger: Ledger, register: Register, exports: dict[tuple[str, str], Export]
) -> Callable[[str], Rows]:
    """The rows behind a figure of the sample."""

    def lines(spec: PopulationSpec) -> list[int]:
        return list_lines(register, spec)

    def of(figure: str) -> Rows:
        text = write_contributing_rows(sample_ledger.figures[figure], lines, exports)
        return list(csv.DictReader(io.StringIO(text)))

    return of


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        ("contacts.share.phone", {"numerator": (4158, "C2017"), "of": (4812, "C2017")}),
        ("contacts.total.change", {"numerator": (4812, "C2017"), "of": (4596, "C2016")}),
        # What a mean is divided by are days, and no rows.
        ("contacts.daily_mean", {"numerator": (4812, "C2017")}),
    ],
)
def test_the_parts_of_a_figure(
    rows: Callable[[str], Rows], figure: str, counts: dict[str, tuple[int, str]]
) -> None:
    """The rows of the numerator, and those of what it is compared with, from their own year."""
    parts: dict[str, list[str]] = {}
    for row in rows(figure):
        parts.setdefault(row["part"], []).append(row["contactnummer"][:5])
    assert {part: (len(years), years[0]) for part, years in parts.items()} == counts


def test_a_row_as_it_stands_in_the_export(rows: Callable[[str], Rows], repository: Path) -> None:
    """File and line lead to the row itself, and every text of it is there."""
    row = rows("contacts.share.phone")[0]
    path = repository / "data" / "sample" / "2017" / row["file"]
    line = path.read_text(encoding="utf-8-sig").splitlines()[int(row["line"]) - 1]
    assert [text for name, text in row.items() if name not in ("part", "file", "line")] == (
        line.split(";")
    )
