"""Write a figure or a value of the parameters in words, in the form that a text asks for.

A unit has one spelling in prose: a share is a whole percent, a change has one decimal. A comparison
says what was counted ('216 contactnames meer dan in 2016 (+4,7 %)'). As a `finding` it says what
follows from that too, with its interval and every break in the same sentence. No form says a cause.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import DECIMALS, Figure, Reason, Unit
from helpline_report.parameters.values import Number, Period, exact, remove_marks, rounded
from helpline_report.parameters.yaml import read_resource
from helpline_report.prose import numbers
from helpline_report.prose.vocabulary import Unavailable, Vocabulary

# The decimals of a unit in a table.
TABLE: Mapping[Unit, int] = {"percent": 1, "percent change": 1, "ratio": 2, "mean": 1}
# A mean below this has a decimal in prose too.
SMALL_MEAN = 10
# A ratio of this or more is written as 'two times as many', a smaller one in percent.
DOUBLE = 2

# If the open days of two years differ by this part, a change names them; holidays make 2 %.
UNLIKE_DAYS = 0.03

# Within WHOLE of a whole percent, a share is written as that one; within NEAR as 'about' that one.
NEAR = Decimal("0.1")
WHOLE = Decimal("0.005")
ALL = 100
# At most so many codes with equally many rows are named.
MOST_TIED = 3

# What a name in a text stands for: a figure, or a value of the parameters. A reason says why there
# is no value, and a text may hold marks of sources.
Thing = Figure | Period | dt.date | str | Reason

_data = read_resource("helpline_report.prose", "forms.yaml").data
# The template of each unit without a form; the templates of each form by the units that it fits.
NATURAL: Mapping[str, str] = _data["natural"]
FORMS: Mapping[str, Mapping[str, str]] = _data["forms"]


def write_thing(words: Vocabulary, name: str, thing: Thing, form: str | None = None) -> str:
    """What a name stands for, in words; if the form has a capital, the words begin with one.

    Raises:
        Unavailable: it has no value, or the value may not be published.
        ProseError: there is no such form, or it doesn't fit.
    """
    if isinstance(thing, Reason):
        raise Unavailable(name, thing)
    template, unit = "{value}", _unit_of(thing)
    if form is not None:
        templates = FORMS[find_form(form)]
        if unit not in templates:
            raise ProseError(
                f"the form '{form}' doesn't fit '{name}', which is a {unit}",
                next_step=f"forms that fit a {unit}: {', '.join(list_fitting_forms(thing))}",
            )
        template = templates[unit]
    if isinstance(thing, Figure) and thing.reason is not None:
        raise Unavailable(thing.id, thing.reason)
    phrase = _fill(template, words, thing)
    return phrase if form is None or form in FORMS else numbers.capitalised(phrase)


def write_in_table(words: Vocabulary, figure: Figure) -> str:
    """A figure that has a value as a cell of a table writes it: '86,4 %', '+4,7 %', '19,0'."""
    if figure.unit in TABLE:
        return write_decimals(words, figure.number, figure.unit, TABLE[figure.unit])
    return _write_natural(words, figure)


def list_fitting_forms(thing: Thing) -> list[str]:
    """The forms that fit a figure, or a value of the parameters."""
    return [name for name, templates in FORMS.items() if _unit_of(thing) in templates]


def find_form(form: str) -> str:
    """The name of a form; a text may write it with a capital: 'Change' is 'change'.

    Raises:
        ProseError: there is no such form.
    """
    name = form if form in FORMS else form[:1].lower() + form[1:]
    if name not in FORMS:
        listed = f"the forms are: {', '.join(sorted(FORMS))}"
        raise ProseError(f"there is no form '{form}'{nearest(form, [*FORMS])}", next_step=listed)
    return name


def write_decimals(words: Vocabulary, value: Number, unit: Unit, decimals: int) -> str:
    """A number with this many decimals, and with the sign and the percent sign of its unit."""
    if unit in ("percent", "percent change"):
        return numbers.percent(words.idiom, value, decimals, signed=unit == "percent change")
    return numbers.number(words.idiom, value, decimals)


def write_draw(
    words: Vocabulary, others: Sequence[str], pattern: str = " ({})", most: int = MOST_TIED
) -> str:
    """Which others have as many, in a pattern: ' (gelijk met maart)'; nothing without any.

    At `most` so many are named.
    """
    if not others:
        return ""
    more = [words.idiom.say("counts.others")] if len(others) > most else []
    names = words.idiom.join([*others[:most], *more])
    return pattern.format(words.idiom.say("counts.tied", others=names))


def write_counted(words: Vocabulary, figure: Figure, form: str | None) -> str:
    """The part of a finding that says what was counted; empty for any other form."""
    if (form or "").lower() != "finding" or figure.unit == "flag":
        return ""
    is_ratio = figure.unit == "ratio"
    return _fill("comparisons.times" if is_ratio else FORMS["change"][figure.unit], words, figure)


def _unit_of(thing: Thing) -> str:
    match thing:
        case Figure():
            return thing.unit
        case Period():
            return "period"
        case dt.date():
            return "date"
    return "text"


# Templates, and what stands in them


class _TemplateParts(dict[str, str]):
    """The parts of a template, written of a thing; each only when the template names it."""

    def __init__(self, words: Vocabulary, thing: Any) -> None:
        super().__init__()
        self.words, self.thing = words, thing

    def __missing__(self, name: str) -> str:
        return PARTS[name](self.words, self.thing)


def _fill(template: str, words: Vocabulary, thing: Any) -> str:
    """Fill in a template; one that doesn't begin with a part is the key of a phrase to fill in."""
    parts = _TemplateParts(words, thing)
    filled = template.format_map(parts)
    return filled if template.startswith("{") else words.idiom.phrase(filled).format_map(parts)


