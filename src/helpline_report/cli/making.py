"""Commands that make an edition of its exports and texts, or find out whether it can be made."""

from __future__ import annotations

from helpline_report.cli.given import (
    HERE,
    EditionName,
    LeaveOut,
    Overrides,
    ProjectFolder,
    app,
    known,
    project_in,
    say,
    sound,
)


@app.command()
def build(
    edition: EditionName,
    set_: Overrides = None,
    project: ProjectFolder = HERE,
    *,
    draft: LeaveOut = False,
) -> None:
    """Make the edition of a year: HTML, PDF, open data and audit, in output/."""
    found = project_in(project)
    overrides = [*(set_ or ()), *(["draft=true"] if draft else [])]
    sound(found, edition, overrides)
    known(found, edition, overrides)
    from helpline_report.pipeline import build as make  # noqa: PLC0415 - seconds of imports

    folder = make(found, edition, overrides, progress=chapter_done, tell=say)
    say(f"{folder.relative_to(found.root).as_posix()}/index.html")


def chapter_done(name: str, seconds: float) -> None:
    """Tell that a chapter is through, and what it took."""
    say(f"  {name:<12} {seconds:5.1f} s")


@app.command()
def check(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Read and check the parameters and the exports of a year; run no chapter."""
    found = project_in(project)
    sound(found, edition, set_ or ())
    known(found, edition, set_ or ())
    from helpline_report.checking import check as read  # noqa: PLC0415 - half a second of imports
    from helpline_report.edition.summary import summary_of  # noqa: PLC0415

    years = read(found, edition, set_ or ())
    for line in summary_of(found, years):
        say(line)
    if years.now.edition.draft:
        say(f"{edition}: sound as a draft, which isn't for publication")
    else:
        say(f"{edition}: the parameters and the exports are sound")


@app.command()
def publish(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    found = project_in(project)
    sound(found, edition, set_ or ())
    from helpline_report.pipeline import republish  # noqa: PLC0415

    folder = republish(found, edition, set_ or ())
    say(f"{folder.relative_to(found.root).as_posix()}/index.html")
