"""Make the sheets of `tabellen.xlsx`: each cell as a text, or as a number with its format."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from helpline_report.figures.model import Figure
from helpline_report.parameters.yaml import read_resource
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords, Front
from helpline_report.report.figure_parts import make_table_view
from helpline_report.report.views import CellView, TableView

NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")
WIDEST, NARROWEST = 46, 9
# A foot line may be no longer, with the codes around it; an ampersand takes two letters.
FOOT_LENGTH = 200


class SheetCell(NamedTuple):
    """One cell: its text, or a `number` as a spreadsheet holds it; with the name of its look.

    It is `about` a figure, or what it stands for: a code (`channel=phone`), a column of figures
    (`unit`). `target` is the place of the workbook that it leads to.
    """

    text: str
    number: float | None = None
    look: str = "text"
    about: str = ""
    target: str = ""

    @property
    def format(self) -> str:
        """How a spreadsheet writes its number; nothing of a text."""
        return "" if self.number is None else str(read_style()["looks"][self.look]["num_format"])


class SheetLine(NamedTuple):
    """A line above or below the rows of a sheet: what it is `about`, and the name of its look."""

    text: str
    about: str = ""
    look: str = "muted"


class TableSheet(NamedTuple):
    """One sheet: `lead` stands below its title, `notes` below its rows, `foot` in print.

    It is `about` a chart or a table, or one of a kind (`contents`). `columns` say what each of its
    heads stands for. Its columns are `widths` wide; where nothing says so they are as wide as their
    texts, and no wider than `widest`. The last row may be the `total` of the others.
    """

    name: str
    about: str
    title: str
    heads: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[SheetCell]]
    lead: tuple[SheetLine, ...] = ()
    notes: tuple[SheetLine, ...] = ()
    foot: str = ""
    widest: int = WIDEST
    widths: tuple[int, ...] = ()
    total: bool = False

    @property
    def top(self) -> int:
        """The row of its heads, counted from 0: a blank one stands above it."""
        return len(self.lead) + 2

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether a column holds a number."""
        columns = zip(*self.rows, strict=True) if self.rows else [()] * len(self.heads)
        return tuple(any(cell.number is not None for cell in column) for column in columns)


@cache
def read_style() -> Any:
    """The looks of `workbook.yaml`."""
    return read_resource("helpline_report.report", "workbook.yaml").data


def make_sheets(words: EditionWords) -> tuple[TableSheet, ...]:
    """All sheets of the workbook: contents, notes, a sheet a table, and the definitions."""
    publication, front, say = words.publication, Front(words), words.say
    synthetic = (SheetLine(say("sheet.synthetic"), "synthetic"),) if publication.synthetic else ()
    version = say("sheet.version", title=publication.title, version=front.standing)
    foot = version
    while _measure(foot) + foot.count("&") > FOOT_LENGTH:
        foot = foot[:-1]
    sheets = [
        sheet._replace(lead=(*sheet.lead, *synthetic), foot=foot) for sheet in _list_sheets(words)
    ]
    warnings = [*(SheetLine(text, "notice") for text in front.notices), *synthetic]
    licence = say("sheet.licence", licence=f"{front.licence} {front.licence_url}".strip())
    contents = TableSheet(
        say("page.contents"),
        "contents",
        say("data.workbook_title"),
        [say("sheet.sheet"), say("sheet.holds")],
        ["sheet", "holds"],
        [
            (
                SheetCell(sheet.name, None, "link", sheet.about, name_place(sheet)),
                SheetCell(sheet.title, about=sheet.about),
            )
            for sheet in sheets
        ],
        (
            *(line._replace(look="warning") for line in warnings),
            SheetLine(front.reference, "reference"),
            SheetLine(say("colophon.period", period=front.period), "period"),
            SheetLine(version, "version"),
            SheetLine(licence, "licence"),
        ),
        foot=foot,
        widths=(34, 80),
    )
    return (contents, *sheets)


