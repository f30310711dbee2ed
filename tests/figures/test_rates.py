"""Changes, ratios of rates and campaigns, with their intervals."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from helpline_report.figures import rates
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.model import Exposure, Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.rates import change, dispersion, rate_ratio, supports_rise
from helpline_report.figures.register import Register
from helpline_report.parameters.values import Period
from tests.figures.drawn import NAME, a_break, refusal, register, whole, without
from tests.present import present
from tests.second_count.drawn_tables import find_differences

OPEN = [f"{day:%m-%d}" for day in pd.bdate_range("2017-01-02", "2017-12-28")]
NO_WINDOW = Reason(code="no_window")


def contacts_of(number: int, *among: str) -> str:
    """Contacts spread evenly over some days, or over all that were open in both years."""
    open_days = among or OPEN
    days = [open_days[nr * len(open_days) // number] for nr in range(number)]
    return "\n".join(["nr | date", *(f"{nr} | {each}" for nr, each in enumerate(days))])


def two_years(now: int, then: int) -> Population:
    before = register(2016, contacts=contacts_of(then))
    return whole(register(contacts=contacts_of(now), previous=before))


def window(population: Population, start: str, end: str) -> Population:
    return population.during(*(dt.date.fromisoformat(f"2017-{day}") for day in (start, end)))


def test_a_change_is_in_percent() -> None:
    """With the exact interval around 0; a leap year is as long as another."""
    figure = change("x", two_years(50, 40))
    assert (figure.value, figure.numerator, figure.denominator) == (25.0, 50, 40)
    interval = present(figure.interval)
    assert (interval.method, interval.null_value) == ("exact_conditional", 0)
    assert interval.includes_null_value
    assert change("x", two_years(3, 0)).reason == Reason(code="zero_denominator")
    alone = change("x", whole(register(contacts=contacts_of(3))))
    assert (alone.reason, alone.breaks) == (Reason(code="no_comparison"), ())


def test_62_in_a_year_against_24_in_half_a_year_is_no_rise() -> None:
    """1.30, from 0.80 to 2.18: the numbers don't support one."""
    half = [day for day in OPEN if day >= "07"]
    before = register(2016, contacts=contacts_of(24, *half))
    now = whole(register(contacts=contacts_of(62), previous=before))
    then = now.previous().during(dt.date(2016, 7, 1), dt.date(2016, 12, 31))
    ratio = rate_ratio("x", now, then, exposure="calendar_day")
    assert ratio.exposure == Exposure(unit="calendar_day", own=365, other=184)
    numbers = (ratio.number, present(ratio.interval).low, present(ratio.interval).high)
    assert [round(number, 2) for number in numbers] == [1.30, 0.80, 2.18]
    assert supports_rise("y", ratio).value == 0


def test_a_rise_is_supported_by_an_interval_above_one() -> None:
    """A clear one in equal years; what can't be computed supports nothing; only a ratio does."""
    now = two_years(200, 100)
    ratio = rate_ratio("x", now, now.previous(), exposure="open_day")
    flag = supports_rise("y", ratio)
    assert (flag.id, flag.kind, flag.value, flag.of) == ("y", "flag", 1, ratio.of)
    none = two_years(3, 0)
    flag = supports_rise("y", rate_ratio("x", none, none.previous(), exposure="open_day"))
    assert (flag.value, flag.reason) == (None, Reason(code="zero_denominator"))
    assert refusal(supports_rise, "y", change("x", now)) == (
        "'y': 'x' is no ratio of rates\n  → make one: chapter.rate_ratio(…, exposure='open_day')"
    )


@pytest.mark.parametrize(("low", "rises"), [(1.00004, 0), (1.00005, 1)])
def test_a_rise_goes_by_the_interval_as_it_is_written(low: float, rises: int) -> None:
    """1.00004 is written as 1,0000, and then holds no difference; 1.00005 is 1,0001."""
    now = two_years(200, 100)
    ratio = rate_ratio("x", now, now.previous(), exposure="open_day")
    interval = present(ratio.interval).model_copy(update={"low": low})
    assert supports_rise("y", ratio.model_copy(update={"interval": interval})).value == rises


