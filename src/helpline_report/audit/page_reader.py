"""Read a page of an edition back: its numbers, its words, its charts and its tables.

A number says by `data-figure` which figure it shows, or by `data-place` where the audit has it.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.expectations import (
    DIGIT,
    SAYS,
    Element,
    Expectations,
    Misreading,
    Row,
    drop_sources,
    get_text,
    list_numerals,
    plain,
    squeeze,
)

PAGE = "index.html"
NO_FIGURE = "a number of no figure"
# What says whose a number is, or where it comes from.
SOURCES = "@data-source or @data-about or @data-parts or @data-figure or @data-place"
SOURCES += " or @data-missing"
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
# Parameters that a text calls by one of many.
OF_MANY = r"^(fact|campaign|event)\."
# What has figures of its own around a text.
BOXES = ("figure", "details", "campaign", "trace")
NAMES = ".//@data-figure|.//@data-about|.//@data-place"
# What stands beside a figure as its name: where, the figure, and the name.
HIGHLIGHTS = "//ul[@class='highlights']/li"
CALLED = (
    (HIGHLIGHTS, "strong/*/@data-figure", "span"),
    ("//aside[@class='card']", "@id", "p/strong"),
    ("//div[@class='trace']", "@id", "h3"),
)
DATE = re.compile(r"\d{4}-\d\d-\d\d")


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
            text, attributes = get_text(item), item.attrib
            kinds = ("figure", "about", "place", "missing")
            names = (attributes.get(f"data-{each}") for each in kinds)
            name = next(filter(None, names), owner.removeprefix("figure-"))
            if figure := self.expected.figures.get(name):
                value = "" if figure.value is None else str(figure.value)
                if item.tag == "data" and attributes.get("value") != value:
                    yield self._differs(place, name, attributes.get("value", ""), value)
                wanted = self._find_expected(item, name, text) if text else ""
            elif "data-missing" in attributes:
                wanted = "no number" if DIGIT.search(text) else ""
            elif self.file == PAGE and "data-place" not in attributes:
                wanted = "a figure's number"
            else:
                # A number that names no figure is one of the audit's own.
                other = self.places.get(attributes.get("data-place", ""), text)
                same = text in other and list_numerals(text) <= list_numerals(other)
                wanted = "" if same else other
            if wanted:
                yield self._differs(place, name or "no figure", text, wanted)
        cards = {card.get("id") for card in self.page.iterfind(".//aside")}
        for button in self.page.xpath("//button[@popovertarget][contains(@class, 'number')]"):
            card = button.get("popovertarget")
            for name in button.xpath("(descendant-or-self::*|ancestor::data)/@data-figure"):
                if card != f"figure-{name}" or card not in cards:
                    yield self._differs("a card", name, card, f"figure-{name}")

    def _find_expected(self, item: Element, name: str, text: str) -> str:
        """What a number should say, by what of its figure the element says to show."""
        find, figure = self.expected.find_expected, self.expected.figures[name]
        parts, interval = tuple(item.get("data-parts", "value").split()), figure.interval
        form = item.get("data-form", "")
        form = form[:1].lower() + form[1:]
        if item.tag == "data":
            return self.expected.find_expected_prose(text, name, form)
        if "data-missing" in item.attrib:
            # A reason stands there, in words: the form may need an interval that nobody released.
            needed = {"value", *SAYS.get(form, ())}
            is_known = figure.value is not None and needed <= {*self.expected.parts(figure)}
            return "its value" if is_known or DIGIT.search(text) else ""
        if item.tag == "span" and "data-about" in item.attrib and "data-parts" not in item.attrib:
            # What follows from a figure: its interval stands there, and breaks with their days.
            parts = ("level", "low", "high") if interval else ()
            unexplained = self.expected.list_unexplained(text, [name])
            return find(text, name, parts, "margin", among=True) or ", ".join(unexplained)
        if item.tag not in ("button", "span") or "data-about" in item.attrib:
            return find(text, name, parts, "trace")
        if parts == ("value",):
            return self.expected.find_expected_cell(text, name)
        return find(text, name, parts)

    def read_words(self, whole_texts: Container[str]) -> Iterator[Misreading]:
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
                part = expected.find_part(box.get("id", ""))
                rows = len(expected.rows(part))
                # How many rows are left out is said below them.
                left_out = str(rows - (part.most or rows)) if part is not None else ""
                figures = {*expected.figures_of(part), *box.xpath(f"@id|{NAMES}")}
                for token in expected.list_unexplained(text, figures):
                    if token != left_out:
                        place = f"words of '{box.get('id', '')}'"
                        yield self._differs(place, NO_FIGURE, text, f"not {token}")

    def read_names(self) -> Iterator[Misreading]:
        """What stands as a name beside a number, on a card and over a trace is that figure's."""
        for path, named, called in CALLED:
            for item in self.page.xpath(path):
                name = item.xpath(f"string({named})").removeprefix("figure-")
                text = get_text(item.find(called)).rstrip(".")
                if name in self.expected.figures and not self.expected.is_called(text, name):
                    yield self._differs("a name", name, text, "the figure's own name")

    def read_facts(self) -> Iterator[Misreading]:
        """A parameter is as the audit lists it; by a form or as a date it always says the same."""
        texts = dict[tuple[str, str], str]()
        for item in self.page.xpath("//*[@data-parameter]"):
            name, form = item.get("data-parameter"), item.get("data-form", "")
            text = squeeze(get_text(item)).rstrip(".")
            value = self.expected.parameters.get(re.sub(OF_MANY, r"\1s.", name), "")
            if not value or form or DATE.fullmatch(value):
                value = text
            wanted = texts.setdefault((name, form), squeeze(drop_sources(value)).rstrip("."))
            if wanted != text:
                yield self._differs("a parameter", name, get_text(item), wanted)

    def read_parameters(self) -> Iterator[Misreading]:
        """What parameters say: the title, campaigns, and help numbers."""
        parameters = self.expected.parameters
        for link in self.page.xpath("//a[starts-with(@href, 'tel:')]"):
            dialled, text = (re.sub(r"\D", "", each) for each in (link.get("href"), get_text(link)))
            # A 0 in front may give way to the number of the country.
            if text and not re.fullmatch(re.sub("^0", r"\\d*", text), dialled):
                yield self._differs("a help number", "", get_text(link), link.get("href"))
        title = parameters.get("title", "")
        for each in map(self.page.find, (".//h1", ".//title")):
            if not title or plain(title) not in plain(get_text(each)):
                yield self._differs("the title", "title", get_text(each), title or "a title")
        for item in self.page.xpath("//section[@class='campaign']"):
            name = f"campaigns.{item.get('id').removeprefix('campaign-')}"
            own = {squeeze(text) for key, text in parameters.items() if key.startswith(f"{name}.")}
            for each in item.xpath("h3|dl/dd"):
                if squeeze(get_text(each)) not in own:
                    yield self._differs("a campaign", name, get_text(each), "as its parameters")

    def read_charts(self) -> Iterator[Misreading]:
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

    def read_drawings(self) -> Iterator[Misreading]:
        """Each drawing says what the ledger says of its chart, and stands in its figure."""
        for drawing in self.page.iter("svg"):
            name = drawing.xpath("string(ancestor::*[@data-chart][1]/@data-chart)")
            place, chart = f"chart '{name}'", self.expected.find_chart(name)
            if chart is None or drawing.xpath("string(ancestor::figure/@id)") not in ("", name):
                yield self._differs(place, name, "a drawing", "none of this chart here")
            else:
                yield from ChartReader(drawing, chart, self.expected, (self.file, place)).read()

    def read_tables(self) -> Iterator[Misreading]:
        """Each row of a table has its own figures, a column each, and stands at its own place."""
        expected, known = self.expected, self.expected.ledger.figures
        for table in self.page.xpath("//table[@id]"):
            name, place = table.get("id"), f"table '{table.get('id')}'"
            part, wanted = expected.find_part(name), expected.rows_of_page(name)
            for by in expected.fields_of(part)[:1]:
                # All tables of a field have its name at their heads.
                field = get_text(table.find("thead//th"))
                if expected.fields.setdefault(by, field) != field:
                    yield self._differs(place, "", field, expected.fields[by])
            heads = [get_text(head) for head in table.xpath("thead//th")[1:]]
            rows = table.xpath(".//tr[td]")
            number = len([row for row in rows if row.get("class") != "total"])
            # A table that shows the first of its rows alone ranks them.
            cut = part is not None and number == part.most
            if wanted and number != len(wanted) and not cut:
                yield self._differs(place, "", f"{number} rows", str(len(wanted)))
            for at, row in enumerate(rows):
                head = get_text(row.find("th"))
                linked = [cell.xpath("string(*/@data-figure)") for cell in row.findall("td")]
                linked = [each if each in known else "" for each in linked]
                for cell in row.xpath("td[@class='n'][not(*)]"):
                    if DIGIT.search(get_text(cell)):
                        yield self._differs(place, NO_FIGURE, get_text(cell), "no number")
                pairs = zip(heads, linked, strict=False)
                yield from expected.check_heads(self.file, place, part, [*pairs])
                right = part is None or not any(linked)
                if row.get("class") != "total" and wanted:
                    candidates = wanted if cut else wanted[at : at + 1]
                    right = any(self._is_row(head, linked, each) for each in candidates)
                if not right:
                    figure = next(filter(None, linked), "")
                    yield self._differs(place, figure, head, "the row of this place")

    def read_places(self, rows: Mapping[str, str]) -> Iterator[Misreading]:
        """Each text of a row without figures stands in the row of the audit that tells of it."""
        for row in self.page.xpath("//tr[td//@data-place]"):
            name, head = row.xpath("string(.//@data-place)"), get_text(row.find("th"))
            # A printed total stands beside its year.
            texts, wanted = [head], " ".join(self.expected.names(name))
            if name not in self.expected.figures:
                alone = row.xpath("td[not(.//@data-figure or .//@data-place)]")
                texts, wanted = [head, *map(get_text, alone)], rows.get(name, "")
            for text in texts:
                if squeeze(text) not in squeeze(wanted):
                    yield self._differs(f"row of '{name}'", name, text, "the row of the audit")

    def read_traces(self) -> Iterator[Misreading]:
        """Each figure of a chapter has a trace, with what was printed of it beside its verdict."""
        expected, ledger = self.expected, self.expected.ledger
        traces = {each.get("id"): each for each in reversed(self.page.xpath("//*[@id]"))}
        for name, (chapter, _) in ledger.origins().items():
            # What went into a wider class is traced as that.
            own = self.file == f"audit/{chapter}.html" and name not in ledger.merged
            if own and name in ledger.figures and name not in traces:
                yield self._differs(f"trace '{name}'", name, "no trace", "one")
        rows = {each.get("id"): each for each in self.page.xpath("//tr[@id]")}
        for series in ledger.breakdowns.values():
            for member in series.members:
                row = rows.get(member.figure, ())
                for by, code, cell in zip(series.by, member.codes, row, strict=False):
                    text, label = get_text(cell), expected.label(by, code)
                    if label and plain(text) != plain(label):
                        yield self._differs("a row of a trace", member.figure, text, label)
        for name, prints in expected.prints.items():
            text = squeeze(get_text(traces.get(name)))
            for each in prints if name in traces else ():
                printed, verdict = map(re.escape, map(squeeze, each))
                if not re.search(rf"{printed}\.?{verdict}", text):
                    yield self._differs(
                        f"trace '{name}'", name, "what was printed", ": ".join(each)
                    )

    def _is_row(self, head: str, linked: Sequence[str], row: Row) -> bool:
        """Whether a row of a table has the head and the figures of a row of the ledger."""
        known, title = self.expected.ledger.figures, plain(row.head)
        own, figures = [*linked], [each if each in known else "" for each in row.figures]
        if len(own) != len(figures):
            # Beside a figure by itself stand its counts or its interval.
            own = [*dict.fromkeys(filter(None, own))]
        # Behind the name of a file its table may stand.
        called = title in ("", plain(head)) or plain(head).startswith(f"{title} (")
        return called and own == figures
