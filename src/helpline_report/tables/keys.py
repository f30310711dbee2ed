"""Keys: rows that stand twice, and the row of the table above that each row hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.text_tables import TextColumn
from helpline_report.parameters.row_layouts import ROW
from helpline_report.tables.columns import rows_of
from helpline_report.tables.key_texts import odd_keys, one_case, untrimmed
from helpline_report.tables.labels import AS_TEXT
from helpline_report.tables.model import Rows
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask
from helpline_report.tables.telling import refuse_rows

NOUNS = {"contacts": "contact", "persons": "person", "followups": "follow-up"}
ORPHAN = {"persons": "B54", "followups": "B55"}
REPEAT = "repeat"
MOST_PERSONS = 20
# So many rows that hang on nothing, and such a part of all, aren't slips.
FLOOD, MOST_ORPHANS = 20, 0.1


@dataclass(frozen=True)
class KeyIndex:
    """Where each key stands first; a key that is blank stands nowhere."""

    texts: Sequence[str]
    rows: Rows

    def found(self, keys: Sequence[str]) -> tuple[Rows, list[int]]:
        """The row of each key, -1 where there is none, and the places of those in other capitals.

        Capitals are overlooked where one key alone differs by no more than these.
        """
        places = _places_of(keys, self.texts)
        missing = np.flatnonzero(places < 0).tolist()
        if missing:
            by_folded: dict[str, list[int]] = {}
            for place, key in enumerate(self.texts):
                by_folded.setdefault(key.lower(), []).append(place)
            for at in missing:
                alike = by_folded.get(keys[at].lower(), [])
                if len(alike) == 1 and one_case(keys[at], self.texts[alike[0]]):
                    places[at] = alike[0]
        rows = np.where(places >= 0, self.rows[places], np.int32(-1))
        return rows, [at for at in missing if rows[at] >= 0]


def _places_of(keys: Sequence[str], known: Sequence[str]) -> Rows:
    """The place of each key among distinct ones, -1 where it isn't among them."""
    index = pd.Index(np.array(known, dtype=object))
    places: Rows = index.get_indexer(pd.Index(np.array(keys, dtype=object))).astype(np.int32)
    return places


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
    part.first = first[column.codes]
    _refuse_blank(part, column)
    _refuse_odd(part, column)
    _refuse_other_capitals(part, column, first)
    again = part.first != np.arange(len(column))
    if again.any():
        _tell_apart(part, np.flatnonzero(again).astype(np.int32), part.first)
    if "" in column.distinct:
        first[column.distinct.index("")] = -1
    return KeyIndex(column.distinct, first)


def link(part: Part, parent: Part, keys: KeyIndex | None) -> None:
    """Set the parent row of each row of `part`; a row that hangs on nothing is refused.

    Where rows of the parent's file were refused already, a missing key says nothing more. More
    than twenty persons in a contact are to be acknowledged (B58).
    """
    part.parent = parent
    if part.layout.parent == ROW or part.layout.parent is None or keys is None:
        _link_rows(part, parent)
        return
    column = trimmed_keys(part, part.layout.parent)
    rows_of_text, other_capitals = keys.found(column.distinct)
    if other_capitals:
        part.repairs.add("B61", rows_of(column, other_capitals))
    part.parent_rows = rows_of_text[column.codes]
    if parent.export.rows.whole:
        _refuse_orphans(part, parent, column, keys)
    if part.name == "persons":
        _ask_about_many(part, parent)


def _link_rows(part: Part, parent: Part) -> None:
    """Hang each row on what stands in the same row; where that is left out, on what it repeats.

    A row that has no key of its own is left out with the row above it: it stands twice as well.
    """
    rows = np.arange(len(part.text), dtype=np.int32)
    part.parent_rows = rows if parent.first is None else parent.first
    if part.layout.key == ROW:
        for code, again in parent.excluded.items():
            part.exclude(code, again)


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


def _refuse_other_capitals(part: Part, column: TextColumn, first: Rows) -> None:
    """Refuse keys that differ from one that stands before by capitals alone (B53)."""
    folded = [key.lower() for key in column.distinct]
    if len(set(folded)) == len(folded):
        return
    before: dict[str, list[int]] = {}
    same_but: dict[int, int] = {}
    for place in np.argsort(first, kind="stable").tolist():
        alike = before.setdefault(folded[place], [])
        keys = ((other, column.distinct[other]) for other in alike)
        found = (other for other, key in keys if one_case(column.distinct[place], key))
        if (other := next(found, None)) is not None:
            same_but[place] = other
        alike.append(place)
    rows = np.flatnonzero(rows_of(column, [*same_but]))
    lines, places = part.text.lines, column.codes[rows]
    refuse_rows(
        part.findings,
        "B53",
        lines[rows],
        lambda at: (
            f"the key of line {lines[first[same_but[int(places[at])]]]} stands here in "
            "other capitals"
        ),
        column=part.layout.key,
        expected="one way to write a key",
        next_step="write the key one way in the source, or give each row its own",
    )


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
    lost, rows = part.text.lines[orphans & ~zeroless], int(part.kept().sum())
    again = "export both files again, at one time and over one period"
    many = len(lost) >= FLOOD and len(lost) > MOST_ORPHANS * rows
    cut_off = f"{again}; {len(lost)} of {rows} rows hang on nothing: {parent.export.file} may be"
    steps = [(lost[:1], f"{cut_off} cut off"), (lost[1:], again)] if many else [(lost, again)]
    for lines, step in steps:
        refuse_rows(
            part.findings,
            ORPHAN[part.name],
            lines,
            f"{what} isn't in {parent.export.file}",
            column=part.layout.parent or "",
            next_step=step,
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