def test_windows_without_days_have_no_rate() -> None:
    """No day is left in them, or none was open; without rows in the first the ratio is 0."""
    year = whole(register(contacts=contacts_of(9, "09-15")))
    period = year.spec.period
    assert rate_ratio("x", year, without(year, period), exposure="calendar_day").reason == NO_WINDOW
    saturday = window(year, "08-05", "08-05")
    assert rate_ratio("x", year, saturday, exposure="open_day").reason == NO_WINDOW
    spring, autumn = window(year, "03-01", "03-31"), window(year, "09-01", "09-30")
    figure = rate_ratio("x", spring, autumn, exposure="calendar_day")
    assert (figure.value, present(figure.interval).low) == (0, 0)
    week = Period(start=dt.date(2017, 2, 8), end=dt.date(2017, 2, 14))
    less = without(year.during(dt.date(2017, 2, 1), dt.date(2017, 2, 28)), week)
    exposure = rate_ratio("x", year, less, exposure="calendar_day").exposure
    assert exposure == Exposure(unit="calendar_day", own=365, other=21)


FAMILIES = "contact | problem\n" + "\n".join(
    f"{nr} | {('child', 'child', 'elder')[nr % 3]}_abuse"
    for nr in range(40)
    for _ in range(1 + nr % 3)
)


@pytest.mark.parametrize(
    ("days", "method"),
    [((), "log_normal_clustered"), (("09-15",), "exact_conditional")],
    ids=["of even days families are wider", "of one wave of contacts the wave is wider"],
)
def test_a_ratio_of_persons_has_the_wider_interval(days: tuple[str, ...], method: str) -> None:
    """It is that of clustering by contact or that of days that vary; both give φ."""
    contacts, children = contacts_of(40, *days), FAMILIES.replace("elder", "child")
    before = register(2016, contacts=contacts, persons=FAMILIES)
    persons = whole(register(contacts=contacts, persons=children, previous=before), "persons")
    ratio = rate_ratio("x", persons, persons.previous(), exposure="open_day")
    interval = present(ratio.interval)
    assert (interval.method, interval.dispersion) == (method, dispersion(persons))
    elder = persons.where(problem="elder_abuse")
    none = rate_ratio("none", elder, elder.previous(), exposure="open_day")
    assert find_differences(persons.register, ratio, none, change("change", persons)) == ()


def test_a_year_without_an_open_day_has_a_change() -> None:
    """No day says then how days vary: φ is 1."""
    closed: dict[str, Any] = {"calendar": {"working_days": [1], "closed": []}}
    days: list[Any] = [
        {"period": {"start": f"{year}-01-01", "end": f"{year}-01-01"}} for year in (2017, 2016)
    ]
    before = register(2016, contacts="date\n01-01", **days[1], **closed)
    now = whole(register(contacts="date\n01-01", previous=before, **days[0], **closed))
    assert present(change("x", now).interval).dispersion == 1


def test_a_wave_of_contacts_widens_the_interval() -> None:
    """φ is of the days of the whole table, where a part of it is compared too."""
    even, wave = contacts_of(40), contacts_of(40, "09-15")
    by_phone = wave.replace("09-15", "09-15 | phone").replace("date", "date | channel")
    intervals = []
    for drawn in (even, wave, by_phone):
        contacts = whole(register(contacts=drawn, previous=register(2016, contacts=drawn)))
        part = contacts.where(channel="phone") if drawn is by_phone else contacts
        ratio = rate_ratio("x", part, part.previous(), exposure="open_day")
        intervals.append(present(ratio.interval))
    assert intervals[0].dispersion == 1
    assert intervals[0].high < intervals[1].high
    assert intervals[1] == intervals[2]


def test_nouns_are_compared_with_themselves(year: Register) -> None:
    """Contacts against persons is no comparison; users have no interval."""
    assert (
        refusal(rate_ratio, "x", whole(year), whole(year, "persons"), exposure="open_day")
        == "'x': contacts against persons is no ratio of rates"
    )
    traffic = "measure | when | value\nusers | year | {}"
    before = register(2016, traffic=traffic.format(20))
    figure = change("x", whole(register(traffic=traffic.format(30), previous=before), "users"))
    assert (figure.value, figure.interval) == (50.0, None)


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


