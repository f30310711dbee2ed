"""What the parameters of two years say of them: periods, breaks, campaigns, closed days, groups."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.projects.codes import CodeList
from tests.projects.people import Year
from tests.projects.systems import System

Period = tuple[dt.date, dt.date]
NOTE = {"nl": "er kwam een ander registratiesysteem", "en": "another register was used"}
TABLES = ["contacts", "persons", "followups"]
REASON = {"nl": "feestdag", "en": "public holiday"}
CAMPAIGNS = (
    {"nl": "campagne over partnergeweld", "en": "campaign on partner violence"},
    {"nl": "affiches in 2016 en 2017", "en": "posters in 2016 and 2017"},
    {"nl": "een “lange” naam van een campagne & meer", "en": "a “long” name of a campaign & more"},
    {"nl": "حملة", "en": "حملة"},
)
EVENTS = ({"nl": "#MeToo", "en": "#MeToo"}, {"nl": "een wet", "en": "an act"})


def draw_periods(random: Random) -> dict[str, Period]:
    """The periods of the edition and of the year it is compared with, if any, by their names."""
    year = random.choice((2017, 2017, 2018, 2020, 2024))
    kind = random.choice(("calendar", "calendar", "calendar", "school", "half"))
    periods: dict[str, Period] = {}
    for each in (year, year - 1):
        match kind:
            case "school":
                periods[f"{each}"] = dt.date(each - 1, 9, 1), dt.date(each, 8, 31)
            case "half":
                periods[f"{each}"] = dt.date(each, 1, 1), dt.date(each, 6, 30)
            case _:
                periods[f"{each}"] = dt.date(each, 1, 1), dt.date(each, 12, 31)
    if random.random() < 0.25:
        del periods[f"{year - 1}"]
    return periods


def list_fields(system: System) -> dict[str, list[str]]:
    """The fields that a system gives, by table."""
    fields = {table: [each.field for each in system.coded(table)] for table in system.tables}
    fields["contacts"] += ["date", *(["hour"] if system.clock.has_time else [])]
    if system.ages is not None and "persons" in fields:
        fields["persons"].append("age")
    return fields


def list_breaks(
    systems: dict[str, System], lists: dict[str, CodeList], periods: dict[str, Period]
) -> list[dict[str, Any]]:
    """The breaks between two years that differ: the documents ask for one of each change."""
    now, *before = periods
    first, last = periods[before[0] if before else now][0], periods[now][1]
    breaks: list[dict[str, Any]] = []
    if before:
        breaks.append({"id": "other_system", "kind": "revision", "tables": TABLES})
        breaks[0] |= {"date": periods[now][0], "note": NOTE}
    days = {
        (field, day)
        for system in systems.values()
        for field, day in _list_changes(system, lists)
        if first < day <= last
    }
    for at, (field, day) in enumerate(sorted(days)):
        item = {"id": f"codes_{at}", "kind": "revision", "field": field}
        breaks.append({**item, "date": day, "note": NOTE})
    return breaks


def _list_changes(system: System, lists: dict[str, CodeList]) -> Iterator[tuple[str, dt.date]]:
    """The days on which codes or labels of a system begin or end, by field."""
    for column in (each for table in system.tables for each in system.coded(table)):
        for day in column.breaks:
            yield column.field, day
        for code in lists[column.field].codes if column.field in lists else ():
            if code["code"] in column.codes and "from" in code:
                yield column.field, code["from"]
            if code["code"] in column.codes and "until" in code:
                yield column.field, code["until"] + dt.timedelta(days=1)


def describe_year(random: Random, year: Year, system: System) -> dict[str, Any]:
    """Closed days, campaigns and events of a year, as its parameters say them."""
    days = [*year.days()]
    year.closed = sorted(random.sample(days, random.choice((0, 0, 1, 5))))
    closed = [{"date": day, "reason": REASON} for day in year.closed]
    calendar: dict[str, Any] = {"working_days": year.working_days}
    more: dict[str, Any] = {"calendar": calendar | ({"closed": closed} if closed else {})}
    if random.random() < 0.3:
        more["campaigns"] = [
            _draw_campaign(random, f"campaign_{at}", days, system)
            for at in range(random.choice((1, 1, 2)))
        ]
    if random.random() < 0.3:
        event = {"id": "event", "name": random.choice(EVENTS), "date": random.choice(days)}
        more["events"] = [{**event, "source": "algemeen bekend"}]
    if random.random() < 0.3:
        groups = {"women": ["female", "trans_woman"], "men": ["male", "trans_man"]}
        more["groups"] = {"gender": groups}
    return more


def _draw_campaign(
    random: Random, name: str, days: list[dt.date], system: System
) -> dict[str, Any]:
    at, length = random.randrange(len(days)), random.choice((0, 6, 13, 29))
    campaign: dict[str, Any] = {
        "id": name,
        "name": random.choice(CAMPAIGNS),
        "goal": {"nl": "de hulplijn bekender maken", "en": "to make the helpline better known"},
        "means": {"nl": "affiches", "en": "posters"},
        "start": days[at],
        "end": days[min(at + length, len(days) - 1)],
        "around_days": random.choice((14, 28)),
    }
    coded = system.coded("persons")
    if coded and random.random() < 0.4:
        column = random.choice(coded)
        codes = random.sample(column.codes, 1)
        target = {"nl": "wie het aangaat", "en": "those concerned"}
        campaign["target"] = {"name": target, "persons": {column.field: codes}}
    return campaign
