"""Which files an edition's sources name, and the layout of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError, nearest
from helpline_report.exports.file_types import web_exports_in
from helpline_report.parameters.called import called, called_in_folder
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.layouts import Layout, check_codes
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.parameters.web_layouts import MeasureName, WebFolder


@dataclass(frozen=True)
class SourceFile:
    """One file of a source: `shown` is its name in messages, as the parameters write it.

    `called` is its name in an edition. `property_` and `time_zone` are what a report of web
    analytics must say of itself; `reported` are the numbers that the edition printed of its
    measures.
    """

    path: Path
    shown: str
    called: str
    layout: RowFile | WebFolder
    property_: str | None = None
    time_zone: str | None = None
    reported: Mapping[MeasureName, int] = field(default_factory=dict)


def source_files(
    project: Project, edition: Edition, lists: Mapping[str, CodeList]
) -> list[SourceFile]:
    """Every file that the edition's sources name, in the order of parameters and layouts.

    Raises:
        ParametersError: no such layout, a layout or a path that is wrong, a file name for a file
            that the layout doesn't have, or a table from two files.
        MachineError: a folder that can't be looked into.
    """
    found: list[SourceFile] = []
    for index, source in enumerate(edition.sources):
        layout = _layout(project, source, lists)
        _refuse_unknown_names(edition, index, source, layout)
        folder = project.resolve(source.folder)
        _look_into(folder, source)
        for written, name, file in _files(layout, source, folder):
            shown = f"{source.folder.rstrip('/')}/{written}"
            held = (source.property_, source.time_zone, source.reported)
            found.append(SourceFile(folder / written, shown, name, file, *held))
    _refuse_two_of_one_table(edition, found)
    return found


def _files(
    layout: Layout, source: Source, folder: Path
) -> Iterator[tuple[str, str, RowFile | WebFolder]]:
    """The files of a source, by the names that they have there and in an edition.

    Web analytics exports may have any name; at least one is missed.
    """
    for name, file in layout.files.items():
        written = source.files.get(name, file.name)
        yield written, called(file.name, written), file
    if layout.web is not None:
        names = web_exports_in(folder, source) or ["*.csv"]
        for written, public in called_in_folder(layout.layout, names, layout.web.names).items():
            yield written, public, layout.web


def _layout(project: Project, source: Source, lists: Mapping[str, CodeList]) -> Layout:
    path = project.layout_file(source.layout)
    if not path.is_file():
        known = sorted(other.stem for other in path.parent.glob("*.yaml"))
        raise ParametersError(
            f"there is no layout '{source.layout}'{nearest(source.layout, known)}",
            where=path.relative_to(project.root).as_posix(),
            next_step="name an existing layout, or describe the exports in this file",
        )
    return check_codes(path, lists, project.root)


def _refuse_unknown_names(edition: Edition, index: int, source: Source, layout: Layout) -> None:
    known = list(layout.files)
    for name in source.files:
        if name not in known:
            raise ParametersError(
                f"sources.{index}.files: the layout '{layout.layout}' has no file "
                f"'{name}'{nearest(name, known)}",
                where=f"params/{edition.edition}.yaml",
                next_step=f"it has: {', '.join(known)}",
            )


def _look_into(folder: Path, source: Source) -> None:
    try:
        next(folder.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise MachineError(
            f"the folder can't be read ({error.strerror})",
            where=source.folder,
            next_step="give the account that runs this the right to read it",
        ) from None


def _refuse_two_of_one_table(edition: Edition, found: list[SourceFile]) -> None:
    seen: dict[str, str] = {}
    for file in found:
        if not isinstance(file.layout, RowFile):
            continue
        for table in file.layout.tables:
            if table in seen:
                raise ParametersError(
                    f"the table '{table}' comes from {seen[table]} and from {file.shown}",
                    where=f"params/{edition.edition}.yaml",
                    next_step="keep one of the two under 'sources'",
                )
            seen[table] = file.shown
