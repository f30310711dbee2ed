"""Two years side by side: a key that stands in both exports is a row too many (B57)."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from helpline_report.errors import ExportError
from helpline_report.exports.findings import Findings
from helpline_report.params.row_layouts import ROW
from helpline_report.tables.keys import NOUNS, trimmed_keys
from helpline_report.tables.model import Dataset, KeyHashes
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask


def key_hashes(part: Part, kept: Mask) -> KeyHashes | None:
    """The keys of the rows that are kept, as numbers that can be compared and not read back.

    None where rows have no key, or keys begin anew each year.
    """
    if part.layout.key == ROW or part.layout.numbered_yearly:
        return None
    column = trimmed_keys(part, part.layout.key)
    texts = np.array(column.distinct, dtype=object)
    # The same in every process and on every machine, unlike Python's own.
    hashes = pd.util.hash_array(texts, categorize=False)[column.codes[kept]]
    order = np.argsort(hashes, kind="stable")
    return KeyHashes(hashes[order], part.text.lines[kept][order])


def refuse_shared_keys(now: Dataset, before: Dataset) -> None:
    """Refuse keys that stand in the exports of two years, of periods that don't overlap.

    Raises:
        ExportError: with the line of each, in the export of the later year.
    """
    if now.period.start <= before.period.end and before.period.start <= now.period.end:
        return
    files = {balance.table: balance.file for balance in now.balances}
    counts: Counter[str] = Counter()
    problems = []
    for name, table in now.tables.items():
        other = before.tables.get(name)
        if table.keys is None or other is None or other.keys is None:
            continue
        findings = Findings(files.get(name, name))
        for line in _shared(table.keys, other.keys):
            findings.refuse(
                "B57",
                f"the key of this {NOUNS[name]} stands in the export of {before.edition} too",
                line=line,
                next_step="see that each export is of its own year; if the system numbers anew "
                "each year, say in the layout of the table: numbered_yearly: true",
            )
        problems += findings.problems
        counts += findings.counted
    if problems:
        raise ExportError(problems, counts)


def _shared(now: KeyHashes, before: KeyHashes) -> list[int]:
    """The lines of the keys that stand in both, in order."""
    if not len(before.hashes):
        return []
    places = np.searchsorted(before.hashes, now.hashes)
    found = before.hashes[np.minimum(places, len(before.hashes) - 1)] == now.hashes
    return [int(line) for line in np.sort(now.lines[found])]
