"""Hold the files of a published edition to its ledger, by the numbers, names and rows in them.

This is for an edition whose description isn't at hand: one that was published. A number says by
`data-figure` which figure it shows, or by `data-place` where the audit tells of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product, starmap
from pathlib import Path

from helpline_report.audit.data_files import (
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
    read_prints,
    read_reconciliation,
)
from helpline_report.audit.expectations import (
    NUMBERS_OF_FORMS,
    PAGE,
    Element,
    Expectations,
    Misreading,
    Row,
    blame_file,
    get_text,
    plain,
)
from helpline_report.audit.numerals import DIGIT, NUMERAL, list_numerals
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart

# What a ledger records beside its figures, and a page may write.
RECORDED = {"edition", "quality", "trend", "overrides", "protected", "left_out"}
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


def list_ledger_readings(
    folder: Path,
    page: Element,
    audits: Mapping[str, Element],
    ledger: Ledger,
    prints: Sequence[Path],
) -> Iterator[tuple[str, Iterable[Misreading]]]:
    """What is read of each file of an edition, as far as its ledger says what stands there.

    `page` is that of the report, `audits` are those of the audit by their files, and `prints` the
    files of printed figures.

    Raises:
        RefusedError: a file is damaged.
    """
    printed = read_prints(folder)
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
    with blame_file("data"):
        learn_names(folder, expected)
    yield FIGURES, read_figures(folder, expected)
    yield WORKBOOK, read_last_sheet(folder, expected)
    yield RECONCILIATION, read_reconciliation(printed, prints, expected)
    yield OVERVIEW, read_overview(overview, printed, expected)
    yield PAGE, PageReader(PAGE, page, expected).read_report()
    yield "audit", read_pictures(folder, page, audits, expected)
    for name, audit in audits.items():
        yield name, PageReader(name, audit, expected).read_audit()


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


class PageReader:
    """Reads the page of the report, or one of the audit, by the numbers and names in it."""

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
