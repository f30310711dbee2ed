"""Compute a printed figure anew from the other numbers of its own report, where these allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.printed_numbers import Bounds, Print, read_print
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Key, PopulationSpec, Unit, key_of
from helpline_report.figures.printed import PrintedFigure

# The parts of such a series overlap: one user may come in two months.
DISTINCT = ("users",)

# What a sentence is filled in with: numbers in their units.
Parts = Mapping[str, tuple[Bounds, Unit]]


@dataclass(frozen=True)
class PrintedReport:
    """The numbers of one report, by what they count."""

    ledger: Ledger
    counts: Mapping[Key, Bounds]
    shares: Mapping[Key, Sequence[tuple[Print, Key]]]
    items: Mapping[str, PrintedFigure]

    def sizes_by_share(self, spec: PopulationSpec) -> Iterator[tuple[Bounds, Parts]]:
        """The size of a population where it is printed as a share of a printed whole, with both."""
        for share, of in self.shares.get(key_of(spec), ()):
            if (whole := self.counts.get(of)) is not None:
                value = Bounds(share.value, share.value)
                yield (
                    _part(share.bounds, whole),
                    {
                        "share": (value, "percent"),
                        "whole": (whole, "count"),
                    },
                )

    def sizes(self, spec: PopulationSpec) -> Iterator[tuple[Bounds, Parts]]:
        """All that the report says of the size of a population."""
        if (size := self.counts.get(key_of(spec))) is not None:
            yield size, {}
        yield from self.sizes_by_share(spec)

    def divisor(self, mean: Figure) -> Decimal | None:
        """What a mean is divided by; open days as the report itself prints them, if it does."""
        exposure = mean.exposure
        if exposure is None or exposure.of <= 0:
            return None
        divisor = Decimal(exposure.of)
        for name, item in self.items.items() if "open_day" in exposure.unit else ():
            days = self.ledger.figures.get(name)
            if days is None or days.population.table != "calendar" or days.unit != item.unit:
                continue
            if days.population.period == mean.population.period and days.value:
                return divisor / Decimal(days.number) * read_print(item).value
        return divisor


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

    def write(bounds: Bounds, unit: Unit) -> str:
        low, high = words.number(bounds.low, unit), words.number(bounds.high, unit)
        return low if low == high else words.say("between", low=low, high=high)

    for key, own, parts in _recompute(figure, report) if figure.unit == item.unit else ():
        if own.excludes(read_print(item).bounds):
            numbers = {**parts, "own": (own, figure.unit)}
            written = {name: write(*number) for name, number in numbers.items()}
            return words.say(f"contradicts.{key}", printed=f"‘{item.printed}’", **written)
    return ""


def _recompute(figure: Figure, report: PrintedReport) -> Iterator[tuple[str, Bounds, Parts]]:
    """What the report's own numbers give for a figure, each way with its phrase and its parts."""
    spec, of = figure.population, figure.of
    match figure.kind:
        case "change" if of is not None:
            for (now, _), (then, _) in product(report.sizes(spec), report.sizes(of)):
                if then.low > 0:
                    low, high = (now.low - then.high) / then.high, (now.high - then.low) / then.low
                    parts: Parts = {"now": (now, "count"), "then": (then, "count")}
                    yield "change", Bounds(100 * low, 100 * high), parts
        case "share" if of is not None:
            part, whole = report.counts.get(key_of(spec)), report.counts.get(key_of(of))
            if part is not None and whole is not None and whole.low > 0:
                own = Bounds(100 * part.low / whole.high, 100 * part.high / whole.low)
                yield "share", own, {"part": (part, "count"), "whole": (whole, "count")}
        case "mean" if (divisor := report.divisor(figure)) is not None:
            by: Parts = {"divisor": (Bounds(divisor, divisor), "mean")}
            for size, share in report.sizes(spec):
                own = Bounds(size.low / divisor, size.high / divisor)
                key = "mean_of_share" if share else "mean"
                yield key, own, {"number": (size, "count"), **by, **share}
        case "count":
            yield from (("count", size, share) for size, share in report.sizes_by_share(spec))
            if spec.noun not in DISTINCT:
                yield from _add_up(figure, report)


def _add_up(figure: Figure, report: PrintedReport) -> Iterator[tuple[str, Bounds, Parts]]:
    """The parts of each series that the report prints whole, added up."""
    for series in report.ledger.series.values():
        items = [report.items.get(member.figure) for member in series.members]
        counts = [read_print(item).bounds for item in items if item and item.unit == "count"]
        adds_up = series.unit == "count" and not series.overlapping
        same = key_of(series.population) == key_of(figure.population)
        if same and adds_up and counts and len(counts) == len(items):
            low, high = (sum(ends, Decimal(0)) for ends in zip(*counts, strict=True))
            number = Decimal(len(counts))
            yield "sum", Bounds(low, high), {"parts": (Bounds(number, number), "count")}
