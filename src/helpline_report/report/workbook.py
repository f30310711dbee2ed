"""Write `tabellen.xlsx`: every table of an edition as a sheet, for readers with a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from helpline_report.figures.ledger import Reference
from helpline_report.figures.model import Figure
from helpline_report.parameters.tokens import Palette
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.chart_parts import chart_table
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.front import front_of, published_on
from helpline_report.report.house import colours
from helpline_report.report.parts import Parts
from helpline_report.report.table_parts import interval_text, table_view
from helpline_report.report.views import CellView, TableView

NAME = "tabellen.xlsx"
NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")

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


# What stands in a cell: a text, a number, or a cell of a table of the report.
Cell = str | int | CellView
Looks = Mapping[str, Any]


class TableSheet(NamedTuple):
    """One sheet: `lead` stands below its title, `notes` below its rows.

    The texts of the column `wrapped` are long; no column is wider than `widest`. The last row may
    be the `total` of the others.
    """

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wrapped: int = 0
    widest: int = WIDEST
    total: bool = False


def workbook(parts: Parts) -> bytes:
    """The workbook: contents, notes, a sheet a table, definitions, breaks and sources.

    Numbers are numbers with a format that a spreadsheet writes in its reader's locale; labels are
    text, whatever they begin with. The same publication gives the same bytes.
    """
    words, out = parts.words, BytesIO()
    publication, front = words.publication, front_of(words)
    book = xlsxwriter.Workbook(out, OPTIONS)
    created = dt.datetime.combine(published_on(publication) or NO_DAY, dt.time())
    book.set_properties({"title": publication.title, "created": created, "author": ""})
    looks, sheets = _looks(book, colours(publication).light), sheets_of(words)
    synthetic = (words.say("sheet.synthetic"),) if publication.synthetic else ()
    version = words.say("sheet.version", title=publication.title, version=front.standing)
    licence = " ".join(filter(None, (front.licence, front.licence_url)))
    lines = (
        *(("warning", line) for line in (*front.warnings, *synthetic)),
        ("muted", front.reference),
        ("muted", words.say("colophon.period", period=front.period)),
        ("muted", version),
        ("muted", words.say("sheet.licence", licence=licence)),
    )
    _write_contents(book.add_worksheet(words.say("sheet.contents")), lines, sheets, words, looks)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, words, looks)
    for page in book.worksheets():
        page.set_paper(PAPER_A4)
        page.fit_to_pages(1, 0)
        # An ampersand is a command in a foot line.
        page.set_footer(f"&L&8{version.replace('&', '&&')[:200]}&R&8&P / &N")
    book.close()
    return out.getvalue()


def sheets_of(words: EditionWords) -> list[TableSheet]:
    """All sheets but the contents: notes first, then the tables as the report has them."""
    sheets = [
        _notes(words),
        *(
            _table(table, sheet_name(f"{number} {table.caption}"), words)
            for number, table in enumerate(_tables(words), 1)
        ),
        _definitions(words),
        _breaks(words),
        _sources(words),
    ]
    mark = (words.say("sheet.synthetic"),) if words.publication.synthetic else ()
    return [sheet._replace(lead=(*sheet.lead, *mark)) for sheet in sheets]


def _tables(words: EditionWords) -> Iterator[TableView]:
    """Each table once, in the order of the report; one that a chart shows too isn't repeated."""
    seen: set[tuple[str | None, ...]] = set()
    cells = [cell for chapter in words.ledger.chapters for cell in chapter.cells]
    for reference in (reference for cell in cells for reference in cell.shows):
        table = _shown(reference, words)
        key = tuple(item.figure for row in table.rows for item in row.cells) if table else ()
        if table is not None and key not in seen:
            seen.add(key)
            yield table


def _shown(reference: Reference, words: EditionWords) -> TableView | None:
    if reference.kind == "chart":
        return chart_table(words.ledger.charts[reference.id], words)
    if reference.kind == "table":
        table = words.ledger.tables[reference.id].model_copy(update={"most": None})
        return table_view(table, words)
    return None


