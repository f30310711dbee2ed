"""Rows counted: by the codes of fields as columns of numbers, by several fields, and by contact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import PopulationError
from helpline_report.figures.counting import (
    Clusters,
    clusters,
    column,
    counts,
    cross_counts,
    mask,
    rows_above,
)
from helpline_report.figures.register import Register
from helpline_report.tables.dataset import Table
from tests.figures.drawn import register, whole


def table(given: Register, name: str) -> Table:
    found = given.table(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("month", ["01", "01", "01", "03", "08"]),
        ("weekday", ["1", "2", "2", "1", "6"]),
        ("date", ["2017-01-02", "2017-01-03", "2017-01-03", "2017-03-06", "2017-08-05"]),
        ("hour", ["09", "09", "14", "unknown", "23"]),
        ("channel", ["phone", "phone", "email", "phone", "chat"]),
    ],
)
def test_each_row_has_the_place_of_its_code(year: Register, field: str, codes: list[str]) -> None:
    """Of the fields that are worked out too."""
    made = column(year, table(year, "contacts"), field)
    assert [made.names[place] for place in made.codes] == codes


def test_ages_have_classes(year: Register) -> None:
    """4, 9, 40, no age, and 70."""
    made = column(year, table(year, "persons"), "age_class")
    classes = [made.names[place] for place in made.codes]
    assert classes == ["minor", "minor", "adult", "unknown", "older"]


def test_a_row_without_a_code_has_no_place(year: Register) -> None:
    """It stands before the first."""
    old = table(year, "contacts")
    blank = replace(
        old, frame=old.frame.assign(channel=old.frame["channel"].where([True] * 4 + [False]))
    )
    other = replace(year, dataset=replace(year.dataset, tables={"contacts": blank}))
    assert column(other, blank, "channel").codes.tolist() == [0, 0, 1, 0, -1]
    assert sum(counts(whole(other), "channel").values()) == 4
    assert sum(cross_counts(whole(other), ("helpline", "channel")).values()) == 4


def test_a_lower_row_has_the_code_of_the_row_above(year: Register) -> None:
    """Each follow-up that of its person's contact: a twice, then b and d."""
    followups = table(year, "followups")
    made = column(year, followups, "channel")
    assert [made.names[place] for place in made.codes] == ["phone"] * 4
    assert rows_above(year, followups, table(year, "contacts")).tolist() == [0, 0, 1, 3]


def test_a_column_is_made_once(year: Register) -> None:
    """For all figures of a register."""
    contacts = table(year, "contacts")
    assert column(year, contacts, "month") is column(year, contacts, "month")


def test_a_register_of_other_tables_makes_its_own(year: Register) -> None:
    """What was made of the old tables isn't taken for what the new ones hold."""
    assert column(year, table(year, "contacts"), "channel").codes.tolist() == [0, 0, 1, 0, 2]
    old = table(year, "contacts")
    backwards = replace(old, frame=old.frame.iloc[::-1].reset_index(drop=True))
    other = replace(year, dataset=replace(year.dataset, tables={"contacts": backwards}))
    assert column(other, backwards, "channel").codes.tolist() == [2, 0, 1, 0, 0]


def test_nobody_writes_to_a_column(year: Register) -> None:
    """It may be the table itself."""
    codes = column(year, table(year, "contacts"), "channel").codes
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 1


def test_a_column_takes_little_room(year: Register) -> None:
    """A byte a row, and two for days: there are millions of rows."""
    contacts = table(year, "contacts")
    assert {column(year, contacts, name).codes.dtype for name in ("month", "weekday")} == {
        np.dtype(np.int8)
    }
    assert column(year, contacts, "date").codes.dtype == np.int16


def test_a_field_with_several_codes_is_no_column(year: Register) -> None:
    """Which of them would it hold?"""
    with pytest.raises(PopulationError) as error:
        column(year, table(year, "persons"), "form")
    assert str(error.value) == "a row may have several codes of 'form': no single one a row"


CHANNELS = ("phone", "email", "chat")
Contact = tuple[int, str]
drawn_contacts = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(CHANNELS)), min_size=1, max_size=30
)


def of_contacts(rows: list[Contact]) -> Register:
    lines = [f"{place} | {month:02d}-15 | {code}" for place, (month, code) in enumerate(rows)]
    return register(contacts="\n".join(["nr | date | channel", *lines]))


def test_counts_stand_in_the_order_of_the_codes(year: Register) -> None:
    """Zeros included."""
    found = counts(whole(year), "channel")
    assert found == {"phone": 3, "email": 1, "chat": 1, "fax": 0, "unknown": 0}
    assert list(found) == ["phone", "email", "chat", "fax", "unknown"]


