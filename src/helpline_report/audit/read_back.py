"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import pypdfium2

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.data_files import (
    CLAIMS,
    RECONCILIATION,
    WORKBOOK,
    read_data_files,
    read_pictures,
    read_reconciliation,
    read_records,
    read_workbook,
)
from helpline_report.audit.expectations import (
    DIGIT,
    Expectations,
    Misreading,
    Row,
    bare_numerals,
    plain,
)
from helpline_report.audit.page_tree import Element, parse_page, text_of
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import ReportTable

PAGE, PDF, AUDIT = "index.html", "report.pdf", "index.html"
# So many differences are named.
MOST_LISTED = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500
NO_FIGURE = "a number of no figure"
# What says whose a number is, or where it comes from.
SOURCES = "@data-source or @data-about or @data-parts or @data-figure or @data-place"
NUMBERS = f"//*[({SOURCES}) and not(@data-source) and not(ancestor::svg)]"
# Texts that no figure and no source answers for.
TYPED = f".//text()[not(ancestor::*[{SOURCES}]) and not(ancestor::svg)]"
# What a chapter has beside charts and tables.
PROSE = "//section[@class='chapter']//*[self::p or self::li or self::td or self::th or self::h3]"
PROSE += "[not(ancestor::figure or ancestor::details[@class='table' or @class='behind'])]"
PROSE += "[not(ancestor::section[@class='campaign'] or ancestor::ul[@class='highlights'])]"
PROSE += "[not(@class='subtitle' or @class='left' or @class='note')]|//div[@class='lead']/p"
WIDE = "(.//svg)[1]/@aria-label"
SHOWN_PARTS = "//figure[@class='chart']|//details[@class='table']|//section[@class='campaign']"
# What stands beside a figure as its name: where, the figure, and the name.
CALLED = (
    ("//ul[@class='highlights']/li", "strong/*/@data-figure", "span"),
    ("//aside[@class='card']", "@id", "p/strong"),
)
# The texts of the page that the book has too, each with its numbers, in its order; then what the
# book has at its end, and the page behind its charts.
OF_BOOK = """//section[@class='cover' or @class='chapter']//*[self::p or self::li
    or self::figcaption or self::caption or self::tr[td] or self::svg]
    [not(ancestor-or-self::nav or ancestor::dl or ancestor-or-self::*[@class='drawing narrow'
    or @class='behind' or @class='files'])]"""
AT_END = "//details[@class='behind']//*[self::caption or self::tr[td]]"


