"""What commands are given: an edition, a project, overrides; found sound before anything loads."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from helpline_report.errors import UserError
from helpline_report.parameters.project import Project

app = typer.Typer(
    help="A reproducible annual report for a helpline on violence, abuse and child abuse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

EditionName = Annotated[str, typer.Argument(help="Which of params/*.yaml, such as 2017.")]
ProjectFolder = Annotated[
    Path, typer.Option("--project", help="The project folder, the one that holds params/.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a parameter: calendar.closed=[]."),
]
LeaveOut = Annotated[
    bool, typer.Option("--draft", help="Leave rows with faults out, and say so on every page.")
]
AsName = Annotated[
    str, typer.Option("--as", metavar="NAME", help="Call a build with --set so, in output/.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Run every chapter and count all twice, changed or not.")
]
HERE = Path()


def project_in(folder: Path) -> Project:
    """The project in a folder.

    Raises:
        UserError: the folder holds none.
    """
    root = folder.resolve()
    if not (root / "params").is_dir():
        raise UserError(
            "there is no folder 'params' here" if root.is_dir() else "there is no such folder",
            where=folder.as_posix(),
            next_step="run in the folder of the project, or name it: --project FOLDER",
        )
    return Project(root, dict(os.environ))


def sound(project: Project, name: str, overrides: Sequence[str]) -> None:
    """Find a mistake in any of the parameters before libraries are loaded that take seconds.

    Raises:
        ParametersError: in those of the edition or its comparison, in code lists or layouts.
    """
    # They are made of models that take longer than all of the help.
    from helpline_report.parameters.layouts import check_codes  # noqa: PLC0415
    from helpline_report.parameters.references import check_names  # noqa: PLC0415

    edition = project.edition(name, overrides)
    editions = [edition, project.edition(edition.comparison)] if edition.comparison else [edition]
    codelists = project.codelists()
    for each in editions:
        check_names(project, each, codelists)
    read = editions if edition.comparison_ledger is None else editions[:1]
    for layout in sorted({source.layout for each in read for source in each.sources}):
        check_codes(project.layout_file(layout), codelists, project.root)


def known(project: Project, name: str, overrides: Sequence[str]) -> None:
    """Find what the parameters say of exports and can't be, with its line, before any is read.

    Raises:
        ParametersError: an acknowledgement or a control total that leads nowhere.
    """
    from helpline_report.tables.source_files import (  # noqa: PLC0415
        check_references,
        source_files,
    )

    codelists = project.codelists()
    edition = project.edition(name, overrides)
    documents = {edition.edition: project.document(name, overrides)}
    editions = [edition]
    if edition.comparison and edition.comparison_ledger is None:
        editions.append(project.edition(edition.comparison))
        documents[edition.comparison] = project.document(edition.comparison)
    for each in editions:
        if each.acknowledged or each.control_totals:
            files = source_files(project, each, codelists)
            check_references(each, files, codelists, documents[each.edition])


def say(text: str) -> None:
    """Tell it to who runs the command, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
