"""The command line: what it takes, what it prints, and with which code it ends."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal, NoReturn

import typer

from helpline_report.errors import EXIT_FAULT, EXIT_REFUSED, HelplineError, UserError
from helpline_report.params.edition import Edition
from helpline_report.params.layouts import check_codes
from helpline_report.params.named import check_named
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
LeaveOut = Annotated[
    bool, typer.Option("--draft", help="Leave rows with faults out, and say so on every page.")
]
HERE = Path()
DAY = "%Y-%m-%d"

Status = Literal["provisional", "final"]


def _project(folder: Path) -> Project:
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


def _sound(project: Project, name: str, overrides: Sequence[str]) -> None:
    """Find a mistake in any of the parameters before libraries are loaded that take seconds.

    Raises:
        ParametersError: in those of the edition or its comparison, in code lists or layouts.
    """
    edition = project.edition(name, overrides)
    editions = [edition, project.edition(edition.comparison)] if edition.comparison else [edition]
    codelists = project.codelists()
    for each in editions:
        check_named(project, each, codelists)
    for layout in sorted({source.layout for each in editions for source in each.sources}):
        check_codes(project.layout_file(layout), codelists, project.root)


def _known(project: Project, name: str, overrides: Sequence[str]) -> None:
    """Find what the parameters say of exports and can't be, with its line, before any is read.

    Raises:
        ParametersError: an acknowledgement or a control total that leads nowhere.
    """
    from helpline_report.tables.known import check_known  # noqa: PLC0415 - numbers load with it
    from helpline_report.tables.sources import source_files  # noqa: PLC0415

    codelists = project.codelists()
    edition = project.edition(name, overrides)
    documents = {edition.edition: project.document(name, overrides)}
    editions = [edition]
    if edition.comparison:
        editions.append(project.edition(edition.comparison))
        documents[edition.comparison] = project.document(edition.comparison)
    for each in editions:
        if each.acknowledged or each.control_totals:
            files = source_files(project, each, codelists)
            check_known(each, files, codelists, documents[each.edition])


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@app.command()
def build(
    edition: EditionName,
    set_: Overrides = None,
    project: ProjectFolder = HERE,
    *,
    draft: LeaveOut = False,
) -> None:
    """Make the edition of a year: HTML, PDF, open data and audit, in output/."""
    found = _project(project)
    overrides = [*(set_ or ()), *(["draft=true"] if draft else [])]
    _sound(found, edition, overrides)
    _known(found, edition, overrides)
    from helpline_report.pipeline import build as make  # noqa: PLC0415 - seconds of imports

    folder = make(found, edition, overrides, progress=_chapter_done, tell=_say)
    _say(f"{folder.relative_to(found.root).as_posix()}/index.html")


def _chapter_done(name: str, seconds: float) -> None:
    _say(f"  {name:<12} {seconds:5.1f} s")


@app.command()
def check(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Read and check the parameters and the exports of a year; run no chapter."""
    found = _project(project)
    _sound(found, edition, set_ or ())
    _known(found, edition, set_ or ())
    from helpline_report.checking import check as read  # noqa: PLC0415 - half a second of imports
    from helpline_report.edition.summary import summary_of  # noqa: PLC0415

    years = read(found, edition, set_ or ())
    for line in summary_of(found, years):
        _say(line)
    if years.now.edition.draft:
        _say(f"{edition}: sound as a draft, which isn't for publication")
    else:
        _say(f"{edition}: the parameters and the exports are sound")


@app.command()
def publish(edition: EditionName, set_: Overrides = None, project: ProjectFolder = HERE) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    found = _project(project)
    _sound(found, edition, set_ or ())
    from helpline_report.pipeline import republish  # noqa: PLC0415

    folder = republish(found, edition, set_ or ())
    _say(f"{folder.relative_to(found.root).as_posix()}/index.html")


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
    found = _project(project)
    _sound(found, edition, ())
    from helpline_report import pipeline  # noqa: PLC0415

    sys.stdout.write(pipeline.trace(found, edition, figure))
    if rows:
        place = pipeline.trace_rows(found, edition, figure)
        _say(f"{place.relative_to(found.root).as_posix()}: the rows of people; keep it to yourself")


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
    found = _project(project)
    _sound(found, edition, ())
    from helpline_report.signing import Approval, sign  # noqa: PLC0415 - seconds of imports

    day = dt.date.today() if date is None else date.date()  # noqa: DTZ011 - the signer's own day
    until = None if embargo is None else embargo.date()
    folder = sign(found, edition, Approval(status, name, role, day, until))
    _say(f"params/{edition}/sign-off.yaml: {status}, approved by {name} on {day}")
    _say(f"{folder.relative_to(found.root).as_posix()}/index.html")