def sheet_name(text: str) -> str:
    """A legal name of a sheet, cut between words unless the first one is too long."""
    clean = " ".join(FORBIDDEN.sub(" ", text).split())
    if len(clean) <= NAME_LENGTH:
        return clean
    cut = clean[:NAME_LENGTH]
    return cut if clean[NAME_LENGTH] == " " or " " not in cut[8:] else cut.rpartition(" ")[0]


def _table(view: TableView, name: str, words: EditionWords) -> TableSheet:
    """A table of the report; changes have their margins in a column of their own."""
    front, known = front_of(words), words.ledger.figures
    figures = [[known.get(item.figure or "") for item in row.cells] for row in view.rows]
    margins = [
        any(f and f.kind == "change" and f.interval for row in figures for f in row[at : at + 1])
        for at in range(len(view.heads) - 1)
    ]
    heads = [view.heads[0]]
    for head, margin in zip(view.heads[1:], margins, strict=True):
        heads += [head, *(words.titles("part.interval") if margin else ())]
    rows: list[list[Cell]] = []
    for row, of_row in zip(view.rows, figures, strict=True):
        rows.append([row.head])
        for item, figure, margin in zip(row.cells, of_row, margins, strict=False):
            interval = interval_text(figure, words) if figure else ""
            rows[-1] += [item, interval] if margin else [item]
    units = dict.fromkeys(_unit(figure, words) for row in figures for figure in row if figure)
    lead = (
        *([view.subtitle] if view.subtitle else []),
        *front.warnings,
        words.say("sheet.units", units=", ".join(units) or "-", licence=front.licence),
    )
    total = view.rows[-1].total
    return TableSheet(name, view.caption, heads, rows, lead, view.notes, total=total)


def _unit(figure: Figure, words: EditionWords) -> str:
    return words.say(f"unit.{figure.unit.replace(' ', '_')}")


def _notes(words: EditionWords) -> TableSheet:
    title, text = words.say("sheet.notes"), words.say("sheet.notes_text")
    rows = [(line.strip(),) for line in text.strip().split("\n")]
    return TableSheet(title, title, (words.say("sheet.note"),), rows, widest=85)


def _definitions(words: EditionWords) -> TableSheet:
    """Every figure in words: what it is, of whom, over which period."""
    figures = [
        words.ledger.figures[name]
        for name in words.publication.origins
        if name in words.ledger.figures
    ]
    rows = [
        (
            figure.id,
            capital(words.name(figure)),
            CellView(words.value(figure), figure.id),
            _unit(figure, words),
            words.period(figure.population),
        )
        for figure in figures
    ]
    heads = [words.say(f"column.{key}") for key in ("id", "definition", "value", "unit", "period")]
    title = words.say("sheet.definitions")
    return TableSheet(title, title, heads, rows, wrapped=1, widest=60)


def _breaks(words: EditionWords) -> TableSheet:
    rows = [
        (words.day(item.date), words.sentence(words.translated(item.note)))
        for item in words.publication.breaks
    ]
    title, heads = words.say("sheet.breaks"), (words.say("sheet.since"), words.say("sheet.what"))
    lead = () if rows else (words.say("breaks.none"),)
    return TableSheet(title, title, heads, rows, lead, wrapped=1, widest=85)


def _sources(words: EditionWords) -> TableSheet:
    rows = [
        (item.edition, item.file, item.table, item.rows, item.sha256)
        for item in words.ledger.sources
    ]
    heads = [words.say(f"sheet.{key}") for key in ("edition", "file", "table", "rows", "hash")]
    title, lead = words.say("sheet.sources"), (words.say("sheet.sources_text"),)
    return TableSheet(title, title, heads, rows, lead, wrapped=-1, widest=70)


