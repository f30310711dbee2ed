"""What a text is that no reader of its column knows: told by its look, never by its value."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from helpline_report.exports.personal_data import LEAVE_OUT, personal_kind
from helpline_report.exports.shapes import plain
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.reading import Reading

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


def odd_reading(text: str, reading: Reading, kind: ColumnKind) -> Reading:
    """A faulty reading, told as what the text looks like, or else as its reader told it.

    Personal data (B65), an error of a spreadsheet (B38), a date (B40), a power of ten (B41), a
    number that stands for unknown (B39), a text for nothing (B62).
    """
    personal = personal_kind(text)
    if personal:
        return told("B65", f"holds {personal}", LEAVE_OUT, shown=False)
    simple = plain(text)
    if ERROR.fullmatch(simple):
        return told("B38", "is an error of a spreadsheet", "mend the formula, or export it as text")
    if kind in ("coded", "flag", "integer"):
        if MONTH_NAME.fullmatch(simple) or FULL_DATE.fullmatch(simple):
            return told("B40", "is a date where none is due: a spreadsheet made it of a code or "
                        "number", AS_TEXT)  # fmt: skip
        if POWER.fullmatch(simple):
            return told("B41", "is a number with a power of ten: a spreadsheet made it", AS_TEXT)
    if kind == "coded" and STANDS_FOR_UNKNOWN.fullmatch(simple):
        step = "if it means unknown, list it under 'unknown' in the layout"
        return replace(reading, fault="B39", next_step=step)
    if simple in NOTHING:
        return replace(reading, fault="B62", next_step=_meaning(kind))
    return reading


def told(code: str, what: str, next_step: str, *, shown: bool = True) -> Reading:
    """A fault by its code; not `shown` where not even the shape of the text may be told."""
    return Reading(fault=code, what=what, next_step=next_step, shown=shown)


def _meaning(kind: ColumnKind) -> str:
    match kind:
        case "coded":
            return "say in the layout what it means: give it a code under 'codes'"
        case "flag":
            return "say in the layout what it means: list it under 'yes' or 'no'"
        case "integer" | "time":
            return "say in the layout what it means: list it under 'unknown'"
    return "correct it in the source: a date can't be unknown"
