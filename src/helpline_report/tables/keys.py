"""Check the keys of rows, link each row to the one above, and compare the keys of two years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpline_report.errors import ExportError
from helpline_report.exports.cell_texts import NATIONAL_NUMBER, find_personal_key_kind, plain
from helpline_report.exports.faults import Findings
from helpline_report.exports.text_tables import Mask, make_column, put_values
from helpline_report.parameters.row_layouts import ROW
from helpline_report.tables.dataset import LIKE_A_COUNT, Dataset, KeyHashes, RowNumbers
from helpline_report.tables.table_rows import ERROR, MONTH_NAME, TableRows

NOUNS = {"contacts": "contact", "persons": "person", "followups": "follow-up"}
ORPHAN = {"persons": "B54", "followups": "B55"}
MOST_PERSONS = 20
NATIONAL_DIGITS = 11
SPREADSHEET_POWER = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
POWER = re.compile(r"\d+E\d+", re.ASCII | re.IGNORECASE)
# Only keys with one of these are looked at one by one.
SUSPECT = r"[^A-Za-z0-9_-]|[0-9]{9}|^[0-9].*[^0-9]|[A-Za-z]{3}|^$"
# What is wrong with a key: the code and case of the fault, and which personal data it is.
KeyFault = tuple[str, str, str]


def index_keys(rows: TableRows) -> pd.Series[int] | None:
    """The first row of each key, -1 for a blank key; None if rows have no key.

    A row that stands twice to the letter is left out (B52), and so is a row that a file repeats for
    each row that hangs on it (`repeat`). It refuses one key with two contents and a blank key
    (B53), and a key that a spreadsheet changed or that holds personal data (B38 to B41, B65).
    """
    if rows.layout.key == ROW:
        return None
    column = _trim_keys(rows, rows.layout.key)
    keys = pd.Series(column.categories)
    rows.keys = column
    first = np.full(len(keys), -1, dtype=np.int32)
    first[column.codes[::-1]] = np.arange(len(column) - 1, -1, -1, dtype=np.int32)
    rows.first = first[column.codes]
    for (code, case, personal), places in sorted(_find_faulty(keys).items()):
        _refuse(rows, code, case, np.isin(column.codes, places), personal=personal)
        if case == "blank":
            first[places] = -1
            # No blank key repeats another one.
            blank = np.flatnonzero(np.isin(column.codes, places))
            rows.first[blank] = blank
    _leave_out_repeats(rows, rows.first)
    return pd.Series(first, index=pd.Index(keys))


def _trim_keys(rows: TableRows, name: str) -> pd.Categorical:
    """A key column without spaces around its keys; rows that had such spaces are repaired (B61).

    In a column whose rows may be without a key, a blank one becomes the line, after a space.
    """
    column = rows.text.columns[name]
    keys = column.categories
    trimmed = keys.str.strip()
    changed = np.flatnonzero(trimmed != keys).tolist()
    if changed:
        rows.repair("B61", np.isin(column.codes, changed))
        column = make_column(trimmed.tolist(), column.codes)
    if rows.file.with_own_key(name):
        blank = np.flatnonzero(column == "")
        column = put_values(column, {row: f" row {rows.text.lines[row]}" for row in blank.tolist()})
    return column


def _find_faulty(keys: pd.Series[str]) -> dict[KeyFault, list[int]]:
    """The places of keys that can't be keys, by what is wrong with them.

    That is: a blank (B53), personal data (B65), an error (B38) or a date (B40) of a spreadsheet, a
    power of ten (B41), and a key that is shorter than those that begin with a zero (B41). A few
    numbers of eleven digits look like national numbers by chance: if most don't, all are sound.
    """
    suspects = keys[keys.str.contains(SUSPECT)]
    faults: dict[int, KeyFault] = {}
    for at, key in zip(suspects.index.tolist(), suspects, strict=True):
        personal = find_personal_key_kind(key)
        if not key:
            faults[at] = "B53", "blank", ""
        elif personal:
            faults[at] = "B65", "key", personal
        elif ERROR.fullmatch(plain(key)):
            faults[at] = "B38", "key", ""
        elif MONTH_NAME.fullmatch(plain(key)):
            faults[at] = "B40", "key", ""
    national = suspects[(suspects.str.len() == NATIONAL_DIGITS) & suspects.str.isdigit()].index
    passing = {at for at in national if faults.get(at, ("",))[-1] == NATIONAL_NUMBER}
    if 2 * len(passing) < len(national):
        faults = {at: fault for at, fault in faults.items() if at not in passing}
    # `1E05` is a sound key if other keys begin with a digit and hold letters too.
    powers = suspects[suspects.str.fullmatch(SPREADSHEET_POWER)]
    possible = suspects[suspects.str.fullmatch(POWER)]
    others = suspects.drop([*powers.index, *possible.index])
    if not others.str.fullmatch("[0-9]+[A-Za-z].*").any():
        powers = pd.concat([powers, possible])
    faults |= dict.fromkeys(powers.index, ("B41", "key_power", ""))
    numbers = keys[keys.str.isdecimal()]
    lengths = numbers[numbers.str.startswith("0") & (numbers != "0")].str.len().unique()
    if len(lengths) == 1:
        short = numbers[numbers.str.len() < lengths[0]].index
        faults |= dict.fromkeys(short, ("B41", "key_zeros", ""))
    by_fault: dict[KeyFault, list[int]] = {}
    for at, fault in faults.items():
        by_fault.setdefault(fault, []).append(at)
    return by_fault


def _leave_out_repeats(rows: TableRows, first: RowNumbers) -> None:
    """Leave out rows that repeat the first row with their key; refuse those that differ (B53)."""
    again = np.flatnonzero(first != np.arange(len(first)))
    same = np.ones(len(again), dtype=np.bool_)
    for name in _list_compared(rows):
        codes = rows.text.columns[name].codes
        same &= codes[again] == codes[first[again]]
    lines, other = rows.text.lines, again[~same]
    rows.findings.add_rows(
        "B53",
        "contents",
        lines=lines[other],
        column=rows.layout.key,
        of_row=lambda at: {
            "other": lines[first[other[at]]],
            **_name_differing(rows, other[at], first[other[at]]),
        },
        due="the same contents for one key" if rows.repeats else "one row a key",
    )
    twice = np.zeros(len(first), dtype=np.bool_)
    twice[again[same]] = True
    rows.outcomes.leave_out("excluded repeat" if rows.repeats else "excluded B52", twice)


def _list_compared(rows: TableRows) -> list[str]:
    """The columns that rows with one key must have alike."""
    names = rows.layout.value_columns() if rows.repeats else rows.text.columns
    return [name for name in names if name != rows.layout.key]


def _name_differing(rows: TableRows, one: int, other: int) -> dict[str, str]:
    """The first column in which two rows differ, and of how many others the same is true."""
    columns = rows.text.columns
    differing = [
        name
        for name in _list_compared(rows)
        if columns[name].codes[one] != columns[name].codes[other]
    ]
    more = f" and in {len(differing) - 1} more" if len(differing) > 1 else ""
    return {"differs": differing[0], "more": more}


def link_rows(rows: TableRows, parent: TableRows, keys: pd.Series[int] | None) -> None:
    """Set the parent row of each row; a row that hangs on nothing is refused (B41, B54, B55).

    If rows of the parent's file were refused already, a missing key is no further fault. More than
    twenty persons in a contact must be acknowledged (B58).
    """
    rows.parent = parent
    if rows.layout.parent == ROW or rows.layout.parent is None or keys is None:
        # Each row hangs on the parent in its row of the file or, if that parent is a repeat, on the
        # one that it repeats. A row without a key of its own is then a repeat as well.
        same = np.arange(len(rows.text), dtype=np.int32)
        same = rows.file_rows if rows.file_rows is not None else same
        linked: RowNumbers = same if parent.first is None else parent.first[same]
        if rows.layout.key == ROW:
            for outcome in ("excluded B52", "excluded repeat"):
                rows.outcomes.leave_out(outcome, parent.outcomes.having(outcome)[same])
    else:
        column = _trim_keys(rows, rows.layout.parent)
        parents = keys.reindex(column.categories, fill_value=-1)
        linked = np.asarray(parents, dtype=np.int32)[column.codes]
        if parent.export.whole:
            _refuse_orphans(rows, parent, column, linked, keys.index)
    rows.parent_rows = linked
    if rows.name == "persons":
        of_contact = np.bincount(linked[rows.in_table() & (linked >= 0)], minlength=1)
        many = np.flatnonzero(of_contact > MOST_PERSONS)
        if many.size:
            lines = parent.text.lines[many]
            parent.findings.ask("B58", rows=int(many.size), lines=lines, most=MOST_PERSONS)


def _refuse_orphans(
    rows: TableRows,
    parent: TableRows,
    column: pd.Categorical,
    linked: RowNumbers,
    keys: pd.Index[str],
) -> None:
    orphans = (linked < 0) & rows.in_table()
    if not orphans.any():
        return
    without_zeros = {key.lstrip("0") for key in keys if key.isdigit()}
    texts = [(at, column.categories[at]) for at in pd.unique(column.codes[orphans]).tolist()]
    places = [at for at, key in texts if key.isdigit() and key.lstrip("0") in without_zeros]
    zeroless = orphans & np.isin(column.codes, places)
    title = rows.layout.parent
    values: dict[str, Any] = {"parent": NOUNS[parent.name], "other_file": parent.export.file}
    _refuse(rows, "B41", "parent_zeros", zeroless, column=title, **values)
    blank = orphans & np.isin(column.codes, [at for at, key in texts if not key])
    _refuse(rows, ORPHAN[rows.name], "blank", blank, column=title, **values)
    _refuse(rows, ORPHAN[rows.name], "", orphans & ~zeroless & ~blank, column=title, **values)


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
    lines, column = rows.text.lines[at_fault], column or rows.layout.key
    noun = NOUNS[rows.name]
    rows.findings.add_rows(code, case, lines=lines, column=column, noun=noun, **values)


def hash_keys(rows: TableRows) -> KeyHashes | None:
    """The keys of the rows of a table as hashes; None if rows have no key."""
    if rows.keys is None:
        return None
    keys, codes = pd.Series(rows.keys.categories), rows.keys.codes
    # A key that stands for its row begins with a space.
    is_key = (keys != "") & ~keys.str.startswith(" ")
    keyed = rows.in_table() & is_key.to_numpy()[codes]
    hashes = KeyHashes.hash(keys.to_numpy(dtype=object))[codes[keyed]]
    lines, order = rows.text.lines[keyed].astype(np.int32), np.argsort(hashes)
    is_unambiguous = keyed & ~keys.str.fullmatch(LIKE_A_COUNT).to_numpy(dtype=bool)[codes]
    unambiguous = int(np.count_nonzero(np.bincount(codes[is_unambiguous])))
    return KeyHashes(hashes[order], lines[order], rows.layout.numbered_yearly, unambiguous)


def find_shared_keys(now: Dataset, before: Dataset) -> Iterator[ExportError]:
    """Keys that stand in the exports of two years, of periods that don't overlap (B57).

    Each problem has the line in the export of the later year.
    """
    if now.period.start <= before.period.end and before.period.start <= now.period.end:
        return
    files = {balance.table: balance.file for balance in now.balances}
    for name in sorted(now.tables.keys() & before.tables.keys()):
        keys, other = now.tables[name].keys, before.tables[name].keys
        if keys is None or other is None or keys.yearly or other.yearly:
            continue
        findings = Findings(files[name])
        for line in np.sort(keys.lines[np.isin(keys.hashes, other.hashes)]).tolist():
            findings.add("B57", line=line, noun=NOUNS[name], edition=before.edition)
        if findings.problems:
            yield ExportError(findings.problems, findings.counted)
