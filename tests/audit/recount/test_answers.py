"""What the second count asked is kept, and asked anew where anything that it stands on changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.counted_from import with_rows
from helpline_report.audit.recount import answers as module
from helpline_report.audit.recount import database as databases
from helpline_report.audit.recount.answers import TOLD
from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.edition_register import open_register
from helpline_report.errors import RefusedError
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import Reading
from helpline_report.tables.store import SAID
from tests.audit.recount.counted import OTHER_DAYS, Counted, counted, one_chapter

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one chapter."""
    return one_chapter(tmp_path_factory.mktemp("small") / "project")


@pytest.fixture(scope="module")
def year(root: Path) -> Counted:
    """The year as it stands."""
    return counted(root)


@pytest.fixture(scope="module")
def asked(year: Counted) -> dict[str, Rows]:
    """Its statements, which were asked once."""
    return year.again()[1]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line each time that a database is made of the exports."""
    times: list[str] = []
    real = databases.open_database

    def noted(*given: Any, **named: Any) -> object:
        times.append("opened")
        return real(*given, **named)

    monkeypatch.setattr(databases, "open_database", noted)
    return times


def test_nothing_new(year: Counted, asked: dict[str, Rows], opened: list[str]) -> None:
    """Where every statement was asked before no database is made, and every figure is checked."""
    assert year.again(asked) == year.again()
    assert opened == ["opened"]


def test_another_parameter_asks_what_is_new(
    root: Path, asked: dict[str, Rows], opened: list[str]
) -> None:
    """Other days around one campaign: its statements about them, and the words of the ledger."""
    _, now = counted(root, OTHER_DAYS).again(asked)
    new = [statement for statement in now if statement not in asked]
    days = [text for text in new if "2017-11-08" in text and "2017-12-31" in text]
    assert opened == ["opened"]
    assert sorted(new) == sorted([*days, *(text for text in new if text.startswith("keys among"))])
    assert 0 < len(new) < len(asked) / 4


def test_a_wrong_answer_refuses_nothing(year: Counted, asked: dict[str, Rows]) -> None:
    """A difference on a kept answer is none: all is asked of the exports again."""
    wrong: dict[str, Rows] = {text: [(0,)] for text in asked if text.startswith("SELECT")}
    checks, now = year.again({**asked, **wrong})
    assert (checks, now) == year.again()
    assert now == asked


def test_a_difference_is_found_on_kept_answers(year: Counted, asked: dict[str, Rows]) -> None:
    """What was counted wrongly this time isn't excused by an earlier count."""
    with pytest.raises(RefusedError, match=r"contacts\.by_channel\.email"):
        year.with_one_more("contacts.by_channel.email").again(asked)


def test_kept_and_read(year: Counted, asked: dict[str, Rows]) -> None:
    """What was written is what is read, by its owner alone."""
    keep = year.keep()
    keep.write(asked)
    assert keep.read() == asked
    assert keep.place.stat().st_mode & 0o077 == 0
    assert keep.place.is_relative_to(year.project.private)


DAMAGES: list[Callable[[str], str]] = [
    lambda _: "",
    lambda text: text[:-1],
    lambda text: text.replace("SELECT", "select", 1),
    lambda _: "[]",
    lambda text: text + "\udcff",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_read_past(
    year: Counted, asked: dict[str, Rows], damage: Callable[[str], str]
) -> None:
    """Of a file that isn't whole nothing is believed."""
    keep = year.keep()
    keep.write(asked)
    damaged = damage(keep.place.read_text("utf-8"))
    keep.place.write_text(damaged, encoding="utf-8", errors="surrogateescape")
    assert keep.read() == {}


@pytest.mark.parametrize(
    ("overrides", "holds"),
    [
        (("title.nl=Het jaar", OTHER_DAYS, "breaks=[]"), True),
        (("calendar.closed=[]",), False),
        (("helpline.lines=[antwerpen]",), False),
        (("draft=true",), False),
    ],
)
def test_what_answers_stand_on(
    root: Path, year: Counted, overrides: tuple[str, ...], *, holds: bool
) -> None:
    """Rows, calendar and helplines: other parameters are no part of what SQL asks."""
    register = open_register(year.project, "2017", overrides)
    found = Counted(Project(root), register, year.ledger).keep().key
    assert (found == year.keep().key) is holds


def test_anew(year: Counted, asked: dict[str, Rows]) -> None:
    """Who asks anew finds nothing kept, and leaves what was asked."""
    year.keep().write(asked)
    anew = replace(year.keep(), anew=True)
    assert anew.read() == {}
    anew.write({"SELECT 1": [(1,)]})
    assert year.keep().read() == {"SELECT 1": [(1,)]}


def test_exports_that_another_writes_to(year: Counted, asked: dict[str, Rows]) -> None:
    """Answers of exports that aren't any more what they were are refused, and not kept."""
    year.keep().write(asked)

    def still() -> None:
        raise RefusedError("an export changed")

    with pytest.raises(RefusedError, match="an export changed"):
        replace(year.keep(), still=still).write({})
    assert year.keep().read() == asked


def test_another_program(year: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program made tables of is asked again."""
    before = year.keep().key
    (tmp_path / "count.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(module, "AUDIT", tmp_path)
    assert year.keep().key != before


def test_exports_that_changed_meanwhile(year: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rows that aren't the ones that were read nothing is kept."""
    other = year.register.dataset.balances[0]
    balances = (other.__class__("x", "0" * 64, "contacts", 0, 0), *year.register.dataset.balances)
    monkeypatch.setitem(year.register.dataset.__dict__, "balances", balances)
    keep = year.keep()
    keep.write({"SELECT 1": [(1,)]})
    assert keep.key is None
    assert keep.read() == {}


def test_the_database_is_made_of_nothing_else(year: Counted) -> None:
    """What the key says of the parameters is all that is read to make the tables that SQL asks."""
    reading = Reading()
    editions = [reading.watch(edition) for edition in with_rows(year.register)]
    databases.open_database(year.project, editions).close()
    allowed = {*TOLD, *SAID, "edition", "period", "sources"}
    assert {path for paths in reading.read().values() for path in paths} <= allowed
