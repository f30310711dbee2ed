"""`tabellen.xlsx`: every table of an edition as a sheet, for readers with a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import xlsxwriter

from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Figure
from helpline_report.parameters.tokens import Palette
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import colours
from helpline_report.report.legal import imprint_of, licence_url, published_on
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.table_parts import interval_text, table_view
from helpline_report.report.views import CellView, RowView, TableView

NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Value:
    """One cell: a number with its unit, or a text; `absent` says why there is no number."""

    text: str
    number: float | None = None
    unit: str = ""
    absent: bool = False
    total: bool = False
    wrapped: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: `lead` stands below its title, `notes` below its rows."""

    name: str
    title: str
    lead: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    widest: int = 0

    def is_numeric(self, column: int) -> bool:
        """Whether a column holds numbers."""
        values = [row[column] for row in self.rows if column < len(row)]
        return any(value.number is not None for value in values)


def sheets_of(publication: Publication, parts: Parts) -> list[Sheet]:
    """All sheets but the contents: notes first, then the tables as the report has them."""
    words = parts.words
    tables = [
        replace(_table(view, publication, words), name=name)
        for view, name in _named(_views(publication, parts))
    ]
    sheets = [
        _notes(words),
        *tables,
        _definitions(publication, words),
        _breaks(publication, words),
        _sources(publication, words),
    ]
    mark = (words.say("sheet.synthetic"),) if publication.synthetic else ()
    return [replace(sheet, lead=(*sheet.lead, *mark)) for sheet in sheets]


def _views(publication: Publication, parts: Parts) -> Iterator[TableView]:
    """Each table once, in the order of the report; one that a chart shows too isn't repeated."""
    seen: set[tuple[str | None, ...]] = set()
    cells = [cell for chapter in publication.ledger.chapters for cell in chapter.cells]
    for reference in (reference for cell in cells for reference in cell.shows):
        table = _shown(reference, publication.ledger, parts)
        key = tuple(item.figure for row in table.rows for item in row.cells) if table else ()
        if table is not None and key not in seen:
            seen.add(key)
            yield table


def _shown(reference: Reference, ledger: Ledger, parts: Parts) -> TableView | None:
    if reference.kind == "chart":
        return parts.chart_table(ledger.charts[reference.id])
    if reference.kind == "table":
        table = ledger.tables[reference.id].model_copy(update={"most": None})
        return table_view(table, ledger, parts.words)
    return None


def _named(views: Iterable[TableView]) -> Iterator[tuple[TableView, str]]:
    """A name for each sheet, told apart by its number: short, and without what is no name."""
    for number, view in enumerate(views, start=1):
        yield view, sheet_name(f"{number} {view.caption}")


def sheet_name(text: str) -> str:
    """A legal name of a sheet."""
    clean = " ".join(FORBIDDEN.sub(" ", text).split())
    if len(clean) <= NAME_LENGTH:
        return clean
    cut = clean[:NAME_LENGTH]
    # Not within a word, unless it is the first one.
    return cut if clean[NAME_LENGTH] == " " or " " not in cut[8:] else cut.rpartition(" ")[0]


def _table(view: TableView, publication: Publication, words: EditionWords) -> Sheet:
    ledger, imprint = publication.ledger, imprint_of(publication, words)
    withs = [_has_margin(view.rows, at, ledger) for at in range(len(view.heads) - 1)]
    heads = [view.heads[0]]
    for head, margin in zip(view.heads[1:], withs, strict=True):
        heads += [head, capital(words.say("part.interval"))] if margin else [head]
    lead = (
        *([view.subtitle] if view.subtitle else []),
        *imprint.warnings,
        words.say("sheet.units", units=_units(view, ledger, words), licence=imprint.licence),
    )
    rows = tuple(tuple(_row(row, withs, ledger, words)) for row in view.rows)
    return Sheet("", view.caption, lead, tuple(heads), rows, view.notes)


def _figure(item: CellView, ledger: Ledger) -> Figure | None:
    return ledger.figures.get(item.figure or "")


def _has_margin(rows: Sequence[RowView], at: int, ledger: Ledger) -> bool:
    """Whether a column holds changes with their margins: these get a column of their own."""
    figures = [_figure(row.cells[at], ledger) for row in rows if at < len(row.cells)]
    return any(item and item.kind == "change" and item.interval for item in figures)


def _units(view: TableView, ledger: Ledger, words: EditionWords) -> str:
    found = [_figure(item, ledger) for row in view.rows for item in row.cells]
    units = dict.fromkeys(figure.unit for figure in found if figure)
    return ", ".join(words.say(f"unit.{unit.replace(' ', '_')}") for unit in units) or "-"


