"""Parts become finished tables, without keys, and the balance of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpline_report.exports.findings import KEPT
from helpline_report.tables.across import key_hashes
from helpline_report.tables.model import FileBalance, Rows, Table
from helpline_report.tables.part import Part

FIRST = ("date", "hour", "age")


def finish(parts: Sequence[Part]) -> dict[str, Table]:
    """The tables of parts that hang on parts before them, with the rows that were kept."""
    tables: dict[str, Table] = {}
    for part in parts:
        kept = part.kept()
        parent = tables[part.parent.name] if part.parent is not None else None
        tables[part.name] = Table(
            name=part.name,
            frame=_frame(part, kept),
            fields=frozenset(part.fields),
            multiple=frozenset(part.multiple),
            codes=dict(part.codes),
            parent=parent,
            parent_rows=_renumbered(part, kept),
            keys=key_hashes(part, kept),
        )
    return tables


def _frame(part: Part, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.DataFrame:
    order = sorted(part.columns, key=lambda name: name not in FIRST)
    columns: dict[str, object] = {"line": part.text.lines[kept]}
    columns |= {name: part.columns[name].array[kept] for name in order}
    return pd.DataFrame(columns)


def _renumbered(part: Part, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Rows | None:
    """The parent rows of kept rows, counted among the kept rows of the parent."""
    if part.parent is None or part.parent_rows is None:
        return None
    places = np.cumsum(part.parent.kept(), dtype=np.int32) - np.int32(1)
    return places[part.parent_rows[kept]].astype(np.int32)


def note_childless(contacts: Part, persons: Part) -> None:
    """Have the contacts that are about nobody (B56) acknowledged: they count as contacts.

    Where rows of the persons' file were refused, a contact without person says nothing.
    """
    assert persons.parent_rows is not None  # noqa: S101 - linked before
    reported = np.zeros(len(contacts.text), dtype=np.bool_)
    reported[persons.parent_rows[persons.kept()]] = True
    alone = np.flatnonzero(contacts.kept() & ~reported)
    if alone.size and persons.export.rows.whole:
        contacts.findings.acknowledge(
            "B56",
            "contact(s) without a reported person",
            rows=int(alone.size),
            lines=contacts.text.lines[alone[:KEPT]].tolist(),
            next_step="complete them in the source; or they are known, and count as contacts",
        )


def balance_of(part: Part, *, first_of_file: bool) -> FileBalance:
    """What became of the rows of one file, for one table that it feeds."""
    kept = part.kept()
    repaired = part.repairs.count(kept)
    excluded = Counter(part.findings.excluded)
    excluded.update({code: int(rows.sum()) for code, rows in part.excluded.items()})
    return FileBalance(
        file=part.export.file,
        sha256=part.export.sha256,
        table=part.name,
        read=part.export.rows.read,
        used=int(kept.sum()) - sum(repaired.values()),
        repaired=repaired,
        excluded=_sorted(excluded),
        noted=_sorted(part.findings.noted) if first_of_file else {},
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {code: count for code, count in sorted(counts.items()) if count}
