"""Public holidays and closing days, moved from one year to another."""

import datetime as dt

import pytest

from helpline_report.parameters.edition import Calendar
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Period
from helpline_report.setup.closing_days import move_period, propose_days

OLD, NEW = (Period(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31)) for year in (2008, 2009))


def closed(*days: tuple[str, str]) -> Calendar:
    listed = [{"date": date, "reason": {"nl": name, "en": name}} for date, name in days]
    return Calendar.model_validate({"working_days": [1, 2, 3, 4, 5], "closed": listed})


def test_the_closing_days_of_2017_come_from_those_of_2016(project: Project) -> None:
    """With the holidays that fell on a Sunday in 2016, not with one on which it was open."""
    old, new = project.edition("2016"), project.edition("2017")
    days = propose_days(old.calendar, old=old.period, new=new.period, public=True)
    asked = {item.date: item.reason.nl for item in days}
    assert asked == {item.date: item.reason.nl for item in new.calendar.closed}


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        # In 2008 Ascension fell on 1 May: the name tells which of the two is meant.
        ([("2008-05-01", "Hemelvaart")], ["2009-05-21 Hemelvaart"]),
        ([("2008-05-01", "Dag van de Arbeid")], ["2009-05-01 Dag van de Arbeid"]),
        # A list that moves onto itself has no day twice.
        (
            [("2008-12-25", "Kerstmis"), ("2008-12-24", "x")],
            ["2009-12-24 x", "2009-12-25 Kerstmis"],
        ),
    ],
)
def test_closing_days_move_by_what_they_are(days: list[tuple[str, str]], moved: list[str]) -> None:
    """Feasts by the calendar, other days by their date."""
    proposed = propose_days(closed(*days), old=OLD, new=NEW, public=False)
    assert [f"{item.date} {item.reason.nl}" for item in proposed] == moved


def test_a_day_without_opening_is_left_out() -> None:
    """The helpline needn't close on 15 August 2009, which was a Saturday."""
    calendar = closed(("2008-08-15", "Onze-Lieve-Vrouw-Hemelvaart"))
    assert propose_days(calendar, old=OLD, new=NEW, public=False) == []


def test_a_day_that_is_no_feast_is_asked_for_in_words_of_its_own() -> None:
    """A bridge day moves with nothing."""
    calendar = closed(("2008-05-05", "brugdag"))
    (item,) = propose_days(calendar, old=OLD, new=NEW, public=False)
    assert item.question == (
        "brugdag, a Tuesday; 2008-05-05 was no holiday. Closed again, and on which day? Else "
        "delete the line"
    )


def test_a_period_that_ends_with_february_still_does() -> None:
    """The new period ends on the last day of February, in leap years too."""
    period = Period(start=dt.date(2015, 3, 1), end=dt.date(2016, 2, 29))
    assert move_period(period, 1) == Period(start=dt.date(2016, 3, 1), end=dt.date(2017, 2, 28))
    assert move_period(move_period(period, 1), 3).end == dt.date(2020, 2, 29)
