"""SQL that makes figures of traffic from the blocks of reports, by their layouts alone.

The texts of a block stand in a table `report_<edition>_<report>_<block>`: its columns as the layout
names them, the `physical_line` of each row, and whether it `is_total`, the row below the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpline_report.audit.recount.cells import label_code
from helpline_report.audit.recount.days import days
from helpline_report.audit.recount.writing import bare, listed, name, text
from helpline_report.exports.shapes import plain
from helpline_report.parameters.called import called, called_in_folder
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.report_layouts import TRAFFIC_DIMENSIONS, Block, ReportFile
from helpline_report.parameters.service import service
from helpline_report.parameters.web_layouts import WebFolder

LAST = {
    "day": "{day}",
    "month": "last_day({day})",
    "year": "make_date(year({day}), 12, 31)",
}


@dataclass(frozen=True, eq=False)
class Report:
    """A report of an edition: its place among them, and the name that tables of its texts share.

    `written` is its name in the source's folder, `name` what an edition calls it.
    """

    edition: Edition
    source: Source
    place: int
    table: str
    written: str
    name: str
    layout: ReportFile | WebFolder

    @property
    def shown(self) -> str:
        """The file as the parameters write it."""
        return f"{self.source.folder.rstrip('/')}/{self.written}"

    def block_table(self, place: int) -> str:
        """The table of the texts of one block, counted from 1."""
        return f"{self.table}_{place}"


@dataclass(frozen=True)
class Figures:
    """Figures of one kind of one block, as a SELECT is made of them.

    `days` are the first and the last day, `codes` the code of each dimension, all of them
    expressions; `where` chooses the rows, and `joined` is what they are joined with.
    """

    measure: str
    grain: str
    days: tuple[str, str]
    codes: Mapping[str, str]
    value: str
    where: Sequence[str]
    mended: str = "false"
    joined: str = ""


def reports_of(
    edition: Edition,
    layouts: Mapping[str, Layout],
    in_folder: Callable[[Source], Sequence[str]] = lambda _: (),
) -> list[Report]:
    """The reports of an edition's sources, in the order of parameters and layouts.

    `in_folder` names the web analytics exports that lie in the folder of a source.
    """
    found: list[Report] = []
    taken: set[str] = set()
    for source in edition.sources:
        layout = layouts[source.layout]
        given = {key: source.files.get(key, report.name) for key, report in layout.reports.items()}
        named: list[tuple[str, str, str, ReportFile | WebFolder]] = [
            (key, given[key], called(report.name, given[key]), report)
            for key, report in layout.reports.items()
        ]
        if layout.web is not None:
            public = called_in_folder(layout.layout, in_folder(source))
            named += [(each, written, each, layout.web) for written, each in public.items()]
        for wanted, written, known_as, read_by in named:
            table = _unused(f"{edition.edition}_{wanted}", taken)
            found.append(Report(edition, source, len(found), table, written, known_as, read_by))
    return found


def _unused(wanted: str, taken: set[str]) -> str:
    base = "report_" + re.sub(r"[^a-z0-9]+", "_", wanted.lower())
    table, more = base, 1
    while table in taken:
        more += 1
        table = f"{base}_again{more}"
    taken.add(table)
    return table


def figure_select(report: Report, block: int, figures: Figures) -> str:
    """A SELECT of figures of one block in the columns of `traffic`."""
    columns = [
        (text(report.edition.edition), "edition"),
        (text(report.name), "file"),
        (str(report.place), "file_place"),
        (str(block), "block"),
        ("row_place", "row_place"),
        ("physical_line", "line"),
        ("is_total", "is_total"),
        (text(figures.measure), "measure"),
        (text(figures.grain), "grain"),
        (figures.days[0], '"start"'),
        (figures.days[1], '"end"'),
        *((code, dimension) for dimension, code in sorted(figures.codes.items())),
        (figures.value, "value"),
        (figures.mended, "mended"),
    ]
    asked = ",\n  ".join(
        expression if expression == column else f"{expression} AS {column}"
        for expression, column in columns
    )
    where = "\n  AND ".join(figures.where)
    rows = f"{report.block_table(block)}{figures.joined}"
    return f"SELECT\n  {asked}\nFROM {rows}\nWHERE {where}"


def report_selects(report: Report, lists: Mapping[str, CodeList]) -> Iterator[str]:
    """The SELECTs of the figures of one report; blocks that the layout leaves unused give none."""
    layout = report.layout
    assert isinstance(layout, ReportFile)  # noqa: S101 - the caller looked
    where = {field: text(code) for field, code in layout.where.items()}
    for place, block in enumerate(layout.blocks, start=1):
        for column, measure in block.measures.items() if block.unused is None else ():
            value = f"grouped({name(column)}, {text(layout.numbers.thousands)})"
            make = _by_time if block.dimension is None else _by_code
            rows = make(report.edition, block, where, lists)
            found = [replace(rows, measure=measure.measure, value=value)]
            if block.total_is_year:
                whole = whole_period(report.edition)
                found.append(Figures(measure.measure, "year", whole, where, value, ["is_total"]))
            yield from (figure_select(report, place, figures) for figures in found)


def whole_period(edition: Edition) -> tuple[str, str]:
    """The first and the last day of the period, as SQL."""
    return f"DATE '{edition.period.start}'", f"DATE '{edition.period.end}'"


def within(edition: Edition, first: str, last: str) -> tuple[str, str]:
    """A span of days cut off at the ends of the period."""
    start, end = whole_period(edition)
    return f"greatest({first}, {start})", f"least({last}, {end})"


def _by_time(
    edition: Edition, block: Block, where: Mapping[str, str], _: Mapping[str, CodeList]
) -> Figures:
    cell = name(block.column)
    day = days(block.dates or "").value(bare(cell))
    span = within(edition, day, LAST[block.grain].format(day=day))
    return Figures("", block.grain, span, where, "", ["NOT is_total"], f"{cell} <> {bare(cell)}")


def _by_code(
    edition: Edition, block: Block, where: Mapping[str, str], lists: Mapping[str, CodeList]
) -> Figures:
    assert block.dimension is not None  # noqa: S101 - the caller looked
    cell, opened = name(block.column), lists[block.dimension].open
    codes = {**where, block.dimension: label_code(cell, block.codes, opened=opened)}
    mended = "false" if opened else f"{cell} NOT IN {listed([*block.codes])}"
    rows = ["NOT is_total", *not_collapsed(cell, block.codes)]
    return Figures("", "year", whole_period(edition), codes, "", rows, mended)


def not_collapsed(cell: str, codes: Mapping[str, str]) -> Iterator[str]:
    """Values that the service put together are no value, unless the layout gives them a code."""
    named = {plain(label) for label in codes}
    together = [word for word in service().collapsed if plain(word) not in named]
    if together:
        listed_words = ", ".join(f"plain({text(word)})" for word in together)
        yield f"plain({cell}) NOT IN ({listed_words})"


def traffic_sql(selects: Sequence[str]) -> str:
    """The table of traffic: every figure once, the first where two reports have it."""
    dimensions = ", ".join(TRAFFIC_DIMENSIONS)
    columns = ["edition", "file", *TRAFFIC_DIMENSIONS, "measure", "grain"]
    none = ", ".join(f"''::VARCHAR AS {column}" for column in columns)
    empty = (
        f"SELECT {none}, 0 AS file_place, 0 AS block, 0 AS row_place, 0 AS line,\n"
        "  false AS is_total, DATE '2000-01-01' AS \"start\", DATE '2000-01-01' AS \"end\",\n"
        "  0::BIGINT AS value, false AS mended\nWHERE false"
    )
    union = "\nUNION ALL BY NAME\n".join([empty, *selects])
    return (
        f"CREATE OR REPLACE TABLE traffic AS\nSELECT * FROM (\n{union}\n)\n"
        f'QUALIFY row_number() OVER (PARTITION BY edition, measure, grain, "start", "end",\n'
        f"  {dimensions}\n  ORDER BY file_place, block, is_total, row_place) = 1;"
    )
