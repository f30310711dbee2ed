"""Public holidays and closing days, moved from one year to another."""

from __future__ import annotations

import datetime as dt

import pytest

from helpline_report.parameters.edition import Calendar
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Period
from helpline_report.setup.closing_days import easter, never_open, propose_days, same_period

YEARS = {
    year: Period(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31)) for year in (2008, 2009)
}


def closed(*days: tuple[str, str]) -> Calendar:
    given = [{"date": date, "reason": {"nl": name, "en": name}} for date, name in days]
    return Calendar.model_validate({"working_days": [1, 2, 3, 4, 5], "closed": given})


def moved(calendar: Calendar) -> list[str]:
    """The days of 2009 that are proposed for those of 2008."""
    days = propose_days(calendar, old=YEARS[2008], new=YEARS[2009], public=False)
    return [f"{item.date} {item.reason.nl}" for item in days]


@pytest.mark.parametrize(
    "day",
    [
        "1818-03-22",
        "1943-04-25",
        "1981-04-19",
        "2000-04-23",
        "2017-04-16",
        "2049-04-18",
        "2076-04-19",
    ],
)
def test_easter_falls_when_the_church_says(day: str) -> None:
    """The earliest and the latest day there are, the exceptions of the rule, and common years."""
    expected = dt.date.fromisoformat(day)
    assert easter(expected.year) == expected


def test_the_closing_days_of_2017_come_from_those_of_2016(project: Project) -> None:
    """All but the holidays that fell on a Sunday in 2016, which are asked for as well."""
    old, new = project.edition("2016"), project.edition("2017")
    days = propose_days(old.calendar, old=old.period, new=new.period, public=True)
    asked = {item.date: item.reason.nl for item in days if not item.open_before}
    assert asked == {item.date: item.reason.nl for item in new.calendar.closed}
    assert [item.reason.nl for item in days if item.open_before] == ["Pinkstermaandag"]


def test_of_two_feasts_on_a_day_the_name_tells_which() -> None:
    """In 2008 Ascension fell on 1 May."""
    assert moved(closed(("2008-05-01", "Hemelvaart"))) == ["2009-05-21 Hemelvaart"]
    assert moved(closed(("2008-05-01", "Dag van de Arbeid"))) == ["2009-05-01 Dag van de Arbeid"]


def test_two_closing_days_on_one_day_are_one() -> None:
    """A list that moves onto itself has no day twice."""
    days = closed(("2008-12-25", "Kerstmis"), ("2008-12-24", "x"))
    assert moved(days) == ["2009-12-24 x", "2009-12-25 Kerstmis"]


def test_a_day_that_is_no_feast_is_asked_for_in_words_of_its_own() -> None:
    """A bridge day moves with nothing."""
    (item,) = propose_days(
        closed(("2008-05-05", "brugdag")), old=YEARS[2008], new=YEARS[2009], public=False
    )
    assert item.question == (
        "brugdag, a Tuesday; 2008-05-05 was no holiday. Closed again, and on which day? Else "
        "delete the line"
    )


def test_a_closing_day_on_a_weekday_without_opening_is_none() -> None:
    """Its name is told all the same."""
    calendar = closed(
        ("2008-08-15", "Onze-Lieve-Vrouw-Hemelvaart"), ("2008-11-11", "Wapenstilstand")
    )
    assert moved(calendar) == ["2009-11-11 Wapenstilstand"]
    assert never_open(calendar, old=YEARS[2008], new=YEARS[2009]) == ["Onze-Lieve-Vrouw-Hemelvaart"]


def test_a_period_that_ends_with_february_still_does() -> None:
    """In a leap year and out of it."""
    period = Period(start=dt.date(2015, 3, 1), end=dt.date(2016, 2, 29))
    assert same_period(period, 1) == Period(start=dt.date(2016, 3, 1), end=dt.date(2017, 2, 28))
    assert same_period(same_period(period, 1), 3).end == dt.date(2020, 2, 29)
