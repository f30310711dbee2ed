"""Open data: every figure, and a file a table and a chart, as CSV."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, PopulationSpec, Series, Table
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
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
    seen = next((letter for letter in text if not _unseen(letter)), "")
    return f"'{text}" if (seen and seen in FORMULA) or text[:1] in ("\t", "\r") else text


def _unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")


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

TREND = ("id", "year", "printed", "standing", "why", "source", "address")

# `value` holds numbers, and codes where the figure is a label.
TYPES = {
    "value": "any",
    "numerator": "number",
    "denominator": "number",
    "interval_low": "number",
    "interval_high": "number",
    "interval_level": "number",
}
FIGURE_TYPES = tuple((name, TYPES.get(name, "string")) for name in FIGURE_COLUMNS)


def figures_file(publication: Publication, words: EditionWords) -> DataFile:
    """Every figure of the ledger, in the order in which the chapters computed them."""
    order = [*publication.origins]
    rest = sorted(set(publication.ledger.figures) - set(order))
    known = [name for name in (*order, *rest) if name in publication.ledger.figures]
    return DataFile(
        name="figures.csv",
        title=words.say("data.figures"),
        columns=FIGURE_TYPES,
        heads=tuple(words.say(f"column.{name}") for name in FIGURE_COLUMNS),
        description=words.say("data.figures_text"),
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
    made = [_part(item, publication, words) for item in sorted(parts, key=lambda item: item.id)]
    return [*made, *trend_files(ledger, words)]


def trend_files(ledger: Ledger, words: EditionWords) -> list[DataFile]:
    """A file for the printed totals of each noun: what was printed, by whom, and how it stands."""
    shown = ledger.trend.points if ledger.trend is not None else ()
    columns = tuple(
        (name, "integer" if name in ("year", "printed") else "string") for name in TREND
    )
    return [
        DataFile(
            name=f"trend.{noun}.csv",
            title=capital(words.say("trend.caption", noun=words.writer.noun(noun))),
            description=words.say("trend.subtitle"),
            columns=columns,
            heads=tuple(words.say(f"column.{name}") for name in TREND),
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
                for point in shown
                if point.noun == noun
            ),
        )
        for noun in dict.fromkeys(point.noun for point in shown)
    ]


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
    heads = tuple(words.say(f"column.{column}") for column in FIGURE_COLUMNS)
    return DataFile(
        f"{name}.csv", words.say("part.figures"), FIGURE_TYPES, rows, _scope(listed, words), heads
    )


def _scope(listed: Sequence[Figure], words: EditionWords) -> str:
    """Whom the figures of a file are about, and when."""
    return capital(words.writer.population(listed[0].population)) if listed else ""


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
    ids = [item.id for item in series]
    # A series may be called after its field, and no two columns may share a name.
    code = f"{field}_code" if field in ids else field
    names = ((code, "string"), ("label", "string"), *((name, "number") for name in ids))
    return DataFile(
        f"{name}.csv",
        words.caption(series[0]),
        names,
        rows,
        words.writer.subtitle(series[0]),
        (
            words.say("column.code_of", field=words.writer.field(field)),
            words.say("column.label_of", field=words.writer.field(field)),
            *column_heads(series, words),
        ),
        ("", "", *(item.unit for item in series)),
    )


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
    fields = [words.writer.field(field) for field in (crosstab.rows, crosstab.columns)]
    heads = [
        words.say(f"column.{key}", field=field)
        for field in fields
        for key in ("code_of", "label_of")
    ]
    figures = [publication.ledger.figures.get(cell.figure) for cell in crosstab.cells]
    unit = next((figure.unit for figure in figures if figure), "count")
    return DataFile(
        f"{name}.csv",
        words.caption(crosstab),
        columns,
        rows,
        words.writer.subtitle(crosstab),
        (*heads, capital(words.say("part.value"))),
        ("", "", "", "", unit),
    )


def _value(figure: Figure | None) -> str:
    return plain_number(figure.value) if figure else ""
