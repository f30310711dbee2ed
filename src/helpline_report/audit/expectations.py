"""Say what the released ledger expects the files of an edition to say: numbers, names, rows.

What reads an edition back shares nothing with what wrote it: numbers are rounded and grouped here
a second time, and names of codes come from the open data, which is read back too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from babel.dates import get_day_names, get_month_names

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Figure, ReportTable

NUMERAL = re.compile(r"(?:(?<!\w)[-−+])?\d[\d.,]*(?<=\d)")
DIGIT = re.compile(r"\d")
# Between thousands, and before decimals.
MARKS = {"nl": (".", ","), "en": (",", ".")}
LOCALES = {"nl": "nl_BE", "en": "en_GB"}
# What a text by a form says of a figure, in its order; any other says the value.
SAYS = {
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "counts": ("numerator", "denominator"),
    "counted": ("numerator",),
    "from_to": ("denominator", "numerator"),
    "interval": ("level", "low", "high"),
    "range": ("low", "high"),
}
# Forms of a change: the difference of its two counts, and the change itself.
CHANGES = ("change", "more_less", "finding")
# Forms that need no digits.
WORDS = (
    "words",
    "noun_words",
    "mostly",
    "ordinal",
    "place",
    "what",
    "size",
    "of",
    "of_these",
    "also",
)
IN_WORDS = ("rank", "flag")


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
    """A row of a chart or a table: a code of a field, and a figure a column."""

    field: str
    code: str
    figures: tuple[str | None, ...]


def plain(text: str) -> str:
    """A text for comparison: without case, and with single spaces."""
    return " ".join(text.casefold().removeprefix("'").split())


def bare_numerals(*texts: str) -> set[str]:
    """The numbers that texts write in digits, without their signs and without zeros in front."""
    tokens = (token.lstrip("-−+") for text in texts for token in NUMERAL.findall(text))
    return {token.lstrip("0") or "0" if token.isdigit() else token for token in tokens}


def has_number(figure: Figure) -> bool:
    """Whether a figure has a value that is a number."""
    return figure.value is not None and not isinstance(figure.value, str)


@dataclass
class Expectations:
    """What a ledger expects of the files of an edition in one language.

    `labels` name codes by field and code, `definitions` name figures; both come from the open data.
    `words` are the numbers that stand in the parameters and in what others printed.
    """

    ledger: Ledger
    language: str = "nl"
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def number(self, value: float, decimals: int) -> str:
        """The size of a number, rounded half up, as the language groups and marks it."""
        size = Decimal(f"{abs(value):.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        thousands, mark = MARKS[self.language]
        whole, _, rest = f"{size:,}".partition(".")
        return whole.replace(",", thousands) + (mark + rest if rest else "")

    def read_number(self, token: str) -> float:
        """The number that a numeral of the language writes."""
        thousands, mark = MARKS[self.language]
        digits = token.replace(thousands, "").replace(mark, ".").replace("−", "-")
        return float(digits) if digits.count(".") <= 1 else float("nan")

    def parts(self, figure: Figure) -> dict[str, float | None]:
        """The numbers that a figure has, by what they are."""
        interval, exposure = figure.interval, figure.exposure
        above, below = figure.numerator, figure.denominator
        numbers = {
            "value": None if isinstance(figure.value, str) else figure.value,
            "numerator": above,
            "denominator": below,
            "difference": None if above is None or below is None else abs(above - below),
        }
        if interval is not None:
            ends = {"low": interval.low, "high": interval.high, "level": interval.level * 100}
            numbers |= ends | {"dispersion": interval.dispersion}
        if exposure is not None:
            numbers |= {"exposure": exposure.of, "exposure_against": exposure.against}
            if above is not None and below and exposure.against:
                # What a flag judges.
                numbers["ratio"] = above * exposure.against / (below * exposure.of)
        return numbers

    def misread_text(self, text: str, name: str, form: str) -> str:
        """What a text of prose by a form should say; nothing where it says that."""
        figure = self.ledger.figures[name]
        parts = SAYS.get(form, ("value",))
        if form in CHANGES and figure.unit == "percent change":
            parts = ("difference", "value")
        # Of nothing it is said in words: 'geen contactnames', 'evenveel'.
        if not figure.value and not DIGIT.search(text):
            return ""
        return "" if form in WORDS or form == "fraction" else self.misread(text, name, parts, form)

    def misread(
        self,
        text: str,
        name: str,
        parts: Sequence[str] = ("value",),
        form: str | None = None,
        *,
        among: bool = False,
    ) -> str:
        """What a text about a figure should say; nothing where it says that.

        `form` is that of prose, where a change may stand without its sign; a cell has none. The
        numbers stand in their order, and `among` others where that is allowed.
        """
        figure = self.ledger.figures[name]
        # Over how many days nothing could be counted is known all the same.
        if figure.value is None and not all(part.startswith("exposure") for part in parts):
            return "no number" if DIGIT.search(text) else ""
        if parts == ("value",) and (isinstance(figure.value, str) or figure.unit in self._names):
            return self._misread_word(text, figure, form)
        tokens, wanted, others = NUMERAL.findall(text), [], []
        for part in parts:
            value = self.parts(figure).get(part)
            if value is None:
                return f"no number, since it has no {part}" if DIGIT.search(text) else ""
            wanted.append(self.number(value, self._decimals(tokens[0] if tokens else "")))
            at = next((at for at, t in enumerate(tokens) if self._says(t, value, form)), None)
            if at is None:
                return f"{' and '.join(wanted)} ({part})"
            others += tokens[:at]
            tokens = tokens[at + 1 :]
        known = among or bare_numerals(*others, *tokens) <= bare_numerals(*self.names(name))
        return "" if known else f"{' and '.join(wanted)} alone"

    def unexplained(self, text: str, figures: Collection[str]) -> list[str]:
        """The numbers of a text that are of no figure of some, no name of theirs and no word."""
        tokens = [t for t in NUMERAL.findall(text) if not bare_numerals(t) <= self.words]
        known = [self.ledger.figures[name] for name in figures if name in self.ledger.figures]
        values = [value for f in known if f.value is not None for value in self.parts(f).values()]
        numbers = [value for value in values if value is not None]
        tokens = [t for t in tokens if not any(self._says(t, value, "text") for value in numbers)]
        names = bare_numerals(*(each for f in known for each in self.names(f.id))) if tokens else ()
        return [token for token in tokens if not bare_numerals(token) <= set(names)]

    def _says(self, token: str, value: float, form: str | None) -> bool:
        sign, size = (token[0], token[1:]) if token[0] in "-−+" else ("", token)
        decimals = self._decimals(token)
        written = self.number(value, decimals)
        nothing = self.read_number(written) == 0
        # What would be written as nothing is less than the smallest that one could write.
        tiny = form is not None and nothing and value != 0
        if size != written and not (tiny and size == self.number(10**-decimals, decimals)):
            return False
        if sign:
            return (sign == "+") == (value > 0) or nothing
        return value >= 0 or form is not None

    def _decimals(self, token: str) -> int:
        return len(token.partition(MARKS[self.language][1])[2])

    @cached_property
    def _names(self) -> Mapping[str, Mapping[int, str]]:
        locale = LOCALES[self.language]
        days = {number + 1: name for number, name in get_day_names("wide", locale=locale).items()}
        months = dict(get_month_names("wide", locale=locale))
        return {"month": months, "weekday": days, "rank": {}, "flag": {}}

    def _misread_word(self, text: str, figure: Figure, form: str | None) -> str:
        if figure.unit in IN_WORDS or form in WORDS or not figure.by:
            return ""
        code = str(figure.value)
        name = self.label(figure.by[0], code) or code
        is_named = plain(name) in plain(text) or (figure.unit in self._names and code in text)
        return "" if is_named else f"'{name}'"

    def label(self, field: str, code: str) -> str | None:
        """The name of a code, where the open data has it."""
        if field in ("month", "weekday"):
            year, _, number = code.rpartition("-")
            return f"{self._names[field][int(number)]} {year}".rstrip()
        return self.labels.get((field, code))

    @cached_property
    def _codes(self) -> dict[str, list[tuple[str, str]]]:
        """The fields and codes that each figure of a series or a cross-table stands for."""
        codes: dict[str, list[tuple[str, str]]] = {}
        for series in self.ledger.series.values():
            for member in series.members:
                codes.setdefault(member.figure, []).append((series.by, member.code))
        for table in self.ledger.crosstabs.values():
            for cell in table.cells:
                both = [(table.rows, cell.row), (table.columns, cell.column)]
                codes.setdefault(cell.figure, []).extend(both)
        return codes

    def names(self, name: str) -> set[str]:
        """All that a figure may be called: its definition, and the labels of its codes."""
        figure = self.ledger.figures.get(name)
        names = {self.definitions.get(name, name)}
        for by, code in self._codes.get(name, ()):
            names |= {self.label(by, code) or code, self._short(by, code)}
        for spec in (figure.population, figure.of) if figure else ():
            names |= {str(spec.period.start.year)} if spec else set()
        for condition in figure.population.conditions if figure else ():
            labels = [self.label(condition.field, each) or each for each in condition.given]
            names |= {", ".join(labels), *labels}
        return {plain(each) for each in names if each}

    def _short(self, by: str, code: str) -> str:
        """The label of a code where there is little room."""
        locale = LOCALES[self.language]
        year, _, number = code.rpartition("-")
        if by == "month":
            name = str(get_month_names("abbreviated", locale=locale)[int(number)])
            return f"{name.rstrip('.')} {year}".rstrip()
        if by == "weekday":
            names = get_day_names("abbreviated", locale=locale)
            return str(names[int(code) - 1]).rstrip(".")
        return str(int(code)) if by == "hour" and code.isdigit() else ""

    def is_called(self, text: str, name: str) -> bool:
        """Whether a text is a name of a figure, or as much of one as found room."""
        text, names = plain(text), self.names(name)
        if text.endswith("…"):
            return any(each.startswith(text[:-1].strip()) for each in names)
        if any(each == text or each.endswith(f" {text}") for each in names):
            return True
        # A group of codes is told by its definition alone.
        return not self._codes.get(name) and text in plain(self.definitions.get(name, name))

    def rows(self, part: Chart | ReportTable) -> list[Row]:
        """The rows of a chart's table or of a table, in the order of the codes."""
        ledger = self.ledger
        if part.crosstab is not None:
            table = ledger.crosstabs[part.crosstab]
            known = {(cell.row, cell.column): cell.figure for cell in table.cells}
            codes = dict.fromkeys(cell.column for cell in table.cells)
            return [
                Row(table.rows, row, tuple(known.get((row, column)) for column in codes))
                for row in dict.fromkeys(cell.row for cell in table.cells)
            ]
        series = [ledger.series[name] for name in part.columns if name in ledger.series]
        if not series:
            return [Row("", name, (name,)) for name in part.figures if name in ledger.figures]
        columns = [{member.code: member.figure for member in each.members} for each in series]
        return [
            Row(series[0].by, code, tuple(column.get(code) for column in columns))
            for code in dict.fromkeys(code for column in columns for code in column)
        ]

    def figures_of(self, part: Chart | ReportTable | None) -> Iterator[str]:
        """The figures that a chart or a table shows."""
        rows: Iterable[Row] = self.rows(part) if part is not None else ()
        yield from (name for row in rows for name in row.figures if name)
        if isinstance(part, ReportTable) and part.total is not None:
            yield part.total
