"""Write `tabellen.xlsx`: every table of an edition as a sheet, for readers with a spreadsheet."""

import datetime as dt
import re
import textwrap
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from helpline_report.figures.model import Figure
from helpline_report.parameters.house_style import Palette
from helpline_report.parameters.yaml import read_resource
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.figure_parts import make_table_view
from helpline_report.report.house import colours
from helpline_report.report.views import CellView, TableView

NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")

# The date of a workbook that nobody approved: the same each time, so that its bytes are.
NO_DAY = dt.date(1980, 1, 1)
PAPER_A4 = 9
# A sheet with more columns than this is printed in landscape.
UPRIGHT = 4
WIDEST, NARROWEST = 46, 9

# What stands in a cell: a text, or a cell of a table of the report.
Cell = str | CellView


class TableSheet(NamedTuple):
    """One sheet: `lead` stands below its title, `notes` below its rows.

    No column is wider than `widest`. The last row may be the `total` of the others.
    """

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    widest: int = WIDEST
    total: bool = False


def write_workbook(words: EditionWords) -> bytes:
    """The workbook: contents, notes, a sheet a table, and the definitions.

    Numbers are numbers with a format that a spreadsheet writes in its reader's locale; labels are
    text, whatever they begin with. The same publication gives the same bytes.
    """
    out, publication, front, say = BytesIO(), words.publication, Front(words), words.say
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = dt.datetime.combine(front.day or NO_DAY, dt.time())
    book.set_properties({"title": publication.title, "created": created, "author": ""})
    looks = _make_looks(book, colours(publication).light)
    synthetic = (say("sheet.synthetic"),) if publication.synthetic else ()
    sheets = [sheet._replace(lead=(*sheet.lead, *synthetic)) for sheet in _list_sheets(words)]
    version = say("sheet.version", title=publication.title, version=front.standing)
    period = say("colophon.period", period=front.period)
    licence = say("sheet.licence", licence=f"{front.licence} {front.licence_url}".strip())
    lines = dict.fromkeys((*front.notices, *synthetic), "warning")
    lines |= dict.fromkeys((front.reference, period, version, licence), "muted")
    page = book.add_worksheet(say("page.contents"))
    page.write_string(0, 0, say("data.workbook_title"), looks["title"])
    for row, (line, look) in enumerate(lines.items(), 1):
        page.write_string(row, 0, line, looks[look])
    for column, key in enumerate(("sheet.sheet", "sheet.holds")):
        page.write_string(len(lines) + 2, column, say(key), looks["head"])
    for row, sheet in enumerate(sheets, len(lines) + 3):
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", looks["link"], sheet.name)
        page.write_string(row, 1, sheet.title, looks["text"])
        _write_sheet(book.add_worksheet(sheet.name), sheet, words, looks)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)
    for page in book.worksheets():
        page.set_paper(PAPER_A4)
        page.fit_to_pages(1, 0)
        # An ampersand is a command in a foot line.
        page.set_footer(f"&L&8{version.replace('&', '&&')[:200]}&R&8P / &N")
    book.close()
    return out.getvalue()


def _list_sheets(words: EditionWords) -> Iterator[TableSheet]:
    """All sheets but the contents: notes first, then the tables as the report has them."""
    say, figures = words.say, words.ledger.figures
    notes = [(line.strip(),) for line in say("sheet.notes_text").strip().split("\n")]
    title = say("sheet.notes")
    yield TableSheet(title, title, [say("sheet.note")], notes, widest=85)
    for number, table in enumerate(_list_tables(words), 1):
        caption = FORBIDDEN.sub(" ", f"{number} {table.caption}")
        name = textwrap.shorten(caption, NAME_LENGTH, placeholder="")
        yield _make_table_sheet(table, name, words)
    definitions = list[Sequence[Cell]]()
    for figure in (figures[name] for name in words.publication.origins if name in figures):
        value, period = CellView(words.value(figure), figure.id), words.period(figure.population)
        name, unit = capital(words.name(figure)), _write_unit(figure, words)
        definitions.append((figure.id, name, value, unit, period))
    heads = [say(f"column.{key}") for key in ("id", "definition", "value", "unit", "period")]
    title = say("sheet.definitions")
    yield TableSheet(title, title, heads, definitions, widest=60)


