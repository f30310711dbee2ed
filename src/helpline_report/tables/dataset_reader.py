"""Read every source of an edition into the tables of its period: typed, linked, balanced."""

import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from helpline_report.errors import ExportError, ParametersError
from helpline_report.exports.corrections import correct_exports, list_corrections_files
from helpline_report.exports.export_files import Export, read_export
from helpline_report.parameters.acknowledgements import request_acknowledgements
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS
from helpline_report.parameters.yaml import make_error
from helpline_report.steps import digest
from helpline_report.tables import refusals
from helpline_report.tables.artefacts import find_artefacts, list_distorted_fields
from helpline_report.tables.dataset import TABLES, Dataset, FileBalance, Table
from helpline_report.tables.date_checks import exclude_outside
from helpline_report.tables.keys import hash_keys, index_keys, link_rows
from helpline_report.tables.source_files import check_references, find_look_alikes, find_sources
from helpline_report.tables.table_rows import TableRows
from helpline_report.tables.typed_columns import apply_dated_labels, type_rows
from helpline_report.web_analytics.block_figures import WebReport
from helpline_report.web_analytics.traffic_table import make_traffic
from helpline_report.web_analytics.web_export import read_web_export

FIRST_COLUMNS = ("date", "hour", "age")
# The parameters that the tables of a year are made from.
OF_ROWS = {
    "edition",
    "period",
    "sources",
    "acknowledged",
    "control_totals",
    "correction_reasons",
    "draft",
    "person_ages",
}


def load_kept(project: Project, edition: Edition) -> Dataset:
    """The tables of an edition; those that are kept where nothing that they are made from changed.

    Raises:
        What `load_dataset` raises.
    """
    steps = project.steps
    files = find_sources(project, edition, project.codelists_of(edition))
    corrections = list_corrections_files(project, edition).items()
    rows = {file.label: file.path(project) for file in files}
    rows |= {label: path for path, label in corrections if path.exists()}
    # By a name that is the same wherever the project lies.
    others = {f"layout {each.layout}": project.layout_file(each.layout) for each in edition.sources}
    lists = (project.root / "data" / "codelists").glob("*.yaml")
    others |= {f"code list {path.name}": path for path in lists}
    try:
        known = {path: digest(path) for path in (*rows.values(), *others.values())}
    except OSError:
        return load_dataset(project, edition)
    key = steps.key(
        "tables",
        edition.model_dump(mode="json", include=OF_ROWS),
        {name: known[path] for name, path in (rows | others).items()},
        find_look_alikes(project, edition, files),
    )
    content = steps.read("tables", key)
    if content is not None:
        dataset: Dataset = pickle.loads(content)  # noqa: S301 - this program alone can write it
        return dataset
    dataset = load_dataset(project, edition)
    read = [balance.sha256 for balance in dataset.balances]
    read += [file.sha256 for file in dataset.corrections]
    # An export that changed meanwhile must not be kept under the key of what it was.
    if set(read) == {known[path] for path in rows.values()}:
        steps.write("tables", key, pickle.dumps(dataset))
    return dataset


def load_dataset(project: Project, edition: Edition) -> Dataset:
    """Read every source of an edition into tables of its period.

    Raises:
        ExportError: with every problem of every file; no message holds a value of a row.
        CorrectionsError: corrections beside the exports that don't go with them.
        ParametersError: parameters, layouts or code lists that don't fit one another.
        MachineError: a folder that can't be looked into.
    """
    lists = project.codelists_of(edition)
    files = find_sources(project, edition, lists)
    check_references(edition, files, lists)
    with ThreadPoolExecutor(max_workers=2) as pool:
        exports = [
            *pool.map(
                lambda each: read_export(each.path(project), each.label, each.layout), files.rows
            )
        ]
    web = [
        WebReport(read_web_export(file.path(project), file.label, file.layout), file)
        for file in files.web
    ]
    beside = find_look_alikes(project, edition, files)
    for export in exports:
        if alike := beside.get(export.file):
            listed = ", ".join(f"'{name}'" for name in alike)
            export.findings.ask("B78", rows=len(alike), names=listed)
    corrected, corrections = correct_exports(project, edition, exports)
    typed: dict[str, TableRows] = {
        name: type_rows(name, export, export.table, lists)
        for export in corrected
        if export.table is not None
        for name in export.layout.tables
    }
    tables = _link_tables(corrected, typed)
    _leave_out_rows(tables, edition, lists)
    find_artefacts(tables, edition.period)
    traffic, notes = make_traffic(web, lists)
    findings = [export.findings for export in exports] + [item.export.findings for item in web]
    settled = refusals.settle_files(findings, edition)
    reports = findings[len(exports) :]
    problems, counts, why = refusals.find_stopping(exports, reports, draft=edition.draft)
    problems += refusals.check_files(edition, exports)
    finished: dict[str, Table] = {}
    waiting = settled.problems if problems or not edition.draft else []
    if not problems:
        finished, names = _make_tables(tables), {rows.name: rows.export.file for rows in tables}
        problems += refusals.check_tables(edition, finished, names, lists)
    problems += waiting
    if problems:
        asks = [*why, *request_acknowledgements(edition, settled.lines)]
        raise ExportError(problems, counts, asks=asks)
    balances = _balances(tables, draft=edition.draft)
    if web:
        fields = {"measure", "grain", *TRAFFIC_DIMENSIONS} & {*traffic.columns}
        finished["traffic"] = Table("traffic", traffic, frozenset(fields))
        balances += map(_make_traffic_balance, web)
    titles = {
        title: column.fields() for rows in tables for title, column in rows.layout.columns.items()
    }
    return Dataset(
        edition.edition,
        edition.period,
        finished,
        tuple(balances),
        acknowledged=tuple(settled.acknowledged),
        waiting=tuple(settled.waiting),
        corrections=corrections,
        left_out=refusals.list_faulty_lines(tables),
        names={file.label: file.public_name for file in files},
        notes=notes,
        artefacts=list_distorted_fields([*settled.acknowledged, *settled.waiting], titles),
        exports=corrected,
    )


