"""The tables of an edition from its exports: read, typed, linked, checked, balanced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from helpline_report.errors import ExportError, ParametersError
from helpline_report.exports.corrected_exports import (
    CORRECTED,
    CorrectedExports,
    correct_exports,
)
from helpline_report.exports.export_files import Export, read_export
from helpline_report.parameters.acknowledging import ask
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_layouts import WebFolder
from helpline_report.tables.acknowledged import settle
from helpline_report.tables.across import YearKeys, YearRefusedError
from helpline_report.tables.drafts import Draft
from helpline_report.tables.finish import balance_of, finish, note_childless
from helpline_report.tables.keys import link, own_keys
from helpline_report.tables.known import check_known
from helpline_report.tables.model import PARENTS, TABLES, Dataset, FileBalance, Table
from helpline_report.tables.part import Part, make_part
from helpline_report.tables.period import exclude_outside, refuse_undated
from helpline_report.tables.schemas import check_table
from helpline_report.tables.sources import SourceFile, source_files
from helpline_report.tables.totals import hold_files, hold_tables
from helpline_report.web_analytics.block_figures import Expected
from helpline_report.web_analytics.traffic_table import ExpectedExport, Traffic, make_traffic
from helpline_report.web_analytics.web_export import WebExport, read_web_export


def load_dataset(project: Project, edition: Edition, *, schemas: bool = True) -> Dataset:
    """Read every source of an edition into tables of its period.

    Without `schemas` the finished tables aren't held against theirs a second time, which would load
    a library that takes a second and find no mistake but the program's own.

    Raises:
        YearRefusedError: with every problem of every file; no message holds a value of a row.
        CorrectionsError: corrections beside the exports that don't go with them.
        ParametersError: parameters, layouts or code lists that don't fit one another.
        MachineError: a folder that can't be looked into.
    """
    lists = project.codelists()
    files = source_files(project, edition, lists)
    check_known(edition, files, lists)
    exports, web = _read(files, edition.period, lists)
    layouts = {file.shown: file.layout for file in files if isinstance(file.layout, RowFile)}
    corrected = correct_exports(project, edition, layouts, exports)
    parts = _parts(layouts, corrected, lists)
    ordered = _linked(files, parts)
    draft = Draft(edition.draft)
    _choose_rows(ordered, edition.period, lists, draft)
    traffic = make_traffic(web, lists)
    findings = [export.findings for export in exports] + [item.export.findings for item in web]
    settled = settle(findings, edition)
    problems, counts = draft.stopping(exports, findings[len(exports) :])
    problems += hold_files(edition, exports)
    if problems:
        asked = [*draft.why(exports, findings[len(exports) :]), *ask(edition, settled.lines)]
        found = YearKeys.read(edition.edition, edition.period, ordered)
        raise YearRefusedError(found, [*problems, *settled.problems], counts, asks=asked)
    tables = finish(ordered)
    names = {part.name: part.export.file for part in ordered}
    problems = [*draft.unsettled(settled.problems), *hold_tables(edition, tables, names, lists)]
    if problems:
        found = YearKeys.read(edition.edition, edition.period, ordered)
        raise YearRefusedError(found, problems, asks=ask(edition, settled.lines))
    draft.leave_out_unread(exports)
    balances = _balances(ordered, corrected, draft)
    if web:
        fields = frozenset({"measure", "grain", *traffic.dimensions})
        tables["traffic"] = Table("traffic", traffic.frame, fields)
        balances += _traffic_balances(web, traffic)
    if schemas:
        _check(tables, names, lists)
    known = tuple(settled.known)
    return Dataset(
        edition.edition,
        edition.period,
        tables,
        tuple(balances),
        acknowledged=known,
        waiting=tuple(settled.waiting),
        corrections=corrected.corrections,
        left_out=draft.lines,
        names={file.shown: file.called for file in files},
        notes=traffic.notes,
    )


def _read(
    files: Sequence[SourceFile], period: Period, lists: Mapping[str, CodeList]
) -> tuple[list[Export], list[ExpectedExport]]:
    """The files of rows, and the exports of web analytics, in the order of the sources."""
    exports = [
        read_export(file.path, file.shown, file.layout)
        for file in files
        if isinstance(file.layout, RowFile)
    ]
    web = [
        ExpectedExport(
            read_web_export(file.path, file.shown, file.layout),
            file.layout,
            Expected(period, lists, file.property_, file.time_zone),
            file.reported,
        )
        for file in files
        if isinstance(file.layout, WebFolder)
    ]
    return exports, web


def _traffic_balances(web: Sequence[ExpectedExport], traffic: Traffic) -> list[FileBalance]:
    """What became of the rows and total rows of each export."""
    return [
        _traffic_balance(item.export, outcomes)
        for item, outcomes in zip(web, traffic.outcomes, strict=True)
    ]


def _traffic_balance(export: WebExport, outcomes: Mapping[int, str]) -> FileBalance:
    counts = Counter(outcomes.values())
    counts["excluded unused"] += export.comparing
    by_kind: dict[str, dict[str, int]] = {"repaired": {}, "excluded": {}}
    for outcome, count in sorted(counts.items()):
        kind, _, code = outcome.partition(" ")
        if code and count:
            by_kind[kind][code] = count
    return FileBalance(
        file=export.file,
        sha256=export.sha256,
        table="traffic",
        read=counts.total(),
        used=counts["used"],
        noted=dict(sorted((Counter(export.findings.noted) + Counter({"B66": 1})).items())),
        **by_kind,
    )


def _parts(
    layouts: Mapping[str, RowFile], corrected: CorrectedExports, lists: Mapping[str, CodeList]
) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for export in corrected.exports:
        table, layout = export.rows.table, layouts[export.file]
        if table is None:
            continue
        rows = corrected.corrected_rows(export)
        for name in layout.tables:
            parts[name] = make_part(name, export, table, layout, lists)
            if rows is not None:
                parts[name].repairs.add(CORRECTED, rows)
    return parts


def _linked(files: Sequence[SourceFile], parts: Mapping[str, Part]) -> list[Part]:
    """The parts, each after the one that it hangs on; a part of a refused file hangs on nothing."""
    due = {
        name for file in files if isinstance(file.layout, RowFile) for name in file.layout.tables
    }
    ordered: list[Part] = []
    keys = {}
    for name in TABLES:
        above = PARENTS.get(name)
        if name in due and above is not None and above not in due:
            raise ParametersError(
                f"a source gives '{name}' and none gives '{above}'",
                next_step=f"name the layout that gives '{above}' under 'sources'",
            )
        if name not in parts or (above is not None and above not in keys):
            continue
        part = parts[name]
        keys[name] = own_keys(part)
        if above is not None:
            link(part, parts[above], keys[above])
        ordered.append(part)
    return ordered


def _choose_rows(
    parts: Sequence[Part], period: Period, lists: Mapping[str, CodeList], draft: Draft
) -> None:
    by_name = {part.name: part for part in parts}
    for part in parts:
        draft.leave_out(part)
        exclude_outside(part, period)
        refuse_undated(part, lists)
        draft.leave_out(part)
    # What was found of a row below is a fault of its line, and so of what stands above in it.
    for part in parts:
        draft.leave_out(part)
    if "persons" in by_name:
        note_childless(by_name["contacts"], by_name["persons"])


def _balances(
    parts: Sequence[Part], corrected: CorrectedExports, draft: Draft
) -> list[FileBalance]:
    seen: set[str] = set()
    balances = []
    for part in parts:
        balance = balance_of(part, first_of_file=part.export.file not in seen)
        first = part.export.file not in seen
        reasons = corrected.reasons(part.export.file) if first else {}
        balances.append(replace(balance, reasons=reasons, faulty=draft.faulty(part)))
        seen.add(part.export.file)
    return balances


def _check(
    tables: Mapping[str, Table], files: Mapping[str, str], lists: Mapping[str, CodeList]
) -> None:
    problems = [
        problem
        for name, table in tables.items()
        for problem in check_table(table, lists, files.get(name, name))
    ]
    if problems:
        raise ExportError(problems)
