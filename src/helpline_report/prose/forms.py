"""Write a figure in words, by the form that prose asks for or the natural one of its unit.

A figure has one spelling in the prose of an edition: a share is a whole percent, a change has one
decimal. A comparison says what was counted ('216 contactnames meer dan in 2016 (+4,7 %)'), or what
follows from it too (`finding`): then its interval and every break between the two stand in the same
sentence. No form says a cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, PopulationSpec, Reason, Unit
from helpline_report.prose import dates
from helpline_report.prose.numbers import (
    Number,
    capitalised,
    cardinal,
    exact,
    number,
    ordinal,
    percent,
    plain_number,
    rounded,
)
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

# The decimals of a unit, in prose and in a table.
PROSE: Mapping[Unit, int] = {"percent": 0, "percent change": 1, "ratio": 2}
TABLE: Mapping[Unit, int] = {"percent": 1, "percent change": 1, "ratio": 2, "mean": 1}
# A mean below this has a decimal in prose too.
SMALL_MEAN = 10

# Up to here from a whole number a value is 'about' it; below that it is the number itself.
NEAR = Decimal("0.1")
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
    """A figure in prose, by a form of `FORMS`; a form written with a capital begins with one.

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


def table_words(words: Vocabulary, figure: Figure) -> str:
    """A figure as a cell of a table writes it: '86,4 %', '+4,7 %', '19,0'.

    Raises:
        Unavailable: the figure is unavailable or suppressed.
    """
    if figure.reason is not None:
        raise Unavailable(figure.id, figure.reason)
    if figure.unit in TABLE:
        return write_decimals(words, figure.number, figure.unit, TABLE[figure.unit])
    return _natural(words, figure)


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


def write_decimals(words: Vocabulary, value: Number, unit: Unit, decimals: int) -> str:
    """A number with so many decimals, and with the sign and the percent sign of its unit."""
    if unit in ("percent", "percent change"):
        return percent(words.idiom, value, decimals, signed=unit == "percent change")
    return number(words.idiom, value, decimals)


def _natural(words: Vocabulary, figure: Figure) -> str:
    """A figure as its unit is written: '4.812', '86 %', '+4,7 %', 'juni', 'vierde', '1,30'."""
    idiom = words.idiom
    match figure.unit:
        case "percent":
            return _share(words, figure)
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
        case "mean":
            return number(idiom, figure.number, int(0 < abs(figure.number) < SMALL_MEAN))
    return write_decimals(words, figure.number, figure.unit, PROSE.get(figure.unit, 0))


def _phrase(key: str, **parts: Write) -> Write:
    """A way of writing by a phrase of the catalogue, whose values are written in turn."""
    return lambda words, figure: words.idiom.say(
        key, **{name: write(words, figure) for name, write in parts.items()}
    )


def _part(attribute: str) -> Write:
    """The numerator or the denominator."""

    def write(words: Vocabulary, figure: Figure) -> str:
        value: float | None = getattr(figure, attribute)
        if value is None:
            raise ProseError(f"'{figure.id}' keeps no {attribute}")
        return number(words.idiom, value)

    return write


# Counts and labels


def _with_noun(words: Vocabulary, figure: Figure) -> str:
    """A count with the noun of its population; a share with the population it is a share of."""
    if figure.unit == "percent":
        return _share_of(words, figure)
    return _counted(words, figure, _natural(words, figure))


def _counted(words: Vocabulary, figure: Figure, count: str) -> str:
    noun = words.noun(figure.population.noun, one=figure.number == 1)
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


def _mostly(words: Vocabulary, figure: Figure) -> str:
    """How a label that stands first does so: 'meestal' with more than half, else 'het vaakst'."""
    more = figure.numerator is not None and 2 * figure.numerator > (figure.denominator or 0)
    return words.idiom.say(f"counts.{'mostly' if more else 'most_often'}")


# Shares


def _share(words: Vocabulary, figure: Figure) -> str:
    """A whole percent; neither 0 nor 100 % where it isn't quite."""
    value = exact(figure.number)
    whole = rounded(value)
    if value not in (0, ALL) and whole in (0, ALL):
        key, whole = ("below", Decimal(1)) if whole == 0 else ("under", Decimal(ALL))
        return words.idiom.say(f"shares.about.{key}", number=percent(words.idiom, whole, 0))
    return percent(words.idiom, whole, 0)


