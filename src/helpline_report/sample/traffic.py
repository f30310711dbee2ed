"""What the web analytics service counted: users, sessions and page views, split without a rest."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from random import Random

from helpline_report.sample.days import days_of_month
from helpline_report.sample.quotas import apportion
from helpline_report.sample.targets import Website

Daily = dict[date, int]

_WEEKDAYS = (112, 110, 106, 104, 96, 78, 84)
# In a hundred: sessions of a user in a month, new users of all, single-page sessions of all,
# first views of a page of all views, users of a day by its sessions. Seconds: of a session.
_SESSIONS, _NEW, _BOUNCES, _UNIQUE, _DAILY_USERS = 116, 93, 58, 77, 97
_SECONDS = 94


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts of visits; averages and percentages are made of them when they are written."""

    users: int
    new_users: int
    sessions: int
    bounces: int
    pageviews: int
    seconds: int

    def part(self, users: int) -> Metrics:
        """As many of everything as `users` of these users would have."""
        counts = {field.name: getattr(self, field.name) for field in fields(self)}
        return Metrics(**{name: count * users // self.users for name, count in counts.items()})

    def split(self, users: dict[str, int], rng: Random) -> dict[str, Metrics]:
        """These visits over the keys of `users`: each count adds up to the whole."""
        parts: dict[str, dict[str, int]] = {key: {"users": count} for key, count in users.items()}
        for field in fields(self):
            if field.name == "users":
                continue
            weights = {key: count * rng.randrange(96, 105) for key, count in users.items()}
            for key, count in apportion(getattr(self, field.name), weights).items():
                parts[key][field.name] = count
        return {key: Metrics(**counts) for key, counts in parts.items()}


@dataclass(frozen=True, slots=True)
class Traffic:
    """A year of visits to all sites, by day, by month and in all."""

    whole: Metrics
    sessions: Daily
    users: Daily
    pageviews: Daily
    monthly_sessions: list[int]
    monthly_new_users: list[int]


def traffic(website: Website, year: int, rng: Random) -> Traffic:
    """The visits of a year: days add up to months, months to the year, but for users."""
    monthly = [users * _SESSIONS // 100 for users in website.users_by_month]
    sessions: Daily = {}
    pageviews: Daily = {}
    for place, views in enumerate(website.pageviews_by_month):
        days = days_of_month(year, place + 1)
        busy = {day: _WEEKDAYS[day.weekday()] * rng.randrange(80, 121) for day in days}
        sessions |= apportion(monthly[place], busy)
        seen = {day: sessions[day] * rng.randrange(90, 111) for day in days}
        pageviews |= apportion(views, seen)
    new_users = website.users * _NEW // 100
    return Traffic(
        whole=_whole(website, sum(monthly), new_users),
        sessions=sessions,
        users={day: (count * _DAILY_USERS + 99) // 100 for day, count in sessions.items()},
        pageviews=pageviews,
        monthly_sessions=monthly,
        monthly_new_users=list(
            apportion(new_users, dict(enumerate(website.users_by_month))).values()
        ),
    )


def _whole(website: Website, sessions: int, new_users: int) -> Metrics:
    return Metrics(
        users=website.users,
        new_users=new_users,
        sessions=sessions,
        bounces=sessions * _BOUNCES // 100,
        pageviews=sum(website.pageviews_by_month),
        seconds=sessions * _SECONDS,
    )


def unique_views(pageviews: int) -> int:
    """Page views without those of a page seen before in the same session."""
    return pageviews * _UNIQUE // 100


def daily_part(sessions: int, daily: Daily, rng: Random) -> Daily:
    """Some of the sessions, over the days as these fall."""
    return apportion(sessions, {day: n * rng.randrange(70, 131) for day, n in daily.items()})


def total(parts: dict[str, Metrics]) -> Metrics:
    """All parts added up."""
    names = [field.name for field in fields(Metrics)]
    return Metrics(**{name: sum(getattr(x, name) for x in parts.values()) for name in names})
