"""Make one table of the figures of all web analytics exports, each figure once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.web_layouts import TRAFFIC_DIMENSIONS, MeasureName, WebFolder
from helpline_report.web_analytics.block_figures import Expected, Subject, WebFigure
from helpline_report.web_analytics.web_checks import read_figures, refuse_two_properties
from helpline_report.web_analytics.web_export import WebExport

MEASURES = ("users", "page_views", "sessions")
GRAINS = ("year", "month", "day")
ADDED_UP = (
    "this total adds up the users of the rows above it; it isn't the users of the period, since "
    "who comes back counts once"
)
NO_YEAR = (
    "the users of the whole period stand nowhere in the web analytics exports; those of months or "
    "days can't be added up, since who comes back counts once: export them as "
    "docs/web-analytics.md says"
)


@dataclass(frozen=True)
class ExpectedExport:
    """An export, the layout of its folder, and what it must be of.

    `reported` are the numbers that the edition printed of its measures.
    """

    export: WebExport
    layout: WebFolder
    expected: Expected
    reported: Mapping[MeasureName, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Traffic:
    """The table, what became of each line of each export, and what somebody may miss.

    `frame` has the columns `line` (int32), `file`, `measure` and `grain` (category), `start` and
    `end` (datetime64[s]), a category a dimension (NaN where a row isn't broken down by it) and
    `value` (int64). `outcomes` are in the order of the exports, by line.
    """

    frame: pd.DataFrame
    dimensions: tuple[str, ...]
    outcomes: tuple[Mapping[int, str], ...]
    notes: tuple[str, ...]


def make_traffic(exports: Sequence[ExpectedExport], lists: Mapping[str, CodeList]) -> Traffic:
    """One table of the figures of all exports.

    A figure that stands in two exports is kept once (B52); where the two differ, the second is
    refused (B53). What this year's report printed otherwise waits to be acknowledged (B69). A
    problem is in the findings of its export, and the table is then not whole.
    """
    first: dict[Subject, tuple[WebExport, WebFigure]] = {}
    outcomes: list[Mapping[int, str]] = []
    notes: list[str] = []
    sums: list[str] = []
    refuse_two_properties([(item.export, item.layout) for item in exports])
    for item in exports:
        of_export = read_figures(item.export, item.layout, item.expected)
        new = [figure for figure in of_export.figures if _is_new(first, item.export, figure)]
        again = {figure.line for figure in of_export.figures} - {figure.line for figure in new}
        outcomes.append(of_export.outcomes | dict.fromkeys(again, "excluded B52"))
        notes += of_export.notes
        sums += of_export.sums
        _ask_about_revisions(item, new)
    if first and not any(_is_of_year(subject, "users") for subject in first):
        notes += [*(f"{place}: {ADDED_UP}" for place in sums), NO_YEAR]
    frame, dimensions = _frame(list(first.values()), lists)
    return Traffic(frame, dimensions, tuple(outcomes), tuple(notes))


def _is_new(
    first: dict[Subject, tuple[WebExport, WebFigure]], export: WebExport, figure: WebFigure
) -> bool:
    """Whether a figure stands in no export before; one that stands there otherwise is refused."""
    export_before, before = first.setdefault(figure.subject, (export, figure))
    if before.value != figure.value:
        other = export_before.file
        export.findings.add("B53", "figure", line=figure.line, other_file=other, other=before.line)
    return before is figure


def _ask_about_revisions(item: ExpectedExport, figures: Sequence[WebFigure]) -> None:
    """Ask about figures of the period that the edition printed otherwise (B69)."""
    for figure in figures:
        for measure, printed in item.reported.items():
            if _is_of_year(figure.subject, measure) and figure.value != printed:
                item.export.findings.ask("B69", rows=1, lines=[figure.line], column=measure)


def _is_of_year(subject: Subject, measure: str) -> bool:
    return (subject.measure, subject.grain, subject.codes) == (measure, "year", ())


def _frame(
    figures: Sequence[tuple[WebExport, WebFigure]], lists: Mapping[str, CodeList]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    subjects = [figure.subject for _, figure in figures]
    files = [export.file for export, _ in figures]
    columns: dict[str, object] = {
        "line": np.array([figure.line for _, figure in figures], dtype=np.int32),
        "file": _category(files, list(dict.fromkeys(files))),
        "measure": _category([subject.measure for subject in subjects], MEASURES),
        "grain": _category([subject.grain for subject in subjects], GRAINS),
        "start": np.array([subject.start for subject in subjects], dtype="datetime64[s]"),
        "end": np.array([subject.end for subject in subjects], dtype="datetime64[s]"),
    }
    dimensions = []
    for name in TRAFFIC_DIMENSIONS:
        codes = [dict(subject.codes).get(name) for subject in subjects]
        own = {code for code in codes if code is not None} - set(lists[name].order)
        if any(codes):
            columns[name] = _category(codes, [*lists[name].order, *sorted(own)])
            dimensions.append(name)
    columns["value"] = np.array([figure.value for _, figure in figures], dtype=np.int64)
    return pd.DataFrame(columns), tuple(dimensions)


def _category(codes: Sequence[str | None], order: Sequence[str]) -> pd.Categorical:
    index = pd.Index(list(order), dtype="str")
    return pd.Categorical(pd.Series(list(codes), dtype="object"), categories=index)
