"""Check that what the parameters say of exports leads somewhere: faults, files, tables, codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpline_report.errors import ParametersError, nearest
from helpline_report.exports.faults import FAULTS
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.known import ControlTotal
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.yaml import Document, KeyPath
from helpline_report.tables.dataset import PARENTS
from helpline_report.tables.source_files import SourceFile

Complaint = tuple[KeyPath, str]


def check_references(
    edition: Edition,
    files: Sequence[SourceFile],
    lists: Mapping[str, CodeList],
    document: Document | None = None,
) -> None:
    """Refuse acknowledgements and control totals that speak of what there can't be.

    `document` is the parameter file, which tells the line of each complaint.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    document = document or Document(Path(where), where, {}, {})
    complaints = [*_of_acknowledgements(edition), *_of_totals(edition, files, lists)]
    if complaints:
        raise ParametersError("\n".join(f"{document.place(at)}: {what}" for at, what in complaints))


def _of_acknowledgements(edition: Edition) -> Iterator[Complaint]:
    codes = [code for code, fault in FAULTS.items() if fault.known]
    for place, entry in enumerate(edition.acknowledged):
        if entry.fault not in codes:
            what = "can't be acknowledged" if entry.fault in FAULTS else "isn't a fault"
            at: KeyPath = ("acknowledged", place, "fault")
            yield at, f"{entry.fault} {what}; {', '.join(codes)} can be"


def _of_totals(
    edition: Edition, files: Sequence[SourceFile], lists: Mapping[str, CodeList]
) -> Iterator[Complaint]:
    fields: dict[str, set[str]] = {
        name: {field for column in table.columns.values() for field in column.fields()}
        | set(table.flags)
        for file in files
        if isinstance(file.layout, RowFile)
        for name, table in file.layout.tables.items()
    }
    for place, total in enumerate(edition.control_totals):
        at: KeyPath = ("control_totals", place)
        if total.file is not None:
            yield from _of_file((*at, "file"), total.file, files)
        elif total.table not in fields:
            yield (*at, "table"), f"no source gives the table '{total.table}'"
        else:
            yield from _of_conditions((*at, "where"), total, fields, lists)
        period = edition.period
        if total.month is not None and not (
            f"{period.start:%Y-%m}" <= total.month <= f"{period.end:%Y-%m}"
            and "01" <= total.month[5:] <= "12"
        ):
            what = f"{total.month} doesn't lie in the period {period.start} to {period.end}"
            yield (*at, "month"), what


def _of_file(at: KeyPath, name: str, files: Sequence[SourceFile]) -> Iterator[Complaint]:
    named = [file for file in files if f"/{file.shown}".endswith(f"/{name}")]
    if not named:
        names = [Path(file.shown).name for file in files if isinstance(file.layout, RowFile)]
        yield at, f"no source has a file '{name}'{nearest(name, names)}"
    elif not isinstance(named[0].layout, RowFile):
        yield at, f"'{name}' is a report of web analytics, which is held against its own total row"


def _of_conditions(
    at: KeyPath,
    total: ControlTotal,
    fields: Mapping[str, set[str]],
    lists: Mapping[str, CodeList],
) -> Iterator[Complaint]:
    of_tables: set[str] = set()
    table: str | None = total.table
    while table is not None:
        of_tables |= fields[table]
        table = PARENTS.get(table)
    coded = sorted(of_tables & lists.keys())
    for field, names in total.where.items():
        if field not in coded:
            what = f"'{field}' is no coded field of {total.table}{nearest(field, coded)}"
            yield (*at, field), what
            continue
        codes = lists[field].by_code
        for code in [names] if isinstance(names, str) else names:
            if code not in codes:
                yield (*at, field), f"'{field}' has no code '{code}'{nearest(code, list(codes))}"
