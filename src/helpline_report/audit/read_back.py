"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
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
    has_number,
    plain,
)
from helpline_report.errors import RefusedError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, ReportTable

PAGE, PDF, AUDIT = "index.html", "report.pdf", "audit/index.html"
VOID = frozenset({"meta", "img", "br", "hr", "link", "input", "wbr"})
# What a text has beside paragraphs, by its class.
OF_TEXTS = ("text-table", "finding")
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# So many differences are named.
SHOWN = 10
# How much may stand in the PDF between two rows of a table: the head and foot of a page.
BETWEEN = 1500
# What says whose a number is, or where it comes from.
ANSWERED = {"data-source", "data-about", "data-parts", "data-figure", "data-place"}

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
    page = _parse((folder / PAGE).read_text("utf-8"))
    expected = Expectations(ledger, page.root.get("lang", "nl"))
    audit = {path.name: _parse(path.read_text("utf-8")) for path in folder.glob("audit/*.html")}
    expected.words = _known_numbers(audit[Path(AUDIT).name].root, expected)
    # First: the other files are read with the names that these give.
    yield from read_figures(folder, expected)
    yield from read_data_files(folder, expected)
    yield from read_reconciliation(folder, expected)
    yield from _PageReader(page, expected, _list_others(folder, expected)).read()
    yield from read_workbook(folder / WORKBOOK, expected)
    yield from _read_pdf(folder / PDF, page)
    for name, each in sorted(audit.items()):
        yield from _read_traces(f"audit/{name}", each.root, expected)


# Pages as trees


class _Parsed(NamedTuple):
    """A page as a tree, and its drawings as texts, in whose place the tree has their number."""

    root: Element
    drawings: Sequence[str]


class _Parser(HTMLParser):
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


def _parse(text: str) -> _Parsed:
    drawings = DRAWING.findall(text)
    numbers = iter(range(len(drawings)))
    parser = _Parser()
    bare = DRAWING.sub(lambda _: f'<svg n="{next(numbers)}"></svg>', STYLE.sub("", text))
    parser.feed(bare.removeprefix("<!doctype html>").strip())
    return _Parsed(parser.builder.close(), drawings)


def _text(item: Element | None) -> str:
    return "" if item is None else "".join(item.itertext())


def _unanswered(item: Element) -> Iterator[str]:
    """The texts of an element that are no figure's, and have no source."""
    if ANSWERED & set(item.attrib):
        return
    yield item.text or ""
    for child in item:
        yield from _unanswered(child)
        yield child.tail or ""


def _known_numbers(audit: Element, expected: Expectations) -> set[str]:
    """The numbers that no figure has: of parameters, of files, and of what others printed."""
    parameters = [_text(row) for row in audit.iter("tr") if row.find("th/code") is not None]
    ledger = expected.ledger
    parts = ledger.model_dump_json(include={"edition", "quality", "sources", "trend", "overrides"})
    printed = [expected.number(p.value, 0) for p in (ledger.trend.points if ledger.trend else ())]
    return bare_numerals(parts, *printed, *parameters)


def _list_others(folder: Path, expected: Expectations) -> dict[str, tuple[str, ...]]:
    """What may stand where no figure does: at each place of the audit; and texts by themselves."""
    ledger, counts = expected.ledger, Counter[str]()
    points = ledger.trend.points if ledger.trend else ()
    prints, claims = (read_lines(folder / name) for name in (RECONCILIATION, CLAIMS))
    counts.update({point.id: int(point.value) for point in points})
    for line in prints:
        counts.update([f"verdict-{line['verdict']}", "verdict-total"])
    fates = [(f, q) for each in ledger.quality.values() for q in each.files for f in q.fates]
    if all(fate.rows is not None for fate, _ in fates):
        for fate, file in fates:
            counts[f"fate-{fate.fate}-{fate.code}-{file.edition}"] += fate.rows or 0
    others = {name: (str(n), expected.number(n, 0)) for name, n in counts.items()}
    for at, line in enumerate(prints, start=1):
        others[f"printed-{at}"] = (line["printed"], line["computed"])
    return others | {line["reason"]: () for line in [*prints, *claims]}