def _about(words: Vocabulary, figure: Figure) -> str:
    """The same whole percent, with 'ruim', 'bijna' or 'ongeveer' by where the share lies."""
    value, text = exact(figure.number), _share(words, figure)
    rest = value - rounded(value)
    if abs(rest) < WHOLE or rounded(value) in (0, ALL):
        return text
    key = "near" if abs(rest) < NEAR else "over" if rest > 0 else "under"
    return words.idiom.say(f"shares.about.{key}", number=text)


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
    sizes = words.idiom.words["shares"]["sizes"]
    return next(
        str(item["words"])
        for item in sizes
        if value > item["percent"] or (value == item["percent"] and not item.get("above"))
    )


def _whole(words: Vocabulary, figure: Figure) -> str:
    return words.population(_whole_spec(figure), period=False)


def _whole_spec(figure: Figure) -> PopulationSpec:
    if figure.of is None:
        raise ProseError(f"'{figure.id}' is a share and doesn't say of what")
    return figure.of


# Comparisons


def _change(words: Vocabulary, figure: Figure) -> str:
    """What was counted more or fewer: '216 contactnames meer dan in 2016 (+4,7 %)'."""
    many = words.noun(figure.population.noun)
    period = dates.within(words.idiom, figure.of.period) if figure.of else ""
    parts = {"many": many, "period": period, **_difference(words, figure)}
    return words.idiom.say(f"comparisons.change.{_way(figure)}", **parts)


def _more_less(words: Vocabulary, figure: Figure) -> str:
    """The same beside its noun: '216 meer (+4,7 %)'."""
    return words.idiom.say(f"comparisons.more_less.{_way(figure)}", **_difference(words, figure))


def _way(figure: Figure) -> str:
    none = 1 if figure.unit == "ratio" else 0
    return "same" if figure.number == none else "more" if figure.number > none else "fewer"


def _difference(words: Vocabulary, figure: Figure) -> dict[str, str]:
    """The difference of the two counts of a change, with its noun, and the change in percent."""
    if figure.numerator is None or figure.denominator is None:
        raise ProseError(f"'{figure.id}' keeps no counts")
    difference = abs(figure.numerator - figure.denominator)
    change = write_decimals(words, figure.number, figure.unit, PROSE["percent change"])
    if rounded(figure.number, PROSE["percent change"]) == 0:
        least = percent(words.idiom, 0.1, PROSE["percent change"])
        change = words.idiom.say("comparisons.tiny", number=least)
    return {
        "number": number(words.idiom, difference),
        "noun": words.noun(figure.population.noun, one=difference == 1),
        "change": change,
    }


def _times(words: Vocabulary, figure: Figure) -> str:
    ratio = number(words.idiom, figure.number, PROSE["ratio"])
    return words.idiom.say("comparisons.times", number=ratio)


def _finding(words: Vocabulary, figure: Figure) -> str:
    """What was counted, and as far as interval and breaks allow what follows from it.

    A flag over a ranking says whether it is the same.
    """
    if figure.unit == "flag":
        return words.idiom.say(f"comparisons.same_{_yes(_ranking(figure))}")
    counted = counted_words(words, figure, "finding")
    way, interval = _way(figure), figure.interval
    if way == "same":
        return counted
    if interval is not None:
        key = "chance" if interval.includes_none else "beyond_chance"
        margin = _interval(words, figure)
        counted = words.idiom.say(f"comparisons.{key}", counted=counted, interval=margin)
    doubts = list(_doubts(words, figure))
    if not doubts:
        return counted
    question = words.idiom.say(f"comparisons.questions.{figure.population.noun}.{way}")
    why = "; ".join(doubts)
    return words.idiom.say("comparisons.doubt", counted=counted, question=question, why=why)


def counted_words(words: Vocabulary, figure: Figure, form: str | None) -> str:
    """The part of a finding that says what was counted; nothing of what is written otherwise."""
    if (form or "").lower() != "finding" or figure.unit == "flag":
        return ""
    return _times(words, figure) if figure.unit == "ratio" else _change(words, figure)


def _doubts(words: Vocabulary, figure: Figure) -> Iterator[str]:
    """Why nothing follows from a difference: it is estimated, has no interval, crosses a break."""
    if figure.population.table == "traffic":
        yield words.idiom.say("comparisons.estimated")
    elif figure.interval is None:
        gone = figure.of is not None and figure.of.edition in words.ledger.taken_over
        yield words.idiom.say(f"comparisons.{'rows_gone' if gone else 'too_few'}")
    yield from (words.break_note(name).rstrip(".") for name in figure.breaks)


