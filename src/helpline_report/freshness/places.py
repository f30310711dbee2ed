"""Where the files that go into an edition are looked for, as its parameters say.

As long as the parameters stand, so do these places: what lies there can be looked at without
reading the parameters again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from helpline_report.parameters.approved import approved
from helpline_report.parameters.project import Project

if TYPE_CHECKING:
    from helpline_report.parameters.edition import Edition

LOCK = "requirements.lock"
# A file: its key, which is its role and its path as the parameters write it; how it is spoken of,
# which is by no folder outside the project; and where it lies.
Found = tuple[str, str, Path]

EXPORT = "export"
EARLIER = "printed figures"


@dataclass(frozen=True)
class Place:
    """A file with a role in an edition, where it is there; with an `ending`, all such of a folder.

    `path` is as the parameters write it, `name` that of a file in it, and `deep` says whether the
    folders inside count. A file `of` an edition is shown by its name and that. A file of an edition
    in `output/` that is `taken_by_itself` counts only where somebody approved that edition.
    """

    role: str
    path: str
    name: str = ""
    ending: str | None = None
    deep: bool = False
    of: str = ""
    taken_by_itself: bool = False

    def found(self, project: Project) -> Iterator[Found]:
        """What lies there now; a file that is named too where it isn't there.

        Raises:
            ParametersError: the path names a variable that isn't set.
        """
        base = project.resolve(self.path)
        for inside in self._inside(base):
            key = f"{self.role}\0{PurePosixPath(self.path, inside)}"
            yield key, self._shown(base / inside, project.root), base / inside

    def _inside(self, base: Path) -> Iterable[str]:
        """The files by their paths from `base`."""
        if self.ending is not None:
            return _in_folder(base, self.ending, deep=self.deep)
        return () if self.taken_by_itself and not approved(base.parents[1]) else (self.name,)

    def _shown(self, path: Path, root: Path) -> str:
        if self.of:
            return f"{path.name} ({self.of})"
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _in_folder(folder: Path, ending: str, *, deep: bool) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        below = Path(place).relative_to(folder)
        for name in names:
            if os.path.normcase(name).endswith(ending):
                yield (below / name).as_posix()
        if not deep:
            folders.clear()


def published(name: str) -> Place:
    """Where the edition itself stands."""
    return Place("published file", f"output/{name}", ending="", deep=True)


def places_of(project: Project, name: str, overrides: Sequence[str]) -> tuple[Place, ...]:
    """Where everything lies that an edition is made from.

    Raises:
        ParametersError: the parameters can't be read.
    """
    edition = project.edition(name, overrides)
    return tuple(_places(project, edition))


def _places(project: Project, edition: Edition) -> Iterator[Place]:
    yield from _counted(edition, with_sources=True)
    if edition.comparison:
        ledger = edition.comparison_ledger
        yield from _counted(project.edition(edition.comparison), with_sources=ledger is None)
        if ledger is not None:
            yield Place("released ledger", ledger, of=edition.comparison)
    yield Place("code list", "data/codelists", ending=".yaml")
    yield Place("notebook", "notebooks", ending=".ipynb")
    yield Place("locked libraries", LOCK)
    if edition.trend is not None:
        yield Place("other years", edition.trend.file)
    yield from _of_pages(edition)


def _counted(edition: Edition, *, with_sources: bool) -> Iterator[Place]:
    """Parameters, layouts, and every file beside the exports: a new one may be one of them."""
    yield Place("parameters", f"params/{edition.edition}.yaml")
    for source in edition.sources if with_sources else ():
        yield Place("layout", f"params/layouts/{source.layout}.yaml")
        yield Place(EXPORT, source.folder, ending="", of=edition.edition)
        for written in (*source.files.values(), source.corrections):
            yield Place(EXPORT, source.folder, written, of=edition.edition)


def _of_pages(edition: Edition) -> Iterator[Place]:
    name = edition.edition
    yield Place("text", f"params/{name}/{edition.language}", ending=".md")
    yield Place("approval", f"params/{name}/sign-off.yaml")
    yield from (Place(kind, file) for kind, file in edition.house_style.files())
    yield from (Place(EARLIER, file) for file in edition.printed)
    if edition.comparison:
        ledger = f"output/{edition.comparison}/data/ledger.json"
        yield Place(EARLIER, ledger, taken_by_itself=True)
