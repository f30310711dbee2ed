"""Fill the fields of contacts inside the totals of a year: when they come, who calls, and why."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random

from helpline_report.sample.quotas import apportion, assign_field, lifted, pick
from helpline_report.sample.year_totals import Patterns, YearTotals


@dataclass(slots=True)
class Person:
    """A reported person, in canonical codes; `age` None is not registered."""

    problem: str
    gender: str = ""
    age: int | None = None
    form: str = ""
    context: str = ""
    followups: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Contact:
    """A contact with the helpline; `problem` is what it is mainly about."""

    day: date
    channel: str
    minute: int = 0
    helpline: str = ""
    problem: str = ""
    role: str = ""
    age_class: str = ""
    gender: str = ""
    anonymity: str = ""
    handling: str = ""
    persons: list[Person] = field(default_factory=list)

    @property
    def kin(self) -> list[Person]:
        """The persons whose problem is what the contact is mainly about."""
        return [person for person in self.persons if person.problem == self.problem]


EMAIL, OFFICE = "email", "office"
_MARCH = 3
_SATURDAY, _SUNDAY = 5, 6
_LAST_SUNDAY_FROM = 25
_SKIPPED_HOUR = 2


def days_of_month(year: int, month: int) -> list[date]:
    """Every day of a month."""
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def open_days(year: int, month: int, closed: Collection[date]) -> list[date]:
    """The working days of a month on which the telephone is answered."""
    days = days_of_month(year, month)
    return [day for day in days if day.weekday() < _SATURDAY and day not in closed]


def schedule(channel: str) -> str:
    """The pattern that a channel follows: e-mails are written at any hour."""
    return EMAIL if channel == "email" else OFFICE


def year_weights(
    year: int, closed: Collection[date], p: Patterns, rng: Random
) -> dict[tuple[int, str], dict[date, int]]:
    """How much of a month falls on each day, by month and rhythm: by weekday and by chance."""
    weights = {}
    for month in range(1, 13):
        for rhythm, weekdays in p.weekdays.items():
            office = rhythm == OFFICE
            days = open_days(year, month, closed) if office else days_of_month(year, month)
            weights[month, rhythm] = {
                day: weekdays[day.weekday()] * rng.randrange(60, 141) for day in days
            }
    return weights


def minute_of(day: date, rhythm: str, steps: Sequence[int], rng: Random) -> int:
    """The minute of the day at which a contact comes, by the running totals of the hours."""
    hour = bisect_right(steps, rng.randrange(steps[-1]))
    # On the last Sunday of March there is no hour between two and three in Brussels.
    last = day.month == _MARCH and day.day >= _LAST_SUNDAY_FROM and day.weekday() == _SUNDAY
    if rhythm == EMAIL and hour == _SKIPPED_HOUR and last:
        hour += 1
    return hour * 60 + rng.randrange(60)


def hour_steps(hours: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Running totals of the weights of the hours, by rhythm."""
    return {rhythm: list(accumulate(weights)) for rhythm, weights in hours.items()}


def dated_contacts(totals: YearTotals, p: Patterns, rng: Random) -> list[Contact]:
    """The contacts of a year in order of time, with day, minute, channel and helpline."""
    steps = hour_steps(p.hours)
    weights = year_weights(totals.year, totals.closed_days, p, rng)
    contacts = [
        Contact(day=pick(rng, weights[month, schedule(channel)]), channel=channel)
        for channel, months in _channels_by_month(totals).items()
        for month, count in months.items()
        for _ in range(count)
    ]
    for contact in contacts:
        rhythm = schedule(contact.channel)
        contact.minute = minute_of(contact.day, rhythm, steps[rhythm], rng)
    contacts.sort(key=lambda contact: (contact.day, contact.minute))
    _give_helplines(contacts, totals.daily_peak, p, rng)
    return contacts


def _channels_by_month(totals: YearTotals) -> dict[str, dict[int, int]]:
    """How many contacts of each channel fall in each month; the telephone takes what is left."""
    by_month = dict(enumerate(totals.contacts_by_month, start=1))
    few = {code: count for code, count in totals.callers.channel.items() if code != "phone"}
    channels = {code: apportion(count, by_month) for code, count in few.items()}
    phone = {
        month: count - sum(channels[code][month] for code in few)
        for month, count in by_month.items()
    }
    return {"phone": phone, **channels}


def _give_helplines(contacts: list[Contact], peak: int, p: Patterns, rng: Random) -> None:
    """Share the contacts among the helplines; one of them takes exactly `peak` on one day."""
    taken: Counter[tuple[date, str]] = Counter()
    for contact in contacts:
        room = {
            line: weight
            for line, weight in p.helplines.items()
            if taken[contact.day, line] < peak - 1
        }
        contact.helpline = pick(rng, room)
        taken[contact.day, contact.helpline] += 1
    per_day = Counter(contact.day for contact in contacts)
    busiest = max(per_day, key=lambda day: (per_day[day], -day.toordinal()))
    missing = peak - taken[busiest, p.peak_helpline]
    others = [c for c in contacts if c.day == busiest and c.helpline != p.peak_helpline]
    for contact in rng.sample(others, missing):
        contact.helpline = p.peak_helpline


_NONE: Mapping[str, int] = {}


def give_problems(contacts: list[Contact], totals: YearTotals, rng: Random) -> None:
    """What each contact is mainly about; more of the campaign's problems in its month."""
    quotas = {code: problem.contacts for code, problem in totals.problems.items()}
    campaign = totals.campaign
    lifts = campaign.problems if campaign else _NONE
    rows = [
        lifted(quotas, lifts if campaign and contact.day.month == campaign.month else _NONE)
        for contact in contacts
    ]
    assign_field(contacts, "problem", rows, quotas, rng)


def give_callers(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Role, age class and gender of who calls."""
    callers = totals.callers
    rows = [lifted(callers.role, p.role_by_problem[c.problem]) for c in contacts]
    assign_field(contacts, "role", rows, callers.role, rng)
    rows = [
        lifted(
            callers.age_class,
            p.age_class_by_role[c.role],
            p.age_class_of_victim[c.problem]
            if c.role == "victim"
            else p.age_class_by_problem.get(c.problem, _NONE),
        )
        for c in contacts
    ]
    assign_field(contacts, "age_class", rows, callers.age_class, rng)
    rows = [
        lifted(
            callers.gender,
            p.gender_by_role.get(c.role, _NONE),
            p.gender_by_problem.get(c.problem, _NONE) if c.role == "victim" else _NONE,
        )
        for c in contacts
    ]
    assign_field(contacts, "gender", rows, callers.gender, rng)


def give_handling(contacts: list[Contact], totals: YearTotals, p: Patterns, rng: Random) -> None:
    """Advice or case, and whether the caller stayed anonymous; families are more often a case."""
    callers = totals.callers
    rows = [
        lifted(
            callers.handling,
            p.handling_by_role.get(c.role, _NONE),
            p.handling_by_problem.get(c.problem, _NONE),
            p.handling_of_families if len(c.persons) > 1 else _NONE,
        )
        for c in contacts
    ]
    assign_field(contacts, "handling", rows, callers.handling, rng)
    rows = [
        lifted(
            callers.anonymity,
            p.anonymity_by_handling.get(c.handling, _NONE),
            p.anonymity_by_role.get(c.role, _NONE),
            p.anonymity_by_channel.get(c.channel, _NONE),
        )
        for c in contacts
    ]
    assign_field(contacts, "anonymity", rows, callers.anonymity, rng)
