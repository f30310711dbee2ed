"""Commands for who edits the texts: blocks to edit, what can stand in them, a preview."""

from __future__ import annotations

from typing import Annotated

import typer

from helpline_report.cli.given import (
    HERE,
    EditionName,
    Overrides,
    ProjectFolder,
    app,
    project_in,
    say,
    sound,
)


@app.command()
def texts(
    edition: EditionName,
    chapter: Annotated[
        str | None, typer.Option(help="Only this chapter, such as contacts.")
    ] = None,
    *,
    cheat_sheet: Annotated[
        bool,
        typer.Option("--cheat-sheet", help="Instead make the page of what can stand in {{ }}."),
    ] = False,
    project: ProjectFolder = HERE,
) -> None:
    """Lay out the texts of the chapters as files to edit; what stands in them stays."""
    found = project_in(project)
    sound(found, edition, ())
    if cheat_sheet:
        from helpline_report.desk.cheat_sheet import write_sheet  # noqa: PLC0415

        say(write_sheet(found, edition).relative_to(found.root).as_posix())
        return
    from helpline_report.desk.text_files import lay_out  # noqa: PLC0415

    for file in lay_out(found, edition, chapter):
        added = ", ".join(file.added)
        say(f"{file.file}: added {added}" if added else f"{file.file}: complete")
        for line, name, close in file.gone:
            say(f"  line {line}: the chapter has no Markdown cell '{name}'{close}")


@app.command()
def preview(
    edition: EditionName,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On this machine; 0 takes any that is free.")
    ] = 8712,
    *,
    browse: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    set_: Overrides = None,
    project: ProjectFolder = HERE,
) -> None:
    """Show the page in a browser, and anew whenever a text, a parameter or a chapter changes."""
    found = project_in(project)
    sound(found, edition, set_ or ())
    from helpline_report.desk.preview_server import serve_preview  # noqa: PLC0415

    serve_preview(found, edition, set_ or (), port=port, browse=browse, tell=say)
