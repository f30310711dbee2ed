"""Read the files of an edition back, and hold every number in them to the released ledger.

The page, the text of the PDF, the drawings in the page, the pages of the audit, the workbook and
the CSV files are taken apart as any reader finds them. A number says by `data-figure` which figure
it shows, or by `data-place` where the audit tells of it. Nothing of what writes the files is used.
"""

from __future__ import annotations

import json
import re
import unicodedata
from base64 import b64decode
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import pypdfium2

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.data_files import (
    CLAIMS,
    RECONCILIATION,
    WORKBOOK,
    Records,
    compare,
    read_data_files,
    read_pictures,
    read_reconciliation,
    read_records,
    read_workbook,
)
from helpline_report.audit.expectations import (
    DIGIT,
    NUMERAL,
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
PROSE = """//section[@class='chapter']//*[self::p or self::li or self::td or self::th
    or self::h2 or self::h3 or self::blockquote]"""
PROSE += "[not(ancestor::figure or ancestor::details[@class='table' or @class='behind'])]"
PROSE += "[not(ancestor::section[@class='campaign'] or ancestor::ul[@class='highlights'])]"
PROSE += "[not(@class='subtitle' or @class='left' or @class='note')]|//div[@class='lead']/p"
WIDE = "(.//svg)[1]/@aria-label"
# The table of a campaign stands in it.
SHOWN_PARTS = "//figure[@class='chart']|//section[@class='campaign']"
SHOWN_PARTS += "|//details[@class='table'][not(ancestor::section[@class='campaign'])]"
TITLES = "//h1//text()|//title/text()|//meta[@name or @property]/@content"
# What stands beside a figure as its name: where, the figure, and the name.
HIGHLIGHTS = "//ul[@class='highlights']/li"
CALLED = (
    (HIGHLIGHTS, "strong/*/@data-figure", "span"),
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
    rows_of_places = dict(places)
    yield from _read_overview(audits[AUDIT], records[RECONCILIATION])
    for at, line in enumerate(records[RECONCILIATION], start=1):
        places[f"printed-{at}"] = f"{line['printed']} {line['computed']}"
        row = rows_of_places.get(f"printed-{at}", "")
        rows_of_places[f"printed-{at}"] = row + expected.definitions.get(line["id"], "")
    reasons = {line["reason"] for each in records.values() for line in each}
    reader = PageReader(PAGE, page, expected, places)
    yield from reader.read_numbers()
    yield from reader.read_titles()
    yield from reader.read_words(reasons)
    yield from reader.read_charts()
    charts = {
        item.get("id"): [*map(text_of, item.xpath("figcaption/*")), *item.xpath(WIDE)]
        for item in page.xpath("//figure[@class='chart']")
    }
    yield from read_pictures(folder, charts)
    yield from reader.read_tables()
    yield from reader.read_places(rows_of_places)
    captions = {
        re.sub(r"\.(rows|table-of-chart)$", "", table.get("id")): text_of(title)
        for table in page.xpath("//table[@id]")
        for title in table.xpath("caption/strong")
    }
    yield from read_workbook(folder / WORKBOOK, expected, captions)
    yield from _read_pdf(folder / PDF, page, expected)
    for name, each in audits.items():
        reader = PageReader(f"audit/{name}", each, expected, places)
        yield from reader.read_numbers()
        yield from reader.read_traces()
    drawings = {_list_marks(svg) for each in (page, *audits.values()) for svg in each.iter("svg")}
    highlights = (f"{text_of(each[1])}{text_of(each[0])}" for each in page.xpath(HIGHLIGHTS))
    texts = "\n".join(map(_squeeze, (text_of(page), *highlights)))
    for path in sorted(folder.glob("audit/notebooks/*.ipynb")):
        yield from _read_notebook(path, expected, drawings, texts)


def _read_overview(audit: Element, lines: Records) -> Iterator[Misreading]:
    """The overview has each printed figure and its verdict as the open data have them."""
    file, words = f"audit/{AUDIT}", dict[str, str]()
    verdicts = Counter(line["verdict"] for line in lines)
    for row in audit.xpath("//tr[starts-with(@id, 'verdict-')]"):
        word, number = (text_of(cell) for cell in row)
        words[verdict := row.get("id").removeprefix("verdict-")] = word
        wanted = len(lines) if verdict == "total" else verdicts[verdict]
        if number != str(wanted):
            yield Misreading(file, "verdicts", verdict, number, str(wanted))
    rows = audit.xpath("//tr[starts-with(@id, 'printed-')]")
    cells = [[text_of(row[at]) for at in (0, 1, 3, 4)] for row in rows]
    texts = [
        (each["id"], [each["id"], each["printed"], words.get(each["verdict"]), each["reason"]])
        for each in lines
    ]
    yield from compare(file, cells, texts)


def _list_marks(svg: Element) -> tuple[tuple[str, ...], ...]:
    """All that a drawing says, whatever its colours: places of marks, and texts."""
    keys = ("data-figure", "d", "cx", "cy", "x", "y")
    return tuple(
        (*(item.get(key, "") for key in keys), text_of(item))
        for item in svg.iter("path", "circle", "text")
    )


def _read_notebook(
    path: Path, expected: Expectations, drawings: Container[object], texts: str
) -> Iterator[Misreading]:
    """What the cells of a notebook gave: figures, and rows and drawings that the page has too."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    outputs = [each["data"] for cell in cells for each in cell.get("outputs", ())]
    for data in (each for each in outputs if "".join(each.get("text/html", ())).strip()):
        tree = parse_page("".join(data["text/html"]))
        plainly = _squeeze("".join(data.get("text/plain", ())))
        # What a text of the page leaves out stands here alone.
        hidden = _squeeze(text_of(tree.find(".//caption"))) not in texts
        misread = []
        for row in tree.xpath("//tr[th]"):
            name, (cell, *_), text = text_of(row[0]), map(text_of, row[1:]), text_of(row)
            figure = expected.figures.get(name)
            if figure is not None:
                both = "(" in cell and figure.interval is not None
                parts = ("value", "low", "high") if both else ("value",)
                misread.append((name, cell, expected.misread(cell, name, parts)))
            elif _squeeze(text) not in texts and not hidden:
                misread.append(("", text, "a row of the page"))
            if _squeeze(text) not in plainly:
                misread.append((name, text, "the same text without its table"))
        for source in tree.xpath("//img/@src[starts-with(., 'data:image/svg+xml;base64,')]"):
            svg = parse_page(b64decode(source.partition(",")[2]).decode("utf-8")).find(".//svg")
            if _list_marks(svg) not in drawings:
                misread.append(("", svg.get("aria-label", ""), "a drawing of the page"))
        for name, text, wanted in misread:
            if wanted:
                yield Misreading(f"audit/notebooks/{path.name}", "a result", name, text, wanted)


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
        for button in self.page.xpath("//button[@popovertarget][contains(@class, 'number')]"):
            card = button.get("popovertarget")
            for name in button.xpath("descendant-or-self::*/@data-figure"):
                if card != f"figure-{name}" or self.page.find(f".//aside[@id='{card}']") is None:
                    yield self._differs("a card", name, card, f"figure-{name}")

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

    def read_titles(self) -> Iterator[Misreading]:
        """Titles have no number of their own; a telephone number is dialled as it is written."""
        for text in self.page.xpath(TITLES):
            for token in self.expected.list_unexplained(text, ()):
                yield self._differs("a title", NO_FIGURE, text, f"not {token}")
        for link in self.page.xpath("//a[starts-with(@href, 'tel:')]"):
            dialled, text = (re.sub(r"\D", "", each) for each in (link.get("href"), text_of(link)))
            if not dialled.endswith(text[1:]):
                yield self._differs("a help number", "", text_of(link), link.get("href"))

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
                yield from ChartReader(drawing, chart, expected, (self.file, place)).read()

    def read_tables(self) -> Iterator[Misreading]:
        """Each row of a table has its own figures, a column each, and stands at its own place."""
        expected, known = self.expected, self.expected.ledger.figures
        for table in self.page.xpath("//table[@id]"):
            part, wanted = (
                expected.find_part(table.get("id")),
                expected.rows_of_page(table.get("id")),
            )
            total = part.total if isinstance(part, ReportTable) else None
            if part is not None and wanted and (by := wanted[0].field):
                # All tables of a field have its name at their heads.
                field = text_of(table.find("thead//th"))
                if expected.fields.setdefault(by, field) != field:
                    place = f"table '{table.get('id')}'"
                    yield self._differs(place, "", field, expected.fields[by])
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

    def read_places(self, rows: Mapping[str, str]) -> Iterator[Misreading]:
        """Each text of a row without figures stands in the row of the audit that tells of it."""
        for row in self.page.xpath("//tr[td//@data-place]"):
            name, head = row.xpath("string(.//@data-place)"), text_of(row.find("th"))
            if name in self.expected.figures:
                # A printed total stands beside its year.
                texts, wanted = [head], " ".join(self.expected.names(name))
            else:
                cells = [
                    c for c in row.xpath("td") if not c.xpath(".//@data-figure|.//@data-place")
                ]
                texts, wanted = [head, *map(text_of, cells)], rows.get(name, "")
            for text in texts:
                if _squeeze(text) not in _squeeze(wanted):
                    yield self._differs(f"row of '{name}'", name, text, "the row of the audit")

    def read_traces(self) -> Iterator[Misreading]:
        """Each trace and each row of the audit is called after its figure; then the drawings."""
        expected = self.expected
        for item in self.page.xpath("//*[@id][self::div[@class='trace'] or self::tr]"):
            name, title = item.get("id"), item.find("h3" if item.tag == "div" else "th")
            if name in expected.figures and not expected.is_called(text_of(title), name):
                yield self._differs(f"trace '{name}'", name, text_of(title), "its own name")
        chapter = Path(self.file).stem
        cells = [
            each for one in expected.ledger.chapters if one.name == chapter for each in one.cells
        ]
        for cell in cells:
            charts = [expected.ledger.charts[r.id] for r in cell.shows if r.kind == "chart"]
            drawings = self.page.xpath(f"//*[@id='cell-{cell.id}']//svg")
            for drawing in drawings if charts else ():
                # Of what has no values there is no drawing.
                place = (self.file, f"cell '{cell.id}'")
                readings = (ChartReader(drawing, each, expected, place).read() for each in charts)
                yield from min(map(list, readings), key=len)

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
# What setting adds to a line: the number of a table, a note or a page.
OF_SETTING = re.compile(r"^\w+\s\d+: |^\d+\. |(?: \.)+ \d+$|(?<=: )\w+ \d+\.$")


def _squeeze(text: str) -> str:
    """A text without what setting it may change: spaces, hyphens and letters with marks."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in text if (c.isascii() and (c.isalnum() or c in ".,%+")) or c == "−")


def _read_pdf(path: Path, page: Element, expected: Expectations) -> Iterator[Misreading]:
    """Every text, row, note and chart with numbers of the page stands in the book too, in order."""
    with pypdfium2.PdfDocument(path) as book:
        texts = [sheet.get_textpage().get_text_range() for sheet in book]
    # A sheet that ends within a word has its foot in the same line, behind the hyphen.
    sheets = [text.replace(HYPHEN, f"{HYPHEN}\n").splitlines() for text in texts]
    # Without the head and the foot of each sheet; the cover has none.
    inner = [sheets[0], *(lines[1:-1] or lines for lines in sheets[1:])]
    yield from _read_lines(inner, page, expected)
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
            start = whole.find(wanted, place)
            if start < 0 and not inside:
                start = whole.find(wanted, floor)
            if start < 0 and item.xpath(".//*[contains(@style, '--seqink')]"):
                # The squares of a cross-table come in the order of their places.
                there = whole[place : place + len(wanted)]
                start = place if sorted(there) == sorted(wanted) else -1
            if start < 0 or (item.tag == "tr" and start - place > BETWEEN):
                yield Misreading(PDF, f"<{item.tag}>", head[:60], text, "the same text as the page")
            elif item.tag != "p" or whole.count(wanted) == 1:
                # A source that stands below many tables says nothing of the place.
                place = start + len(wanted)


def _read_lines(
    sheets: Sequence[Sequence[str]], page: Element, expected: Expectations
) -> Iterator[Misreading]:
    """Each line of the book with a number, and each of its last sheet, is a part of the page.

    What stands in the book alone, such as a note that is said again, has numbers of words alone.
    """
    texts = page.xpath("//body//text()[not(ancestor::style or ancestor::script)]")
    whole, numerals = _squeeze("".join(texts)), {n for text in texts for n in NUMERAL.findall(text)}
    headings = {_squeeze(text_of(each)) for each in page.xpath("//h1|//h2|//h3")} - {""}
    # At the head of the sheets of a trial stands one line more.
    warnings = len(page.xpath("//p[@class='warning']"))

    def is_head(line: str) -> bool:
        """Whether a line is the rest of a running head: of the title, and then a chapter's."""
        text = _squeeze(line)
        return any(text.removesuffix(each) in whole for each in headings if text.endswith(each))

    def drop_head(lines: Sequence[str]) -> Sequence[str]:
        below = lines[warnings:]
        return below[1:] if below and is_head(below[0]) else below

    below = [sheets[0], *map(drop_head, sheets[1:])]
    for line, last in ((line, sheet is below[-1]) for sheet in below for line in sheet):
        text = OF_SETTING.sub("", line)
        numbered = bool(DIGIT.search(text))
        # Numbers of two rows of a drawing may stand in one line.
        alone = {*text.split()} <= numerals or not expected.list_unexplained(text, ())
        if (numbered or last) and not (numbered and alone) and _squeeze(text) not in whole:
            yield Misreading(PDF, "a line", "", line, "a text of the page")
