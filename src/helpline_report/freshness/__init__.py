"""What changed since an edition was made: nothing, its pages alone, or what it was counted from.

The content of every file that goes into an edition is kept, with what the file system says of it,
and where such files are looked for. A file of which the file system says the same is taken to be
the same; of another one the content decides. Nothing here loads a library that takes time, nor the
models of the parameters: it is asked before each build.
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpline_report.errors import MachineError, to_read
from helpline_report.freshness.places import EARLIER, EXPORT, Found, Place, places_of, published
from helpline_report.freshness.program import libraries, program
from helpline_report.parameters.project import Project
from helpline_report.report.private import write_private

# Changed, they change pages and no number.
OF_PAGES = ("text", EARLIER, "approval", "logo", "font", "published file")
BECAUSE = {"changed": "has changed", "added": "is new", "missing": "is gone"}

# What is known of each file, by its key.
Known = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, order=True)
class Change:
    """One file that isn't as it was: its role in the edition, its name, and what became of it."""

    role: str
    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} {BECAUSE[self.what]} ({self.role})"

    @property
    def of_pages(self) -> bool:
        """Whether no number can be another for it."""
        return self.role in OF_PAGES


@dataclass(frozen=True)
class Seen:
    """What an edition is about to be made from: the places that were looked in, and the files."""

    places: tuple[Place, ...]
    files: Known


def look(project: Project, name: str, overrides: Sequence[str], *, exports: bool = True) -> Seen:
    """What an edition is about to be made from: taken before, so that a change meanwhile shows.

    Pages that are made again are made without the exports: `exports` says whether they go into it.

    Raises:
        ParametersError: the parameters can't be read.
        MachineError: another file can't be read.
    """
    places = places_of(project, name, overrides)
    looked_in = tuple(place for place in places if exports or place.role != EXPORT)
    return Seen(looked_in, _known_files(_found(project, looked_in)))


def remember(project: Project, name: str, overrides: Sequence[str], seen: Seen) -> None:
    """Keep what the edition that was just made is made from; what can't be kept is only slower."""
    kept = {
        "edition": name,
        "program": program(),
        "libraries": libraries(sys.path),
        "overrides": list(overrides),
        "places": [asdict(place) for place in seen.places],
        "files": {**seen.files, **_known_files(_found(project, [published(name)]))},
    }
    try:
        write_private(_place(project, name), json.dumps(kept, sort_keys=True))
    except MachineError:
        forget(project, name)


def forget(project: Project, name: str) -> None:
    """Know nothing of the edition: the next build is a whole one."""
    _place(project, name).unlink(missing_ok=True)


def changes(project: Project, name: str, overrides: Sequence[str]) -> list[Change] | None:
    """What isn't as it was when the edition was made; None where none was made, or nobody knows.

    Files are looked for where the parameters led to when it was made: where these changed, what
    they lead to now isn't looked at.

    Raises:
        ParametersError: a path of the parameters names a variable that isn't set.
        MachineError: a file can't be read.
    """
    try:
        kept = json.loads(_place(project, name).read_text(encoding="utf-8"))
        if kept["edition"] != name:
            return None
        if kept["program"] != program():
            return [Change("program", "helpline-report", "changed")]
        if kept["overrides"] != list(overrides):
            return [Change("parameters", "--set", "changed")]
        places = [*(Place(**place) for place in kept["places"]), published(name)]
        found = [
            *_installed(kept["libraries"], libraries(sys.path)),
            *_changes(kept["files"], _found(project, places)),
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return sorted(found)


def changed_since(project: Project, seen: Seen) -> list[Change]:
    """Which of the files that were seen aren't as they were; a file that is new was of no use.

    Raises:
        MachineError: a file can't be read.
    """
    found = sorted(_changes(seen.files, _found(project, seen.places)))
    return [change for change in found if change.what != "added"]


def _installed(known: Sequence[str], there: Sequence[str]) -> Iterator[Change]:
    for what, names in (
        ("missing", set(known) - set(there)),
        ("added", set(there) - set(known)),
    ):
        for name in names:
            yield Change("installed library", name.rpartition(".")[0], what)


def _found(project: Project, places: Iterable[Place]) -> Iterator[Found]:
    for place in places:
        yield from place.found(project)


def _changes(known: Known, files: Iterable[Found]) -> Iterator[Change]:
    there = {
        key: (shown, path, seen) for key, shown, path in files if (seen := _seen(path)) is not None
    }
    for key in known.keys() | there.keys():
        role = key.partition("\0")[0]
        if key not in there:
            yield Change(role, known[key]["shown"], "missing")
            continue
        shown, path, seen = there[key]
        if key not in known:
            yield Change(role, shown, "added")
        elif known[key]["seen"] != seen and known[key]["sha256"] != _sha256(path):
            yield Change(role, shown, "changed")


def _known_files(files: Iterable[Found]) -> Known:
    return {
        key: {"shown": shown, "seen": seen, "sha256": _sha256(path)}
        for key, shown, path in files
        if (seen := _seen(path)) is not None
    }


def _seen(path: Path) -> list[int] | None:
    """What the file system says: nobody changes a file and leaves all of these as they were."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _sha256(path: Path) -> str:
    from helpline_report.parameters.digests import digest  # noqa: PLC0415 - seldom asked

    try:
        return digest(path)
    except OSError as error:
        raise MachineError(
            f"can't be read ({error.strerror})", where=path.name, next_step=to_read(error)
        ) from None


def _place(project: Project, name: str) -> Path:
    return project.private / "made" / f"{name}.json"