@app.command()
def verify(
    edition: Annotated[
        str | None, typer.Argument(help="Which of params/*.yaml; it is built again.")
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A published edition: held against its manifest."),
    ] = None,
    set_: Overrides = None,
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
        _say(f"{published.as_posix()}: {files} files, all as they were published")
        return
    found = _project(project)
    assert edition is not None  # noqa: S101 - one of the two was given
    _sound(found, edition, set_ or ())
    files = verifying.verify(found, edition, set_ or (), progress=_chapter_done)
    _say(f"output/{edition}: {files} files, byte for byte what the exports give")


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
        _project(project)
        place = project / "data" / "sample" / str(year)
    from helpline_report.sample import generate  # noqa: PLC0415

    generate(place, year=year, contacts=contacts, seed=seed)
    _say(f"{place.as_posix()}: synthetic exports of {year}")


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
    found = _project(project)
    said = dict(_column_and_field(text) for text in coded or ())
    from helpline_report.setup.layout import (  # noqa: PLC0415 - seconds of imports
        count_questions,
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
    _say(f"params/layouts/{name}.yaml, with {count_questions(text)} questions, each a !todo")


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
    found = _project(project)
    from helpline_report.setup.new_year import made, propose_year, write_year  # noqa: PLC0415

    new = propose_year(found, edition, before)
    write_year(found, new)
    _say(f"params/{new.name}.yaml, made from params/{new.before}.yaml. What to do next:")
    for number, line in enumerate(made(new), 1):
        _say(f"  {number}. {line}")


@app.command()
def proofread(
    file: Annotated[Path, typer.Argument(help="A report in Dutch: text, PDF or our own HTML.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say it for machines, as one JSON object.")
    ] = False,
) -> None:
    """Read a finished report, and make anew what its own numbers say of each other."""
    from helpline_report.audit.proofreading.proofread import proofread as read  # noqa: PLC0415
    from helpline_report.audit.proofreading.report import as_json as machine  # noqa: PLC0415
    from helpline_report.audit.proofreading.report import as_text  # noqa: PLC0415

    proof = read(file)
    sys.stdout.write((machine if as_json else as_text)(proof, file.name))
    if proof.findings:
        raise typer.Exit(EXIT_REFUSED)


@app.command()
def schema() -> None:
    """Print the JSON Schema of params/*.yaml, for editors."""
    shape = Edition.model_json_schema(by_alias=True)
    shape["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    sys.stdout.write(json.dumps(shape, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


STOPPED = {128 + signal.SIGINT: "interrupted", 128 + signal.SIGTERM: "terminated"}


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at a signal, and let no second one disturb that."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def main() -> None:
    """Run a command, and end with the exit code of its kind of outcome."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        app()
    except HelplineError as error:
        _say(f"helpline-report: {error}")
        sys.exit(error.exit_code)
    except SystemExit as error:
        if error.code in STOPPED:
            _say(f"helpline-report: {STOPPED[error.code]}; the last edition stands")
        raise
    except OSError as error:
        what = error.strerror or type(error).__name__
        where = f"{Path(str(error.filename)).name}: " if error.filename else ""
        _say(f"helpline-report: {where}{what}")
        _say("  → see that there is room, and that you may write there, and run again")
        sys.exit(EXIT_FAULT)
    except Exception as error:  # noqa: BLE001 - its text may hold a value of a row
        _say(f"helpline-report: a fault of the program: {type(error).__name__}, {_where(error)}")
        _say("  → please report this line, and what you ran; the last edition stands")
        sys.exit(EXIT_FAULT)


def _where(error: Exception) -> str:
    """The last place of the program itself that an exception came through."""
    package = Path(__file__).parent
    places = [
        f"{Path(frame.filename).relative_to(package).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    ]
    return places[-1]
