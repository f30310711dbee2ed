"""The words of a chart: labels as whoever has it drawn writes them, and phrases of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal

from helpline_report.charts.catalogue import catalogue
from helpline_report.figures.model import (
    Crosstab,
    Figure,
    Mark,
    PopulationSpec,
    Series,
    Unit,
)
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period


class Idiom(Protocol):
    """The locale in which numbers and dates are written."""

    @property
    def locale(self) -> str:
        """A locale such as `nl_BE`."""


class Names(Protocol):
    """The parameters behind the labels."""

    @property
    def edition(self) -> Edition:
        """The edition that is drawn."""

    @property
    def codelists(self) -> Mapping[str, CodeList]:
        """The code lists by field."""

    @property
    def language(self) -> str:
        """`nl` or `en`."""

    @property
    def idiom(self) -> Idiom:
        """How numbers and dates are written."""


class Labels(Protocol):
    """What a chart is given its words by; the writer of the prose is one."""

    @property
    def names(self) -> Names:
        """The parameters behind the labels."""

    def label(self, field: str, code: str, /) -> str:
        """The label of a code."""

    def shown(self, figure: Figure, /) -> str:
        """The value of a figure, or in a few words why there is none."""

    def definition(self, figure: Figure, /) -> str:
        """What a figure is, in one phrase."""

    def caption(self, shown: Series | Crosstab) -> str:
        """What a series or a cross-table shows."""

    def period(self, period: Period) -> str:
        """A period in words."""


@dataclass(frozen=True)
class Window:
    """A campaign or an event as a chart marks it; an event is one day long."""

    name: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Words:
    """Labels, numbers and phrases in the language of the one who has the chart drawn."""

    labels: Labels

    @property
    def _names(self) -> Names:
        return self.labels.names

    def say(self, key: str, **values: str) -> str:
        """A phrase of the charts' own catalogue."""
        return catalogue(self._names.language)[key].format(**values)

    def label(self, field: str, code: str) -> str:
        """The label of a code."""
        return self.labels.label(field, code)

    def short(self, field: str, code: str) -> str:
        """The label of a code where there is little room (`jan`, `ma`)."""
        locale = self._names.idiom.locale
        if field == "month":
            return str(get_month_names("abbreviated", locale=locale)[int(code)]).rstrip(".")
        if field == "weekday":
            return str(get_day_names("abbreviated", locale=locale)[int(code) - 1]).rstrip(".")
        if field == "hour" and code.isdigit():
            return str(int(code))
        return self.label(field, code)

    def value(self, figure: Figure | None) -> str:
        """A value as it is written in a table; a category that didn't exist wasn't registered."""
        return self.labels.shown(figure) if figure else self.say("not_registered")

    def number(self, value: float, unit: Unit) -> str:
        """A number on an axis."""
        text = _number(round(value, 4), self._names.idiom.locale)
        return f"{text}\N{NO-BREAK SPACE}%" if unit in ("percent", "percent change") else text

    def counts(self, figure: Figure | None) -> str:
        """The two counts that a change is made of; nothing where it keeps none."""
        if figure is None or figure.numerator is None or figure.denominator is None:
            return ""
        before, now = (self.number(n, "count") for n in (figure.denominator, figure.numerator))
        return self.say("from_to", before=before, now=now)

    def caption(self, item: Series | Crosstab) -> str:
        """What a series or a cross-table shows."""
        return self.labels.caption(item)

    def name(self, figure: Figure) -> str:
        """What a single figure is of."""
        return self.labels.definition(figure)

    def period(self, population: PopulationSpec) -> str:
        """The period of a population."""
        return self.labels.period(population.period)

    def missing(self, field: str, code: str) -> bool:
        """Whether a code says that nothing is known."""
        codelist = self._names.codelists.get(field)
        found = codelist.by_code.get(code) if codelist else None
        return found.missing if found else False

    def window(self, mark: Mark) -> Window | None:
        """The name and the days of a mark, if the edition knows it."""
        edition, language = self._names.edition, self._names.language
        if mark.kind == "campaign":
            for campaign in edition.campaigns:
                if campaign.id == mark.id:
                    name = campaign.name.in_language(language)
                    return Window(name, campaign.start, campaign.end)
        for event in edition.events:
            if mark.kind == "event" and event.id == mark.id:
                return Window(event.name.in_language(language), event.date, event.date)
        return None


@lru_cache(maxsize=10_000)
def _number(value: float, locale: str) -> str:
    return str(format_decimal(value, format="#,##0.####", locale=locale))
