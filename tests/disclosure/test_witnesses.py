"""Other registers that give what is published, of all tables of a year together."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from helpline_report.disclosure import witnesses
from helpline_report.disclosure.cells import read_cells
from helpline_report.disclosure.contact_moves import Moves, list_fields
from helpline_report.disclosure.count_blocks import CountBlock, CountCell
from helpline_report.disclosure.protection import protect
from helpline_report.disclosure.published_counts import PublishedRange
from helpline_report.disclosure.witnesses import Witnesses
from helpline_report.figures.measures import count
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.figures.drawn import ledger_with, register, whole

CONTACTS = """
nr | date  | channel
a  | 01-02 | phone
b  | 01-03 | phone
c  | 01-03 | email
d  | 01-03 | email
e  | 01-03 | email
"""
PERSONS = """
contact | problem
a       | child_abuse
a       | child_abuse
b       | partner_violence
c       | child_abuse
d       | elder_abuse
e       | elder_abuse
"""


@pytest.fixture
def year() -> Register:
    """A year of five contacts and six persons."""
    return register(contacts=CONTACTS, persons=PERSONS)


def blocks_of(year: Register, **populations: Population) -> list[CountBlock]:
    """The blocks of a ledger that counts these populations, with a threshold of 3."""
    figures = [count(name, each) for name, each in populations.items()]
    return [*read_cells(ledger_with(figures), year, (), 3).blocks]


def test_what_one_contact_can_be_instead(year: Register) -> None:
    """One of its persons, or both, have another problem, and it may be the only one that had it."""
    every, child = whole(year, "persons"), whole(year, "persons").where(problem="child_abuse")
    blocks = blocks_of(year, child=child, every=every, having=whole(year).having(child))
    moves = Moves(year, blocks, {"problem"})
    own = moves.effects[moves.able[:, [0]].toarray()[:, 0] > 0].toarray()
    columns = [[c.id for _, c in moves.cells].index(n) for n in ("having", "child", "every")]
    assert {*map(tuple, own[:, columns].tolist())} == {
        (0, -1, 0),  # a person has another one
        (-1, -2, 0),  # both have
        (0, -1, -1),  # a person is gone
        (0, 1, 1),  # there is one more
        (-1, -2, -2),  # the contact is gone
    }


def test_a_person_may_be_of_another_class_of_ages() -> None:
    """Where the source gives classes in place of ages, a class is what changes."""
    text = "contact | age_class\na | minor\nb | adult\nc | adult\nd | adult\ne | adult"
    year = register(contacts=CONTACTS, persons=text)
    minors = whole(year, "persons").where(age_class="minor")
    blocks = blocks_of(year, minors=minors, every=whole(year, "persons"))
    fields = {name for cell in blocks[0].cells for name in list_fields(blocks[0], cell)}
    moves = Moves(year, blocks, fields)
    able = moves.effects[moves.able[:, [1]].toarray()[:, 0] > 0].toarray()
    places = [[cell.id for _, cell in moves.cells].index(name) for name in ("minors", "every")]
    assert (1, 0) in {*map(tuple, able[:, places].tolist())}


def protects(year: Register, published: dict[str, Population], hidden: Population) -> bool:
    """Whether a hidden count can be 0 and be 3 beside published ones."""
    blocks = blocks_of(year, hidden=hidden, **published)
    target = next(cell for block in blocks for cell in block.cells if cell.id == "hidden")
    names = {cell.id for block in blocks for cell in block.cells if cell.derived}
    return Witnesses(year, blocks, 3).is_protected(frozenset({"hidden", *names}), target)


def test_a_count_that_nothing_tells(year: Register) -> None:
    """Of all persons nobody knows how many have one problem."""
    persons = whole(year, "persons")
    assert protects(year, {"all": persons}, persons.where(problem="partner_violence"))


def test_moves_of_a_count_come_last(year: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where those that come first aren't any of them, a witness is made of these."""
    persons = whole(year, "persons")
    problems = ("partner_violence", "child_abuse", "elder_abuse")
    counted = {each: persons.where(problem=each) for each in problems}
    moves = Moves(year, blocks_of(year, **counted, all=persons), {"problem"})
    place = {cell.id: at for at, (_, cell) in enumerate(moves.cells)}
    room = np.tile([[-np.inf], [np.inf]], len(place))
    room[:, place["all"]] = 0
    monkeypatch.setattr(witnesses, "COLUMNS", (1, 2))
    search = witnesses.Search(moves, room, [place["child_abuse"], place["elder_abuse"]])
    witness = search.find(witnesses.Goal(place["partner_violence"], (-1, -1)))
    assert witness is not None
    assert (moves.effects.T @ witness)[place["partner_violence"]] == -1


def test_contacts_with_persons_of_a_kind_tell_these_persons(year: Register) -> None:
    """Two contacts have a person with the problem: so there are two such persons or more."""
    elder = whole(year, "persons").where(problem="elder_abuse")
    assert not protects(year, {"having": whole(year).having(elder)}, elder)


def test_persons_tell_the_contacts_that_have_one(year: Register) -> None:
    """Two persons with the problem are in two contacts at most."""
    elder = whole(year, "persons").where(problem="elder_abuse")
    assert not protects(year, {"persons": elder}, whole(year).having(elder))


def find_protecting(year: Register, target: Population, **published: Population) -> list[str]:
    """What would be hidden as well, so that a hidden count isn't told by published ones."""
    blocks = blocks_of(year, target=target, **published)
    cell = next(cell for block in blocks for cell in block.cells if cell.id == "target")
    of_year = Witnesses(year, blocks, 3)
    assert not of_year.is_protected(frozenset({"target"}), cell)
    return [each.id for each in of_year.list_to_hide() or ()]


