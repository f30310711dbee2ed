"""Write everything that a page says: what the prose says, the charts, and the interface."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date

from helpline_report.charts.chart_figures import ChartWords
from helpline_report.figures.model import Unit
from helpline_report.parameters.values import Period, Translated
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.forms import CHANGE_DECIMALS
from helpline_report.prose.numbers import capitalised, number, percent
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication


class EditionWords(ChartWords):
    """The words of one publication in its language, or in another one."""

    def __init__(self, publication: Publication, language: str | None = None) -> None:
        self.publication = publication
        super().__init__(
            Writer(
                publication.ledger,
                publication.edition,
                publication.comparison,
                publication.codelists,
                language or publication.language,
            )
        )
        own = read_phrases("helpline_report.report", self.language)
        self.phrases = {**self.phrases, **own}

    def decimals(self, value: float, unit: Unit) -> str:
        """A number with the decimals that its unit is written with in a table."""
        idiom = self.writer.idiom
        if unit == "percent change":
            return percent(idiom, value, CHANGE_DECIMALS, signed=True)
        if unit == "percent":
            return percent(idiom, value)
        return number(idiom, value, 0 if float(value).is_integer() and unit == "count" else 2)

    def translated(self, text: Translated) -> str:
        """A text of the parameters in the language of the page."""
        return text.in_language(self.language)

    def day(self, day: dt.date) -> str:
        """A date in words."""
        return str(format_date(day, format="d MMMM y", locale=self.locale))

    def days(self, start: dt.date, end: dt.date) -> str:
        """A first and a last day in words."""
        return self.writer.period(Period(start=start, end=end))

    def titles(self, *keys: str) -> tuple[str, ...]:
        """Phrases with a capital, for the heads of a table."""
        return tuple(capitalised(self.say(key)) for key in keys)

    def sentence(self, text: str) -> str:
        """A text with a capital and a full stop."""
        return capitalised(text).rstrip(".") + "."
