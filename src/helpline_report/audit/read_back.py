"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.data_files import (
    CLAIMS,
    RECONCILIATION,
    WORKBOOK,
    read_data_files,
    read_figures,
    read_lines,
    read_reconciliation,
    read_workbook,
)
from helpline_report.audit.expectations import (
    DIGIT,
    Expectations,
    Misreading,
    bare_numerals,
    plain,
)
from helpline_report.audit.page_tree import Element, PageTree, parse_page, text_of
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Figure, ReportTable

PAGE, PDF, AUDIT = "index.html", "report.pdf", "index.html"
# What a text has beside paragraphs, by its class.
OF_TEXTS = ("text-table", "finding")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# So many differences are named.
SHOWN = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500
# What says whose a number is, or where it comes from.
ANSWERED = {"data-source", "data-about", "data-parts", "data-figure", "data-place"}
NO_FIGURE = "a number of no figure"


def read_back(folder: Path, ledger: Ledger, label: str) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    Raises:
        RefusedError: a file says something else; each place with what stands there.
    """
    differences = list(find_differences(folder, ledger))
    if differences:
        lines = [f"{label} doesn't say what its ledger says: {len(differences)} place(s) differ"]
        lines += list_first([*map(str, differences)], SHOWN)
        raise RefusedError(
            "\n".join(lines),
            next_step="this is a fault of the program or of a changed file: it isn't published; "
            "report these lines",
        )


def find_differences(folder: Path, ledger: Ledger) -> Iterator[Misreading]:
    """Every place of the files where something else stands than the ledger says."""
    page = parse_page((folder / PAGE).read_text("utf-8"))
    audits = {
        path.name: parse_page(path.read_text("utf-8"))
        for path in sorted(folder.glob("audit/*.html"))
    }
    expected = Expectations(ledger, page.root.get("lang", "nl"))
    # The numbers that no figure has: of parameters, of files, and of what others printed.
    rows = [row for row in audits[AUDIT].root.iter("tr") if row.find("th/code") is not None]
    parts = ledger.model_dump_json(include={"edition", "quality", "sources", "trend", "overrides"})
    totals = ledger.trend.points if ledger.trend else ()
    printed = [expected.number(point.value, 0) for point in totals]
    expected.words = bare_numerals(parts, *printed, *map(text_of, rows))
    # First: the other files are read with the names that these give.
    yield from read_figures(folder, expected)
    yield from read_data_files(folder, expected)
    yield from read_reconciliation(folder, expected)
    # What stands where no figure does: at a place of the audit, or in a reason by itself.
    others = {item.get("id", ""): text_of(item) for item in audits[AUDIT].root.iter()}
    prints, claims = (read_lines(folder / name) for name in (RECONCILIATION, CLAIMS))
    others |= {line["reason"]: "" for line in [*prints, *claims]}
    for at, line in enumerate(prints, start=1):
        others[f"printed-{at}"] = f"{line['printed']} {line['computed']}"
    yield from _PageReader(PAGE, page, expected, others).read(page.root)
    yield from read_workbook(folder / WORKBOOK, expected)
    yield from _read_pdf(folder / PDF, page)
    for name, each in audits.items():
        yield from _PageReader(f"audit/{name}", each, expected, others).read_numbers(each.root)


# The page


def _unanswered(item: Element) -> Iterator[str]:
    """The texts with digits of an element that are no figure's, and have no source."""
    if not ANSWERED & set(item.attrib):
        texts = [item.text or "", *(child.tail or "" for child in item)]
        yield from filter(DIGIT.search, texts)
        for child in item:
            yield from _unanswered(child)


