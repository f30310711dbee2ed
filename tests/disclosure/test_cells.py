"""Which counts of people a ledger says, as cells over the rows of its register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpline_report.disclosure.cells import Cells, read_cells
from helpline_report.disclosure.count_blocks import ANY, CountBlock, Range
from helpline_report.disclosure.published_counts import PublishedRange
from helpline_report.errors import PopulationError
from helpline_report.figures.breakdown import count_series, top
from helpline_report.figures.ledger import SourceFile
from helpline_report.figures.measures import count, maximum, share
from helpline_report.figures.population import Population
from helpline_report.figures.quality import count_file_rows
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import FileBalance
from tests.figures.drawn import ledger_with, register, whole, with_threshold

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
    figures = [count(name, each) for name, each in populations.items()]
    return read_cells(ledger_with(figures), year, (), 3)


def only_block(read: Cells) -> CountBlock:
    (block,) = read.blocks
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
    read = read_cells(ledger_with([figure]), year, (), 3)
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


def test_the_rows_that_files_have_are_counts_of_people(year: Register) -> None:
    """How many rows of a file were read and used is how many contacts there are."""
    balance = FileBalance("a.csv", "", "contacts", 3, {"used": 3})
    drawn = replace(year, dataset=replace(year.dataset, balances=(balance,)))
    quality, figures = count_file_rows("q", drawn)
    ledger = ledger_with(
        figures,
        quality={"q": quality},
        sources=(SourceFile(edition="2017", file="a.csv", sha256="", table="contacts", rows=3),),
    )
    name = "contacts [2017-01-01 – 2017-12-31]"
    assert read_cells(ledger, drawn, (), 3).needs == {"q.a.read": (name,), "q.a.used": (name,)}


def test_a_maximum_needs_the_count_that_it_is_a_part_of(year: Register) -> None:
    """Else one that is a zero or all of its population would say it."""
    sport = whole(year, "persons").where(context="sport")
    read = read_cells(ledger_with([maximum("m", sport, ["date"])]), year, (), 3)
    assert read.needs["m"] == ("persons where context=sport [2017-01-01 – 2017-12-31]",)


def test_a_maximum_of_other_fields_needs_each_count(year: Register) -> None:
    """No other count is larger: a hidden one would be known more closely."""
    read = read_cells(ledger_with([maximum("m", whole(year), ["weekday", "channel"])]), year, (), 3)
    assert len(read.needs["m"]) == 1 + 7 * 5


def channels(**numbers: int) -> Population:
    """So many contacts of each channel."""
    codes = [code for code, number in numbers.items() for _ in range(number)]
    rows = "\n".join(f"{place} | 02-01 | {code}" for place, code in enumerate(codes))
    return whole(register(contacts=f"nr | date | channel\n{rows}"))


def limits_beside_top(**numbers: int) -> dict[str, Range]:
    """The limits of counts of channels beside the largest of them."""
    contacts = channels(**numbers)
    _, figures = count_series("by", contacts, "channel")
    ledger = ledger_with([*figures, top("top", contacts, "channel")])
    block = only_block(read_cells(ledger, contacts.register, (), 3))
    return {cell.id.removeprefix("by."): cell.limits for cell in block.cells if not cell.derived}


def test_no_count_is_larger_than_the_largest_one() -> None:
    """Nor as large: of a draw the ranking says so, and of what is missing too."""
    limits = limits_beside_top(email=10, phone=4, unknown=6)
    assert (limits["phone"], limits["email"], limits["unknown"]) == ((0, 9), ANY, (0, 9))


def test_a_count_that_draws_with_the_largest_one_is_as_large() -> None:
    """The ranking names it: it isn't smaller."""
    assert limits_beside_top(phone=10, email=10, chat=4)["email"] == ANY


def test_more_is_missing_than_the_largest_count() -> None:
    """The ranking says that it was made without what is missing: of that there is no less."""
    limits = limits_beside_top(phone=10, email=4, unknown=30)
    assert (limits["unknown"], limits["email"]) == ((10, float("inf")), (0, 9))


def test_a_draw_needs_each_of_its_counts() -> None:
    """It says that they are equal, so that one gives the other away."""
    contacts = channels(phone=10, email=10, chat=4)
    ledger = ledger_with([top("top", contacts, "channel")])
    needs = read_cells(ledger, contacts.register, (), 3).needs["top"]
    codes = [name.partition("channel=")[2].partition(" ")[0] for name in needs]
    assert codes == ["", "phone", "email"]


@pytest.mark.parametrize("of", [14, 20])
def test_a_ranking_that_tells_a_sum_needs_all_its_counts(of: int) -> None:
    """Where a row has several codes or none, the sum of all counts is a number of its own."""
    contacts = channels(phone=10, email=4)
    figure = top("top", contacts, "channel").model_copy(update={"denominator": of})
    read = read_cells(ledger_with([figure]), contacts.register, (), 3)
    codes = [name.partition("channel=")[2].partition(" ")[0] for name in read.needs["top"]]
    assert codes == ["", "phone"] if of == 14 else ["", "phone", "email", "chat", "fax", "unknown"]


def test_codes_that_rows_alone_say_are_not_counted(year: Register) -> None:
    """That a code of an open list stands there would say that there is somebody."""
    opened = year.codelists["channel"].model_copy(update={"open": True})
    calls = replace(year, codelists={**year.codelists, "channel": opened})
    count_series("by", whole(calls), "channel")
    with pytest.raises(PopulationError, match="take 'open' out of it"):
        count_series("by", whole(with_threshold(calls)), "channel")


@pytest.mark.parametrize("table", ["traffic", "calendar", "files"])
def test_what_was_published_of_no_people(table: str) -> None:
    """What an earlier edition said of visits, days or files is no cell, and limits nothing."""
    now = whole(register(contacts=CONTACTS))
    known = [PublishedRange(now.spec.model_copy(update={"table": table}), 1, 1)]
    read = read_cells(ledger_with([count("total", now)]), now.register, known, 1)
    assert [cell.id for cell in only_block(read).cells] == ["total"]


def test_a_largest_count_of_a_year_whose_rows_are_gone() -> None:
    """What was published of its codes is no cell, and limits nothing."""
    before = whole(register(2016, contacts=CONTACTS))
    now = register(contacts=CONTACTS, previous=register(2016))
    figures = [top("top", before, "channel"), count("total", whole(now))]
    known = [PublishedRange(before.where(channel="email").spec, 1, 1)]
    read = read_cells(ledger_with(figures), now, known, 1)
    assert [cell.id for cell in only_block(read).cells] == ["total"]