def _row(
    row: RowView, margins: Sequence[bool], ledger: Ledger, words: EditionWords
) -> Iterator[Value]:
    yield Value(row.head, total=row.total, wrapped=not row.total)
    for item, margin in zip(row.cells, margins, strict=False):
        figure = _figure(item, ledger)
        yield replace(_value(item, figure), total=row.total)
        if margin:
            text = interval_text(figure, words) if figure else ""
            yield Value(text, total=row.total)


def _value(item: CellView, figure: Figure | None) -> Value:
    if figure is None:
        return Value(item.text, absent=bool(item.text) and item.figure is None)
    if figure.value is None:
        return Value(item.text, absent=True)
    if isinstance(figure.value, str) or figure.unit in ("month", "weekday"):
        return Value(item.text)
    return Value(item.text, number=float(figure.value), unit=figure.unit)


def _notes(words: EditionWords) -> Sheet:
    lines = words.say("sheet.notes_text").strip().split("\n")
    rows = tuple((Value(line.strip(), wrapped=True),) for line in lines)
    title = words.say("sheet.notes")
    return Sheet(title, title, (), (words.say("sheet.note"),), rows, widest=85)


def _definitions(publication: Publication, words: EditionWords) -> Sheet:
    """Every figure in words: what it is, of whom, over which period."""
    rows = []
    for name in publication.origins:
        figure = publication.ledger.figures.get(name)
        if figure is not None:
            text = words.value(figure)
            rows.append(
                (
                    Value(name),
                    Value(capital(words.name(figure)), wrapped=True),
                    _value(CellView(text, name), figure),
                    Value(words.say(f"unit.{figure.unit.replace(' ', '_')}")),
                    Value(words.period(figure.population)),
                )
            )
    heads = [words.say(f"column.{key}") for key in ("id", "definition", "value", "unit", "period")]
    title = words.say("sheet.definitions")
    return Sheet(title, title, (), tuple(heads), tuple(rows), widest=60)


def _breaks(publication: Publication, words: EditionWords) -> Sheet:
    declared = sorted(publication.edition.breaks, key=lambda item: (item.date, item.id))
    rows = tuple(
        (
            Value(words.day(item.date)),
            Value(capital(words.translated(item.note)).rstrip(".") + ".", wrapped=True),
        )
        for item in declared
    )
    title, heads = words.say("sheet.breaks"), ("sheet.since", "sheet.what")
    none = () if rows else (words.say("breaks.none"),)
    return Sheet(title, title, none, tuple(map(words.say, heads)), rows, widest=85)


def _sources(publication: Publication, words: EditionWords) -> Sheet:
    rows = tuple(
        (
            Value(item.edition),
            Value(item.file),
            Value(item.table),
            Value(str(item.rows), number=float(item.rows), unit="count"),
            Value(item.sha256),
        )
        for item in publication.ledger.sources
    )
    heads = ("sheet.edition", "sheet.file", "sheet.table", "sheet.rows", "sheet.hash")
    title = words.say("sheet.sources")
    return Sheet(
        title,
        title,
        (words.say("sheet.sources_text"),),
        tuple(map(words.say, heads)),
        rows,
        widest=70,
    )


NAME = "tabellen.xlsx"

# The workbook's own date, where nobody approved it: no clock comes into it.
NO_DAY = dt.date(1980, 1, 1)
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NUMBERS = {
    "count": "#,##0",
    "percent": "0.00%",
    "percent change": "+0.0%;-0.0%;0.0%",
    "mean": "#,##0.0",
    "ratio": "0.00",
    "number": "General",
    "rank": "0",
    "flag": "0",
}
PAPER_A4 = 9
# More columns than this lie down on paper.
UPRIGHT = 4
WIDEST, NARROWEST = 46, 9


