"""Make the nine reports of the web analytics service, all of the same visits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from random import Random

from helpline_report.sample.contacts import days_of_month
from helpline_report.sample.quotas import apportion
from helpline_report.sample.year_totals import Website

_RULE = "# ----------------------------------------"


@dataclass(frozen=True, slots=True)
class Report:
    """One export: its banner, its table with a total row, and its index by day with another."""

    file: str
    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    daily: dict[date, int]
    daily_metric: str = "Gebruikers"
    view: str = "1712.be - alle sites"


def number(count: int) -> str:
    """`2546` → `2.546`."""
    return f"{count:,}".replace(",", ".")


def decimal(part: int, whole: int) -> str:
    """`part / whole` with two decimals, rounded half up: `2,16`."""
    hundredths = (200 * part + whole) // (2 * whole) if whole else 0
    return f"{number(hundredths // 100)},{hundredths % 100:02d}"


def write_report(folder: Path, report: Report) -> None:
    """Write one report as the service does."""
    days = sorted(report.daily)
    lines = [
        _RULE,
        f"# {report.view}",
        f"# {report.name}",
        f"# {days[0]:%Y%m%d}-{days[-1]:%Y%m%d}",
        _RULE,
        "",
        _line(report.header),
        *(_line(row) for row in report.rows),
        _line(["", *report.total]),
        "",
        _line(["Dagindex", report.daily_metric]),
        *(_line([f"{day:%d-%m-%y}", number(report.daily[day])]) for day in days),
        _line(["", number(sum(report.daily.values()))]),
        "",
    ]
    (folder / report.file).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _line(cells: Sequence[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


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
        for field in fields(self)[1:]:
            weights = {key: count * rng.randrange(96, 105) for key, count in users.items()}
            for key, count in apportion(getattr(self, field.name), weights).items():
                parts[key][field.name] = count
        return {key: Metrics(**counts) for key, counts in parts.items()}


@dataclass(frozen=True, slots=True)
class Visits:
    """A year of visits to all sites, by day, by month and in all."""

    whole: Metrics
    sessions: Daily
    users: Daily
    pageviews: Daily
    monthly_sessions: list[int]
    monthly_new_users: list[int]


def traffic(website: Website, year: int, rng: Random) -> Visits:
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
    whole = Metrics(
        users=website.users,
        new_users=new_users,
        sessions=sum(monthly),
        bounces=sum(monthly) * _BOUNCES // 100,
        pageviews=sum(website.pageviews_by_month),
        seconds=sum(monthly) * _SECONDS,
    )
    return Visits(
        whole=whole,
        sessions=sessions,
        users={day: (count * _DAILY_USERS + 99) // 100 for day, count in sessions.items()},
        pageviews=pageviews,
        monthly_sessions=monthly,
        monthly_new_users=list(
            apportion(new_users, dict(enumerate(website.users_by_month))).values()
        ),
    )


def daily_part(sessions: int, daily: Daily, rng: Random) -> Daily:
    """Some of the sessions, over the days as these fall."""
    return apportion(sessions, {day: n * rng.randrange(70, 131) for day, n in daily.items()})


def total(parts: dict[str, Metrics]) -> Metrics:
    """All parts added up."""
    names = [field.name for field in fields(Metrics)]
    return Metrics(**{name: sum(getattr(x, name) for x in parts.values()) for name in names})


CHILDREN = "1712.be - kindersite"
_MONTH = "Maand van het jaar"
_METRICS = (
    "Gebruikers",
    "Nieuwe gebruikers",
    "Sessies",
    "Bouncepercentage",
    "Pagina's/sessie",
    "Gem. sessieduur",
)
_SITES = {"adult": "/volwassenen/", "children": "/kinderen/", "youth": "/jongeren/"}


def reports(website: Website, year: int, rng: Random) -> Iterator[Report]:
    """The reports of a year, all made of the same visits."""
    visits = traffic(website, year, rng)
    yield from _users(website, year, visits)
    yield _pageviews(website, year, visits)
    whole, daily = visits.whole, visits.sessions
    sites = whole.split({_SITES[site]: count for site, count in website.sites.items()}, rng)
    devices = whole.split(website.devices, rng)
    channels = whole.split(website.channels, rng)
    yield _table("sites.csv", "Alle pagina's", "Paginapad niveau 1", sites, daily)
    yield _table("apparaten.csv", "Apparaten", "Apparaatcategorie", devices, daily)
    yield _table("kanalen.csv", "Kanalen", "Standaardkanaalgroep", channels, daily)

    sources = channels["Referral"].split(website.referrers, rng)
    days = daily_part(total(sources).sessions, daily, rng)
    yield _table("verwijzende-sites.csv", "Verwijzingen", "Bron", sources, days)
    visitors = sum(website.children_referrers.values())
    sources = sites[_SITES["children"]].part(visitors).split(website.children_referrers, rng)
    start = website.children_from or min(daily)
    daily = {day: count if day >= start else 0 for day, count in daily.items()}
    days = daily_part(total(sources).sessions, daily, rng)
    table = _table("verwijzende-sites-kinderen.csv", "Verwijzingen", "Bron", sources, days)
    yield replace(table, view=CHILDREN)

    gender = whole.part(sum(website.gender.values())).split(website.gender, rng)
    daily = daily_part(total(gender).sessions, visits.sessions, rng)
    yield _table("geslacht.csv", "Demografie: geslacht", "Geslacht", gender, daily)


def _users(website: Website, year: int, visits: Visits) -> Iterator[Report]:
    """Users of the year, then by month, whose total row holds those of the year: they come back."""
    whole = visits.whole
    counts = [number(whole.users), number(whole.new_users), number(whole.sessions)]
    header, daily = list(_METRICS[:3]), visits.users
    rows = [[str(year), *counts]]
    yield Report("gebruikers.csv", "Doelgroepoverzicht", ["Jaar", *header], rows, counts, daily)
    months = zip(
        website.users_by_month, visits.monthly_new_users, visits.monthly_sessions, strict=True
    )
    file, name = "gebruikers-per-maand.csv", "Gebruikers per maand"
    yield Report(file, name, [_MONTH, *header], _by_month(year, months), counts, daily)


def _pageviews(website: Website, year: int, visits: Visits) -> Report:
    views = website.pageviews_by_month
    # Without those of a page seen before in the same session.
    unique = [count * _UNIQUE // 100 for count in views]
    return Report(
        "paginaweergaven.csv",
        "Paginaweergaven per maand",
        [_MONTH, "Paginaweergaven", "Unieke paginaweergaven"],
        _by_month(year, zip(views, unique, strict=True)),
        [number(sum(views)), number(sum(unique))],
        visits.pageviews,
        daily_metric="Paginaweergaven",
    )


def _by_month(year: int, rows: Iterable[Iterable[int]]) -> list[list[str]]:
    months = enumerate(rows, start=1)
    return [[f"{year}{month:02d}", *map(number, counts)] for month, counts in months]


def _table(file: str, name: str, dimension: str, parts: dict[str, Metrics], daily: Daily) -> Report:
    """A table of one dimension, the most users first, as the service sorts it."""
    ranked = sorted(parts, key=lambda key: -parts[key].users)
    rows = [[key, *_written(parts[key])] for key in ranked]
    header, total_row = [dimension, *_METRICS], _written(total(parts))
    return Report(file, name, header, rows, total_row, daily, daily_metric="Sessies")


def _written(metrics: Metrics) -> list[str]:
    seconds = metrics.seconds // max(1, metrics.sessions)
    return [
        number(metrics.users),
        number(metrics.new_users),
        number(metrics.sessions),
        f"{decimal(100 * metrics.bounces, metrics.sessions)}%",
        decimal(metrics.pageviews, metrics.sessions),
        f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
    ]
