"""What a web analytics service calls its metrics and dimensions, by kind and language, as data."""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, get_args

from helpline_report.parameters.yaml import Closed, read_resource, validate

Kind = Literal["ua", "ga4"]
# `layout` are the names that a layout gives, of a language that isn't among the others.
ServiceLanguage = Literal["nl", "en", "fr", "es", "de", "api", "layout"]
SERVICE_LANGUAGES: tuple[ServiceLanguage, ...] = get_args(ServiceLanguage)
# How the user interface of each groups thousands; an interface for programs never does.
THOUSANDS: dict[str, str] = {"nl": ".", "en": ",", "fr": " ", "es": ".", "de": "."}
# Names that a layout adds, by metric or dimension.
Headers = tuple[tuple[str, tuple[str, ...]], ...]


class Named(Closed):
    """One metric or dimension: how each language writes it, newest name first."""

    kinds: tuple[Kind, ...] = ("ua", "ga4")
    nl: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    fr: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    de: tuple[str, ...] = ()
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


ACCIDENTAL = str.maketrans({"\u2019": "'", "\u2013": "-", "\ufeff": None})


@lru_cache(maxsize=10_000)
def simple(text: str) -> str:
    """A name without what differs by accident: case, spaces, accents, apostrophes, dashes."""
    composed = unicodedata.normalize("NFC", text.translate(ACCIDENTAL))
    return " ".join(composed.split()).casefold()


@cache
def service() -> Service:
    """The names of Google Analytics."""
    return validate(Service, read_resource("helpline_report.parameters", "google-analytics.yaml"))


@cache
def index_names(
    group: Literal["metrics", "dimensions"], kind: Kind, headers: Headers = ()
) -> Mapping[str, tuple[str, frozenset[ServiceLanguage]]]:
    """Metric or dimension, and languages, by the simple form of each name of a kind of export.

    `headers` are the names that a layout adds.
    """
    own = dict(headers)
    items: Mapping[str, Named] = getattr(service(), group)
    by_name: dict[str, tuple[str, frozenset[ServiceLanguage]]] = {}
    for name, item in items.items():
        for language in SERVICE_LANGUAGES if kind in item.kinds else ():
            texts = own.get(name, ()) if language == "layout" else getattr(item, language)
            for text in texts:
                other, languages = by_name.setdefault(simple(text), (name, frozenset()))
                if other != name:
                    raise AssertionError(f"'{text}' names '{other}' and '{name}'")
                by_name[simple(text)] = (name, languages | {language})
    return MappingProxyType(by_name)