class _PageReader:
    """Reads the page; `others` are the numbers in it that are no figure's."""

    def __init__(
        self, page: _Parsed, expected: Expectations, others: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.page, self.expected, self.others = page, expected, others
        self.ledger = expected.ledger

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(PAGE, place, figure, text, expected)

    def read(self) -> Iterator[Misreading]:
        """Every difference of the page."""
        for item in self.page.root.iter():
            match item.tag, item.get("class", ""):
                case "figure", "chart":
                    yield from self._chart(item)
                    yield from self._words(item)
                case ("details", "table") | ("section", "campaign"):
                    yield from self._words(item)
                case "table", name if name != "text":  # whose numbers are those of a text
                    yield from self._table(item)
                case "ul", "highlights":
                    yield from self._highlights(item)
                case "aside", "card":
                    yield from self._card(item)
                case "data", _:
                    yield from self._number(item)
                case "span", _ if name := item.get("data-about", ""):
                    yield from self._margin(item, name)
                case "section", "chapter":
                    yield from self._typed(item)

    def _typed(self, section: Element) -> Iterator[Misreading]:
        """A number of a chapter's text that no figure and no source answers for."""
        place = f"chapter '{section.get('id', '')}'"
        for block in section:
            prose = block.tag in ("p", "ul", "ol", "blockquote") and not block.get("class")
            if prose or block.get("class") in OF_TEXTS:
                for text in _unanswered(block):
                    if DIGIT.search(text):
                        yield self._differs(place, "a number of no figure", text, "no typed number")

    def _words(self, item: Element) -> Iterator[Misreading]:
        """Captions, heads and notes of a chart or table: numbers of its figures, names or words."""
        part = self._part(item.get("id", ""))
        linked = {self._figure_of(number) for number in item.iter("button")}
        figures = {*self.expected.figures_of(part), *linked}
        rows = len(self.expected.rows(part)) if part is not None else 0
        left_out = str(rows - (part.most or rows)) if part is not None else ""
        place = f"the words of '{item.get('id', '')}'"
        for text in _unanswered(item):
            if not DIGIT.search(text) or text in self.others:
                continue
            for token in self.expected.unexplained(text, figures):
                if token != left_out:
                    yield self._differs(place, "a number of no figure", text, f"not {token}")

    def _part(self, name: str) -> Chart | ReportTable | None:
        name = name.removesuffix(".rows").removesuffix(".table-of-chart")
        return self.ledger.tables.get(name) or self.ledger.charts.get(name)

    def _margin(self, item: Element, name: str) -> Iterator[Misreading]:
        """What follows from a figure: the ends of its interval stand there, in their order."""
        figure = self.ledger.figures[name]
        if figure.interval is not None:
            ends = ("low", "high")
            if wanted := self.expected.misread(_text(item), name, ends, "margin", among=True):
                yield self._differs("a text", name, _text(item), wanted)

    def _number(self, item: Element) -> Iterator[Misreading]:
        """A number of a text: it is of the figure that it names, in words and for machines."""
        name, text, form = item.get("data-figure", ""), _text(item), item.get("data-form", "")
        figure = self.ledger.figures.get(name)
        if figure is None:
            yield self._differs("a text", name or "no figure", text, "a figure's number")
            return
        if item.get("value") != ("" if figure.value is None else str(figure.value)):
            yield self._differs("a text", name, item.get("value", ""), str(figure.value))
        if wanted := self.expected.misread_text(text, name, form[:1].lower() + form[1:]):
            yield self._differs("a text", name, text, wanted)

    def _highlights(self, item: Element) -> Iterator[Misreading]:
        for entry in item.iter("li"):
            called = _text(entry.find("span"))
            name, place = self._figure_of(entry.find("strong/*")), f"headline figure '{called}'"
            for link in (entry.find("strong/*"), entry.find("small/*")):
                yield from self._cell(link, place)
            yield from self._called(called, [name], place)

    def _card(self, item: Element) -> Iterator[Misreading]:
        name = item.get("id", "").removeprefix("figure-")
        place, called = f"card of '{name}'", _text(item.find("p/strong"))
        if name not in self.ledger.figures:
            yield self._differs(place, name, "a card", "no such figure")
            return
        for line in item.iter("p"):
            about = line.get("data-about", "")
            parts = ("value",) if about else tuple(line.get("data-parts", "").split())
            wanted = (
                self.expected.misread(_text(line), about or name, parts, "card") if parts else ""
            )
            if wanted:
                yield self._differs(place, about or name, _text(line), wanted)
        yield from self._called(called.rstrip("."), [name], place)

    def _figure_of(self, number: Element | None) -> str:
        """The figure that a number opens the card of; nothing where it is none."""
        name = number.get("data-figure", "") if number is not None else ""
        return name if name in self.ledger.figures else ""

    def _cell(self, link: Element | None, place: str) -> Iterator[Misreading]:
        """A number in a cell, with its interval where that stands behind it."""
        if link is None:
            return
        name, text = self._figure_of(link), _text(link)
        if not name:
            named = link.get("data-place", "")
            known = self.others.get(named, (text,))
            if text not in known:
                yield self._differs(place, named, text, known[0])
            return
        parts = tuple(link.get("data-parts", "value").split())
        if "(" in text and self.ledger.figures[name].interval is not None and parts == ("value",):
            parts = ("value", "low", "high")
        if wanted := self.expected.misread(text, name, parts):
            yield self._differs(place, name, text, wanted)

    def _table(self, table: Element) -> Iterator[Misreading]:
        """A table: every cell, and of a part of the ledger that each row has its own figures."""
        name = table.get("id", "")
        part, missing = self._part(name), self.ledger.missing.get(name.removesuffix(".rows"))
        heads = [_text(head) for head in table.iter("th") if head.get("scope") == "col"]
        rows = [row for row in table.iter("tr") if row.find("td") is not None]
        for at, row in enumerate(rows):
            head, cells = _text(row.find("th")), row.findall("td")
            place, linked = f"table '{name}', row '{head}'", []
            for cell in cells:
                link = cell.find("*")
                linked.append(self._figure_of(link))
                if link is None and cell.get("class") == "n" and DIGIT.search(_text(cell)):
                    yield self._differs(place, "a number of no figure", _text(cell), "no number")
                yield from self._cell(link, place)
            if part is not None:
                yield from self._row(part, row, heads, linked)
            # A row of a file: its counts are those of that file.
            specs = {each: self.ledger.figures[each].population for each in linked if each}
            of_files = [each for each, spec in specs.items() if spec.condition("file")]
            yield from self._called(head, of_files, place)
            if missing is not None and set(linked) - {"", missing.figures[at][1]}:
                own = missing.figures[at][1]
                yield self._differs(place, own, _text(row), f"the row of {own}")

    def _called(self, text: str, names: Sequence[str], place: str) -> Iterator[Misreading]:
        """What stands beside figures is a name of each."""
        for name in filter(None, names):
            if not self.expected.is_called(text, name):
                yield self._differs(place, name, text, "the figure's own name")

    def _row(
        self, part: Chart | ReportTable, row: Element, heads: Sequence[str], linked: Sequence[str]
    ) -> Iterator[Misreading]:
        """A row under its name: the figures of that code, a column each, or the table's total."""
        head, known = _text(row.find("th")), self.expected.rows(part)
        first, place = next(filter(None, linked), ""), f"table '{part.id}', row '{head}'"
        if row.get("class") == "total":
            total = part.total if isinstance(part, ReportTable) else None
            for name in set(linked) - {"", total}:
                yield self._differs(place, name, _text(row), f"the total, {total}")
            return
        if known and not known[0].field:
            yield from self._called(head, linked[:1], place)
            return
        labels = [self.expected.label(each.field, each.code) or each.code for each in known]
        own = [
            each for each, label in zip(known, labels, strict=True) if plain(label) == plain(head)
        ]
        # A figure that isn't there has no address.
        wanted = [
            [name if name in self.ledger.figures else "" for name in each.figures] for each in own
        ]
        if list(linked) not in wanted:
            yield self._differs(place, first, head, f"the row of {wanted or 'a code'}")
        yield from self._heads(part, heads, linked, place)

    def _heads(
        self, part: Chart | ReportTable, heads: Sequence[str], linked: Sequence[str], place: str
    ) -> Iterator[Misreading]:
        """The heads of the columns: of a cross-table its codes, else a year where one is told."""
        for title, name in zip(heads[1:], linked, strict=False):
            figure, years = self.ledger.figures.get(name), YEAR.findall(title)
            if figure is None:
                continue
            if part.crosstab is not None:
                if plain(title) not in self.expected.names(name):
                    yield self._differs(place, name, title, "the column's own name")
            elif years and str(figure.population.period.start.year) not in years:
                yield self._differs(place, name, title, "a column of its year")

    def _chart(self, item: Element) -> Iterator[Misreading]:
        name = item.get("id", "")
        place, link = f"chart '{name}'", item.find("figcaption/strong/*")
        if figure := self._figure_of(link):
            yield from self._cell(link, f"headline of {place}")
            caption = plain(_text(item.find("figcaption/strong")))
            definition = plain(self.expected.definitions[figure])
            labels = self.expected.names(figure) - {definition}
            words = caption.split(": ")[-1].split(", ")[0]
            if not any(each in caption for each in labels) and words not in definition:
                yield self._differs(f"headline of {place}", figure, caption, "its own name")
        trend = self.ledger.trend
        points = {
            each.id: (each.year, float(each.value)) for each in (trend.points if trend else ())
        }
        for drawing in item.iter("svg"):
            svg = self.page.drawings[int(drawing.get("n", "0"))]
            yield from ChartReader(self.expected, self.ledger.charts.get(name), points, place).read(
                svg
            )


# The audit


def _read_traces(file: str, page: Element, expected: Expectations) -> Iterator[Misreading]:
    """Every number of a trace that says which figure it is about, and what of it."""
    for item in page.iter():
        name, parts = item.get("data-about", ""), tuple(item.get("data-parts", "").split())
        figure, text = expected.ledger.figures.get(name), _text(item)
        if figure is None or not parts or not text:
            continue
        wanted = ""
        if parts == ("exact",):
            exact = str(figure.value)
            wanted = "" if text == exact or not has_number(figure) else exact
        else:
            wanted = expected.misread(text, name, parts, "trace")
        if wanted:
            yield Misreading(file, "a trace", name, text, wanted)


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
                yield tag, _text(item)
        case "svg", _:
            text = drawings[int(item.get("n", "0"))]
            svg = ET.fromstring(text)  # noqa: S314 - our own
            labels = "".join(_text(each) for each in svg.iter() if each.tag.endswith("}text"))
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


def _read_pdf(path: Path, page: _Parsed) -> Iterator[Misreading]:
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
