"""A printed figure made anew from the other numbers of its own report, where these allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from helpline_report.audit.printing import Bounds, Print, read_print
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec, Series, Unit
from helpline_report.figures.printed import PrintedFigure
from helpline_report.figures.same import Key, key_of

DISTINCT = ("users",)


@dataclass(frozen=True)
class Said:
    """A number of a reason, with the unit in which it is said."""

    bounds: Bounds
    unit: Unit


@dataclass(frozen=True)
class Label:
    """A code of a reason, to be said by its label."""

    field: str
    code: str


@dataclass(frozen=True)
class Evidence:
    """What the report's own numbers make of a figure: the phrase that says it, and its parts."""

    phrase: str
    parts: Mapping[str, Said | Label]


@dataclass(frozen=True)
class Count:
    """What the report says of the size of a population, itself or as a share of another."""

    bounds: Bounds
    share: Print | None = None
    whole: Bounds | None = None


@dataclass(frozen=True)
class Report:
    """The numbers of one report, by what they count."""

    ledger: Ledger
    counts: Mapping[Key, Bounds]
    shares: Mapping[Key, Sequence[tuple[Print, Key]]]
    items: Mapping[str, PrintedFigure] = field(repr=False)

    def sizes(self, spec: PopulationSpec) -> Iterator[Count]:
        """All that the report says of the size of a population."""
        key = key_of(spec)
        if key in self.counts:
            yield Count(self.counts[key])
        yield from self.sizes_by_share(spec)

    def sizes_by_share(self, spec: PopulationSpec) -> Iterator[Count]:
        """The size of a population where it is printed as a share of a printed whole."""
        for share, of in self.shares.get(key_of(spec), ()):
            whole = self.counts.get(of)
            if whole is not None:
                yield Count(_part(share.bounds, whole), share, whole)


def read_report(
    items: Sequence[PrintedFigure],
    ledger: Ledger,
    held: Callable[[PrintedFigure], Figure | None] | None = None,
) -> Report:
    """The numbers of one report that the ledger has a figure for.

    `held` says which figure each is held against; without it, the one of the same name.
    """
    named: dict[str, PrintedFigure] = {}
    counts: dict[Key, Bounds] = {}
    shares: dict[Key, list[tuple[Print, Key]]] = {}
    for item in items:
        figure = held(item) if held else ledger.figures.get(item.id)
        named[figure.id if figure else item.id] = item
        if figure is None or figure.unit != item.unit:
            continue
        key = key_of(figure.population)
        if figure.kind == "count":
            counts.setdefault(key, read_print(item).bounds)
        elif figure.kind == "share" and figure.of is not None:
            shares.setdefault(key, []).append((read_print(item), key_of(figure.of)))
    return Report(ledger, counts, shares, named)


def _part(share: Bounds, whole: Bounds) -> Bounds:
    """A share of a whole, as whole numbers where there are any."""
    low, high = share.low * whole.low / 100, share.high * whole.high / 100
    least, most = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    return Bounds(least, most) if least <= most else Bounds(low, high)


