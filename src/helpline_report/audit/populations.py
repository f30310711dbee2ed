"""Which tables a population is counted from, and its conditions as they are kept."""

from __future__ import annotations

from collections.abc import Iterator

from helpline_report.figures.model import Condition, PopulationSpec

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


def _codes(condition: Condition) -> str:
    """The codes of a condition, and the groups that were written for them."""
    if condition.form == "between":
        sign = "≠" if condition.negated else "="
        return f"{sign} {' … '.join(condition.given).strip()}"
    codes = condition.given if condition.negated else condition.codes
    listed = codes[0] if len(codes) == 1 else f"{{{', '.join(codes)}}}"
    signs = ("≠", "∉") if condition.negated else ("=", "∈")
    group = "" if condition.given == codes else f"   ({', '.join(condition.given)})"
    return f"{signs[len(codes) > 1]} {listed}{group}"


def _conditions(spec: PopulationSpec, before: str) -> Iterator[str]:
    for condition in spec.conditions:
        yield f"{before}{condition.field} {_codes(condition)}"
    for lower in spec.having:
        yield from _conditions(lower, f"{before}{lower.table}.")
