"""Refuse the rows of cells that can't be read, told by their look and never by their value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from helpline_report.exports.findings import KEPT, Findings
from helpline_report.exports.personal_data import is_free_text, personal_kind
from helpline_report.exports.shapes import plain, shape
from helpline_report.exports.text_tables import Lines, TextColumn
from helpline_report.tables.cell_readers import Reading

ColumnKind = Literal["coded", "flag", "integer", "date", "time", "datetime"]

MONTHS = "jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec"
MONTH_NAME = re.compile(
    rf"(\d{{1,4}}[-/. ]({MONTHS})[a-z]*\.?|({MONTHS})[a-z]*\.?[-/. ]\d{{1,4}})([-/. ]\d{{2,4}})?"
)
FULL_DATE = re.compile(
    r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})([ t]\d{1,2}:\d\d.*)?", re.ASCII
)
ERROR = re.compile(r"#(n/[ab]|[a-zà-ÿ]+(/0)?[!?])|#{2,}")
POWER = re.compile(r"\d+([.,]\d+)?e[+-]?\d+", re.ASCII)
STANDS_FOR_UNKNOWN = re.compile(r"-1|-?9{2,4}|-?8{3,4}", re.ASCII)
# fmt: off
NOTHING = frozenset({
    "na", "n/a", "n.a.", "nan", "null", "none", "nil", "leeg", "(leeg)", "blank", "(blank)", "geen",
    "nvt", "n.v.t.", "?", "-", "--", "/", ".",
})
# fmt: on
# A text is taken for free text, and not for a mistyped label, where it is faulty in these ways.
UNKNOWN_TEXTS = ("B36", "B42", "B59", "B63")


@dataclass(frozen=True)
class Cells:
    """A column of cells under its name, and the line of each."""

    name: str
    kind: ColumnKind
    column: TextColumn
    lines: Lines


def add_rows(
    findings: Findings,
    code: str,
    case: str = "",
    *,
    lines: Lines,
    column: str = "",
    of_row: Callable[[int], Mapping[str, object]] | None = None,
    **values: object,
) -> None:
    """Refuse each of `lines` for a fault of its own; the first of them are told one by one.

    `values` fill in the message; what differs from row to row, `of_row` gives for a place in
    `lines`.
    """
    for place, line in enumerate(lines[:KEPT]):
        own = of_row(place) if of_row is not None else {}
        findings.add(code, case, line=line, column=column, row=True, **values, **own)
    more = lines[KEPT:].tolist()
    if more:
        findings.counted[code] += len(more)
        findings.faulty.setdefault(code, []).extend(more)


def refuse_cells(cells: Cells, faulty: Mapping[int, Reading], findings: Findings) -> None:
    """Refuse the rows whose text is faulty; a column of free text is one problem."""
    column = cells.column
    used = np.bincount(column.codes, minlength=len(column.distinct)) > 0
    readings = {
        place: diagnose_text(column.distinct[place], reading, cells.kind)
        for place, reading in faulty.items()
        if used[place]
    }
    unknown = [place for place, reading in readings.items() if reading.fault in UNKNOWN_TEXTS]
    if is_free_text([column.distinct[place] for place in unknown]):
        refuse_free_text(cells, unknown, findings)
        readings = {place: reading for place, reading in readings.items() if place not in unknown}
    alike: dict[tuple[str, str], list[int]] = {}
    for place, reading in readings.items():
        alike.setdefault((reading.fault, reading.case), []).append(place)
    for code, case in sorted(alike, key=lambda fault: fault[0]):
        rows = np.flatnonzero(column.holding(alike[code, case]))
        places = column.codes[rows]

        def of_row(at: int, places: np.ndarray = places) -> Mapping[str, object]:
            place = int(places[at])
            return {"shape": shape(column.distinct[place]), **readings[place].values}

        lines = cells.lines[rows]
        add_rows(findings, code, case, lines=lines, column=cells.name, of_row=of_row)


def refuse_free_text(cells: Cells, places: Sequence[int], findings: Findings) -> None:
    """Refuse a column that holds sentences where labels are due (B65): once."""
    rows = cells.column.holding(places)
    line, number = cells.lines[rows.argmax()], int(rows.sum())
    findings.add("B65", "free_text", line=line, column=cells.name, rows=number)


def diagnose_text(text: str, reading: Reading, kind: ColumnKind) -> Reading:
    """A faulty reading, told as what the text looks like, or else as its reader told it.

    Personal data (B65), an error of a spreadsheet (B38), a date (B40), a power of ten (B41), a
    number that stands for unknown (B39), a text for nothing (B62).
    """
    personal = personal_kind(text)
    if personal:
        return Reading(fault="B65", case="cell", values={"personal": personal})
    simple = plain(text)
    if ERROR.fullmatch(simple):
        return Reading(fault="B38", case="text")
    if kind in ("coded", "flag", "integer"):
        if MONTH_NAME.fullmatch(simple) or FULL_DATE.fullmatch(simple):
            return Reading(fault="B40", case="text")
        if POWER.fullmatch(simple):
            return Reading(fault="B41", case="text")
    if kind == "coded" and STANDS_FOR_UNKNOWN.fullmatch(simple):
        return replace(reading, fault="B39", case="label")
    if simple in NOTHING:
        return replace(reading, fault="B62", case="date" if kind == "datetime" else kind)
    return reading
