"""Read every source of an edition into the tables of its period: typed, linked, balanced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpline_report.errors import ParametersError
from helpline_report.exports.corrections import CORRECTED, CorrectedExports, correct_exports
from helpline_report.exports.export_files import Export, read_export
from helpline_report.parameters.acknowledgements import request_acknowledgements
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import WebFolder
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, RowFile
from helpline_report.parameters.values import Period
from helpline_report.tables.artefacts import find_artefacts, touched_by
from helpline_report.tables.dataset import TABLES, Dataset, FileBalance, Table
from helpline_report.tables.date_checks import exclude_outside
from helpline_report.tables.keys import (
    KeyIndex,
    YearKeys,
    YearRefusedError,
    index_keys,
    key_hashes,
    link_rows,
)
from helpline_report.tables.refusals import (
    check_files,
    check_tables,
    count_unread,
    faulty_lines,
    find_stopping,
    leave_out_faulty,
    settle_files,
)
from helpline_report.tables.source_files import (
    InputFile,
    check_references,
    find_look_alikes,
    source_files,
)
from helpline_report.tables.table_rows import TableRows
from helpline_report.tables.typed_columns import refuse_undated, type_rows
from helpline_report.web_analytics.block_figures import Expected
from helpline_report.web_analytics.traffic_table import ExpectedExport, TrafficTable, make_traffic
from helpline_report.web_analytics.web_export import read_web_export

FIRST_COLUMNS = ("date", "hour", "age")


def load_dataset(project: Project, edition: Edition) -> Dataset:
    """Read every source of an edition into tables of its period.

    Raises:
        YearRefusedError: with every problem of every file; no message holds a value of a row.
        CorrectionsError: corrections beside the exports that don't go with them.
        ParametersError: parameters, layouts or code lists that don't fit one another.
        MachineError: a folder that can't be looked into.
    """
    lists = project.codelists_of(edition)
    files = source_files(project, edition, lists)
    check_references(edition, files, lists)
    exports, web = _read(files, edition.period, lists)
    beside = find_look_alikes(project, edition, files)
    for export in exports:
        if alike := beside.get(export.file):
            listed = ", ".join(f"'{name}'" for name in alike)
            export.findings.ask("B78", rows=len(alike), names=listed)
    layouts = {file.label: file.layout for file in files if isinstance(file.layout, RowFile)}
    corrected = correct_exports(project, edition, layouts, exports)
    tables = _link(files, _type(layouts, corrected, lists))
    _choose_rows(tables, edition, lists)
    find_artefacts(tables, edition.period)
    traffic = make_traffic(web, lists)
    findings = [export.findings for export in exports] + [item.export.findings for item in web]
    settled = settle_files(findings, edition)
    stopping = find_stopping(exports, findings[len(exports) :], draft=edition.draft)
    stopping.problems.extend(check_files(edition, exports))
    finished = {}
    if not stopping.problems:
        finished = _finish(tables)
        names = {rows.name: rows.export.file for rows in tables}
        stopping.problems.extend(check_tables(edition, finished, names, lists))
        waiting = [] if edition.draft else settled.problems
    else:
        waiting = settled.problems
    if stopping.problems or waiting:
        keys = YearKeys.of_rows(edition.edition, edition.period, tables)
        problems = [*stopping.problems, *waiting]
        asks = [*stopping.why, *request_acknowledgements(edition, settled.lines)]
        raise YearRefusedError(keys, problems, stopping.counts, asks=asks)
    balances = _balances(tables, corrected, draft=edition.draft)
    titles = {
        title: column.fields() for rows in tables for title, column in rows.layout.columns.items()
    }
    if web:
        fields = frozenset({"measure", "grain", *traffic.dimensions})
        finished["traffic"] = Table("traffic", traffic.frame, fields)
        balances += _traffic_balances(web, traffic)
    return Dataset(
        edition.edition,
        edition.period,
        finished,
        tuple(balances),
        acknowledged=tuple(settled.acknowledged),
        waiting=tuple(settled.waiting),
        corrections=corrected.corrections,
        left_out=faulty_lines(tables),
        names={file.label: file.public_name for file in files},
        notes=traffic.notes,
        artefacts=touched_by([*settled.acknowledged, *settled.waiting], titles),
    )


def _read(
    files: Sequence[InputFile], period: Period, lists: Mapping[str, CodeList]
) -> tuple[list[Export], list[ExpectedExport]]:
    """The files of rows, and the exports of web analytics, in the order of the sources."""
    exports = [
        read_export(file.path, file.label, file.layout)
        for file in files
        if isinstance(file.layout, RowFile)
    ]
    web = [
        ExpectedExport(
            read_web_export(file.path, file.label, file.layout),
            file.layout,
            Expected(period, lists, file.property_, file.time_zone),
            file.reported,
        )
        for file in files
        if isinstance(file.layout, WebFolder)
    ]
    return exports, web


def _type(
    layouts: Mapping[str, RowFile], corrected: CorrectedExports, lists: Mapping[str, CodeList]
) -> dict[str, TableRows]:
    tables: dict[str, TableRows] = {}
    for export in corrected.exports:
        text, layout = export.rows.table, layouts[export.file]
        if text is None:
            continue
        for name in layout.tables:
            tables[name] = type_rows(name, export, text, layout, lists)
            rows, file_rows = corrected.corrected_rows(export), tables[name].file_rows
            if rows is not None:
                tables[name].repair(CORRECTED, rows if file_rows is None else rows[file_rows])
    return tables


def _link(files: Sequence[InputFile], tables: Mapping[str, TableRows]) -> list[TableRows]:
    """The tables, each after the one that it hangs on; what a refused file gives isn't there."""
    layouts = [file.layout for file in files if isinstance(file.layout, RowFile)]
    due = {name for layout in layouts for name in layout.tables}
    ordered: list[TableRows] = []
    keys: dict[str, KeyIndex | None] = {}
    for name in TABLES:
        above = PARENTS.get(name)
        if name in due and above is not None and above not in due:
            raise ParametersError(
                f"a source gives '{name}' and none gives '{above}'",
                next_step=f"name the layout that gives '{above}' under 'sources'",
            )
        if name in tables and (above is None or above in keys):
            keys[name] = index_keys(tables[name])
            if above is not None:
                link_rows(tables[name], tables[above], keys[above])
            ordered.append(tables[name])
    return ordered


