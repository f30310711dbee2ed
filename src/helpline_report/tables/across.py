"""Two years side by side: a key that stands in both exports is a row too many (B57)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.findings import Findings
from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.keys import NOUNS, trimmed_keys
from helpline_report.tables.model import Dataset, KeyHashes
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask


def key_hashes(part: Part, kept: Mask) -> KeyHashes | None:
    """The keys of the rows that are kept, as numbers that can be compared and not read back.

    None where rows have no key.
    """
    if part.layout.key == ROW:
        return None
    column = trimmed_keys(part, part.layout.key)
    if "" in column.distinct:
        kept = kept & (column.codes != column.distinct.index(""))
    hashes = KeyHashes.hash(column.distinct)[column.codes[kept]]
    return KeyHashes(hashes, part.text.lines[kept], part.layout.numbered_yearly)


@dataclass(frozen=True)
class YearKeys:
    """The keys of one year's tables, and the file of each: also of a year that is refused."""

    edition: str
    period: Period
    files: Mapping[str, str]
    keys: Mapping[str, KeyHashes | None]

    @classmethod
    def of(cls, year: Dataset) -> YearKeys:
        """Those of finished tables."""
        files = {balance.table: balance.file for balance in year.balances}
        keys = {name: table.keys for name, table in year.tables.items()}
        return cls(year.edition, year.period, files, keys)

    @classmethod
    def read(cls, edition: str, period: Period, parts: Sequence[Part]) -> YearKeys:
        """Those of tables in the making."""
        files = {part.name: part.export.file for part in parts}
        keys = {part.name: key_hashes(part, part.kept()) for part in parts}
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
        for line in _shared(keys, other):
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
    lines: list[int] = np.sort(now.lines[np.isin(now.hashes, before.hashes)]).tolist()
    return lines
