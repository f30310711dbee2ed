"""Which tables a population is counted from, and its conditions as they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from helpline_report.figures.model import PopulationSpec

ABOVE = {"persons": ("contacts",), "followups": ("contacts", "persons")}


def tables_of(spec: PopulationSpec) -> tuple[str, ...]:
    """The tables that a population is counted from, those above before those below."""
    found = dict.fromkeys(_tables(spec))
    order = ("contacts", "persons", "followups", "traffic")
    return tuple(table for table in order if table in found)


def _tables(spec: PopulationSpec) -> Iterator[str]:
    yield from ABOVE.get(spec.table, ())
    yield spec.table
    for lower in spec.having:
        yield from _tables(lower)


def as_data(spec: PopulationSpec) -> tuple[str, ...]:
    """The conditions of a population as they are kept: one line each."""
    lines = [f"{spec.noun}: {spec.table}, edition {spec.edition}"]
    if spec.noun == spec.table:
        lines = [f"{spec.table}, edition {spec.edition}"]
    lines.append(f"date = {spec.period.start} … {spec.period.end}")
    if spec.without:
        lines.append(f"date ≠ {spec.without.start} … {spec.without.end}")
    return (*lines, *_conditions(spec, ""))


def _conditions(spec: PopulationSpec, before: str) -> Iterator[str]:
    for condition in spec.conditions:
        codes = ", ".join(condition.codes)
        said = codes if len(condition.codes) == 1 else f"{{{codes}}}"
        group = condition.given != condition.codes
        given = f"   ({', '.join(condition.given)})" if group else ""
        sign = "=" if len(condition.codes) == 1 else "∈"
        yield f"{before}{condition.field} {sign} {said}{given}"
    for lower in spec.having:
        yield from _conditions(lower, f"{before}{lower.table}.")
