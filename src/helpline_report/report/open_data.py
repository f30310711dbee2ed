"""Write the open data: every figure, and a CSV file a table and a chart."""

import csv
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from typing import NamedTuple

from helpline_report.charts.svg import printable
from helpline_report.figures.model import Breakdown, Exhibit, Figure
from helpline_report.parameters.yaml import read_resource
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.figure_parts import list_breakdowns, name_columns
from helpline_report.report.views import ChartView

# What begins a formula in some spreadsheet, the full-width forms too.
FORMULA = frozenset(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
# The last columns of every data file of a draft and of synthetic rows, and the keys in their
# description.
LEFT_OUT = "draft_left_out_rows"
ROWS, SYNTHETIC = "rows", "synthetic"

COLUMNS: Mapping[str, Mapping[str, str]] = read_resource(
    "helpline_report.report", "columns.yaml"
).data
# The type of a column whose texts stand as they were printed: nothing shields a sign before them.
AS_PRINTED = "as printed"
# Where the pictures of charts stand, and the workbook, in `data/`.
CHARTS, WORKBOOK = "charts", "tabellen.xlsx"


class DataColumn(NamedTuple):
    """A column of a file: its name and type, and in words what it holds, in which unit."""

    name: str
    type: str
    head: str = ""
    unit: str = ""


def make_columns(types: Mapping[str, str], words: EditionWords) -> tuple[DataColumn, ...]:
    """Columns of these types, whose heads are in the catalogue."""
    return tuple(
        DataColumn(name, kind, words.say(f"column.{name}")) for name, kind in types.items()
    )


@dataclass(frozen=True)
class DataFile:
    """One CSV file: its name, what it is, its columns, and its rows as text.

    `about` says of each row which figure or code it is about; without it, the first column does.
    """

    name: str
    title: str
    columns: tuple[DataColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""
    about: tuple[str, ...] = ()

    @cached_property
    def content(self) -> bytes:
        """The file: UTF-8, a comma between fields, a line feed behind each line."""
        rows = [
            [
                escape_formula(value) if is_text(value, column) else value
                for value, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]
        return write_rows([[column.name for column in self.columns], *rows]).encode()

    @property
    def digest(self) -> str:
        """The SHA-256 of its content."""
        return hashlib.sha256(self.content).hexdigest()


def write_rows(rows: Iterable[Iterable[object]]) -> str:
    """Rows as comma-separated text, a line feed behind each."""
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def is_text(value: str, column: DataColumn) -> bool:
    """Whether a value is a text of its column, and no number of it."""
    if column.type != "any":
        return column.type == "string"
    try:
        float(value)
    except ValueError:
        return True
    return False


def escape_formula(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula: an apostrophe stands before it.

    What can't be seen at its beginning (a tab, a mark of direction) hides no formula.
    """
    visible = (c for c in text if not (c.isspace() or unicodedata.category(c) in ("Cc", "Cf")))
    return f"'{text}" if next(visible, "") in FORMULA or text[:1] in ("\t", "\r") else text


def write_plain(value: float | str | None) -> str:
    """A value for machines: nothing rounded, whole numbers without a decimal point."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def make_figures_file(words: EditionWords) -> DataFile:
    """Every figure of the ledger, in the order in which the chapters computed them."""
    figures, origins = words.ledger.figures, words.publication.origins
    names = (*origins, *sorted(set(figures) - set(origins)))
    listed = [figures[name] for name in names if name in figures]
    title, text = words.say("data.figures"), words.say("data.figures_text")
    return _make_file_of_figures("figures.csv", title, listed, words, text)


def _make_file_of_figures(
    name: str, title: str, figures: Iterable[Figure], words: EditionWords, description: str
) -> DataFile:
    rows = []
    for figure in figures:
        has_value, value = figure.status == "ok", write_plain(figure.value)
        interval = figure.interval if has_value else None
        parts = (figure.numerator, figure.denominator) if has_value else (None, None)
        ends = (interval.low, interval.high, interval.level) if interval else (None,) * 3
        period = figure.population.period
        row = (
            figure.id,
            value,
            figure.unit,
            *map(write_plain, parts),
            figure.population.noun.replace("_", " "),
            f"{period.start.isoformat()}/{period.end.isoformat()}",
            words.name(figure),
            *words.publication.origins.get(figure.id, ("", "")),
            figure.status,
            figure.reason.code if figure.reason else "",
            figure.of.noun.replace("_", " ") if figure.of else "",
            *map(write_plain, ends),
            interval.method if interval else "",
            write_plain(interval.dispersion) if interval else "",
            ";".join(figure.breaks),
        )
        rows.append(row)
    columns = make_columns(COLUMNS["figures"], words)
    return DataFile(name, title, columns, tuple(rows), description)


def make_exhibit_files(words: EditionWords) -> list[DataFile]:
    """A file for each chart and each table, in the order of their ids; then the printed totals.

    There is none of what the source can't give.
    """
    exhibits: list[Exhibit] = [*words.ledger.charts.values(), *words.ledger.tables.values()]
    exhibits.sort(key=lambda exhibit: exhibit.id)
    files = [_make_exhibit_file(exhibit, words) for exhibit in exhibits]
    return [*(file for file in files if file.rows), *make_trend_files(words)]


def make_trend_files(words: EditionWords) -> list[DataFile]:
    """A file for the printed totals of each noun: what was printed, by whom, and how it stands."""
    points = words.ledger.trend.points if words.ledger.trend is not None else ()
    files = []
    for noun in dict.fromkeys(point.noun for point in points):
        rows = tuple(
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
        )
        title = capital(words.say("trend.caption", noun=words.writer.noun(noun)))
        columns, subtitle = make_columns(COLUMNS["trend"], words), words.say("trend.subtitle")
        files.append(DataFile(f"trend.{noun}.csv", title, columns, rows, subtitle))
    return files


def _make_exhibit_file(exhibit: Exhibit, words: EditionWords) -> DataFile:
    known, name = words.ledger.figures, f"{exhibit.id}.csv"
    if breakdowns := list_breakdowns(exhibit, words.ledger):
        return _make_breakdown_file(name, breakdowns, words)
    figures = [known[figure] for figure in exhibit.figures if figure in known]
    about = capital(words.writer.population(figures[0].population)) if figures else ""
    return _make_file_of_figures(name, words.say("part.figures"), figures, words, about)


def _make_breakdown_file(
    name: str, breakdowns: Sequence[Breakdown], words: EditionWords
) -> DataFile:
    """A row a code of each field, with its label: series side by side, or a cross-table."""
    first, by = breakdowns[0], breakdowns[0].by
    columns_of_figures = [
        {member.codes: member.figure for member in breakdown.members} for breakdown in breakdowns
    ]
    rows, about = [], []
    for codes in dict.fromkeys(codes for figures in columns_of_figures for codes in figures):
        about.append(" ".join(f"{field}={code}" for field, code in zip(by, codes, strict=True)))
        row: list[str] = []
        for field, code in zip(by, codes, strict=True):
            row += [code, words.label(field, code)]
        for figures in columns_of_figures:
            figure = words.ledger.figures.get(figures.get(codes, ""))
            row.append(write_plain(figure.value) if figure else "")
        rows.append(tuple(row))
    if first.is_crossed:
        names = [(field, f"{field}_label") for field in by]
        columns = [DataColumn("value", "number", capital(words.say("column.value")), first.unit)]
    else:
        ids = [item.id for item in breakdowns]
        # A series may be called after its field, and no two columns may share a name.
        names = [(f"{by[0]}_code" if by[0] in ids else by[0], "label")]
        heads = zip(breakdowns, name_columns(breakdowns, words), strict=True)
        columns = [DataColumn(item.id, "number", head, item.unit) for item, head in heads]
    of_fields = []
    for field, (code, label) in zip(by, names, strict=True):
        head = words.writer.field(field)
        of_fields.append(DataColumn(code, "string", words.say("column.code_of", field=head)))
        of_fields.append(DataColumn(label, "string", words.say("column.label_of", field=head)))
    subtitle = words.writer.subtitle(first)
    every, caption = (*of_fields, *columns), words.caption(first)
    return DataFile(name, caption, every, tuple(rows), subtitle, tuple(about))


def make_index_file(charts: Sequence[ChartView], words: EditionWords) -> DataFile:
    """What each picture shows in words, for whoever puts it on a page; paths are relative to it.

    A chart that the texts hide has no place in the report.
    """
    rows, notices = [], Front(words).notices
    for view in charts:
        alt = printable(" ".join((*notices, view.wide.alt)))
        place = "" if view.hidden else f"../../index.html#{view.id}"
        files = (f"{view.id}.png", f"../{view.id}.csv", place)
        rows.append((view.id, view.caption, view.subtitle, alt, *files))
    columns, title = make_columns(COLUMNS["charts"], words), words.say("data.charts")
    return DataFile(f"{CHARTS}/index.csv", title, columns, tuple(rows))


def make_data_files(charts: Sequence[ChartView], words: EditionWords) -> list[DataFile]:
    """Every CSV file of an edition; each line of a draft or of synthetic rows says so."""
    marks: list[tuple[str, str, str]] = []
    if words.publication.synthetic:
        marks.append((ROWS, "string", SYNTHETIC))
    if words.ledger.draft:
        marks.append((LEFT_OUT, "integer", str(words.ledger.rows_left_out)))
    more = make_columns({name: kind for name, kind, _ in marks}, words)
    values = tuple(value for _, _, value in marks)
    return [
        replace(
            file, columns=(*file.columns, *more), rows=tuple((*row, *values) for row in file.rows)
        )
        for file in (
            make_figures_file(words),
            *make_exhibit_files(words),
            make_index_file(charts, words),
        )
    ]