def _end(attribute: str) -> Write:
    """The lower or the higher end of a figure's interval, in its unit."""

    def write(words: Vocabulary, figure: Figure) -> str:
        if figure.interval is None and figure.population.table == "traffic":
            raise ProseError(f"'{figure.id}' has no interval: figures of the website have none")
        if figure.interval is None:
            raise Unavailable(figure.id, Reason(code="not_released"))
        value: float = getattr(figure.interval, attribute)
        return write_decimals(words, value, figure.unit, PROSE[figure.unit])

    return write


def _level(words: Vocabulary, figure: Figure) -> str:
    return percent(words.idiom, 100 * figure.interval.level, 0) if figure.interval else ""


def _yes(figure: Figure) -> str:
    return "yes" if figure.number else "no"


def _ranking(figure: Figure) -> Figure:
    """A flag over a ranking; whether a rise is supported says the finding of its ratio."""
    if not figure.by:
        what = f"'{figure.id}' says whether a rise is supported, without its interval and breaks"
        raise ProseError(
            what, next_step="write the ratio that it was made of: {{ ratio | finding }}"
        )
    return figure


_share_of = _phrase("shares.share_of", share=_share, population=_whole)
_interval = _phrase("comparisons.interval", level=_level, low=_end("low"), high=_end("high"))

PERCENT: tuple[Unit, ...] = ("percent",)
COUNTS: tuple[Unit, ...] = ("count", "mean")
CHANGE: tuple[Unit, ...] = ("percent change",)
COMPARED: tuple[Unit, ...] = ("percent change", "ratio")
DIVIDED: tuple[Unit, ...] = ("percent", "percent change", "mean", "ratio")
LABELS: tuple[Unit, ...] = ("label", "month", "weekday")

FORMS: dict[str, Form] = {
    "noun": Form(_with_noun, ("count", "mean", "percent")),  # 4.812 contactnames
    "noun_words": Form(lambda w, f: _counted(w, f, _in_words(w, f)), COUNTS),  # vier contactnames
    "words": Form(_in_words, COUNTS),  # vier
    "numerator": Form(_part("numerator"), DIVIDED),  # 4.158
    "denominator": Form(_part("denominator"), DIVIDED),  # 4.812
    "label": Form(_natural, LABELS),  # partnergeweld
    "counted": Form(_label_with_count, LABELS),  # juni (521 contactnames)
    "mostly": Form(_mostly, LABELS),  # meestal, het vaakst
    "what": Form(lambda w, f: w.what(f), (*LABELS, "mean")),  # maand met de meeste contactnames
    "ordinal": Form(_ordinal, ("rank", "count")),  # vierde
    "place": Form(_phrase("counts.place", ordinal=_ordinal), ("rank",)),  # op de vierde plaats
    "about": Form(_about, PERCENT),  # bijna 63 %
    "fraction": Form(_fraction, PERCENT),  # bijna twee derde
    "size": Form(_size, PERCENT),  # de overgrote meerderheid
    "of": Form(_phrase("shares.of", population=_whole), PERCENT),  # van de gevolggevingen
    "of_these": Form(  # van deze gevolggevingen
        _phrase("shares.of_these", noun=lambda w, f: w.noun(_whole_spec(f).noun)), PERCENT
    ),
    "counts": Form(  # 4.158 van de 4.812 contactnames
        _phrase(
            "shares.counts",
            numerator=_part("numerator"),
            denominator=_part("denominator"),
            population=_whole,
        ),
        PERCENT,
    ),
    "interval": Form(_interval, PERCENT),  # 95 %-interval 85 % tot 87 %
    "range": Form(  # tussen 85 % en 87 %
        _phrase("comparisons.range", low=_end("low"), high=_end("high")), PERCENT
    ),
    "change": Form(_change, CHANGE),  # 216 contactnames meer dan in 2016 (+4,7 %)
    "more_less": Form(_more_less, CHANGE),  # 216 meer (+4,7 %)
    "from_to": Form(  # van 4.596 naar 4.812
        _phrase("comparisons.from_to", then=_part("denominator"), now=_part("numerator")), COMPARED
    ),
    "ratio": Form(_times, ("ratio",)),  # 1,30 keer zoveel
    "finding": Form(_finding, (*COMPARED, "flag")),  # what was counted, and what follows from it
    "also": Form(  # ook, niet (a ranking against last year's)
        lambda w, f: w.idiom.say(f"comparisons.also_{_yes(_ranking(f))}"), ("flag",)
    ),
}
