"""What changed since an edition was made: nothing, its pages alone, or what it was counted from.

The content of every file that goes into an edition is kept, with what the file system says of it.
A file of which the file system says the same is taken to be the same; of another one the content
decides. Nothing here loads a library that takes time: it is asked before each build.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline_report import __version__
from helpline_report.errors import MachineError, to_read
from helpline_report.params.edition import Edition
from helpline_report.params.project import Project
from helpline_report.params.published import comparison_ledger, earlier_files
from helpline_report.params.signoff import signoff_file

PACKAGE = Path(__file__).resolve().parent
LOCK = "requirements.lock"
# Changed, they change pages and no number.
OF_PAGES = ("text", "printed figures", "approval", "published file")
BECAUSE = {"changed": "has changed", "added": "is new", "missing": "is gone"}

Known = Mapping[str, Mapping[str, Any]]
Seen = dict[str, dict[str, Any]]
Found = tuple[str, str, Path]


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


def look(project: Project, name: str, overrides: Sequence[str], *, exports: bool = True) -> Seen:
    """What an edition is about to be made from: taken before, so that a change meanwhile shows.

    Pages that are made again are made without the exports: `exports` says whether they go into it.

    Raises:
        ParametersError: the parameters can't be read.
        MachineError: another file can't be read.
    """
    found = _inputs(project, name, overrides)
    return _known_files(each for each in found if exports or each[0] != "export")


def remember(project: Project, name: str, overrides: Sequence[str], seen: Seen) -> None:
    """Keep what the edition that was just made is made from; what can't be kept is only slower."""
    files = {**seen, **_known_files(_outputs(project, name))}
    kept = {"program": _program(), "overrides": list(overrides), "files": files}
    place = _place(project, name)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = place.with_suffix(".part")
        partial.write_text(json.dumps(kept, sort_keys=True), encoding="utf-8")
        partial.replace(place)
    except OSError:
        place.unlink(missing_ok=True)


def forget(project: Project, name: str) -> None:
    """Know nothing of the edition: the next build is a whole one."""
    _place(project, name).unlink(missing_ok=True)


def changes(project: Project, name: str, overrides: Sequence[str]) -> list[Change] | None:
    """What isn't as it was when the edition was made; None where none was made, or nobody knows.

    Raises:
        ParametersError: the parameters can't be read.
        MachineError: another file can't be read.
    """
    try:
        kept = json.loads(_place(project, name).read_text(encoding="utf-8"))
        known: Known = kept["files"]
        if kept["program"] != _program():
            return [Change("program", "helpline-report", "changed")]
        if kept["overrides"] != list(overrides):
            return [Change("parameters", "--set", "changed")]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return sorted(_changes(known, [*_inputs(project, name, overrides), *_outputs(project, name)]))


def changed_since(
    project: Project, name: str, overrides: Sequence[str], seen: Seen
) -> list[Change]:
    """Which of the files that were seen aren't as they were; a file that is new was of no use.

    Raises:
        ParametersError: the parameters can't be read.
        MachineError: another file can't be read.
    """
    found = sorted(_changes(seen, _inputs(project, name, overrides)))
    return [change for change in found if f"{change.role}\0{change.file}" in seen]


def _changes(known: Known, files: Iterable[Found]) -> Iterator[Change]:
    there = {f"{role}\0{shown}": path for role, shown, path in files}
    for key in known.keys() | there.keys():
        role, _, shown = key.partition("\0")
        if key not in there or not there[key].is_file():
            yield Change(role, shown, "missing")
        elif key not in known:
            yield Change(role, shown, "added")
        elif not _same(known[key], there[key]):
            yield Change(role, shown, "changed")


def _same(known: Mapping[str, Any], path: Path) -> bool:
    return bool(known["seen"] == _seen(path) or known["sha256"] == _sha256(path))


def _known_files(files: Iterable[Found]) -> Seen:
    return {
        f"{role}\0{shown}": {"seen": _seen(path), "sha256": _sha256(path)}
        for role, shown, path in files
        if path.is_file()
    }


def _seen(path: Path) -> list[int]:
    """What the file system says: nobody changes a file and leaves all of these as they were."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MachineError(
            f"can't be read ({error.strerror})", where=path.name, next_step=to_read(error)
        ) from None


def _program() -> list[Any]:
    """The program and its Python: version, and when and how large each of its files is."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix not in (".pyc", ""))
    stamps = [
        (p.relative_to(PACKAGE).as_posix(), p.stat().st_size, p.stat().st_mtime_ns) for p in files
    ]
    whole = hashlib.sha256(json.dumps(stamps).encode()).hexdigest()
    return [__version__, sys.version, whole]


def _place(project: Project, name: str) -> Path:
    return project.private / "made" / f"{name}.json"


def _inputs(project: Project, name: str, overrides: Sequence[str]) -> Iterator[Found]:
    """Every file that an edition is made from: its role, its name, and where it lies."""
    edition = project.edition(name, overrides)
    ledger = comparison_ledger(project, edition)
    editions = [edition]
    if edition.comparison:
        editions.append(project.edition(edition.comparison))
    for each in editions:
        yield "parameters", f"params/{each.edition}.yaml", project.parameters_file(each.edition)
        yield from _sources(project, each) if each is edition or ledger is None else ()
    if ledger is not None:
        yield "released ledger", f"{ledger.name} ({edition.comparison})", ledger
    for path in sorted((project.root / "data" / "codelists").glob("*.yaml")):
        yield "code list", f"data/codelists/{path.name}", path
    for path in sorted(project.notebooks.glob("*.ipynb")):
        yield "notebook", f"notebooks/{path.name}", path
    if (project.root / LOCK).is_file():
        yield "locked libraries", LOCK, project.root / LOCK
    if edition.trend is not None:
        yield "other years", edition.trend.file, project.resolve(edition.trend.file)
    yield from _of_pages(project, edition)


def _outputs(project: Project, name: str) -> Iterator[Found]:
    folder = project.output / name
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield "published file", f"output/{name}/{path.relative_to(folder).as_posix()}", path


def _sources(project: Project, edition: Edition) -> Iterator[Found]:
    """Layouts, and every file beside the exports: a file that is new may be one of them."""
    for source in edition.sources:
        yield "layout", f"params/layouts/{source.layout}.yaml", project.layout_file(source.layout)
        folder = project.resolve(source.folder)
        beside = sorted(path for path in folder.glob("*") if path.is_file())
        named = [folder / written for written in (*source.files.values(), source.corrections)]
        for path in dict.fromkeys([*beside, *(path for path in named if path.is_file())]):
            yield "export", f"{path.name} ({edition.edition})", path


def _of_pages(project: Project, edition: Edition) -> Iterator[Found]:
    texts = project.texts(edition.edition, edition.language)
    for path in sorted(texts.glob("*.md")):
        yield "text", path.relative_to(project.root).as_posix(), path
    for path in earlier_files(project, edition):
        inside = path.is_relative_to(project.root)
        shown = path.relative_to(project.root).as_posix() if inside else path.name
        yield "printed figures", shown, path
    signed = signoff_file(project, edition.edition)
    if signed.is_file():
        yield "approval", signed.relative_to(project.root).as_posix(), signed
