"""Compute a printed figure anew from the other numbers of its own report, where these allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.printed_numbers import Bounds, Print, read_print
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Key, PopulationSpec, Series, Unit, key_of
from helpline_report.figures.printed import PrintedFigure

DISTINCT = ("users",)


class PrintedSize(NamedTuple):
    """What a report says of the size of a population, itself or as a share of another."""

    bounds: Bounds
    share: Print | None = None
    whole: Bounds | None = None


@dataclass(frozen=True)
class PrintedReport:
    """The numbers of one report, by what they count."""

    ledger: Ledger
    counts: Mapping[Key, Bounds]
    shares: Mapping[Key, Sequence[tuple[Print, Key]]]
    items: Mapping[str, PrintedFigure]

    def sizes(self, spec: PopulationSpec) -> Iterator[PrintedSize]:
        """All that the report says of the size of a population."""
        key = key_of(spec)
        if key in self.counts:
            yield PrintedSize(self.counts[key])
        yield from self.sizes_by_share(spec)

    def sizes_by_share(self, spec: PopulationSpec) -> Iterator[PrintedSize]:
        """The size of a population where it is printed as a share of a printed whole."""
        for share, of in self.shares.get(key_of(spec), ()):
            whole = self.counts.get(of)
            if whole is not None:
                yield PrintedSize(_part(share.bounds, whole), share, whole)

    def counts_of(self, series: Series) -> dict[str, Bounds]:
        """The members of a series that are printed as counts, by their codes."""
        items = {member.code: self.items.get(member.figure) for member in series.members}
        return {
            code: read_print(item).bounds
            for code, item in items.items()
            if item is not None and item.unit == "count"
        }


def _part(share: Bounds, whole: Bounds) -> Bounds:
    """A share of a whole, as whole numbers where there are any."""
    low, high = share.low * whole.low / 100, share.high * whole.high / 100
    least, most = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    return Bounds(least, most) if least <= most else Bounds(low, high)


def read_report(
    items: Sequence[PrintedFigure],
    ledger: Ledger,
    figure_of: Callable[[PrintedFigure], Figure | None],
) -> PrintedReport:
    """The numbers of one report that the ledger has a figure for, as `figure_of` says."""
    named: dict[str, PrintedFigure] = {}
    counts: dict[Key, Bounds] = {}
    shares: dict[Key, list[tuple[Print, Key]]] = {}
    for item in items:
        figure = figure_of(item)
        named[figure.id if figure else item.id] = item
        if figure is None or figure.unit != item.unit:
            continue
        key = key_of(figure.population)
        if figure.kind == "count":
            counts.setdefault(key, read_print(item).bounds)
        elif figure.kind == "share" and figure.of is not None:
            shares.setdefault(key, []).append((read_print(item), key_of(figure.of)))
    return PrintedReport(ledger, counts, shares, named)


def find_contradiction(
    item: PrintedFigure, figure: Figure, report: PrintedReport, words: AuditWords
) -> str:
    """The sentence that says how the report's own numbers exclude what it prints; else nothing."""
    if figure.unit != item.unit:
        return ""
    finder = _Finder(item, figure, report, words)
    match figure.kind:
        case "change":
            return finder.change()
        case "share":
            return finder.share()
        case "mean":
            return finder.mean()
        case "count":
            return finder.count() or finder.sum()
        case "top":
            return finder.top()
    return ""


