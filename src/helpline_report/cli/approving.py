"""Commands for who answers for an edition: trace a figure, approve, verify."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from helpline_report.cli.given import (
    HERE,
    EditionName,
    ProjectFolder,
    app,
    project_in,
    say,
    sound,
)
from helpline_report.cli.making import chapter_done
from helpline_report.errors import UserError

DAY = "%Y-%m-%d"

Status = Literal["provisional", "final"]


@app.command()
def trace(
    edition: EditionName,
    figure: Annotated[str, typer.Argument(help="The figure's id: contacts.share.phone.")],
    *,
    rows: Annotated[
        bool,
        typer.Option("--rows", help="Also write the rows behind it to a private file."),
    ] = False,
    project: ProjectFolder = HERE,
) -> None:
    """Say where a figure comes from: definition, counts, conditions, SQL, files, earlier print."""
    found = project_in(project)
    sound(found, edition, ())
    from helpline_report import tracing  # noqa: PLC0415

    sys.stdout.write(tracing.trace(found, edition, figure))
    if rows:
        place = tracing.trace_rows(found, edition, figure)
        say(f"{place.relative_to(found.root).as_posix()}: the rows of people; keep it to yourself")


@app.command(name="sign-off")
def sign_off(
    edition: EditionName,
    *,
    name: Annotated[str, typer.Option(help="Who approves it, as the pages will say.")],
    role: Annotated[str, typer.Option(help="As what: 'coördinator'.")],
    status: Annotated[Status, typer.Option(help="What the edition becomes.")],
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=[DAY], help="The day of the approval; today if not given."),
    ] = None,
    embargo: Annotated[
        dt.datetime | None,
        typer.Option(formats=[DAY], help="Not to be made public before this day."),
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Approve an edition as it is: its pages then say so, until its content changes."""
    found = project_in(project)
    sound(found, edition, ())
    from helpline_report.signing import Approval, sign  # noqa: PLC0415 - seconds of imports

    day = dt.date.today() if date is None else date.date()  # noqa: DTZ011 - the signer's own day
    until = None if embargo is None else embargo.date()
    folder = sign(found, edition, Approval(status, name, role, day, until))
    say(f"params/{edition}/sign-off.yaml: {status}, approved by {name} on {day}")
    say(f"{folder.relative_to(found.root).as_posix()}/index.html")


@app.command()
def verify(
    edition: Annotated[
        str | None, typer.Argument(help="Which of params/*.yaml; it is built again.")
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A published edition: held against its manifest."),
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Build a published edition again and compare byte for byte; or hold a copy to its manifest."""
    if (edition is None) == (published is None):
        raise UserError(
            "name an edition, or the folder of a published one",
            next_step="helpline-report verify 2017, or helpline-report verify --published FOLDER",
        )
    from helpline_report import verifying  # noqa: PLC0415 - seconds of imports

    if published is not None:
        files = verifying.verify_published(published, published.as_posix())
        say(f"{published.as_posix()}: {files} files, all as they were published")
        return
    found = project_in(project)
    assert edition is not None  # noqa: S101 - one of the two was given
    files = verifying.verify(found, edition, progress=chapter_done)
    say(f"output/{edition}: {files} files, byte for byte what the exports give")
