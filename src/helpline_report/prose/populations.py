"""A population in words: its noun, its conditions, and when."""

from __future__ import annotations

from helpline_report.figures.model import PopulationSpec
from helpline_report.prose import dates, labels
from helpline_report.prose.names import Names


def population(names: Names, spec: PopulationSpec, *, period: bool = True) -> str:
    """What is counted: 'contactnames via telefoon in 2017'; without the period if told so."""
    text = " ".join([labels.noun(names, spec.noun), *_conditions(names, spec)])
    if not period:
        return text
    said = f"{text} {dates.within(names.idiom, spec.period)}"
    left_out = _left_out(names, spec)
    return f"{said}, {left_out}" if left_out else said


def when(names: Names, spec: PopulationSpec) -> str:
    """The period of a population, with the days that are left out: '2017'."""
    left_out = _left_out(names, spec)
    said = dates.period_words(names.idiom, spec.period)
    return f"{said} ({left_out})" if left_out else said


def noun_when(names: Names, spec: PopulationSpec) -> str:
    """The same as a noun: '2017', 'de periode van 1 juli tot en met 31 december 2016'."""
    left_out = _left_out(names, spec)
    said = dates.period_noun(names.idiom, spec.period)
    return f"{said} ({left_out})" if left_out else said


def _conditions(names: Names, spec: PopulationSpec) -> list[str]:
    phrases = [labels.where_phrase(names, c.field, c.given) for c in spec.conditions]
    pattern = names.idiom.words.definitions.having
    phrases += [
        pattern.format(population=population(names, lower, period=False)) for lower in spec.having
    ]
    return [names.idiom.words.join(phrases)] if phrases else []


def _left_out(names: Names, spec: PopulationSpec) -> str:
    if spec.without is None:
        return ""
    span = dates.span(names.idiom, spec.without)
    return names.idiom.words.dates.without.format(span=span)
