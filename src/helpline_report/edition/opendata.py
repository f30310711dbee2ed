"""Open data: every figure, the released ledger, a file a table and a chart, and what they hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from helpline_report.edition.drafted import LEFT_OUT, warning
from helpline_report.edition.publication import Publication
from helpline_report.edition.spreadsheets import harmless
from helpline_report.edition.words import EditionWords
from helpline_report.figures.model import Chart, Crosstab, Figure, PopulationSpec, Series, Table

NOUNS = {"page_views": "page views"}

FIGURE_COLUMNS = (
    "id",
    "value",
    "unit",
    "numerator",
    "denominator",
    "population",
    "period",
    "definition",
    "chapter",
    "cell",
    "status",
    "reason",
    "of",
    "interval_low",
    "interval_high",
    "interval_level",
    "interval_method",
)

# `value` holds numbers, and codes where the figure is a label.
TYPES = {
    "value": "any",
    "numerator": "number",
    "denominator": "number",
    "interval_low": "number",
    "interval_high": "number",
    "interval_level": "number",
}


@dataclass(frozen=True)
class DataFile:
    """One CSV file: its name, what it is, its columns with their types, and its rows."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]

    def of_draft(self, rows: int) -> DataFile:
        """The same file with a column that says of each line how many rows the draft left out."""
        columns = (*self.columns, (LEFT_OUT, "integer"))
        return replace(self, columns=columns, rows=tuple((*row, str(rows)) for row in self.rows))

    def text(self) -> str:
        """The file: UTF-8, a comma between fields, a line feed behind each line."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([name for name, _ in self.columns])
        for row in self.rows:
            fields = zip(row, self.columns, strict=True)
            writer.writerow([harmless(v) if kind == "string" else v for v, (_, kind) in fields])
        return out.getvalue()


def plain_number(value: float | str | None) -> str:
    """A value for machines: nothing rounded, whole numbers without a decimal point."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def figures_file(publication: Publication, words: EditionWords) -> DataFile:
    """Every figure of the ledger, in the order in which the chapters computed them."""
    order = [*publication.origins]
    rest = sorted(set(publication.ledger.figures) - set(order))
    known = [name for name in (*order, *rest) if name in publication.ledger.figures]
    return DataFile(
        name="figures.csv",
        title=words.say("cite.figures"),
        columns=tuple((name, TYPES.get(name, "string")) for name in FIGURE_COLUMNS),
        rows=tuple(_row(publication.ledger.figures[n], publication, words) for n in known),
    )


def _row(figure: Figure, publication: Publication, words: EditionWords) -> tuple[str, ...]:
    interval = figure.interval
    shown = figure.status == "ok"
    parts = (figure.numerator, figure.denominator) if shown else (None, None)
    ends = (interval.low, interval.high, interval.level) if interval and shown else (None,) * 3
    chapter, cell = publication.origins.get(figure.id, ("", ""))
    period = figure.population.period
    value = plain_number(figure.value)
    return (
        figure.id,
        harmless(value) if isinstance(figure.value, str) else value,
        figure.unit,
        *(plain_number(part) for part in parts),
        NOUNS.get(figure.population.noun, figure.population.noun),
        f"{period.start.isoformat()}/{period.end.isoformat()}",
        words.name(figure),
        chapter,
        cell,
        figure.status,
        figure.reason.code if figure.reason else "",
        _of(figure.of),
        *(plain_number(end) for end in ends),
        interval.method if interval and shown else "",
    )


def _of(population: PopulationSpec | None) -> str:
    return NOUNS.get(population.noun, population.noun) if population else ""


def part_files(publication: Publication, words: EditionWords) -> list[DataFile]:
    """A file for each chart and each table, in the order of their ids."""
    ledger = publication.ledger
    parts: list[Chart | Table] = [*ledger.charts.values(), *ledger.tables.values()]
    return [_part(item, publication, words) for item in sorted(parts, key=lambda item: item.id)]


def _part(part: Chart | Table, publication: Publication, words: EditionWords) -> DataFile:
    ledger, name = publication.ledger, part.id
    if part.crosstab is not None and part.crosstab in ledger.crosstabs:
        return _crosstab_file(name, ledger.crosstabs[part.crosstab], publication, words)
    series = part.series if isinstance(part, Table) else (part.series, part.against)
    known = [ledger.series[item] for item in series if item in ledger.series]
    if known:
        return _series_file(name, known, publication, words)
    figures = part.figures
    listed = [ledger.figures[item] for item in figures if item in ledger.figures]
    rows = tuple(_row(figure, publication, words) for figure in listed)
    columns = tuple((column, TYPES.get(column, "string")) for column in FIGURE_COLUMNS)
    return DataFile(f"{name}.csv", words.say("part.figures"), columns, rows)


def _series_file(
    name: str, series: Sequence[Series], publication: Publication, words: EditionWords
) -> DataFile:
    ledger, field = publication.ledger, series[0].by
    columns = [{member.code: member.figure for member in item.members} for item in series]
    codes = dict.fromkeys(code for column in columns for code in column)
    rows = tuple(
        (
            code,
            words.label(field, code),
            *(_value(ledger.figures.get(column.get(code, ""))) for column in columns),
        )
        for code in codes
    )
    names = ((field, "string"), ("label", "string"), *((item.id, "number") for item in series))
    return DataFile(f"{name}.csv", words.caption(series[0]), names, rows)


def _crosstab_file(
    name: str, crosstab: Crosstab, publication: Publication, words: EditionWords
) -> DataFile:
    rows = tuple(
        (
            cell.row,
            words.label(crosstab.rows, cell.row),
            cell.column,
            words.label(crosstab.columns, cell.column),
            _value(publication.ledger.figures.get(cell.figure)),
        )
        for cell in crosstab.cells
    )
    columns = (
        (crosstab.rows, "string"),
        (f"{crosstab.rows}_label", "string"),
        (crosstab.columns, "string"),
        (f"{crosstab.columns}_label", "string"),
        ("value", "number"),
    )
    return DataFile(f"{name}.csv", words.caption(crosstab), columns, rows)


def _value(figure: Figure | None) -> str:
    return plain_number(figure.value) if figure else ""


def datapackage(publication: Publication, files: Sequence[DataFile]) -> str:
    """The description of the files, as a Frictionless Data Package."""
    edition = publication.edition
    package: dict[str, Any] = {
        "name": f"helpline-report-{edition.edition}",
        "title": publication.title,
        "profile": "tabular-data-package",
        "licenses": [{"name": edition.publisher.licence}],
        **_marked(publication),
        "resources": [_resource(item) for item in files],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _marked(publication: Publication) -> dict[str, Any]:
    """What the description says of a draft."""
    ledger = publication.ledger
    if not ledger.draft:
        return {}
    told = warning(ledger, EditionWords(publication))
    return {"description": f"{told}.", LEFT_OUT: ledger.rows_left_out}


def _resource(file: DataFile) -> dict[str, Any]:
    return {
        "name": file.name.removesuffix(".csv"),
        "title": file.title,
        "path": file.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": name, "type": kind} for name, kind in file.columns],
            "missingValues": [""],
        },
    }
