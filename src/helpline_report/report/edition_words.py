"""All words of a page: the prose's own, the charts', and the interface's catalogue."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date

from helpline_report.charts.words import Words
from helpline_report.figures.model import Crosstab, Figure, PopulationSpec, Series, Unit
from helpline_report.parameters.values import Period, Translated
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.forms import CHANGE_DECIMALS
from helpline_report.prose.numbers import number, percent
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication


class EditionWords:
    """The words of one edition in its language, or in another one.

    `writer` writes the prose, and labels charts and tables in the same words; `chart` has what
    charts say besides.
    """

    def __init__(self, publication: Publication, language: str | None = None) -> None:
        self.language = language or publication.language
        self._phrases = read_phrases("helpline_report.report", self.language)
        self.writer = Writer(
            publication.ledger,
            publication.edition,
            publication.comparison,
            publication.codelists,
            self.language,
        )
        self.locale = self.writer.idiom.locale
        self.chart = Words(self.writer)

    def say(self, key: str, **values: str) -> str:
        """A phrase of the interface's catalogue.

        Raises:
            KeyError: the catalogue doesn't know it, or a value in it isn't given.
        """
        return self._phrases[key].format(**values)

    def label(self, field: str, code: str) -> str:
        """The label of a code of a field."""
        return self.writer.label(field, code)

    def value(self, figure: Figure | None) -> str:
        """A figure as it stands in a table; what a series doesn't have was not registered."""
        return self.chart.value(figure)

    def number(self, value: float, unit: Unit) -> str:
        """A number as it is, with the decimals it has."""
        return self.chart.number(value, unit)

    def decimals(self, value: float, unit: Unit) -> str:
        """A number with the decimals that its unit is written with in a table."""
        idiom = self.writer.idiom
        if unit == "percent change":
            return percent(idiom, value, CHANGE_DECIMALS, signed=True)
        if unit == "percent":
            return percent(idiom, value)
        return number(idiom, value, 0 if float(value).is_integer() and unit == "count" else 2)

    def caption(self, item: Series | Crosstab) -> str:
        """What a series or a cross-table shows."""
        return self.writer.caption(item)

    def name(self, figure: Figure) -> str:
        """What a single figure is of."""
        return self.writer.definition(figure)

    def period(self, population: PopulationSpec) -> str:
        """The period of a population."""
        return self.writer.period(population.period)

    def translated(self, text: Translated) -> str:
        """A text of the parameters in the language of the page."""
        return text.in_language(self.language)

    def day(self, day: dt.date) -> str:
        """A date in words."""
        return str(format_date(day, format="d MMMM y", locale=self.locale))

    def days(self, start: dt.date, end: dt.date) -> str:
        """A first and a last day in words."""
        return self.writer.period(Period(start=start, end=end))
