"""Which counts of people a ledger says, as cells over the rows of its register."""

from __future__ import annotations

import pytest

from helpline_report.disclosure.cells import Cells, read_cells
from helpline_report.disclosure.system import CountBlock
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


def only_block(found: Cells) -> CountBlock:
    """The one block that there is."""
    (block,) = found.blocks.values()
    return block


def test_persons_come_in_contacts(year: Register) -> None:
    """Two persons of one contact are the rows of one contact."""
    sport = whole(year, "persons").where(context="sport")
    (cell,) = only_block(cells(year, sport=sport)).cells
    assert (cell.id, cell.value, cell.contacts) == ("sport", 2, 1)


def test_one_population_is_one_cell(year: Register) -> None:
    """Under whatever names it is counted."""
    sport = whole(year, "persons").where(context="sport")
    found = cells(year, a=sport, b=sport.where(problem="child_abuse"), c=sport)
    assert [cell.id for cell in only_block(found).cells] == ["a", "b"]
    assert found.needs["c"] == ("a",)


def test_a_share_needs_both_its_counts(year: Register) -> None:
    """It says its numerator, and with the whole it says it again."""
    persons = whole(year, "persons")
    figure = share("s", persons.where(context="sport"), persons)
    found = read_cells(Ledger(edition="2017", figures={"s": figure}), year, (), 3)
    assert found.needs["s"] == ("s (numerator)", "s (denominator)")


def test_all_of_a_group_with_one_problem(year: Register) -> None:
    """What is said of the group is said of each of its members."""
    sport = whole(year, "persons").where(context="sport", problem="child_abuse")
    (group,) = only_block(cells(year, sport=sport)).groups
    assert (group.cell, group.field) == ("sport", "context") or group.field == "problem"


def test_a_field_that_is_not_sensitive(year: Register) -> None:
    """That all of a group came by phone says nothing of anybody."""
    for field in ("context", "problem"):
        known = year.codelists[field].model_copy(update={"sensitive": False})
        year.codelists[field] = known  # type: ignore[index]
    sport = whole(year, "persons").where(context="sport", problem="child_abuse")
    assert not only_block(cells(year, sport=sport)).groups
