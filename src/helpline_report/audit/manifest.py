"""The manifest: the SHA-256 of all that went into an edition and of all that came out of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from helpline_report.errors import MachineError, to_read, unwritten
from helpline_report.figures.ledger import SourceFile
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.overriding import shown_overrides
from helpline_report.parameters.project import Project
from helpline_report.parameters.published import earlier_files
from helpline_report.parameters.signoff import signoff_file
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import executed_sha256

MANIFEST = "audit/manifest.json"
OWN = "manifest"
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


def write_manifest(project: Project, publication: Publication, folder: Path) -> None:
    """Write `audit/manifest.json` into the folder of an edition, after everything else.

    Exports are told by their name, edition and role, never by their folder. No time and no name of
    a machine or a user stands in it: the same inputs give the same bytes, under every Python.

    Raises:
        MachineError: a file can't be read or written.
    """
    made = {
        "edition": publication.edition.edition,
        "comparison": publication.comparison.edition if publication.comparison else None,
        "rows": publication.edition.rows,
        "status": "draft" if publication.signed is None else publication.signed.status,
        "content": publication.content,
        "rows_left_out": publication.ledger.rows_left_out,
        "checks": [check.model_dump(mode="json") for check in publication.ledger.checks],
        "overrides": list(shown_overrides(publication.ledger.overrides)),
        "versions": {"helpline-report": publication.version, **_locked(project)},
        "code": code_sha256(),
        "inputs": [_input(source) for source in publication.ledger.sources],
        "project": project_files(project, publication),
        "executed": [
            {"file": publication.files[name], "sha256": executed_sha256(node)}
            for name, node in publication.notebooks.items()
        ],
        "outputs": outputs(folder),
    }
    text = sealed(made)
    try:
        path = folder / MANIFEST
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(error, MANIFEST) from None


def sealed(made: Mapping[str, Any]) -> str:
    """A manifest as text with its own SHA-256, counted as if that were zeros."""
    whole = {**made, OWN: BLANK}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.replace(f'"{OWN}": "{BLANK}"', f'"{OWN}": "{_sha256_of(text.encode())}"')


def is_sealed(data: bytes) -> bool:
    """Whether the bytes of a manifest are those that were written: their own SHA-256 says so."""
    found = re.findall(rf'^ "{OWN}": "([0-9a-f]{{64}})"'.encode(), data, re.MULTILINE)
    if len(found) != 1:
        return False
    own: bytes = found[0]
    return _sha256_of(data.replace(own, BLANK.encode())).encode() == own


def _sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def code_sha256() -> str:
    """One SHA-256 of all files of the program itself, by their names."""
    package = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            name = path.relative_to(package).as_posix()
            whole.update(f"{name}\0{sha256(path, name)}\n".encode())
    return whole.hexdigest()


def role_of(source: SourceFile) -> str:
    """What a source is: an export, corrections of one, or the released ledger of another year."""
    return {"corrections": "corrections", "ledger": LEDGER}.get(source.table, "export")


def _input(source: SourceFile) -> dict[str, Any]:
    return {
        "role": role_of(source),
        "edition": source.edition,
        "file": source.file,
        "table": source.table,
        "rows": source.rows,
        "sha256": source.sha256,
    }


def project_files(project: Project, publication: Publication) -> list[dict[str, str]]:
    """Every file of the project that the edition is made from: role, name and SHA-256."""
    return [_hashed(role, path, project) for role, path in _parts(project, publication)]


def _parts(project: Project, publication: Publication) -> Iterator[tuple[str, Path]]:
    """Every file of the project that the edition is made from, with its role."""
    editions = [item for item in (publication.edition, publication.comparison) if item]
    for edition in editions:
        yield "parameters", project.parameters_file(edition.edition)
    layouts = dict.fromkeys(
        source.layout for item in publication.counted for source in item.sources
    )
    for layout in layouts:
        yield "layout", project.layout_file(layout)
    for path in sorted((project.root / "data" / "codelists").glob("*.yaml")):
        yield "code list", path
    for name in publication.files.values():
        yield "notebook", project.notebooks / name
    texts = project.texts(publication.edition.edition, publication.language)
    for path in sorted(texts.glob("*.md")):
        yield "text", path
    yield from _printed(project, publication.edition)
    for role, file in publication.edition.house_style.files():
        yield role, project.root / file
    if (project.root / LOCK).is_file():
        yield "lock", project.root / LOCK
    if publication.signed is not None:
        yield "approval", signoff_file(project, publication.edition.edition)


def _printed(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    for path in earlier_files(project, edition):
        yield "printed figures", path
    if edition.trend is not None:
        yield "other years", project.resolve(edition.trend.file)


def _hashed(role: str, path: Path, project: Project) -> dict[str, str]:
    """A file of the project by its path in it; one that lies elsewhere by its name alone."""
    inside = path.is_relative_to(project.root)
    shown = path.relative_to(project.root).as_posix() if inside else path.name
    return {"role": role, "file": shown, "sha256": sha256(path, shown)}


def sha256(path: Path, shown: str) -> str:
    """The SHA-256 of a file.

    Raises:
        MachineError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MachineError(
            f"can't be read ({error.strerror})", where=shown, next_step=to_read(error)
        ) from None


def outputs(folder: Path) -> Mapping[str, str]:
    """The hash of every file of the edition but the manifest itself, by its relative path."""
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    return {name: sha256(folder / name, name) for name in names if name != MANIFEST}


def _locked(project: Project) -> Mapping[str, str]:
    """The versions of the libraries that compute and write, as the project's lock pins them.

    A lock pins some of them by the version of Python, and the manifest says so, rather than which
    of them ran: its bytes are the same under each. Without a lock, the versions that are installed.
    """
    path = project.root / LOCK
    if not path.is_file():
        return {name: there for name in COMPUTING if (there := _installed(name))}
    pins = re.findall(
        r"^([a-z0-9._-]+)==([^\\\n]+)", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    found: dict[str, list[str]] = {}
    for name, pin in pins:
        found.setdefault(name, []).append(pin.strip())
    return {name: " | ".join(found[name]) for name in COMPUTING if name in found}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
