"""Which dimensions and metrics a header names, and in which languages."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.exports.web.model import Heading
from helpline_report.parameters.service import (
    LANGUAGES,
    Kind,
    Language,
    dimension_names,
    metric_names,
    service,
    simple,
)


def heading(names: Sequence[str], kind: Kind) -> Heading:
    """The columns of a header; one without a name counts as unknown."""
    dimensions: dict[int, str] = {}
    metrics: dict[int, str] = {}
    spoken: frozenset[Language] = frozenset(LANGUAGES)
    unknown = []
    for place, name in enumerate(names):
        key = simple(name)
        dimension, metric = dimension_names(kind).get(key), metric_names(kind).get(key)
        if dimension is not None:
            dimensions[place] = dimension[0]
            spoken &= dimension[1]
        elif metric is not None:
            metrics[place] = metric[0]
            spoken &= metric[1]
        else:
            unknown.append(place)
    return Heading(dimensions, metrics, tuple(unknown), spoken)


def is_header(cells: Sequence[str], kind: Kind) -> bool:
    """Whether a row can be nothing but a header: a dimension's name, then metrics' names."""
    found = heading(cells, kind)
    filled = [cell for cell in cells if cell.strip()]
    known = len(found.dimensions) + len(found.metrics)
    return 0 in found.dimensions and bool(found.metrics) and known == len(filled)


def is_total(text: str) -> bool:
    """Whether a cell says that its row is one of totals."""
    return simple(text) in {simple(name) for name in service().totals}


def is_ga4_name(text: str) -> bool:
    """Whether a name is one that Universal Analytics never had."""
    key = simple(text)
    return key in metric_names("ga4") and key not in metric_names("ua")
