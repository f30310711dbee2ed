"""List the files that the sources of an edition name, and what messages and editions call each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from helpline_report.parameters.edition import Edition, Source
from helpline_report.parameters.layouts import CORRECTIONS, Layout, WebFolder
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import RowFile

SUFFIXES = frozenset({".csv", ".json", ".ods", ".tsv", ".txt", ".xlsx"})
WEB_SUFFIXES = SUFFIXES - {".txt"}
FileLayout = TypeVar("FileLayout", RowFile, WebFolder)


@dataclass(frozen=True)
class InputFile(Generic[FileLayout]):
    """A file of a source of an edition; `file_name` is its name in the parameters or the folder.

    `file_id` is what its layout calls a file of rows. `public_name` is its name in an edition.
    """

    edition: Edition
    source: Source
    file_id: str
    layout: FileLayout
    file_name: str
    public_name: str

    @property
    def label(self) -> str:
        """Its name in messages."""
        return self.source.label(self.file_name)

    def path(self, project: Project) -> Path:
        """Where it lies.

        Raises:
            ParametersError: a variable in the path of its folder isn't set.
        """
        return project.resolve(self.source.folder) / self.file_name


def list_row_files(edition: Edition, layouts: Mapping[str, Layout]) -> Iterator[InputFile[RowFile]]:
    """The files of rows, in the order of parameters and layouts."""
    for source in edition.sources:
        for file_id, file in layouts[source.layout].files.items():
            file_name = source.files.get(file_id, file.name)
            public_name = make_public_name(file.name, file_name)
            yield InputFile(edition, source, file_id, file, file_name, public_name)


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
        # '~$' begins the name of the lock file of a workbook that is open.
        there = [name for name in there if not name.startswith((".", "~$"))]
        there = [name for name in there if PurePosixPath(name).suffix.lower() in WEB_SUFFIXES]
        names = sorted({*there} - {CORRECTIONS}) or ["*.csv"]
        for file_name, name in name_web_files(layout.layout, names, layout.web.names).items():
            yield InputFile(edition, source, "", layout.web, file_name, name)


def make_public_name(expected: str, file_name: str) -> str:
    """The name that a layout expects, with the ending that shows what kind of file was given."""
    name, suffix = PurePosixPath(expected), _get_suffix(file_name)
    return name.with_suffix(suffix).name if suffix else name.name


def name_web_files(
    layout: str, file_names: Sequence[str], expected: Sequence[str] = ()
) -> dict[str, str]:
    """The names of the files of a folder: those that the layout expects, in its order, come first.

    Others are named after the layout and numbered: a name that somebody gave may hold a person's.
    """
    own = {name: name for name in expected if name in file_names}
    others = [name for name in file_names if name not in own]
    return own | {
        name: f"{layout}-{at}{_get_suffix(name)}" for at, name in enumerate(others, start=1)
    }


def _get_suffix(file_name: str) -> str:
    suffix = PurePosixPath(file_name).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def number_duplicate_names(files: Sequence[tuple[str, str, str]]) -> list[str]:
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
