"""Read what a printed number says, and compute it anew from the other numbers of its report.

A print has decimals and a hedge, and leaves a range open; the numbers beside it may exclude it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from helpline_report.audit.audit_words import AuditWords
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Key, Unit, make_key
from helpline_report.figures.printed import PrintedFigure
from helpline_report.parameters.values import exact, rounded
from helpline_report.parameters.yaml import read_yaml

CODES = ("label", "month", "weekday", "rank", "flag")

Agreement = Literal["exact", "rounded"]
# On which side of a printed number the true one lies.
Hedge = Literal["over", "under", "near", "above", "below"]

NUMBER = re.compile(r"\d[\d.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']*")
LEADING_DIGITS = 2
HEDGES = Path(__file__).parent / "catalogue" / "hedges.yaml"
# Which ends of its range a hedge leaves out; a number without one and 'near' are rounded.
OPEN_ENDS: Mapping[str | None, Sequence[str]] = {
    "over": ("high",),
    "above": ("low", "high"),
    "below": ("high",),
    "under": (),
}
# The parts of such a series overlap: one user may come in two months.
DISTINCT = ("users",)


@cache
def read_hedges() -> Mapping[str, Hedge]:
    """What each hedge of a printed report means, in whichever language it was printed."""
    words = read_yaml(HEDGES).data
    return {word: hedge for hedge in get_args(Hedge) for word in words[hedge]}


class Bounds(NamedTuple):
    """The least and the most that a number can be; both may be it."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Print:
    """A printed number: its value, its unit, how many decimals it shows, and its hedge."""

    value: Decimal
    unit: str
    decimals: int
    hedge: Hedge | None

    @property
    def step(self) -> Decimal:
        """The place it was cut short at: the last decimal, or of a hedged count a round one."""
        round_one = self.hedge is not None and self.unit in ("count", "mean")
        if not round_one or self.value != int(self.value):
            return Decimal(1).scaleb(-self.decimals)
        digits = str(abs(int(self.value)))
        zeros = len(digits) - len(digits.rstrip("0"))
        return Decimal(10) ** max(0, min(zeros, len(digits) - LEADING_DIGITS))

    @property
    def bounds(self) -> Bounds:
        """The range of numbers that are printed like this."""
        value, step = self.value, self.step
        if self.hedge in ("over", "above"):
            return Bounds(value, value + step)
        if self.hedge in ("under", "below"):
            return Bounds(value - step, value)
        either_side = 0 if self.unit == "count" and self.hedge is None else step / 2
        return Bounds(value - either_side, value + either_side)

    def fits(self, computed: Decimal) -> bool:
        """Whether a computed number may be printed like this."""
        if self.hedge in OPEN_ENDS:
            excluded = [getattr(self.bounds, end) for end in OPEN_ENDS[self.hedge]]
            return self.bounds.low <= computed <= self.bounds.high and computed not in excluded
        if self.unit == "count" and self.hedge is None:
            return computed == self.value
        return rounded(computed / self.step) * self.step == self.value


def read_print(item: PrintedFigure) -> Print:
    """What a printed number says.

    Raises:
        ValueError: it is no number.
    """
    try:
        value = Decimal(item.value)
    except InvalidOperation:
        raise ValueError(f"'{item.id}' is no number") from None
    text, hedges = item.printed.strip().casefold(), read_hedges()
    # The longest hedge that begins the print, or stands right before its number.
    before = r"^{0}(?!\w)|(?<!\w){0}\s*\d"
    words = [word for word in hedges if re.search(before.format(re.escape(word)), text)]
    hedge = hedges[max(words, key=len)] if words else None
    return Print(value, item.unit, _count_decimals(item.printed, value), hedge)


def _count_decimals(printed: str, value: Decimal) -> int:
    """The decimals of the number in the print that is `value`, whichever mark it has."""
    for token in NUMBER.findall(printed):
        for mark, grouping in ((",", r"[^\d,]"), (".", r"[^\d.]")):
            whole, _, decimals = re.sub(grouping, "", token).strip(mark).partition(mark)
            if mark not in decimals and Decimal(f"{whole or 0}.{decimals or 0}") == abs(value):
                return len(decimals)
    return max(0, -int(value.normalize().as_tuple().exponent))


def recompute_value(figure: Figure) -> Decimal:
    """The value of a figure, made anew of its numerator and denominator where it has them.

    Raises:
        ValueError: it has no value, or is a label.
    """
    if figure.numerator is None or figure.denominator is None:
        return exact(figure.number)
    above, below = Decimal(figure.numerator), Decimal(figure.denominator)
    match figure.kind:
        case "share":
            return 100 * above / below
        case "change":
            return 100 * (above - below) / below
        case "mean":
            return above / below
        case "rate_ratio" | "flag" if figure.exposure and figure.exposure.other:
            return above * Decimal(figure.exposure.other) / (below * Decimal(figure.exposure.own))
    return exact(figure.number)


def judge_agreement(item: PrintedFigure, figure: Figure) -> Agreement | None:
    """Whether the print says what was computed: exactly, as a rounding of it, or not at all."""
    if item.unit in CODES:
        # In a draw each of the codes is right; a rank has no code of its own.
        tied = figure.tied if figure.kind == "top" else ()
        codes = item.value, str(figure.value), *tied
        printed, *computed_codes = (int(code) if code.isdigit() else code for code in codes)
        return "exact" if printed in computed_codes else None
    number, computed = read_print(item), recompute_value(figure)
    if not number.fits(computed):
        return None
    whole = computed == computed.to_integral_value()
    return "rounded" if number.hedge or (number.decimals == 0 and not whole) else "exact"


