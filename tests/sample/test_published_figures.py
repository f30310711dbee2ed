"""The sample gives each of the 162 printed figures, recounted here from the raw files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.audit import by_hand

PRINTED = Path(__file__).parents[2] / "data" / "printed" / "2017.csv"
ROWS = list(csv.DictReader(PRINTED.read_text(encoding="utf-8").splitlines()))

# What the numbers beside them say, where the print says something else.
CORRECTED = {
    "website.users.change": "15.96",
    "contacts.monthly_mean.email": "52.5",
    "sectors.sport_leisure.sexual.change": "0",
}


def website(now: Any, before: Any) -> Iterator[tuple[str, by_hand.Value]]:
    """The figures of the website."""
    users = {}
    for suffix, year in (("", now), (".previous", before)):
        pages, _ = year.analytics("paginaweergaven.csv")
        people, _ = year.analytics("gebruikers.csv")
        users[suffix] = people.total_of("Gebruikers")
        devices, _ = year.analytics("apparaten.csv")
        mobile = devices.column("Gebruikers")["mobile"]
        yield f"website.pageviews{suffix}", Fraction(sum(pages.column("Paginaweergaven").values()))
        yield f"website.users{suffix}", Fraction(users[suffix])
        yield f"website.users.share.mobile{suffix}", percent(mobile, users[suffix])
    yield "website.users.change", percent(users[""] - users[".previous"], users[".previous"])
    yield "website.users.monthly_mean", Fraction(users[""], 12)
    sites = now.analytics("sites.csv")[0].column("Gebruikers")
    yield "website.users.share.children", percent(sites["/kinderen/"], users[""])
    yield "website.users.share.youth", percent(sites["/jongeren/"], users[""])
    channels = now.analytics("kanalen.csv")[0].column("Gebruikers")
    yield "website.users.share.referral", percent(channels["Referral"], users[""])
    for file, suffix in (
        ("verwijzende-sites.csv", ""),
        ("verwijzende-sites-kinderen.csv", ".children"),
    ):
        sources = now.analytics(file)[0].column("Gebruikers")
        yield f"website.referrer.top{suffix}", max(sources, key=sources.__getitem__)
    gender = now.analytics("geslacht.csv")[0].column("Gebruikers")
    yield "website.users.share.female", percent(gender["female"], sum(gender.values()))


def percent(part: int, whole: int) -> Fraction:
    """A percentage of two counts."""
    return Fraction(100 * part, whole)


def recount(sample: Callable[[int], Any]) -> dict[str, by_hand.Value]:
    """Every figure by its id."""
    now, before = sample(2017), sample(2016)
    years = (by_hand.read_year(year.folder) for year in (now, before))
    return {**dict(website(now, before)), **by_hand.figures(*years)}


def rounded(value: Fraction | int, like: str) -> Decimal:
    """Rounded half up to the decimals of `like`."""
    step = Decimal(1).scaleb(-len(like.partition(".")[2]))
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(step, rounding=ROUND_HALF_UP)


def test_each_printed_figure_comes_out(sample: Callable[[int], Any]) -> None:
    """As it was printed, or as the numbers beside it say where the print contradicts them."""
    assert len({row["id"] for row in ROWS}) == 162
    figures = recount(sample)
    for row in ROWS:
        name, value = row["id"], figures[row["id"]]
        assert value is not None, name
        expected = CORRECTED.get(name, row["value"])
        if isinstance(value, str):
            assert value == expected, name
        elif "ruim" in row["printed"].lower():
            assert int(expected) <= value < int(expected) + 1, name
        else:
            assert rounded(value, expected) == Decimal(expected), name
        if name in CORRECTED:
            assert isinstance(value, Fraction | int)
            assert rounded(value, row["value"]) != Decimal(row["value"]), name
