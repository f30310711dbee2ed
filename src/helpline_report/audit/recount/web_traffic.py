"""SQL that makes figures of website traffic from the texts of web analytics exports.

What the columns of a block are called, the reading of files knows (`web_analytics.blocks`); what
they give is read here a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd

from helpline_report.audit.recount.writing import text
from helpline_report.exports.file_types import web_exports_in
from helpline_report.exports.shapes import plain
from helpline_report.figures.file_names import names_of
from helpline_report.parameters.called import called_in_folder
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.service import Dimension, service, simple
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.web_analytics.blocks import Heading
from helpline_report.web_analytics.web_export import WebExport, read_web_export

THOUSANDS = {"nl": ".", "en": ",", "fr": " "}
TABLES = {
    "web_periods": "edition VARCHAR, first DATE, last DATE",
    "web_users": "layout VARCHAR, metric VARCHAR, place INTEGER",
    "web_properties": "layout VARCHAR, property VARCHAR, codes MAP(VARCHAR, VARCHAR)",
    "web_dimensions": "layout VARCHAR, dimension VARCHAR, grain VARCHAR, nth BOOLEAN, "
    "field VARCHAR, is_open BOOLEAN, only_kind VARCHAR, never VARCHAR",
    "web_labels": "layout VARCHAR, field VARCHAR, plain_label VARCHAR, code VARCHAR, "
    "written VARCHAR[]",
}
MISSING = """
SELECT error('there is no file in ' || edition || '/' || layout || '/')
FROM web_folders ANTI JOIN web_sources USING (edition, layout);
""".strip()
NAMES = (
    "is_metric BOOLEAN, name VARCHAR, whole BOOLEAN, personal BOOLEAN, kinds VARCHAR[], "
    "nl VARCHAR[], en VARCHAR[], fr VARCHAR[]"
)
TEXTS = {
    "web_files": "edition VARCHAR, file VARCHAR, place INTEGER, rows BIGINT",
    "web_blocks": "edition VARCHAR, file VARCHAR, file_place INTEGER, layout VARCHAR, "
    "kind VARCHAR, block INTEGER, property VARCHAR, period_start DATE, period_end DATE, "
    "dimension VARCHAR, dimensions INTEGER, known BOOLEAN, whole BOOLEAN, personal BOOLEAN, "
    "marks VARCHAR[]",
    "web_cells": "edition VARCHAR, file VARCHAR, block INTEGER, row_place INTEGER, line INTEGER, "
    "is_total BOOLEAN, label VARCHAR, column_place INTEGER, metric VARCHAR, cell VARCHAR",
}


@dataclass(frozen=True)
class WebFile:
    """A web analytics export of an edition: its layout, what it is called, and its content."""

    edition: Edition
    layout: str
    shown: str
    name: str
    export: WebExport


def web_files(project: Project, edition: Edition, layouts: Mapping[str, Layout]) -> list[WebFile]:
    """The web analytics exports of an edition's sources, in the order of the parameters."""
    exports = []
    for source in edition.sources:
        layout, folder = layouts[source.layout], project.resolve(source.folder)
        if layout.web is None:
            continue
        names = called_in_folder(layout.layout, web_exports_in(folder, source))
        for written, name in names.items():
            shown = f"{source.folder.rstrip('/')}/{written}"
            export = read_web_export(folder / written, shown, layout.web)
            exports.append(WebFile(edition, layout.layout, shown, name, export))
    return exports