def _looks(book: xlsxwriter.Workbook, palette: Palette) -> Looks:
    """The formats of a workbook by their names, each made once."""
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    muted, total = {"font_color": palette["muted"]}, {"bold": True, "top": 1}
    head = {"bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom"}
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 14},
        "muted": {**muted},
        "warning": {"bold": True, "font_color": palette["accent"]},
        "text": {"text_wrap": True},
        "plain": {},
        "total": {**total},
        "link": {"font_color": palette["main"], "underline": 1},
        "head": {**head},
        "head of numbers": {**head, "align": "right"},
        "absent": {"italic": True, "align": "right", **muted, "text_wrap": True},
    }
    for unit, form in NUMBERS.items():
        looks[unit] = {"num_format": form}
        looks[f"{unit} total"] = {"num_format": form, **total}
    return {name: book.add_format(base | look) for name, look in looks.items()}


def _write_contents(
    page: xlsxwriter.worksheet.Worksheet,
    lines: Sequence[tuple[str, str]],
    sheets: Sequence[TableSheet],
    words: EditionWords,
    looks: Looks,
) -> None:
    """What the workbook is, each line with its look; and a link to each sheet."""
    page.write_string(0, 0, words.say("data.workbook_title"), looks["title"])
    for row, (look, line) in enumerate(lines, 1):
        page.write_string(row, 0, line, looks[look])
    at = len(lines) + 2
    for column, key in enumerate(("sheet.sheet", "sheet.holds")):
        page.write_string(at, column, words.say(key), looks["head"])
    for row, sheet in enumerate(sheets, at + 1):
        quoted = sheet.name.replace("'", "''")
        page.write_url(row, 0, f"internal:'{quoted}'!A1", looks["link"], sheet.name)
        page.write_string(row, 1, sheet.title, looks["text"])
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)


def _write(
    page: xlsxwriter.worksheet.Worksheet, sheet: TableSheet, words: EditionWords, looks: Looks
) -> None:
    page.write_string(0, 0, sheet.title, looks["title"])
    for row, line in enumerate(sheet.lead, 1):
        page.write_string(row, 0, line, looks["muted"])
    top = len(sheet.lead) + 2
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    for column, head in enumerate(sheet.heads):
        values = [values[column] for values in sheet.rows if column < len(values)]
        numbers = [_number(value, words) for value in values]
        for row, (value, number) in enumerate(zip(values, numbers, strict=True), 1):
            total = sheet.total and row == len(sheet.rows)
            if number is not None:
                look = looks[f"{number[1]} total" if total else number[1]]
                page.write_number(top + row, column, number[0], look)
            else:
                wrapped = "text" if column == sheet.wrapped else "plain"
                look = "absent" if _is_absent(value, words) else "total" if total else wrapped
                page.write_string(top + row, column, _text(value), looks[look])
        look = "head of numbers" if any(numbers) else "head"
        page.write_string(top, column, head, looks[look])
        # A head may break between words, a value may not.
        lengths = [*map(len, map(_text, values)), *map(len, head.split()), min(len(head), 16)]
        page.set_column(column, column, min(max(*lengths, NARROWEST - 2) + 2, sheet.widest))
    below = top + len(sheet.rows) + 2
    for row, note in enumerate(sheet.notes, below):
        page.write_string(row, 0, note, looks["muted"])
    if len(sheet.heads) > UPRIGHT:
        page.set_landscape()


def _text(value: Cell) -> str:
    return value.text if isinstance(value, CellView) else str(value)


def _number(value: Cell, words: EditionWords) -> tuple[float, str] | None:
    """The number of a cell as a spreadsheet holds it, and its unit; None where it is a text."""
    if isinstance(value, int):
        return float(value), "count"
    figure = words.ledger.figures.get(value.figure or "") if isinstance(value, CellView) else None
    if figure is None or figure.value is None or isinstance(figure.value, str):
        return None
    if figure.unit in ("month", "weekday"):
        return None
    share = 100 if figure.unit in ("percent", "percent change") else 1
    return float(figure.value) / share, figure.unit


def _is_absent(value: Cell, words: EditionWords) -> bool:
    """Whether a cell says why there is no number."""
    if not isinstance(value, CellView):
        return False
    figure = words.ledger.figures.get(value.figure or "")
    if figure is None:
        return bool(value.text) and value.figure is None
    return figure.value is None
