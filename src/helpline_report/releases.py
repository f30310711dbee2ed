"""Find what was released of the edition that stands."""

from pathlib import Path

from helpline_report.audit.manifest import compare_published, read_manifest
from helpline_report.errors import ParametersError, RefusedError
from helpline_report.figures.ledger import read_ledger
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
    """The release of the edition that stands.

    Raises:
        ParametersError: there is none, or it is of another version of the program.
        RefusedError: it isn't what was published.
    """
    place = project.output / name
    folders = [place]
    if project.edition(name).rows == "confidential":
        folders = [name_draft_folder(place), place, project.private / "drafts" / name]
    for folder in folders:
        if (folder / LEDGER).is_file():
            return read_release_in(project, name, folder)
    raise make_error(ParametersError, "no_release", f"output/{name}/{LEDGER}", name=name)


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
