"""The sentence of each verdict, from the catalogue, with numbers written as prose writes them."""

from __future__ import annotations

from helpline_report.audit.catalogue import catalogue
from helpline_report.audit.own_numbers import Evidence, Label, Said
from helpline_report.audit.printing import Bounds, computed_value
from helpline_report.figures.model import Figure, Noun, PopulationSpec, Unit
from helpline_report.figures.printed import PrintedFigure
from helpline_report.prose.labels import noun
from helpline_report.prose.numbers import Number, exact, number, percent
from helpline_report.prose.writer import Writer

DECIMALS = 2


class Reasons:
    """Writes the reasons of a reconciliation in the language of a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._idiom = writer.names.idiom
        self._phrases = catalogue(writer.names.language)

    def say(self, key: str, **values: str) -> str:
        """A sentence of the catalogue."""
        return self._phrases[key].format(**values)

    def agrees(self, figure: Figure, *, exactly: bool) -> str:
        """That the print is right, or what it is a rounding of."""
        if exactly:
            return self.say("reason.agrees")
        return self.say("reason.agrees_rounded", computed=self._computed(figure))

    def wrong_population(self, item: PrintedFigure, of: str) -> str:
        """That the number is right, and what it is called and what it is."""
        key = "reason.wrong_share" if item.unit == "percent" else "reason.wrong_count"
        return self.say(key, of=self._noun(of), claimed=self._noun(item.claimed))

    def unavailable(self, figure: Figure | None) -> str:
        """Why there is nothing to compare with."""
        if figure is None or figure.reason is None:
            return self.say("reason.unknown")
        return self.say("reason.unavailable", clause=self._clause(figure))

    def not_comparable(self, figure: Figure) -> str:
        """Which declared change lies between the two periods."""
        return self.say("reason.not_comparable", clause=self._clause(figure))

    def _clause(self, figure: Figure) -> str:
        return self._writer.reason(figure.reason).rstrip(".") if figure.reason else ""

    def redefined(self, item: PrintedFigure, of: str) -> str:
        """What the report counted, and what is counted now."""
        mine, theirs = self._noun(of), self._noun(item.population)
        return self.say("reason.redefined", population=theirs, of=mine)

    def revised(self, item: PrintedFigure, figure: Figure) -> str:
        """What the exports give now, and whether they are still those that were counted then."""
        key = {"unknown": "reason.revised", "same": "reason.recounted", "changed": "reason.resent"}
        return self.say(key[item.exports], computed=self._computed(figure), printed=item.printed)

    def not_supported(self, figure: Figure) -> str:
        """The rate ratio, and its interval, which doesn't lie above 1."""
        ratio = number(self._idiom, computed_value(figure), DECIMALS)
        if figure.interval is None:
            return self.say("reason.not_supported_bare", ratio=ratio)
        return self.say(
            "reason.not_supported",
            ratio=ratio,
            level=percent(self._idiom, 100 * figure.interval.level, 0),
            low=number(self._idiom, figure.interval.low, DECIMALS),
            high=number(self._idiom, figure.interval.high, DECIMALS),
        )

    def contradicts(self, item: PrintedFigure, evidence: Evidence) -> str:
        """The numbers of the report that say otherwise."""
        parts = {name: self._part(part) for name, part in evidence.parts.items()}
        return self.say(evidence.phrase, printed=f"‘{item.printed}’", **parts)

    def _part(self, part: Said | Label) -> str:
        if isinstance(part, Label):
            return self._writer.label(part.field, part.code)
        return self._bounds(part.bounds, part.unit)

    def _bounds(self, bounds: Bounds, unit: Unit) -> str:
        low, high = self._number(bounds.low, unit), self._number(bounds.high, unit)
        return low if low == high else self.say("between", low=low, high=high)

    def _number(self, value: Number, unit: Unit) -> str:
        if unit in ("percent", "percent change"):
            return percent(self._idiom, value, DECIMALS, signed=unit == "percent change")
        whole = exact(value) == exact(value).to_integral_value()
        return number(self._idiom, value, 0 if whole else DECIMALS)

    def _computed(self, figure: Figure) -> str:
        if figure.unit in ("count", "mean", "percent", "percent change", "ratio"):
            return self._number(computed_value(figure), figure.unit)
        return self._writer.value(figure)

    def _noun(self, name: str) -> str:
        return noun(self._writer.names, name.replace(" ", "_"))


def population_of(figure: Figure) -> PopulationSpec:
    """What a figure is a share or a count of."""
    return figure.of if figure.kind == "share" and figure.of is not None else figure.population


def noun_of(figure: Figure) -> Noun:
    """The noun of what a figure is a share or a count of."""
    return population_of(figure).noun
