"""Read the rows and the total row of a block into figures of traffic."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from helpline_report.errors import nearest
from helpline_report.exports.cell_texts import plain, shape
from helpline_report.exports.faults import Findings
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.input_files import InputFile
from helpline_report.parameters.layouts import WebFolder
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_service import THOUSANDS, Dimension, service, simple
from helpline_report.web_analytics.web_export import WITHHELD, Block, WebExport, WebLine

SHOWN_LABELS = 6
# The code of an open list for labels that are withheld: several rows may have it.
OTHER = "other"
# Whether the day or the month comes first, the rows themselves decide (`_parse_days`).
DATE_FORMATS = (
    *("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%d.%m.%y"),
)
# A day of eight digits, or of three parts.
DAY = re.compile(r"\d{8}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}", re.ASCII)
MONTH = re.compile(r"([12]\d{3})[-/ ]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])", re.ASCII)
FREQUENCIES = {"day": "D", "month": "M", "year": "Y"}
NTH = re.compile(r"\d{1,4}", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")


class Subject(NamedTuple):
    """What a figure counts: two figures of one subject must be equal.

    `grain` is `year`, `month` or `day`; `codes` are pairs of dimension and code, in order. `part`
    numbers rows that have one code and make one figure together.
    """

    measure: str
    grain: str
    start: dt.date
    end: dt.date
    codes: tuple[tuple[str, str], ...]
    part: int = 0


class WebFigure(NamedTuple):
    """One figure of an export, with the line that it stands on."""

    subject: Subject
    value: int
    line: int


@dataclass
class WebReport:
    """An export, the file that the parameters name, and what was read from it.

    `outcomes` are those of the lines: `used`, or `repaired` or `excluded` with a code or a reason.
    `notes` say what was left out that somebody may miss.
    """

    export: WebExport
    file: InputFile[WebFolder]
    figures: list[WebFigure] = field(default_factory=list)
    outcomes: dict[int, str] = field(init=False)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outcomes = {line.number: "excluded unused" for line in self.export.lines}


@dataclass
class _MeasuredColumn:
    """A column of a measure: its place, and the numbers of the rows.

    With `overlap` one visitor or session may be in several rows.
    """

    place: int
    measure: str
    overlap: bool
    numbers: list[int] = field(default_factory=list)


@dataclass
class BlockReader:
    """Reads one block of an export into figures of the report.

    Refuses rows of another length (B25, B26), what is no whole number (B35), dates that aren't of
    the period (B42, B68), unknown labels (B59), totals that don't agree with their rows, two total
    rows (B18), and users of months that were added up (B67).
    """

    report: WebReport
    lists: Mapping[str, CodeList]
    block: Block

    def __post_init__(self) -> None:
        self.export, self.layout = self.report.export, self.report.file.layout
        self._period = self.report.file.edition.period
        self.heading = self.block.heading
        # The layout gives these codes to each row of this property.
        self._property_codes = self.layout.properties.get(self.export.property_ or "", {})
        self._findings: Findings = self.export.findings
        # How many rows have a withheld label.
        self._withheld = 0

    def read(self) -> None:
        """Read the rows, then the total row."""
        problems = self._findings.counted.total()
        columns = self._find_measured_columns()
        if columns:
            self._check_lengths()
        if not columns or self._findings.counted.total() > problems:
            return
        for row, subject in zip(self.block.rows, self._list_row_subjects(), strict=True):
            for column in columns:
                value = self._parse_number(row, column)
                if value is not None:
                    column.numbers.append(value)
                    self._add(column, subject, value, row)
        if self._findings.counted.total() == problems:
            self._read_totals(columns)

    def _make_subject(
        self,
        codes: Mapping[str, str] | None = None,
        *,
        grain: str = "year",
        days: Period | None = None,
    ) -> Subject:
        """What a row is about, without its measure; of the whole period if no days are given."""
        days, all_codes = days or self._period, {**self._property_codes, **(codes or {})}
        return Subject("", grain, days.start, days.end, tuple(sorted(all_codes.items())))

    def _note(self, what: str) -> None:
        self.report.notes.append(f"{self.export.file}:{self.block.line}: {what}")

    def _find_measured_columns(self) -> list[_MeasuredColumn]:
        names = self.heading.metrics
        users = next((name for name in self.layout.users if name in names.values()), None)
        columns: dict[str, _MeasuredColumn] = {}
        for place, name in names.items():
            measure = "users" if name == users else service().metrics[name].measure
            if measure is not None:
                # In GA4 a visit that lasts past midnight is a session of both days.
                two_days = measure == "sessions" and self.export.kind == "ga4"
                columns.setdefault(
                    measure, _MeasuredColumn(place, measure, measure == "users" or two_days)
                )
        return list(columns.values())

    def _check_lengths(self) -> None:
        width = len(self.heading.names)
        for row in (*self.block.rows, *self.block.totals):
            cells = list(row.cells)
            # A total may say in a cell of its own that it is one.
            while len(cells) > width and (not cells[-1].strip() or row in self.block.totals):
                cells.pop()
            if len(cells) != width:
                code = "B25" if len(cells) > width else "B26"
                line = row.number
                self._findings.add(code, "block", line=line, fields=len(cells), due=width)

    def _list_row_subjects(self) -> Sequence[Subject | None]:
        """What each row is about; None for a row that gives no figure of its own."""
        rows = self.block.rows
        no_subjects = [None] * len(rows)
        if not self.heading.dimensions:
            return [self._make_subject() for _ in rows]
        if self.heading.only_dimension is None:
            return no_subjects
        at, name, dimension = self.heading.only_dimension
        if dimension.grain is not None:
            return self._list_row_periods(at, dimension)
        field_name = self.layout.field_of(name)
        if field_name is None or field_name in self._property_codes:
            return no_subjects
        if dimension.never and dimension.never in {row.cells[at].strip() for row in rows}:
            self._note(
                "these are the sources of all visits, and are left out: export this table by "
                "source and medium, or of referrals alone"
            )
            return no_subjects
        return [self._read_label(row, at, field_name, dimension.only) for row in rows]

    def _list_row_periods(self, at: int, dimension: Dimension) -> Sequence[Subject | None]:
        rows, period, grain = self.block.rows, self._period, str(dimension.grain)
        if grain == "week":
            self._note(
                "figures by week are left out, since weeks don't make months: export this table by "
                "day or by month"
            )
            return [None] * len(rows)
        texts = [row.cells[at].strip() for row in rows]
        periods: Sequence[Period | None] | None
        if grain == "day" and not dimension.nth:
            periods = _parse_days(texts, period)
        else:
            periods = [_parse_row(text, dimension, period) for text in texts]
        if periods is None:
            title = self.heading.names[at]
            self._findings.add("B42", "block", line=self.block.line, column=title, period=period)
            return [None] * len(rows)
        for row, days in zip(rows, periods, strict=True):
            if days is None:
                self._refuse(row, at, "B68", "outside", period=period)
        # A year that isn't the whole period has no figure.
        return [
            self._make_subject(grain=grain, days=days)
            if days and (grain != "year" or days == period)
            else None
            for days in periods
        ]

    def _read_label(
        self, row: WebLine, at: int, field_name: str, only: str | None
    ) -> Subject | None:
        """What a row with a label is about; in an open list a label without code is a code."""
        text, labels = row.cells[at], self.layout.dimensions[field_name].codes
        if only is not None:
            text, _, kind = text.rpartition("/")
            if plain(kind) != only:
                return None
        code = {plain(label): code for label, code in labels.items()}.get(plain(text))
        if code is None and simple(text) in map(simple, service().collapsed):
            self.report.outcomes[row.number] = "excluded B66"
            return None
        is_open = self.lists[field_name].open
        if is_open and plain(text) == WITHHELD:
            self.report.outcomes[row.number] = "excluded B80"
            self._withheld += 1
            return self._make_subject({field_name: OTHER})._replace(part=self._withheld)
        if is_open:
            return self._make_subject({field_name: code or plain(text)})
        if code is None:
            hint = nearest(text.strip(), list(labels)) if text.strip() else ""
            few = ", ".join(labels) if len(labels) <= SHOWN_LABELS else "a label of the layout"
            self._refuse(row, at, "B59", "label", is_none="is no", hint=hint, labels=few)
            return None
        if text not in labels:
            self.report.outcomes[row.number] = "repaired B61"
        return self._make_subject({field_name: code})

    def _refuse(self, row: WebLine, at: int, code: str, case: str, **values: Any) -> None:
        title, text = self.heading.names[at], shape(row.cells[at])
        self._findings.add(code, case, line=row.number, column=title, shape=text, **values)

    def _add(
        self, column: _MeasuredColumn, subject: Subject | None, value: int, row: WebLine
    ) -> None:
        """Add the figure of a row, but not users of several rows with withheld labels (B80)."""
        if subject is None or (subject.part and self._withheld > 1 and column.overlap):
            return
        self.report.figures.append(
            WebFigure(subject._replace(measure=column.measure), value, row.number)
        )
        if subject.part:
            self.report.outcomes[row.number] = "repaired B80"
        elif not self.report.outcomes[row.number].startswith("repaired"):
            self.report.outcomes[row.number] = "used"

    def _parse_number(self, row: WebLine, column: _MeasuredColumn) -> int | None:
        marks = THOUSANDS | {"layout": self.layout.thousands or ""}
        value = parse_count(row.cells[column.place], self.heading.languages, marks)
        if value is None:
            self._refuse(row, column.place, "B35", "count")
        return value

    def _read_totals(self, columns: Sequence[_MeasuredColumn]) -> None:
        """Compare the total row with the rows, and keep it where it is of the whole period."""
        if len(self.block.totals) > 1:
            self._findings.add("B18", "two", line=self.block.totals[1].number)
        for row in self.block.totals[:1]:
            self.report.outcomes[row.number] = "excluded B18"
            for column in columns:
                values, total = column.numbers, self._parse_number(row, column)
                if total is None:
                    continue
                least = max(values, default=total) if column.overlap else sum(values)
                name, line = self.heading.names[column.place], row.number
                if not values or least <= total <= sum(values):
                    self._add_total(row, column, total)
                else:
                    case = "out_of_bounds" if column.overlap else "no_sum"
                    self._findings.add("B18", case, line=line, column=name)

    def _add_total(self, row: WebLine, column: _MeasuredColumn, total: int) -> None:
        """Add the total as a figure of the whole period, if it is of all visits and no sum."""
        if not self.heading.covers_all_visits or not self.block.rows:
            return
        # If one row alone has users, the total equals it and is no sum.
        has_several = sum(value > 0 for value in column.numbers) > 1
        added_up = column.measure == "users" and has_several and total == sum(column.numbers)
        dimension = self.heading.only_dimension
        if not added_up or self.heading.visitor_places:
            self._add(column, self._make_subject(), total, row)
        elif dimension is not None and dimension[2].grain == "month":
            name = self.heading.names[column.place]
            self._findings.add("B67", line=row.number, column=name)


def parse_count(
    text: str, languages: Iterable[str], marks: Mapping[str, str] = THOUSANDS
) -> int | None:
    """A whole number as one of the languages writes it, where all that can read it agree.

    `2.546` of a Dutch header is two thousand five hundred and forty-six, and of an English one it
    is no count. `marks` are how languages group thousands; '' never does.
    """
    digits = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if re.fullmatch(r"\d{1,15}", digits, re.ASCII):
        return int(digits)
    counts = set()
    for mark in filter(None, (marks.get(name) for name in languages)):
        if re.fullmatch(rf"\d{{1,3}}({re.escape(mark)}\d{{3}}){{1,4}}", digits, re.ASCII):
            counts.add(int(digits.replace(mark, "")))
    return counts.pop() if len(counts) == 1 else None


def _parse_days(texts: Sequence[str], period: Period) -> list[Period] | None:
    """The day of each row, by the one way of writing that puts all in the period; None if none."""
    texts = [MIDNIGHT.sub("", text) for text in texts]
    fitting: list[list[dt.date]] = []
    for date_format in DATE_FORMATS if all(map(DAY.fullmatch, texts)) else ():
        try:
            days = [dt.datetime.strptime(text, date_format).date() for text in texts]  # noqa: DTZ007
        except ValueError:
            continue
        if all(map(period.holds, days)) and days not in fitting:
            fitting.append(days)
    if len(fitting) > 1:
        one_day = dt.timedelta(days=1)
        fitting = [days for days in fitting if all(b - a == one_day for a, b in pairwise(days))]
    return [Period(start=day, end=day) for day in fitting[0]] if len(fitting) == 1 else None


def _parse_row(text: str, dimension: Dimension, period: Period) -> Period | None:
    """The days of a row's day, month or year: counted from the first of the period, or named."""
    parts, in_one_year = MONTH.fullmatch(text), period.start.year == period.end.year
    try:
        if dimension.nth and NTH.fullmatch(text):
            days = pd.Period(period.start, FREQUENCIES[str(dimension.grain)]) + int(text)
        elif dimension.nth or dimension.grain == "day":
            return None
        elif dimension.grain == "year" and YEAR.fullmatch(text):
            days = pd.Period(year=int(text), freq="Y")
        # A month without its year is one month only where the period lies in one year.
        elif dimension.grain == "month" and parts is not None and (parts[1] or in_one_year):
            year, month = int(parts[1] or period.start.year), int(parts[2] or parts[3])
            days = pd.Period(year=year, month=month, freq="M")
        else:
            return None
        start, end = days.start_time.date(), days.end_time.date()
    except ValueError:
        return None
    if start > period.end or end < period.start:
        return None
    return Period(start=max(start, period.start), end=min(end, period.end))
