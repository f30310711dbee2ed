"""Verification: a published edition against its manifest, and against a build from its exports."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from helpline_report.audit.manifest import (
    FileDifference,
    input_differences,
    project_differences,
    published_differences,
    read_manifest,
    tree_differences,
)
from helpline_report.edition_register import open_register
from helpline_report.errors import RefusedError
from helpline_report.parameters.project import Project
from helpline_report.pipeline import compute
from helpline_report.prepared import check_parameters
from helpline_report.private_files import private_folder
from helpline_report.publishing import last_release, publication_of, write_edition
from helpline_report.report.placement import alone
from helpline_report.run.execution import Progress, run_chapters

SHOWN = 20
_MADE_FROM = "{} was made from other files than those that lie here"


def verify_published(folder: Path, shown: str) -> int:
    """Hold the files of a published edition against its manifest; returns how many there are.

    Raises:
        ParametersError: the folder holds no edition.
        RefusedError: a file was changed, is missing, or was added.
    """
    manifest = read_manifest(folder, shown)
    found = published_differences(folder, manifest)
    if found:
        raise _refusal(f"{shown} isn't the edition that was published", found)
    return len(manifest["outputs"])


def verify(
    project: Project,
    name: str,
    progress: Progress = lambda part, seconds: None,
) -> int:
    """Build a published edition again from its exports, and compare byte for byte.

    What went into it is held against the manifest first: a changed export or notebook is named for
    itself, rather than by the pages that it changes. Returns how many files are alike.

    Raises:
        ParametersError: there is no published edition.
        RefusedError: something differs, each by its name.
        HelplineError: what stops a build.
    """
    folder, shown = project.output / name, f"output/{name}"
    files = verify_published(folder, shown)
    manifest = read_manifest(folder, shown)
    # Held before they are read: a file that a changed byte has broken is named for itself too.
    found = project_differences(project, manifest)
    if found:
        raise _refusal(_MADE_FROM.format(shown), found)
    given = tuple(manifest["overrides"])
    checked = check_parameters(project, name, given)
    with alone(project, name):
        published = publication_of(project, checked, last_release(project, name))
        found = input_differences(project, published, manifest)
        if found:
            raise _refusal(_MADE_FROM.format(shown), found)
        # Nothing that was kept has a say in it.
        anew = replace(project, again=True)
        register = open_register(anew, name, given)
        released = compute(anew, checked, register, partial(run_chapters, progress=progress))
        again = private_folder(project.private / "verify") / name
        shutil.rmtree(again, ignore_errors=True)
        again.mkdir()
        try:
            write_edition(project, publication_of(project, checked, released), again)
            found = tree_differences(folder, again)
        finally:
            shutil.rmtree(again, ignore_errors=True)
    if found:
        raise _refusal(f"{shown} isn't what its exports give", found)
    return files + 1


def _refusal(what: str, found: Sequence[FileDifference]) -> RefusedError:
    lines = [f"{what}: {len(found)} file(s) differ", *(f"  {item}" for item in found[:SHOWN])]
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more")
    return RefusedError(
        "\n".join(lines),
        next_step="find out who changed what; to publish what lies here now, build it again",
    )
