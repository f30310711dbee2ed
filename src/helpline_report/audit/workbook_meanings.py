"""Derive what the workbook has to say, sheet by sheet, from ledger, code lists and catalogues."""

import re
import textwrap
from collections.abc import Iterator

from helpline_report.audit.code_labels import begin
from helpline_report.audit.exhibits import CellMeaning, TableMeaning, read_number
from helpline_report.audit.interface_meanings import InterfaceMeanings
from helpline_report.audit.meanings import Meanings
from helpline_report.description import Node
from helpline_report.figures.model import Figure

# How a spreadsheet writes the numbers of each unit.
FORMATS = {
    "count": "#,##0",
    "percent": "0.0%",
    "percent change": "+0.0%;-0.0%;0.0%",
    "mean": "#,##0.0",
    "ratio": "0.00",
    "number": "General",
    "rank": "0",
    "flag": "0",
}
# Their values have names.
CALENDAR = ("month", "weekday")
PERCENTS = ("percent", "percent change")
# A name of a sheet is no longer, and has none of these letters.
NAME_LENGTH = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f]")
FOOT_LENGTH = 200
# The last letter that is one unit of UTF-16.
LAST_OF_ONE = 0xFFFF
OF_FIGURES = ("id", "definition", "value", "unit", "period")


def count_units(text: str) -> int:
    """The length of a text as a workbook counts it, in units of UTF-16."""
    return sum(1 + (ord(letter) > LAST_OF_ONE) for letter in text)


