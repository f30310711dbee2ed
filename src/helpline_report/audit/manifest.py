"""Write the SHA-256 of all that went into an edition and came out of it; hold files against it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from helpline_report.errors import MachineError, ParametersError, RefusedError, to_read, unwritten
from helpline_report.exports.decoding import web_exports_in
from helpline_report.figures.ledger import SourceFile
from helpline_report.parameters.earlier_reports import (
    comparison_ledger,
    earlier_files,
    signoff_file,
)
from helpline_report.parameters.edition import Edition, describe_overrides
from helpline_report.parameters.layouts import load_layout, public_name, public_names
from helpline_report.parameters.project import Project
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import executed_sha256

Manifest = Mapping[str, Any]

MANIFEST = "audit/manifest.json"
OWN = "manifest"
PACKAGE = Path(__file__).resolve().parent.parent
BLANK = "0" * 64
LOCK = "requirements.lock"
LEDGER = "released ledger"
COMPUTING = (
    "babel",
    "coloraide",
    "duckdb",
    "fonttools",
    "jinja2",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pydantic",
    "scipy",
    "typst",
    "uharfbuzz",
    "xlsxwriter",
)
WHAT = {
    "changed": "isn't what the manifest says",
    "missing": "is missing",
    "added": "isn't in the manifest",
}


def write_manifest(project: Project, publication: Publication, folder: Path) -> None:
    """Write `audit/manifest.json` into the folder of an edition, after everything else.

    Exports are told by their name, edition and role, never by their folder. No time and no name of
    a machine or a user stands in it: the same inputs give the same bytes, under every Python.

    Raises:
        MachineError: a file can't be read or written.
    """
    ledger = publication.ledger
    content = {
        "edition": publication.edition.edition,
        "comparison": publication.comparison.edition if publication.comparison else None,
        "rows": publication.edition.rows,
        "status": "draft" if publication.signed is None else publication.signed.status,
        "content": publication.content,
        "rows_left_out": ledger.rows_left_out,
        "checks": [check.model_dump(mode="json") for check in ledger.checks],
        "overrides": list(describe_overrides(ledger.overrides)),
        "versions": {"helpline-report": publication.version, **_locked_versions(project)},
        "code": code_sha256(),
        "inputs": [
            {"role": role_of(source), **source.model_dump(mode="json")} for source in ledger.sources
        ],
        "project": project_files(project, publication),
        "executed": [
            {"file": publication.files[name], "sha256": executed_sha256(node)}
            for name, node in publication.notebooks.items()
        ],
        "outputs": hash_outputs(folder),
    }
    path = folder / MANIFEST
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(seal(content), encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, MANIFEST) from None


def seal(content: Manifest) -> str:
    """A manifest as text with its own SHA-256, counted as if that were zeros."""
    text = json.dumps({**content, OWN: BLANK}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    own = hashlib.sha256(text.encode()).hexdigest()
    return text.replace(f'"{OWN}": "{BLANK}"', f'"{OWN}": "{own}"')


def is_sealed(data: bytes) -> bool:
    """Whether the bytes of a manifest are those that were written: their own SHA-256 says so."""
    own: list[bytes] = re.findall(rf'^ "{OWN}": "([0-9a-f]{{64}})"'.encode(), data, re.MULTILINE)
    if len(own) != 1:
        return False
    return hashlib.sha256(data.replace(own[0], BLANK.encode())).hexdigest().encode() == own[0]


def code_sha256(package: Path = PACKAGE) -> str:
    """One SHA-256 of all files of the program itself, by their names.

    What Python compiles them to doesn't count: another process may be writing it right now.
    """
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            name = path.relative_to(package).as_posix()
            whole.update(f"{name}\0{file_sha256(path, name)}\n".encode())
    return whole.hexdigest()


def role_of(source: SourceFile) -> str:
    """What a source is: an export, corrections of one, or the released ledger of another year."""
    return {"corrections": "corrections", "ledger": LEDGER}.get(source.table, "export")


def project_files(project: Project, publication: Publication) -> list[dict[str, str]]:
    """Every file of the project that the edition is made from: role, name and SHA-256.

    A file is named by its path in the project; one that lies elsewhere by its name alone.
    """
    files = []
    for role, path in _project_paths(project, publication):
        inside = path.is_relative_to(project.root)
        name = path.relative_to(project.root).as_posix() if inside else path.name
        files.append({"role": role, "file": name, "sha256": file_sha256(path, name)})
    return files


def _project_paths(project: Project, publication: Publication) -> Iterator[tuple[str, Path]]:
    edition = publication.edition
    for each in publication.editions:
        yield "parameters", project.parameters_file(each.edition)
    sources = [source for each in publication.counted for source in each.sources]
    for layout in dict.fromkeys(source.layout for source in sources):
        yield "layout", project.layout_file(layout)
    codelists = project.root / "data" / "codelists"
    texts = project.texts(edition.edition, publication.language)
    yield from (("code list", path) for path in sorted(codelists.glob("*.yaml")))
    yield from (("notebook", project.notebooks / name) for name in publication.files.values())
    yield from (("text", path) for path in sorted(texts.glob("*.md")))
    yield from (("printed figures", path) for path in earlier_files(project, edition))
    if edition.trend is not None:
        yield "other years", project.resolve(edition.trend.file)
    yield from ((role, project.root / file) for role, file in edition.house_style.files())
    if (project.root / LOCK).is_file():
        yield "lock", project.root / LOCK
    if publication.signed is not None:
        yield "approval", signoff_file(project, edition.edition)


def file_sha256(path: Path, name: str) -> str:
    """The SHA-256 of a file; `name` is how messages name it.

    Raises:
        MachineError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        what = f"can't be read ({error.strerror})"
        raise MachineError(what, where=name, next_step=to_read(error)) from None


