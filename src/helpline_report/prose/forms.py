"""Write a figure, or what the parameters say, in words: by the form that a text asks for.

A figure has one spelling in the prose of an edition: a share is a whole percent, a change has one
decimal. A comparison says what was counted ('216 contactnames meer dan in 2016 (+4,7 %)'), or what
follows from it too (`finding`): then its interval and every break between the two stand in the same
sentence. No form says a cause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, PopulationSpec, Reason, Unit
from helpline_report.parameters.values import Period, remove_marks
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

# What a name stands for: a figure, or something of the parameters. A noun is a mapping of `one` and
# `many`, a reason says why there is nothing, and a text may hold marks of sources.
Thing = Figure | Period | dt.date | int | str | Mapping[str, str] | Reason
Write = Callable[[Vocabulary, Any], str]


def thing_words(words: Vocabulary, name: str, thing: Thing, form: str | None = None) -> str:
    """What a name stands for, in words; a form written with a capital begins with one.

    Raises:
        Unavailable: it has no value, or may not be told.
        ProseError: there is no such form, or it doesn't fit.
    """
    if isinstance(thing, Reason):
        raise Unavailable(name, thing)
    write: Write = _natural
    unit = _unit_of(thing)
    if form is not None:
        writes = FORMS[find_form(form)]
        if unit not in writes:
            raise ProseError(
                f"the form '{form}' doesn't fit '{name}', which is a {unit}",
                next_step=f"forms that fit a {unit}: {', '.join(fitting_forms(thing))}",
            )
        write = writes[unit]
    if isinstance(thing, Figure) and thing.reason is not None:
        raise Unavailable(thing.id, thing.reason)
    phrase = write(words, thing)
    return phrase if form is None or form in FORMS else capitalised(phrase)


def table_words(words: Vocabulary, figure: Figure) -> str:
    """A figure that has a value as a cell of a table writes it: '86,4 %', '+4,7 %', '19,0'."""
    if figure.unit in TABLE:
        return write_decimals(words, figure.number, figure.unit, TABLE[figure.unit])
    return _natural(words, figure)


def fitting_forms(thing: Thing) -> list[str]:
    """The forms that fit a figure, or something of the parameters."""
    return [name for name, writes in FORMS.items() if _unit_of(thing) in writes]


def find_form(form: str) -> str:
    """The name of a form, which a text may begin with a capital: 'Change' is 'change'.

    Raises:
        ProseError: there is no such form.
    """
    name = form if form in FORMS else form[:1].lower() + form[1:]
    if name not in FORMS:
        listed = f"the forms are: {', '.join(sorted(FORMS))}"
        raise ProseError(f"there is no form '{form}'{nearest(form, [*FORMS])}", next_step=listed)
    return name


def write_decimals(words: Vocabulary, value: Number, unit: Unit, decimals: int) -> str:
    """A number with so many decimals, and with the sign and the percent sign of its unit."""
    if unit in ("percent", "percent change"):
        return percent(words.idiom, value, decimals, signed=unit == "percent change")
    return number(words.idiom, value, decimals)


def counted_words(words: Vocabulary, figure: Figure, form: str | None) -> str:
    """The part of a finding that says what was counted; nothing of what is written otherwise."""
    if (form or "").lower() != "finding" or figure.unit == "flag":
        return ""
    return (_times if figure.unit == "ratio" else _change)(words, figure)


def _unit_of(thing: Thing) -> str:
    match thing:
        case Figure():
            return thing.unit
        case Period():
            return "period"
        case dt.date():
            return "date"
        case int():
            return "whole number"
    return "text" if isinstance(thing, str) else "noun"


def _natural(words: Vocabulary, thing: Any) -> str:
    """A thing as its unit is written: '4.812', '86 %', '+4,7 %', 'juni', 'vierde', '1,30'."""
    unit = _unit_of(thing)
    if unit in NATURAL:
        return NATURAL[unit](words, thing)
    return write_decimals(words, thing.number, thing.unit, PROSE.get(thing.unit, 0))


def _label(words: Vocabulary, figure: Figure) -> str:
    code = str(figure.value)
    return words.label(figure.by[0], code) if figure.by else code


def _mean(words: Vocabulary, figure: Figure) -> str:
    return number(words.idiom, figure.number, int(0 < abs(figure.number) < SMALL_MEAN))


# Phrases of the catalogue, and what stands in them


class _Parts(dict[str, str]):
    """The parts of a phrase about a figure; each is written when the phrase asks for it."""

    def __init__(self, words: Vocabulary, figure: Figure) -> None:
        super().__init__()
        self.words, self.figure = words, figure

    def __missing__(self, name: str) -> str:
        return PARTS[name](self.words, self.figure)


def _phrase(key: str | Callable[[Figure], str]) -> Write:
    """A way of writing by a phrase of the catalogue, or by one that the figure decides on."""

    def write(words: Vocabulary, figure: Figure) -> str:
        chosen = key if isinstance(key, str) else key(figure)
        return words.idiom.phrase(chosen).format_map(_Parts(words, figure))

    return write


def _count(attribute: str, words: Vocabulary, figure: Figure) -> str:
    """The numerator or the denominator."""
    value: float | None = getattr(figure, attribute)
    if value is None:
        raise ProseError(f"'{figure.id}' keeps no {attribute}")
    return number(words.idiom, value)


def _end(attribute: str, words: Vocabulary, figure: Figure) -> str:
    """The lower or the higher end of a figure's interval, in its unit."""
    if figure.interval is None and figure.population.table == "traffic":
        raise ProseError(f"'{figure.id}' has no interval: figures of the website have none")
    if figure.interval is None:
        raise Unavailable(figure.id, Reason(code="not_released"))
    value: float = getattr(figure.interval, attribute)
    return write_decimals(words, value, figure.unit, PROSE[figure.unit])