def text_tables(exports: Sequence[WebFile]) -> Mapping[str, pd.DataFrame]:
    """The texts of exports as `TEXTS` has them."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TEXTS}
    names = names_of([(item.edition.edition, item.shown, item.name) for item in exports])
    for place, (item, name) in enumerate(zip(exports, names, strict=True)):
        at, export = (item.edition.edition, name), item.export
        number = sum(1 for _ in export.lines) + export.comparing
        rows["web_files"].append((*at, place, number))
        for block_place, block in enumerate(export.blocks, start=1):
            heading = Heading.of(block.names, export.kind)
            period = block.period
            dimension = heading.only_dimension
            marks = [THOUSANDS[each] for each in sorted(heading.languages) if each in THOUSANDS]
            rows["web_blocks"].append(
                (
                    *at,
                    place,
                    item.layout,
                    export.kind,
                    block_place,
                    export.property_ or "",
                    period and period.start,
                    period and period.end,
                    dimension and dimension[1],
                    len(heading.dimensions),
                    bool(heading.metrics) and not heading.foreign,
                    heading.whole,
                    bool(heading.personal),
                    marks,
                )
            )
            for row in (*block.rows, *block.totals[:1]):
                label = row.cells[dimension[0]] if dimension and row.cells else ""
                of_row = (*at, block_place, row.number, row.number, row in block.totals, label)
                rows["web_cells"] += [
                    (*of_row, column, metric, row.cells[column])
                    for column, metric in heading.metrics.items()
                    if column < len(row.cells)
                ]
    return {
        name: pd.DataFrame(rows[name], columns=[each.split()[0] for each in columns.split(", ")])
        for name, columns in TEXTS.items()
    }


def layout_tables(
    editions: Sequence[Edition], layouts: Mapping[str, Layout], lists: Mapping[str, CodeList]
) -> str:
    """The tables that say what layouts want of web analytics, as SQL."""
    rows: dict[str, list[str]] = {name: [] for name in TABLES}
    rows["web_periods"] = [
        _row(text(each.edition), f"DATE '{each.period.start}'", f"DATE '{each.period.end}'")
        for each in editions
    ]
    for name in sorted({source.layout for each in editions for source in each.sources}):
        web = layouts[name].web
        if web is not None:
            for table, row in _of_layout(web, lists):
                rows[table].append(_row(text(name), *row))
    words = ", ".join(f"plain({text(word)})" for word in service().collapsed)
    return "\n".join(
        [
            *(create_table(table, TABLES[table], rows[table]) for table in TABLES),
            f"SET VARIABLE collapsed = [{words}];",
        ]
    )


def traffic_statement() -> str:
    """The table of traffic: every figure once, the first where two exports have it."""
    return _read_sql("traffic.sql")


def csv_statements(editions: Sequence[Edition], layouts: Mapping[str, Layout]) -> str:
    """The cells of web analytics exports as DuckDB reads CSV itself, as SQL.

    The exports of a source stand in a folder in that of its edition, named after its layout.
    """
    folders = [
        (each.edition, place, source.layout)
        for each in editions
        for place, source in enumerate(each.sources)
        if layouts[source.layout].web is not None
    ]
    content = (
        "SELECT '' AS edition, '' AS layout, 0 AS source, '' AS filename, '' AS content WHERE false"
    )
    for edition, place, layout in folders:
        content += (
            f"\nUNION ALL BY NAME SELECT {text(edition)} AS edition, {text(layout)} AS layout, "
            f"{place} AS source, filename, content FROM read_text({text(f'{edition}/{layout}/*')})"
        )
    expected = [_row(text(edition), text(layout)) for edition, _, layout in folders]
    catalogue = [
        (is_metric, name, entry)
        for is_metric, entries in ((True, service().metrics), (False, service().dimensions))
        for name, entry in entries.items()
    ]
    names = [
        _row(
            str(is_metric).lower(),
            text(name),
            str(isinstance(entry, Dimension) and bool(entry.whole or entry.grain)).lower(),
            str(isinstance(entry, Dimension) and entry.personal).lower(),
            _list(entry.kinds),
            *(_list(map(simple, getattr(entry, language))) for language in THOUSANDS),
        )
        for is_metric, name, entry in catalogue
    ]
    return "\n".join(
        [
            *(create_table(table, columns, []) for table, columns in TEXTS.items()),
            create_table("web_names", NAMES, names),
            f"SET VARIABLE property_words = {_list(map(simple, service().property))};",
            f"SET VARIABLE total_words = {_list(map(simple, service().totals))};",
            f"CREATE OR REPLACE TABLE web_sources AS {content};",
            create_table("web_folders", "edition VARCHAR, layout VARCHAR", expected),
            MISSING,
            _read_sql("web_files.sql"),
        ]
    )


def _read_sql(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").rstrip()


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(text, values))}]"


def create_table(table: str, columns: str, rows: Sequence[str]) -> str:
    """A table of some rows, as SQL."""
    created = f"CREATE OR REPLACE TABLE {table} ({columns});"
    values = ",\n  ".join(rows)
    return f"{created}\nINSERT INTO {table} VALUES\n  {values};" if rows else created


def _of_layout(
    web: WebFolder, lists: Mapping[str, CodeList]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of each table, without the name of the layout."""
    for place, metric in enumerate(web.users):
        yield "web_users", (text(metric), str(place))
    for name, codes in web.properties.items():
        pairs = ", ".join(f"{text(field)}: {text(code)}" for field, code in codes.items())
        yield "web_properties", (text(name), f"MAP {{{pairs}}}")
    for name, dimension in service().dimensions.items():
        field = web.field_of(name)
        grain = dimension.grain if dimension.grain != "week" else None
        if grain is not None or field is not None:
            yield (
                "web_dimensions",
                (
                    text(name),
                    _or_null(grain),
                    str(dimension.nth).lower(),
                    _or_null(field),
                    str(field is not None and lists[field].open).lower(),
                    _or_null(dimension.only),
                    _or_null(dimension.never),
                ),
            )
    for field, wanted in web.dimensions.items():
        written: dict[str, list[str]] = {}
        for label in wanted.codes:
            written.setdefault(plain(label), []).append(label)
        for labels in written.values():
            yield (
                "web_labels",
                (
                    text(field),
                    f"plain({text(labels[-1])})",
                    text(wanted.codes[labels[-1]]),
                    _list(labels),
                ),
            )


def _row(*values: str) -> str:
    return f"({', '.join(values)})"


def _or_null(value: str | None) -> str:
    return "NULL" if value is None else text(value)
