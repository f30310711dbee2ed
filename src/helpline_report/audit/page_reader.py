"""Read a page of an edition back: its numbers, its words, its charts and its tables.

A number says by `data-figure` which figure it shows, or by `data-place` where the audit has it.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.expectations import (
    DIGIT,
    FOLLOWS,
    PAGE,
    SAYS,
    Element,
    Expectations,
    Misreading,
    Row,
    get_text,
    list_numerals,
    plain,
)
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
    or self::h2 or self::h3 or self::blockquote]"""
PROSE += "[not(ancestor::figure or ancestor::details[@class='table' or @class='behind'])]"
PROSE += "[not(ancestor::section[@class='campaign'] or ancestor::ul[@class='highlights'])]"
PROSE += "[not(@class='subtitle' or @class='left' or @class='note')]|//div[@class='lead']/p"
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
    """Reads a page; `places` are the rows of the audit that tell of what is no figure, by ids."""

    def __init__(
        self, file: str, page: Element, expected: Expectations, places: Mapping[str, str]
    ) -> None:
        self.file, self.page, self.expected, self.places = file, page, expected, places

    def _differs(self, place: str, figure: str, text: str, expected: str) -> Misreading:
        return Misreading(self.file, place, figure, text, expected)

    def read_report(self, whole_texts: Container[str]) -> Iterator[Misreading]:
        """The page of the report; `whole_texts` are checked elsewhere."""
        yield from self.read_numbers()
        yield from self._read_words(whole_texts)
        yield from self._read_names()
        yield from self._read_telephones()
        yield from self._read_headlines()
        yield from self._read_drawings()
        yield from self._read_tables()

    def read_audit(self) -> Iterator[Misreading]:
        """A page of the audit."""
        yield from self.read_numbers()
        yield from self._read_names()
        yield from self._read_traces()
        yield from self._read_drawings()

    def read_numbers(self) -> Iterator[Misreading]:
        """Every number that says which figure it is of, and the card that it opens."""
        for item in self.page.xpath(NUMBERS):
            text, names = get_text(item), map(item.get, ANCHORS)
            name = next(filter(None, names), "")
            if text and (wanted := self._find_expected(item, name, text)):
                owner = item.xpath("string(ancestor::*[@id][1]/@id)")
                yield self._differs(f"'{owner}'" if owner else "a text", name, text, wanted)
        cards = {card.get("id") for card in self.page.iterfind(".//aside")}
        for button in self.page.xpath("//button[@popovertarget][contains(@class, 'number')]"):
            card = button.get("popovertarget")
            for name in button.xpath("(descendant-or-self::*|ancestor::data)/@data-figure"):
                if card != f"figure-{name}" or card not in cards:
                    yield self._differs("a card", name, card, f"figure-{name}")

    def _find_expected(self, item: Element, name: str, text: str) -> str:
        """What a number should say, by what of its figure the element says to show."""
        expected, parts = self.expected, tuple(item.get("data-parts", "").split())
        figure, form = expected.figures.get(name), item.get("data-form", "")
        form = form[:1].lower() + form[1:]
        if "data-place" in item.attrib and figure is None:
            other = self.places.get(name, text)
            same = text in other and list_numerals(text) <= list_numerals(other)
            return "" if same else f"'{other}'"
        if figure is None:
            return "no number" if self.file == PAGE and DIGIT.search(text) else ""
        if item.tag == "data":
            value = "" if figure.value is None else str(figure.value)
            same = item.get("value") == value
            return expected.find_expected_prose(text, name, form) if same else f"'{value}' inside"
        if "data-missing" in item.attrib:
            # A reason stands there, in words: the form may need an interval that nobody released.
            needed = {"value", *SAYS.get(form, ())}
            is_known = figure.value is not None and needed <= {*expected.parts(figure)}
            return "its value" if is_known or DIGIT.search(text) else ""
        if "data-about" in item.attrib and not parts:
            ends = ("level", "low", "high") if figure.interval else ()
            others = ", ".join(expected.list_unexplained(text, [name]))
            return expected.find_expected(text, name, ends, FOLLOWS) or others
        if "data-about" in item.attrib:
            return expected.find_expected(text, name, parts, "trace")
        with_interval = "(" in text and figure.interval is not None
        usual = ("value", "low", "high") if with_interval else ("value",)
        return expected.find_expected(text, name, parts or usual)

    def _read_words(self, whole_texts: Container[str]) -> Iterator[Misreading]:
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
                boxes = (each for each in around if each.tag in BOXES or each.get("class") in BOXES)
                box = next(boxes, around[0])
                for token in expected.list_unexplained(text, box.xpath(f"@id|{NAMES}")):
                    place = f"words of '{box.get('id', '')}'"
                    yield self._differs(place, NO_FIGURE, text, f"not {token}")

    def _read_names(self) -> Iterator[Misreading]:
        """What stands as a name beside a number, on a card and over a trace is that figure's."""
        for path, named, called in CALLED:
            for item in self.page.xpath(path):
                name = item.xpath(f"string({named})").removeprefix("figure-")
                text = get_text(item.find(called)).rstrip(".")
                if name in self.expected.figures and not self.expected.is_called(text, name):
                    yield self._differs("a name", name, text, "the figure's own name")

    def _read_telephones(self) -> Iterator[Misreading]:
        """A help number is dialled as it is written."""
        for link in self.page.xpath("//a[starts-with(@href, 'tel:')]"):
            dialled, text = (re.sub(r"\D", "", each) for each in (link.get("href"), get_text(link)))
            # A 0 in front may give way to the number of the country.
            if text and not re.fullmatch(re.sub("^0", r"\\d*", text), dialled):
                yield self._differs("a help number", "", get_text(link), link.get("href"))

    def _read_headlines(self) -> Iterator[Misreading]:
        """The headline of each chart, which names its figure."""
        expected = self.expected
        for item in self.page.xpath("//figure[@class='chart']"):
            place, headline = f"chart '{item.get('id')}'", item.find("figcaption/strong")
            name = headline.xpath("string(*/@data-figure)")
            if name in expected.ledger.figures:
                caption = plain(get_text(headline))
                definition = plain(expected.definitions.get(name, name))
                labels = expected.names(name) - {definition}
                words = caption.split(": ")[-1].split(", ")[0]
                if not any(each in caption for each in labels) and words not in definition:
                    yield self._differs(f"headline of {place}", name, caption, "its own name")
                elif not self._is_highest(name, expected.find_chart(item.get("id"))):
                    yield self._differs(f"headline of {place}", name, caption, "the highest")

    def _is_highest(self, name: str, chart: Chart | None) -> bool:
        """Whether no figure of a chart is higher; of changes, whether none differs more."""
        if chart is None or chart.kind == "flow":
            # A part of a flow stands beside its whole.
            return True
        part = "difference" if chart.kind == "changes" else "value"
        figures = {each: self.expected.figures[each] for each in self.expected.list_own(chart)}
        numbers = {key: self.expected.parts(each).get(part, 0) for key, each in figures.items()}
        return numbers.get(name, 0) == max(numbers.values(), default=0)

    def _read_drawings(self) -> Iterator[Misreading]:
        """Each drawing says what the ledger says of its chart, and stands in its figure."""
        for drawing in self.page.iter("svg"):
            name = drawing.xpath("string(ancestor::*[@data-chart][1]/@data-chart)")
            place, chart = f"chart '{name}'", self.expected.find_chart(name)
            if chart is None or drawing.xpath("string(ancestor::figure/@id)") not in ("", name):
                yield self._differs(place, name, "a drawing", "none of this chart here")
            else:
                yield from ChartReader(drawing, chart, self.expected, (self.file, place)).read()

    def _read_tables(self) -> Iterator[Misreading]:
        """Each row of a table has its own figures, a column each, and stands at its own place."""
        for table in self.page.xpath("//table[@id]"):
            name, place = table.get("id"), f"table '{table.get('id')}'"
            part, wanted = self.expected.find_part(name), self.expected.rows_of_page(name)
            heads = [get_text(head) for head in table.xpath("thead//th")[1:]]
            for by in self.expected.fields_of(part)[:1]:
                # All tables of a field have its name at their heads.
                field = get_text(table.find("thead//th"))
                if self.expected.fields.setdefault(by, field) != field:
                    yield self._differs(place, "", field, self.expected.fields[by])
            for text in filter(DIGIT.search, table.xpath(".//td[@class='n'][not(*)]/text()")):
                yield self._differs(place, NO_FIGURE, text, "no typed number")
            rows = table.xpath(".//tr[td][not(@class='total')]")
            # A table that shows the first of its rows alone ranks them.
            cut = part is not None and len(rows) == part.most
            if wanted and len(rows) != len(wanted) and not cut:
                yield self._differs(place, "", f"{len(rows)} rows", str(len(wanted)))
            for at, row in enumerate(rows):
                head, figures = get_text(row.find("th")), row.xpath("td")
                figures = [cell.xpath("string(*/@data-figure)") for cell in figures]
                pairs = zip(heads, figures, strict=False)
                yield from self.expected.check_heads(self.file, place, part, [*pairs])
                candidates = wanted if cut else wanted[at : at + 1]
                if wanted and not any(self._is_row(head, figures, each) for each in candidates):
                    figure = next(filter(None, figures), "")
                    yield self._differs(place, figure, head, "the row of this place")

    def _is_row(self, head: str, figures: Sequence[str], row: Row) -> bool:
        """Whether a row of a table has the head and the figures of a row of the ledger."""
        known, title = self.expected.ledger.figures, plain(row.head)
        own, others = (
            [each if each in known else "" for each in e] for e in (figures, row.figures)
        )
        if len(own) != len(others):
            # Beside a figure by itself stand its counts or its interval.
            own = [*dict.fromkeys(filter(None, own))]
        # Behind the name of a file its table may stand.
        called = title in ("", plain(head)) or plain(head).startswith(f"{title} (")
        return called and own == others

    def _read_traces(self) -> Iterator[Misreading]:
        """Each figure of a chapter has a trace, but for what went into a wider class."""
        ledger, traces = self.expected.ledger, {*self.page.xpath("//@id")}
        for name, (chapter, _) in ledger.origins().items():
            own = self.file == f"audit/{chapter}.html" and name not in ledger.merged
            if own and name in ledger.figures and name not in traces:
                yield self._differs(f"trace '{name}'", name, "no trace", "one")