class _PageReader:
    """Reads a page; `others` are the texts in it that are no figure's, by their places."""

    def __init__(
        self, file: str, page: PageTree, expected: Expectations, others: Mapping[str, str]
    ) -> None:
        self.file, self.page, self.expected, self.others = file, page, expected, others

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(self.file, place, figure, text, expected)

    def read(self, root: Element) -> Iterator[Misreading]:
        """Every difference of the report's page."""
        yield from self.read_numbers(root)
        for item in root.iter():
            match item.tag, item.get("class", ""):
                case "figure", "chart":
                    yield from self._chart(item)
                    yield from self._words(item)
                case ("details", "table") | ("section", "campaign"):
                    yield from self._words(item)
                case "table", name if name != "text":  # whose numbers are those of a text
                    yield from self._table(item)
                case "ul", "highlights":
                    for entry in item.iter("li"):
                        names = [self._figure_of(entry.find("strong/*"))]
                        yield from self._called(
                            text_of(entry.find("span")), names, "headline figures"
                        )
                case "aside", "card":
                    name, called = (
                        item.get("id", "")[len("figure-") :],
                        text_of(item.find("p/strong")),
                    )
                    yield from self._called(called.rstrip("."), [name], f"card of '{name}'")
                case "section", "chapter":
                    yield from self._prose(item)

    # Numbers

    def read_numbers(
        self, item: Element, place: str = "a text", owner: str = ""
    ) -> Iterator[Misreading]:
        """Every number that says which figure it is of; in a card it may be that of the card."""
        if item.tag == "table" or (item.tag == "aside" and item.get("class") == "card"):
            place, owner = f"'{item.get('id', '')}'", item.get("id", "").removeprefix("figure-")
        elif item.tag == "tr":
            place = f"{place.partition(', row')[0]}, row '{text_of(item.find('th'))}'"
        if ANSWERED & set(item.attrib) and "data-source" not in item.attrib:
            yield from self._number(item, place, owner)
        for child in item:
            yield from self.read_numbers(child, place, owner)

    def _number(self, item: Element, place: str, owner: str) -> Iterator[Misreading]:
        """A number: it is of the figure that it names, in words and for machines."""
        name = item.get("data-figure") or item.get("data-about") or item.get("data-place") or owner
        text, figure = text_of(item), self.expected.figures.get(name)
        if figure is not None and item.tag == "data":
            value = "" if figure.value is None else str(figure.value)
            if item.get("value") != value:
                yield self._differs(place, name, item.get("value", ""), value)
        if figure is None:
            # A number elsewhere that names no figure is one of the audit's own.
            other = self.others.get(item.get("data-place", ""), text)
            unknown = self.file == PAGE and "data-place" not in item.attrib
            wanted = "a figure's number" if unknown else ("" if text in other else other)
        else:
            wanted = self._misread(item, figure, text) if text else ""
        if wanted:
            yield self._differs(place, name or "no figure", text, wanted)

    def _misread(self, item: Element, figure: Figure, text: str) -> str:
        """What a number should say, by what of its figure the element says to show."""
        misread, name = self.expected.misread, figure.id
        parts = tuple(item.get("data-parts", "value").split())
        if item.tag == "data":
            form = item.get("data-form", "")
            return self.expected.misread_prose(text, name, form[:1].lower() + form[1:])
        if item.tag == "span" and "data-about" in item.attrib and "data-parts" not in item.attrib:
            # What follows from a figure: the ends of its interval stand there, in their order.
            ends = ("low", "high")
            return misread(text, name, ends, "margin", among=True) if figure.interval else ""
        if item.tag not in ("button", "span") or "data-about" in item.attrib:
            return misread(text, name, parts, "trace")
        with_interval = "(" in text and figure.interval is not None and parts == ("value",)
        return misread(text, name, ("value", "low", "high") if with_interval else parts)

    def _figure_of(self, number: Element | None) -> str:
        """The figure that a number opens the card of; nothing where it is none."""
        name = number.get("data-figure", "") if number is not None else ""
        return name if name in self.expected.ledger.figures else ""

    def _called(self, text: str, names: Sequence[str], place: str) -> Iterator[Misreading]:
        """What stands beside figures is a name of each."""
        for name in filter(None, names):
            if not self.expected.is_called(text, name):
                yield self._differs(place, name, text, "the figure's own name")

    # Words

    def _prose(self, section: Element) -> Iterator[Misreading]:
        """A number of a chapter's text that no figure and no source answers for."""
        for block in (*section, *section.findall("details/*")):
            prose = block.tag in ("p", "ul", "ol", "blockquote") and not block.get("class")
            if prose or block.get("class") in OF_TEXTS:
                for text in _unanswered(block):
                    place = f"chapter '{section.get('id', '')}'"
                    yield self._differs(place, NO_FIGURE, text, "no typed number")

    def _words(self, item: Element) -> Iterator[Misreading]:
        """Captions, heads and notes of a chart or table: numbers of its figures, names or words."""
        part = self.expected.part(item.get("id", ""))
        linked = {self._figure_of(number) for number in item.iter("button")}
        figures = {*self.expected.figures_of(part), *linked}
        rows = len(self.expected.rows(part))
        left_out = str(rows - (part.most or rows)) if part is not None else ""
        for text in _unanswered(item):
            tokens = self.expected.unexplained(text, figures) if text not in self.others else ()
            for token in tokens:
                if token != left_out:
                    place = f"the words of '{item.get('id', '')}'"
                    yield self._differs(place, NO_FIGURE, text, f"not {token}")

    # Charts and tables

    def _chart(self, item: Element) -> Iterator[Misreading]:
        """The headline, which names its figure, and the drawings."""
        place, expected = f"chart '{item.get('id', '')}'", self.expected
        if figure := self._figure_of(item.find("figcaption/strong/*")):
            caption = plain(text_of(item.find("figcaption/strong")))
            definition = plain(expected.definitions[figure])
            labels = expected.names(figure) - {definition}
            words = caption.split(": ")[-1].split(", ")[0]
            if not any(each in caption for each in labels) and words not in definition:
                yield self._differs(f"headline of {place}", figure, caption, "its own name")
        chart = expected.ledger.charts.get(item.get("id", ""))
        for drawing in item.iter("svg"):
            svg = self.page.drawings[int(drawing.get("n", "0"))]
            yield from ChartReader(svg, chart, expected, place).read()

    def _table(self, table: Element) -> Iterator[Misreading]:
        """Each row of a part of the ledger has its own figures, a column each."""
        name, ledger = table.get("id", ""), self.expected.ledger
        part, missing = self.expected.part(name), ledger.missing.get(name.removesuffix(".rows"))
        heads = [text_of(head) for head in table.iter("th") if head.get("scope") == "col"]
        rows = [row for row in table.iter("tr") if row.find("td") is not None]
        known = self.expected.rows(part)
        of_codes = bool(known and known[0].field)
        for at, row in enumerate(rows):
            head, cells = text_of(row.find("th")), [*row.findall("td")]
            place, links = f"table '{name}', row '{head}'", [cell.find("*") for cell in cells]
            linked = [self._figure_of(link) for link in links]
            for cell, link in zip(cells, links, strict=True):
                if link is None and cell.get("class") == "n" and DIGIT.search(text_of(cell)):
                    yield self._differs(place, NO_FIGURE, text_of(cell), "no number")
            wanted = [linked]
            if missing is not None:
                wanted = [[each and missing.figures[at][1] for each in linked]]
            elif row.get("class") == "total":
                total = part.total if isinstance(part, ReportTable) else None
                wanted = [[each and (total or "") for each in linked]]
            elif of_codes:
                # A figure that isn't there has no address.
                wanted = [
                    [each if each in ledger.figures else "" for each in map(str, own.figures)]
                    for own in known
                    if plain(self.expected.label(own.field, own.code) or own.code) == plain(head)
                ]
                yield from self._heads(part, heads, linked, place)
            elif known:
                yield from self._called(head, linked[:1], place)
            if linked not in wanted:
                figure = next(filter(None, linked), "")
                yield self._differs(place, figure, head, f"the row of {wanted or 'a code'}")

    def _heads(
        self,
        part: Chart | ReportTable | None,
        heads: Sequence[str],
        linked: Sequence[str],
        place: str,
    ) -> Iterator[Misreading]:
        """The heads of the columns: of a cross-table its codes, else a year where one is told."""
        for title, name in zip(heads[1:], linked, strict=False):
            figure, years = self.expected.ledger.figures.get(name), YEAR.findall(title)
            if figure is None or part is None:
                continue
            right = not years or str(figure.population.period.start.year) in years
            if part.crosstab is not None:
                right = plain(title) in self.expected.names(name)
            if not right:
                yield self._differs(place, name, title, "the column's own name")


