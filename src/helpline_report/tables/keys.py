"""Keys: rows that stand twice, and the row of the table above that each row hangs on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.text import TextColumn
from helpline_report.params.row_layouts import ROW
from helpline_report.tables.columns import rows_of
from helpline_report.tables.key_texts import odd_keys, untrimmed
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.model import Rows
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask
from helpline_report.tables.telling import refuse_rows

NOUNS = {"contacts": "contact", "persons": "person", "followups": "follow-up"}
ORPHAN = {"persons": "B54", "followups": "B55"}
REPEAT = "repeat"
MOST_PERSONS = 20


@dataclass(frozen=True)
class KeyIndex:
    """Where each key stands first; a key that is blank stands nowhere."""

    texts: pd.Index
    rows: Rows


def own_keys(part: Part) -> KeyIndex | None:
    """Index a part by its key; None where rows have no key.

    A row that stands twice to the letter is left out (B52), as is a row that repeats what it says
    for each row that hangs on it in the same file (`repeat`). One key with two contents, and a
    blank key, is refused (B53), and a key that a spreadsheet or a slip left there (B38 to B41,
    B65).
    """
    if part.layout.key == ROW:
        return None
    column = trimmed_keys(part, part.layout.key)
    first = np.full(len(column.distinct), -1, dtype=np.int32)
    first[column.codes[::-1]] = np.arange(len(column) - 1, -1, -1, dtype=np.int32)
    _refuse_blank(part, column)
    _refuse_odd(part, column)
    again = first[column.codes] != np.arange(len(column))
    if again.any():
        _tell_apart(part, np.flatnonzero(again).astype(np.int32), first[column.codes])
    texts = pd.Index(column.distinct, dtype="str")
    return KeyIndex(texts, np.where(texts == "", np.int32(-1), first).astype(np.int32))


def link(part: Part, parent: Part, keys: KeyIndex | None) -> None:
    """Set the parent row of each row of `part`; a row that hangs on nothing is refused.

    Where rows of the parent's file were refused already, a missing key says nothing more. More
    than twenty persons in a contact are to be acknowledged (B58).
    """
    part.parent = parent
    if part.layout.parent == ROW or part.layout.parent is None or keys is None:
        part.parent_rows = np.arange(len(part.text), dtype=np.int32)
        return
    column = trimmed_keys(part, part.layout.parent)
    places = keys.texts.get_indexer(pd.Index(column.distinct, dtype="str"))
    rows_of_text = np.where(places >= 0, keys.rows[places], -1).astype(np.int32)
    part.parent_rows = rows_of_text[column.codes]
    if parent.export.rows.whole:
        _refuse_orphans(part, parent, column, keys)
    if part.name == "persons":
        _ask_about_many(part, parent)


def trimmed_keys(part: Part, name: str) -> TextColumn:
    """A key column without spaces around its keys; rows where there were any are mended (B61)."""
    column = part.text.columns[name]
    changed = untrimmed(column.distinct)
    if not changed:
        return column
    part.repairs.add("B61", rows_of(column, changed))
    stripped = list(column.distinct)
    for place in changed:
        stripped[place] = stripped[place].strip()
    places, distinct = pd.factorize(np.array(stripped, dtype=object))
    codes = places.astype(np.int32)[column.codes]
    return TextColumn([str(text) for text in distinct], codes)


def _refuse_blank(part: Part, column: TextColumn) -> None:
    if "" not in column.distinct:
        return
    blank = column.codes == column.distinct.index("")
    refuse_rows(
        part.findings,
        "B53",
        part.text.lines[blank],
        f"a {NOUNS[part.name]} without a key",
        column=part.layout.key,
        next_step="give the row its key in the source",
    )


def _refuse_odd(part: Part, column: TextColumn) -> None:
    by_words: dict[tuple[str, str, str], list[int]] = {}
    for place, reading in odd_keys(column.distinct).items():
        words = (reading.fault, reading.what, reading.next_step)
        by_words.setdefault(words, []).append(place)
    for (code, what, next_step), places in sorted(by_words.items()):
        lines = part.text.lines[rows_of(column, places)]
        refuse_rows(part.findings, code, lines, what, column=part.layout.key, next_step=next_step)


def _tell_apart(part: Part, again: Rows, first: Rows) -> None:
    """Rows whose key stands before: the same to the letter are left out, others refused.

    Where a row stands again for each row that hangs on it, only its own columns must be the same.
    """
    same = np.ones(len(again), dtype=np.bool_)
    own = part.layout.value_columns() if part.repeats else list(part.text.columns)
    for name in own:
        column = part.text.columns[name]
        if name != part.layout.key:
            same &= column.codes[again] == column.codes[first[again]]
    _refuse_two_contents(part, again[~same], first)
    twice = np.zeros(len(part.text), dtype=np.bool_)
    twice[again[same]] = True
    part.exclude(REPEAT if part.repeats else "B52", twice)


def _refuse_two_contents(part: Part, rows: Rows, first: Rows) -> None:
    lines = part.text.lines
    refuse_rows(
        part.findings,
        "B53",
        lines[rows],
        lambda at: f"the key of line {lines[first[rows[at]]]} stands here with other contents",
        column=part.layout.key,
        expected="one row a key" if not part.repeats else "the same contents for one key",
        next_step="correct one of the two rows in the source",
    )


def _refuse_orphans(part: Part, parent: Part, column: TextColumn, keys: KeyIndex) -> None:
    assert part.parent_rows is not None  # noqa: S101 - set by the caller
    orphans = (part.parent_rows < 0) & part.kept()
    if not orphans.any():
        return
    zeroless = orphans & _without_zeros(column, orphans, keys)
    what = f"a {NOUNS[part.name]} whose {NOUNS[parent.name]}"
    refuse_rows(
        part.findings,
        "B41",
        part.text.lines[zeroless],
        f"{what} has a key with other leading zeros in {parent.export.file}",
        column=part.layout.parent or "",
        next_step=AS_TEXT,
    )
    refuse_rows(
        part.findings,
        ORPHAN[part.name],
        part.text.lines[orphans & ~zeroless],
        f"{what} isn't in {parent.export.file}",
        column=part.layout.parent or "",
        next_step="export both files again, at one time and over one period",
    )


def _without_zeros(column: TextColumn, orphans: Mask, keys: KeyIndex) -> Mask:
    """The rows whose key is one of the parent's, but for leading zeros."""
    known = {key.lstrip("0") for key in keys.texts if key.isdigit()}
    lost = {at for at in np.unique(column.codes[orphans]) if column.distinct[at].isdigit()}
    return rows_of(column, [at for at in lost if column.distinct[at].lstrip("0") in known])


def _ask_about_many(part: Part, parent: Part) -> None:
    """Ask whether contacts with more persons than one hears of in a call are true (B58)."""
    assert part.parent_rows is not None  # noqa: S101 - set by the caller
    linked = part.parent_rows[part.kept() & (part.parent_rows >= 0)]
    many = np.flatnonzero(np.bincount(linked, minlength=1) > MOST_PERSONS)
    if many.size:
        parent.findings.acknowledge(
            "B58",
            f"contact(s) with more than {MOST_PERSONS} persons",
            rows=int(many.size),
            lines=parent.text.lines[many].tolist(),
            next_step="look it up: acknowledge it if it is true",
        )
