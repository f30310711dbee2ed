"""Forms of shares and of numbers cut short: 'ruim 62 %', 'twee derde', 'de meerderheid'."""

from __future__ import annotations

from decimal import Decimal

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.prose import labels
from helpline_report.prose.forms import Form, Write
from helpline_report.prose.names import Names
from helpline_report.prose.numbers import exact, floor, number, percent
from helpline_report.prose.populations import population

# Up to here above a whole number a value is 'about' it, up to there 'just over' it; then it is
# 'almost' the next one, and at last 'about' that one.
NEAR = Decimal("0.1")
OVER = Decimal("0.7")
WHOLE = Decimal("0.005")

# How far a share may lie from a simple fraction, in percentage points, to be told by it.
FRACTION_REACH = Decimal(3)
FRACTION_NEAR = Decimal("0.5")

SHARE_DECIMALS = 2
ALL = 100


def about(names: Names, figure: Figure) -> str:
    """A whole number with 'ruim', 'bijna' or 'ongeveer' by where the value lies; none if whole.

    Counts from a hundred on are cut to two leading digits: 'ruim 4.800'.
    """
    if figure.unit == "percent":
        return _about(names, exact(figure.number), Decimal(1), share=True)
    value = exact(figure.number)
    digits = len(str(int(abs(value))))
    step = Decimal(10) ** max(0, digits - 2)
    return _about(names, value, step, share=False)


def _about(names: Names, value: Decimal, step: Decimal, *, share: bool) -> str:
    words = names.idiom.words.shares.about

    def write(whole: Decimal) -> str:
        return percent(names.idiom, whole, 0) if share else number(names.idiom, whole)

    below = floor(value / step) * step
    rest = (value - below) / step
    if share and 0 < value < 1:
        return words.below.format(number=write(Decimal(1)))
    if rest < WHOLE:
        return write(below)
    if rest < NEAR:
        return words.near.format(number=write(below))
    if rest < OVER:
        return words.over.format(number=write(below))
    all_but_a_few = share and below + step == ALL
    pattern = words.under if rest < 1 - NEAR or all_but_a_few else words.near
    return pattern.format(number=write(below + step))


def fraction(names: Names, figure: Figure) -> str:
    """A share as a simple fraction: 'een kwart', 'bijna twee derde', 'ruim de helft'.

    A share that lies near none is told as `about` tells it.
    """
    words, value = names.idiom.words.shares, exact(figure.number)
    known = [(Decimal(100 * f.parts) / f.of, f.words) for f in words.fractions]
    at, said = min(known, key=lambda item: abs(item[0] - value))
    distance = value - at
    if abs(distance) > FRACTION_REACH:
        return about(names, figure)
    if abs(distance) < WHOLE:
        return said
    if abs(distance) < FRACTION_NEAR:
        return words.about.near.format(number=said)
    pattern = words.about.over if distance > 0 else words.about.under
    return pattern.format(number=said)


def size(names: Names, figure: Figure) -> str:
    """A share as a size: 'de overgrote meerderheid' (80 % or more), 'een minderheid'."""
    value = exact(figure.number)
    for item in names.idiom.words.shares.sizes:
        limit = Decimal(str(item.percent))
        if value > limit or (value == limit and not item.above):
            return item.words
    return percent(names.idiom, value, SHARE_DECIMALS)


def of(names: Names, figure: Figure) -> str:
    """The whole of a share, with its conditions: 'van de gevolggevingen'."""
    return names.idiom.words.shares.of.format(population=_whole(names, figure))


def of_these(names: Names, figure: Figure) -> str:
    """The whole of a share by its noun alone, where its conditions were said: 'van deze …'."""
    whole = _spec(figure)
    noun = labels.noun(names, whole.noun)
    return names.idiom.words.shares.of_these.format(noun=noun)


def share_of(names: Names, figure: Figure) -> str:
    """A share with its whole: '86,41 % van de contactnames'."""
    share = percent(names.idiom, figure.number, SHARE_DECIMALS)
    pattern = names.idiom.words.shares.share_of
    return pattern.format(share=share, population=_whole(names, figure))


def counts(names: Names, figure: Figure) -> str:
    """The two counts of a share: '4.158 van de 4.812 contactnames'."""
    if figure.numerator is None or figure.denominator is None:
        raise ProseError(f"'{figure.id}' keeps no counts")
    return names.idiom.words.shares.counts.format(
        numerator=number(names.idiom, figure.numerator),
        denominator=number(names.idiom, figure.denominator),
        population=_whole(names, figure),
    )


def _whole(names: Names, figure: Figure) -> str:
    return population(names, _spec(figure), period=False)


def _spec(figure: Figure) -> PopulationSpec:
    if figure.of is None:
        raise ProseError(f"'{figure.id}' is a share and doesn't say of what")
    return figure.of


def _percent(decimals: int) -> Write:
    def write(names: Names, figure: Figure) -> str:
        signed = figure.unit == "percent change"
        return percent(names.idiom, figure.number, decimals, signed=signed)

    return write


SHARES = {
    "percent0": Form(_percent(0), ("percent", "percent change"), "86 %"),
    "percent1": Form(_percent(1), ("percent", "percent change"), "86,4 %"),
    "percent2": Form(_percent(2), ("percent", "percent change"), "86,41 %"),
    "about": Form(about, ("percent", "count", "mean"), "ruim 62 %, bijna 4.600"),
    "fraction": Form(fraction, ("percent",), "bijna twee derde"),
    "size": Form(size, ("percent",), "de overgrote meerderheid"),
    "of": Form(of, ("percent",), "van de gevolggevingen"),
    "of_these": Form(of_these, ("percent",), "van deze gevolggevingen"),
    "counts": Form(counts, ("percent",), "4.158 van de 4.812 contactnames"),
}
