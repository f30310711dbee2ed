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
from helpline_report.parameters.input_files import InputFile
from helpline_report.parameters.layouts import TRAFFIC_DIMENSIONS
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, RowFile
from helpline_report.parameters.yaml import make_error
from helpline_report.steps import digest, find_changed_files
from helpline_report.tables import refusals
from helpline_report.tables.artefacts import find_artefacts, list_distorted_fields
from helpline_report.tables.dataset import TABLES, Dataset, FileBalance, Table
from helpline_report.tables.date_checks import exclude_outside
from helpline_report.tables.keys import hash_keys, index_keys, link_rows
from helpline_report.tables.source_files import (
    InputFiles,
    check_references,
    find_look_alikes,
    find_sources,
)
from helpline_report.tables.table_rows import TableRows
from helpline_report.tables.typed_columns import apply_dated_labels, type_rows
from helpline_report.web_analytics.block_figures import WebReport
from helpline_report.web_analytics.traffic_table import make_traffic
from helpline_report.web_analytics.web_export import read_web_export

FIRST_COLUMNS = ("date", "hour", "age")
TRAFFIC_FIELDS = frozenset({"measure", "grain", *TRAFFIC_DIMENSIONS})
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
    """The tables of an edition: kept ones if nothing that they are made from changed.

    Raises:
        What `load_dataset` raises.
    """
    files = find_sources(project, edition, project.codelists_of(edition))
    row_files = {file.label: file.path(project) for file in files}
    corrections = list_corrections_files(project, edition).items()
    row_files |= {label: path for path, label in corrections if path.exists()}
    # By names that are the same wherever the project lies.
    definitions = {
        f"layout {source.layout}": project.layout_file(source.layout) for source in edition.sources
    }
    for path in (project.root / "data" / "codelists").glob("*.yaml"):
        definitions[f"code list {path.name}"] = path
    try:
        digests = {name: digest(path) for name, path in (row_files | definitions).items()}
    except OSError:
        return load_dataset(project, edition)
    parameters = edition.model_dump(mode="json", include=OF_ROWS)
    look_alikes = find_look_alikes(project, edition, files)
    key = project.steps.key("tables", parameters, digests, look_alikes)
    content = project.steps.read("tables", key)
    if content is not None:
        dataset: Dataset = pickle.loads(content)  # noqa: S301 - this program alone can write it
        return dataset
    dataset = load_dataset(project, edition)
    digests_read = {balance.sha256 for balance in dataset.balances}
    digests_read |= {file.sha256 for file in dataset.corrections}
    hashed = {str(path): digests[name] for name, path in definitions.items()}
    # What changed meanwhile must not be kept under the key of what it was.
    is_unchanged = digests_read == {digests[label] for label in row_files}
    if is_unchanged and not find_changed_files(hashed, project.root):
        project.steps.write("tables", key, pickle.dumps(dataset))
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
    exports = _read_exports(project, edition, files)
    corrected, corrections = correct_exports(project, edition, exports)
    tables = _link_tables(corrected, lists)
    _leave_out_rows(tables, edition, lists)
    _ask_about_contacts_alone(tables)
    find_artefacts(tables, edition.period)
    reports = []
    for file in files.web:
        export = read_web_export(file.path(project), file.label, file.layout)
        reports.append(WebReport(export, file))
    traffic, notes = make_traffic(reports, lists)
    of_exports = [export.findings for export in exports]
    of_reports = [report.export.findings for report in reports]
    settled = refusals.settle_files([*of_exports, *of_reports], edition)
    problems, counts = refusals.find_stopping(exports, of_reports, draft=edition.draft)
    problems += refusals.check_files(edition, exports)
    waiting = settled.problems if problems or not edition.draft else []
    finished: dict[str, Table] = {}
    if not problems:
        finished = _make_tables(tables)
        table_files = {rows.name: rows.export.file for rows in tables}
        problems += refusals.check_tables(edition, finished, table_files, lists)
    problems += waiting
    if problems:
        asks = request_acknowledgements(edition, settled.lines)
        raise ExportError(problems, counts, asks=asks)
    balances = _balance_files(tables, draft=edition.draft)
    if reports:
        finished["traffic"] = Table("traffic", traffic, TRAFFIC_FIELDS & {*traffic.columns})
    for export, outcomes in ((each.export, Counter(each.outcomes.values())) for each in reports):
        # Each has a banner.
        noted = dict(sorted((export.findings.noted + Counter({"B66": 1})).items()))
        of_file = (export.file, export.sha256, "traffic", outcomes.total())
        balances.append(FileBalance(*of_file, dict(outcomes), noted))
    columns = [item for rows in tables for item in rows.layout.columns.items()]
    fields_by_title = {title: column.fields() for title, column in columns}
    distortions = [*settled.acknowledged, *settled.waiting]
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
        artefacts=list_distorted_fields(distortions, fields_by_title),
        exports=corrected,
    )