def _write_natural(words: Vocabulary, thing: Any) -> str:
    """A thing as its unit is written without a form: '4.812', '86 %', 'juni', 'vierde', '1,30'."""
    if (unit := _unit_of(thing)) in NATURAL:
        return _fill(NATURAL[unit], words, thing)
    return write_decimals(words, thing.number, thing.unit, DECIMALS.get(thing.unit, 0))


def _write_label(words: Vocabulary, figure: Figure) -> str:
    """What a top names: 'partnergeweld', 'juni', 'maandag'."""
    code = str(figure.value)
    return words.label(figure.by[0], code) if figure.by else code


def _write_tied(pattern: str, words: Vocabulary, figure: Figure) -> str:
    return write_draw(words, [words.label(figure.by[0], code) for code in figure.tied], pattern)


def _write_interval_end(attribute: str, words: Vocabulary, figure: Figure) -> str:
    """The lower or the higher end of a figure's interval, in its unit."""
    if figure.interval is None and figure.population.table == "traffic":
        raise ProseError(f"'{figure.id}' has no interval: figures of the website have none")
    if figure.interval is None:
        raise Unavailable(figure.id, Reason(code="not_released"))
    value: float = getattr(figure.interval, attribute)
    decimals = figure.interval.count_decimals(value, DECIMALS[figure.unit])
    return write_decimals(words, value, figure.unit, decimals)


def _write_whole(words: Vocabulary, figure: Figure) -> str:
    if figure.of is None:  # a chapter's own percentage
        raise ProseError(f"'{figure.id}' is a share and doesn't say of what")
    return words.population(figure.of, period=False)


def _get_difference(figure: Figure) -> float:
    if figure.numerator is None or figure.denominator is None:
        raise ProseError(f"'{figure.id}' keeps no counts")
    return abs(figure.numerator - figure.denominator)


def _write_change(words: Vocabulary, figure: Figure) -> str:
    """A change in percent: '+4,7 %'; one that rounds to 0 is 'less than 0.1 %'.

    Where a few are left of many, it is 'bijna −100,0 %'.
    """
    decimals = DECIMALS["percent change"]
    if rounded(figure.number, decimals) == 0:
        least = numbers.percent(words.idiom, 0.1, decimals)
        return words.idiom.say("comparisons.tiny", number=least)
    change = write_decimals(words, figure.number, figure.unit, decimals)
    if figure.number > -ALL and rounded(figure.number, decimals) == -ALL:
        return words.idiom.say("shares.about.under", number=change)
    return change


