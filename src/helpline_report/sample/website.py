"""Make the nine reports of the web analytics service, all of the same visits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from helpline_report.sample.contacts import days_of_month
from helpline_report.sample.quotas import apportion
from helpline_report.sample.year_totals import Counts, Facts

_RULE = "# ----------------------------------------"
_VIEW, _CHILDREN = "1712.be - alle sites", "1712.be - kindersite"
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
_WEEKDAYS = (112, 110, 106, 104, 96, 78, 84)
# Percents: sessions by users of a month, new users by users, single-page sessions by sessions,
# first views of a page by views, users of a day by sessions. `_SECONDS` is the length of a session.
_SESSIONS, _NEW, _BOUNCES, _UNIQUE, _DAILY_USERS = 116, 93, 58, 77, 97
_SECONDS = 94
Daily = dict[date, int]


@dataclass(frozen=True, slots=True)
class Report:
    """One export: its banner, its table with a total row, and its index by day with another."""

    file: str
    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    daily: Daily
    daily_metric: str = "Gebruikers"
    view: str = _VIEW


def write_count(count: int) -> str:
    """`2546` → `2.546`."""
    return f"{count:,}".replace(",", ".")


def write_ratio(part: int, whole: int) -> str:
    """`part / whole` with two decimals, rounded half up: `2,16`."""
    hundredths = (200 * part + whole) // (2 * whole) if whole else 0
    return f"{write_count(hundredths // 100)},{hundredths % 100:02d}"


def write_report(folder: Path, report: Report) -> None:
    """Write one report as the service does."""

    def line(*cells: str) -> str:
        return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)

    days = sorted(report.daily)
    lines = [
        _RULE,
        f"# {report.view}",
        f"# {report.name}",
        f"# {days[0]:%Y%m%d}-{days[-1]:%Y%m%d}",
        _RULE,
        "",
        line(*report.header),
        *(line(*row) for row in report.rows),
        line("", *report.total),
        "",
        line("Dagindex", report.daily_metric),
        *(line(f"{day:%d-%m-%y}", write_count(report.daily[day])) for day in days),
        line("", write_count(sum(report.daily.values()))),
        "",
    ]
    (folder / report.file).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def make_reports(website: Facts, year: int, rng: Random) -> Iterator[Report]:
    """The reports of a year, all made of the same visits.

    Days add up to months, and months to the year, except users: one may come in several months.
    """
    monthly = [users * _SESSIONS // 100 for users in website.users_by_month]
    views = website.pageviews_by_month
    sessions, pageviews = _spread_over_days(monthly, views, year, rng)
    # The counts of all visits; averages and percentages are made of them when they are written.
    whole = {
        "users": website.users,
        "new_users": website.users * _NEW // 100,
        "sessions": sum(monthly),
        "bounces": sum(monthly) * _BOUNCES // 100,
        "pageviews": sum(views),
        "seconds": sum(monthly) * _SECONDS,
    }
    users = {day: (count * _DAILY_USERS + 99) // 100 for day, count in sessions.items()}
    new = apportion(whole["new_users"], dict(enumerate(website.users_by_month))).values()
    counts = [write_count(whole[name]) for name in ("users", "new_users", "sessions")]
    rows, header = [[str(year), *counts]], _METRICS[:3]
    yield Report("gebruikers.csv", "Doelgroepoverzicht", ["Jaar", *header], rows, counts, users)
    rows = _by_month(year, zip(website.users_by_month, new, monthly, strict=True))
    file, name = "gebruikers-per-maand.csv", "Gebruikers per maand"
    yield Report(file, name, [_MONTH, *header], rows, counts, users)
    # A page counts once a session.
    unique = [count * _UNIQUE // 100 for count in views]
    yield Report(
        "paginaweergaven.csv",
        "Paginaweergaven per maand",
        [_MONTH, "Paginaweergaven", "Unieke paginaweergaven"],
        _by_month(year, zip(views, unique, strict=True)),
        [write_count(sum(views)), write_count(sum(unique))],
        pageviews,
        daily_metric="Paginaweergaven",
    )
    sites = _split(whole, {_SITES[site]: count for site, count in website.sites.items()}, rng)
    devices = _split(whole, website.devices, rng)
    channels = _split(whole, website.channels, rng)
    yield _table("sites.csv", "Alle pagina's", "Paginapad niveau 1", sites, sessions)
    yield _table("apparaten.csv", "Apparaten", "Apparaatcategorie", devices, sessions)
    yield _table("kanalen.csv", "Kanalen", "Standaardkanaalgroep", channels, sessions)

    def spread(parts: dict[str, Counts], daily: Daily) -> Daily:
        """Spread the sessions of some visits over the days, about as those of `daily`."""
        weights = {day: count * rng.randrange(70, 131) for day, count in daily.items()}
        return apportion(_total(parts)["sessions"], weights)

    sources = _split(channels["Referral"], website.referrers, rng)
    days_of = spread(sources, sessions)
    yield _table("verwijzende-sites.csv", "Verwijzingen", "Bron", sources, days_of)
    visits = _part(sites[_SITES["children"]], sum(website.children_referrers.values()))
    sources = _split(visits, website.children_referrers, rng)
    start = website.children_from or min(sessions)
    since = {day: count if day >= start else 0 for day, count in sessions.items()}
    file, days_of = "verwijzende-sites-kinderen.csv", spread(sources, since)
    yield _table(file, "Verwijzingen", "Bron", sources, days_of, view=_CHILDREN)
    gender = _split(_part(whole, sum(website.gender.values())), website.gender, rng)
    days_of = spread(gender, sessions)
    yield _table("geslacht.csv", "Demografie: geslacht", "Geslacht", gender, days_of)


def _spread_over_days(
    sessions: Sequence[int], views: Sequence[int], year: int, rng: Random
) -> tuple[Daily, Daily]:
    """Spread the sessions and page views of each month over its days."""
    daily_sessions: Daily = {}
    daily_views: Daily = {}
    for month, (in_month, viewed) in enumerate(zip(sessions, views, strict=True), start=1):
        days = days_of_month(year, month)
        weights = {day: _WEEKDAYS[day.weekday()] * rng.randrange(80, 121) for day in days}
        daily_sessions |= apportion(in_month, weights)
        weights = {day: daily_sessions[day] * rng.randrange(90, 111) for day in days}
        daily_views |= apportion(viewed, weights)
    return daily_sessions, daily_views


def _part(visits: Counts, users: int) -> Counts:
    """The counts of visits in the proportion of `users` to all their users."""
    return {name: count * users // visits["users"] for name, count in visits.items()}


def _split(visits: Counts, users: Counts, rng: Random) -> dict[str, Counts]:
    """Split visits by the keys of `users`: each count adds up to that of the visits."""
    parts = {key: {"users": count} for key, count in users.items()}
    for name, whole in list(visits.items())[1:]:
        weights = {key: count * rng.randrange(96, 105) for key, count in users.items()}
        for key, count in apportion(whole, weights).items():
            parts[key][name] = count
    return parts


def _total(parts: dict[str, Counts]) -> Counts:
    names = next(iter(parts.values()))
    return {name: sum(part[name] for part in parts.values()) for name in names}


def _by_month(year: int, rows: Iterable[Iterable[int]]) -> list[list[str]]:
    months = enumerate(rows, start=1)
    return [[f"{year}{month:02d}", *map(write_count, counts)] for month, counts in months]


def _table(
    file: str,
    name: str,
    dimension: str,
    parts: dict[str, Counts],
    daily: Daily,
    *,
    view: str = _VIEW,
) -> Report:
    """A table of one dimension, the most users first, as the service sorts it."""

    def write(visits: Counts) -> list[str]:
        sessions = visits["sessions"]
        seconds = visits["seconds"] // max(1, sessions)
        return [
            *(write_count(visits[name]) for name in ("users", "new_users", "sessions")),
            f"{write_ratio(100 * visits['bounces'], sessions)}%",
            write_ratio(visits["pageviews"], sessions),
            f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        ]

    ranked = sorted(parts, key=lambda key: -parts[key]["users"])
    rows = [[key, *write(parts[key])] for key in ranked]
    header, total = [dimension, *_METRICS], write(_total(parts))
    return Report(file, name, header, rows, total, daily, daily_metric="Sessies", view=view)