def test_what_would_protect_a_count(year: Register) -> None:
    """One more count of contacts, the smaller of two, may change in place of another witness."""
    partner = whole(year, "persons").where(problem="partner_violence")
    having = whole(year).having(partner)
    assert find_protecting(year, partner, every=whole(year), having=having) == ["having"]


def test_a_count_of_another_field_protects_where_no_nearer_one_does(year: Register) -> None:
    """A person by phone with a problem tells that somebody phoned."""
    persons = whole(year, "persons").where(channel="phone", problem="partner_violence")
    phone = whole(year).where(channel="phone")
    assert find_protecting(year, phone, persons=persons) == ["persons"]


def test_all_of_a_group_of_an_unpublished_table(year: Register) -> None:
    """No count says that all of a channel have one of two problems, but that none has the third."""
    persons = whole(year, "persons").where(channel="email")
    alike = persons.where(problem=["child_abuse", "elder_abuse"])
    zero = persons.where(problem="partner_violence")
    unpublished = PublishedRange(alike.spec, 0, np.inf)
    blocks = read_cells(ledger_with([count("zero", zero)]), year, [unpublished], 3).blocks
    assert protect(blocks, year, 3).further == ("zero",)


def test_codes_that_never_go_together(year: Register) -> None:
    """A reader knows that nobody has both, though no count says so."""
    email = whole(year, "persons").where(channel="email")
    published = {"email": email, "child": email.where(problem="child_abuse")}
    elder = whole(year, "persons").where(problem="elder_abuse")
    assert protects(year, published, elder)
    problems = year.codelists["problem"]
    never = {"never_with": {"channel": ["phone"]}}
    codes = [c.model_copy(update=never if c.code == "elder_abuse" else {}) for c in problems.codes]
    lists = {**year.codelists, "problem": problems.model_copy(update={"codes": codes})}
    assert not protects(replace(year, codelists=lists), published, elder)


def test_a_count_that_an_earlier_print_tells(year: Register) -> None:
    """What was printed of its contacts tells that it isn't 0, whatever else is hidden."""
    elder = whole(year, "persons").where(problem="elder_abuse")
    printed = PublishedRange(whole(year).having(elder).spec, 2, 2)
    blocks = read_cells(ledger_with([count("elder", elder)]), year, [printed], 3).blocks
    protection = protect(blocks, year, 3)
    assert (protection.inferable, protection.unprotected) == (("elder",), ())


def test_those_that_are_too_few_are_so_in_any_order(year: Register) -> None:
    """Of two moves that nobody can make, the contacts of both are too few, in either order."""
    persons = whole(year, "persons")
    problems = {each: persons.where(problem=each) for each in ("partner_violence", "elder_abuse")}
    moves = Moves(year, blocks_of(year, **problems), {"problem"})
    effects = [*map(tuple, moves.effects.toarray().tolist())]
    # The cells are those of both problems, and the rest.
    times = {(0, -1, 1): 2, (-1, 0, 1): 3}
    number = np.array([times.get(effect, 0) for effect in effects])
    assert sorted(moves.match(number, [])[1]) == [-1, 1, 3, 4]


def test_contacts_make_one_move_each(year: Register) -> None:
    """Where there are more moves than contacts that can make them, these are too few."""
    persons = whole(year, "persons").where(problem="partner_violence")
    moves = Moves(year, blocks_of(year, persons=persons), {"problem"})
    one_fewer = np.flatnonzero(moves.effects.toarray()[:, 0] == -1)
    change = np.zeros(moves.effects.shape[0], dtype=np.int64)
    change[one_fewer] = 1
    assert moves.match(change, []) == ([1], [])
    assert moves.match(change, [1]) == ([], [1, -1])
    change[one_fewer] = 2
    assert moves.match(change, []) == ([], [1, -1])


def test_the_order_of_rows_changes_nothing(year: Register) -> None:
    lines = CONTACTS.strip().splitlines()
    shuffled = register(contacts="\n".join([lines[0], *lines[:0:-1]]), persons=PERSONS)
    persons = whole(year, "persons").where(problem="child_abuse")
    first, second = (
        Moves(each, blocks_of(each, persons=replace(persons, register=each)), {"problem"})
        for each in (year, shuffled)
    )
    assert abs(first.effects - second.effects).nnz == 0
    assert (first.set_of == second.set_of).all()


def test_a_count_is_a_cell_of_its_year(year: Register) -> None:
    """What each contact adds to a count is what the count says in all."""
    persons = whole(year, "persons")
    blocks = blocks_of(year, all=persons, child=persons.where(problem="child_abuse"))
    moves = Moves(year, blocks, set())
    cells: list[CountCell] = [cell for _, cell in moves.cells]
    assert moves.base.sum(axis=0).tolist() == [cell.value for cell in cells]


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_contact_of_a_day_without_contacts(*, is_closed: bool) -> None:
    """In January both contacts are of one Thursday: they could be of any day that is open."""
    days = ["01-05"] * 2 + ["02-06", "02-07"] * 9
    lines = "\n".join(f"{at} | {day}" for at, day in enumerate(days))
    others = [dt.date(2017, 1, day) for day in range(1, 32) if day != 5]
    closed = [{"date": day, "reason": "x"} for day in others if is_closed]
    calendar = {"working_days": [1, 2, 3, 4, 5], "closed": closed}
    year = register(contacts=f"nr | date\n{lines}", calendar=calendar)
    thursday = whole(year).where(weekday="4")
    february = whole(year).during(dt.date(2017, 2, 1), dt.date(2017, 2, 28))
    published = {"february": february, "all": whole(year)}
    assert protects(year, published, thursday) == (not is_closed)
