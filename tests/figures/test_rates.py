"""Changes, ratios of rates and campaigns, with their intervals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from helpline_report.errors import PopulationError
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.rates import (
    change,
    dispersion,
    effects,
    rate_ratio,
    supports_rise,
)
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.drawn import NAME, a_break, register, whole

OPEN = [f"{day:%m-%d}" for day in pd.bdate_range("2017-01-02", "2017-12-28")]


def contacts_of(number: int, *among: str) -> str:
    """Contacts spread evenly over some days, or over all that were open in both years."""
    open_days = among or OPEN
    days = [open_days[nr * len(open_days) // number] for nr in range(number)]
    return "\n".join(["nr | date", *(f"{nr} | {each}" for nr, each in enumerate(days))])


def two_years(now: int, then: int) -> Population:
    before = register(2016, contacts=contacts_of(then))
    return whole(register(contacts=contacts_of(now), previous=before))


def test_a_change_is_in_percent() -> None:
    """From 40 to 50 is 25 %, with the exact interval around 0."""
    now = two_years(50, 40)
    figure = change("x", now)
    assert (figure.value, figure.numerator, figure.denominator) == (25.0, 50, 40)
    assert figure.interval is not None
    assert (figure.interval.method, figure.interval.none) == ("exact_conditional", 0)
    assert figure.interval.includes_none


def test_a_leap_year_is_as_long_as_another() -> None:
    """366 days against 365 may be a change in percent."""
    assert change("x", two_years(1, 1)).value == 0


def test_a_change_from_nothing_says_so() -> None:
    """There is no percentage of 0."""
    now = two_years(3, 0)
    assert change("x", now).reason == Reason(code="zero_denominator")


def test_a_change_without_a_comparison_says_so() -> None:
    """No year before, no change, and no notes of breaks."""
    alone = whole(register(contacts=contacts_of(3)))
    figure = change("x", alone)
    assert (figure.reason, figure.breaks) == (Reason(code="no_comparison"), ())


def test_62_in_a_year_against_24_in_half_a_year_is_no_rise() -> None:
    """1.30, from 0.80 to 2.18: the numbers don't support one."""
    half = [day for day in OPEN if day >= "07"]
    before = register(2016, contacts=contacts_of(24, *half))
    now = whole(register(contacts=contacts_of(62), previous=before))
    then = now.previous().during(dt.date(2016, 7, 1), dt.date(2016, 12, 31))
    ratio = rate_ratio("x", now, then, exposure="calendar_day")
    assert ratio.interval is not None
    assert ratio.exposure is not None
    assert (ratio.exposure.of, ratio.exposure.against) == (365, 184)
    numbers = (ratio.number, ratio.interval.low, ratio.interval.high)
    assert [round(number, 2) for number in numbers] == [1.30, 0.80, 2.18]
    assert supports_rise("y", ratio).value == 0


def test_a_clear_rise_is_supported() -> None:
    """200 against 100 in equal years."""
    now = two_years(200, 100)
    ratio = rate_ratio("x", now, now.previous(), exposure="open_day")
    flag = supports_rise("y", ratio)
    assert (flag.id, flag.kind, flag.value, flag.of) == ("y", "flag", 1, ratio.of)


def test_what_cant_be_computed_supports_nothing() -> None:
    """The flag is unavailable, for the ratio's reason."""
    now = two_years(3, 0)
    flag = supports_rise("y", rate_ratio("x", now, now.previous(), exposure="open_day"))
    assert (flag.value, flag.reason) == (None, Reason(code="zero_denominator"))


def test_only_a_ratio_supports_a_rise() -> None:
    """A change in percent has another 'no difference'."""
    now = two_years(2, 1)
    with pytest.raises(PopulationError) as error:
        supports_rise("y", change("x", now))
    assert str(error.value) == (
        "'y': 'x' is no ratio of rates\n  → make one: chapter.rate_ratio(…, exposure='open_day')"
    )


def test_a_window_without_days_says_so() -> None:
    """The days around a campaign of the whole year are none."""
    year = whole(register(contacts=contacts_of(3)))
    window = year.spec.period
    around = year.during(window.start, window.end, without=window)
    figure = rate_ratio("x", year, around, exposure="calendar_day")
    assert figure.reason == Reason(code="no_window")


