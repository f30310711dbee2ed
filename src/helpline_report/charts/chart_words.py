"""Write the labels, numbers and phrases of a chart, in the words of the prose."""

from __future__ import annotations

from babel.dates import get_day_names, get_month_names

from helpline_report.charts.style import write_number
from helpline_report.figures.model import Crosstab, Figure, PopulationSpec, Series, Unit
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.writer import Writer


class ChartWords:
    """Labels, numbers and phrases in the language of a writer, for the figures of its ledger."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.ledger = writer.ledger
        self.language = writer.language
        self.locale = writer.idiom.locale
        self.phrases = read_phrases("helpline_report.charts", self.language)

    def say(self, key: str, **values: str) -> str:
        """A phrase.

        Raises:
            KeyError: there is none by that key, or a value in it isn't given.
        """
        return self.phrases[key].format(**values)

    def label(self, field: str, code: str) -> str:
        """The label of a code."""
        return self.writer.label(field, code)

    def short(self, field: str, code: str) -> str:
        """The label of a code where there is little room (`jan`, `ma`)."""
        if field == "month":
            return str(get_month_names("abbreviated", locale=self.locale)[int(code)]).rstrip(".")
        if field == "weekday":
            return str(get_day_names("abbreviated", locale=self.locale)[int(code) - 1]).rstrip(".")
        if field == "hour" and code.isdigit():
            return str(int(code))
        return self.label(field, code)

    def value(self, figure: Figure | None) -> str:
        """A value as it is written in a table; a category that didn't exist wasn't registered."""
        return self.writer.shown(figure) if figure else self.say("not_registered")

    def number(self, value: float, unit: Unit) -> str:
        """A number with the decimals it has."""
        return write_number(value, unit, self.locale)

    def counts(self, figure: Figure | None) -> str:
        """The two counts that a change is made of; nothing where it keeps none."""
        if figure is None or figure.numerator is None or figure.denominator is None:
            return ""
        before, now = (self.number(n, "count") for n in (figure.denominator, figure.numerator))
        return self.say("from_to", before=before, now=now)

    def caption(self, item: Series | Crosstab) -> str:
        """What a series or a cross-table shows."""
        return self.writer.caption(item)

    def name(self, figure: Figure) -> str:
        """What a single figure is of."""
        return self.writer.definition(figure)

    def period(self, population: PopulationSpec) -> str:
        """The period of a population."""
        return self.writer.period(population.period)

    def missing(self, field: str, code: str) -> bool:
        """Whether a code says that nothing is known."""
        codelist = self.writer.codelists.get(field)
        entry = codelist.by_code.get(code) if codelist else None
        return entry.missing if entry else False
