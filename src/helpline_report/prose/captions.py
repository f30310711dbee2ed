"""Captions of series and cross-tables, and the line under a chart's headline."""

from __future__ import annotations

from helpline_report.figures.model import Crosstab, Series
from helpline_report.prose import labels
from helpline_report.prose.names import Names
from helpline_report.prose.numbers import capitalised
from helpline_report.prose.populations import population, when


def caption(names: Names, shown: Series | Crosstab) -> str:
    """What is broken down by what: 'Contactnames per maand'."""
    words = names.idiom.words.captions
    pattern = words.percent if _unit(shown) == "percent" else words.count
    counted = population(names, shown.population, period=False)
    return capitalised(pattern.format(population=counted, by=_by(names, shown)))


def subtitle(names: Names, shown: Series | Crosstab) -> str:
    """What is shown, its unit and its period: 'aantal contactnames, 2017'."""
    words = names.idiom.words.captions
    shares = _unit(shown) == "percent"
    whole = shown.of if isinstance(shown, Series) and shown.of else shown.population
    spec = whole if shares else shown.population
    pattern = words.unit_percent if shares else words.unit_count
    if isinstance(shown, Series) and shown.kind == "change":
        pattern = words.unit_change
    said = pattern.format(
        population=population(names, spec, period=False), period=when(names, shown.population)
    )
    if isinstance(shown, Series) and shown.overlapping:
        noun = labels.noun(names, shown.population.noun, one=True)
        return f"{said}; {words.overlapping.format(noun=noun)}"
    return said


def _unit(shown: Series | Crosstab) -> str:
    return shown.unit if isinstance(shown, Series) else "count"


def _by(names: Names, shown: Series | Crosstab) -> str:
    fields = (shown.by,) if isinstance(shown, Series) else (shown.rows, shown.columns)
    return names.idiom.words.join([labels.by_phrase(names, field) for field in fields])
