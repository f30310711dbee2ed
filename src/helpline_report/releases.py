"""Find an edition's release: the published one, and the one counted from today's files."""

from pathlib import Path
from typing import NoReturn

from helpline_report.audit.manifest import compare_published, read_manifest
from helpline_report.errors import HelplineError, ParametersError, RefusedError
from helpline_report.figures.ledger import read_ledger
from helpline_report.inputs import list_inputs, read_release, release_key
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, MANIFEST
from helpline_report.parameters.yaml import make_error
from helpline_report.report.released_notebooks import (
    PUBLISHED,
    ReleasedEdition,
    read_published_notebooks,
)


def name_draft_folder(place: Path) -> Path:
    """The folder of a draft while an approved edition stands in `place`."""
    return place.with_name(f"{place.name}-draft")


def find_last_release(project: Project, name: str) -> ReleasedEdition:
    """The release of the edition that stands, else the one that was counted from today's files.

    Raises:
        ParametersError: there is none, or it is of another version of the program.
        RefusedError: it isn't what was published.
    """
    released = find_published_release(project, name) or find_counted_release(project, name)
    return released or refuse_without_release(name)


def find_counted_release(project: Project, name: str) -> ReleasedEdition | None:
    """The release whose inputs are exactly the files as they are now; None if none was counted."""
    try:
        key = release_key(project, name, (), list_inputs(project, name, ()))
        return read_kept_release(project, key)
    except HelplineError:
        return None


def read_kept_release(project: Project, key: str) -> ReleasedEdition | None:
    """The kept release of a key; None if there is none or a file that its chapters read changed."""
    content = read_release(project, key)
    return None if content is None else ReleasedEdition.from_json(content)


def find_published_release(project: Project, name: str) -> ReleasedEdition | None:
    """The release of the edition that stands; None if none stands.

    Raises:
        ParametersError: it is of another version of the program.
        RefusedError: it isn't what was published.
    """
    place = project.output / name
    folders = [place]
    if project.edition(name).rows == "confidential":
        folders = [name_draft_folder(place), place, project.private / "drafts" / name]
    for folder in folders:
        if (folder / LEDGER).is_file():
            return read_release_in(project, name, folder)
    return None


def read_release_in(project: Project, name: str, folder: Path) -> ReleasedEdition:
    """The release of the edition in a folder.

    Raises:
        ParametersError: it is of another version of the program.
        RefusedError: it isn't what was published.
    """
    label = project.label(folder)
    next_step = f"make it from the exports: helpline-report build {name}"
    # A ledger may be copied here without its edition: then there is no manifest.
    if (folder / MANIFEST).exists():
        for item in compare_published(folder, read_manifest(folder, label)):
            if item.file == LEDGER or item.file.startswith(PUBLISHED):
                place = f"{label}/{item.file}"
                raise RefusedError("isn't what was published", where=place, next_step=next_step)
    where = f"{label}/{LEDGER}"
    ledger = read_ledger(folder / LEDGER, where, next_step)
    try:
        return ReleasedEdition(ledger, read_published_notebooks(folder))
    except (ValueError, KeyError, TypeError, AttributeError):
        what = "is no ledger of this version"
        raise ParametersError(what, where=where, next_step=next_step) from None


def refuse_without_release(name: str) -> NoReturn:
    """Refuse what needs a release of an edition: there is none.

    Raises:
        ParametersError: always.
    """
    raise make_error(ParametersError, "no_release", f"output/{name}/{LEDGER}", name=name)
