"""From HTML to a document: paragraphs, list items and tables, with their lines in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpline_report.audit.proofreading.blocks import split
from helpline_report.audit.proofreading.document import Document, Paragraph, Place, Row, Table
from helpline_report.audit.proofreading.markup import Element, Text
from helpline_report.audit.proofreading.no_counts import named_numbers
from helpline_report.audit.proofreading.numerals import Numeral, find_numerals
from helpline_report.audit.proofreading.text_tables import is_total

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TEXTS = ("p", "li", "dd", "blockquote", "figcaption")
SKIPPED = frozenset(("nav", "script", "style", "svg", "aside", "template", "head", "footer"))
CELL = re.compile(r"[+\-−]?\d[\d.,\N{NO-BREAK SPACE}]*(?:\s?%)?")


def document_of_page(root: Element) -> Document:
    """What a page says to its reader; a card, a menu and a drawing are no prose."""
    reader = _Reader(named_numbers(root.text))
    reader.read(root)
    return Document(tuple(reader.paragraphs), tuple(reader.tables), reader.names)


class _Reader:
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.paragraphs: list[Paragraph] = []
        self.tables: list[Table] = []
        self.section = 0

    def read(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, Text) or child.tag in SKIPPED:
                continue
            if child.tag in HEADINGS:
                self.section += 1
            elif child.tag == "table":
                self._table(child)
            elif child.tag in TEXTS and not any(child.all(*TEXTS, "table")):
                self._paragraph(child)
            else:
                self.read(child)

    def _paragraph(self, element: Element) -> None:
        letters = list(_letters(element))
        text = "".join(letter for letter, _ in letters)
        places = [place for _, place in letters]
        if text.strip():
            self.paragraphs.append(Paragraph(tuple(split(text, places)), self.section))

    def _table(self, element: Element) -> None:
        rows = [row for row in element.all("tr") if any(row.all("td"))]
        heads = [cell.text for row in element.all("tr") for cell in row.all("th")
                 if not any(row.all("td"))]  # fmt: skip
        made = [_row(row) for row in rows]
        width = max((len(row.cells) for row in made), default=0)
        made = [row for row in made if len(row.cells) == width and width]
        if not made:
            return
        marked = "total" in rows[-1].classes or is_total(made[-1].label)
        total = made.pop() if marked and len(made) > 1 else None
        caption = " ".join(item.text for item in element.all("caption"))
        shown = tuple(heads[-width:]) if len(heads) >= width else ("",) * width
        place = Place(0, element.line)
        self.tables.append(Table(place, caption, shown, tuple(made), total, self.section))


def _row(row: Element) -> Row:
    """A row: its first cell is its label."""
    cells = [
        item for item in row.children if isinstance(item, Element) and item.tag in ("th", "td")
    ]
    return Row(
        Place(0, row.line),
        cells[0].text if cells else "",
        tuple(_numeral(cell.text) for cell in cells[1:]),
    )


def _numeral(text: str) -> Numeral | None:
    """The number of a cell that holds a number and nothing else."""
    if not CELL.fullmatch(text.strip()):
        return None
    found = find_numerals(text.strip())
    return found[0] if len(found) == 1 else None


def _letters(element: Element) -> Iterator[tuple[str, Place]]:
    """The letters of a text with their lines; white space is one space."""
    space = True
    for piece in element.texts():
        line = piece.line
        for letter in piece.text:
            blank = letter.isspace() and letter not in "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
            if not (blank and space):
                yield (" " if blank else letter), Place(0, line)
            space = blank
            line += letter == "\n"
