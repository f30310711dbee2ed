"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the workbook and the CSV files are taken
apart as any reader finds them. A number says by its address in the audit, or by `<data>`, which
figure it shows. Nothing of what writes the files is used here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdfium2

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.data_files import (
    WORKBOOK,
    read_data_files,
    read_figures,
    read_lines,
    read_workbook,
)
from helpline_report.audit.expectations import (
    DIGIT,
    Expectations,
    Misreading,
    Row,
    has_number,
    plain,
)
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, ReportTable

PAGE, PDF = "index.html", "report.pdf"
VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# So many differences are named.
SHOWN = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500

Element = ET.Element


def read_back(folder: Path, ledger: Ledger, label: str) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    Raises:
        RefusedError: a file says something else; each place with what stands there.
    """
    differences = list(find_differences(folder, ledger))
    if differences:
        lines = [f"{label} doesn't say what its ledger says: {len(differences)} place(s) differ"]
        lines += [f"  {each}" for each in differences[:SHOWN]]
        more = len(differences) - SHOWN
        raise RefusedError(
            "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])]),
            next_step="this is a fault of the program or of a changed file: it isn't published; "
            "report these lines",
        )


def find_differences(folder: Path, ledger: Ledger) -> Iterator[Misreading]:
    """Every place of the files where something else stands than the ledger says."""
    text = (folder / PAGE).read_text("utf-8")
    language = re.findall(r'<html lang="(\w+)"', text)
    expected = Expectations(ledger, language[0] if language else "nl")
    # First: the other files are read with the names that these give.
    yield from read_figures(folder, expected)
    yield from read_data_files(folder / "data", expected)
    page = _Page(text, expected)
    yield from page.read(folder)
    yield from read_workbook(folder / WORKBOOK, expected)
    yield from _read_pdf(folder / PDF, page)


# The page


class _Parser(HTMLParser):
    """Makes a tree of a page; its drawings are read apart."""

    def __init__(self) -> None:
        super().__init__()
        self.builder = ET.TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def _text(item: Element | None) -> str:
    return "" if item is None else "".join(item.itertext())


class _Page:
    """The page as a tree, with its drawings, against what is expected."""

    def __init__(self, text: str, expected: Expectations) -> None:
        self.expected = expected
        self.ledger = expected.ledger
        self.drawings = DRAWING.findall(text)
        numbers = iter(range(len(self.drawings)))
        parser = _Parser()
        bare = DRAWING.sub(lambda _: f'<svg n="{next(numbers)}"></svg>', STYLE.sub("", text))
        parser.feed(bare.removeprefix("<!doctype html>").strip())
        self.root = parser.builder.close()

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(PAGE, place, figure, text, expected)

    def read(self, folder: Path) -> Iterator[Misreading]:
        """Every difference of the page."""
        self.counts = _count_others(folder, self.ledger)
        for item in self.root.iter():
            match item.tag, item.get("class", ""):
                case "figure", "chart":
                    yield from self._chart(item)
                case "table", _:
                    yield from self._table(item)
                case "ul", "highlights":
                    yield from self._highlights(item)
                case "aside", "card":
                    yield from self._card(item)
                case "data", _:
                    yield from self._number(item)
        for section in self.root.iter("section"):
            if section.get("class") == "chapter":
                yield from self._typed(section)
                yield from self._margins(section)

    def _margins(self, section: Element) -> Iterator[Misreading]:
        """What follows from a figure: the ends of its interval stand there, in their order."""
        for item in section.iter("span"):
            name = item.get("data-about", "")
            wanted = self.expected.misread_margin(_text(item), name) if name else ""
            if wanted:
                yield self._differs("a text", name, _text(item), wanted)

    def _number(self, item: Element) -> Iterator[Misreading]:
        """A number of a text: it is of the figure that it names, in words and for machines."""
        name, text, form = item.get("data-figure", ""), _text(item), item.get("data-form", "")
        form = form[:1].lower() + form[1:]
        figure = self.ledger.figures.get(name)
        if figure is None:
            yield self._differs(
                "a text", name or "a number of no figure", text, "a figure's number"
            )
            return
        if item.get("value") != ("" if figure.value is None else str(figure.value)):
            yield self._differs("a text", name, item.get("value", ""), str(figure.value))
        wanted = self.expected.misread_text(text, name, form)
        if wanted:
            yield self._differs("a text", name, text, wanted)

    def _typed(self, section: Element) -> Iterator[Misreading]:
        """A number of a chapter's text that no figure and no source answers for."""
        place = f"chapter '{section.get('id', '')}'"
        for block in section:
            if block.tag in ("p", "ul", "ol", "blockquote") and not block.get("class"):
                for text in _unanswered(block):
                    if DIGIT.search(text):
                        yield self._differs(place, "a number of no figure", text, "no typed number")

    def _highlights(self, item: Element) -> Iterator[Misreading]:
        for entry in item.iter("li"):
            name = self._figure_of(entry.find("strong/a"))
            place = f"headline figure '{_text(entry.find('span'))}'"
            yield from self._cell(entry.find("strong/a"), place)
            yield from self._cell(entry.find("small/a"), place)
            if name and not self.expected.is_called(_text(entry.find("span")), name):
                yield self._differs(place, name, _text(entry.find("span")), "the figure's own name")

    def _card(self, item: Element) -> Iterator[Misreading]:
        name = item.get("id", "").removeprefix("figure-")
        figure, place = self.ledger.figures.get(name), f"card of '{name}'"
        if figure is None:
            yield self._differs(place, name, "a card", "no such figure")
            return
        for line in item.iter("p"):
            about, parts = name, tuple(line.get("data-parts", "").split())
            if line.get("data-about"):
                about, parts = line.get("data-about", ""), ("value",)
            if parts:
                wanted = self.expected.misread(_text(line), about, parts, "card")
                if wanted:
                    yield self._differs(place, about, _text(line), wanted)
        if not self.expected.is_called(_text(item.find("p/strong")).rstrip("."), name):
            yield self._differs(place, name, _text(item.find("p/strong")), "the figure's own name")

    def _figure_of(self, link: Element | None) -> str:
        """The figure that a link leads to the trace of; nothing where it is none."""
        name = (link.get("href", "") if link is not None else "").partition("#")[2]
        return name if name in self.ledger.figures else ""

    def _cell(self, link: Element | None, place: str) -> Iterator[Misreading]:
        """A number in a cell, with its interval where that stands behind it."""
        if link is None:
            return
        name, text = self._figure_of(link), _text(link)
        if not name:
            named = link.get("href", "").rpartition("#")[2]
            wanted = self.counts.get(named)
            if wanted is not None and text not in (wanted, self.expected.number(float(wanted), 0)):
                yield self._differs(place, named, text, wanted)
            return
        parts = tuple(link.get("data-parts", "value").split())
        if "(" in text and self.ledger.figures[name].interval is not None and parts == ("value",):
            parts = ("value", "low", "high")
        wanted = self.expected.misread(text, name, parts)
        if wanted:
            yield self._differs(place, name, text, wanted)

    def _table(self, table: Element) -> Iterator[Misreading]:
        """A table: every cell, and of a part of the ledger that each row has its own figures."""
        name = table.get("id", "").removesuffix(".rows").removesuffix(".table-of-chart")
        part = self.ledger.tables.get(name) or self.ledger.charts.get(name)
        heads = [_text(head) for head in table.iter("th") if head.get("scope") == "col"]
        rows = [row for row in table.iter("tr") if row.find("td") is not None]
        for row in rows:
            place = f"table '{name}', row '{_text(row.find('th'))}'"
            cells = row.findall("td")
            for cell in cells:
                if (
                    cell.find("a") is None
                    and cell.get("class") == "n"
                    and DIGIT.search(_text(cell))
                ):
                    yield self._differs(place, "a number of no figure", _text(cell), "no number")
                yield from self._cell(cell.find("a"), place)
            if part is not None:
                yield from self._row(part, row, heads, place)
        known = self.ledger.missing.get(name)
        order = [figure for _, figure in known.figures] if known else []
        for figure, row in zip(order, rows, strict=False):
            linked = {self._figure_of(cell.find("a")) for cell in row.findall("td")} - {""}
            if linked - {figure}:
                yield self._differs(f"table '{name}'", figure, _text(row), f"the row of {figure}")
        for row in rows if name.partition(".")[0] in self.ledger.quality else ():
            yield from self._file(row, f"table '{name}'")

    def _row(
        self, part: Chart | ReportTable, row: Element, heads: Sequence[str], place: str
    ) -> Iterator[Misreading]:
        """A row under its name: the figures of that code, a column each, or the table's total."""
        head, linked = _text(row.find("th")), [self._figure_of(x.find("a")) for x in row.iter("td")]
        first, known = next(filter(None, linked), ""), self.expected.rows(part)
        if row.get("class") == "total":
            total = part.total if isinstance(part, ReportTable) else None
            for name in filter(None, linked):
                if name != total:
                    yield self._differs(place, name, _text(row), f"the total, {total}")
        elif known and not known[0].field:
            if first and not self.expected.is_called(head, first):
                yield self._differs(place, first, head, "the figure's own name")
        else:
            own = [each for each in known if plain(self._label(each)) == plain(head)]
            if not any(self._is_row(each.figures, linked) for each in own):
                names = [name or "" for each in own for name in each.figures]
                beside = ", ".join(self.expected.definitions.get(name, name) for name in names)
                yield self._differs(place, first, head, f"the row of {beside or 'a code'}")
            yield from self._heads(part, heads, linked, place)

    def _heads(
        self, part: Chart | ReportTable, heads: Sequence[str], linked: Sequence[str], place: str
    ) -> Iterator[Misreading]:
        """The heads of the columns: of a cross-table its codes, else a year where one is told."""
        for head, name in zip(heads[1:], linked, strict=False):
            figure, years = self.ledger.figures.get(name), YEAR.findall(head)
            if figure is None:
                continue
            if part.crosstab is not None:
                if plain(head) not in self.expected.names(name):
                    yield self._differs(place, name, head, "the column's own name")
            elif years and str(figure.population.period.start.year) not in years:
                yield self._differs(place, name, head, "a column of its year")

    def _label(self, row: Row) -> str:
        return self.expected.label(row.field, row.code) or row.code

    def _is_row(self, wanted: Sequence[str | None], linked: Sequence[str]) -> bool:
        """Whether cells show the figures of a row; one that isn't there has no address."""
        known = [name if name and name in self.ledger.figures else "" for name in wanted]
        return known == list(linked)

    def _file(self, row: Element, place: str) -> Iterator[Misreading]:
        """A row of a file: its counts are those of that file."""
        for cell in row.findall("td"):
            name = self._figure_of(cell.find("a"))
            figure = self.ledger.figures.get(name)
            condition = figure.population.condition("file") if figure else None
            if condition and plain(_text(row.find("th"))) not in map(plain, condition.given):
                yield self._differs(place, name, _text(row.find("th")), ", ".join(condition.given))

    def _chart(self, item: Element) -> Iterator[Misreading]:
        name = item.get("id", "")
        chart, place = self.ledger.charts.get(name), f"chart '{name}'"
        link = item.find("figcaption/strong/a")
        figure = self._figure_of(link)
        if figure:
            yield from self._cell(link, f"headline of {place}")
            caption = plain(_text(item.find("figcaption/strong")))
            definition = plain(self.expected.definitions[figure])
            labels = self.expected.names(figure) - {definition}
            words = caption.split(": ")[-1].split(", ")[0]
            if not any(each in caption for each in labels) and words not in definition:
                yield self._differs(
                    f"headline of {place}", figure, caption, "the figure's own name"
                )
        values = {each: f.number for each, f in self.ledger.figures.items() if has_number(f)}
        if self.ledger.trend is not None:
            values |= {point.id: float(point.value) for point in self.ledger.trend.points}
        for drawing in item.iter("svg"):
            svg = self.drawings[int(drawing.get("n", "0"))]
            yield from ChartReader(self.expected, chart, values, place).read(svg)

    def paper(self) -> Iterator[tuple[str, list[str]]]:
        """The texts that the book has too: those that stand together, with their kind."""
        for section in self.root.iter("section"):
            if section.get("class") == "chapter":
                for block in section:
                    yield from self._on_paper(block)
            if section.get("class") == "cover":
                yield from (("cover", [_text(each)]) for each in section.iter("li"))

    def _on_paper(self, block: Element) -> Iterator[tuple[str, list[str]]]:
        match block.tag, block.get("class", ""):
            case "p" | "ul" | "ol" | "blockquote" | "div", "" | "left" | "finding":
                yield from (("text", [_text(each)]) for each in _leaves(block))
            case "figure", "chart":
                number = next(block.iter("svg")).get("n", "0")
                svg = ET.fromstring(self.drawings[int(number)])  # noqa: S314 - our own
                labels = [_text(each) for each in svg.iter() if each.tag.endswith("}text")]
                chart = self.ledger.charts.get(block.get("id", ""))
                kind = "heatmap" if chart and chart.kind == "heatmap" else "chart"
                yield kind, [_text(block.find("figcaption")), "".join(labels)]
            case ("div", "table") | ("section", "campaign"):
                for table in block.iter("table"):
                    rows = [_text(row) for row in table.iter("tr") if row.find("td") is not None]
                    yield "table", [_text(table.find("caption")), *rows]
            case "ul", "highlights":
                yield from (("text", [_text(each)]) for each in block.iter("li"))


