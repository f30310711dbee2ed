"""The words of the audit pages: phrases of the catalogue, and figures as prose writes them."""

from __future__ import annotations

from helpline_report.audit.catalogue import catalogue
from helpline_report.figures.model import Crosstab, Figure, Interval, PopulationSpec, Series, Unit
from helpline_report.prose.numbers import Number, capitalised, number, percent, raw
from helpline_report.prose.writer import Writer
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

DECIMALS = 2


class AuditWords:
    """All words of the audit of one publication, in the language of its report."""

    def __init__(self, publication: Publication) -> None:
        self.language = publication.language
        self.edition = EditionWords(publication)
        self.writer = Writer(
            publication.ledger,
            publication.edition,
            publication.comparison,
            publication.codelists,
            publication.language,
        )
        self._idiom = self.writer.names.idiom
        self._phrases = catalogue(self.language)

    def say(self, key: str, **values: str) -> str:
        """A phrase of the catalogue.

        Raises:
            KeyError: it has none by that key.
        """
        return self._phrases[key].format(**values)

    def capital(self, text: str) -> str:
        """The text with a capital at its start."""
        return capitalised(text)

    def definition(self, figure: Figure) -> str:
        """What a figure is, in one phrase that begins with a capital."""
        return capitalised(self.writer.definition(figure))

    def value(self, figure: Figure | None) -> str:
        """A figure as prose writes it; where it has no value, why."""
        return "" if figure is None else self.writer.shown(figure)

    def exact(self, figure: Figure) -> str:
        """The value as it was computed, nothing rounded; nothing where prose writes all of it."""
        whole = figure.unit in ("count", "month", "weekday", "rank", "flag")
        return "" if whole else raw(figure.value)

    def titled(self, item: Series | Crosstab) -> str:
        """The caption of a series or a cross-table, and its period."""
        period = self.writer.period(item.population.period)
        return f"{self.writer.caption(item)}, {period}"

    def count(self, value: Number) -> str:
        """A count or an exposure: no decimals where it is whole."""
        return number(self._idiom, value, 0 if float(value).is_integer() else DECIMALS)

    def population(self, spec: PopulationSpec) -> str:
        """What a population counts, and when."""
        return self.writer.population(spec)

    def interval(self, interval: Interval, unit: Unit) -> str:
        """An interval with its level: '95 %-interval 85,41 % tot 87,35 %'."""
        return self.say(
            "interval.value",
            level=percent(self._idiom, 100 * interval.level, 0),
            low=self._in_unit(interval.low, unit),
            high=self._in_unit(interval.high, unit),
        )

    def range(self, interval: Interval, unit: Unit) -> str:
        """An interval without its level: '85,41 % tot 87,35 %'."""
        low, high = self._in_unit(interval.low, unit), self._in_unit(interval.high, unit)
        return self.say("between", low=low, high=high)

    def _in_unit(self, value: float, unit: Unit) -> str:
        if unit in ("percent", "percent change"):
            return percent(self._idiom, value, DECIMALS, signed=unit == "percent change")
        return number(self._idiom, value, DECIMALS)
