"""Write the SHA-256 of all that went into an edition and came out of it; hold files against it.

For archives an RO-Crate (1.1, with the Process Run Crate profile) says the same. It stands in the
root of the edition, since a crate describes what lies below it. No clock, host, user or folder
stands in either.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from helpline_report.errors import ParametersError, RefusedError, list_first, unread
from helpline_report.figures.ledger import SourceFile
from helpline_report.inputs import (
    APPROVAL,
    LOCK,
    MODULE,
    NOTEBOOK,
    PUBLISHED,
    RELEASED_LEDGER,
    Change,
    list_places,
)
from helpline_report.parameters.edition import describe_overrides
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import MANIFEST
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import replace_file
from helpline_report.report.markup import open_templates
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import read_executed_hash

Manifest = Mapping[str, Any]
# The SHA-256 of files by their role and name.
Hashes = dict[tuple[str, str], str]

CRATE = "ro-crate-metadata.json"
OWN = "manifest"
TEMPLATES = Path(__file__).parent / "templates"
BLANK = "0" * 64
# What a source is, by the table that it stands for; any other is an export.
ROLES = {"corrections": "corrections", "ledger": "released ledger"}
# What the manifest says otherwise: a ledger by its content, modules by what they draw.
ELSEWHERE = (RELEASED_LEDGER, MODULE)
# At most this many of the files that differ are named.
MOST_LISTED = 20
# The libraries that compute, draw, write and read back, as the lock spells them.
COMPUTING = (
    *("babel", "coloraide", "duckdb", "fonttools", "jinja2", "lxml", "matplotlib", "nbconvert"),
    *("numpy", "pandas", "papermill", "pikepdf", "pydantic", "scipy", "seaborn", "typst"),
    *("uharfbuzz", "xlsxwriter"),
)
WHAT = {
    "changed": "isn't what the manifest says",
    "missing": "is missing",
    "added": "isn't in the manifest",
}
# The same of an edition beside the one that its exports give.
OF_REBUILT = {
    "changed": "isn't what its exports give",
    "missing": "isn't one that its exports give",
    "added": "is missing, and its exports give it",
}


def write_manifest(project: Project, publication: Publication, folder: Path) -> None:
    """Write `audit/manifest.json` into the folder of an edition, after everything else.

    Exports have their name, edition and role in it, never their folder. No time and no name of
    a machine or a user stands in it: the same inputs give the same bytes, under every Python.

    Raises:
        MachineError: a file can't be read or written.
    """
    content = describe_edition(project, publication) | {"outputs": hash_outputs(folder)}
    replace_file(folder / MANIFEST, seal(content), MANIFEST)


def write_crate(project: Project, publication: Publication, folder: Path) -> None:
    """Write `ro-crate-metadata.json` into the folder of an edition, before the manifest.

    The manifest holds the hash of the crate, so the crate names the manifest without a hash.

    Raises:
        MachineError: a file can't be read or written.
    """
    edition, signed = publication.edition, publication.signed
    # RO-Crate asks for a date, and the day of a build says nothing of an edition: it is one that
    # somebody wrote down, never the clock's.
    days = [edition.publisher.published_on, signed.date if signed is not None else None]
    days += [edition.disclosure.decided_on if edition.disclosure is not None else None]
    day = next(filter(None, days), edition.period.end)
    content = describe_edition(project, publication)
    files = [
        {
            "name": name,
            "size": str((folder / name).stat().st_size),
            "sha256": sha256,
        }
        for name, sha256 in hash_outputs(folder).items()
        if name != CRATE
    ]
    # A file stands there once, whatever tables it feeds.
    sources = {(source["edition"], source["file"]): source for source in content["inputs"]}
    template = open_templates(TEMPLATES).get_template("crate.json.j2")
    text = template.render(
        page=publication,
        date=day.isoformat(),
        files=files,
        sources=list(sources.values()),
        project=content["project"],
        manifest=MANIFEST,
    )
    crate = json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    replace_file(folder / CRATE, crate, CRATE)


def describe_edition(project: Project, publication: Publication) -> dict[str, Any]:
    """All that a manifest says of an edition, but the files that it consists of."""
    ledger = publication.ledger
    return {
        "edition": publication.edition.edition,
        "comparison": publication.comparison.edition if publication.comparison else None,
        "rows": publication.edition.rows,
        "status": "draft" if publication.signed is None else publication.signed.status,
        "content": publication.content,
        "rows_left_out": ledger.rows_left_out,
        "checks": [check.model_dump(mode="json") for check in ledger.checks],
        "overrides": list(describe_overrides(ledger.overrides)),
        "versions": {"helpline-report": publication.version, **_locked_versions(project)},
        "code": project.steps.code,
        "inputs": _describe_inputs(ledger.sources),
        "project": list_project_files(project, publication),
        "executed": [
            {"file": publication.files[name], "sha256": read_executed_hash(node)}
            for name, node in publication.notebooks.items()
        ],
    }


def seal(content: Manifest) -> str:
    """A manifest as text with its own SHA-256, counted as if that were zeros."""
    text = json.dumps({**content, OWN: BLANK}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return text.replace(f'"{OWN}": "{BLANK}"', f'"{OWN}": "{sha256}"')


def is_sealed(data: bytes) -> bool:
    """Whether the bytes of a manifest are those that were written: their own SHA-256 says so."""
    seals = re.findall(rf'^ "{OWN}": "([0-9a-f]{{64}})"'.encode(), data, re.MULTILINE)
    if len(seals) != 1:
        return False
    sha256 = hashlib.sha256(data.replace(seals[0], BLANK.encode())).hexdigest()
    return bool(sha256.encode() == seals[0])


def name_role(source: SourceFile) -> str:
    """What a source is: an export, corrections of one, or the released ledger of another year."""
    return ROLES.get(source.table, "export")


def list_project_files(project: Project, publication: Publication) -> list[dict[str, str]]:
    """Every file of the project that the edition is made from: role, name and SHA-256.

    A file is named by its path in the project; one that lies elsewhere by its name alone.
    Parameters that say private numbers of rows have no hash (`describe_parameters`): whoever knows
    the rest could try these.

    Raises:
        MachineError: a file that the parameters name isn't there, or can't be read.
    """
    unhashed = [project.parameters_file(edition.edition) for edition in publication.private]
    elsewhere = ELSEWHERE if publication.signed else (*ELSEWHERE, APPROVAL)
    files: dict[str, dict[str, str]] = {}
    for place in list_places(project, publication.edition):
        if place.role in elsewhere:
            # Where a ledger lies needn't be known here: its place isn't looked up.
            continue
        in_place = sorted(place.files(project))
        if not (in_place or place.may_be_empty):
            path = project.resolve(place.path)
            in_place = [(place.path, (project.label(path), path))]
        for key, (name, path) in in_place:
            if place.role != NOTEBOOK or path.name in publication.files.values():
                sha256 = "" if path in unhashed else hash_file(path, name)
                files[key] = {"role": place.role, "file": name, "sha256": sha256}
    return list(files.values())


def hash_file(path: Path, name: str) -> str:
    """The SHA-256 of a file; `name` is how messages name it.

    Raises:
        MachineError: it can't be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise unread(error, name) from None


