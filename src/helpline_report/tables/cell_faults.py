"""Refuse the rows of cells that can't be read, told by their look and never by their value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from helpline_report.exports.findings import KEPT, Findings
from helpline_report.exports.personal_data import LEAVE_OUT, is_free_text, personal_kind
from helpline_report.exports.shapes import plain, shape
from helpline_report.exports.text_tables import Lines, TextColumn
from helpline_report.tables.cell_readers import AS_TEXT, Reading

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
# What a text for nothing means, the layout has to say (B62).
SAY_NOTHING = {
    "coded": "say in the layout what it means: give it a code under 'codes'",
    "flag": "say in the layout what it means: list it under 'yes' or 'no'",
    "integer": "say in the layout what it means: list it under 'unknown'",
    "time": "say in the layout what it means: list it under 'unknown'",
}
# A text is taken for free text, and not for a mistyped label, where it is faulty in these ways.
UNKNOWN_TEXTS = ("B36", "B42", "B59", "B63")


@dataclass(frozen=True)
class Cells:
    """A column of cells under its name, and the line of each."""

    name: str
    kind: ColumnKind
    column: TextColumn
    lines: Lines


def refuse_rows(
    findings: Findings,
    code: str,
    lines: Lines,
    what: str | Callable[[int], str],
    *,
    column: str = "",
    expected: str = "",
    next_step: str = "",
) -> None:
    """Refuse each of `lines` for a fault of its own; the first of them are told one by one.

    `what` may differ from row to row: it is asked with the place of a line in `lines`.
    """
    for place, line in enumerate(lines[:KEPT]):
        findings.refuse(
            code,
            what if isinstance(what, str) else what(place),
            line=int(line),
            column=column,
            expected=expected,
            next_step=next_step,
            row=True,
        )
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
    alike: dict[tuple[str, str, str], list[int]] = {}
    for place, reading in readings.items():
        alike.setdefault((reading.fault, reading.expected, reading.next_step), []).append(place)
    # By code, and within one as they stand.
    for code, expected, next_step in sorted(alike, key=lambda words: words[0]):
        rows = np.flatnonzero(column.holding(alike[code, expected, next_step]))
        places = column.codes[rows]

        def what(at: int, places: np.ndarray = places) -> str:
            reading, text = readings[int(places[at])], column.distinct[int(places[at])]
            return f"{shape(text)} {reading.what}" if reading.shown else f"a cell {reading.what}"

        refuse_rows(
            findings,
            code,
            cells.lines[rows],
            what,
            column=cells.name,
            expected=expected,
            next_step=next_step,
        )


def refuse_free_text(cells: Cells, places: Sequence[int], findings: Findings) -> None:
    """Refuse a column that holds sentences where labels are due (B65): once."""
    rows = cells.column.holding(places)
    findings.refuse(
        "B65",
        f"free text in {int(rows.sum())} row(s)",
        line=int(cells.lines[rows.argmax()]),
        column=cells.name,
        next_step=LEAVE_OUT,
    )


def diagnose_text(text: str, reading: Reading, kind: ColumnKind) -> Reading:
    """A faulty reading, told as what the text looks like, or else as its reader told it.

    Personal data (B65), an error of a spreadsheet (B38), a date (B40), a power of ten (B41), a
    number that stands for unknown (B39), a text for nothing (B62).
    """
    personal = personal_kind(text)
    if personal:
        return Reading(fault="B65", what=f"holds {personal}", next_step=LEAVE_OUT, shown=False)
    simple = plain(text)
    if ERROR.fullmatch(simple):
        step = "mend the formula, or export it as text"
        return Reading(fault="B38", what="is an error of a spreadsheet", next_step=step)
    if kind in ("coded", "flag", "integer"):
        if MONTH_NAME.fullmatch(simple) or FULL_DATE.fullmatch(simple):
            what = "is a date where none is due: a spreadsheet made it of a code or number"
            return Reading(fault="B40", what=what, next_step=AS_TEXT)
        if POWER.fullmatch(simple):
            what = "is a number with a power of ten: a spreadsheet made it"
            return Reading(fault="B41", what=what, next_step=AS_TEXT)
    if kind == "coded" and STANDS_FOR_UNKNOWN.fullmatch(simple):
        step = "if it means unknown, list it under 'unknown' in the layout"
        return replace(reading, fault="B39", next_step=step)
    if simple in NOTHING:
        unsayable = "correct it in the source: a date can't be unknown"
        return replace(reading, fault="B62", next_step=SAY_NOTHING.get(kind, unsayable))
    return reading
