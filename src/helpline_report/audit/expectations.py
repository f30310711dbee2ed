"""Say what the released ledger expects the files of an edition to say: numbers, names, rows.

What reads an edition back shares nothing with what wrote it: names of codes come from the open
data, which is read back too.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Literal, NamedTuple, TypeAlias

from babel.dates import get_day_names, get_month_names
from lxml import html

from helpline_report.audit.numerals import (
    DIGIT,
    NUMERAL,
    NumeralStyle,
    list_numerals,
    round_half_up,
)
from helpline_report.errors import RefusedError, place_of
from helpline_report.figures.ledger import CampaignEffects, Ledger
from helpline_report.figures.model import Breakdown, Chart, Exhibit, Figure, PopulationSpec
from helpline_report.parameters.values import Period
from helpline_report.parameters.yaml import read_phrases

PAGE = "index.html"
LOCALES = {"nl": "nl_BE", "en": "en_GB"}
SHARE = {"nl": "aandeel", "en": "share"}
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# The numbers of a figure that a form of prose writes, in their order; any other writes the value.
NUMBERS_OF_FORMS = {
    "counted": ("numerator",),
    "interval": ("level", "low", "high"),
}
# Forms of a change: the difference of its two counts, and the change itself.
CHANGES = ("change", "more_less", "finding")
MORE, FEWER = re.compile(r"\b(meer|more)\b"), re.compile(r"\b(minder|fewer|less)\b")
SAME = re.compile(r"(?<!times )\b(evenveel|as many)\b", re.IGNORECASE)
# The words before a number that is rounded up, and before one that is rounded down.
ALMOST, OVER = (
    re.compile(r"(?i)\b(bijna|almost|nearly)\b"),
    re.compile(r"(?i)\b(ruim|over|more than)\b"),
)
# What says more than half, or that a flag isn't up; the first places of a ranking.
MOST, NO = re.compile(r"(?i)\b(meestal|mostly)\b"), re.compile(r"(?i)\b(nee|niet|no|not)\b")
ORDINALS = {
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
}
# What a figure has where nothing changed, by its unit.
UNCHANGED = {"percent change": 0, "ratio": 1}
CALENDAR = ("month", "weekday")
# What typesetting may change: spaces, hyphens, letters with marks, the second of two full stops.
LOOSE = re.compile(r"[^0-9a-z.,%+−]|\.(?=\.)")
# The figures of a table of a file, and of the two rows of the table of a campaign.
OF_FILES = ("read", "used", "repaired", "excluded")
OF_CAMPAIGNS = (
    ("contacts", "before", "after", "relative"),
    ("target", "target_before", "target_after", "target_relative"),
)

Element: TypeAlias = html.HtmlElement


class Misreading(NamedTuple):
    """A place of a file that says something else than the ledger.

    `written` is where in the project the words stand that should have been there; '' if it is the
    program that says them.
    """

    file: str
    place: str
    figure: str
    text: str
    expected: str
    written: str = ""

    def __str__(self) -> str:
        stands = " ".join(self.text.split())
        text = f"{self.file}, {self.place}: {self.figure}: '{stands}', expected {self.expected}"
        return f"{self.written}: {text}" if self.written else text


class Row(NamedTuple):
    """A row of a chart or a table: a figure a column, and its head, where that is known."""

    head: str
    figures: tuple[str, ...]


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


def _make_printed_totals(ledger: Ledger) -> Iterator[Figure]:
    """The totals that others printed, as counts of their years."""
    for point in ledger.trend.points if ledger.trend else ():
        year = Period(start=dt.date(point.year, 1, 1), end=dt.date(point.year, 12, 31))
        spec = PopulationSpec(
            table="traffic", noun=point.noun, edition=str(point.year), period=year
        )
        yield Figure(id=point.id, kind="count", unit="count", value=point.value, population=spec)


class Expectations:
    """What a ledger expects of the files of an edition in one language.

    `figures` are those of the ledger, and the totals that others printed; `values` are their values
    that are numbers. `labels` are the names of codes by field and code: those of the code lists, or
    else those that the open data has, which may lack one. `definitions` are the names of figures.
    `fields` name fields at the heads of tables. `parameters` are those that the audit lists, by
    their names, and `audit_rows` texts of it by their ids.
    `explained_numerals` stand in parameters, or in what the ledger records beside its figures.
    """

    def __init__(self, ledger: Ledger, language: str) -> None:
        self.ledger, self.language, self.style = ledger, language, NumeralStyle(language)
        self.figures = {total.id: total for total in _make_printed_totals(ledger)} | ledger.figures
        self.values = {
            name: float(figure.value)
            for name, figure in self.figures.items()
            if figure.value is not None and not isinstance(figure.value, str)
        }
        # How the catalogue of the language writes a percentage.
        self.percent = str(read_phrases("helpline_report.prose", language)["percent"])
        self.labels: dict[tuple[str, str], str] = {}
        self.definitions: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.audit_rows: dict[str, str] = {}
        self.explained_numerals: set[str] = set()
        # These are asked for once labels and definitions are known.
        self.names = cache(self._list_names)
        self.numerals_of_names = cache(lambda name: list_numerals(*self.names(name)))

    # Numbers

    def get_numbers(self, figure: Figure) -> dict[str, float]:
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
        if figure.value is None:
            # It has an exposure all the same.
            numbers = {}
        if exposure is not None:
            numbers |= {"exposure": exposure.own, "exposure_against": exposure.other}
            if above is not None and below and exposure.other:
                # What a flag judges.
                numbers["ratio"] = above * exposure.other / (below * exposure.own)
        return {part: number for part, number in numbers.items() if number is not None}

    def check_prose(self, text: str, name: str, form: str) -> str:
        """What a text of prose by a form should have said; '' if it is right."""
        figure, unit = self.figures[name], self.figures[name].unit
        if form == "mostly":
            is_most = 2 * (figure.numerator or 0) > (figure.denominator or 0)
            return "" if is_most == bool(MOST.search(text)) else "more than half, or not"
        # Zero may be written in words: 'geen contactnames', 'evenveel'.
        if not figure.value and figure.unit != "flag" and not DIGIT.search(text):
            return ""
        parts = NUMBERS_OF_FORMS.get(form, ("value",))
        if form in CHANGES and unit == "percent change":
            parts = ("difference", "value")
        elif form == "change" and unit == "ratio" and self._is_percent(text):
            parts = ("percent",)
        if form in CHANGES and unit in UNCHANGED and name in self.values:
            # Words of a break follow a semicolon; 'less than 0.1 %' stands in brackets.
            counted = re.sub(r"\(.*?\)", "", text.partition(";")[0])
            difference = self.values[name] - UNCHANGED[unit]
            if SAME.search(counted):
                rest = round_half_up(100 * difference, 1) if unit == "ratio" else difference
                is_right = not rest and not self.list_unexplained(text, [name])
                return "" if is_right else "another number"
            is_rise, is_fall = difference > 0, difference < 0
            if (MORE.search(counted) and not is_rise) or (FEWER.search(counted) and not is_fall):
                return "more or fewer as the figure says"
        return self._check_words(text, figure, form) or self.check_text(
            text, name, parts, in_prose=True
        )

    def _check_words(self, text: str, figure: Figure, form: str) -> str:
        """What the unit, noun, name, 'almost' or 'over' beside a number should have been, or ''."""
        value = self.values.get(figure.id, 0)
        if form == "about":
            number = next(map(self.style.read, NUMERAL.findall(text)), value)
            if (ALMOST.search(text) and value >= number) or (OVER.search(text) and value <= number):
                return "more or less, as the figure is"
        is_share = figure.unit == "percent" and form not in NUMBERS_OF_FORMS
        if is_share and not self._is_percent(text):
            return f"a percentage, as in '{self.percent}'"
        if form == "counted":
            return self.check_text(text, figure.id)
        if form == "noun" and value != 1:
            noun = plain(re.sub(r"[\d.,%+−]", "", text))
            if noun not in plain(self.definitions.get(figure.id, noun)):
                return "the noun of its population"
        return ""

    def _is_percent(self, text: str) -> bool:
        """Whether a text has what the language writes around the number of a percentage."""
        return all(words.strip() in text for words in self.percent.split("{number}"))

    def check_text(
        self,
        text: str,
        name: str,
        parts: Sequence[str] = ("value",),
        *,
        in_prose: bool = False,
        among_others: bool = False,
    ) -> str:
        """What a text about a figure should have said; '' if it is right.

        `parts` say which numbers of the figure stand there, in their order (`get_numbers`). In
        prose a change may stand without its sign. Other numbers stand there `among_others` only.
        """
        figure = self.figures[name]
        if parts == ("exact",) and figure.value is not None:
            is_right = text == str(figure.value) or name not in self.values
            return "" if is_right else str(figure.value)
        is_label = isinstance(figure.value, str) or figure.unit in (*CALENDAR, "rank", "flag")
        if parts == ("value",) and is_label and figure.value is not None:
            return self._check_label(text, figure)
        numerals, others, numbers = NUMERAL.findall(text), list[str](), self.get_numbers(figure)
        for part in parts:
            if part not in numbers:
                return "no number" if DIGIT.search(text) else ""
            signed = figure.unit == "percent change" and part in ("value", "low", "high")
            for place, numeral in enumerate(numerals):
                if self.style.writes(numeral, numbers[part], in_prose=in_prose, signed=signed):
                    others += numerals[:place]
                    numerals = numerals[place + 1 :]
                    break
            else:
                decimals = self.style.count_decimals(numerals[0]) if numerals else 0
                return f"{self.style.write(numbers[part], decimals)} ({part})"
        is_alone = list_numerals(*others, *numerals) <= self.numerals_of_names(name)
        return "" if is_alone or among_others else f"{' and '.join(parts)} alone"

    def _check_label(self, text: str, figure: Figure) -> str:
        """What a text should have said of a figure whose value is a code; '' if it is right."""
        code = str(figure.value)
        label = (self.find_label(figure.by[0], code) or "") if figure.by else ""
        if figure.unit == "flag":
            is_no = NO.search(text) is not None
            return "" if is_no == (not figure.value) else "yes or no, as the figure is"
        if figure.unit == "rank":
            # A low place is a word.
            places = dict(enumerate(ORDINALS[self.language].split(), 1))
            label = places.get(int(self.values[figure.id]), code)
        # A month, or a place, may stand there by its number.
        is_number = figure.unit != "label" and code.lstrip("0") in list_numerals(text)
        return "" if plain(label) in plain(text) or is_number else f"'{label}'"

    def list_unexplained(self, text: str, figures: Collection[str]) -> list[str]:
        """The numbers of a text that no parameter, and no name or number of `figures` explains."""
        known, numbers = set(self.explained_numerals), list[float]()
        for name in figures:
            if name in self.figures:
                known |= self.numerals_of_names(name)
                numbers += self.get_numbers(self.figures[name]).values()
        return [
            numeral
            for numeral in NUMERAL.findall(text)
            if not list_numerals(numeral) <= known
            and not any(self.style.writes(numeral, number, in_prose=True) for number in numbers)
        ]

    # Names

    def find_label(self, field: str, code: str, *, short: bool = False) -> str | None:
        """The name of a code: of the calendar, or as the open data has it."""
        if field not in CALENDAR:
            return self.labels.get((field, code))
        year, _, number = code.rpartition("-")
        width: Literal["abbreviated", "wide"] = "abbreviated" if short else "wide"
        locale = LOCALES[self.language]
        if field == "month":
            name = get_month_names(width, locale=locale)[int(number)]
        else:
            # Babel counts weekdays from 0.
            name = get_day_names(width, locale=locale)[int(number) - 1]
        return f"{str(name).rstrip('.')} {year}".rstrip()

    @cached_property
    def _codes(self) -> dict[str, list[tuple[str, str]]]:
        """The fields and codes that each figure of a series or a cross-table stands for."""
        codes: dict[str, list[tuple[str, str]]] = {}
        for breakdown in self.ledger.breakdowns.values():
            for member in breakdown.members:
                pairs = zip(breakdown.by, member.codes, strict=True)
                codes.setdefault(member.figure, []).extend(pairs)
        return codes

    def _list_names(self, name: str) -> set[str]:
        """All that a figure may be called: its definition, its years, and labels of its codes."""
        figure = self.figures.get(name)
        names = {self.definitions.get(name, name)}
        for field, code in self._codes.get(name, ()):
            names.add(self.find_label(field, code) or code)
            names.add(self.find_label(field, code, short=True) or "")
            if field == "hour":
                names.add(code.lstrip("0") or "0")
        if figure is not None:
            specs = filter(None, (figure.population, figure.of))
            names |= {str(spec.period.start.year) for spec in specs}
            if figure.kind == "top":
                places = (figure.code, *figure.tied)
                names |= {self.find_label(figure.by[0], code) or "" for code in places if code}
            for condition in figure.population.conditions:
                labels = [
                    self.find_label(condition.field, term) or term for term in condition.terms
                ]
                names |= {", ".join(labels), *labels}
        return {plain(name) for name in names if name}

    def is_called(self, text: str, name: str) -> bool:
        """Whether a text is a name of a figure, or as much of one as has room."""
        text, names = plain(text), self.names(name)
        if text.endswith("…"):
            return any(full_name.startswith(text[:-1].strip()) for full_name in names)
        if any(full_name == text or full_name.endswith(f" {text}") for full_name in names):
            return True
        # Only the definition has the name of a group of codes, and of a code without a file.
        return not self.has_label(name) and text in plain(self.definitions.get(name, name))

    def has_label(self, name: str) -> bool:
        """Whether the open data has the name of a code that a figure stands for."""
        return any(self.find_label(*pair) for pair in self._codes.get(name, ()))

    # Rows

    def check_heads(
        self, file: str, place: str, exhibit: Exhibit, columns: Sequence[tuple[str, str]]
    ) -> Iterator[Misreading]:
        """Yield each head of a column that doesn't fit its figure; `columns` are pairs of these.

        The head of a column of a cross-table is its code. Another has its year if any, and tells
        shares from other figures where a table has both.
        """
        figures = self.ledger.figures
        known = [(head, figures[name]) for head, name in columns if name in figures]
        is_mixed = len({figure.kind == "share" for _, figure in known}) > 1
        for head, figure in known:
            years, says_share = YEAR.findall(head), SHARE[self.language] in plain(head)
            if len(self.fields_of(exhibit)) > 1:
                is_right = plain(head) in self.names(figure.id)
            elif is_mixed and says_share != (figure.kind == "share"):
                is_right = False
            else:
                is_right = not years or str(figure.population.period.start.year) in years
            if not is_right:
                yield Misreading(file, place, figure.id, head, "the column's own name")

    def find_exhibit(self, name: str) -> Exhibit:
        """The chart or the table of which an element of the page is called, or an empty one."""
        name = name.removesuffix(".rows").removesuffix(".table-of-chart")
        charts = self.ledger.charts
        return self.ledger.tables.get(name) or charts.get(name, Chart(id=name, kind="own"))

    def find_chart(self, name: str) -> Chart | None:
        """A chart by its id; that of the totals of other years has these as its figures."""
        points = self.ledger.trend.points if self.ledger.trend else ()
        totals = tuple(point.id for point in points if f"trend.{point.noun}" == name)
        trend = Chart(id=name, kind="trend", figures=totals) if totals else None
        return self.ledger.charts.get(name, trend)

    def breakdowns_of(self, exhibit: Exhibit) -> list[Breakdown]:
        """The series or the cross-table that a chart or a table shows; figures alone are none."""
        known = self.ledger.breakdowns
        return [known[name] for name in exhibit.breakdowns if name in known]

    def fields_of(self, exhibit: Exhibit) -> Sequence[str]:
        """The field of the rows of a chart or a table, and that of its columns if any."""
        return next((breakdown.by for breakdown in self.breakdowns_of(exhibit)), ())

    def figures_of(self, exhibit: Exhibit) -> list[str]:
        """The figures that a chart or a table shows."""
        return [name for row in self.list_rows(exhibit) for name in row.figures if name]

    def list_main_figures(self, chart: Chart) -> list[str]:
        """The figures of a chart's first series, or those that it shows by themselves."""
        series = self.ledger.breakdowns.get(chart.breakdown or "")
        return [member.figure for member in series.members] if series else [*chart.figures]

    def list_rows(self, exhibit: Exhibit) -> list[Row]:
        """The rows of a chart's table or of a table, in the order of the codes.

        The figure of a cell that a series or a cross-table hasn't got is empty. Beside a figure by
        itself stands the year before.
        """
        breakdowns, known = self.breakdowns_of(exhibit), self.ledger.figures
        if not breakdowns:
            return [
                Row(
                    self.definitions.get(name, name),
                    tuple(year for year in (name, f"{name}.previous") if year in known),
                )
                for name in exhibit.figures
                if name in known
            ]
        figures: dict[str, dict[str, str]] = {}
        columns: dict[str, str] = {}
        for breakdown in breakdowns:
            for member in breakdown.members:
                column = member.codes[1] if breakdown.is_crossed else breakdown.id
                figures.setdefault(member.codes[0], {})[column] = member.figure
                columns[column] = ""
        field = breakdowns[0].by[0]
        return [
            Row(self.find_label(field, code) or code, tuple((columns | row).values()))
            for code, row in figures.items()
        ]

    def list_rows_of_page(self, table: str) -> list[Row]:
        """The rows of a table of the page, by its id; none of what has no figures.

        A row of a file has its name as its head. No head of a campaign's rows is known.
        """
        if rows := self.list_rows(self.find_exhibit(table)):
            return rows
        name, ledger = table.removesuffix(".rows"), self.ledger
        if missing := ledger.missing.get(name):
            return [Row("", (figure,)) for _, figure in missing.figures]
        placed: dict[str, CampaignEffects] = {}
        for each in (each for group in ledger.campaigns.values() for each in group.effects):
            # That of a second chapter is called after its figures.
            first, second = f"campaign.{each.campaign}", each.contacts.removesuffix(".contacts")
            placed[second if first in placed else first] = each
        rows = [
            Row("", tuple(getattr(placed[name], part) or "" for part in parts))
            for parts in OF_CAMPAIGNS
            if name in placed and getattr(placed[name], parts[0])
        ]
        for quality in ledger.quality.values():
            for file in quality.files:
                # The table of the first edition is called after the whole.
                is_first = file.edition == quality.files[0].edition
                if name == (quality.id if is_first else f"{quality.id}.{file.edition}"):
                    rows.append(Row(file.file, tuple(getattr(file, part) for part in OF_FILES)))
        return rows
