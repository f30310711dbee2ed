"""Rows by the contact on which they hang, and the sums that an interval asks of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import PopulationError
from helpline_report.figures.counting import Clusters, clusters, clusters_by
from helpline_report.figures.register import Register
from tests.figures.drawn import register, whole

Pair = tuple[int, int]
drawn_sizes = st.lists(
    st.integers(0, 5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=60
)


def test_each_row_hangs_on_a_contact(year: Register) -> None:
    """Contact a holds two persons, c none; its first person holds two follow-ups."""
    assert clusters(whole(year, "persons")).contacts.tolist() == [0, 0, 1, 3, 4]
    assert clusters(whole(year, "followups")).contacts.tolist() == [0, 0, 1, 3]


def test_contacts_stand_in_order() -> None:
    """Whatever the order of the persons in their export."""
    mixed = register(
        contacts="nr | date\na | 01-02\nb | 01-03", persons="contact | age\nb | 4\na | 5\nb | 6"
    )
    assert clusters(whole(mixed, "persons")).contacts.tolist() == [0, 1, 1]


@pytest.mark.parametrize("field", ["problem", "form", "age_class", "channel"])
def test_by_code_they_are_those_of_each_code(year: Register, field: str) -> None:
    """Counted in one go, and the same as code by code."""
    persons = whole(year, "persons")
    for code, found in clusters_by(persons, field):
        part = clusters(persons.where(**{field: code}))
        assert found.contacts.tolist() == part.contacts.tolist()


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
