"""Write a figure in words, by the form that prose asks for or the natural one of its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, Interval, PopulationSpec, Reason, Unit
from helpline_report.prose import dates
from helpline_report.prose.numbers import (
    capitalised,
    cardinal,
    exact,
    floor,
    number,
    ordinal,
    percent,
    plain_number,
    rounded,
)
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

SHARE_DECIMALS = 2
CHANGE_DECIMALS = 1
RATIO_DECIMALS = 2
DECIMALS = {
    "percent": SHARE_DECIMALS,
    "percent change": CHANGE_DECIMALS,
    "ratio": RATIO_DECIMALS,
}

# Up to here above a whole number a value is 'about' it, up to there 'just over' it; then it is
# 'almost' the next one, and at last 'about' that one.
NEAR = Decimal("0.1")
OVER = Decimal("0.7")
WHOLE = Decimal("0.005")
# How far a share may lie from a simple fraction, in percentage points, to be told by it.
FRACTION_REACH = Decimal(3)
FRACTION_NEAR = Decimal("0.5")
ALL = 100

Write = Callable[[Vocabulary, Figure], str]
AnyForm = TypeVar("AnyForm")


@dataclass(frozen=True)
class Form:
    """A way of writing figures, named behind a bar in a placeholder; `units` are those it fits."""

    write: Write
    units: tuple[Unit, ...]


def figure_words(words: Vocabulary, figure: Figure, form: str | None = None) -> str:
    """A figure in words by a form of `FORMS`; a form written with a capital begins with one.

    Raises:
        Unavailable: the figure is unavailable or suppressed.
        ProseError: there is no such form, or it doesn't fit the unit.
    """
    chosen, capital = find_form(FORMS, form, "figures") if form else (None, False)
    if chosen is not None and figure.unit not in chosen.units:
        raise ProseError(
            f"the form '{form}' doesn't fit '{figure.id}', which is a {figure.unit}",
            next_step=f"forms that fit a {figure.unit}: {', '.join(fitting_forms(figure))}",
        )
    if figure.reason is not None:
        raise Unavailable(figure.id, figure.reason)
    phrase = chosen.write(words, figure) if chosen else _natural(words, figure)
    return capitalised(phrase) if capital else phrase


def fitting_forms(figure: Figure) -> list[str]:
    """The forms that fit a figure."""
    return [name for name, form in FORMS.items() if figure.unit in form.units]


def find_form(forms: Mapping[str, AnyForm], form: str, of: str) -> tuple[AnyForm, bool]:
    """A form by its name, and whether it is to begin with a capital: 'Change' is 'change'.

    Raises:
        ProseError: there is no such form.
    """
    lower = form[:1].lower() + form[1:]
    name = form if form in forms else lower
    if name not in forms:
        close = nearest(form, list(forms))
        listed = f"the forms of {of} are: {', '.join(sorted(forms))}"
        raise ProseError(f"there is no form '{form}'{close}", next_step=listed)
    return forms[name], name != form


def _natural(words: Vocabulary, figure: Figure) -> str:
    """A figure as its unit is written: '4.812', '86,41 %', '+4,7 %', 'juni', 'vierde', '1,30'."""
    idiom = words.idiom
    match figure.unit:
        case "percent" | "percent change":
            return _percent(words, figure, DECIMALS[figure.unit])
        case "label":
            code = str(figure.value)
            return words.label(figure.by[0], code) if figure.by else code
        case "month":
            return dates.month(idiom, int(figure.number))
        case "weekday":
            return dates.weekday(idiom, int(figure.number))
        case "rank":
            return _ordinal(words, figure)
        case "flag":
            return idiom.say(f"comparisons.flag_{_yes(figure)}")
        case "number":
            return plain_number(idiom, figure.number)
    return number(idiom, figure.number, DECIMALS.get(figure.unit, 0))


def _phrase(key: str, **parts: Write) -> Write:
    """A way of writing by a phrase of the catalogue, whose values are written in turn."""
    return lambda words, figure: words.idiom.say(
        key, **{name: write(words, figure) for name, write in parts.items()}
    )


def _decimals(decimals: int) -> Write:
    return lambda words, figure: number(words.idiom, figure.number, decimals)


def _percent_with(decimals: int) -> Write:
    return lambda words, figure: _percent(words, figure, decimals)


def _part(attribute: str, what: str = "counts") -> Write:
    """The numerator or the denominator; `what` is what a figure lacks that has none."""

    def write(words: Vocabulary, figure: Figure) -> str:
        value: float | None = getattr(figure, attribute)
        if value is None:
            raise ProseError(f"'{figure.id}' keeps no {what}")
        return number(words.idiom, value)

    return write


# Counts and labels


def _with_noun(words: Vocabulary, figure: Figure) -> str:
    """A count with the noun of its population; a share with the population it is a share of."""
    if figure.unit == "percent":
        return _share_of(words, figure)
    return _counted(words, figure, number(words.idiom, figure.number))


def _counted(words: Vocabulary, figure: Figure, count: str) -> str:
    noun = words.noun(figure.population.noun, one=rounded(figure.number) == 1)
    key = "none" if figure.value == 0 else "noun"
    return words.idiom.say(f"counts.{key}", number=count, noun=noun)


def _in_words(words: Vocabulary, figure: Figure) -> str:
    return cardinal(words.idiom, int(rounded(figure.number)))


def _ordinal(words: Vocabulary, figure: Figure) -> str:
    return ordinal(words.idiom, int(rounded(figure.number)))


def _label_with_count(words: Vocabulary, figure: Figure) -> str:
    """A label with what was counted for it: 'juni (521 contactnames)'."""
    label = _natural(words, figure)
    if figure.numerator is None:
        return label
    noun = words.noun(figure.population.noun, one=figure.numerator == 1)
    count = words.idiom.say("counts.noun", number=number(words.idiom, figure.numerator), noun=noun)
    return words.idiom.say("counts.counted", label=label, count=count)


def _digits(words: Vocabulary, figure: Figure) -> str:
    if figure.unit == "number":
        return plain_number(words.idiom, figure.number)
    return number(words.idiom, figure.number, DECIMALS.get(figure.unit, 0))


# Shares, and numbers cut short


def _percent(words: Vocabulary, figure: Figure, decimals: int) -> str:
    signed = figure.unit == "percent change"
    return percent(words.idiom, figure.number, decimals, signed=signed)


def _about(words: Vocabulary, figure: Figure) -> str:
    """A whole number with 'ruim', 'bijna' or 'ongeveer' by where the value lies; none if whole.

    Counts from a hundred on are cut to two leading digits: 'ruim 4.800'.
    """
    share, value = figure.unit == "percent", exact(figure.number)
    digits = len(str(int(abs(value))))
    step = Decimal(1) if share else Decimal(10) ** max(0, digits - 2)

    def write(whole: Decimal) -> str:
        return percent(words.idiom, whole, 0) if share else number(words.idiom, whole)

    below = floor(value / step) * step
    rest = (value - below) / step
    if share and 0 < value < 1:
        return words.idiom.say("shares.about.below", number=write(Decimal(1)))
    if rest < WHOLE:
        return write(below)
    if rest < OVER:
        key = "near" if rest < NEAR else "over"
        return words.idiom.say(f"shares.about.{key}", number=write(below))
    all_but_a_few = share and below + step == ALL
    key = "under" if rest < 1 - NEAR or all_but_a_few else "near"
    return words.idiom.say(f"shares.about.{key}", number=write(below + step))


def _fraction(words: Vocabulary, figure: Figure) -> str:
    """A share as a simple fraction: 'een kwart', 'bijna twee derde', 'ruim de helft'.

    A share that lies near none is told as `about` tells it.
    """
    value = exact(figure.number)
    fractions = [
        (value - Decimal(100 * item["parts"]) / item["of"], str(item["words"]))
        for item in words.idiom.words["shares"]["fractions"]
    ]
    distance, fraction = min(fractions, key=lambda item: abs(item[0]))
    if abs(distance) > FRACTION_REACH:
        return _about(words, figure)
    if abs(distance) < WHOLE:
        return fraction
    key = "over" if distance > 0 else "under"
    key = "near" if abs(distance) < FRACTION_NEAR else key
    return words.idiom.say(f"shares.about.{key}", number=fraction)


def _size(words: Vocabulary, figure: Figure) -> str:
    """A share as a size: 'de overgrote meerderheid' (80 % or more), 'een minderheid'."""
    value = exact(figure.number)
    for item in words.idiom.words["shares"]["sizes"]:
        if value > item["percent"] or (value == item["percent"] and not item.get("above")):
            return str(item["words"])
    return percent(words.idiom, value, SHARE_DECIMALS)


def _whole(words: Vocabulary, figure: Figure) -> str:
    return words.population(_whole_spec(figure), period=False)


def _whole_spec(figure: Figure) -> PopulationSpec:
    if figure.of is None:
        raise ProseError(f"'{figure.id}' is a share and doesn't say of what")
    return figure.of


# Comparisons: a rise is called a rise where the numbers support one, and only there


def direction(figure: Figure) -> str:
    """`rise`, `fall`, `same`, or `unproven` where no difference at all would fit the numbers too.

    Traffic has no interval and is told as it was counted. Rows of a register without an interval
    (nothing was counted on one side) prove nothing.
    """
    none = 1 if figure.unit == "ratio" else 0
    value = figure.number
    if value == none:
        return "same"
    if _lacks_interval(figure) or (figure.interval and figure.interval.includes_none):
        return "unproven"
    return "rise" if value > none else "fall"


def _lacks_interval(figure: Figure) -> bool:
    return figure.interval is None and figure.population.table != "traffic"


def _is_gone(words: Vocabulary, figure: Figure) -> bool:
    """Whether an interval is missing for want of rows: then nobody knows what it would prove."""
    other = figure.of
    return (
        _lacks_interval(figure) and other is not None and other.edition in words.ledger.taken_over
    )


def _sized(words: Vocabulary, figure: Figure) -> str:
    """The size of a change: '4,7 %', or 'minder dan 0,1 %'."""
    value = abs(figure.number)
    if rounded(value, CHANGE_DECIMALS) == 0:
        least = percent(words.idiom, 0.1, CHANGE_DECIMALS)
        return words.idiom.say("comparisons.tiny", number=least)
    return percent(words.idiom, value, CHANGE_DECIMALS)


def _directed(section: str, *, sized: bool = False) -> Write:
    def write(words: Vocabulary, figure: Figure) -> str:
        way = direction(figure)
        if way == "unproven" and _is_gone(words, figure):
            raise Unavailable(figure.id, Reason(code="not_released"))
        size = _sized(words, figure) if sized else ""
        return words.idiom.say(f"comparisons.{section}.{way}", number=size)

    return write


def _more_less(words: Vocabulary, figure: Figure) -> str:
    """What was counted, exact as it is, and that it may be chance where it may."""
    counted = "same" if figure.number == 0 else "rise" if figure.number > 0 else "fall"
    section, size = "comparisons.more_less", _sized(words, figure)
    change = words.idiom.say(f"{section}.{counted}", number=size)
    unproven = direction(figure) == "unproven"
    return words.idiom.say(f"{section}.unproven", change=change) if unproven else change


def _times(words: Vocabulary, figure: Figure) -> str:
    """A ratio with its interval: '1,30 keer zoveel (95 %-interval 0,80 tot 2,18)'."""
    ratio = number(words.idiom, figure.number, RATIO_DECIMALS)
    times = words.idiom.say("comparisons.times", number=ratio)
    if figure.interval is None:
        return times
    interval = _interval(words, figure)
    return words.idiom.say("comparisons.with_interval", times=times, interval=interval)


def _known_interval(words: Vocabulary, figure: Figure) -> Interval:
    if figure.interval is not None:
        return figure.interval
    if figure.population.table == "traffic":
        raise ProseError(f"'{figure.id}' has no interval: figures of the website have none")
    gone = _is_gone(words, figure)
    raise Unavailable(figure.id, Reason(code="not_released" if gone else "no_rows"))


def _end(attribute: str) -> Write:
    """The lower or the higher end of a figure's interval, in its unit."""

    def write(words: Vocabulary, figure: Figure) -> str:
        value: float = getattr(_known_interval(words, figure), attribute)
        if figure.unit in ("ratio", "flag"):
            return number(words.idiom, value, RATIO_DECIMALS)
        signed = figure.unit == "percent change"
        return percent(words.idiom, value, CHANGE_DECIMALS, signed=signed)

    return write


