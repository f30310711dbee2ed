"""Commands that make an edition of its exports and texts, or find out whether it can be made."""

from __future__ import annotations

from dataclasses import replace

from helpline_report import inputs
from helpline_report.cli.given import (
    HERE,
    Again,
    AsName,
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
from helpline_report.parameters.project import DRAFT

MOST_CHANGES = 20


@app.command()
def build(
    edition: EditionName,
    set_: Overrides = None,
    project: ProjectFolder = HERE,
    *,
    as_: AsName = "",
    draft: LeaveOut = False,
    again: Again = False,
) -> None:
    """Make the edition of a year: HTML, PDF, open data and audit, in output/.

    What didn't change isn't made again. With --set it is a what-if, in output/EDITION-what-if.
    """
    found = replace(project_in(project), again=again)
    overrides = [*(set_ or ()), *([DRAFT] if draft else [])]
    output = found.output_name(edition, overrides, as_)
    if inputs.compare_edition(found, output, overrides) == []:
        say(f"{output}: nothing changed since it was made\noutput/{output}/index.html")
        return
    sound(found, edition, overrides)
    listed = inputs.list_inputs(found, edition, overrides)
    key = inputs.release_key(found, edition, overrides, listed)
    if inputs.read_release(found, key) is not None:
        from helpline_report import publishing  # noqa: PLC0415 - half a second

        folder = publishing.publish_kept(found, edition, overrides, listed, key, output=as_)
    else:
        known(found, edition, overrides)
        from helpline_report import pipeline  # noqa: PLC0415 - seconds of imports

        folder = pipeline.build(
            found,
            edition,
            overrides,
            progress=chapter_done,
            tell=say,
            inputs=listed,
            what_if=as_,
        )
    say((folder / "index.html").relative_to(found.root).as_posix())


def chapter_done(name: str, seconds: float) -> None:
    """Tell that a chapter is through, and what it took."""
    say(f"  {name:<12} {seconds:5.1f} s")


@app.command()
def status(edition: EditionName, project: ProjectFolder = HERE) -> None:
    """Say what changed since the edition was made, and what of it must be made again."""
    found = project_in(project)
    changed = inputs.compare_edition(found, edition, ())
    if changed == []:
        say(f"{edition}: nothing changed since it was made")
        return
    sound(found, edition, ())
    if changed is None:
        say(f"{edition}: not made here yet\n  → helpline-report build {edition}")
        return
    pages = all(change.of_pages for change in changed)
    say(f"{edition}: {'its pages' if pages else 'what it is counted from'} changed")
    for change in changed[:MOST_CHANGES]:
        say(f"  {change}")
    if len(changed) > MOST_CHANGES:
        say(f"  and {len(changed) - MOST_CHANGES} more")
    say(f"  → helpline-report build {edition}")


@app.command()
def check(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Read and check the parameters and the exports of a year; run no chapter."""
    found = project_in(project)
    sound(found, edition, set_ or ())
    known(found, edition, set_ or ())
    from helpline_report.checking import check as read  # noqa: PLC0415 - half a second of imports
    from helpline_report.report.summary import summary_of  # noqa: PLC0415

    years = read(found, edition, set_ or ())
    for line in summary_of(found, years):
        say(line)
    if years.now.edition.draft:
        say(f"{edition}: sound as a draft, which isn't for publication")
    else:
        say(f"{edition}: the parameters and the exports are sound")


@app.command()
def rollback(edition: EditionName, project: ProjectFolder = HERE) -> None:
    """Put the edition before the last one in its place again."""
    found = project_in(project)
    sound(found, edition, ())

    from helpline_report import publishing  # noqa: PLC0415 - half a second of imports

    folder = publishing.rollback(found, edition)
    say(f"{folder.relative_to(found.root).as_posix()}: the edition before; again, and it is back")


@app.command()
def publish(edition: EditionName, project: ProjectFolder = HERE) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    found = project_in(project)
    sound(found, edition, ())
    from helpline_report.publishing import republish  # noqa: PLC0415

    folder = republish(found, edition)
    say(f"{folder.relative_to(found.root).as_posix()}/index.html")