def _whole(figure: Figure) -> PopulationSpec:
    if figure.of is None:
        raise ProseError(f"'{figure.id}' is a share and doesn't say of what")
    return figure.of


def _difference(figure: Figure) -> float:
    if figure.numerator is None or figure.denominator is None:
        raise ProseError(f"'{figure.id}' keeps no counts")
    return abs(figure.numerator - figure.denominator)


def _in_percent(words: Vocabulary, figure: Figure) -> str:
    """A change in percent: '+4,7 %'; one that rounds to nothing is less than the least."""
    decimals = PROSE["percent change"]
    if rounded(figure.number, decimals) == 0:
        least = percent(words.idiom, 0.1, decimals)
        return words.idiom.say("comparisons.tiny", number=least)
    return write_decimals(words, figure.number, figure.unit, decimals)


PARTS: Mapping[str, Write] = {
    "value": _natural,
    "in_words": lambda words, figure: cardinal(words.idiom, int(rounded(figure.number))),
    "ordinal": lambda words, figure: ordinal(words.idiom, int(rounded(figure.number))),
    "noun": lambda words, figure: words.noun(figure.population.noun, one=figure.number == 1),
    "many": lambda words, figure: words.noun(figure.population.noun),
    "numerator": partial(_count, "numerator"),
    "denominator": partial(_count, "denominator"),
    "counted": lambda words, figure: words.noun(figure.population.noun, one=figure.numerator == 1),
    "whole": lambda words, figure: words.population(_whole(figure), period=False),
    "whole_noun": lambda words, figure: words.noun(_whole(figure).noun),
    "level": lambda words, figure: (
        percent(words.idiom, 100 * figure.interval.level, 0) if figure.interval else ""
    ),
    "low": partial(_end, "low"),
    "high": partial(_end, "high"),
    "before": lambda words, figure: (
        dates.within(words.idiom, figure.of.period) if figure.of else ""
    ),
    "difference": lambda words, figure: number(words.idiom, _difference(figure)),
    "differing": lambda words, figure: words.noun(
        figure.population.noun, one=_difference(figure) == 1
    ),
    "change": _in_percent,
}


def _mostly_key(figure: Figure) -> str:
    """How a label that stands first does so: 'meestal' with more than half, else 'het vaakst'."""
    more = figure.numerator is not None and 2 * figure.numerator > (figure.denominator or 0)
    return f"counts.{'mostly' if more else 'most_often'}"


def _way(figure: Figure) -> str:
    none = 1 if figure.unit == "ratio" else 0
    return "same" if figure.number == none else "more" if figure.number > none else "fewer"


def _yes(figure: Figure) -> str:
    return "yes" if figure.number else "no"


_times = _phrase("comparisons.times")
_change = _phrase(lambda figure: f"comparisons.change.{_way(figure)}")
_interval = _phrase("comparisons.interval")


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
    return _near(words, text, rest, NEAR)


def _near(words: Vocabulary, text: str, rest: Decimal, near: Decimal) -> str:
    key = "near" if abs(rest) < near else "over" if rest > 0 else "under"
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
    rest, fraction = min(fractions, key=lambda item: abs(item[0]))
    if abs(rest) > FRACTION_REACH:
        return _about(words, figure)
    return fraction if abs(rest) < WHOLE else _near(words, fraction, rest, FRACTION_NEAR)


# Comparisons


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


def _doubts(words: Vocabulary, figure: Figure) -> Iterator[str]:
    """Why nothing follows from a difference: it is estimated, has no interval, crosses a break."""
    if figure.population.table == "traffic":
        yield words.idiom.say("comparisons.estimated")
    elif figure.interval is None:
        gone = figure.of is not None and figure.of.edition in words.ledger.taken_over
        yield words.idiom.say(f"comparisons.{'rows_gone' if gone else 'too_few'}")
    yield from (words.break_note(name).rstrip(".") for name in figure.breaks)


def _ranking(figure: Figure) -> Figure:
    """A flag over a ranking; whether a rise is supported says the finding of its ratio."""
    if not figure.by:
        what = f"'{figure.id}' says whether a rise is supported, without its interval and breaks"
        raise ProseError(
            what, next_step="write the ratio that it was made of: {{ ratio | finding }}"
        )
    return figure


def _also(words: Vocabulary, figure: Figure) -> str:
    return words.idiom.say(f"comparisons.also_{_yes(_ranking(figure))}")


