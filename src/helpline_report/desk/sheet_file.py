"""The cheat sheet as a private file, from the last build."""

from __future__ import annotations

from pathlib import Path

from helpline_report.desk.cheat_sheet import cheat_sheet
from helpline_report.parameters.project import Project
from helpline_report.prepared import check_parameters
from helpline_report.private_files import write_private
from helpline_report.publishing import newest_release, publication_of


def write_sheet(project: Project, edition: str) -> Path:
    """Write the cheat sheet of an edition to a file that its owner alone can read; returns it.

    Raises:
        HelplineError: the edition was never built, or its texts aren't sound.
    """
    project.edition(edition)
    released = newest_release(project, edition)
    checked = check_parameters(project, edition, released.ledger.overrides)
    place = project.private / "cheat-sheets" / f"{edition}.html"
    write_private(place, cheat_sheet(publication_of(project, checked, released)))
    return place
