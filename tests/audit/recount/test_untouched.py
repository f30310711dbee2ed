"""Exports that the database reads from their files: the same rows as the reading of files gives."""

import hashlib
from pathlib import Path

import duckdb
import pytest

from helpline_report.audit.recount.database import open_database
from helpline_report.audit.recount.untouched import AsRead, Untouched, untouched
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile

HEADER = "contactnummer;datum;tijdstip;hulplijn;kanaal;leeftijdsklasse;geslacht;anonimiteit;"
HEADER += "hoedanigheid;label\n"
ROW = 'C-1;01/02/2017;10:00;Antwerpen;"Tele""foon";;"a;b";  ;x;NULL\n'


@pytest.fixture(scope="module")
def project(repository: Path) -> Project:
    """The repository as a project."""
    return Project(repository)


@pytest.fixture(scope="module")
def layout(project: Project) -> RowFile:
    """The layout of contacts in the sample."""
    source = project.edition("2017").sources[0]
    found = load_layout(project.layout_file(source.layout), project.root).files["contacts"]
    assert isinstance(found, RowFile)
    return found


def read(path: Path, rows: int) -> AsRead:
    """What a reading says of a file of so many rows in which nothing was mended."""
    return AsRead(hashlib.sha256(path.read_bytes()).hexdigest(), rows)


def written(folder: Path, text: str) -> Path:
    """A file of contacts that holds a text."""
    path = folder / "contacts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def rows(found: Untouched | None) -> list[tuple[object, ...]]:
    """Its rows as the database reads them."""
    assert found is not None
    return duckdb.connect().execute(found.sql()).fetchall()


def test_the_same_tables(project: Project) -> None:
    """Of the sample every table is the same, row by row, whoever read the files."""
    edition = project.edition("2017")
    folder = "data/sample/2017"
    standing = {
        ("2017", f"{folder}/{path.name}"): read(path, path.read_bytes().count(b"\n") - 1)
        for path in (project.root / folder).glob("*.csv")
    }
    with (
        open_database(project, [edition]) as one,
        open_database(project, [edition], None, standing) as other,
    ):
        for table in ("contacts", "persons", "followups", "files"):
            asked = f"FROM {table} ORDER BY ALL"
            assert other.execute(asked).fetchall() == one.execute(asked).fetchall()
    assert len(standing) == 3


def test_cells_as_they_stand(tmp_path: Path, layout: RowFile) -> None:
    """Quotes around and within a cell are undone; an empty cell, blanks and NULL are texts."""
    path = written(tmp_path, HEADER + ROW)
    cells = ("C-1", "01/02/2017", "10:00", "Antwerpen", 'Tele"foon', "", "a;b", "  ", "x", "NULL")
    assert rows(untouched(path, layout, read(path, 1))) == [(2, False, *_in_order(layout, cells))]


def _in_order(layout: RowFile, cells: tuple[str, ...]) -> list[str]:
    named = dict(zip(HEADER.strip().split(";"), cells, strict=True))
    return [named[column] for column in layout.expected()]


def test_lines_are_those_of_the_file(tmp_path: Path, layout: RowFile) -> None:
    """Each row has its physical line, in the order of the file, and a file may be long."""
    path = written(tmp_path, HEADER + ROW * 300_000)
    lines = [row[0] for row in rows(untouched(path, layout, read(path, 300_000)))]
    assert lines == list(range(2, 300_002))


def test_a_file_that_was_never_read(tmp_path: Path, layout: RowFile) -> None:
    """Of which nothing is known, it isn't read as it stands."""
    assert untouched(written(tmp_path, HEADER + ROW), layout, None) is None


def test_a_file_that_changed_since(tmp_path: Path, layout: RowFile) -> None:
    """It is another file than the one in which nothing was to be mended."""
    path = written(tmp_path, HEADER + ROW)
    known = read(path, 1)
    written(tmp_path, HEADER + ROW.replace("C-1", "C-2"))
    assert untouched(path, layout, known) is None


def test_a_row_of_two_lines(tmp_path: Path, layout: RowFile) -> None:
    """Lines can't be told by counting rows."""
    path = written(tmp_path, HEADER + ROW.replace("a;b", "a\nb"))
    assert untouched(path, layout, read(path, 1)) is None


def test_a_row_too_few(tmp_path: Path, layout: RowFile) -> None:
    """A row that the reading didn't count, such as a blank one, is no row here either."""
    path = written(tmp_path, HEADER + ROW + "\n")
    assert untouched(path, layout, read(path, 1)) is None


def test_a_column_by_another_name(tmp_path: Path, layout: RowFile) -> None:
    """A name that the reading mends isn't found."""
    path = written(tmp_path, HEADER.replace("kanaal", "Kanaal") + ROW)
    assert untouched(path, layout, read(path, 1)) is None


def test_a_file_that_is_gone(tmp_path: Path, layout: RowFile) -> None:
    """What the reading of files says of it stands."""
    path = written(tmp_path, HEADER + ROW)
    known = read(path, 1)
    path.unlink()
    assert untouched(path, layout, known) is None
