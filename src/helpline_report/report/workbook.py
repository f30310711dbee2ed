"""`tabellen.xlsx`: every table of an edition as a sheet, for readers with a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from helpline_report.parameters.look.tokens import Palette
from helpline_report.report.house import colours
from helpline_report.report.imprint import imprint_of, licence_url, published_on
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.sheets import Sheet, Value, sheets_of
from helpline_report.report.words import EditionWords

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
