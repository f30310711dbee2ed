"""The command line: what it takes, what it prints, and with which code it ends."""

import datetime as dt
import gc
import logging
import signal
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal, NoReturn

import typer

from helpline_report.command_stages import (
    GroupedCommands,
    find_folder,
    open_project,
    open_sound_project,
    stage,
)
from helpline_report.errors import EXIT_FAULT, HelplineError, UserError, list_first, place_of
from helpline_report.inputs import compare_edition, list_inputs, read_release, release_key
from helpline_report.parameters.project_folder import DRAFT, is_approved

# A terminal that is closed hangs up; Windows has no such signal.
STOPS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
REASONS = ("interrupted", "terminated", "the terminal was closed")
STOPPED = {128 + number: reason for number, reason in zip(STOPS, REASONS, strict=False)}
MOST_CHANGES = 20
DAY = "%Y-%m-%d"
HERE = Path()

EditionName = Annotated[str, typer.Argument(help="Which of params/*.yaml, such as 2017.")]
ProjectPath = Annotated[
    Path, typer.Option("--project", help="The project folder, the one that holds params/.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a parameter: calendar.closed=[]."),
]
Coded = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN=FIELD", help="A column that holds codes of this field."),
]
Status = Literal["provisional", "final"]

app = typer.Typer(
    cls=GroupedCommands,
    help="A reproducible annual report for a helpline on violence, abuse and child abuse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def say(text: str) -> None:
    """Tell it to who runs the command, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def say_steps(written: str, steps: Iterable[str]) -> None:
    """Say what was written, and what to do next."""
    say(f"{written}. What to do next:")
    for number, step in enumerate(steps, 1):
        say(f"  {number}. {step}")


@app.callback()
def say_what_is_logged(context: typer.Context) -> None:
    """Say what the stages log: which chapter is through, what isn't published."""
    logger, handler = logging.getLogger("helpline_report"), logging.StreamHandler()
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    context.call_on_close(partial(logger.removeHandler, handler))


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 - the signer's own day


@app.command()
def build(
    edition: EditionName,
    set_: Overrides = None,
    project: ProjectPath = HERE,
    *,
    as_: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Call a build with --set so, in output/.")
    ] = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="Leave rows with faults out, and say so on every page.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Run every chapter and count all twice, changed or not.")
    ] = False,
) -> None:
    """Make the edition of a year: HTML, PDF, open data and audit, in output/.

    What didn't change isn't made again. With --set it is a what-if, in output/EDITION-what-if.
    """
    place, overrides = (
        find_folder(project, again=again),
        [*(set_ or ()), *([DRAFT] if draft else [])],
    )
    output = place.output_name(edition, overrides, as_)
    if compare_edition(place, output, overrides) == []:
        say(f"{output}: nothing changed since it was made\noutput/{output}/index.html")
        return
    here = open_project(project, again=again)
    stage("parameters").check_edition(here, edition, overrides)
    inputs = list_inputs(here, edition, overrides)
    key = release_key(here, edition, overrides, inputs)
    if read_release(here, key) is not None:
        publish_kept = stage("publish").publish_kept
        folder = publish_kept(here, edition, overrides, inputs, key, what_if=as_)
    else:
        folder = stage("build").build(here, edition, overrides, inputs=inputs, what_if=as_)
    say(here.label(folder / "index.html"))


@app.command()
def status(edition: EditionName, project: ProjectPath = HERE) -> None:
    """Say what changed since the edition was made, and what of it must be made again."""
    place = find_folder(project)
    changed = compare_edition(place, edition, ())
    if changed == []:
        approved = "approved, and " if is_approved(place.output / edition) else ""
        say(f"{edition}: {approved}nothing changed since it was made")
        return
    here = open_project(project)
    stage("parameters").check_edition(here, edition)
    if changed is None:
        stands = (place.output / edition).is_dir()
        what = "of what it is made nothing is recorded" if stands else "not made here yet"
        say(f"{edition}: {what}\n  → helpline-report build {edition}")
        return
    counted = release_key(here, edition, (), list_inputs(here, edition, ()))
    pages = read_release(here, counted) is not None
    say(f"{edition}: {'its pages' if pages else 'what it is counted from'} changed")
    for line in list_first([*map(str, changed)], MOST_CHANGES):
        say(line)
    say(f"  → helpline-report build {edition}")


@app.command()
def check(edition: EditionName, set_: Overrides = None, project: ProjectPath = HERE) -> None:
    """Read and check the parameters, texts and exports of a year; run no chapter."""
    here = open_sound_project(project, edition, set_ or ())
    if here.private.is_dir():  # a build was there: what it released judges the texts
        stage("publish").check_texts(here, edition, set_ or ())
    register = stage("check").check(here, edition, set_ or ())
    for line in stage("summary").summarise_check(here, register):
        say(line)
    for line in stage("parameters").list_notes(here, edition):
        say(line)
    if register.edition.draft:
        say(f"{edition}: sound as a draft, which isn't for publication")
    else:
        say(f"{edition}: the parameters and the exports are sound")