def _unanswered(item: Element) -> Iterator[str]:
    """The texts of an element that are no figure's, and have no source."""
    if item.tag == "data" or {"data-source", "data-about"} & set(item.attrib):
        return
    yield item.text or ""
    for child in item:
        yield from _unanswered(child)
        yield child.tail or ""


def _leaves(block: Element) -> Iterator[Element]:
    """The paragraphs and items of a text."""
    inner = [each for each in block if each.tag in ("p", "ul", "ol", "li", "blockquote")]
    if not inner:
        yield block
    for each in inner:
        yield from _leaves(each)


def _count_others(folder: Path, ledger: Ledger) -> dict[str, str]:
    """The numbers of the page that are no figure's, by their place in the audit."""
    counts = {point.id: str(point.value) for point in (ledger.trend.points if ledger.trend else ())}
    verdicts = Counter(line["verdict"] for line in read_lines(folder / "audit/reconciliation.csv"))
    counts |= {f"verdict-{name}": str(number) for name, number in verdicts.items()}
    counts["verdict-total"] = str(verdicts.total())
    rows: Counter[str] = Counter()
    for quality in ledger.quality.values():
        for file in quality.files:
            for fate in file.fates:
                rows[f"fate-{fate.fate}-{fate.code}-{file.edition}"] += fate.rows or 0
    hidden = any(f.rows is None for q in ledger.quality.values() for x in q.files for f in x.fates)
    return counts | ({} if hidden else {name: str(number) for name, number in rows.items()})


