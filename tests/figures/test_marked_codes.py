"""What is known, named or missing follows from the code list, in both counts."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.arguments import Wanted, known, missing, named, not_
from helpline_report.figures.measures import count, share
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.figures import drawn
from tests.figures.drawn import count_rows, refusal, register, whole
from tests.second_count.drawn_tables import find_differences

CONTACTS = """
nr | date  | hour | channel | role
a  | 01-02 | 9    | phone   | victim
b  | 01-03 |      | unknown | parent
c  | 01-03 | 14   | post    | victim
d  | 03-06 | 23   | refused | victim
e  | 03-07 | 12   | other   | parent
"""
PERSONS = """
nr | contact | form             | age
1  | a       | physical+sexual  | 4
2  | a       | physical+unknown |
3  | b       | unknown          | 40
4  | d       | refused+unknown  | 30
5  | e       | stalking         |
"""


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> Register:
    """A year whose lists have two codes that are missing, and a code that nobody expected."""
    drawing = drawn.CODES.replace(
        ":2016-12-31 unknown!", ":2016-12-31 post other unknown! refused!"
    )
    drawing = drawing.replace("sexual emotional", "sexual emotional stalking unknown! refused!")
    monkeypatch.setattr(drawn, "CODES", drawing)
    of = register(contacts=CONTACTS, persons=PERSONS)
    channels = of.codelists["channel"]
    codes = [code.model_copy(update={"rest": code.code == "other"}) for code in channels.codes]
    lists = {**of.codelists, "channel": channels.model_copy(update={"codes": codes})}
    return replace(of, codelists=lists)


def terms(population: Population) -> tuple[bool, tuple[str, ...]]:
    """Whether a population's condition is negated, and what stands in it."""
    (condition,) = population.spec.conditions
    return condition.negated, condition.terms


CHANNELS = ("phone", "email", "chat", "fax", "post", "other")
Written = tuple[bool, tuple[str, ...]]
BY_EYE: list[tuple[tuple[str, str], Wanted, int, Written]] = [
    (("contacts", "channel"), known, 3, (False, CHANNELS)),
    (("contacts", "channel"), named, 2, (False, CHANNELS[:-1])),
    (("contacts", "channel"), missing, 2, (False, ("unknown", "refused"))),
    (("contacts", "channel"), not_(missing), 3, (True, ("unknown", "refused"))),
    (("contacts", "channel"), not_(named), 3, (True, CHANNELS[:-1])),
    # A person of whom one form is known and another isn't: known, and not without what's missing.
    (("persons", "form"), known, 3, (False, ("physical", "sexual", "emotional", "stalking"))),
    (("persons", "form"), not_(missing), 2, (True, ("unknown", "refused"))),
    (("persons", "form"), missing, 3, (False, ("unknown", "refused"))),
    # Fields that are worked out have no list: theirs is `unknown`.
    (("persons", "age_class"), known, 3, (False, ("minor", "adult", "older"))),
    (("persons", "age_class"), not_(missing), 3, (True, ("unknown",))),
    (("contacts", "hour"), not_(missing), 4, (True, ("unknown",))),
    # Nothing is missing from a list without such a code.
    (("contacts", "role"), not_(missing), 5, (False, ("victim", "parent", "perpetrator"))),
]


@pytest.mark.parametrize(("of", "wanted", "rows", "written"), BY_EYE)
def test_rows_are_those_of_the_list(
    year: Register, of: tuple[str, str], wanted: Wanted, rows: int, written: Written
) -> None:
    """As counted by eye, by the chapters and by SQL, and the condition says which codes."""
    noun, field = of
    population = whole(year, noun).where(**{field: wanted})
    assert count_rows(population) == rows
    assert terms(population) == written
    figures = [
        count("of_them", population),
        share("share", population, of=whole(year, noun)),
    ]
    assert find_differences(year, *figures) == ()


def test_what_an_open_list_does_not_know_is_refused(year: Register) -> None:
    """Its missing codes can be named, its known ones can't."""
    traffic = "measure | when | value | referrer\nusers | year | 9 | unknown"
    users = whole(register(traffic=traffic), "users")
    assert terms(users.where(referrer=missing)) == (False, ("unknown",))
    for wanted in (known, named, not_(missing)):
        assert "the list of 'referrer' is open" in refusal(users.where, referrer=wanted)
    assert "names no code" in refusal(whole(year).where, role=missing)


def test_a_new_code_is_known_at_once(year: Register) -> None:
    """The share of each known code is one of all that are known: they are a whole."""
    of_known = whole(year).where(channel=known)

    def shares(codes: Iterable[str]) -> float:
        parts = (whole(year).where(channel=code) for code in codes)
        return sum(float(share("x", part, of=of_known).value or 0) for part in parts)

    assert shares(CHANNELS) == pytest.approx(100)
    with pytest.raises(PopulationError):
        share("x", whole(year).where(channel="unknown"), of=of_known)
