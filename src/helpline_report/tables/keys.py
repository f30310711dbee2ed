"""Keys: rows that stand twice, and the row of the table above that each row hangs on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.text import TextColumn
from helpline_report.params.row_layouts import ROW
from helpline_report.tables.model import Rows
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask

NOUNS = {"contacts": "contact", "persons": "person", "followups": "follow-up"}
ORPHAN = {"persons": "B54", "followups": "B55"}


@dataclass(frozen=True)
class KeyIndex:
    """Where each key stands first; a key that is blank stands nowhere."""

    texts: pd.Index
    rows: Rows


def own_keys(part: Part) -> KeyIndex | None:
    """Index a part by its key; None where rows have no key.

    A row that stands twice to the letter is left out (B52); one key with two contents, and a blank
    key, is refused (B53).
    """
    if part.layout.key == ROW:
        return None
    column, mended = _trimmed(part.text.columns[part.layout.key])
    if mended.any():
        part.repairs.add("B61", mended)
    first = np.full(len(column.distinct), -1, dtype=np.int32)
    first[column.codes[::-1]] = np.arange(len(column) - 1, -1, -1, dtype=np.int32)
    _refuse_blank(part, column)
    again = first[column.codes] != np.arange(len(column))
    if again.any():
        _tell_apart(part, np.flatnonzero(again).astype(np.int32), first[column.codes])
    texts = pd.Index(column.distinct, dtype="str")
    return KeyIndex(texts, np.where(texts == "", np.int32(-1), first).astype(np.int32))


def link(part: Part, parent: Part, keys: KeyIndex | None) -> None:
    """Set the parent row of each row of `part`; a row that hangs on nothing is refused.

    Where rows of the parent's file were refused already, a missing key says nothing more.
    """
    part.parent = parent
    if part.layout.parent == ROW or part.layout.parent is None or keys is None:
        part.parent_rows = np.arange(len(part.text), dtype=np.int32)
        return
    column, mended = _trimmed(part.text.columns[part.layout.parent])
    if mended.any():
        part.repairs.add("B61", mended)
    places = keys.texts.get_indexer(pd.Index(column.distinct, dtype="str"))
    rows_of_text = np.where(places >= 0, keys.rows[places], -1).astype(np.int32)
    part.parent_rows = rows_of_text[column.codes]
    if parent.export.rows.whole:
        _refuse_orphans(part, parent)


def _trimmed(column: TextColumn) -> tuple[TextColumn, Mask]:
    """A key column without spaces around its keys, and the rows where there were any."""
    stripped = [text.strip() for text in column.distinct]
    changed = np.array([a != b for a, b in zip(stripped, column.distinct, strict=True)])
    if not changed.any():
        return column, np.zeros(len(column), dtype=np.bool_)
    places, distinct = pd.factorize(np.array(stripped, dtype=object))
    codes = places.astype(np.int32)[column.codes]
    return TextColumn([str(text) for text in distinct], codes), changed[column.codes]


def _refuse_blank(part: Part, column: TextColumn) -> None:
    if "" not in column.distinct:
        return
    for row in np.flatnonzero(column.codes == column.distinct.index("")):
        part.findings.refuse(
            "B53",
            f"a {NOUNS[part.name]} without a key",
            line=int(part.text.lines[row]),
            column=part.layout.key,
            next_step="give the row its key in the source",
            row=True,
        )


def _tell_apart(part: Part, again: Rows, first: Rows) -> None:
    """Rows whose key stands before: the same to the letter are left out, others refused."""
    same = np.ones(len(again), dtype=np.bool_)
    for name, column in part.text.columns.items():
        if name != part.layout.key:
            same &= column.codes[again] == column.codes[first[again]]
    lines = part.text.lines
    for row in again[~same]:
        part.findings.refuse(
            "B53",
            f"the key of line {lines[first[row]]} stands here with other contents",
            line=int(lines[row]),
            column=part.layout.key,
            expected="one row a key",
            row=True,
            next_step="correct one of the two rows in the source",
        )
    twice = np.zeros(len(part.text), dtype=np.bool_)
    twice[again[same]] = True
    part.exclude("B52", twice)


def _refuse_orphans(part: Part, parent: Part) -> None:
    assert part.parent_rows is not None  # noqa: S101 - set by the caller
    for row in np.flatnonzero((part.parent_rows < 0) & part.kept()):
        part.findings.refuse(
            ORPHAN[part.name],
            f"a {NOUNS[part.name]} whose {NOUNS[parent.name]} isn't in {parent.export.file}",
            line=int(part.text.lines[row]),
            row=True,
            column=part.layout.parent or "",
            next_step="export both files again, at one time and over one period",
        )
