"""The table of website traffic: figures of all reports, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.reports import Report
from helpline_report.params.codelists import CodeList
from helpline_report.params.report_layouts import TRAFFIC_DIMENSIONS, ReportFile
from helpline_report.params.values import Period
from helpline_report.tables.entries import Entries, Entry, Setting, What, entries_of
from helpline_report.tables.model import FileBalance, Table

MEASURES = ("users", "page_views", "sessions")
GRAINS = ("year", "month", "day")


@dataclass(frozen=True)
class Traffic:
    """The table, and the balance of each report."""

    table: Table
    balances: list[FileBalance]


def make_traffic(
    reports: Sequence[tuple[Report, ReportFile]], period: Period, lists: Mapping[str, CodeList]
) -> Traffic | None:
    """One table of the figures of all reports; None where a source gives no reports.

    A figure that stands in two reports is kept once (B52); where the two differ, the second is
    refused (B53). A problem is in the findings of its report, and the table is then not whole.
    """
    if not reports:
        return None
    kept: dict[What, tuple[Report, Entry]] = {}
    balances = []
    for report, layout in reports:
        entries = entries_of(report, layout, Setting(period, lists))
        own = {entry.line for entry in entries.found if _keep(kept, report, entry)}
        balances.append(_balance(report, entries, own))
    return Traffic(_table(list(kept.values()), lists), balances)


def _keep(kept: dict[What, tuple[Report, Entry]], report: Report, entry: Entry) -> bool:
    """Keep a figure unless it stands already; whether it was kept."""
    other, before = kept.setdefault(entry.what, (report, entry))
    if before is entry:
        return True
    if before.value != entry.value:
        report.findings.refuse(
            "B53",
            f"another figure than {other.file}:{before.line} gives for the same",
            line=entry.line,
            expected="one figure of one thing",
            next_step="export both reports again, at one time",
        )
    return False


def _balance(report: Report, entries: Entries, own: set[int]) -> FileBalance:
    lines = {entry.line for entry in entries.found}
    mended = own & entries.mended
    totals = entries.totals - lines
    excluded = {
        "B18": len(totals),
        "B52": len(lines - own),
        "unused": len(entries.unused - totals),
    }
    noted = Counter(report.findings.noted) + Counter({"B66": 1})
    return FileBalance(
        file=report.file,
        sha256=report.sha256,
        table="traffic",
        read=report.read,
        used=len(own - mended),
        repaired={"B61": len(mended)} if mended else {},
        excluded={code: count for code, count in excluded.items() if count},
        noted=dict(sorted(noted.items())),
    )


def _table(kept: Sequence[tuple[Report, Entry]], lists: Mapping[str, CodeList]) -> Table:
    places = [entry.what.place for _, entry in kept]
    files = [report.file for report, _ in kept]
    columns: dict[str, object] = {
        "line": np.array([entry.line for _, entry in kept], dtype=np.int32),
        "file": _category(files, list(dict.fromkeys(files))),
        "measure": _category([entry.what.measure for _, entry in kept], MEASURES),
        "grain": _category([place.grain for place in places], GRAINS),
        "start": np.array([place.start for place in places], dtype="datetime64[s]"),
        "end": np.array([place.end for place in places], dtype="datetime64[s]"),
    }
    dimensions = []
    for name in TRAFFIC_DIMENSIONS:
        codes = [dict(place.dimensions).get(name) for place in places]
        found = {code for code in codes if code is not None}
        if found:
            grown = sorted(found - set(lists[name].order))
            columns[name] = _category(codes, [*lists[name].order, *grown])
            dimensions.append(name)
    columns["value"] = np.array([entry.value for _, entry in kept], dtype=np.int64)
    return Table("traffic", pd.DataFrame(columns), frozenset({"measure", "grain", *dimensions}))


def _category(codes: Sequence[str | None], order: Sequence[str]) -> pd.Categorical:
    places = {code: place for place, code in enumerate(order)}
    at = np.array([-1 if code is None else places[code] for code in codes], dtype=np.int32)
    return pd.Categorical.from_codes(at, categories=pd.Index(list(order), dtype="str"))
