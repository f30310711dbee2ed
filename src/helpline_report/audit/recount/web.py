"""SQL that makes figures of traffic from a folder of web analytics exports, whatever they are.

What the columns of a block are called, the reading of the files knows (`exports.web.heading`); what
they give is read here a second time. The texts of a block stand in a table of their own, with the
period that it says it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpline_report.audit.recount.cells import label_code
from helpline_report.audit.recount.reports import (
    Figures,
    Report,
    figure_select,
    not_collapsed,
    whole_period,
)
from helpline_report.audit.recount.web_days import joined_days, span_of
from helpline_report.audit.recount.writing import bare, listed, name, text
from helpline_report.exports.web.heading import heading
from helpline_report.exports.web.model import Block, Heading, WebExport
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.service import Dimension, service
from helpline_report.parameters.web_layouts import WebFolder

MARKS = {"nl": ".", "en": ",", "fr": " "}
ADDITIVE = ("page_views", "sessions")


@dataclass(frozen=True)
class _Table:
    """One block: its table, its columns by the names that they have there, and what they are."""

    report: Report
    layout: WebFolder
    place: int
    columns: Sequence[str]
    heading: Heading
    lists: Mapping[str, CodeList]
    where: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.report.block_table(self.place)

    @property
    def dimensions(self) -> list[tuple[str, str, Dimension]]:
        """Column, the service's name and what is known of it, of each dimension."""
        known = service().dimensions
        found = self.heading.dimensions.items()
        return [(name(self.columns[at]), said, known[said]) for at, said in found]

    @property
    def of_period(self) -> list[str]:
        start, end = whole_period(self.report.edition)
        return [f"period_start = {start}", f"period_end = {end}"]

    def value(self, place: int) -> str:
        """The number in a column, as one of the languages of the header groups thousands."""
        cell = name(self.columns[place])
        marks = [MARKS[said] for said in sorted(self.heading.languages) if said in MARKS]
        read = [f"grouped({cell}, {text(mark)})" for mark in marks]
        plainly = f"TRY_CAST({bare(cell)} AS BIGINT)"
        return f"coalesce({', '.join(read)})" if read else plainly


def column_names(block: Block) -> list[str]:
    """The columns of a block, each by a name of its own."""
    found: list[str] = []
    for place, said in enumerate(block.names, start=1):
        plainly = said.strip() or f"column {place}"
        taken = plainly.lower() in {other.lower() for other in found}
        found.append(f"{plainly} ({place})" if taken else plainly)
    return found


def web_selects(report: Report, export: WebExport, lists: Mapping[str, CodeList]) -> Iterator[str]:
    """The SELECTs of the figures of one export: those of blocks that the layout wants."""
    layout = report.layout
    assert isinstance(layout, WebFolder)  # noqa: S101 - the caller looked
    where = {f: text(code) for f, code in layout.properties.get(export.property_ or "", {}).items()}
    first: _Table | None = None
    for place, block in enumerate(export.blocks, start=1):
        known = heading(block.names, export.kind)
        table = _Table(report, layout, place, column_names(block), known, lists, where)
        first = first or table
        # The index of days below a table of version 3 counts what the table counts.
        partial = export.kind == "ua" and table is not first and not _all_visits(first)
        if known.metrics and not _is_foreign(known, block) and not partial:
            for figures in _figures(table, export.kind):
                yield figure_select(report, place, figures)


def _is_foreign(known: Heading, block: Block) -> bool:
    """Whether an unknown column stands among the dimensions, which come before the metrics."""
    edge = min(known.metrics, default=max(known.dimensions, default=len(block.names)) + 1)
    return any(place < edge for place in known.unknown)


def _all_visits(table: _Table) -> bool:
    """Whether every visit is in the rows of a block, so that a total is one of all visits."""
    known = table.heading
    edge = min(known.metrics, default=max(known.dimensions, default=len(table.columns)) + 1)
    foreign = any(place < edge for place in known.unknown)
    return not foreign and all(item.whole or item.grain for _, _, item in table.dimensions)


def _figures(table: _Table, _kind: str) -> Iterator[Figures]:
    for place, measure in _measured(table):
        value = table.value(place)
        yield from _rows(table, measure, value)
        if _all_visits(table):
            yield _total(table, measure, value)


def _measured(table: _Table) -> Iterator[tuple[int, str]]:
    """The column of each measure; of users the metric that the layout calls so, the first there."""
    names = table.heading.metrics
    users = next((said for said in table.layout.users if said in names.values()), None)
    seen = set()
    for place, said in names.items():
        measure = "users" if said == users else service().metrics[said].measure
        if measure is not None and measure not in seen:
            seen.add(measure)
            yield place, measure


def _rows(table: _Table, measure: str, value: str) -> Iterator[Figures]:
    """The figures of the rows of a block, by its one dimension or by none."""
    edition = table.report.edition
    tests = ["NOT is_total", *table.of_period]
    if not table.dimensions:
        yield Figures(measure, "year", whole_period(edition), table.where, value, tests)
        return
    if len(table.dimensions) > 1:
        return
    cell, said, dimension = table.dimensions[0]
    if dimension.grain == "week":
        return
    if dimension.grain is not None:
        span = span_of(edition, cell, dimension)
        if dimension.grain == "year":
            ends = zip(span, whole_period(edition), strict=True)
            tests += [f"{found} = {end}" for found, end in ends]
        joined = joined_days(edition, table.name, cell, dimension)
        yield Figures(measure, dimension.grain, span, table.where, value, tests, joined=joined)
        return
    field = table.layout.field_of(said)
    if field is not None and field not in table.where:
        yield _by_code(table, measure, value, field)


def _by_code(table: _Table, measure: str, value: str, field: str) -> Figures:
    cell, _, dimension = table.dimensions[0]
    codes, opened = table.layout.dimensions[field].codes, table.lists[field].open
    tests = ["NOT is_total", *table.of_period]
    if dimension.never:
        never = f"SELECT 1 FROM {table.name} WHERE {bare(cell)} = {text(dimension.never)}"
        tests.append(f"NOT EXISTS ({never})")
    if dimension.only is not None:
        kind = f"regexp_extract({cell}, '[^/]*$')"
        tests.append(f"plain({kind}) = {text(dimension.only)}")
        cell = f"regexp_replace({cell}, '/[^/]*$', '')"
    tests += not_collapsed(cell, codes)
    mended = "false" if opened else f"{cell} NOT IN {listed([*codes])}"
    found = {**table.where, field: label_code(cell, codes, opened=opened)}
    whole = whole_period(table.report.edition)
    return Figures(measure, "year", whole, found, value, tests, mended)


def _total(table: _Table, measure: str, value: str) -> Figures:
    """The total row as the figure of the period; users that were added up are none.

    Where several rows have users and their sum is the total, who came back was counted twice.
    """
    rows = f"FROM {table.name} WHERE NOT is_total"
    tests = ["is_total", *table.of_period, f"EXISTS (SELECT 1 {rows})"]
    personal = any(dimension.personal for _, _, dimension in table.dimensions)
    if measure == "users" and not personal:
        several = f"(SELECT count(*) FILTER ({value} > 0) {rows}) > 1"
        tests.append(f"NOT ({value} = (SELECT sum({value}) {rows}) AND {several})")
    whole = whole_period(table.report.edition)
    return Figures(measure, "year", whole, table.where, value, tests)
