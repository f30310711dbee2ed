"""Which statements of a figure are about years that have rows: of a year without, none can run."""

from __future__ import annotations

from collections.abc import Container, Sequence

from helpline_report.audit.sql_query import Query
from helpline_report.figures.model import Figure

# What a statement gives of the year that a figure is compared with.
OF_ANOTHER = ("against", "observed_against", "ranking_before")


def own_queries(
    queries: Sequence[Query], figure: Figure, years: Container[str] | None
) -> tuple[Query, ...]:
    """The statements of a figure about the editions that have rows (`years`; None for all)."""
    if years is None:
        return tuple(queries)
    if figure.population.edition not in years:
        return ()
    other = figure.of is not None and figure.of.edition not in years
    return tuple(query for query in queries if not (other and query.gives in OF_ANOTHER))
