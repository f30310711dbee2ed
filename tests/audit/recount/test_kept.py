"""The tables of a year of millions are kept, and made anew where anything isn't as it was."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from helpline_report.audit.counted_from import with_rows
from helpline_report.audit.recount import database as databases
from helpline_report.audit.recount import kept as module
from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.audit.recount.kept import KeptTables
from helpline_report.errors import RefusedError
from tests.audit.recount.both import held_small, standing_of
from tests.audit.recount.counted import OTHER_DAYS, Counted, counted, one_chapter

pytestmark = pytest.mark.slow

FIGURE = "contacts.by_channel.email"


@pytest.fixture(autouse=True)
def of_many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tables are held and kept as those of millions of rows are, however few there are."""
    monkeypatch.setattr(module, "MANY", 0)
    with held_small():
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one chapter."""
    return one_chapter(tmp_path_factory.mktemp("small") / "project")


@pytest.fixture(scope="module")
def first(root: Path) -> Counted:
    """The year as it stands."""
    return counted(root)


@pytest.fixture
def year(first: Counted) -> Counted:
    """The year, of which nothing was ever counted twice."""
    shutil.rmtree(first.project.private / "recount", ignore_errors=True)
    return first


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line each time that tables are made of the exports."""
    times: list[str] = []
    real = databases.open_database

    def noted(*given: Any, **named: Any) -> object:
        times.append("made")
        return real(*given, **named)

    monkeypatch.setattr(databases, "open_database", noted)
    return times


@pytest.fixture
def asked(year: Counted) -> dict[str, Rows]:
    """What its statements give."""
    found = year.again()[1]
    shutil.rmtree(year.project.private / "recount")
    return found


def files_of(year: Counted) -> list[Path]:
    """What is kept of its tables."""
    return sorted((year.project.private / "recount").rglob("*.*"))


def made(year: Counted) -> duckdb.DuckDBPyConnection:
    """Its tables, made of the exports."""
    editions, standing = with_rows(year.register), standing_of(year.register)
    return databases.open_database(year.project, editions, None, standing)


def kept(year: Counted) -> KeptTables:
    """Where its tables are kept."""
    return KeptTables(year.project.private, "2017", year.keep())


def test_other_days_read_no_export(root: Path, year: Counted, opened: list[str]) -> None:
    """Other days around a campaign: what is new is asked with every export out of sight."""
    _, before = year.again()
    other = counted(root, OTHER_DAYS)
    keep = other.keep()
    keep.write(before)
    exports = year.project.root / "data" / "sample"
    elsewhere = exports.rename(exports.with_name("elsewhere"))
    try:
        checks = other.twice(keep)
    finally:
        elsewhere.rename(exports)
    assert opened == ["made"]
    assert checks == other.twice(replace(keep, anew=True))
    assert opened == ["made", "made"]


def test_the_same_answers(year: Counted, opened: list[str]) -> None:
    """Every statement gives of kept tables what it gave of those that were made."""
    first = year.again()
    assert year.again() == first
    assert opened == ["made"]


def test_the_same_tables(year: Counted) -> None:
    """What is kept are all tables, of the same types, row by row."""
    with made(year) as database:
        kept(year).write(database)
        found = kept(year).opened()
        assert found is not None
        with found:
            for (table,) in found.execute("SHOW TABLES").fetchall():
                for asked in (f"DESCRIBE {table}", f"FROM {table} ORDER BY ALL"):
                    assert found.execute(asked).fetchall() == database.execute(asked).fetchall()
            there = {row[0] for row in found.execute("SHOW TABLES").fetchall()}
    assert {"contacts", "persons", "followups", "traffic", "files", "calendar"} <= there


def test_private(year: Counted) -> None:
    """One file, that its owner alone can read, in folders of which that is true too."""
    year.again()
    (file,) = files_of(year)
    modes = [path.stat().st_mode & 0o777 for path in (file, *file.parents[:2])]
    assert modes == [0o600, 0o700, 0o700]


