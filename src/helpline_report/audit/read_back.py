"""Read the files of an edition back, and hold them to their description and the released ledger.

What page and PDF say is compared with the description that they were written from. Page, drawings
in the page, pages of the audit, workbook and CSV files are taken apart as any reader finds them. A
number says by `data-figure` which figure it shows, or by `data-place` where the audit tells of it.
Nothing of what writes the files is used.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product, starmap
from pathlib import Path

from helpline_report.audit import meaning_differences
from helpline_report.audit.book_comparison import compare_book, find_foreign_numbers
from helpline_report.audit.chart_marks import DrawnCharts, list_drawings
from helpline_report.audit.colour_schemes import ContrastReader, compare_schemes, read_schemes
from helpline_report.audit.data_files import (
    CLAIMS,
    FIGURES,
    OVERVIEW,
    RECONCILIATION,
    WORKBOOK,
    Records,
    learn_names,
    read_figures,
    read_last_sheet,
    read_overview,
    read_pictures,
    read_reconciliation,
    read_records,
)
from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.expectations import (
    NUMBERS_OF_FORMS,
    PAGE,
    Element,
    Expectations,
    Misreading,
    Row,
    blame_file,
    get_text,
    parse_page,
    plain,
)
from helpline_report.audit.file_comparison import compare_files
from helpline_report.audit.numerals import DIGIT, NUMERAL, list_numerals
from helpline_report.audit.page_comparison import compare_page
from helpline_report.audit.pdf_blocks import read_book
from helpline_report.audit.picture_pixels import compare_pictures
from helpline_report.description import Description, Node
from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.parameters.house_files import House

PDF = "report.pdf"
# What a ledger records beside its figures, and a page may write.
RECORDED = {"edition", "quality", "trend", "overrides", "protected", "left_out"}
# At most this many differences are named.
MOST_LISTED = 10
FAULT = "this is a fault of the program: it isn't published; please report these lines"
OF_PROJECT = (
    "write what stands at these places in a simpler way, and publish again; if it is what should "
    "be read there, report these lines: the program misreads it"
)
# The most decimals that a number beside the figures is written with.
DECIMALS = 2
# What says whose a number is, or where it comes from.
ANCHORS = ("data-figure", "data-about", "data-place", "data-missing")
NUMBERS = (
    "//*[(@data-about or @data-figure or @data-place or @data-missing) and not(ancestor::svg)]"
)
# What stands beside a figure as its name: where, the figure, and the name.
CALLED = (
    ("//ul[@class='highlights']/li", "strong/*/@data-figure", "span"),
    ("//aside[@class='card']", "@id", "p/strong"),
    ("//div[@class='trace']", "@id", "h3"),
    ("//div[@class='trace']//tr", "@id", "th"),
)


def read_back(
    folder: Path,
    ledger: Ledger,
    label: str,
    description: Description | None = None,
    *,
    data: EditionData | None = None,
    prints: Sequence[Path] = (),
    next_step: str = FAULT,
) -> None:
    """Hold the finished files of an edition in a folder to its ledger; `label` names the folder.

    `description` says what they were meant to say, and is itself held to `data`, what the edition
    was made of; a published edition is read back without these.
    `prints` are the files of printed figures, where they are at hand. `next_step` is what to do
    where a file can't be read, or differs; where it was just written, the program is at fault.

    Raises:
        RefusedError: a file is damaged, or says something else; each place with what stands there.
    """
    try:
        differences = list(find_differences(folder, ledger, description, prints, data))
    except RefusedError as error:
        next_step = error.next_step or next_step
        raise RefusedError(error.what, where=error.where, next_step=next_step) from None
    if differences:
        # What nobody but the program wrote is told first, and is its fault.
        differences.sort(key=lambda each: bool(each.written))
        is_of_project = bool(differences[0].written)
        whose = "what the project wrote" if is_of_project else "what its ledger says"
        lines = [f"{label} doesn't say {whose}: {len(differences)} place(s) differ"]
        lines += list_first([*map(str, differences)], MOST_LISTED)
        next_step = OF_PROJECT if is_of_project else next_step
        raise RefusedError("\n".join(lines), next_step=next_step)


def _list_labels(data: EditionData) -> Iterator[tuple[tuple[str, str], str]]:
    """The label of each code, by field and code, as the code lists have them."""
    for field, codelist in data.codelists.items():
        for entry in codelist.codes:
            yield (field, entry.code), entry.label(data.language)


def find_differences(
    folder: Path,
    ledger: Ledger,
    description: Description | None = None,
    prints: Sequence[Path] = (),
    data: EditionData | None = None,
) -> Iterator[Misreading]:
    """Every place of the files where something else stands than was meant, or the ledger says.

    Where somebody has the `data` of the edition, what was meant is held to it.

    Raises:
        RefusedError: a file is damaged.
    """
    if description is not None and data is not None:
        yield from meaning_differences.find_differences(description, data)
    page = _read_page(folder, PAGE)
    names = sorted(f"audit/{path.name}" for path in folder.glob("audit/*.html"))
    audits = {name: _read_page(folder, name) for name in names}
    printed = {file: read_records(folder / file) for file in (RECONCILIATION, CLAIMS)}
    with blame_file(PAGE):
        expected = Expectations(ledger, page.get("lang", "nl"))
    with blame_file(OVERVIEW):
        overview = audits[OVERVIEW]
        parameters = overview.xpath("//tr[th/code]")
        expected.parameters = {get_text(row[0]): get_text(row[1]) for row in parameters}
        expected.audit_rows = {
            item.get("id"): " ".join(item.itertext()) for item in overview.xpath("//*[@id]")
        }
    expected.explained_numerals = list_numerals(*map(get_text, parameters))
    expected.explained_numerals |= _list_recorded(expected, printed[RECONCILIATION])
    described = description.files if description else {}
    nodes, schemes = described.get(PAGE), read_schemes(page)
    drawings = list_drawings(description) if description else None
    drawn = DrawnCharts(drawings, ContrastReader(schemes))
    if data is not None:
        expected.labels = dict(_list_labels(data))
    with blame_file("data"):
        learn_names(folder, expected)
    readings: list[tuple[str, Iterable[Misreading]]] = [
        (PAGE, compare_page(PAGE, page, nodes) if nodes else ()),
        ("data", compare_files(folder, audits, description) if description else ()),
        (FIGURES, read_figures(folder, expected) if description is None else ()),
        (WORKBOOK, read_last_sheet(folder, expected) if description is None else ()),
        (RECONCILIATION, read_reconciliation(printed, prints, expected)),
        (OVERVIEW, () if description else read_overview(overview, printed, expected)),
        (PAGE, PageReader(PAGE, page, expected).read_report()),
        ("audit", read_pictures(folder, page, audits, expected)),
        (PDF, _read_pdf(folder / PDF, page, described.get(PDF), data.house if data else House())),
    ]
    for name, read in {PAGE: page, **audits}.items():
        readings.append((name, drawn.compare(name, read)))
        if data is not None:
            palettes = data.edition.house_style.palettes
            readings.append((name, compare_schemes(name, read_schemes(read), palettes)))
        if description is None and name != PAGE:
            # What a description says of the audit is held to the ledger itself.
            readings.append((name, PageReader(name, read, expected).read_audit()))
    readings.append(("data/charts", compare_pictures(folder, drawn.widest, schemes.light)))
    for file, reading in readings:
        with blame_file(file):
            yield from reading


def _list_recorded(expected: Expectations, lines: Records) -> set[str]:
    """The numbers that a page may write beside those of figures.

    The ledger records them, or they were released of a figure that was revised.
    """
    recorded = expected.ledger.model_dump_json(include=RECORDED)
    texts = re.findall(r"(?<=[:\[,])\d+(?=[,\]}])", recorded)
    texts.append(str(expected.ledger.rows_left_out))
    for line in lines:
        texts += [line["value"], line["computed"]] if line["verdict"] == "revised" else []
    # A month or another label is no number.
    numbers = map(float, filter(NUMERAL.fullmatch, texts))
    written = product(numbers, range(DECIMALS + 1))
    return list_numerals(recorded, *starmap(expected.style.write, written))


def _read_whole(path: Path, end: bytes) -> bytes:
    """A file that ends as it should: a page or a PDF that is cut off could be read all the same."""
    content = path.read_bytes()
    if not content.rstrip().endswith(end):
        raise ValueError(path.name)
    return content


def _read_page(folder: Path, file: str) -> Element:
    with blame_file(file):
        return parse_page(_read_whole(folder / file, b"</html>").decode())


class PageReader:
    """Reads the page of the report, or one of the audit."""

    def __init__(self, file: str, page: Element, expected: Expectations) -> None:
        self.file, self.page, self.expected = file, page, expected

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(self.file, place, figure, text, expected)

    def read_report(self) -> Iterator[Misreading]:
        """The page of the report."""
        yield from self.check_numbers()
        yield from self._check_names()
        yield from self._check_headlines()
        yield from self._check_tables()

    def read_audit(self) -> Iterator[Misreading]:
        """A page of the audit; each figure of its chapter has a trace, unless it was merged."""
        yield from self.check_numbers()
        yield from self._check_names()
        ledger, traces = self.expected.ledger, {*self.page.xpath("//@id")}
        for name, (chapter, _) in ledger.origins().items():
            is_here = self.file == f"audit/{chapter}.html" and name not in ledger.merged
            if is_here and name in ledger.figures and name not in traces:
                yield self._differs(f"trace '{name}'", name, "no trace", "one")

    # Numbers and words

    def check_numbers(self) -> Iterator[Misreading]:
        """Every number that says which figure it is of, and the card that it opens."""
        for item in self.page.xpath(NUMBERS):
            text, name = get_text(item), next(filter(None, map(item.get, ANCHORS)), "")
            if text and (wanted := self._check_number(item, name, text)):
                owner = item.xpath("string(ancestor::*[@id][1]/@id)")
                yield self._differs(f"'{owner}'" if owner else "a text", name, text, wanted)
        cards = {card.get("id") for card in self.page.iterfind(".//aside")}
        for button in self.page.xpath("//button[@popovertarget][contains(@class, 'number')]"):
            card = button.get("popovertarget")
            for name in button.xpath("(descendant-or-self::*|ancestor::data)/@data-figure"):
                if card != f"figure-{name}" or card not in cards:
                    yield self._differs("a card", name, card, f"figure-{name}")

    def _check_number(self, item: Element, name: str, text: str) -> str:
        """What a number should say, by what of its figure the element says to show; '' if right."""
        expected, parts = self.expected, tuple(item.get("data-parts", "").split())
        figure, form = expected.figures.get(name), item.get("data-form", "")
        # A capital may begin the name of a form.
        form = form[:1].lower() + form[1:]
        if figure is None:
            if "data-place" in item.attrib:
                row = expected.audit_rows.get(name, text)
                is_same = text in row and list_numerals(text) <= list_numerals(row)
                return "" if is_same else f"'{row}'"
            return "no number" if self.file == PAGE and DIGIT.search(text) else ""
        if item.tag == "data":
            value = "" if figure.value is None else str(figure.value)
            if item.get("value") != value:
                return f"'{value}' inside"
            return expected.check_prose(text, name, form)
        if "data-missing" in item.attrib:
            # A reason stands there; the form may need an interval that nobody released.
            needed = {"value", *NUMBERS_OF_FORMS.get(form, ())}
            is_known = needed <= expected.get_numbers(figure).keys()
            return "its value" if is_known or DIGIT.search(text) else ""
        is_about = "data-about" in item.attrib
        if parts or not is_about:
            with_interval = "(" in text and figure.interval is not None
            usual = ("value", "low", "high") if with_interval else ("value",)
            return expected.check_text(text, name, parts or usual, in_prose=is_about)
        # What follows from a figure: its interval, and breaks with their days.
        ends = ("level", "low", "high") if figure.interval else ()
        wanted = expected.check_text(text, name, ends, in_prose=True, among_others=True)
        return wanted or ", ".join(expected.list_unexplained(text, [name]))

    def _check_names(self) -> Iterator[Misreading]:
        """What stands as a name beside a number, on a card and over a trace is that figure's."""
        expected = self.expected
        for path, named, called in CALLED:
            for item in self.page.xpath(path):
                name = item.xpath(f"string({named})").removeprefix("figure-")
                text = get_text(item.find(called)).rstrip(".")
                # A series without a file has names in its rows alone.
                is_named = item.tag != "tr" or expected.has_label(name)
                if is_named and name in expected.figures and not expected.is_called(text, name):
                    yield self._differs("a name", name, text, "the figure's own name")

    # Charts

    def _check_headlines(self) -> Iterator[Misreading]:
        """The headline of each chart: it has the name of its figure, which is the highest drawn."""
        for item in self.page.xpath("//figure[@class='chart']"):
            place, chart = f"chart '{item.get('id')}'", self.expected.find_chart(item.get("id"))
            headline = item.find("figcaption/strong")
            name = headline.xpath("string(*/@data-figure)")
            if name in self.expected.ledger.figures:
                marks = item.xpath(".//svg//@data-figure")
                caption = plain(get_text(headline))
                if wanted := self._check_headline(caption, name, chart, marks):
                    yield self._differs(f"headline of {place}", name, caption, wanted)

    def _check_headline(
        self, caption: str, name: str, chart: Chart | None, marks: Sequence[str]
    ) -> str:
        """What a headline should have had; '' if it is right."""
        definition = plain(self.expected.definitions.get(name, name))
        labels = self.expected.names(name) - {definition}
        words = caption.rpartition(": ")[2].partition(", ")[0]
        if words not in definition and not any(label in caption for label in labels):
            return "its own name"
        # A part of a flow stands beside its whole; of changes that counts which differs most.
        if chart is not None and chart.kind != "flow":
            part = "difference" if chart.kind == "changes" else "value"
            numbers = {}
            for figure in self.expected.list_main_figures(chart):
                of_figure = self.expected.get_numbers(self.expected.figures[figure])
                numbers[figure] = of_figure.get(part, 0)
            if numbers.get(name, 0) < max(numbers.values(), default=0):
                return "the highest"
        # A function of the project's own marks no figure. The first of a ranking may be lost.
        is_own = chart is not None and chart.kind == "own"
        return "" if is_own or name in marks else "a figure that the chart shows"

    # Tables

    def _check_tables(self) -> Iterator[Misreading]:
        """Each row of a table has its own figures, a column each, and stands at its own place."""
        for table in self.page.xpath("//table[@id]"):
            name, place = table.get("id"), f"table '{table.get('id')}'"
            exhibit = self.expected.find_exhibit(name)
            expected_rows = self.expected.list_rows_of_page(name)
            for field in self.expected.fields_of(exhibit)[:1]:
                # All tables of a field have its name at their heads.
                head = get_text(table.find("thead//th"))
                if self.expected.fields.setdefault(field, head) != head:
                    yield self._differs(place, "", head, self.expected.fields[field])
            rows = table.xpath(".//tr[td][not(@class='total')]")
            # A table that shows the first of its rows alone ranks them.
            is_cut = len(rows) == exhibit.most
            if expected_rows and len(rows) != len(expected_rows) and not is_cut:
                yield self._differs(place, "", f"{len(rows)} rows", str(len(expected_rows)))
            heads = [get_text(head) for head in table.xpath("thead//th")[1:]]
            for number, row in enumerate(rows):
                head = get_text(row.find("th"))
                figures = [cell.xpath("string(*/@data-figure)") for cell in row.xpath("td")]
                columns = list(zip(heads, figures, strict=False))
                yield from self.expected.check_heads(self.file, place, exhibit, columns)
                candidates = expected_rows if is_cut else expected_rows[number : number + 1]
                is_row = [self._is_row(head, figures, each) for each in candidates]
                if expected_rows and not any(is_row):
                    figure = next(filter(None, figures), "")
                    yield self._differs(place, figure, head, "the row of this place")

    def _is_row(self, head: str, figures: Sequence[str], row: Row) -> bool:
        """Whether a row of a table has the head and the figures of a row of the ledger."""
        known, title = self.expected.ledger.figures, plain(row.head)
        cells = [name if name in known else "" for name in figures]
        expected_cells = [name if name in known else "" for name in row.figures]
        if len(cells) != len(expected_cells):
            # A figure by itself may have its counts or its interval in further cells.
            cells = list(dict.fromkeys(filter(None, cells)))
        # The name of a file may be followed by its table.
        is_head = title in ("", plain(head)) or plain(head).startswith(f"{title} (")
        return is_head and cells == expected_cells


# The PDF


def _read_pdf(
    path: Path, page: Element, nodes: Sequence[Node] | None, house: House
) -> Iterator[Misreading]:
    """What the PDF says is what its nodes say; without them its numbers are those of the page."""
    _read_whole(path, b"%%EOF")
    book = read_book(path)
    if nodes is None:
        texts = [get_text(page), *page.xpath("//@aria-label|//@alt")]
        yield from find_foreign_numbers(PDF, book, "\n".join(texts))
    else:
        yield from compare_book(PDF, book, nodes, house)