# The other numbers of a report

# The numbers that a sentence is filled in with, by their names in it, each in its unit.
Numbers = Mapping[str, tuple[Bounds, Unit]]


class PrintedReport:
    """The numbers of one report that a ledger has a figure for, as `figure_of` says.

    `sizes` are all that it says of the size of a population: as it was printed, and as a share of a
    printed whole, with both numbers.
    """

    def __init__(
        self,
        items: Sequence[PrintedFigure],
        ledger: Ledger,
        figure_of: Callable[[PrintedFigure], Figure | None],
    ) -> None:
        self.ledger = ledger
        self.items: dict[str, PrintedFigure] = {}
        self.counts: dict[Key, Bounds] = {}
        shares: list[tuple[Key, Print, Key]] = []
        for item in items:
            figure = figure_of(item)
            self.items[figure.id if figure else item.id] = item
            if figure is None or figure.unit != item.unit:
                continue
            key = make_key(figure.population)
            if figure.kind == "count":
                self.counts.setdefault(key, read_print(item).bounds)
            elif figure.kind == "share" and figure.of is not None:
                shares.append((key, read_print(item), make_key(figure.of)))
        self.sizes: dict[Key, list[tuple[Bounds, Numbers]]] = {}
        for key, size in self.counts.items():
            self.sizes[key] = [(size, {})]
        for key, share, of in shares:
            if of in self.counts:
                whole, value = self.counts[of], Bounds(share.value, share.value)
                numbers: Numbers = {"share": (value, "percent"), "whole": (whole, "count")}
                low, high = (
                    end * of_whole / 100 for end, of_whole in zip(share.bounds, whole, strict=True)
                )
                # Whole numbers, where there are any.
                least = low.to_integral_value(ROUND_CEILING)
                most = high.to_integral_value(ROUND_FLOOR)
                part = Bounds(least, most) if least <= most else Bounds(low, high)
                self.sizes.setdefault(key, []).append((part, numbers))

    def find_divisor(self, mean: Figure) -> Decimal | None:
        """What a mean is divided by; open days as the report itself prints them, if it does."""
        exposure = mean.exposure
        if exposure is None or exposure.own <= 0:
            return None
        divisor = Decimal(exposure.own)
        for name, item in self.items.items() if "open_day" in exposure.unit else ():
            days = self.ledger.figures.get(name)
            if days is None or days.population.table != "calendar" or days.unit != item.unit:
                continue
            if days.population.period == mean.population.period and days.value:
                return divisor / Decimal(days.number) * read_print(item).value
        return divisor


def find_contradiction(
    item: PrintedFigure, figure: Figure, report: PrintedReport, words: AuditWords
) -> str:
    """The sentence that says how the report's own numbers exclude what it prints; else nothing."""

    def write(bounds: Bounds, unit: Unit) -> str:
        low, high = words.number(bounds.low, unit), words.number(bounds.high, unit)
        return low if low == high else words.say("part.interval_value", low=low, high=high)

    for key, bounds, numbers in _recompute(figure, report) if figure.unit == item.unit else ():
        own = read_print(item).bounds
        if bounds.high < own.low or bounds.low > own.high:
            with_result = {**numbers, "own": (bounds, figure.unit)}
            written = {name: write(*number) for name, number in with_result.items()}
            return words.say(f"contradicts.{key}", printed=f"‘{item.printed}’", **written)
    return ""


def _recompute(figure: Figure, report: PrintedReport) -> Iterator[tuple[str, Bounds, Numbers]]:
    """What the report's other numbers give for a figure, each way with its phrase and numbers."""
    spec, of = figure.population, figure.of
    sizes = report.sizes.get(make_key(spec), [])
    match figure.kind:
        case "change" if of is not None:
            for (now, _), (then, _) in product(sizes, report.sizes.get(make_key(of), [])):
                if then.low > 0:
                    low, high = (now.low - then.high) / then.high, (now.high - then.low) / then.low
                    both: Numbers = {"now": (now, "count"), "then": (then, "count")}
                    yield "change", Bounds(100 * low, 100 * high), both
        case "share" if of is not None:
            part, whole = report.counts.get(make_key(spec)), report.counts.get(make_key(of))
            if part is not None and whole is not None and whole.low > 0:
                bounds = Bounds(100 * part.low / whole.high, 100 * part.high / whole.low)
                yield "share", bounds, {"part": (part, "count"), "whole": (whole, "count")}
        case "mean" if (divisor := report.find_divisor(figure)) is not None:
            by: Numbers = {"divisor": (Bounds(divisor, divisor), "mean")}
            for size, share in sizes:
                bounds = Bounds(size.low / divisor, size.high / divisor)
                key = "mean_of_share" if share else "mean"
                yield key, bounds, {"number": (size, "count"), **by, **share}
        case "count":
            yield from (("count", size, share) for size, share in sizes if share)
            if spec.noun not in DISTINCT:
                yield from _add_up(figure, report)


def _add_up(figure: Figure, report: PrintedReport) -> Iterator[tuple[str, Bounds, Numbers]]:
    """The parts of each series that the report prints whole, added up."""
    for series in report.ledger.breakdowns.values():
        items = [report.items.get(member.figure) for member in series.members]
        counts = [read_print(item).bounds for item in items if item and item.unit == "count"]
        same = make_key(series.population) == make_key(figure.population)
        if same and series.adds_up and counts and len(counts) == len(items):
            low, high = (sum(ends, Decimal(0)) for ends in zip(*counts, strict=True))
            number = Decimal(len(counts))
            yield "sum", Bounds(low, high), {"parts": (Bounds(number, number), "count")}