def hash_outputs(folder: Path) -> dict[str, str]:
    """The hash of every file of the edition but the manifest itself, by its relative path."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: hash_file(path, name)
        for name, path in sorted(paths.items())
        if path.is_file() and name != MANIFEST
    }


def _locked_versions(project: Project) -> Mapping[str, str]:
    """The versions of the libraries that make an edition, as the project's lock pins them.

    A lock pins some of them by the version of Python, and the manifest says so, rather than which
    of them ran: its bytes are the same under each. Without a lock, the versions that are installed.
    """
    path = project.root / LOCK
    if not path.is_file():
        return {name: dist.version for name in COMPUTING for dist in distributions(name=name)}
    pins = re.findall(r"^([a-z0-9._-]+)==([^\\\n]+)", path.read_text("utf-8"), re.MULTILINE)
    versions = {}
    for name in COMPUTING:
        pinned = [version.strip() for package, version in pins if package == name]
        if pinned:
            versions[name] = " | ".join(pinned)
    return versions


def read_manifest(folder: Path, label: str) -> Manifest:
    """The manifest of a published edition; `label` is the folder's name in messages.

    Raises:
        ParametersError: there is none.
        MachineError: it can't be read.
        RefusedError: it isn't as it was written, by its own SHA-256.
    """
    where = f"{label}/{MANIFEST}"
    try:
        data = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise make_error(ParametersError, "no_manifest", where) from None
    except OSError as error:
        raise unread(error, where) from None
    if not is_sealed(data):
        raise make_error(RefusedError, "changed_manifest", where)
    manifest: Manifest = json.loads(data)
    return manifest


def is_private(manifest: Manifest) -> bool:
    """Whether an edition is its owner's alone: of confidential rows, and nobody approved it."""
    return (manifest["rows"], manifest["status"]) == ("confidential", "draft")


