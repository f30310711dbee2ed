"""Forms of comparisons: a rise is called a rise where the numbers support one, and only there."""

from __future__ import annotations

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, Interval, Reason
from helpline_report.prose.catalogue import Direction
from helpline_report.prose.forms import Form, Write
from helpline_report.prose.names import Names, Unavailable
from helpline_report.prose.numbers import number, percent, rounded

CHANGE_DECIMALS = 1
RATIO_DECIMALS = 2


def direction(figure: Figure) -> str:
    """`rise`, `fall`, `same`, or `unproven` where no difference at all would fit the numbers too.

    Traffic has no interval and is told as it was counted. Rows of a register without an interval
    (nothing was counted on one side) prove nothing.
    """
    none = 1 if figure.unit == "ratio" else 0
    value = figure.number
    if value == none:
        return "same"
    if figure.interval is None and figure.population.table != "traffic":
        return "unproven"
    if figure.interval is not None and figure.interval.includes_none:
        return "unproven"
    return "rise" if value > none else "fall"


def counted(figure: Figure) -> str:
    """`rise`, `fall` or `same` of what was counted, whatever it says about the world."""
    value = figure.number
    return "same" if value == 0 else "rise" if value > 0 else "fall"


def _sized(names: Names, figure: Figure) -> str:
    """The size of a change: '4,7 %', or 'minder dan 0,1 %'."""
    value = abs(figure.number)
    if rounded(value, CHANGE_DECIMALS) == 0:
        least = percent(names.idiom, 0.1, CHANGE_DECIMALS)
        return names.idiom.words.comparisons.tiny.format(number=least)
    return percent(names.idiom, value, CHANGE_DECIMALS)


def _is_gone(names: Names, figure: Figure) -> bool:
    """Whether an interval is missing for want of rows: then nobody knows what it would prove."""
    without = figure.interval is None and figure.population.table != "traffic"
    return without and figure.of is not None and figure.of.edition in names.ledger.taken_over


def _directed(section: str, *, sized: bool = False) -> Write:
    def write(names: Names, figure: Figure) -> str:
        words: Direction = getattr(names.idiom.words.comparisons, section)
        found = direction(figure)
        if found == "unproven" and _is_gone(names, figure):
            raise Unavailable(figure.id, Reason(code="not_released"))
        pattern: str = getattr(words, found)
        return pattern.format(number=_sized(names, figure)) if sized else pattern

    return write


def more_less(names: Names, figure: Figure) -> str:
    """What was counted, exact as it is, and that it may be chance where it may."""
    words = names.idiom.words.comparisons.more_less
    pattern: str = getattr(words, counted(figure))
    said = pattern.format(number=_sized(names, figure))
    return words.unproven.format(said=said) if direction(figure) == "unproven" else said


def from_to(names: Names, figure: Figure) -> str:
    """The two counts of a change: 'van 4.596 naar 4.812'."""
    if figure.numerator is None or figure.denominator is None:
        raise ProseError(f"'{figure.id}' keeps no counts")
    return names.idiom.words.comparisons.from_to.format(
        then=number(names.idiom, figure.denominator), now=number(names.idiom, figure.numerator)
    )


def times(names: Names, figure: Figure) -> str:
    """A ratio with its interval: '1,30 keer zoveel (95 %-interval 0,80 tot 2,18)'."""
    words = names.idiom.words.comparisons
    said = words.times.format(number=number(names.idiom, figure.number, RATIO_DECIMALS))
    if figure.interval is None:
        return said
    return words.with_interval.format(said=said, interval=interval(names, figure))


def interval(names: Names, figure: Figure) -> str:
    """The interval of a figure with its level: '95 %-interval 0,80 tot 2,18'."""
    found = _interval(names, figure)
    low, high = _ends(names, figure, found)
    level = percent(names.idiom, 100 * found.level, 0)
    pattern = names.idiom.words.comparisons.interval
    return pattern.format(level=level, low=low, high=high)


def between(names: Names, figure: Figure) -> str:
    """The ends of a figure's interval: 'tussen 0,80 en 2,18'."""
    low, high = _ends(names, figure, _interval(names, figure))
    return names.idiom.words.comparisons.range.format(low=low, high=high)


def _interval(names: Names, figure: Figure) -> Interval:
    if figure.interval is not None:
        return figure.interval
    if figure.population.table == "traffic":
        raise ProseError(f"'{figure.id}' has no interval: figures of the website have none")
    gone = _is_gone(names, figure)
    raise Unavailable(figure.id, Reason(code="not_released" if gone else "no_rows"))


def _ends(names: Names, figure: Figure, found: Interval) -> tuple[str, str]:
    def write(value: float) -> str:
        if figure.unit in ("ratio", "flag"):
            return number(names.idiom, value, RATIO_DECIMALS)
        signed = figure.unit == "percent change"
        return percent(names.idiom, value, CHANGE_DECIMALS, signed=signed)

    return write(found.low), write(found.high)


def _finding(names: Names, figure: Figure) -> str:
    return _flagged(names, figure) if figure.unit == "flag" else _plain_finding(names, figure)


_plain_finding = _directed("finding")


def _flagged(names: Names, figure: Figure) -> str:
    """A flag over a ranking says whether it is the same; any other whether a rise is supported."""
    words = names.idiom.words.comparisons
    if figure.by:
        return words.same_yes if figure.number else words.same_no
    return words.rise_yes if figure.number else words.rise_no


def _also(names: Names, figure: Figure) -> str:
    if not figure.by:
        raise ProseError(f"'{figure.id}' says whether a rise is supported: write 'finding'")
    words = names.idiom.words.comparisons
    return words.also_yes if figure.number else words.also_no


COMPARISONS = {
    "change": Form(_directed("change", sized=True), ("percent change",), "een stijging van 4,7 %"),
    "changed": Form(_directed("changed", sized=True), ("percent change",), "steeg met 4,7 %"),
    "more_less": Form(more_less, ("percent change",), "4,7 % meer"),
    "from_to": Form(from_to, ("percent change", "ratio"), "van 4.596 naar 4.812"),
    "finding": Form(
        _finding, ("percent change", "ratio", "flag"), "een stijging, geen aantoonbaar verschil"
    ),
    "often": Form(_directed("often"), ("percent change", "ratio"), "vaker, minder vaak"),
    "also": Form(_also, ("flag",), "ook, niet (een rangschikking tegenover vorig jaar)"),
    "ratio": Form(times, ("ratio",), "1,30 keer zoveel (95 %-interval 0,80 tot 2,18)"),
    "interval": Form(
        interval, ("percent", "percent change", "ratio", "flag"), "95 %-interval 0,80 tot 2,18"
    ),
    "range": Form(between, ("percent", "percent change", "ratio", "flag"), "tussen 0,80 en 2,18"),
}
