"""What makes two populations the same, whatever words were used for their codes."""

from __future__ import annotations

from helpline_report.figures.model import PopulationSpec

Key = tuple[object, ...]


def key_of(spec: PopulationSpec) -> Key:
    """What a population counts and when, whatever words were used for its codes."""
    having = frozenset(key_of(lower) for lower in spec.having)
    return (*_what(spec), having, spec.edition, spec.period, spec.without)


def kind_of(spec: PopulationSpec) -> Key:
    """What a population counts, whenever."""
    return (*_what(spec), frozenset(kind_of(lower) for lower in spec.having))


def _what(spec: PopulationSpec) -> Key:
    conditions = frozenset((c.field, frozenset(c.codes), c.negated) for c in spec.conditions)
    return (spec.table, spec.noun, conditions)
