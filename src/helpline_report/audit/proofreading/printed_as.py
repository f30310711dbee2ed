"""Whether the numbers of a piece of our own page are those of a figure of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from helpline_report.audit.catalogue import hedges
from helpline_report.audit.proofreading.changes import way_of
from helpline_report.audit.proofreading.vocabulary import dutch, either
from helpline_report.figures.model import Figure
from helpline_report.prose.numbers import exact

NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[+\-−])?(?P<number>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
)
HALF = Decimal("0.5")
HUNDRED = Decimal(100)
SIGNED = ("change", "rate_ratio")


def strangers(text: str, figure: Figure) -> list[str]:
    """The numbers of a text that are none of a figure's: value, parts, interval, exposure."""
    ranged = bool(re.search(r"interval|\btot\b", text))
    known = list(numbers_of(figure, interval=ranged))
    return [
        match[0]
        for match in NUMBER.finditer(text)
        if not any(_prints(match, text, number) for number in known)
    ]


def numbers_of(figure: Figure, *, interval: bool = True) -> Iterator[Decimal]:
    """The numbers that a page may print for a figure, those of its interval if it prints one."""
    numbers: list[float | str | None] = [figure.value, figure.numerator, figure.denominator]
    if interval and figure.interval is not None:
        numbers += [figure.interval.low, figure.interval.high]
        yield HUNDRED * exact(figure.interval.level)
    if figure.exposure is not None:
        numbers += [figure.exposure.of, figure.exposure.against]
    for number in numbers:
        if number is not None and not isinstance(number, str):
            yield exact(number)


def _prints(match: re.Match[str], text: str, number: Decimal) -> bool:
    """Whether a print is a rounding of a number, or hedged and within a unit of it.

    A sign that is printed is part of the print; words say of the others which way they go.
    """
    printed = Decimal(match["number"].replace(".", "").replace(",", "."))
    step = Decimal(1).scaleb(-len(match["number"].partition(",")[2]))
    negative = match["sign"] in {"-", "−"}
    size = -number if negative else number if match["sign"] == "+" else abs(number)
    reach = step if _hedged(text[: match.start()]) else step * HALF
    return abs(size - printed) <= reach


def _hedged(before: str) -> bool:
    words = [word for word in hedges() if word not in dutch().no_hedges]
    return bool(re.search(either(tuple(words)) + r"\s*$", before, re.IGNORECASE))


def wrong_way(text: str, figure: Figure) -> bool:
    """Whether a text calls a rise what fell, or the other way round."""
    if figure.kind not in SIGNED or figure.value is None:
        return False
    way = way_of(text)
    none = 1 if figure.kind == "rate_ratio" else 0
    return (way == "rise" and figure.number < none) or (way == "fall" and figure.number > none)


def same_value(value: str, figure: Figure) -> bool:
    """Whether the value for machines is the figure's."""
    return value == str(figure.value)
