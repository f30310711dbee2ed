"""Read web analytics exports into the tables of texts that the second count begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpline_report.exports.file_types import web_exports_in
from helpline_report.figures.file_names import names_of
from helpline_report.parameters.called import called_in_folder
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.project import Project
from helpline_report.second_count.web_traffic import TEXTS, THOUSANDS
from helpline_report.web_analytics.blocks import Heading
from helpline_report.web_analytics.web_export import WebExport, read_web_export


@dataclass(frozen=True)
class WebFile:
    """A web analytics export of an edition: its layout, what it is called, and its content."""

    edition: Edition
    layout: str
    shown: str
    name: str
    export: WebExport


def read_web_files(
    project: Project, edition: Edition, layouts: Mapping[str, Layout]
) -> Iterator[WebFile]:
    """The web analytics exports of an edition's sources, in the order of the parameters."""
    for source in edition.sources:
        layout, folder = layouts[source.layout], project.resolve(source.folder)
        if layout.web is None:
            continue
        names = called_in_folder(layout.layout, web_exports_in(folder, source), layout.web.names)
        for written, name in names.items():
            shown = f"{source.folder.rstrip('/')}/{written}"
            export = read_web_export(folder / written, shown, layout.web)
            yield WebFile(edition, layout.layout, shown, name, export)


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