def campaign(**more: Any) -> list[dict[str, Any]]:
    texts = {"name": NAME, "goal": NAME, "means": NAME}
    days = {"start": "2017-06-01", "end": "2017-06-30", "around_days": 10}
    return [{"id": "june", **texts, **days, **more}]


def target(**codes: list[str]) -> dict[str, Any]:
    return {"name": NAME, "persons": codes}


def counted(of: Register) -> tuple[CampaignEffects, dict[str, Figure]]:
    named, figures = rates.count_effects("m", whole(of), of.edition.campaigns[0])
    return named, {figure.id: figure for figure in figures}


def test_a_window_stands_beside_the_days_before_and_after_it() -> None:
    """Three contacts in the 22 open days of June, one in the 8 before it, one in the 6 after."""
    named, figures = counted(register(contacts=CONTACTS, campaigns=campaign()))
    sides = [figures["m.june.before"], figures["m.june.after"]]
    assert [(each.numerator, each.denominator) for each in sides] == [(3, 1), (3, 1)]
    assert [each.exposure and each.exposure.other for each in sides] == [8, 6]
    assert [each.of and str(each.of.period.start) for each in sides] == ["2017-05-22", "2017-07-01"]
    assert figures["m.june.relative"].reason == Reason(code="no_comparison")
    assert (named.target, named.target_before, named.target_relative) == (None, None, None)
    assert len(figures) == 4


@pytest.mark.parametrize(
    ("start", "end", "absent"),
    [("2017-12-11", "2017-12-31", "after"), ("2017-01-01", "2017-01-20", "before")],
)
def test_a_window_at_an_end_of_the_year(start: str, end: str, absent: str) -> None:
    """Has days on one side alone."""
    _, figures = counted(register(contacts=CONTACTS, campaigns=campaign(start=start, end=end)))
    assert figures[f"m.june.{absent}"].reason == NO_WINDOW


def test_the_year_before_is_the_same_window_in_proportion_to_its_year() -> None:
    """A year that is twice as busy on all days has no busier June."""
    calm = register(2016, contacts=contacts_of(100, *OPEN[::3]))
    contacts = contacts_of(200, *OPEN[::3])
    busy = register(contacts=contacts, campaigns=campaign(), previous=calm)
    relative = counted(busy)[1]["m.june.relative"]
    assert str(relative.of and relative.of.period.start) == "2016-06-01"
    assert relative.value == pytest.approx(1, abs=0.1)
    rest = 200 - (relative.numerator or 0)
    assert present(relative.exposure).own == pytest.approx(rest * 22 / 238)
    assert present(relative.exposure).unit == "rest_of_year"
    assert present(relative.interval).method == "log_normal"
    assert present(relative.interval).includes_null_value
    assert find_differences(busy, relative) == ()


def test_the_target_group_is_counted_too() -> None:
    """One contact about somebody who is older, in June; one in the days after it."""
    rows: dict[str, Any] = {"contacts": CONTACTS, "persons": PERSONS}
    campaigns = campaign(target=target(age_class=["older"]))
    named, figures = counted(register(**rows, campaigns=campaigns))
    assert named.target == "m.june.target.contacts"
    assert figures["m.june.target.contacts"].value == 1
    assert figures["m.june.target.after"].denominator == 1
    misspelt = register(**rows, campaigns=campaign(target=target(age_class=["oldr"])))
    assert refusal(counted, misspelt) == (
        "the target group of campaign 'june': "
        "the field 'age_class' has no code 'oldr', did you mean 'older'?"
    )


def test_a_comparison_across_a_break_names_the_break() -> None:
    """The problem is registered otherwise since 2017: the target group can't be compared."""
    codes = {"old": "elder_abuse", "new": ["child_abuse", "partner_violence"]}
    rows: dict[str, Any] = {"contacts": CONTACTS, "persons": PERSONS}
    year = register(
        **rows,
        campaigns=campaign(target=target(problem=["child_abuse"])),
        previous=register(2016, **rows),
        breaks=[a_break("problems", "split", "2017-01-01", field="problem", **codes)],
    )
    _, figures = counted(year)
    reason = Reason(code="break", about="problems")
    assert figures["m.june.target.relative"].reason == reason
    assert figures["m.june.relative"].value is not None
