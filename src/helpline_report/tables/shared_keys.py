"""Refuse keys that stand in the exports of two years: each is a row too many (B57)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.errors import ExportError, Problem
from helpline_report.exports.findings import Findings
from helpline_report.parameters.row_layouts import ROW
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import Dataset, KeyHashes
from helpline_report.tables.keys import NOUNS, trimmed_keys
from helpline_report.tables.table_rows import TableRows


def key_hashes(rows: TableRows) -> KeyHashes | None:
    """The keys of the rows of a table, as numbers that can be compared and not read back.

    None where rows have no key.
    """
    if rows.layout.key == ROW:
        return None
    column = trimmed_keys(rows, rows.layout.key)
    keyed = rows.in_table()
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
