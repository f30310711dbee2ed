"""Say what the released ledger expects the files of an edition to say: numbers, names, rows.

What reads an edition back shares nothing with what wrote it: numbers are rounded and grouped here
a second time, and names of codes come from the open data, which is read back too.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import NamedTuple, TypeAlias

from babel.dates import get_day_names, get_month_names
from lxml import html

from helpline_report.errors import RefusedError, place_of
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Breakdown, Chart, Figure, PopulationSpec, ReportTable
from helpline_report.parameters.values import Period

NUMERAL = re.compile(r"(?:(?<!\w)[-−+])?\d[\d.,]*(?<=\d)")
DIGIT = re.compile(r"\d")
PAGE = "index.html"
# Between thousands, and before decimals.
MARKS = {"nl": (".", ","), "en": (",", ".")}
LOCALES = {"nl": "nl_BE", "en": "en_GB"}
SHARE = {"nl": "aandeel", "en": "share"}
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# What a text by a form says of a figure, in its order; any other says the value.
SAYS = {
    "counts": ("numerator", "denominator"),
    "counted": ("numerator",),
    "from_to": ("denominator", "numerator"),
    "interval": ("level", "low", "high"),
}
# What follows from a figure: its interval, and breaks with their days.
FOLLOWS = "follows"
# Forms of a change: the difference of its two counts, and the change itself.
CHANGES = ("change", "more_less", "finding")
FORMS_WITHOUT_DIGITS = {"words", "mostly", "ordinal", "place", "fraction"}
MORE, FEWER = re.compile(r"\b(meer|more)\b"), re.compile(r"\b(minder|fewer|less)\b")
SAME = re.compile(r"(?<!times )\b(evenveel|as many)\b", re.IGNORECASE)
# What a number is called that is rounded up, and down.
ALMOST = (r"\b(bijna|almost|nearly)\b", r"\b(ruim|over|more than)\b")
# What a figure has where nothing changed, by its unit.
UNCHANGED = {"percent change": 0, "ratio": 1}
CALENDAR = ("month", "weekday")
# What typesetting may change: spaces, hyphens, letters with marks, the second of two full stops.
LOOSE = re.compile(r"[^0-9a-z.,%+−]|\.(?=\.)")
OF_FILES = ("read", "used", "repaired", "excluded")
OF_CAMPAIGNS = (
    *("contacts", "before", "after", "relative"),
    *("target", "target_before", "target_after", "target_relative"),
)

Part = Chart | ReportTable
Element: TypeAlias = html.HtmlElement


class Misreading(NamedTuple):
    """A place of a file that says something else than the ledger."""

    file: str
    place: str
    figure: str
    text: str
    expected: str

    def __str__(self) -> str:
        stands = " ".join(self.text.split())
        return f"{self.file}, {self.place}: {self.figure}: '{stands}', expected {self.expected}"


class Row(NamedTuple):
    """A row of a chart or a table: a figure a column, and its head, where that is known.

    A row of a field has its code.
    """

    head: str
    figures: tuple[str, ...]
    code: str = ""


@contextmanager
def blame_file(file: str) -> Iterator[None]:
    """Say of whatever goes wrong while a file is read back which file it is.

    Raises:
        RefusedError: something went wrong.
        MemoryError: no file is to blame for that.
    """
    try:
        yield
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - libraries raise what they like of damaged files
        raise RefusedError(f"can't be read back ({place_of(error)})", where=file) from None


def parse_page(text: str) -> Element:
    """A page as a tree."""
    return html.document_fromstring(text)


def get_text(item: Element | None) -> str:
    """All text of an element; nothing where there is none."""
    return "" if item is None else str(item.text_content())


def plain(text: str) -> str:
    """A text without case, double spaces, or the apostrophe that shields a cell from formulas."""
    return " ".join(text.casefold().removeprefix("'").split())


def squeeze(text: str) -> str:
    """A text without what typesetting it may change."""
    return LOOSE.sub("", unicodedata.normalize("NFKC", text).casefold())


def drop_sources(text: str) -> str:
    """A text of a parameter without the marks of its sources: '[all](<bron:others>)' is 'all'."""
    return re.sub(r"\[([^\]]*)\]\(<[^>]*>\)", r"\1", text)


def list_numerals(*texts: str) -> set[str]:
    """The numbers that texts write in digits, without their signs and without zeros in front."""
    tokens = (token.lstrip("-−+") for text in texts for token in NUMERAL.findall(text))
    return {token.lstrip("0") or "0" if token.isdigit() else token for token in tokens}


def _printed_totals(ledger: Ledger) -> Iterator[Figure]:
    """The totals that others printed, as counts of their years."""
    for point in ledger.trend.points if ledger.trend else ():
        year = Period(start=dt.date(point.year, 1, 1), end=dt.date(point.year, 12, 31))
        spec = PopulationSpec(
            table="traffic", noun=point.noun, edition=str(point.year), period=year
        )
        yield Figure(id=point.id, kind="count", unit="count", value=point.value, population=spec)


class Expectations:
    """What a ledger expects of the files of an edition in one language.

    `figures` are those of the ledger, and the totals that others printed; `numbers` those of their
    values that are numbers. `labels` name codes by field and code, `definitions` name figures; both
    come from the open data. `fields` name fields at the heads of tables. `parameters` are those
    that the audit lists, by their names, `explained_numerals` stand in them or in what the ledger
    records beside its figures.
    """

    def __init__(self, ledger: Ledger, language: str) -> None:
        self.ledger, self.language = ledger, language
        self.figures = {each.id: each for each in _printed_totals(ledger)} | ledger.figures
        self.numbers = {
            name: float(each.value)
            for name, each in self.figures.items()
            if each.value is not None and not isinstance(each.value, str)
        }
        # Once labels and definitions are known.
        self.names = cache(self._list_names)
        self.numerals_of_names = cache(lambda name: list_numerals(*self.names(name)))
        self.labels: dict[tuple[str, str], str] = {}
        self.definitions: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.explained_numerals: set[str] = set()

    # Numbers

    def write_number(self, value: float, decimals: int) -> str:
        """The size of a number, rounded half up, as the language groups and marks it."""
        # By its certain digits: 1.005 is 1.01.
        certain = Decimal(f"{abs(value):.15g}")
        size = certain.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        thousands, mark = MARKS[self.language]
        whole, _, rest = f"{size:,}".partition(".")
        return whole.replace(",", thousands) + (mark + rest if rest else "")

    def read_number(self, token: str) -> float:
        """The number that a numeral of the language writes."""
        thousands, mark = MARKS[self.language]
        digits = token.replace(thousands, "").replace(mark, ".").replace("−", "-")
        return float(digits) if digits.count(".") <= 1 else float("nan")

    def is_written(
        self, token: str, value: float, form: str | None = None, *, signed: bool = False
    ) -> bool:
        """Whether a numeral writes a value; in a `form` of prose its sign may be missing.

        Elsewhere a negative value has its minus and, if it is `signed`, a positive one its plus.
        """
        size = token.lstrip("-−+")
        decimals = len(token.partition(MARKS[self.language][1])[2])
        written = self.write_number(value, decimals)
        zero = self.read_number(written) == 0
        # What would be written as 0 is 'less than 0.1', the smallest number with as many decimals.
        tiny = form is not None and zero and value != 0
        if size != written and not (tiny and size == self.write_number(10**-decimals, decimals)):
            return False
        if size != token:
            return (token[0] == "+") == (value > 0) or zero
        return form is not None or zero or (value >= 0 and not signed)

    def parts(self, figure: Figure) -> dict[str, float]:
        """The numbers that a figure has, by what they are."""
        interval, exposure = figure.interval, figure.exposure
        above, below = figure.numerator, figure.denominator
        value = None if isinstance(figure.value, str) else figure.value
        numbers = {"value": value, "numerator": above, "denominator": below}
        if above is not None and below is not None:
            numbers["difference"] = abs(above - below)
        if value is not None and figure.unit == "ratio":
            numbers["percent"] = abs(value - 1) * 100
        if interval is not None:
            ends = {"low": interval.low, "high": interval.high, "level": interval.level * 100}
            numbers |= ends | {"dispersion": interval.dispersion}
        if exposure is not None:
            numbers |= {"exposure": exposure.own, "exposure_against": exposure.other}
            if above is not None and below and exposure.other:
                # What a flag judges.
                numbers["ratio"] = above * exposure.other / (below * exposure.own)
        return {part: number for part, number in numbers.items() if number is not None}

    def find_expected_prose(self, text: str, name: str, form: str) -> str:
        """What a text of prose by a form should have said; '' if it is right."""
        figure = self.figures[name]
        # Zero may be written in words: 'geen contactnames', 'evenveel'.
        if form in FORMS_WITHOUT_DIGITS or (not figure.value and not DIGIT.search(text)):
            return ""
        parts = SAYS.get(form, ("value",))
        if form in CHANGES and figure.unit in UNCHANGED and name in self.numbers:
            wanted = self._find_expected_change(text, figure)
            if wanted is not None:
                return wanted
        if form in CHANGES and figure.unit == "percent change":
            parts = ("difference", "value")
        elif form == "change" and figure.unit == "ratio" and "%" in text:
            parts = ("percent",)
        wanted = self._find_expected_word(text, figure, form)
        return wanted or self.find_expected(text, name, parts, form)

    def _find_expected_change(self, text: str, figure: Figure) -> str | None:
        """What 'more', 'fewer' or 'as many' should have been; None if only the number is left."""
        value, unchanged = self.numbers[figure.id], UNCHANGED[figure.unit]
        # What was counted: the words of a break, or 'less than 0.1 %', say something else.
        counted = re.sub(r"\(.*?\)", "", text.partition(";")[0])
        for words, right in ((MORE, value > unchanged), (FEWER, value < unchanged)):
            if not right and words.search(counted):
                return "more or fewer as the figure says"
        if not SAME.search(counted):
            return None
        percent = self.write_number(self.parts(figure).get("percent", 0), 1)
        is_same = percent == self.write_number(0, 1) if figure.unit == "ratio" else value == 0
        return "" if is_same and not self.list_unexplained(text, [figure.id]) else "another number"

    def _find_expected_word(self, text: str, figure: Figure, form: str) -> str:
        """What the unit, noun, name, 'almost' or 'over' beside a number should have been, or ''."""
        name, value = figure.id, self.numbers.get(figure.id, 0)
        if form == "about":
            number = next(map(self.read_number, NUMERAL.findall(text)), value)
            less, more = (re.search(words, text.casefold()) for words in ALMOST)
            if (less and value >= number) or (more and value <= number):
                return "more or less, as the figure is"
        if "%" not in text and figure.unit == "percent" and form not in SAYS:
            return "a percentage"
        if form == "counted" and (isinstance(figure.value, str) or figure.unit in CALENDAR):
            return self.find_expected(text, name)
        if form == "noun" and value != 1:
            noun = plain(re.sub(r"[\d.,%+−]", "", text))
            if noun not in plain(self.definitions.get(name, noun)):
                return "the noun of its population"
        return ""

    def find_expected(
        self,
        text: str,
        name: str,
        parts: Sequence[str] = ("value",),
        form: str | None = None,
    ) -> str:
        """What a text about a figure should have said; '' if it is right.

        `form` is that of prose, where a change may stand without its sign; a cell has none. The
        numbers stand in their order, and other ones among them in what follows from a figure.
        """
        figure = self.figures[name]
        # An unavailable figure still has an exposure, which may be written.
        if figure.value is None and not all(part.startswith("exposure") for part in parts):
            return "no number" if DIGIT.search(text) else ""
        if parts == ("exact",):
            same = text == str(figure.value) or name not in self.numbers
            return "" if same else str(figure.value)
        in_words = isinstance(figure.value, str) or figure.unit in (*CALENDAR, "rank", "flag")
        if parts == ("value",) and in_words:
            code = str(figure.value)
            label = (self.label(figure.by[0], code) or code) if figure.by else ""
            by_number = figure.unit in CALENDAR and code in text
            named = figure.unit in ("rank", "flag") or plain(label) in plain(text) or by_number
            return "" if named else f"'{label}'"
        tokens, others, numbers = NUMERAL.findall(text), [], self.parts(figure)
        for part in parts:
            if part not in numbers:
                return f"no number, since it has no {part}" if DIGIT.search(text) else ""
            signed = figure.unit == "percent change" and part in ("value", "low", "high")
            number = numbers[part]
            says = [self.is_written(token, number, form, signed=signed) for token in tokens]
            if True not in says:
                decimals = len(tokens[0].partition(MARKS[self.language][1])[2]) if tokens else 0
                return f"{self.write_number(numbers[part], decimals)} ({part})"
            others += tokens[: says.index(True)]
            tokens = tokens[says.index(True) + 1 :]
        alone = list_numerals(*others, *tokens) <= self.numerals_of_names(name)
        return "" if alone or form == FOLLOWS else f"{' and '.join(parts)} alone"

    def list_unexplained(self, text: str, figures: Collection[str]) -> list[str]:
        """The numbers of a text that are of no figure of some, no name of theirs and no word."""
        numerals = NUMERAL.findall(text)
        tokens = [each for each in numerals if not list_numerals(each) <= self.explained_numerals]
        known = [self.figures[name] for name in figures if name in self.figures] if tokens else []
        names = set[str]().union(*(self.numerals_of_names(figure.id) for figure in known))
        unnamed = [each for each in tokens if not list_numerals(each) <= names]
        parts = [self.parts(each) for each in known if each.value is not None] if unnamed else []
        values = [value for each in parts for value in each.values()]
        return [
            token
            for token in unnamed
            if not any(self.is_written(token, value, "text") for value in values)
        ]

    # Names

    def label(self, field: str, code: str, *, short: bool = False) -> str | None:
        """The name of a code: of the calendar, or as the open data has it."""
        if field not in CALENDAR:
            return self.labels.get((field, code))
        year, _, number = code.rpartition("-")
        months = field == "month"
        list_names = get_month_names if months else get_day_names
        names = list_names("abbreviated" if short else "wide", locale=LOCALES[self.language])
        return f"{str(names[int(number) - (not months)]).rstrip('.')} {year}".rstrip()

    @cached_property
    def _codes(self) -> dict[str, list[tuple[str, str]]]:
        """The fields and codes that each figure of a series or a cross-table stands for."""
        codes: dict[str, list[tuple[str, str]]] = {}
        for each in self.ledger.breakdowns.values():
            for member in each.members:
                pairs = zip(each.by, member.codes, strict=True)
                codes.setdefault(member.figure, []).extend(pairs)
        return codes

    def _list_names(self, name: str) -> set[str]:
        """All that a figure may be called: its definition, and the labels of its codes."""
        figure = self.figures.get(name)
        names = {self.definitions.get(name, name)}
        for by, code in self._codes.get(name, ()):
            names |= {self.label(by, code) or code, self.label(by, code, short=True) or ""}
            if by == "hour" and code.isdigit():
                names.add(str(int(code)))
        for spec in filter(None, (figure.population, figure.of) if figure else ()):
            names.add(str(spec.period.start.year))
        for condition in figure.population.conditions if figure else ():
            labels = [self.label(condition.field, each) or each for each in condition.terms]
            names |= {", ".join(labels), *labels}
        return {plain(each) for each in names if each}

    def is_called(self, text: str, name: str) -> bool:
        """Whether a text is a name of a figure, or as much of one as found room."""
        text, names = plain(text), self.names(name)
        if text.endswith("…"):
            return any(each.startswith(text[:-1].strip()) for each in names)
        if any(each == text or each.endswith(f" {text}") for each in names):
            return True
        # Only the definition has the name of a group of codes, and of a code without a file.
        labelled = any(self.label(*each) for each in self._codes.get(name, ()))
        return not labelled and text in plain(self.definitions.get(name, name))

    def list_own(self, chart: Chart) -> list[str]:
        """The figures of a chart's own series, or those that it shows by themselves."""
        series = self.ledger.breakdowns.get(chart.breakdown or "")
        return [member.figure for member in series.members] if series else [*chart.figures]

    # Rows

    def check_heads(
        self, file: str, place: str, part: Part | None, columns: Sequence[tuple[str, str]]
    ) -> Iterator[Misreading]:
        """Yield each head of a column that doesn't fit its figure; `columns` are pairs of these.

        That of a cross-table is its code; another has its year if any, and tells shares apart.
        """
        figures = self.ledger.figures
        known = [(head, figures[name]) for head, name in columns if name in figures]
        mixed = part is not None and len({figure.kind == "share" for _, figure in known}) > 1
        for head, figure in known:
            years, share = YEAR.findall(head), SHARE[self.language] in plain(head)
            right = not years or str(figure.population.period.start.year) in years
            right = right and not (mixed and share != (figure.kind == "share"))
            if len(self.fields_of(part)) > 1:
                right = plain(head) in self.names(figure.id)
            if not right:
                yield Misreading(file, place, figure.id, head, "the column's own name")

    def find_part(self, name: str) -> Part | None:
        """The chart or the table of which an element of the page is called."""
        name = name.removesuffix(".rows").removesuffix(".table-of-chart")
        return self.ledger.tables.get(name) or self.ledger.charts.get(name)

    def breakdowns(self, part: Part | None) -> list[Breakdown]:
        """The series or the cross-table that a chart or a table shows; figures alone are none."""
        known = self.ledger.breakdowns
        return [known[each] for each in (part.breakdowns if part else ()) if each in known]

    def fields_of(self, part: Part | None) -> Sequence[str]:
        """The field of the rows of a chart or a table, and that of its columns if any."""
        return next((each.by for each in self.breakdowns(part)), ())

    def rows(self, part: Part | None) -> list[Row]:
        """The rows of a chart's table or of a table, in the order of the codes.

        The figure of a cell that a series or a cross-table hasn't got is empty. Beside a figure by
        itself stands the year before.
        """
        known, breakdowns = self.ledger.figures, self.breakdowns(part)
        if not breakdowns:
            names = [each for each in (part.figures if part is not None else ()) if each in known]
            years = [(each, f"{each}.previous") for each in names]
            heads = [self.definitions.get(each, each) for each in names]
            known_years = (tuple(each for each in both if each in known) for both in years)
            return [*map(Row, heads, known_years)]
        figures = dict[tuple[str, str], str]()
        for each in breakdowns:
            for member in each.members:
                column = member.codes[1] if each.is_crossed else each.id
                figures[member.codes[0], column] = member.figure
        codes = dict.fromkeys(code for code, _ in figures)
        columns = dict.fromkeys(column for _, column in figures)
        heads = [self.label(breakdowns[0].by[0], code) or code for code in codes]
        lines = (tuple(figures.get((code, each), "") for each in columns) for code in codes)
        return [*map(Row, heads, lines, codes)]

    def rows_of_page(self, table: str) -> list[Row]:
        """The rows of a table of the page, by its id; none of what has no figures.

        A row of a file has its name as its head; of campaigns no head is known.
        """
        name, ledger = table.removesuffix(".rows"), self.ledger
        if part := self.find_part(table):
            return self.rows(part)
        if missing := ledger.missing.get(name):
            return [Row("", (one,)) for _, one in missing.figures]
        rows = []
        for effects in (each for one in ledger.campaigns.values() for each in one.effects):
            if name == f"campaign.{effects.campaign}":
                figures = [getattr(effects, key) or "" for key in OF_CAMPAIGNS]
                rows += [Row("", tuple(each)) for each in (figures[:4], figures[4:]) if each[0]]
        for quality in ledger.quality.values():
            for file in quality.files:
                # The table of the first edition is called after the whole.
                first = file.edition == quality.files[0].edition
                if name == (quality.id if first else f"{quality.id}.{file.edition}"):
                    rows.append(Row(file.file, tuple(getattr(file, key) for key in OF_FILES)))
        return rows

    def find_chart(self, name: str) -> Chart | None:
        """A chart by its id; that of the totals of other years has these as its figures."""
        points = self.ledger.trend.points if self.ledger.trend else ()
        figures = tuple(point.id for point in points if f"trend.{point.noun}" == name)
        chart = Chart(id=name, kind="trend", figures=figures) if figures else None
        return self.ledger.charts.get(name, chart)

    def figures_of(self, part: Part | None) -> list[str]:
        """The figures that a chart or a table shows."""
        return [name for row in self.rows(part) for name in row.figures if name]
