"""One block of a web analytics export: its rows, and its total, become figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpline_report.exports.findings import Findings
from helpline_report.exports.shapes import plain, shape
from helpline_report.exports.web.banner import is_collapsed
from helpline_report.exports.web.model import Block, Line, WebExport
from helpline_report.parameters.service import Dimension, service
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.tables.entries import TOTAL_STEP, Entries, Entry, Place, Setting, What
from helpline_report.tables.labels import label_reader, open_reader
from helpline_report.tables.numbers import whole_number
from helpline_report.tables.web_columns import Columns
from helpline_report.tables.web_days import spans_of


@dataclass
class _Column:
    """What is measured in one column, and the number of each row that could be read."""

    place: int
    measure: str
    distinct: bool
    values: list[int] = field(default_factory=list)


@dataclass
class BlockReader:
    """Reads one block into entries.

    Refuses rows of another length (B25, B26), what is no whole number (B35), dates that aren't of
    the period (B42, B68), unknown labels (B59), totals that don't agree with their rows, and two
    total rows (B18).
    """

    export: WebExport
    block: Block
    columns: Columns
    layout: WebFolder
    setting: Setting
    entries: Entries
    measured: list[_Column] = field(default_factory=list)

    @property
    def findings(self) -> Findings:
        """What is wrong with the export."""
        return self.export.findings

    @property
    def where(self) -> Mapping[str, str]:
        """The codes that hold of every row of this property."""
        return self.layout.properties.get(self.export.property_ or "", {})

    def read(self) -> None:
        """Read the rows, then the total row."""
        self.measured = self._measured()
        if not self.measured:
            self._leave(self._all())
            return
        if not self._lengths_agree():
            return
        places = self._places()
        problems = self.findings.counted.total()
        for row, place in zip(self.block.rows, places, strict=True):
            self._row(row, place)
        if self.findings.counted.total() == problems:
            self._totals()

    def _measured(self) -> list[_Column]:
        names = self.columns.metrics
        users = next((name for name in self.layout.users if name in names.values()), None)
        found: dict[str, _Column] = {}
        for place, name in names.items():
            measure = "users" if name == users else service().metrics[name].measure
            if measure is not None and measure not in found:
                # A visit that lasts past midnight is a session of both days in version 4.
                distinct = measure == "users" or (
                    measure == "sessions" and self.export.kind == "ga4"
                )
                found[measure] = _Column(place, measure, distinct)
        return list(found.values())

    def _all(self) -> Sequence[Line]:
        return (*self.block.rows, *self.block.totals)

    def _leave(self, rows: Sequence[Line]) -> None:
        self.entries.unused |= {row.at for row in rows}

    def _lengths_agree(self) -> bool:
        width = len(self.block.names)
        sound = True
        for row in self._all():
            cells = [*row.cells]
            while len(cells) > width and (not cells[-1].strip() or row in self.block.totals):
                cells.pop()
            if len(cells) != width:
                code = "B25" if len(cells) > width else "B26"
                what, due = f"{len(cells)} field(s)", f"{width}, as in the header of the block"
                self.findings.refuse(code, what, line=row.number, expected=due)
                sound = False
        return sound

    def _places(self) -> list[Place | None]:
        """What each row is about; None for a row that gives no figure of its own."""
        rows, one = self.block.rows, self.columns.one
        if not self.columns.dimensions:
            return [self._whole() for _ in rows]
        if one is None:
            return [None] * len(rows)
        at, name, dimension = one
        if dimension.grain is not None:
            return self._times(at, dimension)
        wanted = self.layout.field_of(name)
        if wanted is None or wanted in self.where:
            return [None] * len(rows)
        if dimension.never and dimension.never in {row.cells[at].strip() for row in rows}:
            self.entries.notes.append(
                f"{self.export.file}:{self.block.line}: these are the sources of all visits, and "
                "are left out: export this table by source and medium, or of referrals alone"
            )
            return [None] * len(rows)
        return [self._coded(row, at, wanted, dimension.only) for row in rows]

    def _times(self, at: int, dimension: Dimension) -> list[Place | None]:
        rows, period = self.block.rows, self.setting.period
        if dimension.grain == "week":
            self.entries.notes.append(
                f"{self.export.file}:{self.block.line}: figures by week are left out, since weeks "
                "don't make months: export this table by day or by month"
            )
            return [None] * len(rows)
        assert dimension.grain is not None  # noqa: S101 - a dimension of time has one
        spans = spans_of([row.cells[at] for row in rows], dimension, period) if rows else []
        if spans is None:
            self.findings.refuse(
                "B42",
                "the days of this block aren't days of the period in any one way of writing dates",
                line=self.block.line,
                column=self.block.names[at],
                expected=f"{period.start} to {period.end}",
                next_step="export the report again; don't save it in a spreadsheet",
            )
            return [None] * len(rows)
        dimensions = tuple(sorted(self.where.items()))
        found: list[Place | None] = []
        for row, span in zip(rows, spans, strict=True):
            if span is None:
                self._refuse_outside(row, at)
            # A year that the period has only a part of is nobody's figure.
            whole = span is not None and (dimension.grain != "year" or span == _ends(period))
            found.append(Place(dimension.grain, *span, dimensions) if span and whole else None)
        return found

    def _refuse_outside(self, row: Line, at: int) -> None:
        period = self.setting.period
        self.findings.refuse(
            "B68",
            f"{shape(row.cells[at])} lies outside the period",
            line=row.number,
            column=self.block.names[at],
            expected=f"{period.start} to {period.end}",
        )

    def _coded(self, row: Line, at: int, wanted: str, only: str | None) -> Place | None:
        text, codes = row.cells[at], self.layout.dimensions[wanted].codes
        if only is not None:
            text, _, kind = text.rpartition("/")
            if plain(kind) != only:
                return None
        listed = self.setting.lists[wanted]
        mapped = {plain(label) for label in codes}
        if is_collapsed(text) and plain(text) not in mapped:
            self.entries.collapsed.add(row.at)
            return None
        if listed.open:
            return self._whole({wanted: open_reader(codes)(text)})
        reading = label_reader(codes, None, listed.order)(text)
        if reading.fault:
            self.findings.refuse(
                reading.fault,
                f"{shape(text)} {reading.what}",
                line=row.number,
                column=self.block.names[at],
                expected=reading.expected,
                next_step=reading.next_step,
            )
            return None
        if reading.repair:
            self.entries.mended.add(row.at)
        return self._whole({wanted: listed.order[reading.value]})

    def _whole(self, dimensions: Mapping[str, str] | None = None) -> Place:
        """The whole period, as its year."""
        found = {**self.where, **(dimensions or {})}
        return Place("year", *_ends(self.setting.period), tuple(sorted(found.items())))

    def _row(self, row: Line, place: Place | None) -> None:
        for column in self.measured:
            value = self._value(row, column)
            if value is None:
                continue
            column.values.append(value)
            if place is not None:
                self._add(column, place, value, row)
        if place is None and row.at not in self.entries.collapsed:
            self._leave([row])

    def _add(self, column: _Column, place: Place, value: int, row: Line) -> None:
        what = What(column.measure, place)
        self.entries.found.append(Entry(what, value, row.number, row.at))

    def _value(self, row: Line, column: _Column) -> int | None:
        text = row.cells[column.place]
        value = whole_number(text, self.columns.languages)
        if value is None:
            self.findings.refuse(
                "B35",
                f"{shape(text)} is no whole number",
                line=row.number,
                column=self.block.names[column.place],
                next_step="export the report again; don't save it in a spreadsheet",
            )
        return value

    def _totals(self) -> None:
        """Hold the total row against the rows, and keep it where it is of the whole period."""
        if len(self.block.totals) > 1:
            line = self.block.totals[1].number
            self.findings.refuse("B18", "a second total row", line=line, next_step=TOTAL_STEP)
        for row in self.block.totals[:1]:
            self.entries.totals.add(row.at)
            for column in self.measured:
                value = self._value(row, column)
                if value is not None and self._agrees(row, column, value):
                    self._keep(row, column, value)

    def _agrees(self, row: Line, column: _Column, total: int) -> bool:
        values = column.values
        if not values:
            return True
        if column.distinct:
            what = "the total row is below the largest row, or above the sum of all rows"
            sound = max(values) <= total <= sum(values)
        else:
            what = "the total row isn't the sum of the rows"
            sound = total == sum(values)
        if not sound:
            named = self.block.names[column.place]
            self.findings.refuse("B18", what, line=row.number, column=named, next_step=TOTAL_STEP)
        return sound

    def _keep(self, row: Line, column: _Column, total: int) -> None:
        """The total as the figure of the whole period, where it is of all visits and no sum."""
        if not self.columns.whole or not self.block.rows:
            return
        if column.measure == "users" and not self.columns.personal and _is_sum(column, total):
            self.entries.notes.append(
                f"{self.export.file}:{row.number}: this total adds up the users of the rows above "
                "it; it isn't the users of the period, since who comes back counts once"
            )
            return
        self._add(column, self._whole(), total, row)


def _is_sum(column: _Column, total: int) -> bool:
    """Whether a total may as well be users that were added up: nobody came back, or nobody asked.

    One row with users is all there is, and its own total.
    """
    return total == sum(column.values) and sum(value > 0 for value in column.values) > 1


def _ends(period: Period) -> tuple[dt.date, dt.date]:
    return period.start, period.end
