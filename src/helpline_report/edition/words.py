"""All words of a page: the prose's own, the interface's catalogue, and what charts ask for."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal

from helpline_report.charts.words import Window
from helpline_report.edition.catalogue import catalogue
from helpline_report.edition.publication import Publication
from helpline_report.figures.model import (
    Crosstab,
    Figure,
    Mark,
    PopulationSpec,
    Reason,
    Series,
    Unit,
)
from helpline_report.params.edition import Period, Translated
from helpline_report.prose.numbers import number, percent
from helpline_report.prose.writer import Writer


class EditionWords:
    """The words of one edition in its language; what `charts.words.Words` asks for, and more."""

    def __init__(self, publication: Publication) -> None:
        self.language = publication.language
        self.locale = publication.edition.locale
        self._publication = publication
        self._phrases = catalogue(self.language)
        self.writer = Writer(
            publication.ledger,
            publication.edition,
            publication.comparison,
            publication.codelists,
            self.language,
        )

    def say(self, key: str, **values: str) -> str:
        """A phrase of the interface's catalogue.

        Raises:
            KeyError: the catalogue doesn't know it.
        """
        return self._phrases[key].format(**values)

    def label(self, field: str, code: str) -> str:
        """The label of a code of a field."""
        return self.writer.label(field, code)

    def short(self, field: str, code: str) -> str:
        """The label of a code where there is little room."""
        if field == "month":
            return get_month_names("abbreviated", locale=self.locale)[int(code)].rstrip(".")
        if field == "weekday":
            return get_day_names("abbreviated", locale=self.locale)[int(code) - 1].rstrip(".")
        return code.lstrip("0") or "0" if field == "hour" else self.label(field, code)

    def value(self, figure: Figure) -> str:
        """A figure as it stands in a chart or a table."""
        return self.writer.shown(figure)

    def number(self, value: float, unit: Unit) -> str:
        """A number on an axis."""
        text = format_decimal(round(value, 4), format="#,##0.####", locale=self.locale)
        return f"{text}\N{NO-BREAK SPACE}%" if unit in ("percent", "percent change") else text

    def decimals(self, value: float, unit: Unit) -> str:
        """A number with the decimals that its unit is written with in a table."""
        idiom = self.writer.names.idiom
        if unit in ("percent", "percent change"):
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

    def missing(self, field: str, code: str) -> bool:
        """Whether a code says that nothing is known."""
        codelist = self._publication.codelists.get(field)
        found = codelist.by_code.get(code) if codelist else None
        return found.missing if found else False

    def window(self, mark: Mark) -> Window | None:
        """The name and the days of a campaign or an event of the edition."""
        edition = self._publication.edition
        if mark.kind == "campaign":
            for campaign in edition.campaigns:
                if campaign.id == mark.id:
                    return Window(self.translated(campaign.name), campaign.start, campaign.end)
        for event in edition.events:
            if mark.kind == "event" and event.id == mark.id:
                return Window(self.translated(event.name), event.date, event.date)
        return None

    def translated(self, text: Translated) -> str:
        """A text of the parameters in the language of the page."""
        return text.in_language(self.language)

    def day(self, day: dt.date) -> str:
        """A date in words."""
        return format_date(day, format="d MMMM y", locale=self.locale)

    def days(self, start: dt.date, end: dt.date) -> str:
        """A first and a last day in words."""
        return self.writer.period(Period(start=start, end=end))

    def reason(self, reason: Reason) -> str:
        """Why something isn't there."""
        return self.writer.reason(reason)