class WorkbookMeanings:
    """The sheets of the workbook of an edition in one language."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.words, self.ledger = meanings, meanings.words, meanings.ledger
        self.interface = InterfaceMeanings(meanings)
        say, front = self.words.say, self.interface
        is_synthetic = meanings.data.edition.rows == "synthetic"
        self._synthetic = [("synthetic", say("sheet.synthetic"))] if is_synthetic else []
        self._notices = [("notice", text) for text in front.list_notices()]
        self._version = say("sheet.version", title=front.title, version=front.version)
        foot = self._version
        while count_units(foot) + foot.count("&") > FOOT_LENGTH:
            foot = foot[:-1]
        self._foot = foot

    def list_nodes(self) -> list[Node]:
        """All nodes of the workbook, its contents first."""
        sheets = [self._list_notes(), *self._list_tables(), self._list_definitions()]
        nodes = [Node("workbook", "document-title", self.interface.title)]
        nodes += self._list_contents([sheet[:2] for sheet in sheets])
        for sheet in sheets:
            nodes += sheet
        return nodes

    def _open_sheet(self, place: str, name: str, title: str) -> list[Node]:
        return [Node(place, "sheet", name, form=self._foot), Node(place, "title", title)]

    def _list_contents(self, sheets: list[list[Node]]) -> Iterator[Node]:
        place, say, data = "contents", self.words.say, self.meanings.data
        yield from self._open_sheet(place, say("page.contents"), say("data.workbook_title"))
        licence = f"{data.edition.publisher.licence} {self.interface.licence}".strip()
        period = self.words.period(data.edition.period)
        lines = [
            *self._notices,
            *self._synthetic,
            ("reference", self.interface.reference),
            ("period", say("colophon.period", period=period)),
            ("version", self._version),
            ("licence", say("sheet.licence", licence=licence)),
        ]
        for about, text in lines:
            yield Node(place, "lead", text, about)
        for about in ("sheet", "holds"):
            yield Node(place, "head", say(f"sheet.{about}"), about)
        for sheet, title in sheets:
            yield Node(place, "row", sheet.text, sheet.place, f"'{sheet.text}'!A1")
            yield Node(place, "value", title.text, sheet.place)

    def _list_leads(self, place: str, *lines: tuple[str, str]) -> list[Node]:
        return [Node(place, "lead", text, about) for about, text in (*lines, *self._synthetic)]

    def _list_notes(self) -> list[Node]:
        title, place = self.words.say("sheet.notes"), "notes"
        nodes = [*self._open_sheet(place, title, title), *self._list_leads(place)]
        nodes.append(Node(place, "head", self.words.say("sheet.note"), "note"))
        lines = self.words.say("sheet.notes_text").strip().split("\n")
        for number, line in enumerate(lines, 1):
            nodes.append(Node(place, "row", line.strip(), f"note={number}"))
        return nodes

    def _list_tables(self) -> Iterator[list[Node]]:
        """A sheet for each table and each chart in the order of the report; none twice."""
        seen = set[tuple[str, ...]]()
        for reference in self.ledger.references:
            if reference.kind == "chart":
                exhibit = self.ledger.charts[reference.id]
                table = self.meanings.exhibits.derive_table(exhibit)
            elif reference.kind == "table":
                # Here a table has all of its rows.
                table = self.meanings.exhibits.derive_whole(self.ledger.tables[reference.id])
            else:
                continue
            key = tuple(name for name in table.figures if name) if table else ()
            if table is not None and key not in seen:
                seen.add(key)
                yield self._list_table(reference.id, len(seen), table)

    def _list_table(self, place: str, number: int, table: TableMeaning) -> list[Node]:
        name = FORBIDDEN.sub(" ", f"{number} {table.caption}")
        name = textwrap.shorten(name, NAME_LENGTH, placeholder="")
        while count_units(name) > NAME_LENGTH:
            name = name[:-1].rstrip()
        nodes = self._open_sheet(place, name, table.caption)
        shown = [[self._find_figure(cell) for cell in row.cells] for row in table.rows]
        units = dict.fromkeys(self._name_unit(each) for row in shown for each in row if each)
        licence = self.meanings.data.edition.publisher.licence
        about = self.words.say("sheet.units", units=", ".join(units) or "-", licence=licence)
        subtitle = [("subtitle", table.subtitle)] if table.subtitle else []
        nodes += self._list_leads(place, *subtitle, *self._notices, ("units", about))
        margins = [
            any(each and each.kind == "change" and each.interval for each in column)
            for column in zip(*shown, strict=True)
        ]
        first, *others = table.heads
        nodes.append(Node(place, "head", first.text, first.about))
        for head, has_margin in zip(others, margins, strict=True):
            nodes.append(Node(place, "head", head.text, head.about))
            if has_margin:
                text = begin(self.words.say("part.interval"))
                nodes.append(Node(place, "head", text, "interval"))
        for row, figures in zip(table.rows, shown, strict=True):
            nodes.append(Node(place, "row", row.label, row.code))
            for cell, figure, has_margin in zip(row.cells, figures, margins, strict=True):
                nodes.append(self._make_cell(place, cell.text, figure, cell.figure))
                if has_margin:
                    interval = self.words.write_interval(figure) if figure else ""
                    nodes.append(Node(place, "value", interval, figure.id if figure else ""))
        nodes += [Node(place, "note", note.text, note.about) for note in table.notes]
        return nodes

    def _find_figure(self, cell: CellMeaning) -> Figure | None:
        """The figure whose value a cell shows."""
        return None if cell.parts else self.ledger.figures.get(cell.figure)

    def _make_cell(self, place: str, text: str, figure: Figure | None, about: str) -> Node:
        """A cell: a number as a spreadsheet holds it where there is one, else its text."""
        number = read_number(figure)
        if figure is None or number is None or figure.unit in CALENDAR:
            return Node(place, "value", text, about)
        number /= 100 if figure.unit in PERCENTS else 1
        # A workbook holds sixteen digits.
        digits = repr(float(f"{number:.16g}"))
        return Node(place, "number", digits, about, form=FORMATS[figure.unit])

    def _name_unit(self, figure: Figure) -> str:
        return self.words.say(f"unit.{figure.unit.replace(' ', '_')}")

    def _list_definitions(self) -> list[Node]:
        """Every figure of a chapter: its name, what it is, its value, unit and period."""
        title, place = self.words.say("sheet.definitions"), "definitions"
        nodes = [*self._open_sheet(place, title, title), *self._list_leads(place)]
        nodes += [
            Node(place, "head", self.words.say(f"column.{about}"), about) for about in OF_FIGURES
        ]
        for name in self.meanings.origins:
            figure = self.ledger.figures.get(name)
            if figure is not None:
                period = self.words.period(figure.population.period)
                definition = begin(self.words.definition(figure))
                nodes += [
                    Node(place, "row", name, name),
                    Node(place, "value", definition, name),
                    self._make_cell(place, self.words.write_in_table(figure), figure, name),
                    Node(place, "value", self._name_unit(figure), name),
                    Node(place, "value", period, name),
                ]
        return nodes
