"""Find the files that an edition's sources name, and check what the parameters say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError, nearest
from helpline_report.exports.cell_texts import plain
from helpline_report.exports.decoding import web_exports_in
from helpline_report.exports.faults import FAULTS
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import ControlTotal, Edition, Source
from helpline_report.parameters.layouts import (
    KINDS,
    Layout,
    MeasureName,
    WebFolder,
    check_codes,
    public_name,
    public_names,
)
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, RowFile
from helpline_report.parameters.yaml import Document, KeyPath


@dataclass(frozen=True)
class InputFile:
    """One file of a source: `label` is its name in messages, as the parameters write it.

    `public_name` is its name in an edition. `property_` and `time_zone` are what a report of web
    analytics must say of itself; `reported` are the numbers that the edition printed of its
    measures.
    """

    path: Path
    label: str
    public_name: str
    layout: RowFile | WebFolder
    property_: str | None = None
    time_zone: str | None = None
    reported: Mapping[MeasureName, int] = field(default_factory=dict)


def source_files(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> list[InputFile]:
    """Every file that the edition's sources name, in the order of parameters and layouts.

    Raises:
        ParametersError: no such layout, a layout or a path that is wrong, a file name for a file
            that the layout doesn't have, or a table from two files.
        MachineError: a folder that can't be looked into.
    """
    files: list[InputFile] = []
    for source in edition.sources:
        layout, folder = _layout(project, edition, source, lists), project.resolve(source.folder)
        try:
            next(folder.iterdir(), None)
        except (FileNotFoundError, NotADirectoryError):
            pass  # each of its files is missed
        except OSError as error:
            raise MachineError(
                f"the folder can't be read ({error.strerror})",
                where=source.folder,
                next_step="give the account that runs this the right to read it",
            ) from None
        for written, name, file in _files(layout, source, folder):
            label = f"{source.folder.rstrip('/')}/{written}"
            expected = (source.property_, source.time_zone, source.reported)
            files.append(InputFile(folder / written, label, name, file, *expected))
    _refuse_two_of_one_table(edition, files)
    return files


def _files(
    layout: Layout, source: Source, folder: Path
) -> Iterator[tuple[str, str, RowFile | WebFolder]]:
    """The files of a source, by the names that they have there and in an edition.

    Web analytics exports may have any name; at least one is missed.
    """
    for name, file in layout.files.items():
        written = source.files.get(name, file.name)
        yield written, public_name(file.name, written), file
    if layout.web is not None:
        names = web_exports_in(folder, source) or ["*.csv"]
        for written, public in public_names(layout.layout, names, layout.web.names).items():
            yield written, public, layout.web


def _layout(
    project: Project, edition: Edition, source: Source, lists: Mapping[str, CodeList]
) -> Layout:
    path = project.layout_file(source.layout)
    if not path.is_file():
        known = sorted(other.stem for other in path.parent.glob("*.yaml"))
        raise ParametersError(
            f"there is no layout '{source.layout}'{nearest(source.layout, known)}",
            where=path.relative_to(project.root).as_posix(),
            next_step="name an existing layout, or describe the exports in this file",
        )
    layout = check_codes(path, lists, project.root)
    known = list(layout.files)
    for name in (name for name in source.files if name not in known):
        index = edition.sources.index(source)
        raise ParametersError(
            f"sources.{index}.files: the layout '{layout.layout}' has no file "
            f"'{name}'{nearest(name, known)}",
            where=f"params/{edition.edition}.yaml",
            next_step=f"it has: {', '.join(known)}",
        )
    return layout


def find_look_alikes(
    project: Project, edition: Edition, files: Sequence[InputFile]
) -> dict[str, list[str]]:
    """The files beside each file of rows that look like it and aren't read, by its label.

    That is: of a kind that could be, and with its name in theirs, such as `contacts (1).csv`. A
    name with another year than the period's is that of another year.
    """
    read = {file.path for file in files}
    read |= {project.resolve(each.folder) / each.corrections for each in edition.sources}
    years = {str(year) for year in range(edition.period.start.year, edition.period.end.year + 1)}
    beside: dict[str, list[str]] = {}
    for file in files:
        stem = plain(file.path.stem)
        if not isinstance(file.layout, RowFile) or not file.path.parent.is_dir():
            continue
        for path in sorted(file.path.parent.iterdir()):
            rest = plain(path.stem).replace(stem, "", 1)
            alike = path.suffix.lower() in KINDS and stem in plain(path.stem) and path not in read
            other_year = set(re.findall(r"\d{4}", rest)) - years
            if alike and not other_year and not path.name.startswith((".", "~$")):
                beside.setdefault(file.label, []).append(path.name)
    return beside


def _refuse_two_of_one_table(edition: Edition, files: list[InputFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if not isinstance(file.layout, RowFile):
            continue
        for table in file.layout.tables:
            if table in seen:
                raise ParametersError(
                    f"the table '{table}' comes from {seen[table]} and from {file.label}",
                    where=f"params/{edition.edition}.yaml",
                    next_step="keep one of the two under 'sources'",
                )
            seen[table] = file.label


Complaint = tuple[KeyPath, str]


def check_exports_named(project: Project, name: str, overrides: Sequence[str] = ()) -> None:
    """Find what the parameters say of exports and can't be, before any export is read.

    Raises:
        ParametersError: an acknowledgement or a control total that leads nowhere, with its line.
    """
    edition = project.edition(name, overrides)
    documents = {edition.edition: project.document(name, overrides)}
    editions = [edition]
    if edition.comparison and edition.comparison_ledger is None:
        editions.append(project.edition(edition.comparison))
        documents[edition.comparison] = project.document(edition.comparison)
    for each in editions:
        if each.acknowledged or each.control_totals:
            codelists = project.codelists_of(each)
            files = source_files(project, each, codelists)
            check_references(each, files, codelists, documents[each.edition])


def check_references(
    edition: Edition,
    files: Sequence[InputFile],
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
    codes = [code for code, fault in FAULTS.items() if fault.can_be_acknowledged]
    complaints: list[Complaint] = []
    for place, entry in enumerate(edition.acknowledged):
        if entry.fault not in codes:
            what = "can't be acknowledged" if entry.fault in FAULTS else "isn't a fault"
            what = f"{entry.fault} {what}; {', '.join(codes)} can be"
            complaints.append((("acknowledged", place, "fault"), what))
    complaints += _of_totals(edition, files, lists)
    if complaints:
        raise ParametersError("\n".join(f"{document.place(at)}: {what}" for at, what in complaints))


def _of_totals(
    edition: Edition, files: Sequence[InputFile], lists: Mapping[str, CodeList]
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


def _of_file(at: KeyPath, name: str, files: Sequence[InputFile]) -> Iterator[Complaint]:
    named = [file for file in files if f"/{file.label}".endswith(f"/{name}")]
    if not named:
        names = [Path(file.label).name for file in files if isinstance(file.layout, RowFile)]
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
    for name, labels in total.where.items():
        if name not in coded:
            what = f"'{name}' is no coded field of {total.table}{nearest(name, coded)}"
            yield (*at, name), what
            continue
        codes = lists[name].by_code
        for code in [labels] if isinstance(labels, str) else labels:
            if code not in codes:
                yield (*at, name), f"'{name}' has no code '{code}'{nearest(code, list(codes))}"