def _write_times(words: Vocabulary, figure: Figure) -> str:
    """A ratio: '1,30'; one that rounds to 0 is 'less than 0.01', and of nothing '0'."""
    decimals = DECIMALS["ratio"] if figure.value else 0
    if figure.value and rounded(figure.number, decimals) == 0:
        least = numbers.number(words.idiom, 0.01, decimals)
        return words.idiom.say("comparisons.tiny", number=least)
    return numbers.number(words.idiom, figure.number, decimals)


def _find_direction(figure: Figure) -> str:
    unchanged = 1 if figure.unit == "ratio" else 0
    if figure.number == unchanged:
        return "same"
    return "more" if figure.number > unchanged else "fewer"


def _choose_rate(words: Vocabulary, figure: Figure) -> str:
    """How a ratio is best said: a small one in percent, one from 2 on as a number of times.

    A change that rounds to 0 % is about none.
    """
    if _write_percent(words, figure) == numbers.percent(words.idiom, 0, DECIMALS["percent change"]):
        return "same" if figure.number == 1 else "near"
    return "times" if figure.number >= DOUBLE else _find_direction(figure)


def _write_percent(words: Vocabulary, figure: Figure) -> str:
    """How far a ratio lies from 1, in percent: 'bijna 100,0 %' less where a few are left."""
    size, decimals = abs(exact(figure.number) - 1) * ALL, DECIMALS["percent change"]
    percent = numbers.percent(words.idiom, size, decimals)
    if 0 < figure.number < 1 and rounded(size, decimals) == ALL:
        return words.idiom.say("shares.about.under", number=percent)
    return percent


def _write_mean(words: Vocabulary, figure: Figure) -> str:
    """A small mean has a decimal; one of hardly any has as many as show that it isn't 0."""
    decimals = int(0 < abs(figure.number) < SMALL_MEAN)
    while figure.number and not rounded(figure.number, decimals):
        decimals += 1
    return numbers.number(words.idiom, figure.number, decimals)


def _answer_ranking(figure: Figure) -> str:
    """'yes' or 'no' of a flag over a ranking; a flag on a rise is refused: its ratio says more."""
    if not figure.by:
        what = f"'{figure.id}' says whether a rise is supported, without its interval and breaks"
        raise ProseError(
            what, next_step="write the ratio that it was made of: {{ ratio | finding }}"
        )
    return "yes" if figure.number else "no"


# Shares


def _write_share(words: Vocabulary, figure: Figure) -> str:
    """A whole percent; a share a little over 0 or under 100 % is written as such."""
    value = exact(figure.number)
    whole = rounded(value)
    if value not in (0, ALL) and whole in (0, ALL):
        key, whole = ("below", Decimal(1)) if whole == 0 else ("under", Decimal(ALL))
        return words.idiom.say(f"shares.about.{key}", number=numbers.percent(words.idiom, whole, 0))
    return numbers.percent(words.idiom, whole, 0)


def _write_about(words: Vocabulary, figure: Figure) -> str:
    """The same whole percent, with 'ruim', 'bijna' or 'ongeveer' by where the share lies."""
    value, text = exact(figure.number), _write_share(words, figure)
    rest = value - rounded(value)
    if abs(rest) < WHOLE or rounded(value) in (0, ALL):
        return text
    key = "near" if abs(rest) < NEAR else "over" if rest > 0 else "under"
    return words.idiom.say(f"shares.about.{key}", number=text)


# Comparisons


def _write_finding(words: Vocabulary, figure: Figure) -> str:
    """What was counted, and what follows from it as far as its interval and breaks allow."""
    counted = write_counted(words, figure, "finding")
    way, interval = _find_direction(figure), figure.interval
    if figure.unit == "ratio" and rounded(figure.number, DECIMALS["ratio"]) == 1:
        # '1,00 keer zoveel' is no difference to a reader, and has its margin and its doubts.
        way = "same"
    if interval is not None:
        # Synthetic rows vary as their generator makes them: they bear nothing out.
        if interval.includes_null_value and way != "same":
            key = "chance"
        elif way == "same" or words.edition.rows == "synthetic":
            key = "margin"
        else:
            key = "beyond_chance"
        margin = _fill("comparisons.interval", words, figure)
        counted = words.idiom.say(f"comparisons.{key}", counted=counted, interval=margin)
    doubts = list(dict.fromkeys(_list_doubts(words, figure)))
    if not doubts:
        return counted
    question = words.idiom.say(f"comparisons.questions.{figure.population.noun}.{way}")
    *most, last = doubts
    why = ", ".join(most) + words.idiom.say("comparisons.also_why", why=last) if most else last
    return words.idiom.say("comparisons.doubt", counted=counted, question=question, why=why)