def _measure(text: str) -> int:
    """How long a spreadsheet finds a text: an emoji has two letters there."""
    return len(text.encode("utf-16-le")) // 2


def name_place(sheet: TableSheet) -> str:
    """The first cell of a sheet, as a link of a workbook names it."""
    return f"'{sheet.name}'!A1"


def _list_sheets(words: EditionWords) -> Iterator[TableSheet]:
    """All sheets but the contents: notes first, then the tables as the report has them."""
    say, figures = words.say, words.ledger.figures
    lines = [line.strip() for line in say("sheet.notes_text").strip().split("\n")]
    notes = [(SheetCell(line, about=f"note={at}"),) for at, line in enumerate(lines, 1)]
    title = say("sheet.notes")
    yield TableSheet(title, "notes", title, [say("sheet.note")], ["note"], notes, widest=85)
    for number, table in enumerate(_list_tables(words), 1):
        caption = FORBIDDEN.sub(" ", f"{number} {table.caption}")
        name = textwrap.shorten(caption, NAME_LENGTH, placeholder="")
        while _measure(name) > NAME_LENGTH:
            name = name[:-1].rstrip()
        yield _make_table_sheet(table, name, words)
    rows = []
    for figure in (figures[name] for name in words.publication.origins if name in figures):
        cell = _make_cell(CellView(words.value(figure), figure.id), words)
        before = (figure.id, capital(words.name(figure)))
        behind = (_write_unit(figure, words), words.period(figure.population))
        cells = [[SheetCell(text, about=figure.id) for text in texts] for texts in (before, behind)]
        rows.append([*cells[0], cell, *cells[1]])
    columns = ("id", "definition", "value", "unit", "period")
    heads = [say(f"column.{key}") for key in columns]
    title = say("sheet.definitions")
    yield TableSheet(title, "definitions", title, heads, columns, rows, widest=60)


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
    heads, columns = [view.heads[0]], [view.columns[0]]
    for head, column, margin in zip(view.heads[1:], view.columns[1:], margins, strict=True):
        heads += [head, *(words.titles("part.interval") if margin else ())]
        columns += [column, *(["interval"] if margin else ())]
    rows = []
    for row, of_row in zip(view.rows, figures, strict=True):
        cells = [SheetCell(row[0].text, about=row[0].code)]
        for item, figure, margin in zip(row[1:], of_row, margins, strict=True):
            cells.append(_make_cell(item, words))
            if margin:
                text = words.interval("part.interval_value", figure) if figure else ""
                cells.append(SheetCell(text, about=figure.id if figure else ""))
        rows.append(cells)
    units = dict.fromkeys(_write_unit(figure, words) for row in figures for figure in row if figure)
    about = words.say("sheet.units", units=", ".join(units) or "-", licence=front.licence)
    lead = [SheetLine(view.subtitle, "subtitle")] if view.subtitle else []
    lead += [SheetLine(text, "notice") for text in front.notices]
    notes = tuple(map(SheetLine, view.notes, view.notes_about))
    return TableSheet(
        name,
        view.id,
        view.caption,
        heads,
        columns,
        rows,
        (*lead, SheetLine(about, "units")),
        notes,
        total=view.has_total,
    )


def _write_unit(figure: Figure, words: EditionWords) -> str:
    return words.say(f"unit.{figure.unit.replace(' ', '_')}")


def _make_cell(view: CellView, words: EditionWords) -> SheetCell:
    """A cell of a table of the report; percentages are parts of one, as a spreadsheet has them.

    The look of a text that says why there is no number is `absent`.
    """
    figure = words.ledger.figures.get(view.figure or "")
    about = figure.id if figure is not None else view.about or view.code
    if figure is None or figure.value is None:
        return SheetCell(view.text, look="absent" if view.text or figure else "text", about=about)
    if isinstance(figure.value, str) or figure.unit in ("month", "weekday"):
        return SheetCell(view.text, about=about)
    share = 100 if figure.unit in ("percent", "percent change") else 1
    return SheetCell(view.text, float(figure.value) / share, figure.unit, about)