def contradiction(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    """How the report's own numbers exclude what it prints, or None where they don't."""
    if figure.unit != item.unit:
        return None
    match figure.kind:
        case "change":
            return _change(item, figure, report)
        case "share":
            return _share(item, figure, report)
        case "mean":
            return _mean(item, figure, report)
        case "count":
            return _count(item, figure, report) or _sum(item, figure, report)
        case "top":
            return _top(item, figure, report)
    return None


def _change(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    if figure.of is None:
        return None
    for now in report.sizes(figure.population):
        for then in report.sizes(figure.of):
            a, b = now.bounds, then.bounds
            if b.low <= 0:
                continue
            own = Bounds(100 * (a.low - b.high) / b.high, 100 * (a.high - b.low) / b.low)
            if own.excludes(read_print(item).bounds):
                parts = {"now": Said(a, "count"), "then": Said(b, "count")}
                return Evidence("contradicts.change", {**parts, "own": Said(own, "percent change")})
    return None


def _share(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    part = report.counts.get(key_of(figure.population))
    whole = report.counts.get(key_of(figure.of)) if figure.of else None
    if part is None or whole is None or whole.low <= 0:
        return None
    own = Bounds(100 * part.low / whole.high, 100 * part.high / whole.low)
    if not own.excludes(read_print(item).bounds):
        return None
    parts = {"part": Said(part, "count"), "whole": Said(whole, "count")}
    return Evidence("contradicts.share", {**parts, "own": Said(own, "percent")})


def _mean(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    divisor = _divisor(figure, report)
    if divisor is None:
        return None
    for size in report.sizes(figure.population):
        own = Bounds(size.bounds.low / divisor, size.bounds.high / divisor)
        if own.excludes(read_print(item).bounds):
            parts = {
                "number": Said(size.bounds, "count"),
                "divisor": Said(Bounds(divisor, divisor), "mean"),
                "own": Said(own, "mean"),
            }
            return _with_share("contradicts.mean", "contradicts.mean_of_share", parts, size)
    return None


def _with_share(plain: str, shared: str, parts: dict[str, Said], size: Count) -> Evidence:
    if size.share is None or size.whole is None:
        return Evidence(plain, parts)
    share = Bounds(size.share.value, size.share.value)
    told = {"share": Said(share, "percent"), "whole": Said(size.whole, "count")}
    return Evidence(shared, {**parts, **told})


def _divisor(figure: Figure, report: Report) -> Decimal | None:
    """What a mean is divided by; open days as the report itself prints them, if it does."""
    if figure.exposure is None or figure.exposure.of <= 0:
        return None
    divisor = Decimal(figure.exposure.of)
    if "open_day" not in figure.exposure.unit.split(" × "):
        return divisor
    for identifier, item in report.items.items():
        days = report.ledger.figures.get(identifier)
        if days is None or days.population.table != "calendar" or days.unit != item.unit:
            continue
        if days.population.period == figure.population.period and days.value:
            return divisor / Decimal(days.number) * read_print(item).value
    return divisor


def _count(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    for size in report.sizes_by_share(figure.population):
        if size.bounds.excludes(read_print(item).bounds):
            parts = {"own": Said(size.bounds, "count")}
            return _with_share("contradicts.count", "contradicts.count", parts, size)
    return None


def _sum(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    """The parts of a series that the report prints whole, added up."""
    for series in report.ledger.series.values():
        members = _additive(series, figure, report)
        if not members:
            continue
        parts = [read_print(member).bounds for member in members]
        own = Bounds(
            sum(p.low for p in parts) + Decimal(0), sum(p.high for p in parts) + Decimal(0)
        )
        if own.excludes(read_print(item).bounds):
            number = Decimal(len(parts))
            said = {"parts": Said(Bounds(number, number), "count"), "own": Said(own, "count")}
            return Evidence("contradicts.sum", said)
    return None


def _additive(series: Series, figure: Figure, report: Report) -> list[PrintedFigure]:
    """The printed members of a series that make up the figure's population, if all are printed."""
    fits = key_of(series.population) == key_of(figure.population) and series.unit == "count"
    if not fits or series.overlapping or figure.population.noun in DISTINCT:
        return []
    members = [report.items.get(member.figure) for member in series.members]
    found = [item for item in members if item is not None and item.unit == "count"]
    return found if len(found) == len(members) else []


def _top(item: PrintedFigure, figure: Figure, report: Report) -> Evidence | None:
    """A printed first place against the counts that the report prints for the same codes."""
    if figure.place != 1 or figure.lowest or len(figure.by) != 1:
        return None
    claimed = f"{int(item.value):02d}" if figure.unit == "month" else item.value
    for series in report.ledger.series.values():
        if series.by != figure.by[0] or key_of(series.population) != key_of(figure.population):
            continue
        sizes = _printed_sizes(series, report)
        mine = sizes.get(claimed)
        if mine is None:
            continue
        other, most = max(sizes.items(), key=lambda pair: pair[1].low)
        if most.low > mine.high:
            labels = {"other": Label(series.by, other), "claimed": Label(series.by, claimed)}
            return Evidence(
                "contradicts.top",
                {**labels, "more": Said(most, "count"), "fewer": Said(mine, "count")},
            )
    return None


def _printed_sizes(series: Series, report: Report) -> dict[str, Bounds]:
    found = {}
    for member in series.members:
        item = report.items.get(member.figure)
        if item is not None and item.unit == "count":
            found[member.code] = read_print(item).bounds
    return found