# The PDF


def _blocks(item: Element, drawings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts of the page that the book has too, each with its tag."""
    match item.tag, item.get("class", ""):
        case ("nav" | "dl" | "aside", _) | ("details", "behind") | ("div", "drawing narrow"):
            return
        case "div", "notes":
            yield from (("p", line.text or "") for line in item.iter("p"))
        case ("p" | "li" | "figcaption" | "caption" | "tr") as tag, _:
            if tag != "tr" or item.find("td") is not None:
                yield tag, text_of(item)
        case "svg", _:
            text = drawings[int(item.get("n", "0"))]
            svg = ET.fromstring(text)  # noqa: S314 - our own
            labels = "".join(text_of(each) for each in svg.iter() if each.tag.endswith("}text"))
            yield "squares" if "--seqink" in text else "svg", labels
        case ("details", "table") | ("section", "campaign"):
            # What is folded in the page is printed in the book.
            for part in item.iter():
                if part.tag in ("caption", "tr") or part.get("class") == "notes":
                    yield from _blocks(part, drawings)
        case _:
            yield from (each for child in item for each in _blocks(child, drawings))


def _squeeze(text: str) -> str:
    """A text without what setting it may change: spaces, hyphens and letters with marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in text if (c.isascii() and (c.isalnum() or c in ".,%+")) or c == "−")


def _read_pdf(path: Path, page: PageTree) -> Iterator[Misreading]:
    """Every text, row, note and chart with numbers of the page stands in the book too."""
    with pypdfium2.PdfDocument(path) as book:
        sheets = [sheet.get_textpage().get_text_range().splitlines() for sheet in book]
    # Without the head and the foot of each sheet; the cover has none.
    inner = [sheets[0], *(lines[1:-1] or lines for lines in sheets[1:])]
    whole = "".join(_squeeze("".join(lines)) for lines in inner)
    sections = [s for s in page.root.iter("section") if s.get("class") in ("chapter", "cover")]
    place, head = 0, ""
    for tag, text in (each for section in sections for each in _blocks(section, page.drawings)):
        wanted = _squeeze(text)
        inside = tag in ("tr", "svg", "squares")
        head = head if inside else text
        if not DIGIT.search(text):
            continue
        start = whole.find(wanted, place if inside else 0)
        if start < 0 and tag == "squares":
            # The squares of a cross-table come in the order of their places.
            there = whole[place : place + len(wanted)]
            start = place if sorted(there) == sorted(wanted) else -1
        if start < 0 or (tag == "tr" and start - place > BETWEEN):
            yield Misreading(PDF, f"<{tag}>", head[:60], text, "the same text as the page")
        elif tag != "p" or whole.count(wanted) == 1:
            # A source that stands below many tables says nothing of the place.
            place = start + len(wanted)