def test_a_weekend_has_no_open_days() -> None:
    """A rate per open day of a Saturday isn't there."""
    year = whole(register(contacts=contacts_of(3)))
    saturday = year.during(dt.date(2017, 8, 5), dt.date(2017, 8, 5))
    figure = rate_ratio("x", year, saturday, exposure="open_day")
    assert figure.reason == Reason(code="no_window")


def test_none_in_the_first_of_two_windows_is_a_ratio_of_zero() -> None:
    """With an interval that begins at 0."""
    year = whole(register(contacts=contacts_of(9, "09-15")))
    spring = year.during(dt.date(2017, 3, 1), dt.date(2017, 3, 31))
    autumn = year.during(dt.date(2017, 9, 1), dt.date(2017, 9, 30))
    figure = rate_ratio("x", spring, autumn, exposure="calendar_day")
    assert figure.interval is not None
    assert (figure.value, figure.interval.low) == (0, 0)


FAMILIES = "contact | problem\n" + "\n".join(
    f"{nr} | child_abuse" for nr in range(40) for _ in range(1 + nr % 3)
)


@pytest.mark.parametrize(
    ("days", "method"),
    [((), "log_normal_clustered"), (("09-15",), "exact_conditional")],
    ids=["of even days families are wider", "of one wave of contacts the wave is wider"],
)
def test_a_ratio_of_persons_has_the_wider_interval(days: tuple[str, ...], method: str) -> None:
    """Of clustering by contact and of days that vary; φ stands with either."""
    rows = {"contacts": contacts_of(40, *days), "persons": FAMILIES}
    persons = whole(register(**rows, previous=register(2016, **rows)), "persons")
    interval = rate_ratio("x", persons, persons.previous(), exposure="open_day").interval
    assert interval is not None
    assert (interval.method, interval.dispersion) == (method, dispersion(persons))


def test_a_wave_of_contacts_widens_the_interval() -> None:
    """φ is of the days of the whole table, where a part of it is compared too."""
    even, wave = contacts_of(40), contacts_of(40, "09-15")
    rows = [even, wave, wave.replace("09-15", "09-15 | phone").replace("date", "date | channel")]
    intervals = []
    for drawn in rows:
        contacts = whole(register(contacts=drawn, previous=register(2016, contacts=drawn)))
        part = contacts.where(channel="phone") if drawn is rows[2] else contacts
        interval = rate_ratio("x", part, part.previous(), exposure="open_day").interval
        assert interval is not None
        intervals.append(interval)
    assert intervals[0].dispersion == 1
    assert intervals[0].high < intervals[1].high
    assert intervals[1] == intervals[2]


def test_contacts_against_persons_is_no_ratio(year: Register) -> None:
    """Two nouns, no comparison."""
    with pytest.raises(PopulationError) as error:
        rate_ratio("x", whole(year), whole(year, "persons"), exposure="open_day")
    assert str(error.value) == "'x': contacts against persons is no ratio of rates"


def test_users_have_no_interval() -> None:
    """The service that estimated them says no error."""
    traffic = "measure | when | value\nusers | year | {}"
    before = register(2016, traffic=traffic.format(20))
    users = whole(register(traffic=traffic.format(30), previous=before), "users")
    figure = change("x", users)
    assert (figure.value, figure.interval) == (50.0, None)


def test_days_left_out_shorten_the_exposure() -> None:
    """A month less a week is 21 days of February."""
    year = whole(register(contacts=contacts_of(3)))
    week = Period(start=dt.date(2017, 2, 8), end=dt.date(2017, 2, 14))
    around = year.during(dt.date(2017, 2, 1), dt.date(2017, 2, 28), without=week)
    figure = rate_ratio("x", year, around, exposure="calendar_day")
    assert figure.exposure is not None
    assert figure.exposure.against == 21


CONTACTS = """
nr | date
a  | 05-31
b  | 06-01
c  | 06-15
d  | 06-30
e  | 07-03
f  | 12-01
"""
PERSONS = """
contact | age | problem
b       | 80  | child_abuse
c       | 20  | partner_violence
e       | 70  | child_abuse
"""


def declared(**more: Any) -> list[dict[str, Any]]:
    texts = {"name": NAME, "goal": NAME, "means": NAME}
    days = {"start": "2017-06-01", "end": "2017-06-30", "around_days": 10}
    return [{"id": "june", **texts, **days, **more}]