@dataclass(frozen=True)
class _Finder:
    """One printed figure, the ledger's figure that says the same, and the report around it."""

    item: PrintedFigure
    figure: Figure
    report: PrintedReport
    words: AuditWords

    def change(self) -> str:
        if self.figure.of is None:
            return ""
        for now in self.report.sizes(self.figure.population):
            for then in self.report.sizes(self.figure.of):
                a, b = now.bounds, then.bounds
                if b.low <= 0:
                    continue
                own = Bounds(100 * (a.low - b.high) / b.high, 100 * (a.high - b.low) / b.low)
                if self._excludes(own):
                    text = self._write(own, "percent change")
                    return self._say("change", now=self._write(a), then=self._write(b), own=text)
        return ""

    def share(self) -> str:
        counts, of = self.report.counts, self.figure.of
        part = counts.get(key_of(self.figure.population))
        whole = counts.get(key_of(of)) if of else None
        if part is None or whole is None or whole.low <= 0:
            return ""
        own = Bounds(100 * part.low / whole.high, 100 * part.high / whole.low)
        if not self._excludes(own):
            return ""
        text = self._write(own, "percent")
        return self._say("share", part=self._write(part), whole=self._write(whole), own=text)

    def mean(self) -> str:
        divisor = self._divisor()
        if divisor is None:
            return ""
        for size in self.report.sizes(self.figure.population):
            own = Bounds(size.bounds.low / divisor, size.bounds.high / divisor)
            if self._excludes(own):
                by_share = self._write_share(size)
                return self._say(
                    "mean_of_share" if by_share else "mean",
                    number=self._write(size.bounds),
                    divisor=self._write(Bounds(divisor, divisor), "mean"),
                    own=self._write(own, "mean"),
                    **by_share,
                )
        return ""

    def _divisor(self) -> Decimal | None:
        """What a mean is divided by; open days as the report itself prints them, if it does."""
        exposure, report = self.figure.exposure, self.report
        if exposure is None or exposure.of <= 0:
            return None
        divisor = Decimal(exposure.of)
        if "open_day" not in exposure.unit.split(" × "):
            return divisor
        for identifier, item in report.items.items():
            days = report.ledger.figures.get(identifier)
            if days is None or days.population.table != "calendar" or days.unit != item.unit:
                continue
            if days.population.period == self.figure.population.period and days.value:
                return divisor / Decimal(days.number) * read_print(item).value
        return divisor

    def count(self) -> str:
        for size in self.report.sizes_by_share(self.figure.population):
            if self._excludes(size.bounds):
                own = self._write(size.bounds)
                return self._say("count", own=own, **self._write_share(size))
        return ""

    def sum(self) -> str:
        """The parts of a series that the report prints whole, added up."""
        for series in self._series():
            counts = self.report.counts_of(series)
            adds_up = series.unit == "count" and not series.overlapping
            if not adds_up or not counts or len(counts) < len(series.members):
                continue
            zero = Decimal(0)
            own = Bounds(
                sum((each.low for each in counts.values()), zero),
                sum((each.high for each in counts.values()), zero),
            )
            if self.figure.population.noun not in DISTINCT and self._excludes(own):
                parts = self.words.count(len(counts))
                return self._say("sum", parts=parts, own=self._write(own))
        return ""

    def top(self) -> str:
        """A printed first place against the counts that the report prints for the same codes."""
        if self.figure.place != 1 or self.figure.lowest or len(self.figure.by) != 1:
            return ""
        value = self.item.value
        claimed = f"{int(value):02d}" if self.figure.unit == "month" else value
        for series in self._series(self.figure.by[0]):
            counts = self.report.counts_of(series)
            if claimed not in counts:
                continue
            other, most = max(counts.items(), key=lambda pair: pair[1].low)
            if most.low > counts[claimed].high:
                return self._say(
                    "top",
                    other=self.words.writer.label(series.by, other),
                    claimed=self.words.writer.label(series.by, claimed),
                    more=self._write(most),
                    fewer=self._write(counts[claimed]),
                )
        return ""

    def _series(self, by: str = "") -> Iterator[Series]:
        """The series of the figure's population, by any field or by one."""
        key = key_of(self.figure.population)
        for series in self.report.ledger.series.values():
            if by in ("", series.by) and key_of(series.population) == key:
                yield series

    def _excludes(self, own: Bounds) -> bool:
        return own.excludes(read_print(self.item).bounds)

    def _say(self, key: str, **parts: str) -> str:
        return self.words.say(f"contradicts.{key}", printed=f"‘{self.item.printed}’", **parts)

    def _write(self, bounds: Bounds, unit: Unit = "count") -> str:
        low, high = self.words.number(bounds.low, unit), self.words.number(bounds.high, unit)
        return low if low == high else self.words.say("between", low=low, high=high)

    def _write_share(self, size: PrintedSize) -> dict[str, str]:
        """The share and the whole that a size was computed from, if it was."""
        if size.share is None or size.whole is None:
            return {}
        value = size.share.value
        share = self._write(Bounds(value, value), "percent")
        return {"share": share, "whole": self._write(size.whole)}
