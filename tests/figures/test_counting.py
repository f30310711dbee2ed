"""Rows counted: by codes, by combinations of codes, and by contact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import PopulationError
from helpline_report.figures.counting import counts, cross_counts, mask
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole

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
