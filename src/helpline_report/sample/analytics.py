"""The nine reports of the web analytics service: which table stands in which file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from helpline_report.sample.analytics_files import Report, decimal, duration, number, percent
from helpline_report.sample.targets import Website
from helpline_report.sample.traffic import (
    Daily,
    Metrics,
    Traffic,
    daily_part,
    total,
    traffic,
    unique_views,
)

ALL_SITES = "1712.be - alle sites"
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
    yield _users(year, visits)
    yield _users_by_month(website, year, visits)
    yield _pageviews(website, year, visits)
    whole, daily = visits.whole, visits.sessions
    sites = whole.split({_SITES[site]: count for site, count in website.sites.items()}, rng)
    devices = whole.split(website.devices, rng)
    channels = whole.split(website.channels, rng)
    yield _table("sites.csv", "Alle pagina's", "Paginapad niveau 1", parts=sites, daily=daily)
    yield _table("apparaten.csv", "Apparaten", "Apparaatcategorie", parts=devices, daily=daily)
    yield _table("kanalen.csv", "Kanalen", "Standaardkanaalgroep", parts=channels, daily=daily)

    sources = channels["Referral"].split(website.referrers, rng)
    yield _referrers("verwijzende-sites.csv", sources, daily, rng)
    visitors = sum(website.children_referrers.values())
    sources = sites[_SITES["children"]].part(visitors).split(website.children_referrers, rng)
    start = website.children_from or min(daily)
    daily = {day: count if day >= start else 0 for day, count in daily.items()}
    yield _referrers("verwijzende-sites-kinderen.csv", sources, daily, rng, view=CHILDREN)

    gender = whole.part(sum(website.gender.values())).split(website.gender, rng)
    daily = daily_part(total(gender).sessions, visits.sessions, rng)
    yield _table("geslacht.csv", "Demografie: geslacht", "Geslacht", parts=gender, daily=daily)


def _users(year: int, visits: Traffic) -> Report:
    whole = visits.whole
    counts = [number(whole.users), number(whole.new_users), number(whole.sessions)]
    return Report(
        file="gebruikers.csv",
        view=ALL_SITES,
        name="Doelgroepoverzicht",
        header=["Jaar", *_METRICS[:3]],
        rows=[[str(year), *counts]],
        total=counts,
        daily_metric="Gebruikers",
        daily=visits.users,
    )


def _users_by_month(website: Website, year: int, visits: Traffic) -> Report:
    """Users month by month; the total row holds the users of the year, who may come back."""
    months = zip(
        website.users_by_month, visits.monthly_new_users, visits.monthly_sessions, strict=True
    )
    whole = visits.whole
    return Report(
        file="gebruikers-per-maand.csv",
        view=ALL_SITES,
        name="Gebruikers per maand",
        header=[_MONTH, *_METRICS[:3]],
        rows=_by_month(year, [[number(count) for count in counts] for counts in months]),
        total=[number(whole.users), number(whole.new_users), number(whole.sessions)],
        daily_metric="Gebruikers",
        daily=visits.users,
    )


def _pageviews(website: Website, year: int, visits: Traffic) -> Report:
    views = website.pageviews_by_month
    unique = [unique_views(count) for count in views]
    pairs = zip(views, unique, strict=True)
    return Report(
        file="paginaweergaven.csv",
        view=ALL_SITES,
        name="Paginaweergaven per maand",
        header=[_MONTH, "Paginaweergaven", "Unieke paginaweergaven"],
        rows=_by_month(year, [[number(count) for count in pair] for pair in pairs]),
        total=[number(sum(views)), number(sum(unique))],
        daily_metric="Paginaweergaven",
        daily=visits.pageviews,
    )


def _by_month(year: int, rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[f"{year}{month:02d}", *row] for month, row in enumerate(rows, start=1)]


def _referrers(
    file: str,
    sources: dict[str, Metrics],
    daily: Daily,
    rng: Random,
    *,
    view: str = ALL_SITES,
) -> Report:
    """The sites from which visitors came."""
    days = daily_part(total(sources).sessions, daily, rng)
    return _table(file, "Verwijzingen", "Bron", parts=sources, daily=days, view=view)


def _table(
    file: str,
    name: str,
    dimension: str,
    *,
    parts: dict[str, Metrics],
    daily: Daily,
    view: str = ALL_SITES,
) -> Report:
    """A table of one dimension, the most users first, as the service sorts it."""
    ranked = sorted(parts, key=lambda key: -parts[key].users)
    return Report(
        file=file,
        view=view,
        name=name,
        header=[dimension, *_METRICS],
        rows=[[key, *_written(parts[key])] for key in ranked],
        total=_written(total(parts)),
        daily_metric="Sessies",
        daily=daily,
    )


def _written(metrics: Metrics) -> list[str]:
    return [
        number(metrics.users),
        number(metrics.new_users),
        number(metrics.sessions),
        percent(metrics.bounces, metrics.sessions),
        decimal(metrics.pageviews, metrics.sessions),
        duration(metrics.seconds // max(1, metrics.sessions)),
    ]
