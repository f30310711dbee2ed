"""The rows behind a figure, for a private file."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.audit.sources import read_row_exports, write_contributing_rows
from helpline_report.exports.export_files import Export
from helpline_report.figures.counting import lines_of
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import PopulationSpec
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from tests.audit.in_process import register_of

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def register(repository: Path) -> Register:
    """The sample's tables."""
    return register_of(repository)


@pytest.fixture(scope="module")
def exports(repository: Path) -> dict[tuple[str, str], Export]:
    """The sample's files of rows."""
    project = Project(repository)
    return read_row_exports(project, [project.edition("2017"), project.edition("2016")])


@pytest.fixture(scope="module")
def rows(
    sample_ledger: Ledger, register: Register, exports: dict[tuple[str, str], Export]
) -> Callable[[str], Rows]:
    """The rows behind a figure of the sample."""

    def lines(spec: PopulationSpec) -> list[int]:
        return lines_of(register, spec)

    def of(figure: str) -> Rows:
        text = write_contributing_rows(sample_ledger.figures[figure], lines, exports)
        return list(csv.DictReader(io.StringIO(text)))

    return of


def test_a_share_has_two_parts(rows: Callable[[str], Rows]) -> None:
    """The rows of the numerator, and those of the denominator, each as many as they count."""
    parts = [row["part"] for row in rows("contacts.share.phone")]
    assert parts.count("numerator") == 4158
    assert parts.count("of") == 4812


def test_a_row_as_it_stands_in_the_export(rows: Callable[[str], Rows], repository: Path) -> None:
    """File and line lead to the row itself, and every text of it is there."""
    row = rows("contacts.share.phone")[0]
    path = repository / "data" / "sample" / "2017" / row["file"]
    line = path.read_text(encoding="utf-8-sig").splitlines()[int(row["line"]) - 1]
    assert [text for name, text in row.items() if name not in ("part", "file", "line")] == (
        line.split(";")
    )


def test_a_change_has_the_rows_of_both_years(rows: Callable[[str], Rows]) -> None:
    """What it is compared with comes from the export of the year before."""
    found = rows("contacts.total.change")
    assert {row["part"]: row["contactnummer"][:5] for row in found} == {
        "numerator": "C2017",
        "of": "C2016",
    }


def test_a_mean_has_the_rows_that_it_counts(rows: Callable[[str], Rows]) -> None:
    """What it is divided by are days, and no rows."""
    assert {row["part"] for row in rows("contacts.daily_mean")} == {"numerator"}
