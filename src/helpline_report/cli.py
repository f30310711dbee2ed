"""The command line: what it takes, what it prints, and with which code it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from helpline_report.errors import EXIT_FAULT, HelplineError
from helpline_report.params.edition import Edition
from helpline_report.params.project import Project

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
HERE = Path()


def _project(folder: Path) -> Project:
    return Project(folder.resolve(), dict(os.environ))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@app.command()
def build(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Make the edition of a year: HTML, PDF, open data and audit, in output/."""
    from helpline_report.pipeline import build as make  # noqa: PLC0415 - seconds of imports

    found = _project(project)
    found.edition(edition, set_ or ())
    folder = make(found, edition, set_ or (), progress=_chapter_done)
    _say(f"{folder.relative_to(found.root).as_posix()}/index.html")


def _chapter_done(name: str, seconds: float) -> None:
    _say(f"  {name:<12} {seconds:5.1f} s")


@app.command()
def check(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Read and check the parameters and the exports of a year; run no chapter."""
    from helpline_report.pipeline import check as read  # noqa: PLC0415

    found = _project(project)
    found.edition(edition, set_ or ())
    register = read(found, edition, set_ or ())
    for balance in register.dataset.balances:
        left_out = sum(balance.excluded.values())
        repaired = sum(balance.repaired.values())
        _say(
            f"  {Path(balance.file).name}: {balance.read} rows read, {balance.used} used, "
            f"{repaired} repaired, {left_out} excluded"
        )
    _say(f"{edition}: the parameters and the exports are sound")


@app.command()
def publish(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    from helpline_report.pipeline import republish  # noqa: PLC0415

    found = _project(project)
    folder = republish(found, edition, set_ or ())
    _say(f"{folder.relative_to(found.root).as_posix()}/index.html")


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
    from helpline_report.sample import generate  # noqa: PLC0415

    place = folder if folder is not None else project / "data" / "sample" / str(year)
    generate(place, year=year, contacts=contacts, seed=seed)
    _say(f"{place.as_posix()}: synthetic exports of {year}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of params/*.yaml, for editors."""
    shape = Edition.model_json_schema(by_alias=True)
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    sys.stdout.write(json.dumps(shape, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def main() -> None:
    """Run a command, and end with the exit code of its kind of outcome."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        app()
    except HelplineError as error:
        _say(f"helpline-report: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("helpline-report: interrupted; the last edition stands")
        sys.exit(130)
    except OSError as error:
        what = error.strerror or type(error).__name__
        where = f"{Path(str(error.filename)).name}: " if error.filename else ""
        _say(f"helpline-report: {where}{what}; the last edition stands")
        sys.exit(EXIT_FAULT)