def _list_doubts(words: Vocabulary, figure: Figure) -> Iterator[str]:
    """Why nothing follows from a difference: an estimate, no interval, other open days, a break."""
    if figure.population.table == "traffic":
        yield words.idiom.say("comparisons.estimated")
    elif figure.interval is None:
        no_rows = figure.of is not None and figure.of.edition in words.ledger.taken_over
        yield words.idiom.say(f"comparisons.{'rows_gone' if no_rows else 'too_few'}")
    elif figure.unit == "percent change" and figure.of and words.comparison:
        # Nothing of a number a day, which counts the open days itself.
        days = words.edition.calendar.open_days(figure.population.period)
        days_before = words.comparison.calendar.open_days(figure.of.period)
        key = "more" if days > days_before else "fewer"
        is_unlike = abs(days - days_before) > UNLIKE_DAYS * days_before
        if is_unlike and _find_direction(figure) in (key, "same"):
            before = words.idiom.within(figure.of.period)
            yield words.idiom.say(f"comparisons.open_days.{key}", before=before)
    yield from (words.break_note(name).rstrip(".") for name in figure.breaks)


PARTS: Mapping[str, Callable[[Vocabulary, Any], str]] = {
    "value": _write_natural,
    "label": _write_label,
    "draw": partial(_write_tied, " ({})"),
    "also": partial(_write_tied, ", {}"),
    "share": _write_share,
    "about": _write_about,
    "finding": _write_finding,
    "change": _write_change,
    "times": _write_times,
    "mean": _write_mean,
    "or_none": lambda w, figure: (
        _write_natural(w, figure) if figure.value else w.idiom.say("counts.not_one")
    ),
    "plain": lambda w, figure: numbers.plain_number(w.idiom, figure.number),
    "ordinal": lambda w, figure: numbers.ordinal(w.idiom, int(rounded(figure.number))),
    "noun": lambda w, figure: w.noun(figure.population.noun, one=figure.number == 1),
    "many": lambda w, figure: w.noun(figure.population.noun),
    "numerator": lambda w, figure: numbers.number(w.idiom, figure.numerator),
    "counted": lambda w, figure: w.noun(figure.population.noun, one=figure.numerator == 1),
    "whole": _write_whole,
    "low": partial(_write_interval_end, "low"),
    "high": partial(_write_interval_end, "high"),
    "level": lambda w, figure: (
        numbers.percent(w.idiom, 100 * figure.interval.level, 0) if figure.interval else ""
    ),
    "percent": _write_percent,
    "before": lambda w, figure: w.idiom.within(figure.of.period) if figure.of else "",
    "difference": lambda w, figure: numbers.number(w.idiom, _get_difference(figure)),
    "differing": lambda w, figure: w.noun(figure.population.noun, one=_get_difference(figure) == 1),
    "counted_label": lambda w, figure: _fill(
        "{value}" if figure.numerator is None else "counts.counted", w, figure
    ),
    # What chooses between the phrases of a form.
    "way": lambda _, figure: _find_direction(figure),
    "rate": _choose_rate,
    "yes": lambda _, figure: "yes" if figure.number else "no",
    "ranked": lambda _, figure: _answer_ranking(figure),
    # 'Meestal' with more than half, else 'het vaakst'.
    "mostly": lambda _, figure: (
        "mostly" if 2 * (figure.numerator or 0) > (figure.denominator or 0) else "most_often"
    ),
    "noun_or_none": lambda _, figure: "noun" if figure.value else "none",
    # What the parameters say.
    "text": lambda _, text: remove_marks(text),
    "period": lambda w, period: w.idiom.period_noun(period),
    "day": lambda w, day: w.idiom.date(day),
    "its_year": lambda _, day: str(day.year),
    "its_month": lambda w, day: w.idiom.month(day.month),
}