def workbook(publication: Publication, parts: Parts) -> bytes:
    """The workbook: contents, notes, a sheet a table, definitions, breaks and sources.

    Numbers are numbers with a format that a spreadsheet writes in its reader's locale; labels are
    text, whatever they begin with. The same publication gives the same bytes.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    day = published_on(publication) or NO_DAY
    book.set_properties(
        {
            "title": publication.title,
            "created": dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).replace(tzinfo=None),
            "author": "",
        }
    )
    looks = _Looks(book, colours(publication).light)
    sheets = sheets_of(publication, parts)
    front = _front(publication, parts.words)
    contents = book.add_worksheet(parts.words.say("sheet.contents"))
    _write_contents(contents, front, sheets, parts.words, looks)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, looks, imprint=front[-2])
    book.close()
    return out.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook, palette: Palette) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.muted = book.add_format({**base, "font_color": palette["muted"]})
        self.warning = book.add_format({**base, "bold": True, "font_color": palette["accent"]})
        self.text = book.add_format({**base, "text_wrap": True})
        self.plain = book.add_format(base)
        self.total = book.add_format({**base, "bold": True, "top": 1})
        self.link = book.add_format({**base, "font_color": palette["main"], "underline": 1})
        head = {**base, "bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"}
        self.head = book.add_format(head)
        self.head_of_numbers = book.add_format({**head, "align": "right"})
        self.absent = book.add_format(
            {
                **base,
                "italic": True,
                "align": "right",
                "font_color": palette["muted"],
                "text_wrap": True,
            }
        )
        self.numbers = {
            (unit, total): book.add_format(
                {**base, "num_format": form, **({"bold": True, "top": 1} if total else {})}
            )
            for unit, form in NUMBERS.items()
            for total in (False, True)
        }


def _front(publication: Publication, words: EditionWords) -> tuple[str, ...]:
    """What the first sheet says, the line for the foot of each sheet last but one."""
    imprint = imprint_of(publication, words)
    licence = " ".join(filter(None, (imprint.licence, licence_url(publication.edition))))
    return (
        *imprint.warnings,
        *([words.say("sheet.synthetic")] if publication.synthetic else []),
        imprint.reference,
        words.say("colophon.period", period=imprint.period),
        words.say("sheet.version", title=publication.title, version=imprint.version),
        words.say("sheet.licence", licence=licence),
    )


def _write_contents(
    page: xlsxwriter.worksheet.Worksheet,
    front: Sequence[str],
    sheets: Sequence[Sheet],
    words: EditionWords,
    looks: _Looks,
) -> None:
    page.write_string(0, 0, words.say("data.workbook_title"), looks.title)
    warnings = len(front) - 4
    for row, line in enumerate(front, start=1):
        page.write_string(row, 0, line, looks.warning if row <= warnings else looks.muted)
    at = len(front) + 2
    for column, key in enumerate(("sheet.sheet", "sheet.holds")):
        page.write_string(at, column, words.say(key), looks.head)
    for row, sheet in enumerate(sheets, start=at + 1):
        quoted = sheet.name.replace("'", "''")
        page.write_url(row, 0, f"internal:'{quoted}'!A1", looks.link, sheet.name)
        page.write_string(row, 1, sheet.title, looks.text)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)
    _print_setup(page, front[-2], wide=False)


def _write(
    page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, looks: _Looks, *, imprint: str
) -> None:
    page.write_string(0, 0, sheet.title, looks.title)
    row = 1
    for line in sheet.lead:
        page.write_string(row, 0, line, looks.muted)
        row += 1
    row += 1
    for column, head in enumerate(sheet.heads):
        look = looks.head_of_numbers if sheet.is_numeric(column) else looks.head
        page.write_string(row, column, head, look)
    page.freeze_panes(row + 1, 1)
    page.repeat_rows(row)
    for values in sheet.rows:
        row += 1
        for column, value in enumerate(values):
            _write_cell(page, (row, column), value, looks)
    for note in sheet.notes:
        row += 1
        page.write_string(row + 1, 0, note, looks.muted)
    for column in range(len(sheet.heads)):
        page.set_column(column, column, _width(sheet, column))
    _print_setup(page, imprint, wide=len(sheet.heads) > UPRIGHT)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, at: tuple[int, int], value: Value, looks: _Looks
) -> None:
    if value.number is not None:
        share = 100 if value.unit in ("percent", "percent change") else 1
        page.write_number(*at, value.number / share, looks.numbers[value.unit, value.total])
    elif value.absent:
        page.write_string(*at, value.text, looks.absent)
    else:
        look = looks.total if value.total else looks.text if value.wrapped else looks.plain
        page.write_string(*at, value.text, look)


def _width(sheet: Sheet, column: int) -> float:
    texts = [value.text for values in sheet.rows for value in values[column : column + 1]]
    # A head may break between words, a value may not.
    words = max((len(word) for word in sheet.heads[column].split()), default=0)
    longest = max((*map(len, texts), words, min(len(sheet.heads[column]), 16)), default=0)
    return min(max(longest + 2, NARROWEST), sheet.widest or WIDEST)


def _print_setup(page: xlsxwriter.worksheet.Worksheet, imprint: str, *, wide: bool) -> None:
    if wide:
        page.set_landscape()
    page.set_paper(PAPER_A4)
    page.fit_to_pages(1, 0)
    # An ampersand is a command in a foot line.
    page.set_footer(f"&L&8{imprint.replace('&', '&&')[:200]}&R&8&P / &N")
