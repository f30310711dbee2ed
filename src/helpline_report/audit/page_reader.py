"""Read a page of an edition back: its numbers, its words, its charts and its tables.

A number says by `data-figure` which figure it shows, or by `data-place` where the audit has it.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.expectations import (
    NUMBERS_OF_FORMS,
    PAGE,
    Element,
    Expectations,
    Misreading,
    Row,
    get_text,
    plain,
)
from helpline_report.audit.numerals import DIGIT, list_numerals
from helpline_report.figures.model import Chart

NO_FIGURE = "a number of no figure"
# What says whose a number is, or where it comes from.
ANCHORS = ("data-figure", "data-about", "data-place", "data-missing")
SOURCES = "@data-source or @data-about or @data-figure or @data-place or @data-missing"
NUMBERS = f"//*[({SOURCES}) and not(@data-source) and not(ancestor::svg)]"
# Texts with digits that no figure and no source answers for; cards and help numbers are read by
# themselves.
TYPED = f"""(//body//text()[translate(., '0123456789', '') != .]|//title/text()
    |//meta[@name or @property]/@content)[not(ancestor::*[{SOURCES} or self::svg or self::style
    or self::script or self::code or self::pre or self::aside or self::footer
    or ../@class='legal-part' or starts-with(@href, 'tel:')])]"""
# What a chapter has beside charts and tables.
PROSE = """//section[@class='chapter']//*[self::p or self::li or self::td or self::th
    or self::h2 or self::h3 or self::blockquote]
    [not(ancestor::figure or ancestor::details[@class='table' or @class='behind'])]
    [not(ancestor::section[@class='campaign'] or ancestor::ul[@class='highlights'])]
    [not(@class='subtitle' or @class='left' or @class='note')]|//div[@class='lead']/p"""
# What has figures of its own around a text.
BOXES = ("figure", "details", "campaign", "trace")
NAMES = ".//@data-figure|.//@data-about|.//@data-place"
# What stands beside a figure as its name: where, the figure, and the name.
CALLED = (
    ("//ul[@class='highlights']/li", "strong/*/@data-figure", "span"),
    ("//aside[@class='card']", "@id", "p/strong"),
    ("//div[@class='trace']", "@id", "h3"),
)


class PageReader:
    """Reads a page; `audit_rows` tell of what is no figure, each by its id: they are texts."""

    def __init__(
        self, file: str, page: Element, expected: Expectations, audit_rows: Mapping[str, str]
    ) -> None:
        self.file, self.page, self.expected, self.audit_rows = file, page, expected, audit_rows

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(self.file, place, figure, text, expected)

    def read_report(self, whole_texts: Container[str]) -> Iterator[Misreading]:
        """The page of the report; `whole_texts` are checked elsewhere."""
        yield from self.check_numbers()
        yield from self._check_words(whole_texts)
        yield from self._check_names()
        yield from self._check_telephones()
        yield from self._check_headlines()
        yield from self._check_drawings()
        yield from self._check_tables()

    def read_audit(self) -> Iterator[Misreading]:
        """A page of the audit; each figure of its chapter has a trace, unless it was merged."""
        yield from self.check_numbers()
        yield from self._check_names()
        yield from self._check_drawings()
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
                row = self.audit_rows.get(name, text)
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
            is_known = figure.value is not None and needed <= expected.get_numbers(figure).keys()
            return "its value" if is_known or DIGIT.search(text) else ""
        if "data-about" not in item.attrib:
            with_interval = "(" in text and figure.interval is not None
            usual = ("value", "low", "high") if with_interval else ("value",)
            return expected.check_text(text, name, parts or usual)
        if parts:
            return expected.check_text(text, name, parts, in_prose=True)
        # What follows from a figure: its interval, and breaks with their days.
        ends = ("level", "low", "high") if figure.interval else ()
        wanted = expected.check_text(text, name, ends, in_prose=True, among_others=True)
        return wanted or ", ".join(expected.list_unexplained(text, [name]))

    def _check_words(self, whole_texts: Container[str]) -> Iterator[Misreading]:
        """Every number without an anchor: in a text of a chapter there is none.

        Any other is of a parameter, or of a figure of its chart, table, trace or campaign, or in
        its name. `whole_texts` are checked elsewhere: the reasons about printed figures.
        """
        expected, prose = self.expected, {*self.page.xpath(PROSE)}
        for text in filter(DIGIT.search, self.page.xpath(TYPED)):
            around = [text.getparent(), *text.getparent().iterancestors()]
            if not prose.isdisjoint(around):
                yield self._differs("a text of a chapter", NO_FIGURE, text, "no typed number")
            elif text.strip() not in whole_texts and expected.list_unexplained(text, ()):
                boxes = [item for item in around if item.tag in BOXES or item.get("class") in BOXES]
                box = boxes[0] if boxes else around[0]
                for numeral in expected.list_unexplained(text, box.xpath(f"@id|{NAMES}")):
                    place = f"words of '{box.get('id', '')}'"
                    yield self._differs(place, NO_FIGURE, text, f"not {numeral}")

    def _check_names(self) -> Iterator[Misreading]:
        """What stands as a name beside a number, on a card and over a trace is that figure's."""
        for path, named, called in CALLED:
            for item in self.page.xpath(path):
                name = item.xpath(f"string({named})").removeprefix("figure-")
                text = get_text(item.find(called)).rstrip(".")
                if name in self.expected.figures and not self.expected.is_called(text, name):
                    yield self._differs("a name", name, text, "the figure's own name")

    def _check_telephones(self) -> Iterator[Misreading]:
        """A help number is dialled as it is written."""
        for link in self.page.xpath("//a[starts-with(@href, 'tel:')]"):
            address, text = link.get("href"), get_text(link)
            dialled, digits = re.sub(r"\D", "", address), re.sub(r"\D", "", text)
            # A 0 in front may give way to the number of the country.
            if digits and not re.fullmatch(re.sub("^0", r"\\d*", digits), dialled):
                yield self._differs("a help number", "", text, address)

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

    def _check_drawings(self) -> Iterator[Misreading]:
        """Each drawing says what the ledger says of its chart, and stands in its figure."""
        for drawing in self.page.iter("svg"):
            name = drawing.xpath("string(ancestor::*[@data-chart][1]/@data-chart)")
            place, chart = f"chart '{name}'", self.expected.find_chart(name)
            if chart is None or drawing.xpath("string(ancestor::figure/@id)") not in ("", name):
                yield self._differs(place, name, "a drawing", "none of this chart here")
            else:
                yield from ChartReader(drawing, chart, self.expected, (self.file, place)).read()

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
            for text in filter(DIGIT.search, table.xpath(".//td[@class='n'][not(*)]/text()")):
                yield self._differs(place, NO_FIGURE, text, "no typed number")
            rows = table.xpath(".//tr[td][not(@class='total')]")
            # A table that shows the first of its rows alone ranks them.
            is_cut = exhibit is not None and len(rows) == exhibit.most
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
            # Beside a figure by itself stand its counts or its interval.
            cells = list(dict.fromkeys(filter(None, cells)))
        # Behind the name of a file its table may stand.
        is_head = title in ("", plain(head)) or plain(head).startswith(f"{title} (")
        return is_head and cells == expected_cells
