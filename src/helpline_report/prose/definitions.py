"""The definition of a figure, in one phrase made of its data: no definition is written by hand."""

from __future__ import annotations

from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.prose import labels
from helpline_report.prose.names import Names
from helpline_report.prose.numbers import cardinal, number, ordinal
from helpline_report.prose.populations import population, side, when


def definition(names: Names, figure: Figure) -> str:
    """What a figure is and when: 'aandeel van de contactnames via telefoon in alle …, 2017'."""
    said = what(names, figure)
    if figure.kind in ("count", "change", "flag", "rate_ratio", "own"):
        return said
    period = when(names, figure.population)
    return names.idiom.words.definitions.dated.format(what=said, period=period)


def what(names: Names, figure: Figure) -> str:
    """What a figure is; without its period where that is said apart."""
    words = names.idiom.words.definitions
    counted = population(names, figure.population, period=False)
    match figure.kind:
        case "count":
            return population(names, figure.population)
        case "own":
            return words.own.format(how=figure.how, population=population(names, figure.population))
        case "share":
            return words.share.format(part=_part(names, figure), whole=_whole(names, figure.of))
        case "mean":
            return words.mean.format(population=counted, per=_per(names, figure))
        case "maximum":
            return words.maximum.format(population=counted, by=_by(names, figure))
        case "top":
            return _top(names, figure, counted)
        case "rank":
            label = labels.code_label(names, figure.by[0], figure.code or "")
            return words.rank.format(label=label, population=counted, by=_by(names, figure))
    return _compared(names, figure)


def _compared(names: Names, figure: Figure) -> str:
    """A change, a ratio or a flag: the population, when, and against what."""
    words = names.idiom.words.definitions
    if figure.kind == "change":
        pattern = words.change
    elif figure.kind == "rate_ratio":
        pattern = words.rate_ratio
    else:
        pattern = words.same_top if figure.by else words.supports_rise
    return pattern.format(
        population=population(names, figure.population, period=False),
        per=_per(names, figure),
        by=_by(names, figure),
        length=cardinal(names.idiom, figure.place or 1),
        period=side(names, figure.population, _observed(names, figure, first=True)),
        previous=_previous(names, figure),
    )


def _previous(names: Names, figure: Figure) -> str:
    """The other side of a comparison; its conditions too where they differ (a code was split)."""
    other = figure.of
    if other is None:
        return names.idiom.words.definitions.nothing
    observed = _observed(names, figure, first=False)
    theirs = population(names, other, period=False)
    if theirs == population(names, figure.population, period=False):
        return side(names, other, observed)
    period = when(names, other, observed)
    return names.idiom.words.definitions.dated.format(what=theirs, period=period)


def _observed(names: Names, figure: Figure, *, first: bool) -> str:
    """The days over which one side of a rate was observed: '365 dagen'."""
    exposure, words = figure.exposure, names.idiom.words.definitions.observed
    days = None if exposure is None else exposure.of if first else exposure.against
    if exposure is None or days is None or exposure.unit not in words:
        return ""
    return words[exposure.unit].format(days=number(names.idiom, days))


def _part(names: Names, figure: Figure) -> str:
    """The part of a share without the conditions that its whole has too."""
    shared = figure.of.conditions if figure.of else ()
    own = tuple(c for c in figure.population.conditions if c not in shared)
    spec = figure.population.model_copy(update={"conditions": own})
    return population(names, spec, period=False)


def _whole(names: Names, spec: PopulationSpec | None) -> str:
    words = names.idiom.words.definitions
    if spec is None:
        return words.nothing
    return words.all.format(population=population(names, spec, period=False))


def _per(names: Names, figure: Figure) -> str:
    """Of a mean or a rate: 'per open dag per hulplijn'."""
    if figure.exposure is None:
        return ""
    words = names.idiom.words.definitions.exposures
    units = figure.exposure.unit.split(" × ")
    return " ".join(words.get(unit, unit) for unit in units)


def _by(names: Names, figure: Figure) -> str:
    phrases = [labels.by_phrase(names, field) for field in figure.by]
    return names.idiom.words.join(phrases) if phrases else ""


def _top(names: Names, figure: Figure, counted: str) -> str:
    words = names.idiom.words.definitions
    field = labels.field_name(names, figure.by[0]) if figure.by else ""
    if figure.place in (None, 1):
        pattern = words.lowest if figure.lowest else words.top
        return pattern.format(field=field, population=counted)
    place = ordinal(names.idiom, figure.place or 1)
    pattern = words.lowest_place if figure.lowest else words.place
    return pattern.format(field=field, ordinal=place, population=counted)