@app.command()
def rollback(edition: EditionName, project: ProjectPath = HERE) -> None:
    """Put the edition before the last one in its place again."""
    here = open_sound_project(project, edition)
    folder = stage("publish").rollback(here, edition)
    say(f"{here.label(folder)}: the edition before; again, and it is back")


@app.command()
def package(
    edition: EditionName,
    *,
    check: Annotated[
        str, typer.Option(metavar="URL", help="Compare what stands at an address with the package.")
    ] = "",
    project: ProjectPath = HERE,
) -> None:
    """Pack an edition for a web server, with checksums; or check what was put on one."""
    here = open_sound_project(project, edition)
    if check:
        place = here.output / f"{edition}.zip"
        count = stage("package").check_address(place, here.label(place), check)
        say(f"{check}: all {count} files of {here.label(place)} are there as they are")
        return
    place, count = stage("publish").pack_edition(here, edition)
    say(f"{here.label(place)}: {count} files, and how to put them on a web server")


@app.command()
def publish(edition: EditionName, project: ProjectPath = HERE) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    here = open_sound_project(project, edition)
    say(f"{here.label(stage('publish').republish(here, edition))}/index.html")


@app.command()
def texts(edition: EditionName, project: ProjectPath = HERE) -> None:
    """Lay out the texts of the chapters as files to edit; what stands in them stays."""
    here = open_sound_project(project, edition)
    for file, added in stage("texts").lay_out(here, edition).items():
        say(f"{file}: added {', '.join(added)}" if added else f"{file}: complete")


@app.command("hand-over")
def hand_over(
    edition: EditionName,
    *,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where; hand-over/EDITION if not given.")
    ] = None,
    project: ProjectPath = HERE,
) -> None:
    """Make a folder from which staff edit and publish an edition, and which holds no row."""
    here = open_sound_project(project, edition)
    folder = (to or here.root / "hand-over" / edition).resolve()
    count = stage("hand-over").write_hand_over(here, edition, folder)
    say(f"{(to or Path('hand-over', edition)).as_posix()}: {count} files, and no row")
    say(
        "  → give the folder to whoever edits; a double click on start.command or start.sh opens it"
    )


@app.command()
def desk(
    edition: EditionName,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On this machine; 0 takes any that is free.")
    ] = 0,
    *,
    browse: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    project: ProjectPath = HERE,
) -> None:
    """Open a page on which staff edit the texts, see the report, approve and pack it."""
    serve = stage("desk").serve_desk
    serve(open_project(project), edition, port=port, browse=browse, today=_today, say=say)


@app.command()
def trace(
    edition: EditionName,
    figure: Annotated[str, typer.Argument(help="The figure's id: contacts.share.phone.")],
    *,
    rows: Annotated[
        bool, typer.Option("--rows", help="Also write the rows behind it to a private file.")
    ] = False,
    project: ProjectPath = HERE,
) -> None:
    """Say where a figure comes from: definition, counts, conditions, SQL, files, earlier print."""
    here = open_sound_project(project, edition)
    sys.stdout.write(stage("publish").trace(here, edition, figure))
    if rows:
        place = stage("build").trace_rows(here, edition, figure)
        say(f"{here.label(place)}: the rows of people; keep it to yourself")


@app.command()
def disclosure(
    edition: EditionName,
    *,
    threshold: Annotated[
        int | None, typer.Option(min=3, help="As if this were the threshold.")
    ] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="As if its codes were counted by their groups."),
    ] = None,
    project: ProjectPath = HERE,
) -> None:
    """List for you alone which counts aren't published, and why; with options, what would be."""
    here = open_sound_project(project, edition)
    decide = stage("build").decide_disclosure
    decision = decide(here, edition, threshold=threshold, merge=merge or ())
    listing = stage("hidden counts")
    if threshold is None and not merge:
        for line in listing.list_hidden(decision):
            sys.stdout.write(f"{line}\n")
        return
    for line in listing.compare(decide(here, edition), decision):
        say(line)


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
    project: ProjectPath = HERE,
) -> None:
    """Approve an edition as it is: its pages then say so, until its content changes."""
    here = open_sound_project(project, edition)
    day = _today() if date is None else date.date()
    until, publishing = embargo and embargo.date(), stage("publish")
    approval = publishing.Approval(status, name, role, day, until)
    folder, approved = publishing.sign(here, edition, approval)
    if approved:
        say(approved)
    say(f"params/{edition}/sign-off.yaml: {status}, approved by {name} on {day}")
    say(f"{here.label(folder)}/index.html")


@app.command()
def verify(
    edition: Annotated[
        str | None, typer.Argument(help="Which of params/*.yaml; it is built again.")
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A published edition, to check against its manifest."),
    ] = None,
    project: ProjectPath = HERE,
) -> None:
    """Build a published edition again and compare byte for byte; or check a copy of one."""
    if (edition is None) == (published is None):
        raise UserError(
            "name an edition, or the folder of a published one",
            next_step="helpline-report verify 2017, or helpline-report verify --published FOLDER",
        )
    if published is not None:
        files = stage("publish").verify_published(published, published.as_posix())
        say(f"{published.as_posix()}: {files} files, all as they were published")
        return
    files = stage("build").verify(open_project(project), edition)
    say(f"output/{edition}: {files} files, byte for byte what the exports give")