def read_back(folder: Path, ledger: Ledger, label: str) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    Raises:
        RefusedError: a file says something else; each place with what stands there.
    """
    differences = list(find_differences(folder, ledger))
    if differences:
        lines = [f"{label} doesn't say what its ledger says: {len(differences)} place(s) differ"]
        lines += list_first([*map(str, differences)], MOST_LISTED)
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
    expected = Expectations(ledger, page.get("lang", "nl"))
    # The numbers that no figure has: of parameters, of files, and of what others printed.
    rows = map(text_of, audits[AUDIT].xpath("//tr[th/code]"))
    parts = ledger.model_dump_json(include={"edition", "quality", "sources", "trend", "overrides"})
    totals = ledger.trend.points if ledger.trend else ()
    printed = [expected.write_number(point.value, 0) for point in totals]
    expected.words = bare_numerals(parts, *printed, *rows)
    # First: the other files are read with the names that these give.
    yield from read_data_files(folder, expected)
    records = {file: read_records(folder / file) for file in (RECONCILIATION, CLAIMS)}
    yield from read_reconciliation(records, expected)
    # What stands where no figure does: at a place of the audit, or in a reason by itself.
    places = {item.get("id"): " ".join(item.itertext()) for item in audits[AUDIT].xpath("//*[@id]")}
    for at, line in enumerate(records[RECONCILIATION], start=1):
        places[f"printed-{at}"] = f"{line['printed']} {line['computed']}"
    reasons = {line["reason"] for each in records.values() for line in each}
    reader = PageReader(PAGE, page, expected, places)
    yield from reader.read_numbers()
    yield from reader.read_words(reasons)
    yield from reader.read_charts()
    charts = {
        item.get("id"): [*map(text_of, item.xpath("figcaption/*")), *item.xpath(WIDE)]
        for item in page.xpath("//figure[@class='chart']")
    }
    yield from read_pictures(folder, charts)
    yield from reader.read_tables()
    captions = {
        re.sub(r"\.(rows|table-of-chart)$", "", table.get("id")): text_of(title)
        for table in page.xpath("//table[@id]")
        for title in table.xpath("caption/strong")
    }
    yield from read_workbook(folder / WORKBOOK, expected, captions)
    yield from _read_pdf(folder / PDF, page)
    for name, each in audits.items():
        yield from PageReader(f"audit/{name}", each, expected, places).read_numbers()


class PageReader:
    """Reads a page; `places` are the texts of the audit that are no figure's, by their ids."""

    def __init__(
        self, file: str, page: Element, expected: Expectations, places: Mapping[str, str]
    ) -> None:
        self.file, self.page, self.expected, self.places = file, page, expected, places

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(self.file, place, figure, text, expected)

    def read_numbers(self) -> Iterator[Misreading]:
        """Every number that says which figure it is of; in a card it may be that of the card."""
        for item in self.page.xpath(NUMBERS):
            owner = item.xpath("string(ancestor::*[self::table or self::aside][1]/@id)")
            row = item.xpath("string(ancestor-or-self::tr/th)")
            place = f"'{owner}'{f', row {row!r}' if row else ''}" if owner else "a text"
            text, attributes = text_of(item), item.attrib
            names = (attributes.get(f"data-{each}") for each in ("figure", "about", "place"))
            name = next(filter(None, names), owner.removeprefix("figure-"))
            if figure := self.expected.figures.get(name):
                value = "" if figure.value is None else str(figure.value)
                if item.tag == "data" and attributes.get("value") != value:
                    yield self._differs(place, name, attributes.get("value", ""), value)
                wanted = self._misread(item, name, text) if text else ""
            elif self.file == PAGE and "data-place" not in attributes:
                wanted = "a figure's number"
            else:
                # A number that names no figure is one of the audit's own.
                other = self.places.get(attributes.get("data-place", ""), text)
                same = text in other and bare_numerals(text) <= bare_numerals(other)
                wanted = "" if same else other
            if wanted:
                yield self._differs(place, name or "no figure", text, wanted)

    def _misread(self, item: Element, name: str, text: str) -> str:
        """What a number should say, by what of its figure the element says to show."""
        misread, interval = self.expected.misread, self.expected.figures[name].interval
        parts = tuple(item.get("data-parts", "value").split())
        if item.tag == "data":
            form = item.get("data-form", "")
            return self.expected.misread_prose(text, name, form[:1].lower() + form[1:])
        if item.tag == "span" and "data-about" in item.attrib and "data-parts" not in item.attrib:
            # What follows from a figure: the ends of its interval stand there, in their order.
            return misread(text, name, ("low", "high"), "margin", among=True) if interval else ""
        if item.tag not in ("button", "span") or "data-about" in item.attrib:
            return misread(text, name, parts, "trace")
        with_interval = "(" in text and interval is not None and parts == ("value",)
        return misread(text, name, ("value", "low", "high") if with_interval else parts)

    def read_words(self, reasons: Container[str]) -> Iterator[Misreading]:
        """Numbers of prose, of captions, heads and notes, and the names of headlines and cards.

        Prose has none of its own; other words have numbers of their figures, names and words.
        """
        expected = self.expected
        for block in self.page.xpath(PROSE):
            place = f"chapter '{block.xpath('string(ancestor::section/@id)')}'"
            for text in filter(DIGIT.search, block.xpath(TYPED)):
                yield self._differs(place, NO_FIGURE, text, "no typed number")
        for item in self.page.xpath(SHOWN_PARTS):
            part, place = expected.find_part(item.get("id", "")), f"words of '{item.get('id', '')}'"
            figures = {*expected.figures_of(part), *item.xpath(".//button/@data-figure")}
            rows = len(expected.rows(part))
            left_out = str(rows - (part.most or rows)) if part is not None else ""
            for text in filter(DIGIT.search, item.xpath(TYPED)):
                tokens = expected.list_unexplained(text, figures) if text not in reasons else ()
                for token in tokens:
                    if token != left_out:
                        yield self._differs(place, NO_FIGURE, text, f"not {token}")
        for path, named, called in CALLED:
            for item in self.page.xpath(path):
                name = item.xpath(f"string({named})").removeprefix("figure-")
                text = text_of(item.find(called)).rstrip(".")
                if name in expected.figures and not expected.is_called(text, name):
                    yield self._differs(
                        f"name beside '{name}'", name, text, "the figure's own name"
                    )

    def read_charts(self) -> Iterator[Misreading]:
        """The headline of each chart, which names its figure, and its drawings."""
        expected = self.expected
        for item in self.page.xpath("//figure[@class='chart']"):
            place, headline = f"chart '{item.get('id')}'", item.find("figcaption/strong")
            name = headline.xpath("string(*/@data-figure)")
            if name in expected.ledger.figures:
                caption, definition = plain(text_of(headline)), plain(expected.definitions[name])
                labels = expected.names(name) - {definition}
                words = caption.split(": ")[-1].split(", ")[0]
                if not any(each in caption for each in labels) and words not in definition:
                    yield self._differs(f"headline of {place}", name, caption, "its own name")
            chart = expected.ledger.charts.get(item.get("id"))
            for drawing in item.iter("svg"):
                yield from ChartReader(drawing, chart, expected, place).read()

    def read_tables(self) -> Iterator[Misreading]:
        """Each row of a table has its own figures, a column each, and stands at its own place."""
        expected, known = self.expected, self.expected.ledger.figures
        for table in self.page.xpath("//table[@id]"):
            part, wanted = (
                expected.find_part(table.get("id")),
                expected.rows_of_page(table.get("id")),
            )
            total = part.total if isinstance(part, ReportTable) else None
            heads = [text_of(head) for head in table.xpath("thead//th")[1:]]
            rows = table.xpath(".//tr[td]")
            numbered = [row for row in rows if row.get("class") != "total"]
            # A table that shows the first of its rows alone ranks them.
            cut = part is not None and len(numbered) == part.most
            if wanted and len(numbered) != len(wanted) and not cut:
                place = f"table '{table.get('id')}'"
                yield self._differs(place, "", f"{len(numbered)} rows", str(len(wanted)))
            for at, row in enumerate(rows):
                head, cells = text_of(row.find("th")), row.findall("td")
                place = f"table '{table.get('id')}', row '{head}'"
                linked = [cell.xpath("string(*/@data-figure)") for cell in cells]
                linked = [each if each in known else "" for each in linked]
                for cell in cells:
                    if cell.get("class") == "n" and not len(cell) and DIGIT.search(text_of(cell)):
                        yield self._differs(place, NO_FIGURE, text_of(cell), "no number")
                yield from expected.read_heads(
                    self.file, place, part, [*zip(heads, linked, strict=False)]
                )
                right = part is None or {*linked} <= {"", total}
                if row.get("class") != "total" and wanted:
                    candidates = wanted if cut else wanted[at : at + 1]
                    right = any(self._is_row(head, linked, each) for each in candidates)
                if not right:
                    figure = next(filter(None, linked), "")
                    yield self._differs(place, figure, head, "the row of this place")

    def _is_row(self, head: str, linked: Sequence[str], row: Row) -> bool:
        """Whether a row of a table has the head and the figures of a row of the ledger."""
        title, known = self.expected.title(row), self.expected.ledger.figures
        figures = [each if each in known else "" for each in row.figures]
        if row.code in known and not row.field:
            # Beside a figure by itself stand its interval and the year before.
            beside = {"", row.code, f"{row.code}.previous"}
            figures = figures if {*linked[1:]} <= beside else []
            linked = linked[:1]
        # Behind the name of a file its table may stand.
        of_file = not row.field and row.code not in known
        called = of_file and plain(head).startswith(f"{plain(title)} (")
        return (called or plain(title) in ("", plain(head))) and [*linked] == figures