def target(**codes: list[str]) -> dict[str, Any]:
    return {"name": NAME, "persons": codes}


def found(given: Register) -> tuple[CampaignEffects, dict[str, Figure]]:
    made, figures = effects("m", whole(given), given.edition.campaigns[0])
    return made, {figure.id: figure for figure in figures}


def test_a_window_stands_beside_the_days_before_and_after_it() -> None:
    """Three contacts in the 22 open days of June, one in the 8 before it, one in the 6 after."""
    _, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    sides = [figures["m.june.before"], figures["m.june.after"]]
    assert [(each.numerator, each.denominator) for each in sides] == [(3, 1), (3, 1)]
    assert [each.exposure and each.exposure.against for each in sides] == [8, 6]
    assert [each.of and str(each.of.period.start) for each in sides] == ["2017-05-22", "2017-07-01"]


@pytest.mark.parametrize(
    ("start", "end", "absent"),
    [("2017-12-11", "2017-12-31", "after"), ("2017-01-01", "2017-01-20", "before")],
)
def test_a_window_at_an_end_of_the_year(start: str, end: str, absent: str) -> None:
    """Has days on one side alone."""
    _, figures = found(register(contacts=CONTACTS, campaigns=declared(start=start, end=end)))
    reasons = {side: figures[f"m.june.{side}"].reason for side in ("before", "after")}
    assert reasons[absent] == Reason(code="no_window")


def test_the_year_before_is_the_same_window_in_proportion_to_its_year() -> None:
    """A year that is twice as busy on all days has no busier June."""
    calm = register(2016, contacts=contacts_of(100))
    busy = register(contacts=contacts_of(200), campaigns=declared(), previous=calm)
    _, figures = found(busy)
    relative = figures["m.june.relative"]
    assert relative.of is not None
    assert (str(relative.of.period.start), str(relative.of.period.end)) == (
        "2016-06-01",
        "2016-06-30",
    )
    assert relative.value == pytest.approx(1, abs=0.1)
    assert relative.exposure is not None
    assert relative.exposure.unit == "rest_of_year"
    rest = 200 - relative.numerator if relative.numerator else 0
    assert relative.exposure.of == pytest.approx(rest * 22 / 238)
    assert relative.interval is not None
    assert relative.interval.method == "log_normal"
    assert relative.interval.includes_none


def test_without_a_year_before_there_is_no_comparison() -> None:
    """Told in the figure, and in no error."""
    _, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    assert figures["m.june.relative"].reason == Reason(code="no_comparison")


def test_the_target_group_is_counted_too() -> None:
    """One contact about somebody who is older, in June; one in the days after it."""
    campaigns = declared(target=target(age_class=["older"]))
    made, figures = found(register(contacts=CONTACTS, persons=PERSONS, campaigns=campaigns))
    assert made.target == "m.june.target.contacts"
    assert figures["m.june.target.contacts"].value == 1
    assert figures["m.june.target.after"].denominator == 1


def test_without_a_target_group_there_is_none() -> None:
    """And no figures of it."""
    made, figures = found(register(contacts=CONTACTS, campaigns=declared()))
    assert (made.target, made.target_before, made.target_relative) == (None, None, None)
    assert len(figures) == 4


def test_a_comparison_across_a_break_names_the_break() -> None:
    """The problem is registered otherwise since 2017: the target group can't be compared."""
    split = a_break(
        "problems",
        "split",
        "2017-01-01",
        field="problem",
        old="elder_abuse",
        new=["child_abuse", "partner_violence"],
    )
    given = register(
        contacts=CONTACTS,
        persons=PERSONS,
        campaigns=declared(target=target(problem=["child_abuse"])),
        previous=register(2016, contacts=CONTACTS, persons=PERSONS),
        breaks=[split],
    )
    _, figures = found(given)
    reason = Reason(code="break", about="problems")
    assert figures["m.june.target.relative"].reason == reason
    assert figures["m.june.relative"].value is not None


def test_a_target_group_that_isnt_there_is_refused() -> None:
    """With the campaign's name."""
    campaigns = declared(target=target(age_class=["oldr"]))
    with pytest.raises(PopulationError) as error:
        found(register(contacts=CONTACTS, persons=PERSONS, campaigns=campaigns))
    assert str(error.value) == (
        "the target group of campaign 'june': "
        "the field 'age_class' has no code 'oldr', did you mean 'older'?"
    )