def refuse_changed(folder: Path, label: str) -> Manifest:
    """Refuse an edition that isn't the one that was published; returns its manifest.

    Raises:
        ParametersError: the folder holds no edition.
        RefusedError: a file was changed, is missing, or was added.
    """
    manifest = read_manifest(folder, label)
    differences = compare_published(folder, manifest)
    refuse_differences(f"{label} isn't the edition that was published", differences)
    return manifest


def refuse_differences(
    what: str, differences: Sequence[Change], words: Mapping[str, str] = WHAT
) -> None:
    """Refuse what isn't as it should be, some of the files by their names.

    Raises:
        RefusedError: there are differences.
    """
    if differences:
        named = [
            f"{change.file}: this {change.role} {words[change.what]}" for change in differences
        ]
        files = "\n".join(list_first(named, MOST_LISTED))
        raise make_error(RefusedError, "files_differ", what=what, number=len(named), files=files)


def compare_published(folder: Path, manifest: Manifest) -> list[Change]:
    """The published files that aren't what the manifest says; no export is needed for it."""
    before, now = _add_role(manifest["outputs"]), _add_role(hash_outputs(folder))
    return _compare(before, now)


def compare_trees(published: Path, rebuilt: Path) -> list[Change]:
    """The files in which two editions differ, the manifest too."""
    before, now = (
        _add_role(hash_outputs(folder) | {MANIFEST: hash_file(folder / MANIFEST, MANIFEST)})
        for folder in (published, rebuilt)
    )
    return _compare(before, now)


def _add_role(outputs: Mapping[str, str]) -> Hashes:
    return {(PUBLISHED, name): sha256 for name, sha256 in outputs.items()}


def compare_project(project: Project, manifest: Manifest) -> list[Change]:
    """What changed of the program and the project, before a file is read for what it says.

    A file outside the project has its name alone, and isn't looked for. A file without a hash is
    only looked for: what it says is in the content of the edition.
    """
    before = {(item["role"], item["file"]): item["sha256"] for item in manifest["project"]}
    now = {
        (role, name): sha256 and hash_file(project.root / name, name)
        for (role, name), sha256 in before.items()
        if (project.root / name).is_file()
    }
    inside = {key: sha256 for key, sha256 in before.items() if key in now or "/" in key[1]}
    program = ("program", "helpline-report")
    return _compare(inside | {program: manifest["code"]}, now | {program: project.steps.code})


def compare_sources(sources: Sequence[SourceFile], manifest: Manifest) -> list[Change]:
    """The exports of the manifest that aren't among those that were read now, by their years.

    An export whose hash would tell of few people has none: it only has to be there.
    """
    before, now = (
        {(item["role"], f"{item['file']} ({item['edition']})"): item["sha256"] for item in items}
        for items in (manifest["inputs"], _describe_inputs(sources))
    )
    return _compare(before, {key: now[key] if before.get(key) else "" for key in now})


def _describe_inputs(sources: Sequence[SourceFile]) -> list[dict[str, Any]]:
    return [{"role": name_role(source), **source.model_dump(mode="json")} for source in sources]


def _compare(before: Hashes, now: Hashes) -> list[Change]:
    changes = [Change(*key, "missing") for key in before.keys() - now.keys()]
    changes += [Change(*key, "added") for key in now.keys() - before.keys()]
    both = before.keys() & now.keys()
    changes += [Change(*key, "changed") for key in both if before[key] != now[key]]
    return sorted(changes)
