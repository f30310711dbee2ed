"""The figures of one web analytics report: what each counts, of when, and where it stands."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from helpline_report.exports.reports import BlockText, Report
from helpline_report.exports.shapes import plain, shape
from helpline_report.exports.web.banner import concerns_of, is_collapsed, property_of
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.report_layouts import Block, Measure, ReportFile
from helpline_report.parameters.values import Period
from helpline_report.tables.labels import label_reader, open_reader
from helpline_report.tables.numbers import count_reader
from helpline_report.tables.reading import Reading
from helpline_report.tables.values import EPOCH, date_pattern, date_reader
from helpline_report.tables.web_claims import (
    acknowledge_concerns,
    acknowledge_other,
    refuse_other_property,
)

TOTAL_STEP = "export the report again: rows are missing, or were changed"


class Place(NamedTuple):
    """What a row of a report is about: its grain, its first and last day, its dimensions."""

    grain: str
    start: dt.date
    end: dt.date
    dimensions: tuple[tuple[str, str], ...]


class What(NamedTuple):
    """What a figure counts: two figures of the same must be equal."""

    measure: str
    place: Place


@dataclass(frozen=True)
class Entry:
    """One figure of a report, with the line that it stands on.

    `at` tells the rows of one file apart; two sheets of a workbook may both have a row 7.
    """

    what: What
    value: int
    line: int
    at: int


@dataclass
class Entries:
    """The figures of one report.

    `totals` are total rows that were checked and not kept, `unused` the rows that the layout leaves
    out, `collapsed` those that stand for several values together. `notes` tell what somebody may
    miss.
    """

    found: list[Entry] = field(default_factory=list)
    mended: set[int] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)
    unused: set[int] = field(default_factory=set)
    collapsed: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Setting:
    """What reports are read against; the property and time zone where the parameters name them."""

    period: Period
    lists: Mapping[str, CodeList]
    property_: str | None = None
    time_zone: str | None = None


def entries_of(report: Report, layout: ReportFile, setting: Setting) -> Entries:
    """Every figure of a report that can be read; what can't is in the report's findings.

    Refuses another property or period than the edition's (B68), unknown labels (B59), what is no
    whole number (B35), total rows that don't agree with their rows (B18), and users of months that
    were added up (B67). What is sampled, thresholded or collapsed waits to be acknowledged (B66).
    """
    entries = Entries()
    if report.findings.problems or not _of_period(report, layout, setting.period):
        return entries
    if setting.property_ is not None:
        refuse_other_property(
            report.findings, property_of(report.banner), [setting.property_], line=1
        )
    for block in layout.blocks:
        into = entries if block.unused is None else Entries()
        _BlockReader(report, layout, block, setting, into).read()
        if block.unused is not None:
            entries.totals |= into.totals
            entries.unused |= {entry.line for entry in into.found}
    figures = len({entry.line for entry in entries.found})
    acknowledge_concerns(report.findings, concerns_of([*enumerate(report.banner, 1)]), figures)
    acknowledge_other(report.findings, sorted(entries.collapsed))
    return entries


def _of_period(report: Report, layout: ReportFile, period: Period) -> bool:
    day = re.sub(r"\?P<\w>", "?:", date_pattern(layout.period))
    read = date_reader(layout.period)
    spans = [re.search(rf"({day})\s*-\s*({day})", line) for line in report.banner]
    found = next((span for span in spans if span is not None), None)
    if found and (_day(read(found[1])), _day(read(found[2]))) == (period.start, period.end):
        return True
    report.findings.refuse(
        "B68",
        f"the banner {'names another period' if found else 'names no period'}",
        line=1,
        expected=f"{period.start} to {period.end}",
        next_step="export the report over the edition's period",
    )
    return False


def _day(reading: Reading) -> dt.date | None:
    return None if reading.fault else EPOCH + dt.timedelta(days=reading.value)


class _BlockReader:
    """Reads one block of a report into entries."""

    def __init__(
        self,
        report: Report,
        layout: ReportFile,
        block: Block,
        setting: Setting,
        entries: Entries,
    ) -> None:
        self.findings = report.findings
        self.text: BlockText = report.blocks[block.column]
        self.block = block
        self.period = setting.period
        self.where = dict(layout.where)
        self.entries = entries
        self.count = count_reader(layout.numbers)
        self.first = _first_column(block, setting.lists)

    def read(self) -> None:
        """Read the rows, then hold the total row against them."""
        places = [self._place(at) for at in range(len(self.text.lines))]
        for column, measure in self.block.measures.items():
            values = []
            for at, text in enumerate(self.text.columns[column]):
                line, place = self.text.lines[at], places[at]
                value = self._value(text, line, column)
                if value is not None and (place is not None or line in self.entries.collapsed):
                    values.append(value)
                if value is not None and place is not None:
                    self._add(measure, place, value, line)
            if len(values) == len(places):
                self._total(column, measure, values)

    def _place(self, at: int) -> Place | None:
        """What a row is about, or None where that can't be read."""
        block, line = self.block, self.text.lines[at]
        text = self.text.columns[block.column][at]
        if block.dimension is not None and is_collapsed(text) and not self._is_named(text):
            self.entries.collapsed.add(line)
            return None
        reading, code = self.first(text)
        if reading.fault:
            self.findings.refuse(
                reading.fault,
                f"{shape(text)} {reading.what}",
                line=line,
                column=block.column,
                expected=reading.expected,
                next_step=reading.next_step,
            )
            return None
        if reading.repair:
            self.entries.mended.add(line)
        if block.dimension is not None:
            return self._whole({**self.where, block.dimension: code})
        day = EPOCH + dt.timedelta(days=reading.value)
        start, end = max(day, self.period.start), min(_last(day, block.grain), self.period.end)
        if end < start:
            what = f"{shape(text)} lies outside the period"
            expected = f"{self.period.start} to {self.period.end}"
            self.findings.refuse("B68", what, line=line, column=block.column, expected=expected)
            return None
        return Place(block.grain, start, end, tuple(sorted(self.where.items())))

    def _is_named(self, text: str) -> bool:
        """Whether the layout gives a label a code of its own."""
        return plain(text) in {plain(label) for label in self.block.codes}

    def _whole(self, dimensions: Mapping[str, str]) -> Place:
        """The whole period, as its year."""
        start, end = self.period.start, self.period.end
        return Place("year", start, end, tuple(sorted(dimensions.items())))

    def _value(self, text: str, line: int, column: str) -> int | None:
        value = self.count(text)
        if value is None:
            what = f"{shape(text)} is no whole number"
            step = "export the report again, or say in the layout how it writes numbers"
            self.findings.refuse("B35", what, line=line, column=column, next_step=step)
        return value

    def _total(self, column: str, measure: Measure, values: list[int]) -> None:
        """Check the total row; keep it as the figure of the period where the layout says so."""
        assert self.text.total is not None  # noqa: S101 - a report without one is refused
        line = self.text.total_line
        total = self._value(self.text.total[column], line, column)
        if total is None:
            return
        if measure.total == "sum" and total != sum(values):
            what = "the total row isn't the sum of the rows above it"
            self.findings.refuse("B18", what, line=line, column=column, next_step=TOTAL_STEP)
        elif not max(values) <= total <= sum(values):
            what = "the total row is below the largest row, or above the sum of all rows"
            self.findings.refuse("B18", what, line=line, column=column, next_step=TOTAL_STEP)
        elif self._is_added_up(measure, total, values):
            self.findings.refuse(
                "B67",
                "the users of the year are the sum of the rows above them",
                line=line,
                column=column,
                expected="users of the whole period, in which who comes back counts once",
                next_step="export the users of the whole period; see docs/web-analytics.md",
            )
        if self.block.total_is_year:
            self._add(measure, self._whole(self.where), total, line)
        else:
            self.entries.totals.add(line)

    def _is_added_up(self, measure: Measure, total: int, values: list[int]) -> bool:
        """Whether the users of the year are those of several months, added up."""
        claimed = self.block.total_is_year and measure.measure == "users"
        return claimed and total == sum(values) and sum(value > 0 for value in values) > 1

    def _add(self, measure: Measure, place: Place, value: int, line: int) -> None:
        self.entries.found.append(Entry(What(measure.measure, place), value, line, line))


def _first_column(
    block: Block, lists: Mapping[str, CodeList]
) -> Callable[[str], tuple[Reading, str]]:
    """A reader of the first column: days since 1970 for times, a code for a dimension."""
    if block.dates is not None:
        dates = date_reader(block.dates)
        return lambda text: (dates(text), "")
    assert block.dimension is not None  # noqa: S101 - the layout's schema says so
    codes = lists[block.dimension]
    if codes.open:
        own = open_reader(block.codes)
        return lambda text: (Reading(0), own(text))
    order = codes.order
    closed = label_reader(block.codes, None, order)

    def read(text: str) -> tuple[Reading, str]:
        reading = closed(text)
        return reading, "" if reading.fault else order[reading.value]

    return read


def _last(day: dt.date, grain: str) -> dt.date:
    """The last day of the day, month or year that begins on `day`."""
    if grain == "day":
        return day
    if grain == "month":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31)
