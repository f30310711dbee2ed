"""What a change must be about follows from the parameters, and not from the first count."""

from __future__ import annotations

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.rates import change
from helpline_report.figures.register import Register
from helpline_report.second_count.comparisons import describe_comparisons
from tests.figures.conftest import PERSONS, PERSONS_BEFORE
from tests.figures.drawn import a_break, register, whole

SPLIT = a_break(
    "split", "split", "2017-01-01", field="context", old="sport_leisure", new=["sport", "leisure"]
)
CONTACTS = """
nr | date
a  | 01-02
b  | 03-01
c  | 09-01
d  | 12-30
e  | 12-31
"""


@pytest.fixture
def split() -> Register:
    """Two years, between which a context was split in two."""
    before = register(2016, contacts=CONTACTS, persons=PERSONS_BEFORE)
    return register(
        contacts=CONTACTS, persons=PERSONS, previous=before, comparison="2016", breaks=[SPLIT]
    )


@pytest.mark.parametrize(
    ("conditions", "given", "other"),
    [
        ({"context": ["sport", "leisure"]}, ("sport_leisure",), ("family",)),
        ({"date": "2017-12-30"}, ("2016-12-30",), ("2016-12-31",)),
    ],
)
def test_the_conditions_of_the_year_before(
    split: Register, conditions: dict[str, object], given: tuple[str, ...], other: tuple[str, ...]
) -> None:
    """A split code and a day are known from the parameters: another one in their place differs."""
    population = whole(split, "persons").where(**conditions)  # type: ignore[arg-type]
    figure = change("x", population, bridge=["split"])
    assert figure.of is not None
    assert figure.of.conditions[0].given == given
    assert split.previous is not None
    editions = [split.edition, split.previous.edition]
    (right,) = describe_comparisons(Ledger(edition="2017", figures={"x": figure}), editions)
    assert right[1] == right[2]
    wrong = figure.of.conditions[0].model_copy(update={"given": other})
    of = figure.of.model_copy(update={"conditions": (wrong,)})
    ledger = Ledger(edition="2017", figures={"x": figure.model_copy(update={"of": of})})
    ((_, first, second),) = describe_comparisons(ledger, editions)
    assert first != second