# The PDF

# How pdfium says that a line ends within a word.
HYPHEN = "\ufffe"


def _squeeze(text: str) -> str:
    """A text without what setting it may change: spaces, hyphens and letters with marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in text if (c.isascii() and (c.isalnum() or c in ".,%+")) or c == "−")


def _read_pdf(path: Path, page: Element) -> Iterator[Misreading]:
    """Every text, row, note and chart with numbers of the page stands in the book too, in order."""
    with pypdfium2.PdfDocument(path) as book:
        texts = [sheet.get_textpage().get_text_range() for sheet in book]
    # A sheet that ends within a word has its foot in the same line, behind the hyphen.
    sheets = [text.replace(HYPHEN, f"{HYPHEN}\n").splitlines() for text in texts]
    # Without the head and the foot of each sheet; the cover has none.
    inner = [sheets[0], *(lines[1:-1] or lines for lines in sheets[1:])]
    whole = "".join(_squeeze("".join(lines)) for lines in inner)
    place, head = 0, ""
    for where in (OF_BOOK, AT_END):
        # What stands at the end of the book comes after all that is before it.
        floor = place
        for item in page.xpath(where):
            svg = item.tag == "svg"
            text = "".join(map(text_of, item.iter("text"))) if svg else text_of(item)
            inside, wanted = item.tag in ("tr", "svg"), _squeeze(text)
            head = head if inside else text
            if not DIGIT.search(text):
                continue
            start = whole.find(wanted, place if inside else floor)
            if start < 0 and item.xpath(".//*[contains(@style, '--seqink')]"):
                # The squares of a cross-table come in the order of their places.
                there = whole[place : place + len(wanted)]
                start = place if sorted(there) == sorted(wanted) else -1
            if start < 0 or (item.tag == "tr" and start - place > BETWEEN):
                yield Misreading(PDF, f"<{item.tag}>", head[:60], text, "the same text as the page")
            elif item.tag != "p" or whole.count(wanted) == 1:
                # A source that stands below many tables says nothing of the place.
                place = start + len(wanted)