@app.command()
def diff(
    edition: EditionName,
    other: Annotated[
        str | None, typer.Argument(help="Another one in output/, or the folder of one.")
    ] = None,
    *,
    before: Annotated[
        bool, typer.Option("--before", help="With the version that stood there before.")
    ] = False,
    project: ProjectPath = HERE,
) -> None:
    """Show which parameters, figures and sentences two editions differ in: a page and CSV."""
    here = open_project(project)
    for line in stage("differences").write_differences(here, edition, other, before=before):
        say(line)


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
    project: ProjectPath = HERE,
) -> None:
    """Write synthetic exports of a year, in the raw layout of the reference case."""
    if folder is None:
        open_project(project)
    elif (folder.is_symlink() or folder.exists()) and not all(
        path.is_dir() for path in (folder, *folder.rglob("*"))
    ):
        # What lies there may be exports of people.
        what, step = "this is no empty folder", "name an empty folder, or a new one"
        raise UserError(what, where=folder.as_posix(), next_step=step)
    place = folder or project / "data" / "sample" / str(year)
    stage("sample").generate(place, year=year, contacts=contacts, seed=seed)
    say(f"{place.as_posix()}: synthetic exports of {year}")


@app.command()
def layout(
    files: Annotated[list[Path], typer.Argument(help="The exports of one system.")],
    name: Annotated[
        str | None, typer.Option(help="Write params/layouts/NAME.yaml, and print nothing.")
    ] = None,
    coded: Coded = None,
    project: ProjectPath = HERE,
) -> None:
    """Propose a layout for exports of an unknown system, with what isn't certain marked."""
    here = open_project(project)
    layouts = stage("layout")
    fields = layouts.split_coded(coded or ())
    if name is not None:
        layouts.refuse_name(here, name)
    text = layouts.write_layout_text(layouts.propose_files(here, files, fields), name)
    if name is None:
        sys.stdout.write(text)
        return
    layouts.write_layout(here, name, text)
    questions = stage("questions").count_undecided(text)
    say(f"params/layouts/{name}.yaml, with {questions} questions, each a !todo")


@app.command("new-year")
def new_year(
    edition: Annotated[str, typer.Argument(help="The new edition, by its year, such as 2018.")],
    before: Annotated[
        str | None,
        typer.Option("--from", help="The edition to begin from; last year's if not given."),
    ] = None,
    project: ProjectPath = HERE,
) -> None:
    """Begin a year: its parameters, made from last year's, with the questions to decide in them."""
    here, years = open_project(project), stage("new-year")
    new = years.propose_year(here, edition, before)
    years.write_edition(here, new)
    say_steps(f"params/{new.name}.yaml, made from params/{new.before}.yaml", new.next_steps())


@app.command("new-helpline")
def new_helpline(
    edition: Annotated[str, typer.Argument(help="The first edition, such as myline-2021.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Its exports; those in data/EDITION if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of its report: nl or en.")] = "nl",
    coded: Coded = None,
    project: ProjectPath = HERE,
) -> None:
    """Begin another helpline: parameters, layout and texts, with the questions to decide."""
    here, helplines = open_project(project), stage("new-helpline")
    new = helplines.propose_helpline(
        here, edition, files or (), language=language, coded=coded or ()
    )
    helplines.write_helpline(here, new)
    layout_file = f" and params/layouts/{new.layout_name}.yaml" if new.layout else ""
    say_steps(f"params/{edition}.yaml{layout_file}", new.next_steps())


@app.command()
def schema() -> None:
    """Print the JSON Schema of params/*.yaml, for editors."""
    sys.stdout.write(stage("schema").write_schema())


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at a signal, and let no second one disturb that."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _fail(what: str, next_step: str) -> NoReturn:
    say(f"helpline-report: {what}\n  → {next_step}")
    sys.exit(EXIT_FAULT)


def main() -> None:
    """Run a command, and end with the exit code of its kind of outcome."""
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    # A run is short, and keeps nearly all that it makes: looking less often for what is left over
    # spares a tenth of its work.
    gc.set_threshold(100_000, 20, 20)
    try:
        app()
    except HelplineError as error:
        say(f"helpline-report: {error}")
        sys.exit(error.exit_code)
    except SystemExit as error:
        if error.code in STOPPED:
            say(f"helpline-report: {STOPPED[error.code]}; the last edition stands")
        raise
    except MemoryError:
        next_step = "end other programs and run again; the last edition stands"
        _fail("the machine has too little memory", next_step)
    except OSError as error:
        where = f"{Path(str(error.filename)).name}: " if error.filename else ""
        next_step = "see that there is room, and that you may write there, and run again"
        _fail(f"{where}{error.strerror or type(error).__name__}", next_step)
    except Exception as error:  # noqa: BLE001 - its text may hold a value of a row
        next_step = "please report this line, and what you ran; the last edition stands"
        _fail(f"a fault of the program: {type(error).__name__}, {place_of(error)}", next_step)