def hash_outputs(folder: Path) -> dict[str, str]:
    """The hash of every file of the edition but the manifest itself, by its relative path."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: file_sha256(path, name)
        for name, path in sorted(paths.items())
        if path.is_file() and name != MANIFEST
    }


def _locked_versions(project: Project) -> Mapping[str, str]:
    """The versions of the libraries that compute and write, as the project's lock pins them.

    A lock pins some of them by the version of Python, and the manifest says so, rather than which
    of them ran: its bytes are the same under each. Without a lock, the versions that are installed.
    """
    path = project.root / LOCK
    if not path.is_file():
        return {name: there for name in COMPUTING if (there := _installed_version(name))}
    pins = re.findall(r"^([a-z0-9._-]+)==([^\\\n]+)", path.read_text("utf-8"), re.MULTILINE)
    by_name = {name: [pin.strip() for of, pin in pins if of == name] for name in COMPUTING}
    return {name: " | ".join(listed) for name, listed in by_name.items() if listed}


def _installed_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@dataclass(frozen=True, order=True)
class FileDifference:
    """One file that isn't what the manifest says: its role (`output`, `export`, …) and its name."""

    role: str
    file: str
    what: Literal["changed", "missing", "added"]

    def __str__(self) -> str:
        role = "published file" if self.role == "output" else self.role
        return f"{self.file}: this {role} {WHAT[self.what]}"


def read_manifest(folder: Path, shown: str) -> Manifest:
    """The manifest of a published edition; `shown` is the folder's name in messages.

    Raises:
        ParametersError: there is none.
        MachineError: it can't be read.
        RefusedError: it isn't as it was written, by its own SHA-256.
    """
    where = f"{shown}/{MANIFEST}"
    try:
        data = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise ParametersError(
            "there is no published edition here: no manifest",
            where=where,
            next_step="name the folder of an edition, the one that holds index.html",
        ) from None
    except OSError as error:
        raise MachineError(f"can't be read ({error.strerror})", where=where) from None
    if not is_sealed(data):
        raise RefusedError(
            "this manifest was changed after it was written: its own SHA-256 is another",
            where=where,
            next_step="take it from where the edition was published, or build the edition again",
        )
    manifest: Manifest = json.loads(data)
    return manifest


