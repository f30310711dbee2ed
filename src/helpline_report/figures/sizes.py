"""How much a population holds, or why that can't be said: what isn't registered is never 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpline_report.figures import counting, traffic
from helpline_report.figures.clusters import Clusters, clusters
from helpline_report.figures.model import PopulationSpec, Reason
from helpline_report.figures.population import Population
from helpline_report.figures.register import DERIVED, Register
from helpline_report.parameters.values import Period


@dataclass(frozen=True)
class Sized:
    """How much a population holds, or why that can't be said; and the rows of each contact."""

    number: int
    absent: Reason | None = None
    clusters: Clusters | None = None


def size(population: Population) -> tuple[int, Reason | None]:
    """How many rows (or users, page views) a population holds, or why it can't be counted."""
    absent = why_uncounted(population)
    if absent:
        return 0, absent
    if population.register.released is not None:
        return population.register.released.size(population.spec)
    if population.spec.table == "traffic":
        return traffic.weight(population)
    return int(np.count_nonzero(counting.mask(population))), None


def sized(population: Population) -> Sized:
    """The same, with the rows of each contact where the rows come in contacts."""
    if not clustered(population):
        return Sized(*size(population))
    absent = why_uncounted(population)
    if absent:
        return Sized(0, absent)
    found = clusters(population)
    return Sized(found.rows, None, found)


def comes_in_contacts(population: Population) -> bool:
    """Whether the rows are persons or follow-ups of whose contacts nothing is known any more.

    Counts of a released ledger are such: an interval that takes them for independent would be too
    narrow, so they have none.
    """
    gone = population.register.released is not None
    return gone and population.spec.table in ("persons", "followups")


def clustered(population: Population) -> bool:
    """Whether the rows are persons or follow-ups that hang on contacts."""
    given = population.register.table("contacts") is not None
    return given and population.spec.table in ("persons", "followups")


def why_uncounted(population: Population) -> Reason | None:
    """Why a population can't be counted: no source, no field, or codes that weren't registered."""
    if population.absent or population.spec.table == "traffic":
        return population.absent
    return _not_registered(population.register, population.spec)


def _not_registered(register: Register, spec: PopulationSpec) -> Reason | None:
    """A condition, at any depth, none of whose codes existed in the period."""
    for condition in spec.conditions:
        if not any(_exists(register, spec, condition.field, code) for code in condition.codes):
            return Reason(code="not_registered", about=condition.field)
    reasons = (_not_registered(register, lower) for lower in spec.having)
    return next((reason for reason in reasons if reason), None)


def exists(population: Population, field: str, code: str) -> bool:
    """Whether a code of a field exists on some day of the period, and the source can say it."""
    return _exists(population.register, population.spec, field, code)


def _exists(register: Register, spec: PopulationSpec, field: str, code: str) -> bool:
    if field in DERIVED:
        return code in (register.codes(field) or [])
    return _can_be_said(register, spec, field, code) and _valid(register, spec.period, field, code)


def _valid(register: Register, period: Period, field: str, code: str) -> bool:
    item = register.codelists[field].by_code.get(code)
    if item is None:
        return register.codelists[field].open
    return (item.start is None or item.start <= period.end) and (
        item.until is None or item.until >= period.start
    )


def _can_be_said(register: Register, spec: PopulationSpec, field: str, code: str) -> bool:
    table = register.table(spec.table)
    owner = table.owner(field) if table else None
    return owner is None or field not in owner.codes or code in owner.codes[field]
