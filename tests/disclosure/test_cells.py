"""Which counts of people a ledger says, as cells over the rows of its register."""

from __future__ import annotations

import pytest

from helpline_report.disclosure.cells import Cells, read_cells
from helpline_report.disclosure.count_blocks import CountBlock
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, share
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole

CONTACTS = """
nr | date  | hour | channel | helpline | role
a  | 01-02 | 9    | phone   | north    | victim
b  | 01-03 | 9    | phone   | north    | parent
c  | 01-03 | 14   | email   | north    | victim
"""
PERSONS = """
nr | contact | problem          | form     | context | age
1  | a       | child_abuse      | physical | sport   | 4
2  | a       | child_abuse      | physical | sport   | 9
3  | b       | partner_violence | physical | family  | 40
4  | c       | child_abuse      | physical | family  | 5
"""


@pytest.fixture
def year() -> Register:
    """A year of three contacts and four persons."""
    return register(contacts=CONTACTS, persons=PERSONS)


def cells(year: Register, **populations: Population) -> Cells:
    """The cells of a ledger that counts these populations."""
    figures = {name: count(name, each) for name, each in populations.items()}
    return read_cells(Ledger(edition="2017", figures=figures), year, (), 3)


def only_block(read: Cells) -> CountBlock:
    """The one block that there is."""
    (block,) = read.blocks.values()
    return block


def test_persons_come_in_contacts(year: Register) -> None:
    """Two persons of one contact are the rows of one contact."""
    sport = whole(year, "persons").where(context="sport")
    (cell,) = only_block(cells(year, sport=sport)).cells
    assert (cell.id, cell.value, cell.contacts) == ("sport", 2, 1)


def test_one_population_is_one_cell(year: Register) -> None:
    """Under whatever names it is counted."""
    sport = whole(year, "persons").where(context="sport")
    read = cells(year, a=sport, b=sport.where(problem="child_abuse"), c=sport)
    assert [c.id for c in only_block(read).cells if not c.derived] == ["a", "b"]
    assert read.needs["c"] == ("a",)


def test_a_share_needs_both_its_counts(year: Register) -> None:
    """It says its numerator, and with the whole it says it again."""
    persons = whole(year, "persons")
    figure = share("s", persons.where(context="sport"), persons)
    read = read_cells(Ledger(edition="2017", figures={"s": figure}), year, (), 3)
    days = "[2017-01-01 – 2017-12-31]"
    assert read.needs["s"] == (f"persons where context=sport {days}", f"persons {days}")


@pytest.mark.parametrize("sensitive", [True, False])
def test_all_of_a_group_with_one_problem(year: Register, *, sensitive: bool) -> None:
    """It is said of each of its members, unless the field says nothing of anybody."""
    for field in ("context", "problem"):
        known = year.codelists[field].model_copy(update={"sensitive": sensitive})
        year.codelists[field] = known  # type: ignore[index]
    sport = whole(year, "persons").where(context="sport", problem="child_abuse")
    (cell, *rests) = only_block(cells(year, sport=sport)).cells
    assert cell.id == "sport"
    assert [(rest.group, rest.value) for rest in rests] == ([(2, 0)] if sensitive else [])