def _level(words: Vocabulary, figure: Figure) -> str:
    return percent(words.idiom, 100 * _known_interval(words, figure).level, 0)


def _yes(figure: Figure) -> str:
    return "yes" if figure.number else "no"


def _finding(words: Vocabulary, figure: Figure) -> str:
    """A flag over a ranking says whether it is the same; any other whether a rise is supported."""
    if figure.unit != "flag":
        return _directed("finding")(words, figure)
    return words.idiom.say(f"comparisons.{'same' if figure.by else 'rise'}_{_yes(figure)}")


def _also(words: Vocabulary, figure: Figure) -> str:
    if not figure.by:
        raise ProseError(f"'{figure.id}' says whether a rise is supported: write 'finding'")
    return words.idiom.say(f"comparisons.also_{_yes(figure)}")


_share_of = _phrase("shares.share_of", share=_percent_with(SHARE_DECIMALS), population=_whole)
_interval = _phrase("comparisons.interval", level=_level, low=_end("low"), high=_end("high"))

NUMERIC: tuple[Unit, ...] = (
    *("count", "percent", "percent change", "mean", "month", "weekday", "rank", "flag", "ratio"),
    "number",
)
COUNTS: tuple[Unit, ...] = ("count", "mean")
PERCENTS: tuple[Unit, ...] = ("percent", "percent change")
COMPARED: tuple[Unit, ...] = ("percent change", "ratio")
DIVIDED: tuple[Unit, ...] = ("percent", "percent change", "mean", "ratio")
DECIMAL: tuple[Unit, ...] = ("mean", "ratio", "number")
LABELS: tuple[Unit, ...] = ("label", "month", "weekday")
INFERRED: tuple[Unit, ...] = ("percent", "percent change", "ratio", "flag")

