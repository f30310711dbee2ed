"""Find the files that an edition's sources name, and check what the parameters say of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import ParametersError, nearest, unread
from helpline_report.exports.cell_texts import bare_name
from helpline_report.exports.faults import FAULTS
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import ControlTotal, Edition, Source
from helpline_report.parameters.input_files import (
    SUFFIXES,
    InputFile,
    list_row_files,
    list_web_files,
)
from helpline_report.parameters.layouts import CORRECTIONS, Layout, WebFolder, check_codes
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import PARENTS, RowFile, TableLayout
from helpline_report.parameters.yaml import make_error

# The key of the parameters that is wrong, and what is wrong.
Complaint = tuple[str, str]


@dataclass(frozen=True)
class InputFiles:
    """The files of an edition: those of rows, and the exports of web analytics."""

    rows: tuple[InputFile[RowFile], ...]
    web: tuple[InputFile[WebFolder], ...]

    def __iter__(self) -> Iterator[InputFile[RowFile] | InputFile[WebFolder]]:
        yield from self.rows
        yield from self.web

    @property
    def tables(self) -> dict[str, TableLayout]:
        """The layout of each table of rows."""
        return {name: layout for file in self.rows for name, layout in file.layout.tables.items()}


def find_sources(project: Project, edition: Edition, lists: Mapping[str, CodeList]) -> InputFiles:
    """Every file that the edition's sources name, in the order of parameters and layouts.

    Web analytics exports may have any name; where there is none, `*.csv` stands for it.

    Raises:
        ParametersError: no such layout, a layout or a path that is wrong, a file name for a file
            that the layout doesn't have, or a table from two files.
        MachineError: a folder that can't be looked into.
    """
    layouts: dict[str, Layout] = {}
    for source in edition.sources:
        layouts[source.layout] = _read_layout(project, edition, source, lists)
        try:
            next(project.resolve(source.folder).iterdir(), None)
        except (FileNotFoundError, NotADirectoryError):
            pass  # each of its files is reported as missing
        except OSError as error:
            raise unread(error, source.folder, what="the folder") from None
    rows = tuple(list_row_files(edition, layouts))
    owners: dict[str, str] = {}
    for file in rows:
        for table in file.layout.tables:
            if table in owners:
                where = f"params/{edition.edition}.yaml"
                values = {"table": table, "one": owners[table], "other": file.label}
                raise make_error(ParametersError, "two_files", where, **values)
            owners[table] = file.label
    return InputFiles(rows, tuple(list_web_files(project, edition, layouts)))


def _read_layout(
    project: Project, edition: Edition, source: Source, lists: Mapping[str, CodeList]
) -> Layout:
    layout = check_codes(project.layout_file(source.layout), lists, project.root)
    known = list(layout.files)
    for name in source.files:
        if name not in known:
            values = {"layout": layout.layout, "name": name, "known": ", ".join(known)}
            values |= {"hint": nearest(name, known)}
            where = f"params/{edition.edition}.yaml"
            raise make_error(ParametersError, "no_such_file", where, **values)
    return layout


def find_look_alikes(project: Project, edition: Edition, files: InputFiles) -> dict[str, list[str]]:
    """Files that look like a file of rows beside them and aren't read, by the label of that file.

    A look-alike has a suffix that could be read, and its name holds that of the file whatever case
    and spaces: `contacts (1).csv`. A file whose name has a year outside the period is of that year.
    """
    read = {file.path(project) for file in files}
    read |= {project.resolve(source.folder) / CORRECTIONS for source in edition.sources}
    period = edition.period
    years = {str(year) for year in range(period.start.year, period.end.year + 1)}
    look_alikes: dict[str, list[str]] = {}
    for file in files.rows:
        file_path = file.path(project)
        file_years = years.union(re.findall(r"\d{4}", file_path.stem))
        for path in sorted(file_path.parent.iterdir()) if file_path.parent.is_dir() else ():
            is_hidden = path.name.startswith((".", "~$"))
            if is_hidden or path in read or path.suffix.lower() not in SUFFIXES:
                continue
            has_name = bare_name(file_path.name) in bare_name(path.name)
            if has_name and file_years.issuperset(re.findall(r"\d{4}", path.stem)):
                look_alikes.setdefault(file.label, []).append(path.name)
    return look_alikes


def check_references(edition: Edition, files: InputFiles, lists: Mapping[str, CodeList]) -> None:
    """Refuse acknowledgements and control totals of faults, files, tables or codes there aren't.

    Raises:
        ParametersError: with one line for each of them.
    """
    where = f"params/{edition.edition}.yaml"
    codes = [code for code, fault in FAULTS.items() if "acknowledge" in fault.answer]
    complaints: list[Complaint] = []
    for entry in edition.acknowledged:
        if entry.fault not in codes:
            close = nearest(entry.fault, codes)
            what = "can't be acknowledged" if entry.fault in FAULTS else f"isn't a fault{close}"
            what = f"{entry.fault} {what}; {', '.join(codes)} can be"
            complaints.append(("acknowledged.fault", what))
    for total in edition.control_totals:
        for key, what in _complain_of_total(total, edition, files, lists):
            complaints.append((f"control_totals.{key}", what))
    if complaints:
        raise ParametersError("\n".join(f"{where}: {place}: {what}" for place, what in complaints))


def _complain_of_total(
    total: ControlTotal, edition: Edition, files: InputFiles, lists: Mapping[str, CodeList]
) -> Iterator[Complaint]:
    tables = files.tables
    if total.file is not None:
        named = [file for file in files if f"/{file.label}".endswith(f"/{total.file}")]
        near = nearest(total.file, [Path(file.label).name for file in files.rows])
        if not named:
            yield "file", f"no source has a file '{total.file}'{near}"
        elif named[0] not in files.rows:
            what = "is a report of web analytics, which is checked against its own total row"
            yield "file", f"'{total.file}' {what}"
    elif total.table not in tables:
        yield "table", f"no source gives the table '{total.table}'"
    else:
        yield from _complain_of_codes(total, tables, lists)
    period, month = edition.period, total.month
    months = {f"{day:%Y-%m}" for day in period.each_day()}
    if month is not None and month not in months:
        yield "month", f"{month} doesn't lie in the period {period.start} to {period.end}"


def _complain_of_codes(
    total: ControlTotal, tables: Mapping[str, TableLayout], lists: Mapping[str, CodeList]
) -> Iterator[Complaint]:
    fields: set[str] = set()
    table: str | None = total.table
    while table is not None:
        fields |= tables[table].flags.keys()
        fields.update(name for each in tables[table].columns.values() for name in each.fields())
        table = PARENTS.get(table)
    coded = sorted(fields & lists.keys())
    for name, labels in total.where.items():
        if name not in coded:
            what = f"'{name}' is no coded field of {total.table}{nearest(name, coded)}"
            yield f"where.{name}", what
            continue
        codes = lists[name].by_code
        for code in labels:
            if code not in codes:
                what = f"'{name}' has no code '{code}'{nearest(code, list(codes))}"
                yield f"where.{name}", what