def test_few_rows(year: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few rows nothing is kept."""
    monkeypatch.setattr(module, "MANY", 100_000)
    year.again()
    assert files_of(year) == []


SPOILED: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda content: content[:-1],
    lambda content: content[: len(content) // 2],
    lambda content: content[:20_000] + bytes([content[20_000] ^ 1]) + content[20_001:],
    lambda content: content + b"\0",
]


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_file(year: Counted, opened: list[str], spoil: Callable[[bytes], bytes]) -> None:
    """Of a file that isn't whole nothing is believed: the tables are made, and kept, anew."""
    expected = year.again()
    (file,) = files_of(year)
    file.write_bytes(spoil(file.read_bytes()))
    assert year.again() == expected
    assert opened == ["made", "made"]
    assert year.again() == expected
    assert opened == ["made", "made"]
    assert len(files_of(year)) == 1


def test_a_file_that_was_never_finished(year: Counted, opened: list[str]) -> None:
    """What a count that was killed left is no table, and goes."""
    folder = kept(year).folder
    folder.mkdir(parents=True)
    for name in ("tables.part", "tables.part.wal"):
        (folder / name).write_bytes(b"half")
    year.again()
    assert opened == ["made"]
    assert [path.suffix for path in files_of(year)] == [".duckdb"]


def test_no_database(year: Counted, opened: list[str]) -> None:
    """A file with the right name that no database is: the tables are made of the exports."""
    folder = kept(year).folder
    folder.mkdir(parents=True)
    part = folder / "foreign"
    part.write_bytes(b"no database")
    part.rename(folder / kept(year)._called(part))
    year.again()
    assert opened == ["made"]


def test_of_other_rows(root: Path, year: Counted, opened: list[str]) -> None:
    """Another closing day makes other tables: they are made, and the newest alone are kept."""
    year.again()
    before = files_of(year)
    other = counted(root, "calendar.closed=[]")
    other.again()
    assert opened == ["made", "made"]
    assert len(files_of(other)) == 1
    assert files_of(other) != before


def test_anew(year: Counted, opened: list[str]) -> None:
    """Who asks anew makes the tables of the exports, and leaves them."""
    year.again()
    year.twice(replace(year.keep(), anew=True))
    assert opened == ["made", "made"]
    year.again()
    assert opened == ["made", "made"]


def test_without_a_key(year: Counted, opened: list[str]) -> None:
    """Verification, and a count of exports that nobody knows any more, takes and leaves nothing."""
    year.again()
    before = files_of(year)
    year.twice(replace(year.keep(), key=None))
    assert opened == ["made", "made"]
    assert files_of(year) == before


def test_wrong_tables_refuse_nothing(year: Counted, opened: list[str]) -> None:
    """A difference on kept tables is none: the exports themselves are asked."""
    with made(year) as database:
        database.execute("DELETE FROM contacts WHERE channel = 'email'")
        kept(year).write(database)
    opened.clear()
    checks, _ = year.again()
    assert opened == ["made"]
    assert checks == year.again()[0]


def test_a_difference_is_found_on_kept_tables(year: Counted, opened: list[str]) -> None:
    """What was counted wrongly this time isn't excused by kept tables, nor are they kept."""
    year.again()
    with pytest.raises(RefusedError, match=r"contacts\.by_channel\.email"):
        year.with_one_more(FIGURE).again()
    assert opened == ["made", "made"]
    assert [path.name for path in files_of(year)] == ["2017.csv"]


def test_exports_that_another_writes_to(year: Counted) -> None:
    """Tables of exports that aren't any more what they were are refused, and not kept."""

    def still() -> None:
        raise RefusedError("an export changed")

    with pytest.raises(RefusedError, match="an export changed"):
        year.twice(replace(year.keep(), still=still))
    assert files_of(year) == []


def test_no_room(year: Counted, asked: dict[str, Rows]) -> None:
    """Where the file doesn't fit nothing is kept, nothing half is left, and all is counted."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    keep = replace(year.keep(), anew=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        checks = year.twice(keep)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_of(year) == []
    assert checks == year.twice(keep)
    assert len(files_of(year)) == 1
    assert asked == year.keep().read()


def test_a_folder_that_cant_be_made(year: Counted) -> None:
    """Where there is no place for it nothing is kept, and all is counted."""
    folder = kept(year).folder
    folder.parent.mkdir()
    folder.write_text("a file\n", encoding="utf-8")
    checks, _ = year.again()
    folder.unlink()
    assert checks == year.again()[0]
