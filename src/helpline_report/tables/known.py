"""What the parameters say of the exports leads somewhere: faults, files, tables, fields, codes."""

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
from helpline_report.tables.model import PARENTS
from helpline_report.tables.sources import SourceFile

Complaint = tuple[KeyPath, str]
Fields = Mapping[str, set[str]]


def check_known(
    edition: Edition,
    files: Sequence[SourceFile],
    lists: Mapping[str, CodeList],
    document: Document | None = None,
) -> None:
    """Find acknowledgements and control totals that speak of what there can't be.

    `document` is the parameter file, which tells the line of each complaint.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    document = document or Document(Path(where), where, {}, {})
    complaints = [*_faults(edition), *_totals(edition, files, lists)]
    if complaints:
        told = [f"{document.place(path)}: {complaint}" for path, complaint in complaints]
        raise ParametersError("\n".join(told))


def _faults(edition: Edition) -> Iterator[Complaint]:
    known = [code for code, fault in FAULTS.items() if fault.known]
    for place, entry in enumerate(edition.acknowledged):
        if entry.fault not in known:
            path = ("acknowledged", place, "fault")
            there = "can't be acknowledged" if entry.fault in FAULTS else "isn't a fault"
            yield path, f"{entry.fault} {there}; {', '.join(known)} can be"


def _totals(
    edition: Edition, files: Sequence[SourceFile], lists: Mapping[str, CodeList]
) -> Iterator[Complaint]:
    given = _given(files)
    for place, total in enumerate(edition.control_totals):
        at: KeyPath = ("control_totals", place)
        if total.file is not None:
            yield from _of_file((*at, "file"), total.file, files)
        elif total.table not in given:
            yield (*at, "table"), f"no source gives the table '{total.table}'"
        else:
            yield from _of_table(at, total, given, lists)
        if total.month is not None and not _in_period(total.month, edition):
            period = f"{edition.period.start} to {edition.period.end}"
            yield (*at, "month"), f"{total.month} doesn't lie in the period {period}"


def _of_file(at: KeyPath, name: str, files: Sequence[SourceFile]) -> Iterator[Complaint]:
    found = [file for file in files if f"/{file.shown}".endswith(f"/{name}")]
    names = [Path(file.shown).name for file in files if isinstance(file.layout, RowFile)]
    if not found:
        yield at, f"no source has a file '{name}'{nearest(name, names)}"
    elif not isinstance(found[0].layout, RowFile):
        yield at, f"'{name}' is a report of web analytics, which is held against its own total row"


def _of_table(
    at: KeyPath, total: ControlTotal, given: Fields, lists: Mapping[str, CodeList]
) -> Iterator[Complaint]:
    fields: set[str] = set()
    table: str | None = total.table
    while table is not None:
        fields |= given[table]
        table = PARENTS.get(table)
    coded = sorted(fields & lists.keys())
    for field, codes in total.where.items():
        path = (*at, "where", field)
        if field not in coded:
            yield path, f"'{field}' is no coded field of {total.table}{nearest(field, coded)}"
            continue
        known = lists[field].by_code
        for code in [codes] if isinstance(codes, str) else codes:
            if code not in known:
                yield path, f"'{field}' has no code '{code}'{nearest(code, list(known))}"


def _given(files: Sequence[SourceFile]) -> Fields:
    """The fields of each table that the sources give."""
    given: dict[str, set[str]] = {}
    for file in files:
        if not isinstance(file.layout, RowFile):
            continue
        for name, table in file.layout.tables.items():
            fields = {name for column in table.columns.values() for name in column.fields()}
            given[name] = fields | set(table.flags)
    return given


def _in_period(month: str, edition: Edition) -> bool:
    start, end = edition.period.start, edition.period.end
    return f"{start:%Y-%m}" <= month <= f"{end:%Y-%m}" and "01" <= month[5:] <= "12"