def _read_exports(project: Project, edition: Edition, files: InputFiles) -> list[Export]:
    """Read the files of rows; each file beside one that looks like it is to be acknowledged."""

    def read(file: InputFile[RowFile]) -> Export:
        return read_export(file.path(project), file.label, file.layout)

    with ThreadPoolExecutor(max_workers=2) as pool:
        exports = list(pool.map(read, files.rows))
    look_alikes = find_look_alikes(project, edition, files)
    for export in exports:
        names = look_alikes.get(export.file)
        if names:
            listed = ", ".join(f"'{name}'" for name in names)
            export.findings.ask("B78", rows=len(names), names=listed)
    return exports


def _link_tables(exports: Sequence[Export], lists: Mapping[str, CodeList]) -> list[TableRows]:
    """Type and link the tables, each after the one above it; a refused file gives none."""
    tables: dict[str, TableRows] = {
        name: type_rows(name, export, export.table, lists)
        for export in exports
        if export.table is not None
        for name in export.layout.tables
    }
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
        # A faulty row of a lower table may be on the same line as a row of the table above it.
        if edition.draft:
            refusals.leave_out_faulty(rows)


def _ask_about_contacts_alone(tables: Sequence[TableRows]) -> None:
    """Ask about contacts without a person (B56); note them if the source says so itself."""
    for persons in tables:
        contacts = persons.parent
        # If rows of persons were refused, a contact may only seem to have none.
        if persons.name == "persons" and contacts is not None and persons.export.whole:
            alone = contacts.in_table() & ~persons.parents_of(persons.in_table())
            lines = contacts.text.lines[alone]
            if persons.layout.number is not None:
                contacts.findings.noted["B56"] += len(lines)
            elif lines.size:
                contacts.findings.ask("B56", rows=len(lines), lines=lines)


def _make_tables(ordered: Sequence[TableRows]) -> dict[str, Table]:
    """The tables of the rows that aren't left out, without their keys."""
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


def _balance_files(tables: Sequence[TableRows], *, draft: bool) -> list[FileBalance]:
    """What became of the rows of each table; what is noted of a file is in its first table."""
    files: set[str] = set()
    balances = []
    for rows in tables:
        export, excluded = rows.export, rows.export.findings.excluded
        is_first = export.file not in files
        files.add(export.file)
        outcomes = Counter({f"excluded {code}": number for code, number in excluded.items()})
        if draft:
            outcomes += refusals.count_unread(export)
        outcomes += Counter(rows.outcomes.counts())
        # If a cell is a number of persons, each of them counts as a row that was read.
        rows_of_file = len(export.table) if export.table is not None else 0
        balances.append(
            FileBalance(
                export.file,
                export.sha256,
                rows.name,
                export.read + len(rows.text) - rows_of_file,
                dict(outcomes),
                noted=dict(sorted((+export.findings.noted).items())) if is_first else {},
                reasons=dict(sorted(export.reasons.items())) if is_first else {},
            )
        )
    return balances
