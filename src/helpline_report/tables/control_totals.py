"""Check exports and tables against totals of the registration system's screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from helpline_report.errors import Problem
from helpline_report.exports.corrected_exports import HANGS, LEFT_OUT
from helpline_report.exports.export_files import Export
from helpline_report.exports.faults import make_problem
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.known import ControlTotal
from helpline_report.tables.code_tallies import rows_with
from helpline_report.tables.dataset import Table


def check_files(edition: Edition, exports: Sequence[Export]) -> Iterator[Problem]:
    """A problem for each file with fewer rows than its total (B10), or with more (B70).

    Blank rows, repeated headers, total rows and footers are no rows of the system; rows that
    corrections leave out still are.
    """
    for place, total in enumerate(edition.control_totals):
        for export in exports:
            if total.file is None or not f"/{export.file}".endswith(f"/{total.file}"):
                continue
            left_out = export.findings.excluded
            rows = export.rows.read - left_out.total() + left_out[LEFT_OUT] + left_out[HANGS]
            if export.rows.table is not None and rows != total.rows:
                code = "B10" if rows < total.rows else "B70"
                yield _problem(edition, place, code, file=export.file, rows=rows)


def check_tables(
    edition: Edition,
    tables: Mapping[str, Table],
    files: Mapping[str, str],
    lists: Mapping[str, CodeList],
) -> Iterator[Problem]:
    """A problem for each table, or part of one, whose rows aren't as many as its total (B70).

    A draft has rows left out, and is held against no total of a table.
    """
    for place, total in enumerate(edition.control_totals):
        if total.table is None or edition.draft:
            continue
        rows = _count(tables[total.table], total, lists)
        if rows != total.rows:
            yield _problem(edition, place, "B70", file=files[total.table], rows=rows)


def _count(table: Table, total: ControlTotal, lists: Mapping[str, CodeList]) -> int:
    """The rows of a table that a control total speaks of."""
    rows = np.ones(len(table), dtype=np.bool_)
    for field, names in total.where.items():
        owner = table.owner(field)
        assert owner is not None  # noqa: S101 - names were checked before
        codes = {code for name in _listed(names) for code in lists[field].expand(name)}
        rows &= table.down(rows_with(owner, field, codes), owner).astype(np.bool_)
    if total.month is not None:
        owner = table.owner("date")
        assert owner is not None  # noqa: S101 - contacts have dates
        in_month = owner.frame["date"].to_numpy().astype("datetime64[M]") == np.datetime64(
            total.month
        )
        rows &= table.down(in_month, owner).astype(np.bool_)
    return int(rows.sum())


def _listed(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def _describe(total: ControlTotal) -> str:
    parts = [str(total.table)]
    parts += [f"with {field} {' or '.join(_listed(names))}" for field, names in total.where.items()]
    return " ".join([*parts, f"in {total.month}"] if total.month else parts)


def _problem(edition: Edition, place: int, code: str, *, file: str, rows: int) -> Problem:
    total = edition.control_totals[place]
    seen = f", as was seen on {total.seen}" if total.seen else ""
    values = {
        "rows": rows,
        "described": "rows" if total.table is None else _describe(total),
        "total": f"{total.rows}{seen}",
        "place": f"control_totals.{place} in params/{edition.edition}.yaml",
    }
    return make_problem(code, "total", values, file=file, line=0, column="")
