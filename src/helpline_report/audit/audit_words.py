"""Write the audit's words: phrases of its catalogue, and numbers as prose writes them."""

from helpline_report.charts.chart_figures import ChartWords
from helpline_report.figures.model import Figure, Unit
from helpline_report.parameters.values import Number, exact
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.numbers import capitalised, number, raw
from helpline_report.prose.writer import Writer

PERCENTS = ("percent", "percent change")
DECIMALS = 2


class AuditWords(ChartWords):
    """The words of the audit of one edition: its own phrases, and beside them the report's."""

    def __init__(self, writer: Writer) -> None:
        super().__init__(writer)
        for part in ("helpline_report.report", "helpline_report.audit"):
            self.phrases = {**self.phrases, **read_phrases(part, self.language)}

    def head(self, key: str) -> str:
        """A phrase with a capital at its start."""
        return capitalised(self.say(key))

    def value(self, figure: Figure | None) -> str:
        """A figure as prose writes it; where it has no value, why."""
        return "" if figure is None else self.writer.cell_text(figure)

    def exact(self, figure: Figure) -> str:
        """The value as it was computed, nothing rounded; nothing where prose writes all of it."""
        whole = figure.unit in ("count", "month", "weekday", "rank", "flag")
        return "" if whole else raw(figure.value)

    def why_not(self, figure: Figure) -> str:
        """Why a figure has no value, in a sentence; nothing where it has one."""
        if figure.reason is None:
            return ""
        return capitalised(self.writer.reason(figure.reason)).rstrip(".") + "."

    def noun(self, name: str) -> str:
        """The noun of a population, by its name: 'page views'."""
        return self.writer.noun(name.replace(" ", "_"))

    def count(self, value: Number) -> str:
        """A count or an exposure: no decimals where it is whole."""
        return self.number(value, "count")

    def number(self, value: Number, unit: Unit) -> str:
        """A number in its unit; what is no percentage has no decimals where it is whole."""
        whole = unit not in PERCENTS and exact(value) == exact(value).to_integral_value()
        return number(self.writer.idiom, value) if whole else self.decimals(value, unit, DECIMALS)
