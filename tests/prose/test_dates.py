from __future__ import annotations

import datetime as dt

import pytest

from helpline_report.parameters.edition import AgeClass
from helpline_report.parameters.values import Period
from helpline_report.prose import dates
from helpline_report.prose.numbers import Idiom

NL, EN = Idiom("nl", "nl_BE"), Idiom("en", "en_GB")


def period(start: str, end: str) -> Period:
    return Period.model_validate({"start": start, "end": end})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (dates.date(NL, dt.date(2012, 3, 12)), "12 maart 2012"),
        (dates.date(EN, dt.date(2012, 3, 2)), "2 March 2012"),
        (dates.month(NL, 6), "juni"),
        (dates.weekday(NL, 1), "maandag"),
        (dates.weekday(NL, 7), "zondag"),
    ],
)
def test_days_and_months(written: str, expected: str) -> None:
    """The day first, without a zero; a Dutch month is no name; Monday is the first weekday."""
    assert written == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2017-01-01", "2017-12-31", "2017"),
        ("2017-06-01", "2017-06-30", "juni 2017"),
        ("2017-06-02", "2017-06-02", "2 juni 2017"),
        ("2016-07-01", "2016-12-31", "van 1 juli tot en met 31 december 2016"),
        ("2016-07-01", "2017-06-30", "van 1 juli 2016 tot en met 30 juni 2017"),
        ("2017-06-02", "2017-06-30", "van 2 tot en met 30 juni 2017"),
    ],
)
def test_a_period_says_no_more_than_it_must(start: str, end: str, expected: str) -> None:
    """What both ends share is said once, and a year, a month or a day by its name."""
    assert dates.period_words(NL, period(start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2017-01-01", "2017-12-31", "in 2017"),
        ("2017-06-02", "2017-06-02", "op 2 juni 2017"),
        ("2016-07-01", "2016-12-31", "van 1 juli tot en met 31 december 2016"),
    ],
)
def test_when_something_was(start: str, end: str, expected: str) -> None:
    """The preposition is the period's."""
    assert dates.within(NL, period(start, end)) == expected


def test_a_period_that_has_no_name_becomes_a_noun() -> None:
    """So that 'In {{ period }}' reads well in any edition."""
    made = dates.period_noun(NL, period("2016-07-01", "2016-12-31"))
    assert made == "de periode van 1 juli tot en met 31 december 2016"


def test_the_year_of_a_period_of_two_years() -> None:
    """A period that runs over New Year names both."""
    assert dates.year(period("2016-07-01", "2017-06-30")) == "2016–2017"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (13, 17, "van 13 tot en met 17 jaar"),
        (0, 12, "tot en met 12 jaar"),
        (18, None, "vanaf 18 jaar"),
        (12, 12, "van 12 jaar"),
    ],
)
def test_classes_of_ages(start: int, end: int | None, expected: str) -> None:
    """Both ends are counted, and words say so."""
    made = {"code": "a", "from": start, "to": end, "label": {"nl": "a", "en": "a"}}
    assert dates.ages(NL, AgeClass.model_validate(made)) == expected
