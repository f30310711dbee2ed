"""The table of website traffic: figures of all reports, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpline_report.exports.reports import Report, read_report
from helpline_report.exports.web.model import WebExport
from helpline_report.exports.web.read import read_web
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.report_layouts import TRAFFIC_DIMENSIONS, ReportFile
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.tables.entries import Entries, Entry, Setting, What, entries_of
from helpline_report.tables.model import FileBalance, Table
from helpline_report.tables.sources import SourceFile
from helpline_report.tables.web import refuse_two_properties, web_entries

MEASURES = ("users", "page_views", "sessions")
GRAINS = ("year", "month", "day")


@dataclass(frozen=True)
class Traffic:
    """The table, the balance of each report, and what somebody may miss in them."""

    table: Table
    balances: list[FileBalance]
    notes: list[str]


AnyReport = Report | WebExport

NO_YEAR = (
    "the users of the whole period stand nowhere in the web analytics exports; those of months or "
    "days can't be added up, since who comes back counts once: export them as "
    "docs/web-analytics.md says"
)


def read_traffic(file: SourceFile) -> AnyReport:
    """A report of web analytics, by its layout."""
    if isinstance(file.layout, WebFolder):
        return read_web(file.path, file.shown, file.layout)
    assert isinstance(file.layout, ReportFile)  # noqa: S101 - files of rows are read elsewhere
    return read_report(file.path, file.shown, file.layout)


def make_traffic(
    reports: Sequence[tuple[AnyReport, SourceFile]], period: Period, lists: Mapping[str, CodeList]
) -> Traffic | None:
    """One table of the figures of all reports; None where a source gives no reports.

    A figure that stands in two reports is kept once (B52); where the two differ, the second is
    refused (B53). A problem is in the findings of its report, and the table is then not whole.
    """
    if not reports:
        return None
    kept: dict[What, tuple[AnyReport, Entry]] = {}
    balances, notes = [], []
    refuse_two_properties([(r, f.layout) for r, f in reports if isinstance(r, WebExport)])
    for report, file in reports:
        entries = _entries(report, file, Setting(period, lists, file.property_, file.time_zone))
        own = {entry.at for entry in entries.found if _keep(kept, report, entry)}
        balances.append(_balance(report, entries, own))
        notes += entries.notes
        _ask_for_revisions(report, file, [e for e in entries.found if e.at in own])
    if kept and not any(_is_year_of_users(what) for what in kept):
        notes.append(NO_YEAR)
    return Traffic(_table(list(kept.values()), lists), balances, notes)


def _entries(report: AnyReport, file: SourceFile, setting: Setting) -> Entries:
    if isinstance(report, WebExport):
        assert isinstance(file.layout, WebFolder)  # noqa: S101 - it was read by this layout
        return web_entries(report, file.layout, setting)
    assert isinstance(file.layout, ReportFile)  # noqa: S101
    return entries_of(report, file.layout, setting)


def _ask_for_revisions(report: AnyReport, file: SourceFile, entries: Sequence[Entry]) -> None:
    """Ask about figures of the period that the edition printed otherwise (B69)."""
    for entry in entries:
        measure, place = entry.what
        printed = {str(name): number for name, number in file.reported.items()}.get(measure)
        whole = place.grain == "year" and not place.dimensions
        if whole and printed is not None and printed != entry.value:
            report.findings.acknowledge(
                "B69",
                "figure of the period, which this year's report printed otherwise",
                rows=1,
                lines=[entry.line],
                column=measure,
                next_step="find out which is right; where the service has revised it since, "
                "acknowledge it with that as its reason, which the report then prints",
            )


def _is_year_of_users(what: What) -> bool:
    return what.measure == "users" and what.place.grain == "year" and not what.place.dimensions


def _keep(kept: dict[What, tuple[AnyReport, Entry]], report: AnyReport, entry: Entry) -> bool:
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


def _balance(report: AnyReport, entries: Entries, own: set[int]) -> FileBalance:
    lines = {entry.at for entry in entries.found}
    mended = own & entries.mended
    totals = entries.totals - lines
    excluded = {
        "B18": len(totals),
        "B52": len(lines - own),
        "B66": len(entries.collapsed),
        "unused": len(entries.unused - totals) + _left_out(report),
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


def _left_out(report: AnyReport) -> int:
    """Rows that compare two periods, and are of neither."""
    return report.left_out if isinstance(report, WebExport) else 0


def _table(kept: Sequence[tuple[AnyReport, Entry]], lists: Mapping[str, CodeList]) -> Table:
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
