"""List the files that the sources of an edition name, and what messages and editions call each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.layouts import Layout, WebFolder
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile

KINDS = frozenset({".csv", ".json", ".ods", ".tsv", ".txt", ".xlsx"})
WEB_KINDS = KINDS - {".txt"}
FileLayout = TypeVar("FileLayout", RowFile, WebFolder)


@dataclass(frozen=True)
class InputFile(Generic[FileLayout]):
    """A file of a source of an edition, which is `written` so in the parameters or the folder.

    `file_id` is what its layout calls a file of rows. `public_name` is its name in an edition.
    """

    edition: Edition
    source: Source
    file_id: str
    layout: FileLayout
    written: str
    public_name: str

    @property
    def label(self) -> str:
        """Its name in messages."""
        return self.source.label(self.written)

    def path(self, project: Project) -> Path:
        """Where it lies.

        Raises:
            ParametersError: a variable in the path of its folder isn't set.
        """
        return project.resolve(self.source.folder) / self.written


def list_row_files(edition: Edition, layouts: Mapping[str, Layout]) -> Iterator[InputFile[RowFile]]:
    """The files of rows, in the order of parameters and layouts."""
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            written = source.files.get(file_id, file.name)
            public = public_name(file.name, written)
            yield InputFile(edition, source, file_id, file, written, public)


def list_web_files(
    project: Project, edition: Edition, layouts: Mapping[str, Layout]
) -> Iterator[InputFile[WebFolder]]:
    """The web analytics exports, whatever they are called; `*.csv` stands for one that is missing.

    Those that a layout expects come first, in its order.
    """
    for source in edition.sources:
        layout, folder = layouts[source.layout], project.resolve(source.folder)
        if layout.web is None:
            continue
        there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        names = sorted(name for name in there if _is_web_export(name, source)) or ["*.csv"]
        for written, name in public_names(layout.layout, names, layout.web.names).items():
            yield InputFile(edition, source, "", layout.web, written, name)


def _is_web_export(name: str, source: Source) -> bool:
    is_other = name.startswith((".", "~$")) or name == source.corrections
    return PurePosixPath(name).suffix.lower() in WEB_KINDS and not is_other


def public_name(expected: str, written: str) -> str:
    """The name that a layout expects, with the ending that shows what kind of file was given."""
    name, kind = PurePosixPath(expected), _kind(written)
    return name.with_suffix(kind).name if kind else name.name


def public_names(
    layout: str, written: Sequence[str], expected: Sequence[str] = ()
) -> dict[str, str]:
    """The names of the files of a folder: those that the layout expects, in its order, come first.

    Others are named after the layout and numbered: a name that somebody gave may hold a person's.
    """
    own = {name: name for name in expected if name in written}
    others = [name for name in written if name not in own]
    return own | {name: f"{layout}-{at}{_kind(name)}" for at, name in enumerate(others, start=1)}


def _kind(written: str) -> str:
    kind = PurePosixPath(written).suffix.lower()
    return kind if kind in KINDS else ""


def name_files(files: Sequence[tuple[str, str, str]]) -> list[str]:
    """The name of each file, from its edition, its path, and what editions call it.

    Nothing of its path is in the name: that may say whose machine it is on. Where two folders of
    one edition hold files of one name, the second has a number behind it.
    """
    places: dict[tuple[str, str], dict[str, int]] = {}
    names = []
    for edition, path, name in files:
        paths = places.setdefault((edition, name), {})
        place = paths.setdefault(path, len(paths) + 1)
        names.append(name if place == 1 else f"{name} ({place})")
    return names
