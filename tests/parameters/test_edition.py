"""What an edition's parameters may say."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from helpline_report.parameters.edition import (
    Break,
    Calendar,
    Edition,
    describe_parameters,
    is_private,
)
from helpline_report.parameters.values import Period
from tests.cases import read_cases
from tests.figures import drawn

CASES = read_cases(Path(__file__).with_name("cases.yaml"))

NAME = {"nl": "x", "en": "x"}
AGES = [{"code": "all", "from": 0, "label": NAME}]
CAMPAIGN = {"id": "c", "name": NAME, "goal": NAME, "means": NAME}
EVENT = {"id": "e", "name": NAME, "source": "x"}
REVISION: dict[str, Any] = {"id": "b", "kind": "revision", "date": "2017-01-01", "note": NAME}
REVISION |= {"tables": ["persons"]}
ANSWERABLE = {
    "name": NAME,
    "licence": "x",
    "responsible": "x",
    "email": "info@x.be",
    "accessibility": {"conformity": "partial", "prepared_on": "2018-01-01", "tested": NAME},
}
DECISION = {"threshold": 0, "decided_by": "x", "decided_on": "2018-01-01", "reason": NAME}


def edition(**changes: Any) -> Edition:
    return drawn.edition(2017, **{"age_classes": AGES, "person_ages": AGES, **changes})


def complaints(make: Callable[..., object] = edition, *values: object, **changes: Any) -> list[str]:
    with pytest.raises(ValidationError) as error:
        make(*values, **changes)
    return [item["msg"].removeprefix("Value error, ") for item in error.value.errors()]


def ages(*classes: tuple[str, int, int | None]) -> list[dict[str, Any]]:
    return [{"code": c, "from": low, "to": high, "label": NAME} for c, low, high in classes]


@pytest.mark.parametrize(("changes", "complaint"), CASES["editions"])
def test_what_cant_be_is_refused(changes: dict[str, Any], complaint: str) -> None:
    assert complaints(**changes) == [complaint]


@pytest.mark.parametrize(("changes", "complaint"), CASES["breaks"])
def test_a_break_says_what_it_breaks(changes: dict[str, Any], complaint: str) -> None:
    """A comparison must know whether it crosses it."""
    assert complaints(Break.model_validate, {**REVISION, **changes}) == [complaint]


def test_a_draft_of_confidential_rows_alone_is_not_published() -> None:
    """Other drafts are, and the gate refuses what is no draft."""
    confidential = edition(rows="confidential", draft=True, publisher=ANSWERABLE)
    assert not confidential.published
    assert edition(draft=True).published


def test_a_year_to_compare_with_tells_no_numbers_of_rows() -> None:
    """It needs no threshold of its own: the rows of one of the two are enough."""
    totals = [{"file": "contacts.csv", "rows": 3}]
    public = edition(rows="public", control_totals=totals)
    confidential = edition(rows="confidential", publisher=ANSWERABLE)
    small = edition(disclosure={**DECISION, "threshold": 5})
    for other, number in ((public, 3), (confidential, None), (small, None)):
        protected = is_private(public, other)
        whole = describe_parameters(public, protected=protected)
        assert whole["control_totals"][0]["rows"] == number


def test_an_edition_about_people_says_who_answers_for_it() -> None:
    """It also says how to reach them, and how far it is accessible."""
    assert complaints(rows="confidential") == [
        "publisher: the rows are confidential, and the publisher doesn't say 'responsible', "
        "'address' or 'email', 'accessibility': readers must know who answers for the edition, "
        "and how far it is accessible"
    ]


@pytest.mark.parametrize(
    ("key", "address"),
    [
        *(("email", each) for each in ("x@y", "<b>@x.be", "x@y.be?body=1", "javascript:x@y.be")),
        *(("url", each) for each in ("javascript:x", "www.x.be", 'https://x.be/"onclick')),
    ],
)
def test_an_address_is_nothing_else(key: str, address: str) -> None:
    """It stands in a link."""
    assert complaints(publisher={**ANSWERABLE, key: address})


def test_numbers_and_years_may_be_typed_without_quotes() -> None:
    """A telephone number is text all the same; a date stays a date."""
    typed = edition(edition=2017, facts={"phone": 1712, "since": dt.date(2012, 3, 12), "who": NAME})
    assert (typed.edition, typed.facts["phone"]) == ("2017", "1712")
    assert typed.facts["since"] == dt.date(2012, 3, 12)
    half = edition(period={"start": "2017-07-01", "end": "2017-12-31"})
    assert (typed.year, half.year) == ("2017", "2017-07-01 – 2017-12-31")


def test_the_first_of_the_languages_leads() -> None:
    """It has the folder, unless another one is said to; each of the others is inside, and once."""
    first, named = edition(languages=["en", "nl"]), edition(languages=["en", "nl"], language="nl")
    assert (first.language, first.translations) == ("en", ("nl",))
    assert (named.language, named.translations) == ("nl", ("en",))
    assert complaints(languages=["en", "en"]) == ["languages: the language 'en' twice"]


def test_open_days_are_working_days_less_closing_days() -> None:
    """The first week of May 2017: Labour Day was a Monday."""
    calendar = Calendar.model_validate(
        {"working_days": [1, 2, 3, 4, 5], "closed": [{"date": "2017-05-01", "reason": NAME}]}
    )
    week = Period(start=dt.date(2017, 5, 1), end=dt.date(2017, 5, 7))
    assert calendar.open_days(week) == 4
    assert not calendar.is_open(dt.date(2017, 5, 6))
    # A period holds both its ends.
    day = Period(start=dt.date(2016, 2, 29), end=dt.date(2016, 2, 29))
    assert (day.days, list(day.each_day())) == (1, [dt.date(2016, 2, 29)])
    assert day.holds(dt.date(2016, 2, 29))
    assert day.within(Period(start=dt.date(2016, 1, 1), end=dt.date(2016, 2, 29)))
