"""What a comparison must be about follows from the parameters, and not from the first count."""

from collections.abc import Callable
from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change, rate_ratio
from helpline_report.figures.register import Register
from helpline_report.second_count.differences import describe_comparisons
from tests.figures.conftest import PERSONS, PERSONS_BEFORE
from tests.figures.drawn import a_break, register, whole
from tests.present import present

SPLIT = a_break(
    "split", "split", "2017-01-01", field="context", old="sport_leisure", new=["sport", "leisure"]
)
STARTS = a_break("starts", "starts", "2016-07-01", field="role")
CONTACTS = """
nr | date  | channel | role
a  | 01-02 | phone   | victim
b  | 03-01 | email   | victim
c  | 09-01 | email   | parent
d  | 12-30 | phone   | parent
e  | 12-31 | chat    | victim
"""


@pytest.fixture
def year() -> Register:
    """Two years, between which a context was split in two, and a field began to be registered."""
    before = register(2016, contacts=CONTACTS, persons=PERSONS_BEFORE)
    return register(
        contacts=CONTACTS,
        persons=PERSONS,
        previous=before,
        comparison="2016",
        breaks=[SPLIT, STARTS],
    )


def compared_by_change(population: Population, *bridge: str) -> dict[str, Figure]:
    return {"x": change("x", population, bridge=bridge)}


def compared_by_ratio(population: Population, *bridge: str) -> dict[str, Figure]:
    before = population.previous(*bridge)
    return {"x": rate_ratio("x", population, before, exposure="calendar_day")}


def beside_last_year(population: Population, *bridge: str) -> dict[str, Figure]:
    """A count, and the one that is called as it but for the year."""
    now = count("x", population)
    return {"x": now, "x.previous": count("x.previous", population.previous(*bridge))}


Compare = Callable[..., dict[str, Figure]]
CONDITIONS: dict[str, tuple[str, dict[str, object], str]] = {
    "a split code": ("persons", {"context": ["sport", "leisure"]}, "family"),
    "a day": ("persons", {"date": "2017-12-30"}, "2016-12-31"),
    "a month": ("contacts", {"month": ["01", "03"]}, "02"),
    "a group of codes": ("contacts", {"channel": "written"}, "email"),
}


@pytest.mark.parametrize("compare", [compared_by_change, compared_by_ratio, beside_last_year])
@pytest.mark.parametrize(("table", "conditions", "other"), CONDITIONS.values(), ids=CONDITIONS)
def test_the_conditions_of_the_year_before(
    year: Register, compare: Compare, table: str, conditions: dict[str, Any], other: str
) -> None:
    """They are known from the parameters: another code or day in their place differs."""
    population = whole(year, table).where(**conditions)
    bridge = ["split"] if "context" in conditions else []
    assert differing(year, compare(population, *bridge), (other,)) == (0, 1)


@pytest.mark.parametrize("compare", [compared_by_ratio, beside_last_year])
def test_the_days_since_a_field_is_registered(year: Register, compare: Compare) -> None:
    """The year before begins with the day from which it is."""
    population = whole(year).where(role="victim")
    figures = compare(population, "starts")
    assert differing(year, figures, ("victim",)) == (0, 0)
    assert differing(year, compare(whole(year)), ()) == (0, 0)
    days = present(year.previous).edition.period
    assert differing(year, figures, ("victim",), period=days) == (0, 1)


def differing(
    year: Register, figures: dict[str, Figure], codes: tuple[str, ...], **changes: object
) -> tuple[int, int]:
    """How many comparisons aren't what they must be, as they are and with other codes or days."""
    editions = [year.edition, present(year.previous).edition]

    def wrong(spec: PopulationSpec) -> PopulationSpec:
        conditions = tuple(c.model_copy(update={"terms": codes}) for c in spec.conditions)
        return spec.model_copy(update={"conditions": conditions, **changes})

    *_, (name, figure) = figures.items()
    part = "of" if figure.of else "population"
    planted = figure.model_copy(update={part: wrong(getattr(figure, part))})
    numbers = []
    for each in (figures, {**figures, name: planted}):
        ledger = Ledger(edition="2017", figures=each)
        described = describe_comparisons(ledger, editions, year.codelists)
        numbers.append(sum(own != must for _, own, must in described))
    return numbers[0], numbers[1]
