"""Write the open data: every figure, and a file a table and a chart, as CSV."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO

from helpline_report.figures.model import Chart, Crosstab, Figure, ReportTable, Series
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.table_parts import column_heads

# What begins a formula in some spreadsheet, the full-width forms too.
FORMULA = frozenset(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def harmless(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula: an apostrophe stands before it.

    What can't be seen at its beginning (a tab, a mark of direction) hides no formula.
    """
    visible = (c for c in text if not (c.isspace() or unicodedata.category(c) in ("Cc", "Cf")))
    return f"'{text}" if next(visible, "") in FORMULA or text[:1] in ("\t", "\r") else text


# The last columns of every data file of a draft and of synthetic rows, and the keys in their
# description.
LEFT_OUT = "draft_left_out_rows"
ROWS, SYNTHETIC = "rows", "synthetic"


@dataclass(frozen=True)
class DataFile:
    """One CSV file: its name, what it is, its columns with their types, and its rows.

    `heads` says of each column in words what it holds, and `units` in which unit.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""
    heads: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def with_column(self, name: str, kind: str, value: str, head: str) -> DataFile:
        """The same file with a last column that says the same of each line."""
        missing = ("",) * (len(self.columns) - len(self.heads))
        return replace(
            self,
            columns=(*self.columns, (name, kind)),
            rows=tuple((*row, value) for row in self.rows),
            heads=(*self.heads, *missing, head),
        )

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


# The columns of figures: `value` holds numbers, and codes where the figure is a label.
FIGURE_COLUMNS = {
    "id": "string",
    "value": "any",
    "unit": "string",
    "numerator": "number",
    "denominator": "number",
    "population": "string",
    "period": "string",
    "definition": "string",
    "chapter": "string",
    "cell": "string",
    "status": "string",
    "reason": "string",
    "of": "string",
    "interval_low": "number",
    "interval_high": "number",
    "interval_level": "number",
    "interval_method": "string",
    "interval_dispersion": "number",
    "breaks": "string",
}
TREND_COLUMNS = {
    "id": "string",
    "year": "integer",
    "printed": "integer",
    "standing": "string",
    "why": "string",
    "source": "string",
    "address": "string",
}


def figures_file(words: EditionWords) -> DataFile:
    """Every figure of the ledger, in the order in which the chapters computed them."""
    figures, origins = words.ledger.figures, words.publication.origins
    names = (*origins, *sorted(set(figures) - set(origins)))
    listed = [figures[name] for name in names if name in figures]
    title, text = words.say("data.figures"), words.say("data.figures_text")
    return _figures_file("figures", title, text, listed, words)


def _figures_file(
    name: str, title: str, description: str, figures: Sequence[Figure], words: EditionWords
) -> DataFile:
    return DataFile(
        name=f"{name}.csv",
        title=title,
        columns=tuple(FIGURE_COLUMNS.items()),
        heads=tuple(words.say(f"column.{column}") for column in FIGURE_COLUMNS),
        description=description,
        rows=tuple(_row(figure, words) for figure in figures),
    )


def _row(figure: Figure, words: EditionWords) -> tuple[str, ...]:
    has_value = figure.status == "ok"
    interval = figure.interval if has_value else None
    parts = (figure.numerator, figure.denominator) if has_value else (None, None)
    ends = (interval.low, interval.high, interval.level) if interval else (None,) * 3
    chapter, cell = words.publication.origins.get(figure.id, ("", ""))
    period = figure.population.period
    value = plain_number(figure.value)
    return (
        figure.id,
        harmless(value) if isinstance(figure.value, str) else value,
        figure.unit,
        *(plain_number(part) for part in parts),
        figure.population.noun.replace("_", " "),
        f"{period.start.isoformat()}/{period.end.isoformat()}",
        words.name(figure),
        chapter,
        cell,
        figure.status,
        figure.reason.code if figure.reason else "",
        figure.of.noun.replace("_", " ") if figure.of else "",
        *(plain_number(end) for end in ends),
        interval.method if interval else "",
        plain_number(interval.dispersion) if interval else "",
        ";".join(figure.breaks),
    )


def part_files(words: EditionWords) -> list[DataFile]:
    """A file for each chart and each table, in the order of their ids."""
    parts: list[Chart | ReportTable] = [
        *words.ledger.charts.values(),
        *words.ledger.tables.values(),
    ]
    files = [_part_file(part, words) for part in sorted(parts, key=lambda part: part.id)]
    return [*files, *trend_files(words)]


def trend_files(words: EditionWords) -> list[DataFile]:
    """A file for the printed totals of each noun: what was printed, by whom, and how it stands."""
    points = words.ledger.trend.points if words.ledger.trend is not None else ()
    return [
        DataFile(
            name=f"trend.{noun}.csv",
            title=capital(words.say("trend.caption", noun=words.writer.noun(noun))),
            description=words.say("trend.subtitle"),
            columns=tuple(TREND_COLUMNS.items()),
            heads=tuple(words.say(f"column.{name}") for name in TREND_COLUMNS),
            rows=tuple(
                (
                    point.id,
                    str(point.year),
                    str(point.value),
                    point.standing,
                    words.translated(point.why) if point.why else "",
                    point.source,
                    point.address,
                )
                for point in points
                if point.noun == noun
            ),
        )
        for noun in dict.fromkeys(point.noun for point in points)
    ]


def _part_file(part: Chart | ReportTable, words: EditionWords) -> DataFile:
    ledger = words.ledger
    if part.crosstab is not None and part.crosstab in ledger.crosstabs:
        return _crosstab_file(part.id, ledger.crosstabs[part.crosstab], words)
    series = [ledger.series[name] for name in part.columns if name in ledger.series]
    if series:
        return _series_file(part.id, series, words)
    figures = [ledger.figures[name] for name in part.figures if name in ledger.figures]
    about = capital(words.writer.population(figures[0].population)) if figures else ""
    return _figures_file(part.id, words.say("part.figures"), about, figures, words)


def _series_file(name: str, series: Sequence[Series], words: EditionWords) -> DataFile:
    field, ids = series[0].by, [item.id for item in series]
    columns = [{member.code: member.figure for member in item.members} for item in series]
    rows = tuple(
        (
            code,
            words.label(field, code),
            *(_value(column.get(code), words) for column in columns),
        )
        for code in dict.fromkeys(code for column in columns for code in column)
    )
    # A series may be called after its field, and no two columns may share a name.
    code = f"{field}_code" if field in ids else field
    heads = (*_field_heads(field, words), *column_heads(series, words))
    return DataFile(
        f"{name}.csv",
        words.caption(series[0]),
        ((code, "string"), ("label", "string"), *((name, "number") for name in ids)),
        rows,
        words.writer.subtitle(series[0]),
        heads,
        ("", "", *(item.unit for item in series)),
    )


def _field_heads(field: str, words: EditionWords) -> list[str]:
    keys = ("column.code_of", "column.label_of")
    return [words.say(key, field=words.writer.field(field)) for key in keys]


def _crosstab_file(name: str, crosstab: Crosstab, words: EditionWords) -> DataFile:
    fields = (crosstab.rows, crosstab.columns)
    rows = tuple(
        (
            cell.row,
            words.label(crosstab.rows, cell.row),
            cell.column,
            words.label(crosstab.columns, cell.column),
            _value(cell.figure, words),
        )
        for cell in crosstab.cells
    )
    names = [each for field in fields for each in (field, f"{field}_label")]
    heads = [head for field in fields for head in _field_heads(field, words)]
    figures = [words.ledger.figures.get(cell.figure) for cell in crosstab.cells]
    unit = next((figure.unit for figure in figures if figure), "count")
    return DataFile(
        f"{name}.csv",
        words.caption(crosstab),
        (*((name, "string") for name in names), ("value", "number")),
        rows,
        words.writer.subtitle(crosstab),
        (*heads, *words.titles("part.value")),
        ("", "", "", "", unit),
    )


def _value(name: str | None, words: EditionWords) -> str:
    figure = words.ledger.figures.get(name or "")
    return plain_number(figure.value) if figure else ""