def test_monday_is_the_first_day(year: Register) -> None:
    """2 January 2017 was a Monday, 3 January a Tuesday, 5 August a Saturday."""
    found = counts(whole(year), "weekday")
    assert found == {"1": 2, "2": 2, "3": 0, "4": 0, "5": 0, "6": 1, "7": 0}


def test_an_hour_that_is_not_known_is_unknown(year: Register) -> None:
    """And no contact of midnight."""
    found = {code: number for code, number in counts(whole(year), "hour").items() if number}
    assert found == {"09": 2, "14": 1, "23": 1, "unknown": 1}


def test_a_row_counts_under_each_of_its_codes(year: Register) -> None:
    """Five persons, six forms."""
    found = counts(whole(year, "persons"), "form")
    assert found == {"physical": 3, "sexual": 2, "emotional": 1}


def test_persons_are_counted_by_the_month_of_their_contact(year: Register) -> None:
    """Two of contact a and one of contact b are in January."""
    found = counts(whole(year, "persons"), "month")
    assert {code: number for code, number in found.items() if number} == {
        "01": 3,
        "03": 1,
        "08": 1,
    }


def test_combinations_without_rows_are_left_out(year: Register) -> None:
    """By helpline and day: the north has one contact on each of three days."""
    found = cross_counts(whole(year), ("helpline", "month"))
    assert found == {("north", "01"): 2, ("south", "01"): 1, ("north", "03"): 1, ("south", "08"): 1}


def test_a_row_with_two_codes_is_in_two_combinations(year: Register) -> None:
    """The first person is abused in two ways."""
    found = cross_counts(whole(year, "persons"), ("problem", "form"))
    assert found == {
        ("child_abuse", "physical"): 2,
        ("child_abuse", "sexual"): 2,
        ("partner_violence", "emotional"): 1,
        ("partner_violence", "physical"): 1,
    }


def test_what_has_no_source_cant_be_counted() -> None:
    """Whoever counts asks first why it's absent."""
    with pytest.raises(PopulationError) as error:
        counts(whole(register(contacts="nr | date\na | 01-02"), "persons"), "problem")
    assert str(error.value) == "persons can't be counted: no source gives them"


@settings(deadline=None, max_examples=50)
@given(drawn_contacts, st.randoms())
def test_shuffled_rows_count_the_same(rows: list[Contact], random: np.random.Generator) -> None:
    """The order of an export says nothing."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    for field in ("channel", "month", "weekday"):
        one, other = of_contacts(rows), of_contacts(shuffled)
        assert counts(whole(one), field) == counts(whole(other), field)


@settings(deadline=None, max_examples=50)
@given(drawn_contacts)
def test_doubled_rows_count_double(rows: list[Contact]) -> None:
    """Every count is twice what it was."""
    one, two = (
        counts(whole(of_contacts(rows)), "month"),
        counts(whole(of_contacts(rows * 2)), "month"),
    )
    assert two == {code: 2 * number for code, number in one.items()}


@settings(deadline=None, max_examples=50)
@given(drawn_contacts)
def test_parts_add_up_to_the_whole(rows: list[Contact]) -> None:
    """A field with one code a row parts the rows."""
    contacts = whole(of_contacts(rows))
    parts = [int(mask(contacts.where(channel=code)).sum()) for code in CHANNELS]
    assert sum(parts) == len(rows) == sum(counts(contacts, "month").values())


Pair = tuple[int, int]
drawn_sizes = st.lists(
    st.integers(0, 5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=60
)


def test_each_row_hangs_on_a_contact(year: Register) -> None:
    """Contact a holds two persons, c none; its first person holds two follow-ups."""
    assert clusters(whole(year, "persons")).contacts.tolist() == [0, 0, 1, 3, 4]
    assert clusters(whole(year, "followups")).contacts.tolist() == [0, 0, 1, 3]


@settings(deadline=None, max_examples=100)
@given(drawn_sizes)
def test_the_sums_are_those_over_the_contacts(sizes: list[Pair]) -> None:
    """Of a part and a whole of so many rows a contact, some of which hold none."""
    parts, wholes = [part for part, _ in sizes], [whole for _, whole in sizes]
    part, whole_rows = (
        Clusters(np.repeat(np.arange(len(each), dtype=np.int32), each)) for each in (parts, wholes)
    )
    assert (part.rows, whole_rows.rows) == (sum(parts), sum(wholes))
    assert whole_rows.number == sum(number > 0 for number in wholes)
    assert part.squares == sum(number**2 for number in parts)
    assert part.products(whole_rows) == sum(one * other for one, other in sizes)


def test_persons_of_no_contacts_have_no_clusters() -> None:
    """A source may know persons alone."""
    alone = whole(register(persons="problem\nchild_abuse"), "persons")
    with pytest.raises(PopulationError, match=r"^no source gives contacts$"):
        clusters(alone)