def _choose_rows(
    tables: Sequence[TableRows], edition: Edition, lists: Mapping[str, CodeList]
) -> None:
    """Leave out rows outside the period, and those that a draft leaves out for a fault."""

    def leave_out(rows: TableRows) -> None:
        if edition.draft:
            leave_out_faulty(rows)

    for rows in tables:
        leave_out(rows)
        exclude_outside(rows, edition.period)
        refuse_undated(rows, lists)
        leave_out(rows)
    # A fault of a row below is one of its line, and so of what stands above in it.
    for rows in tables:
        leave_out(rows)
    persons = next((rows for rows in tables if rows.name == "persons"), None)
    # Where rows of the persons' file were refused, a contact without person says nothing.
    if persons is not None and persons.export.rows.whole:
        contacts, parents = persons.parent, persons.parent_rows
        assert contacts is not None and parents is not None  # noqa: PT018, S101 - linked before
        reported = np.zeros(len(contacts.text), dtype=np.bool_)
        reported[parents[persons.in_table()]] = True
        alone = np.flatnonzero(contacts.in_table() & ~reported)
        if alone.size:
            contacts.findings.ask("B56", rows=int(alone.size), lines=contacts.text.lines[alone])


def _finish(ordered: Sequence[TableRows]) -> dict[str, Table]:
    """The finished tables, without keys, of the rows that aren't left out."""
    tables: dict[str, Table] = {}
    for rows in ordered:
        chosen = rows.in_table()
        names = sorted(rows.columns, key=lambda name: name not in FIRST_COLUMNS)
        columns: dict[str, object] = {"line": rows.text.lines[chosen].astype(np.int32)}
        columns |= {name: rows.columns[name].array[chosen] for name in names}
        parent, parent_rows = None, None
        if rows.parent is not None and rows.parent_rows is not None:
            # The parent's rows, counted among those of them that aren't left out.
            places = np.cumsum(rows.parent.in_table(), dtype=np.int32) - np.int32(1)
            parent, parent_rows = tables[rows.parent.name], places[rows.parent_rows[chosen]]
        tables[rows.name] = Table(
            name=rows.name,
            frame=pd.DataFrame(columns),
            fields=frozenset(rows.fields),
            multiple=frozenset(rows.multiple),
            codes=dict(rows.codes),
            parent=parent,
            parent_rows=parent_rows,
            keys=key_hashes(rows),
        )
    return tables


def _balances(
    tables: Sequence[TableRows], corrected: CorrectedExports, *, draft: bool
) -> list[FileBalance]:
    """What became of the rows of each file, for each table that it feeds."""
    files: set[str] = set()
    balances = []
    for rows in tables:
        export, first = rows.export, rows.export.file not in files
        files.add(export.file)
        outcomes = Counter({f"excluded {code}": n for code, n in export.findings.excluded.items()})
        outcomes += Counter(count_unread(export) if draft else {})
        outcomes += Counter(rows.outcomes.counts())
        # Of a number of persons each counts as a row that was read.
        in_file = len(export.rows.table) if export.rows.table is not None else 0
        balances.append(
            FileBalance(
                export.file,
                export.sha256,
                rows.name,
                export.rows.read + len(rows.text) - in_file,
                dict(outcomes),
                noted=_sorted(export.findings.noted) if first else {},
                reasons=corrected.reasons(export.file) if first else {},
            )
        )
    return balances


def _traffic_balances(web: Sequence[ExpectedExport], traffic: TrafficTable) -> list[FileBalance]:
    """What became of the rows and total rows of each export; a banner is noted (B66)."""
    balances = []
    for item, by_line in zip(web, traffic.outcomes, strict=True):
        export, outcomes = item.export, Counter(by_line.values())
        outcomes["excluded unused"] += export.comparing
        noted = _sorted(Counter(export.findings.noted) + Counter({"B66": 1}))
        read = outcomes.total()
        balances.append(
            FileBalance(export.file, export.sha256, "traffic", read, dict(outcomes), noted)
        )
    return balances


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {code: count for code, count in sorted(counts.items()) if count}