def _link_tables(exports: Sequence[Export], tables: Mapping[str, TableRows]) -> list[TableRows]:
    """Link the tables, each after the one that it hangs on; a refused file gives none."""
    due = {name for export in exports for name in export.layout.tables}
    ordered: list[TableRows] = []
    keys: dict[str, pd.Series[int] | None] = {}
    for name in TABLES:
        above = PARENTS.get(name)
        if name in due and above is not None and above not in due:
            raise make_error(ParametersError, "no_table_above", name=name, above=above)
        if name in tables and (above is None or above in keys):
            keys[name] = index_keys(tables[name])
            if above is not None:
                link_rows(tables[name], tables[above], keys[above])
            ordered.append(tables[name])
    return ordered


def _leave_out_rows(
    tables: Sequence[TableRows], edition: Edition, lists: Mapping[str, CodeList]
) -> None:
    """Leave out rows outside the period, and those that a draft leaves out for a fault."""
    for rows in tables:
        if edition.draft:
            refusals.leave_out_faulty(rows)
        exclude_outside(rows, edition.period)
        apply_dated_labels(rows, lists)
        if edition.draft:
            refusals.leave_out_faulty(rows)
    for rows in tables:
        # A fault of a row below is one of its line, and so of what stands above in it.
        if edition.draft:
            refusals.leave_out_faulty(rows)
    for rows in tables:
        # Where rows of the persons' file were refused, a contact without person says nothing.
        if rows.name == "persons" and rows.parent is not None and rows.export.whole:
            contacts = rows.parent
            alone = np.flatnonzero(contacts.in_table() & ~rows.parents_of(rows.in_table()))
            if rows.layout.number is not None:
                # The source says that they are about nobody.
                contacts.findings.noted["B56"] += int(alone.size)
            elif alone.size:
                lines = contacts.text.lines[alone]
                contacts.findings.ask("B56", rows=int(alone.size), lines=lines)


def _make_tables(ordered: Sequence[TableRows]) -> dict[str, Table]:
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
            keys=hash_keys(rows),
        )
    return tables


def _balances(tables: Sequence[TableRows], *, draft: bool) -> list[FileBalance]:
    files: set[str] = set()
    balances = []
    for rows in tables:
        export, first = rows.export, rows.export.file not in files
        files.add(export.file)
        outcomes = Counter({f"excluded {code}": n for code, n in export.findings.excluded.items()})
        outcomes += refusals.count_unread(export) if draft else Counter()
        outcomes += Counter(rows.outcomes.counts())
        # Of a number of persons each counts as a row that was read.
        in_file = len(export.table) if export.table is not None else 0
        balances.append(
            FileBalance(
                export.file,
                export.sha256,
                rows.name,
                export.read + len(rows.text) - in_file,
                dict(outcomes),
                noted=dict(sorted((+export.findings.noted).items())) if first else {},
                reasons=dict(sorted(export.reasons.items())) if first else {},
            )
        )
    return balances


def _make_traffic_balance(report: WebReport) -> FileBalance:
    """What became of the rows and total rows of an export; a banner is noted (B66)."""
    export, outcomes = report.export, Counter(report.outcomes.values())
    noted = dict(sorted((export.findings.noted + Counter({"B66": 1})).items()))
    of_file = export.file, export.sha256, "traffic", outcomes.total()
    return FileBalance(*of_file, dict(outcomes), noted)