def published_differences(folder: Path, manifest: Manifest) -> list[FileDifference]:
    """The published files that aren't what the manifest says; no export is needed for it."""
    return list(_compare_outputs(manifest["outputs"], hash_outputs(folder)))


def tree_differences(published: Path, rebuilt: Path) -> list[FileDifference]:
    """The files in which two editions differ, the manifest too."""
    one, other = (
        {**hash_outputs(folder), MANIFEST: file_sha256(folder / MANIFEST, MANIFEST)}
        for folder in (published, rebuilt)
    )
    return list(_compare_outputs(one, other))


def input_differences(
    project: Project, publication: Publication, manifest: Manifest
) -> list[FileDifference]:
    """What the edition was made from and isn't any more: program, files of the project, exports."""
    differences = list(_compare_exports(project, publication.editions, manifest["inputs"]))
    if manifest.get("code") != code_sha256():
        differences.append(FileDifference("program", "helpline-report", "changed"))
    before, now = manifest["project"], project_files(project, publication)
    roles = {item["file"]: item["role"] for item in (*now, *before)}
    differences += _compare_hashes(_by_file(before), _by_file(now), roles)
    return sorted(set(differences))


def project_differences(project: Project, manifest: Manifest) -> list[FileDifference]:
    """The files of the project that changed, before any of them is read for what it says.

    One that lies elsewhere is told by its name alone, and is found by `input_differences`.
    """
    before, paths = _by_file(manifest["project"]), {}
    for name in before:
        path = project.root / name
        if path.is_file() or "/" in name:
            paths[name] = path
    now = {name: file_sha256(path, name) for name, path in paths.items() if path.is_file()}
    roles = {item["file"]: item["role"] for item in manifest["project"]}
    return sorted(_compare_hashes({name: before[name] for name in paths}, now, roles))


def _by_file(items: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {item["file"]: item["sha256"] for item in items}


def _compare_outputs(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[FileDifference]:
    return _compare_hashes(before, now, dict.fromkeys((*before, *now), "output"))


def _compare_hashes(
    before: Mapping[str, str], now: Mapping[str, str], roles: Mapping[str, str]
) -> Iterator[FileDifference]:
    for name in sorted({*before, *now}):
        if name not in now:
            yield FileDifference(roles[name], name, "missing")
        elif name not in before:
            yield FileDifference(roles[name], name, "added")
        elif before[name] != now[name]:
            yield FileDifference(roles[name], name, "changed")


def _compare_exports(
    project: Project, editions: Sequence[Edition], before: Sequence[Mapping[str, Any]]
) -> Iterator[FileDifference]:
    """Each export of the manifest, looked for where the edition's sources are."""
    by_name = {edition.edition: edition for edition in editions}
    for item in before:
        edition, file = by_name.get(item["edition"]), str(item["file"])
        role, places = "export", list[Path]()
        if item["role"] == LEDGER:
            role, ledger = LEDGER, comparison_ledger(project, editions[0])
            places = [ledger] if ledger is not None else []
        elif edition is not None:
            places = list(_export_paths(project, edition, item))
        hashes = [file_sha256(path, file) for path in places if path.is_file()]
        if item["sha256"] not in hashes:
            what: Literal["changed", "missing"] = "changed" if hashes else "missing"
            yield FileDifference(role, f"{file} ({item['edition']})", what)


def _export_paths(project: Project, edition: Edition, item: Mapping[str, Any]) -> Iterator[Path]:
    """The files that may be the one which an edition calls by the name of an item."""
    for source in edition.sources:
        folder = project.resolve(source.folder)
        if item["role"] == "corrections":
            yield folder / source.corrections
            continue
        layout = load_layout(project.layout_file(source.layout), project.root)
        written = {source.files.get(key, file.name): file for key, file in layout.files.items()}
        public = {name: public_name(file.name, name) for name, file in written.items()}
        if layout.web is not None and folder.is_dir():
            written_names, own = web_exports_in(folder, source), layout.web.names
            public |= public_names(layout.layout, written_names, own)
        yield from (folder / name for name, shown in public.items() if shown == item["file"])
