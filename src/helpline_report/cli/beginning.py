"""Commands for who begins: a sample, a layout for another system, a new year, the schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from helpline_report.cli.given import (
    HERE,
    ProjectFolder,
    app,
    project_in,
    say,
)
from helpline_report.errors import UserError


@app.command()
def sample(
    year: Annotated[int, typer.Argument(help="The year of the synthetic exports.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to write them; data/sample/YEAR if not given.")
    ] = None,
    contacts: Annotated[
        int | None, typer.Option(min=1, help="How many contacts; as printed if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other rows.")] = 1712,
    project: ProjectFolder = HERE,
) -> None:
    """Write synthetic exports of a year, in the raw layout of the reference case."""
    place = folder
    if place is None:
        project_in(project)
        place = project / "data" / "sample" / str(year)
    from helpline_report.sample import generate  # noqa: PLC0415

    generate(place, year=year, contacts=contacts, seed=seed)
    say(f"{place.as_posix()}: synthetic exports of {year}")


@app.command()
def layout(
    files: Annotated[list[Path], typer.Argument(help="The exports of one system.")],
    name: Annotated[
        str | None, typer.Option(help="Write params/layouts/NAME.yaml, and print nothing.")
    ] = None,
    coded: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=FIELD", help="A column that holds codes of this field."),
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Propose a layout for exports of an unknown system, with what isn't certain marked."""
    found = project_in(project)
    said = dict(_column_and_field(text) for text in coded or ())
    from helpline_report.parameters.yaml import count_undecided  # noqa: PLC0415
    from helpline_report.setup.layout import (  # noqa: PLC0415 - seconds of imports
        layout_text,
        refuse_name,
        write_layout,
    )

    if name is not None:
        refuse_name(found, name)
    text = layout_text(found, files, name, said)
    if name is None:
        sys.stdout.write(text)
        return
    write_layout(found, name, text)
    say(f"params/layouts/{name}.yaml, with {count_undecided(text)} questions, each a !todo")


def _column_and_field(text: str) -> tuple[str, str]:
    """The parts of `--coded COLUMN=FIELD`.

    Raises:
        UserError: it has no such parts.
    """
    column, equals, field = text.rpartition("=")
    if not (column and equals and field):
        raise UserError(f"--coded {text}: 'COLUMN=FIELD' was expected")
    return column, field


@app.command("new-year")
def new_year(
    edition: Annotated[str, typer.Argument(help="The new edition, by its year, such as 2018.")],
    before: Annotated[
        str | None,
        typer.Option("--from", help="The edition to begin from; last year's if not given."),
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Begin a year: its parameters, made from last year's, with the questions to decide in them."""
    found = project_in(project)
    from helpline_report.setup.new_year import propose_year, write_year  # noqa: PLC0415

    new = propose_year(found, edition, before)
    write_year(found, new)
    say(f"params/{new.name}.yaml, made from params/{new.before}.yaml. What to do next:")
    for number, line in enumerate(new.next_steps(), 1):
        say(f"  {number}. {line}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of params/*.yaml, for editors."""
    from helpline_report.parameters.edition import Edition  # noqa: PLC0415

    shape = Edition.model_json_schema(by_alias=True)
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    sys.stdout.write(json.dumps(shape, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
