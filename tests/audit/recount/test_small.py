"""Files of many rows held small: the same texts, keys and lines, in less."""

from pathlib import Path

import duckdb
import pytest

from helpline_report.audit.recount.held import AS_TEXTS, LINES, Held, Shape, numbered, shape_of
from helpline_report.audit.recount.small import Columns, drop, store_small
from helpline_report.audit.recount.untouched import Untouched
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile

HEADER = ("contact", "kanaal")
FILE = RowFile.model_validate(
    {
        "name": "contacts.csv",
        "delimiter": ";",
        "dates": "dd/mm/yyyy",
        "tables": {
            "persons": {
                "key": "contact",
                "parent": "contact",
                "columns": {"kanaal": {"field": "problem", "codes": {"Telefoon": "phone"}}},
            }
        },
    }
)


def stored(folder: Path, *lines: str) -> tuple[duckdb.DuckDBPyConnection, Columns]:
    """A database with a file of these lines, and what was seen of its keys."""
    path = folder / "contacts.csv"
    path.write_text("\n".join([";".join(HEADER), *lines]) + "\n", encoding="utf-8")
    database, known = duckdb.connect(), Columns()
    store_small(database, "export", Untouched(path, ";", HEADER, HEADER, len(lines)), FILE, known)
    return database, known


def said(expression: str) -> object:
    """What an expression of SQL is."""
    ((found,),) = duckdb.connect().execute(f"SELECT {expression}").fetchall()
    return found


@pytest.mark.parametrize(
    ("first", "last", "shape"),
    [
        ("C2017-0000001", "C2017-5000000", Shape("C2017-", 7)),
        ("C2017-0000001", "C2017-0000001", Shape("C2017-", 7)),
        ("000", "999", Shape("", 3)),
        ("C-1", "C-20", None),
        ("C-", "C-", None),
        ("C*1", "C*2", None),
        ("É1", "É2", None),
        ("1" * 16, "2" * 16, None),
    ],
)
def test_the_shape_of_keys(first: str, last: str, shape: Shape | None) -> None:
    """What the first and the last begin with is what all begin with; then digits, equally many."""
    assert shape_of(first, last, [len(first), len(last)]) == shape


def test_keys_between_may_be_shorter() -> None:
    """Then no shape is that of all."""
    assert shape_of("C-01", "C-20", [3, 4]) is None


def test_a_number_is_its_key_again() -> None:
    """A prefix, then digits: nothing is lost."""
    shape = Shape("C-", 4)
    assert said(shape.spelled(shape.number("'C-0042'"))) == "C-0042"


@pytest.mark.parametrize(
    "key", ["C-004", "C-00042", "c-0042", "C-+042", "C-4e02", " C-042", "C-4_02"]
)
def test_what_another_number_reads_as(key: str) -> None:
    """What SQL reads as a number isn't for that of the shape."""
    assert said(Shape("C-", 4).fits(f"'{key}'")) is False


def test_editions_number_apart(repository: Path) -> None:
    """Number 1 of one year isn't number 1 of another."""
    project = Project(repository)
    editions = [project.edition("2017"), project.edition("2016")]
    keys = numbered(editions, 6)
    assert said(keys.key("2017", "1")) == 1
    assert said(keys.key("2016", "1")) == 1_000_001
    assert numbered(editions, LINES.digits).kind == "BIGINT"


def test_texts_and_lines_as_they_stand(tmp_path: Path) -> None:
    """A cell is the text that it was, a key its number, and a row on its line, in any file."""
    rows = [f"C-{number:06d};{'Telefoon' if number % 3 else ''}" for number in range(300_000)]
    database, known = stored(tmp_path, *rows)
    asked = "SELECT physical_line, contact, kanaal::VARCHAR FROM export ORDER BY physical_line"
    found = database.execute(asked).fetchall()
    assert found == [(n + 2, n, "Telefoon" if n % 3 else "") for n in range(300_000)]
    assert known.shapes == {("export", "contact"): Shape("C-", 6)}


@pytest.mark.parametrize("odd", ["C-x", "C-+", "C- "])
def test_a_key_of_another_shape(tmp_path: Path, odd: str) -> None:
    """The keys of its column stay texts, all of them."""
    database, known = stored(tmp_path, "C-1;a", f"{odd};b", "C-3;a")
    asked = "SELECT contact FROM export ORDER BY physical_line"
    assert database.execute(asked).fetchall() == [("C-1",), (odd,), ("C-3",)]
    assert not known.shapes
    assert not known.numbers


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    """It is seen, and so are keys that stand once each, in whatever order."""
    assert not stored(tmp_path, "C-1;a", "C-3;a", "C-1;a")[1].unique
    assert stored(tmp_path, "C-3;a", "C-1;a", "C-2;a")[1].unique == {("export", "contact")}


def test_an_export_is_forgotten(tmp_path: Path) -> None:
    """Nothing of it is left, whether it was kept small or as texts."""
    database, known = stored(tmp_path, "C-1;a")
    drop(database, "export", Held(small=True, exports=frozenset(known.exports)))
    database.execute("CREATE TABLE export AS SELECT 1 AS line")
    drop(database, "export", AS_TEXTS)
    assert database.execute("SHOW TABLES").fetchall() == []