FORMS: dict[str, Form] = {
    "noun": Form(_with_noun, ("count", "mean", "percent")),  # 4.812 contactnames
    "noun_words": Form(lambda w, f: _counted(w, f, _in_words(w, f)), COUNTS),  # vier contactnames
    "words": Form(_in_words, COUNTS),  # vier
    "value": Form(_digits, NUMERIC),  # 4.812; a month as 6
    "percent": Form(_natural, PERCENTS),  # 86,41 %
    "decimals0": Form(_decimals(0), DECIMAL),  # 4
    "decimals1": Form(_decimals(1), DECIMAL),  # 3,8
    "decimals2": Form(_decimals(2), DECIMAL),  # 3,80
    "numerator": Form(_part("numerator", "numerator"), DIVIDED),  # 4.158
    "denominator": Form(_part("denominator", "denominator"), DIVIDED),  # 4.812
    "label": Form(_natural, LABELS),  # partnergeweld
    "month": Form(_natural, ("month",)),  # juni
    "weekday": Form(_natural, ("weekday",)),  # maandag
    "counted": Form(_label_with_count, LABELS),  # juni (521 contactnames)
    "what": Form(lambda w, f: w.what(f), LABELS),  # maand met de meeste contactnames
    "ordinal": Form(_ordinal, ("rank", "count")),  # vierde
    "place": Form(_phrase("counts.place", ordinal=_ordinal), ("rank",)),  # op de vierde plaats
    "percent0": Form(_percent_with(0), PERCENTS),  # 86 %
    "percent1": Form(_percent_with(1), PERCENTS),  # 86,4 %
    "percent2": Form(_percent_with(2), PERCENTS),  # 86,41 %
    "about": Form(_about, ("percent", "count", "mean")),  # ruim 62 %, bijna 4.600
    "fraction": Form(_fraction, ("percent",)),  # bijna twee derde
    "size": Form(_size, ("percent",)),  # de overgrote meerderheid
    "of": Form(_phrase("shares.of", population=_whole), ("percent",)),  # van de gevolggevingen
    "of_these": Form(  # van deze gevolggevingen
        _phrase("shares.of_these", noun=lambda w, f: w.noun(_whole_spec(f).noun)), ("percent",)
    ),
    "counts": Form(  # 4.158 van de 4.812 contactnames
        _phrase(
            "shares.counts",
            numerator=_part("numerator"),
            denominator=_part("denominator"),
            population=_whole,
        ),
        ("percent",),
    ),
    "change": Form(_directed("change", sized=True), ("percent change",)),  # een stijging van 4,7 %
    "changed": Form(_directed("changed", sized=True), ("percent change",)),  # steeg met 4,7 %
    "more_less": Form(_more_less, ("percent change",)),  # 4,7 % meer
    "from_to": Form(  # van 4.596 naar 4.812
        _phrase("comparisons.from_to", then=_part("denominator"), now=_part("numerator")), COMPARED
    ),
    "finding": Form(_finding, (*COMPARED, "flag")),  # een stijging, geen aantoonbaar verschil
    "often": Form(_directed("often"), COMPARED),  # vaker, minder vaak
    "also": Form(_also, ("flag",)),  # ook, niet (a ranking against last year's)
    "ratio": Form(_times, ("ratio",)),  # 1,30 keer zoveel (95 %-interval 0,80 tot 2,18)
    "interval": Form(_interval, INFERRED),  # 95 %-interval 0,80 tot 2,18
    "range": Form(  # tussen 0,80 en 2,18
        _phrase("comparisons.range", low=_end("low"), high=_end("high")), INFERRED
    ),
}
