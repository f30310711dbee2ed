"""Check the keys of rows, link each row to the one above, and compare the keys of two years."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.cell_texts import NATIONAL_NUMBER, personal_key_kind, plain
from helpline_report.exports.faults import Findings
from helpline_report.exports.text_tables import Mask, TextColumn, recode
from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Dataset, KeyHashes, Rows
from helpline_report.tables.table_rows import ERROR, MONTH_NAME, TableRows

NOUNS = {"contacts": "contact", "persons": "person", "followups": "follow-up"}
ORPHAN = {"persons": "B54", "followups": "B55"}
MOST_PERSONS = 20
# So many rows that hang on nothing, and such a part of all, aren't slips.
FLOOD, MOST_ORPHANS = 20, 0.1
NATIONAL_DIGITS = 11
SPREADSHEET_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
POWER = re.compile(r"\d+E\d+", re.ASCII | re.IGNORECASE)
# A key without any of these is none that somebody has to look at.
SUSPECT = re.compile(r"[@#+./\s]|[^\x00-\x7f]|\d{9}|^\d.*\D|[a-z]{3}", re.IGNORECASE)
# What is wrong with a key: the code and case of the fault, and which personal data it is.
KeyFault = tuple[str, str, str]


@dataclass(frozen=True)
class KeyIndex:
    """Where each key stands first; a key that is blank stands nowhere."""

    texts: Sequence[str]
    rows: Rows

    def find(self, keys: Sequence[str]) -> tuple[Rows, list[int]]:
        """The row of each key, -1 where there is none, and the places of those in other capitals.

        Capitals are overlooked where one key alone differs by no more than these.
        """
        index = pd.Index(np.array(self.texts, dtype=object))
        places = index.get_indexer(pd.Index(np.array(keys, dtype=object))).astype(np.int32)
        missing = np.flatnonzero(places < 0).tolist()
        if missing:
            by_lower: dict[str, list[int]] = {}
            for place, key in enumerate(self.texts):
                by_lower.setdefault(key.lower(), []).append(place)
            for at in missing:
                alike = by_lower.get(keys[at].lower(), [])
                if len(alike) == 1 and _one_case(keys[at], self.texts[alike[0]]):
                    places[at] = alike[0]
        rows = np.where(places >= 0, self.rows[places], np.int32(-1))
        return rows, [at for at in missing if rows[at] >= 0]


def index_keys(rows: TableRows) -> KeyIndex | None:
    """Index rows by their key; None where they have no key.

    A row that stands twice to the letter is left out (B52), as is a row that repeats what it says
    for each row that hangs on it in the same file (`repeat`). One key with two contents, and a
    blank key, is refused (B53), and a key that a spreadsheet or a slip left there (B38 to B41,
    B65).
    """
    if rows.layout.key == ROW:
        return None
    column = trimmed_keys(rows, rows.layout.key)
    first = np.full(len(column.distinct), -1, dtype=np.int32)
    first[column.codes[::-1]] = np.arange(len(column) - 1, -1, -1, dtype=np.int32)
    rows.first = first[column.codes]
    blank = column.distinct.index("") if "" in column.distinct else None
    if blank is not None:
        _refuse(rows, "B53", "blank", column.holding([blank]))
    for (code, case, personal), places in sorted(_faulty_keys(column.distinct).items()):
        _refuse(rows, code, case, column.holding(places), personal=personal)
    _refuse_other_capitals(rows, column, first)
    _leave_out_repeats(rows, rows.first)
    if blank is not None:
        first[blank] = -1
    return KeyIndex(column.distinct, first)


def link_rows(rows: TableRows, parent: TableRows, keys: KeyIndex | None) -> None:
    """Set the parent row of each row; a row that hangs on nothing is refused (B41, B54, B55).

    Where rows of the parent's file were refused already, a missing key says nothing more. More
    than twenty persons in a contact are to be acknowledged (B58).
    """
    rows.parent = parent
    if rows.layout.parent == ROW or rows.layout.parent is None or keys is None:
        # Each row hangs on what stands in the same row; where that is left out, on what it repeats.
        # A row that has no key of its own is left out with it: it stands twice as well.
        same = np.arange(len(rows.text), dtype=np.int32)
        same = same if rows.file_rows is None else rows.file_rows
        rows.parent_rows = same if parent.first is None else parent.first[same]
        if rows.layout.key == ROW:
            for outcome in ("excluded B52", "excluded repeat"):
                rows.outcomes.leave_out(outcome, parent.outcomes.having(outcome)[same])
        _ask_about_many(rows, parent)
        return
    column = trimmed_keys(rows, rows.layout.parent)
    rows_of_text, other_capitals = keys.find(column.distinct)
    rows.repair("B61", column.holding(other_capitals))
    rows.parent_rows = rows_of_text[column.codes]
    if parent.export.rows.whole:
        _refuse_orphans(rows, parent, column, keys)
    _ask_about_many(rows, parent)


def _ask_about_many(rows: TableRows, parent: TableRows) -> None:
    """Ask about contacts with more persons than most have (B58)."""
    if rows.name == "persons" and rows.parent_rows is not None:
        linked = rows.parent_rows[rows.in_table() & (rows.parent_rows >= 0)]
        many = np.flatnonzero(np.bincount(linked, minlength=1) > MOST_PERSONS)
        if many.size:
            lines = parent.text.lines[many]
            parent.findings.ask("B58", rows=int(many.size), lines=lines, most=MOST_PERSONS)


def trimmed_keys(rows: TableRows, name: str) -> TextColumn:
    """A key column without spaces around its keys; rows where there were any are repaired (B61).

    A blank that stands for its row has a key of its own, which begins with a space as no other.
    """
    column = rows.text.columns[name]
    trimmed = [key.strip() for key in column.distinct]
    changed = [at for at, key in enumerate(column.distinct) if key != trimmed[at]]
    if changed:
        rows.repair("B61", column.holding(changed))
        column = TextColumn(*recode(trimmed, column.codes))
    if rows.file.with_own_key(name) and "" in column.distinct:
        blank = np.flatnonzero(column.rows_where(lambda key: not key))
        column = column.put({row: f" row {rows.text.lines[row]}" for row in blank.tolist()})
    return column


def _one_case(key: str, other: str) -> bool:
    """Whether one of two keys has small letters alone, or capitals alone.

    Where both have either, as in keys drawn at random, capitals belong to a key.
    """
    return any(text in (text.lower(), text.upper()) for text in (key, other))


def _faulty_keys(keys: Sequence[str]) -> dict[KeyFault, list[int]]:
    """The places of keys that are none, by what is wrong with them.

    Personal data (B65), an error (B38) or a date (B40) of a spreadsheet, a power of ten (B41), and
    a key that is shorter than those that begin with a zero (B41). Of any numbers of eleven digits
    a few pass for national numbers: where most don't, none is one.
    """
    suspects = [at for at, key in enumerate(keys) if SUSPECT.search(key)]
    faults: dict[int, KeyFault] = {}
    for at in suspects:
        personal = personal_key_kind(keys[at])
        if personal:
            faults[at] = "B65", "key", personal
        elif ERROR.fullmatch(plain(keys[at])):
            faults[at] = "B38", "key", ""
        elif MONTH_NAME.fullmatch(plain(keys[at])):
            faults[at] = "B40", "key", ""
    numbers = [at for at in suspects if len(keys[at]) == NATIONAL_DIGITS and keys[at].isdigit()]
    passing = {at for at in numbers if personal_key_kind(keys[at]) == NATIONAL_NUMBER}
    if 2 * len(passing) < len(numbers):
        faults = {at: fault for at, fault in faults.items() if at not in passing}
    faults |= dict.fromkeys(_powers_of_ten(keys, suspects), ("B41", "key_power", ""))
    numbers = [at for at, key in enumerate(keys) if key.isdecimal()]
    lengths = {len(keys[at]) for at in numbers if keys[at][0] == "0" and len(keys[at]) > 1}
    if len(lengths) == 1:
        short = [at for at in numbers if len(keys[at]) < min(lengths)]
        faults |= dict.fromkeys(short, ("B41", "key_zeros", ""))
    by_fault: dict[KeyFault, list[int]] = {}
    for at, fault in faults.items():
        by_fault.setdefault(fault, []).append(at)
    return by_fault


def _powers_of_ten(keys: Sequence[str], suspects: Sequence[int]) -> list[int]:
    """Keys that a spreadsheet made powers of ten; where letters belong to keys, `1E05` is one."""
    certain = [at for at in suspects if SPREADSHEET_POWER.fullmatch(keys[at])]
    possible = [at for at in suspects if POWER.fullmatch(keys[at])]
    if possible and sum(map(str.isdigit, keys)) == len(keys) - len(certain) - len(possible):
        return certain + possible
    return certain


def _refuse_other_capitals(rows: TableRows, column: TextColumn, first: Rows) -> None:
    """Refuse keys that differ from one that stands before by capitals alone (B53)."""
    lower = [key.lower() for key in column.distinct]
    if len(set(lower)) == len(lower):
        return
    before: dict[str, list[int]] = {}
    same_but: dict[int, int] = {}
    for place in np.argsort(first, kind="stable").tolist():
        alike = before.setdefault(lower[place], [])
        for other in alike:
            if place not in same_but and _one_case(column.distinct[place], column.distinct[other]):
                same_but[place] = other
        alike.append(place)
    at_fault = column.holding([*same_but])
    lines, places = rows.text.lines, column.codes[at_fault]
    rows.findings.add_rows(
        "B53",
        "capitals",
        lines=lines[at_fault],
        column=rows.layout.key,
        of_row=lambda at: {"other": lines[first[same_but[int(places[at])]]]},
    )


def _leave_out_repeats(rows: TableRows, first: Rows) -> None:
    """Rows whose key stands before: the same to the letter are left out, others refused (B53).

    Where a row stands again for each row that hangs on it, only its own columns must be the same.
    """
    again = np.flatnonzero(first != np.arange(len(first)))
    same = np.ones(len(again), dtype=np.bool_)
    for name in rows.layout.value_columns() if rows.repeats else rows.text.columns:
        if name != rows.layout.key:
            codes = rows.text.columns[name].codes
            same &= codes[again] == codes[first[again]]
    lines, other = rows.text.lines, again[~same]
    rows.findings.add_rows(
        "B53",
        "contents",
        lines=lines[other],
        column=rows.layout.key,
        of_row=lambda at: {"other": lines[first[other[at]]]},
        due="the same contents for one key" if rows.repeats else "one row a key",
    )
    twice = np.zeros(len(first), dtype=np.bool_)
    twice[again[same]] = True
    rows.outcomes.leave_out("excluded repeat" if rows.repeats else "excluded B52", twice)


def _refuse_orphans(rows: TableRows, parent: TableRows, column: TextColumn, keys: KeyIndex) -> None:
    assert rows.parent_rows is not None  # noqa: S101 - set by the caller
    orphans = (rows.parent_rows < 0) & rows.in_table()
    if not orphans.any():
        return
    known = {key.lstrip("0") for key in keys.texts if key.isdigit()}
    texts = [(at, column.distinct[at]) for at in np.unique(column.codes[orphans])]
    other_zeros = [at for at, key in texts if key.isdigit() and key.lstrip("0") in known]
    zeroless = orphans & column.holding(other_zeros)
    values: dict[str, Any] = {"parent": NOUNS[parent.name], "other_file": parent.export.file}
    _refuse(rows, "B41", "parent_zeros", zeroless, column=rows.layout.parent, **values)
    lost, total = np.flatnonzero(orphans & ~zeroless), int(rows.in_table().sum())
    flood = len(lost) >= FLOOD and len(lost) > MOST_ORPHANS * total
    values |= {"number": len(lost), "total": total}
    # A flood is told with the first of its rows.
    first = 1 if flood else 0
    _refuse(rows, ORPHAN[rows.name], "flood", lost[:first], column=rows.layout.parent, **values)
    _refuse(rows, ORPHAN[rows.name], "orphan", lost[first:], column=rows.layout.parent, **values)


def _refuse(
    rows: TableRows,
    code: str,
    case: str,
    at_fault: Mask | npt.NDArray[np.signedinteger],
    *,
    column: str | None = None,
    **values: Any,
) -> None:
    """Refuse rows for their key, or for that of the row above in `column`."""
    rows.findings.add_rows(
        code,
        case,
        lines=rows.text.lines[at_fault],
        column=column or rows.layout.key,
        noun=NOUNS[rows.name],
        **values,
    )


def key_hashes(rows: TableRows) -> KeyHashes | None:
    """The keys of the rows of a table, as numbers that can be compared and not read back.

    None where rows have no key.
    """
    if rows.layout.key == ROW:
        return None
    column = trimmed_keys(rows, rows.layout.key)
    keyed = rows.in_table()
    if rows.file.with_own_key(rows.layout.key):
        keyed &= ~column.rows_where(lambda key: key.startswith(" "))
    if "" in column.distinct:
        keyed &= ~column.holding([column.distinct.index("")])
    hashes = KeyHashes.hash(column.distinct)[column.codes[keyed]]
    lines = rows.text.lines[keyed].astype(np.int32)
    return KeyHashes(hashes, lines, rows.layout.numbered_yearly)


@dataclass(frozen=True)
class YearKeys:
    """The keys of one year's tables, and the file of each: also of a year that is refused."""

    edition: str
    period: Period
    files: Mapping[str, str]
    keys: Mapping[str, KeyHashes | None]

    @classmethod
    def of_dataset(cls, year: Dataset) -> YearKeys:
        """Those of finished tables."""
        files = {balance.table: balance.file for balance in year.balances}
        keys = {name: table.keys for name, table in year.tables.items()}
        return cls(year.edition, year.period, files, keys)

    @classmethod
    def of_rows(cls, edition: str, period: Period, tables: Sequence[TableRows]) -> YearKeys:
        """Those of tables that aren't finished."""
        files = {rows.name: rows.export.file for rows in tables}
        keys = {rows.name: key_hashes(rows) for rows in tables}
        return cls(edition, period, files, keys)


class YearRefusedError(ExportError):
    """The exports of one year can't be used; `keys` are those that could be read all the same."""

    def __init__(
        self,
        keys: YearKeys,
        problems: Sequence[Problem],
        counts: Mapping[str, int] | None = None,
        *,
        asks: Sequence[str] = (),
    ) -> None:
        self.keys = keys
        super().__init__(problems, counts, asks=asks)


def refuse_shared_keys(now: YearKeys, before: YearKeys) -> None:
    """Refuse keys that stand in the exports of two years, of periods that don't overlap.

    Raises:
        ExportError: with the line of each, in the export of the later year.
    """
    if now.period.start <= before.period.end and before.period.start <= now.period.end:
        return
    counts: Counter[str] = Counter()
    problems = []
    for name, keys in now.keys.items():
        other = before.keys.get(name)
        if keys is None or other is None or keys.yearly or other.yearly:
            continue
        findings = Findings(now.files.get(name, name))
        for line in np.sort(keys.lines[np.isin(keys.hashes, other.hashes)]).tolist():
            findings.add("B57", line=line, noun=NOUNS[name], edition=before.edition)
        problems += findings.problems
        counts += findings.counted
    if problems:
        raise ExportError(problems, counts)
