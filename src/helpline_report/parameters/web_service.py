"""What a web analytics service calls its metrics and dimensions, by kind and language, as data."""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, get_args

from helpline_report.parameters.yaml import Closed, read_resource, validate

Kind = Literal["ua", "ga4"]
ServiceLanguage = Literal["nl", "en", "fr", "api"]
SERVICE_LANGUAGES: tuple[ServiceLanguage, ...] = get_args(ServiceLanguage)
# How the user interface of each groups thousands; an interface for programs never does.
THOUSANDS: dict[str, str] = {"nl": ".", "en": ",", "fr": " "}


class Named(Closed):
    """One metric or dimension: how each language writes it, newest name first."""

    kinds: tuple[Kind, ...] = ("ua", "ga4")
    nl: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    api: tuple[str, ...] = ()


class Metric(Named):
    """A metric; with a `measure` it can become a figure as it is."""

    measure: Literal["page_views", "sessions"] | None = None


class Dimension(Named):
    """A dimension: rows by time (`grain`), by what every visit has (`whole`), or by visitor.

    `nth` counts from 0 at the first day of the block's period. With `only` a value is `a / b`: it
    counts as a if b is `only`. A table with the value `never` is of all visits, and not
    of those that the dimension is wanted for.
    """

    grain: Literal["year", "month", "week", "day"] | None = None
    nth: bool = False
    whole: bool = False
    personal: bool = False
    only: str | None = None
    never: str | None = None


class Service(Closed):
    """The names of a service, and the words by which its exports say what they are."""

    metrics: dict[str, Metric]
    dimensions: dict[str, Dimension]
    property: tuple[str, ...]
    totals: tuple[str, ...]
    collapsed: tuple[str, ...]
    sampled: tuple[str, ...]
    thresholded: tuple[str, ...]


@lru_cache(maxsize=10_000)
def simple(text: str) -> str:
    """A name without what differs by accident: case, spaces, composed accents, apostrophes."""
    composed = unicodedata.normalize("NFC", text.replace("\u2019", "'").replace("\ufeff", ""))
    return " ".join(composed.split()).casefold()


@cache
def service() -> Service:
    """The names of Google Analytics."""
    return validate(Service, read_resource("helpline_report.parameters", "google-analytics.yaml"))


@cache
def index_names(
    group: Literal["metrics", "dimensions"], kind: Kind
) -> Mapping[str, tuple[str, frozenset[ServiceLanguage]]]:
    """Metric or dimension, and languages, by the simple form of each name of a kind of export."""
    items: Mapping[str, Named] = getattr(service(), group)
    by_name: dict[str, tuple[str, frozenset[ServiceLanguage]]] = {}
    for name, item in items.items():
        for language in SERVICE_LANGUAGES if kind in item.kinds else ():
            for text in getattr(item, language):
                other, languages = by_name.setdefault(simple(text), (name, frozenset()))
                if other != name:
                    raise AssertionError(f"'{text}' names '{other}' and '{name}'")
                by_name[simple(text)] = (name, languages | {language})
    return MappingProxyType(by_name)