# The PDF


def _squeeze(text: str) -> str:
    """A text without what setting it may change: spaces, hyphens and letters with marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in text if (c.isascii() and (c.isalnum() or c in ".,%+")) or c == "−")


def _read_pdf(path: Path, page: _Page) -> Iterator[Misreading]:
    """Every text, row and chart with numbers of the page stands in the book too."""
    with pypdfium2.PdfDocument(path) as book:
        sheets = [sheet.get_textpage().get_text_range() for sheet in book]
    whole = "".join(_body(sheet) for sheet in sheets)
    place = 0
    for kind, texts in page.paper():
        for at, text in enumerate(texts):
            wanted = _squeeze(text)
            if not DIGIT.search(text) or not wanted:
                continue
            start = whole.find(wanted, place if at else 0)
            if start < 0 and kind == "heatmap" and at:
                # The squares of a cross-table come in the order of their places.
                there = whole[place : place + len(wanted)]
                start = place if sorted(there) == sorted(wanted) else -1
            if start < 0 or (at and kind == "table" and start - place > BETWEEN):
                yield Misreading(PDF, f"a {kind}", texts[0][:60], text, "the same text as the page")
            else:
                place = start + len(wanted)


def _body(sheet: str) -> str:
    """The text of a page of the book without its head and its foot."""
    lines = sheet.splitlines()
    return _squeeze("".join(lines[1:-1])) if len(lines) > 2 else _squeeze(sheet)  # noqa: PLR2004
