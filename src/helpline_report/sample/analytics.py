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
    yield _users(website, year, visits)
    yield _users_by_month(website, year, visits)
    yield _pageviews(website, year, visits)
    whole, daily = visits.whole, visits.sessions
    sites = whole.split({_SITES[site]: count for site, count in website.sites.items()}, rng)
    devices = whole.split(website.devices, rng)
    channels = whole.split(website.channels, rng)
    yield _table("sites.csv", "Alle pagina's", "Paginapad niveau 1", sites, whole, daily)
    yield _table("apparaten.csv", "Apparaten", "Apparaatcategorie", devices, whole, daily)
    yield _table("kanalen.csv", "Kanalen", "Standaardkanaalgroep", channels, whole, daily)
    yield from _referrers(website, year, visits, sites, channels, rng)
    known = whole.part(sum(website.gender.values()))
    gender = known.split(website.gender, rng)
    daily = daily_part(known.sessions, daily, rng)
    yield _table("geslacht.csv", "Demografie: geslacht", "Geslacht", gender, known, daily)


def _users(website: Website, year: int, visits: Traffic) -> Report:
    whole = visits.whole
    total = [number(whole.users), number(whole.new_users), number(whole.sessions)]
    return Report(
        file="gebruikers.csv",
        view=ALL_SITES,
        name="Doelgroepoverzicht",
        header=["Jaar", *_METRICS[:3]],
        rows=[[str(year), *total]],
        total=total,
        daily_metric="Gebruikers",
        daily=visits.users,
    )


def _users_by_month(website: Website, year: int, visits: Traffic) -> Report:
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
    return Report(
        file="paginaweergaven.csv",
        view=ALL_SITES,
        name="Paginaweergaven per maand",
        header=[_MONTH, "Paginaweergaven", "Unieke paginaweergaven"],
        rows=_by_month(
            year, [[number(count), number(one)] for count, one in zip(views, unique, strict=True)]
        ),
        total=[number(sum(views)), number(sum(unique))],
        daily_metric="Paginaweergaven",
        daily=visits.pageviews,
    )


def _by_month(year: int, rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[f"{year}{month:02d}", *row] for month, row in enumerate(rows, start=1)]


def _referrers(
    website: Website,
    year: int,
    visits: Traffic,
    sites: dict[str, Metrics],
    channels: dict[str, Metrics],
    rng: Random,
) -> Iterator[Report]:
    """The referring sites of all sites, which make up the channel Referral, and of the children's."""
    referral = channels["Referral"]
    sources = referral.split(website.referrers, rng)
    daily = daily_part(referral.sessions, visits.sessions, rng)
    yield _table("verwijzende-sites.csv", "Verwijzingen", "Bron", sources, referral, daily)
    children = sites[_SITES["children"]].part(sum(website.children_referrers.values()))
    sources = children.split(website.children_referrers, rng)
    start = website.children_from if website.children_from.year == year else None
    daily = daily_part(children.sessions, visits.sessions, rng, start=start)
    file = "verwijzende-sites-kinderen.csv"
    yield _table(file, "Verwijzingen", "Bron", sources, children, daily, view=CHILDREN)


def _table(
    file: str,
    name: str,
    dimension: str,
    parts: dict[str, Metrics],
    whole: Metrics,
    daily: Daily,
    *,
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
        total=_written(whole),
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