def _list_tables(words: EditionWords) -> Iterator[TableView]:
    """Each table once, in the order of the report; one that a chart shows too isn't repeated."""
    seen: set[tuple[str, ...]] = set()
    ledger, table = words.ledger, None
    for reference in ledger.references:
        if reference.kind == "chart":
            table = make_table_view(ledger.charts[reference.id], words)
        elif reference.kind == "table":
            whole = ledger.tables[reference.id].model_copy(update={"most": None})
            table = make_table_view(whole, words)
        key = tuple(table.figures) if table else ()
        if table is not None and key not in seen:
            seen.add(key)
            yield table


def _make_table_sheet(view: TableView, name: str, words: EditionWords) -> TableSheet:
    """A table of the report; changes have their margins in a column of their own."""
    front, known = Front(words), words.ledger.figures
    figures = [[known.get(item.figure or "") for item in row[1:]] for row in view.rows]
    margins = [
        any(figure and figure.kind == "change" and figure.interval for figure in column)
        for column in zip(*figures, strict=True)
    ]
    heads = [view.heads[0]]
    for head, margin in zip(view.heads[1:], margins, strict=True):
        heads += [head, *(words.titles("part.interval") if margin else ())]
    rows: list[list[Cell]] = []
    for row, of_row in zip(view.rows, figures, strict=True):
        rows.append([row[0].text])
        for item, figure, margin in zip(row[1:], of_row, margins, strict=True):
            interval = words.interval("part.interval_value", figure) if figure else ""
            rows[-1] += [item, interval] if margin else [item]
    units = dict.fromkeys(_write_unit(figure, words) for row in figures for figure in row if figure)
    about = words.say("sheet.units", units=", ".join(units) or "-", licence=front.licence)
    lead = (*filter(None, [view.subtitle]), *front.notices, about)
    return TableSheet(name, view.caption, heads, rows, lead, view.notes, total=view.has_total)


def _write_unit(figure: Figure, words: EditionWords) -> str:
    return words.say(f"unit.{figure.unit.replace(' ', '_')}")


def _make_looks(book: xlsxwriter.Workbook, palette: Palette) -> dict[str, Any]:
    """The looks of `workbook.yaml` by their names, each for a total too."""
    style = read_resource("helpline_report.report", "workbook.yaml").data
    looks = {}
    for name, own in style["looks"].items():
        look = style["base"] | own
        if "font_color" in own:
            look["font_color"] = palette[own["font_color"]]
        looks[name] = book.add_format(look)
        looks[f"{name} total"] = book.add_format(look | style["total"])
    return looks


def _write_sheet(
    page: xlsxwriter.worksheet.Worksheet,
    sheet: TableSheet,
    words: EditionWords,
    looks: dict[str, Any],
) -> None:
    page.write_string(0, 0, sheet.title, looks["title"])
    top = len(sheet.lead) + 2
    below = top + len(sheet.rows) + 2
    for row, line in (*enumerate(sheet.lead, 1), *enumerate(sheet.notes, below)):
        page.write_string(row, 0, line, looks["muted"])
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    for column, (head, *values) in enumerate(zip(sheet.heads, *sheet.rows, strict=True)):
        texts = [value.text if isinstance(value, CellView) else value for value in values]
        has_numbers = False
        for row, (value, text) in enumerate(zip(values, texts, strict=True), 1):
            total = " total" if sheet.total and row == len(sheet.rows) else ""
            number, look = _read_number(value, words)
            if number is not None:
                has_numbers = True
                page.write_number(top + row, column, number, looks[f"{look}{total}"])
            else:
                page.write_string(top + row, column, text, looks[look or f"text{total}"])
        page.write_string(top, column, head, looks["head of numbers" if has_numbers else "head"])
        # A head may break between words, a value may not.
        lengths = [*map(len, texts), *map(len, head.split()), min(len(head), 16)]
        page.set_column(column, column, min(max(*lengths, NARROWEST - 2) + 2, sheet.widest))
    if len(sheet.heads) > UPRIGHT:
        page.set_landscape()


def _read_number(value: Cell, words: EditionWords) -> tuple[float | None, str]:
    """The number of a cell as a spreadsheet holds it, with its look; None where it is a text.

    The look of a text that says why there is no number is `absent`.
    """
    if isinstance(value, str):
        return None, ""
    figure = words.ledger.figures.get(value.figure or "")
    if figure is None or figure.value is None:
        return None, "absent" if value.text or figure else ""
    if isinstance(figure.value, str) or figure.unit in ("month", "weekday"):
        return None, ""
    share = 100 if figure.unit in ("percent", "percent change") else 1
    return float(figure.value) / share, figure.unit
