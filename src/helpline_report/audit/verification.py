"""An edition against its manifest: each file that changed, is missing or was added, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from helpline_report.audit.manifest import (
    LEDGER,
    MANIFEST,
    code_sha256,
    is_sealed,
    outputs,
    project_files,
    sha256,
)
from helpline_report.errors import MachineError, ParametersError, RefusedError
from helpline_report.exports.file_types import web_exports_in
from helpline_report.parameters.called import called, called_in_folder
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import load_layout
from helpline_report.parameters.project import Project
from helpline_report.parameters.published import comparison_ledger
from helpline_report.report.publication import Publication

Manifest = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Difference:
    """One file that isn't what the manifest says: its role (`output`, `export`, …) and its name."""

    role: str
    file: str
    what: Literal["changed", "missing", "added"]

    def __str__(self) -> str:
        role = "published file" if self.role == "output" else self.role
        said = {
            "changed": "isn't what the manifest says",
            "missing": "is missing",
            "added": "isn't in the manifest",
        }
        return f"{self.file}: this {role} {said[self.what]}"


def read_manifest(folder: Path, shown: str) -> Manifest:
    """The manifest of a published edition; `shown` is the folder's name in messages.

    Raises:
        ParametersError: there is none.
        MachineError: it can't be read.
        RefusedError: it isn't as it was written, by its own SHA-256.
    """
    path, where = folder / MANIFEST, f"{shown}/{MANIFEST}"
    try:
        data = path.read_bytes()
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
    found: Manifest = json.loads(data)
    return found


def published_differences(folder: Path, manifest: Manifest) -> list[Difference]:
    """The published files that aren't what the manifest says; no export is needed for it."""
    return list(_differing("output", manifest["outputs"], outputs(folder)))


def input_differences(
    project: Project, publication: Publication, manifest: Manifest
) -> list[Difference]:
    """What the edition was made from and isn't any more: program, files of the project, exports."""
    found: list[Difference] = []
    if manifest.get("code") != code_sha256():
        found.append(Difference("program", "helpline-report", "changed"))
    found += _project(manifest["project"], project_files(project, publication))
    found += _exports(project, publication.editions, manifest["inputs"])
    return sorted(set(found))


def project_differences(project: Project, manifest: Manifest) -> list[Difference]:
    """The files of the project that changed, before any of them is read for what it says.

    One that lies elsewhere is told by its name alone, and is found by `input_differences`.
    """
    said = _by_file(manifest["project"])
    there = {name: project.root / name for name in said if (project.root / name).is_file()}
    found = {name: sha256(path, name) for name, path in there.items()}
    roles = {item["file"]: item["role"] for item in manifest["project"]}
    gone = [name for name in said if name not in there and "/" in name]
    changed = [name for name in there if found[name] != said[name]]
    return sorted(
        [Difference(roles[name], name, "changed") for name in changed]
        + [Difference(roles[name], name, "missing") for name in gone]
    )


def tree_differences(published: Path, rebuilt: Path) -> list[Difference]:
    """The files in which two editions differ, the manifest too."""
    return list(_differing("output", _hashes(published), _hashes(rebuilt)))


def _hashes(folder: Path) -> dict[str, str]:
    return {**outputs(folder), MANIFEST: sha256(folder / MANIFEST, MANIFEST)}


def _differing(
    role: str, said: Mapping[str, str], found: Mapping[str, str]
) -> Iterator[Difference]:
    for name in sorted({*said, *found}):
        if name not in found:
            yield Difference(role, name, "missing")
        elif name not in said:
            yield Difference(role, name, "added")
        elif said[name] != found[name]:
            yield Difference(role, name, "changed")


def _project(
    said: Sequence[Mapping[str, str]], found: Sequence[Mapping[str, str]]
) -> Iterator[Difference]:
    roles = {item["file"]: item["role"] for item in (*found, *said)}
    for each in _differing("", _by_file(said), _by_file(found)):
        yield Difference(roles[each.file], each.file, each.what)


def _by_file(items: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {item["file"]: item["sha256"] for item in items}


def _exports(
    project: Project, editions: Sequence[Edition], said: Sequence[Mapping[str, Any]]
) -> Iterator[Difference]:
    """Each export of the manifest, looked for where the edition's sources are."""
    by_name = {edition.edition: edition for edition in editions}
    for item in said:
        edition, file = by_name.get(item["edition"]), str(item["file"])
        role = LEDGER if item["role"] == LEDGER else "export"
        if role == LEDGER:
            ledger = comparison_ledger(project, editions[0])
            places = [ledger] if ledger is not None else []
        else:
            places = list(_places(project, edition, item)) if edition else []
        there = [path for path in places if path.is_file()]
        shown = f"{file} ({item['edition']})"
        if not there:
            yield Difference(role, shown, "missing")
        elif all(sha256(path, file) != item["sha256"] for path in there):
            yield Difference(role, shown, "changed")


def _places(project: Project, edition: Edition, item: Mapping[str, Any]) -> Iterator[Path]:
    """The files that may be the one which an edition calls by the name of an item."""
    for source in edition.sources:
        folder = project.resolve(source.folder)
        if item["role"] == "corrections":
            yield folder / source.corrections
            continue
        layout = load_layout(project.layout_file(source.layout), project.root)
        expected = {key: file.name for key, file in layout.files.items()}
        names = {source.files.get(key, name): name for key, name in expected.items()}
        public = {written: called(name, written) for written, name in names.items()}
        if layout.web is not None and folder.is_dir():
            public |= called_in_folder(
                layout.layout, web_exports_in(folder, source), layout.web.names
            )
        yield from (folder / written for written, name in public.items() if name == item["file"])
