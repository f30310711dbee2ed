"""A figure in words, by the form that prose asks for or the natural one of its unit."""

from __future__ import annotations

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, Unit
from helpline_report.prose import dates, labels
from helpline_report.prose.comparisons import CHANGE_DECIMALS, COMPARISONS, RATIO_DECIMALS
from helpline_report.prose.definitions import what
from helpline_report.prose.forms import Form, Write, find
from helpline_report.prose.names import Names, Unavailable
from helpline_report.prose.numbers import (
    capitalised,
    cardinal,
    number,
    ordinal,
    percent,
    plain_number,
    rounded,
)
from helpline_report.prose.shares import SHARE_DECIMALS, SHARES, share_of

NUMERIC: tuple[Unit, ...] = (
    "count", "percent", "percent change", "mean", "month", "weekday", "rank", "flag", "ratio",
    "number",
)  # fmt: skip


def natural(names: Names, figure: Figure) -> str:
    """A figure as its unit is written: '4.812', '86,41 %', '+4,7 %', 'juni', 'vierde', '1,30'."""
    idiom = names.idiom
    match figure.unit:
        case "percent":
            return percent(idiom, figure.number, SHARE_DECIMALS)
        case "percent change":
            return percent(idiom, figure.number, CHANGE_DECIMALS, signed=True)
        case "label":
            code = str(figure.value)
            return labels.code_label(names, figure.by[0], code) if figure.by else code
        case "month":
            return dates.month(idiom, int(figure.number))
        case "weekday":
            return dates.weekday(idiom, int(figure.number))
        case "rank":
            return ordinal(idiom, int(figure.number))
        case "flag":
            words = idiom.words.comparisons
            return words.flag_yes if figure.number else words.flag_no
        case "ratio":
            return number(idiom, figure.number, RATIO_DECIMALS)
        case "number":
            return plain_number(idiom, figure.number)
    return number(idiom, figure.number)


def with_noun(names: Names, figure: Figure) -> str:
    """A count with the noun of its population; a share with the population it is a share of."""
    if figure.unit == "percent":
        return share_of(names, figure)
    return _counted(names, figure, number(names.idiom, figure.number))


def words_with_noun(names: Names, figure: Figure) -> str:
    """A count in words up to twelve, with its noun: 'vier contactnames'."""
    return _counted(names, figure, in_words(names, figure))


def _counted(names: Names, figure: Figure, said: str) -> str:
    counts = names.idiom.words.counts
    one = rounded(figure.number) == 1
    noun = labels.noun(names, figure.population.noun, one=one)
    return (counts.none if figure.value == 0 else counts.noun).format(number=said, noun=noun)


def in_words(names: Names, figure: Figure) -> str:
    """A whole number in words up to twelve: 'drie'."""
    return cardinal(names.idiom, int(rounded(figure.number)))


def _ordinal(names: Names, figure: Figure) -> str:
    return ordinal(names.idiom, int(rounded(figure.number)))


def _place(names: Names, figure: Figure) -> str:
    return names.idiom.words.counts.place.format(ordinal=_ordinal(names, figure))


def _counted_label(names: Names, figure: Figure) -> str:
    """A label with what was counted for it: 'juni (521 contactnames)'."""
    label = natural(names, figure)
    if figure.numerator is None:
        return label
    noun = labels.noun(names, figure.population.noun, one=figure.numerator == 1)
    counts = names.idiom.words.counts
    count = counts.noun.format(number=number(names.idiom, figure.numerator), noun=noun)
    return counts.counted.format(label=label, count=count)


def _digits(names: Names, figure: Figure) -> str:
    if figure.unit == "number":
        return plain_number(names.idiom, figure.number)
    decimals = {"percent": SHARE_DECIMALS, "percent change": CHANGE_DECIMALS}
    decimals["ratio"] = RATIO_DECIMALS
    return number(names.idiom, figure.number, decimals.get(figure.unit, 0))


def _decimals(decimals: int) -> Write:
    def write(names: Names, figure: Figure) -> str:
        return number(names.idiom, figure.number, decimals)

    return write


def _part(attribute: str) -> Write:
    def write(names: Names, figure: Figure) -> str:
        value: float | None = getattr(figure, attribute)
        if value is None:
            raise ProseError(f"'{figure.id}' keeps no {attribute}")
        return number(names.idiom, value)

    return write


FORMS: dict[str, Form] = {
    "noun": Form(with_noun, ("count", "mean", "percent"), "4.812 contactnames"),
    "noun_words": Form(words_with_noun, ("count", "mean"), "vier contactnames"),
    "words": Form(in_words, ("count", "mean"), "vier"),
    "value": Form(_digits, NUMERIC, "4.812; een maand als 6"),
    "percent": Form(natural, ("percent", "percent change"), "86,41 %"),
    "decimals0": Form(_decimals(0), ("mean", "ratio", "number"), "4"),
    "decimals1": Form(_decimals(1), ("mean", "ratio", "number"), "3,8"),
    "decimals2": Form(_decimals(2), ("mean", "ratio", "number"), "3,80"),
    "numerator": Form(_part("numerator"), ("percent", "percent change", "mean", "ratio"), "4.158"),
    "denominator": Form(
        _part("denominator"), ("percent", "percent change", "mean", "ratio"), "4.812"
    ),
    "label": Form(natural, ("label", "month", "weekday"), "partnergeweld"),
    "month": Form(natural, ("month",), "juni"),
    "weekday": Form(natural, ("weekday",), "maandag"),
    "counted": Form(_counted_label, ("label", "month", "weekday"), "juni (521 contactnames)"),
    "what": Form(what, ("label", "month", "weekday"), "maand met de meeste contactnames"),
    "ordinal": Form(_ordinal, ("rank", "count"), "vierde"),
    "place": Form(_place, ("rank",), "op de vierde plaats"),
    **SHARES,
    **COMPARISONS,
}


def figure_words(names: Names, figure: Figure, form: str | None = None) -> str:
    """A figure in words by a form of `FORMS`; a form written with a capital begins with one.

    Raises:
        Unavailable: the figure is unavailable or suppressed.
        ProseError: there is no such form, or it doesn't fit the unit.
    """
    found, capital = find(FORMS, form, "figures") if form else (None, False)
    if found is not None and figure.unit not in found.units:
        fitting = ", ".join(name for name, item in FORMS.items() if figure.unit in item.units)
        raise ProseError(
            f"the form '{form}' doesn't fit '{figure.id}', which is a {figure.unit}",
            next_step=f"forms that fit a {figure.unit}: {fitting}",
        )
    if figure.reason is not None:
        raise Unavailable(figure.id, figure.reason)
    said = found.write(names, figure) if found else natural(names, figure)
    return capitalised(said) if capital else said
