"""List the files that an edition is made from, and say which of them changed since it was made.

The parameters say where these files are. These places are stored when the edition is made, so that
a build with nothing to do neither reads parameters nor loads the modules that read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from helpline_report.errors import unread
from helpline_report.parameters.project_folder import (
    DOCUMENTS,
    PHOTOGRAPHS,
    ProjectFolder,
    is_approved,
)
from helpline_report.steps import digest, hash_values

if TYPE_CHECKING:  # a build with nothing to do loads no model of the parameters
    from helpline_report.parameters.edition import Edition
    from helpline_report.parameters.project import Project

LOCK = "requirements.lock"
EXPORT = "export"
RELEASED_LEDGER = "released ledger"
NOTEBOOK = "notebook"
APPROVAL = "approval"
PUBLISHED = "published file"
MODULE = "module of a notebook"
PRINTED = "printed figures"
# The roles of files that change no figure.
PAGE_ROLES = {"text", APPROVAL, "help numbers", "logo", "font", PRINTED}
CHANGE_WORDS = {"changed": "has changed", "added": "is new", "missing": "is gone"}

# A file's key is its role and its path as the parameters write it, with a NUL between. By key: the
# file's label, which names no folder outside the project, and the SHA-256 of its content.
Digests = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class InputPlace:
    """A place of files with one role in an edition: a file, or a folder's files of a `pattern`.

    `path` is as the parameters write it. With `of`, an edition, messages name a file by its name
    and that edition. With `if_approved` the place is in the folder of another edition, and its
    files count only if that edition is approved.
    """

    role: str
    path: str
    pattern: str = ""
    of: str = ""
    if_approved: bool = False

    @property
    def may_be_empty(self) -> bool:
        """Whether an edition can do without a file here: it has no lock, or nobody approved it."""
        return bool(self.pattern) or self.if_approved or self.path == LOCK or self.role == APPROVAL

    def files(self, project: ProjectFolder) -> Iterator[tuple[str, tuple[str, Path]]]:
        """The key of each file that is there now, with its label and its path.

        Raises:
            ParametersError: the path names a variable that isn't set.
        """
        base, root = project.resolve(self.path), project.root
        if self.if_approved and not is_approved(base.parents[1]):
            return
        for path in base.glob(self.pattern) if self.pattern else (base,):
            if path.is_file():
                inside = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
                label = f"{path.name} ({self.of})" if self.of else inside or path.name
                key = f"{self.role}\0{PurePosixPath(self.path, path.relative_to(base))}"
                yield key, (label, path)


@dataclass(frozen=True)
class Inputs:
    """What an edition is made from: the places, and the files that lie there."""

    places: tuple[InputPlace, ...]
    files: Digests

    def of(self, *roles: str) -> dict[str, str]:
        """The SHA-256 of the files with one of these roles, by their keys."""
        return {key: content for key, (_, content) in self.files.items() if _role(key) in roles}


@dataclass(frozen=True, order=True)
class Change:
    """One file that changed, is new or is gone: its role in the edition, its name, and which."""

    role: str
    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} {CHANGE_WORDS[self.what]} ({self.role})"


def list_inputs(
    project: Project, name: str, overrides: Sequence[str], *, exports: bool = True
) -> Inputs:
    """List the files that an edition is made from, before it is made: later changes then show.

    Without `exports` those are left out: pages can be made again without them.

    Raises:
        ParametersError: the parameters can't be read.
        MachineError: another file can't be read.
    """
    places = tuple(list_places(project, project.edition(name, overrides), exports=exports))
    return Inputs(places, _hash_files(project, places))


def list_table_inputs(editions: Sequence[Edition], inputs: Inputs) -> list[Any]:
    """What the tables of these editions are made from, as values that JSON can write."""
    parameters = [edition.counted() for edition in editions]
    return [parameters, inputs.of(EXPORT, RELEASED_LEDGER, "layout", "code list")]


def find_changed_inputs(project: ProjectFolder, inputs: Inputs) -> list[Change]:
    """Which of these files changed or are gone. New files don't count: nothing was made of them.

    Raises:
        MachineError: a file can't be read.
    """
    compared = sorted(_compare_files(inputs.files, _hash_files(project, inputs.places)))
    return [change for change in compared if change.what != "added"]


def record_edition(
    project: ProjectFolder,
    name: str,
    overrides: Sequence[str],
    inputs: Inputs,
) -> None:
    """Keep what the new edition is made from."""
    steps = project.steps
    record = {
        "program": steps.program,
        "libraries": steps.libraries,
        "overrides": list(overrides),
        "places": [asdict(place) for place in inputs.places],
        "inputs": inputs.files,
        "published": _hash_files(project, [_published_place(name)]),
    }
    steps.write("edition", hash_values(name), json.dumps(record).encode(), most=100)


def record_pages(project: ProjectFolder, name: str, inputs: Inputs) -> None:
    """Record what new pages are made from, if the record of the edition is of its ledger."""
    steps, published = project.steps, _hash_files(project, [_published_place(name)])
    content = steps.read("edition", hash_values(name))
    record: dict[str, Any] = json.loads(content) if content else {"published": {}}
    ledger = f"{PUBLISHED}\0output/{name}/data/ledger.json"
    if ledger not in published or record["published"].get(ledger) != list(published[ledger]):
        return
    earlier = {key: file for key, file in record["inputs"].items() if _role(key) not in PAGE_ROLES}
    new = {key: file for key, file in inputs.files.items() if _role(key) in PAGE_ROLES}
    places = [place for place in record["places"] if place["role"] not in PAGE_ROLES]
    places += [asdict(place) for place in inputs.places if place.role in PAGE_ROLES]
    record |= {"places": places, "inputs": earlier | new, "published": published}
    steps.write("edition", hash_values(name), json.dumps(record).encode(), most=100)


def forget_edition(project: ProjectFolder, name: str) -> None:
    """Delete the record of what an edition is made from: the next build then makes it again."""
    project.steps.forget("edition", hash_values(name))


def compare_edition(
    project: ProjectFolder, name: str, overrides: Sequence[str]
) -> list[Change] | None:
    """What changed since the edition was made; None if nothing is recorded of it.

    It looks in the places that the parameters named when the edition was made. Changed parameters
    are one change: the places that they name now aren't looked in.

    Raises:
        ParametersError: a path of the parameters names a variable that isn't set.
        MachineError: a file can't be read.
    """
    steps = project.steps
    content = steps.read("edition", hash_values(name))
    if content is None:
        return None
    record: dict[str, Any] = json.loads(content)
    if record["program"] != steps.program:
        return [Change("program", "helpline-report", "changed")]
    if record["overrides"] != list(overrides):
        return [Change("parameters", "--set", "changed")]
    places = [*(InputPlace(**place) for place in record["places"]), _published_place(name)]
    now = _hash_files(project, places)
    then = {**record["inputs"], **record["published"]}
    changes = [*_compare_files(then, now)]
    if record["libraries"] != steps.libraries:
        changes.append(Change("installed libraries", "a file", "changed"))
    return sorted(changes)


def _compare_files(before: Digests, now: Digests) -> Iterator[Change]:
    for key in before.keys() | now.keys():
        if key not in now:
            yield Change(_role(key), before[key][0], "missing")
        elif key not in before:
            yield Change(_role(key), now[key][0], "added")
        elif before[key][1] != now[key][1]:
            yield Change(_role(key), now[key][0], "changed")


def _role(key: str) -> str:
    return key.partition("\0")[0]


def _hash_files(project: ProjectFolder, places: Iterable[InputPlace]) -> Digests:
    """The label and SHA-256 of the files that are in these places now, by their keys."""
    files = {key: file for place in places for key, file in place.files(project)}
    try:
        return {key: (label, digest(path)) for key, (label, path) in files.items()}
    except OSError as error:
        raise unread(error, Path(str(error.filename)).name) from None


def _published_place(name: str) -> InputPlace:
    return InputPlace(PUBLISHED, f"output/{name}", "**/*")


def list_places(
    project: Project, edition: Edition, *, exports: bool = False
) -> Iterator[InputPlace]:
    """The places of everything that an edition is made from, with `exports` those of exports too.

    Raises:
        ParametersError: the comparison's parameters or, with `exports`, a layout can't be read.
    """
    yield from _list_counted_places(edition)
    yield from _list_exports(project, edition) if exports else ()
    if edition.comparison:
        ledger = edition.comparison_ledger
        before = project.edition(edition.comparison)
        yield from _list_counted_places(before, with_layouts=ledger is None)
        if ledger is None and exports:
            yield from _list_exports(project, before)
        elif ledger is not None:
            yield InputPlace(RELEASED_LEDGER, ledger, of=edition.comparison)
    yield InputPlace("code list", "data/codelists", "*.yaml")
    # All notebooks count: one that the edition leaves out says which figures it lacks.
    yield InputPlace(NOTEBOOK, "notebooks", "*.ipynb")
    yield InputPlace(MODULE, "notebooks", "**/*.py")
    yield InputPlace("locked libraries", LOCK)
    if edition.trend is not None:
        yield InputPlace("other years", edition.trend.file)
    # These have the roles of `PAGE_ROLES`: they change no figure.
    name = edition.edition
    for language in (edition.language, *edition.translations):
        for ending in (".md", *PHOTOGRAPHS, *DOCUMENTS):
            yield InputPlace("text", f"notebooks/{language}", f"*{ending}")
            yield InputPlace("text", f"params/{name}/{language}", f"*{ending}")
    yield InputPlace(APPROVAL, f"params/{name}/sign-off.yaml")
    if edition.help is not None:
        yield InputPlace("help numbers", f"params/help/{edition.help}.yaml")
    yield from (InputPlace(role, file) for role, file in edition.house_style.files())
    yield from (InputPlace(PRINTED, file) for file in edition.printed)
    if edition.comparison:
        ledger = f"output/{edition.comparison}/data/ledger.json"
        yield InputPlace(PRINTED, ledger, if_approved=True)


def _list_counted_places(edition: Edition, *, with_layouts: bool = True) -> Iterator[InputPlace]:
    yield InputPlace("parameters", f"params/{edition.edition}.yaml")
    for source in edition.sources if with_layouts else ():
        yield InputPlace("layout", f"params/layouts/{source.layout}.yaml")


def _list_exports(project: Project, edition: Edition) -> Iterator[InputPlace]:
    """All files in the folders of exports, as a new one may be an export, and those elsewhere."""
    layouts = project.layouts([edition])
    for source in edition.sources:
        yield InputPlace(EXPORT, source.folder, "*", of=edition.edition)
        # Parameters and layouts may name a file by its path.
        for file_id, file in layouts[source.layout].files.items():
            path = PurePosixPath(source.folder, source.files.get(file_id, file.name))
            yield InputPlace(EXPORT, path.as_posix(), of=edition.edition)
