"""Write `tabellen.xlsx`: every table of an edition as a sheet, for readers with a spreadsheet."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from helpline_report.parameters.house_style import Palette
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.house import colours
from helpline_report.report.sheets import NARROWEST, TableSheet, read_style

# The date of a workbook that nobody approved: the same each time, so that its bytes are.
NO_DAY = dt.date(1980, 1, 1)
PAPER_A4 = 9
# A sheet with more columns than this is printed in landscape.
UPRIGHT = 4


def write_workbook(sheets: Sequence[TableSheet], words: EditionWords) -> bytes:
    """A workbook of some sheets; the first has no frozen head.

    Numbers are numbers with a format that a spreadsheet writes in its reader's locale; labels are
    text, whatever they begin with. The same sheets give the same bytes.
    """
    out, publication, front = BytesIO(), words.publication, Front(words)
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = dt.datetime.combine(front.day or NO_DAY, dt.time())
    book.set_properties({"title": publication.title, "created": created, "author": ""})
    looks = _make_looks(book, colours(publication).light)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        _write_sheet(page, sheet, looks)
        page.set_paper(PAPER_A4)
        page.fit_to_pages(1, 0)
        # An ampersand is a command in a foot line, and a digit behind the size is one of it.
        page.set_footer(f"&L&8 {sheet.foot.replace('&', '&&')}&R&8P / &N")
    book.close()
    return out.getvalue()


def _make_looks(book: xlsxwriter.Workbook, palette: Palette) -> dict[str, Any]:
    """The looks of `workbook.yaml` by their names, each for a total too."""
    style = read_style()
    looks = {}
    for name, own in style["looks"].items():
        look = style["base"] | own
        if "font_color" in own:
            look["font_color"] = palette[own["font_color"]]
        looks[name] = book.add_format(look)
        looks[f"{name} total"] = book.add_format(look | style["total"])
    return looks


def _write_sheet(
    page: xlsxwriter.worksheet.Worksheet, sheet: TableSheet, looks: dict[str, Any]
) -> None:
    page.write_string(0, 0, sheet.title, looks["title"])
    top = sheet.top
    below = top + len(sheet.rows) + 2
    for at, line in (*enumerate(sheet.lead, 1), *enumerate(sheet.notes, below)):
        page.write_string(at, 0, line.text, looks[line.look])
    if not sheet.widths:
        page.freeze_panes(top + 1, 1)
        page.repeat_rows(top)
    numeric = sheet.numeric
    for column, (head, *cells) in enumerate(zip(sheet.heads, *sheet.rows, strict=True)):
        page.write_string(
            top, column, head, looks["head of numbers" if numeric[column] else "head"]
        )
        for row, cell in enumerate(cells, 1):
            is_total = sheet.total and row == len(sheet.rows) and cell.look != "absent"
            look = looks[f"{cell.look} total" if is_total else cell.look]
            if cell.target:
                page.write_url(top + row, column, f"internal:{cell.target}", look, cell.text)
            elif cell.number is not None:
                page.write_number(top + row, column, cell.number, look)
            else:
                page.write_string(top + row, column, cell.text, look)
        # A head may break between words, a value may not.
        texts = [cell.text for cell in cells]
        lengths = [*map(len, texts), *map(len, head.split()), min(len(head), 16)]
        width = min(max(*lengths, NARROWEST - 2) + 2, sheet.widest)
        page.set_column(column, column, sheet.widths[column] if sheet.widths else width)
    if len(sheet.heads) > UPRIGHT:
        page.set_landscape()