def _fits(write: Write, *units: str) -> dict[str, Write]:
    return dict.fromkeys(units, write)


# How a thing is written without a form, by its unit; of the others the digits.
NATURAL: Mapping[str, Write] = {
    "percent": _share,
    "label": _label,
    "month": lambda words, figure: dates.month(words.idiom, int(figure.number)),
    "weekday": lambda words, figure: dates.weekday(words.idiom, int(figure.number)),
    "rank": PARTS["ordinal"],
    "flag": lambda words, figure: words.idiom.say(f"comparisons.flag_{_yes(figure)}"),
    "number": lambda words, figure: plain_number(words.idiom, figure.number),
    "mean": _mean,
    "period": lambda words, period: dates.period_noun(words.idiom, period),
    "date": lambda words, day: dates.date(words.idiom, day),
    "whole number": lambda words, thing: number(words.idiom, thing),
    "text": lambda _, text: remove_marks(text),
    "noun": lambda _, noun: str(noun["many"]),
}

COUNTS = ("count", "mean")
COMPARED = ("percent change", "ratio")
DIVIDED = ("percent", *COMPARED, "mean")
LABELS = ("label", "month", "weekday")

# The forms by their names, each with how it writes what it fits, by unit.
FORMS: Mapping[str, Mapping[str, Write]] = {
    # 4.812 contactnames; 59 % van de gevolggevingen
    "noun": _fits(
        _phrase(lambda figure: f"counts.{'none' if figure.value == 0 else 'noun'}"), *COUNTS
    )
    | _fits(_phrase("shares.share_of"), "percent"),
    "noun_words": _fits(  # vier contactnames
        _phrase(lambda figure: f"counts.{'none' if figure.value == 0 else 'noun_words'}"), *COUNTS
    ),
    "words": _fits(PARTS["in_words"], *COUNTS)  # vier
    | _fits(lambda words, thing: cardinal(words.idiom, thing), "whole number"),
    "numerator": _fits(PARTS["numerator"], *DIVIDED),  # 4.158
    "denominator": _fits(PARTS["denominator"], *DIVIDED),  # 4.812
    "label": _fits(_natural, *LABELS),  # partnergeweld
    "counted": _fits(  # juni (521 contactnames)
        lambda words, figure: (_natural if figure.numerator is None else _phrase("counts.counted"))(
            words, figure
        ),
        *LABELS,
    ),
    "mostly": _fits(_phrase(_mostly_key), *LABELS),  # meestal, het vaakst
    # maand met de meeste contactnames
    "what": _fits(lambda words, figure: words.what(figure), *LABELS, "mean"),
    "ordinal": _fits(PARTS["ordinal"], "rank", "count"),  # vierde
    "place": _fits(_phrase("counts.place"), "rank"),  # op de vierde plaats
    "about": _fits(_about, "percent"),  # bijna 63 %
    "fraction": _fits(_fraction, "percent"),  # bijna twee derde
    "of": _fits(_phrase("shares.of"), "percent"),  # van de gevolggevingen
    "of_these": _fits(_phrase("shares.of_these"), "percent"),  # van deze gevolggevingen
    "counts": _fits(_phrase("shares.counts"), "percent"),  # 4.158 van de 4.812 contactnames
    "interval": _fits(_interval, "percent"),  # 95 %-interval 85 % tot 87 %
    "range": _fits(_phrase("comparisons.range"), "percent"),  # tussen 85 % en 87 %
    "change": _fits(_change, "percent change"),  # 216 contactnames meer dan in 2016 (+4,7 %)
    "more_less": _fits(  # 216 meer (+4,7 %)
        _phrase(lambda figure: f"comparisons.more_less.{_way(figure)}"), "percent change"
    ),
    "from_to": _fits(_phrase("comparisons.from_to"), *COMPARED),  # van 4.596 naar 4.812
    "ratio": _fits(_times, "ratio"),  # 1,30 keer zoveel
    "finding": _fits(_finding, *COMPARED, "flag"),  # what was counted, and what follows from it
    "also": _fits(_also, "flag"),  # ook, niet (a ranking against last year's)
    # What the parameters say.
    "in": _fits(lambda words, period: dates.within(words.idiom, period), "period"),
    "dates": _fits(lambda words, period: dates.span(words.idiom, period), "period"),
    "year": _fits(lambda _, period: dates.year(period), "period")
    | _fits(lambda _, day: str(day.year), "date"),
    "date": _fits(_natural, "date"),
    "day_month": _fits(lambda words, day: dates.date(words.idiom, day, "day_month"), "date"),
    "month_year": _fits(lambda words, day: dates.date(words.idiom, day, "month_year"), "date"),
    "month": _fits(lambda words, day: dates.month(words.idiom, day.month), "date"),
    "weekday": _fits(lambda words, day: dates.weekday(words.idiom, day.isoweekday()), "date"),
    "value": _fits(_natural, "whole number"),
    "one": _fits(lambda _, noun: str(noun["one"]), "noun"),
    "many": _fits(_natural, "noun"),
    "the": _fits(lambda words, noun: words.idiom.say("counts.the", noun=noun["many"]), "noun"),
    "text": _fits(_natural, "text"),
}
