"""The commands: what each takes, what it prints, and which module does its work."""

import datetime as dt
import logging
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from helpline_report.command_projects import (
    GroupedCommands,
    find_folder,
    open_project,
    open_sound_project,
)
from helpline_report.errors import UserError, list_first
from helpline_report.inputs import PAGE_ROLES, PUBLISHED, compare_edition
from helpline_report.parameters.project_folder import DRAFT, is_approved

MOST_CHANGES = 20
WORKING_FOLDER = Path()

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
    """Write a line for the person who runs the command, to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def say_steps(written: str, steps: Iterable[str]) -> None:
    """Say what was written, and what to do next."""
    lines = (f"\n  {number}. {step}" for number, step in enumerate(steps, 1))
    say(f"{written}. What to do next:{''.join(lines)}")


@app.callback()
def show_log(context: typer.Context) -> None:
    """Show what the stages log: which chapter has run, what isn't published."""
    logger = logging.getLogger("helpline_report")
    handler = logging.StreamHandler()
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    context.call_on_close(partial(logger.removeHandler, handler))


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 - the signer's own day


@app.command()
def build(
    edition: EditionName,
    set_: Overrides = None,
    project_path: ProjectPath = WORKING_FOLDER,
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
    overrides = [*(set_ or ()), *([DRAFT] if draft else [])]
    folder = find_folder(project_path, again=again)
    output = folder.output_name(edition, overrides, as_)
    changes = compare_edition(folder, output, overrides)
    if changes == []:
        say(f"{output}: nothing changed since it was made\noutput/{output}/index.html")
        return
    project = open_sound_project(project_path, edition, overrides, again=again)
    if output == edition and changes and PAGE_ROLES.issuperset(each.role for each in changes):
        from helpline_report.publishing import republish

        place = republish(project, edition)
    else:
        from helpline_report.build import build as build_edition

        place = build_edition(project, edition, overrides, what_if=as_)
    say(project.label(place / "index.html"))


@app.command()
def status(edition: EditionName, project_path: ProjectPath = WORKING_FOLDER) -> None:
    """Say what changed since the edition was made, and what of it must be made again."""
    folder = find_folder(project_path)
    place = folder.output / edition
    changes = compare_edition(folder, edition, ())
    if changes == []:
        approved = "approved, and " if is_approved(place) else ""
        say(f"{edition}: {approved}nothing changed since it was made")
        return
    project = open_sound_project(project_path, edition)
    if changes is None:
        can_build = not place.is_dir()
        with suppress(UserError):  # who has no exports needn't say where they lie
            sources = project.edition(edition).sources
            can_build |= any(project.resolve(each.folder).is_dir() for each in sources)
        what = "of what it is made nothing is recorded" if place.is_dir() else "not made here yet"
        command = "build" if can_build else "publish"
        say(f"{edition}: {what}\n  → helpline-report {command} {edition}")
        return
    roles = {change.role for change in changes}
    changed = "its pages" if roles <= PAGE_ROLES | {PUBLISHED} else "what it is made from"
    say(f"{edition}: {changed} changed")
    for line in list_first([*map(str, changes)], MOST_CHANGES):
        say(line)
    say(f"  → helpline-report build {edition}")


@app.command()
def check(
    edition: EditionName, set_: Overrides = None, project_path: ProjectPath = WORKING_FOLDER
) -> None:
    """Read and check the parameters, texts and exports of a year; run no chapter."""
    from helpline_report.checking import check as check_edition
    from helpline_report.parameters.references import list_notes
    from helpline_report.report.problems import summarise_check

    project = open_sound_project(project_path, edition, set_ or ())
    if project.private.is_dir():  # a build was there: what it released judges the texts
        # Here, since what writes pages loads much that a check by itself doesn't need.
        from helpline_report.publishing import check_texts

        check_texts(project, edition, set_ or ())
    register = check_edition(project, edition, set_ or ())
    for line in summarise_check(register):
        say(line)
    for line in list_notes(project, edition):
        say(line)
    if register.edition.draft:
        say(f"{edition}: sound as a draft, which isn't for publication")
    else:
        say(f"{edition}: the parameters and the exports are sound")


@app.command()
def rollback(edition: EditionName, project_path: ProjectPath = WORKING_FOLDER) -> None:
    """Put the edition before the last one in its place again."""
    from helpline_report.publishing import rollback as rollback_edition

    project = open_sound_project(project_path, edition)
    folder = rollback_edition(project, edition)
    say(f"{project.label(folder)}: the edition before; again, and it is back")


@app.command()
def package(
    edition: EditionName,
    *,
    check: Annotated[
        str, typer.Option(metavar="URL", help="Compare what stands at an address with the package.")
    ] = "",
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Pack an edition for a web server, with checksums; or check what was put on one."""
    from helpline_report.audit.packages import check_address
    from helpline_report.publishing import pack_edition

    project = open_sound_project(project_path, edition)
    if check:
        place = project.output / f"{edition}.zip"
        count = check_address(place, project.label(place), check)
        say(f"{check}: all {count} files of {project.label(place)} are there as they are")
        return
    place, count = pack_edition(project, edition)
    draft = "" if is_approved(project.output / edition) else "; it is a draft: nobody approved it"
    say(f"{project.label(place)}: {count} files, and how to put them on a web server{draft}")


@app.command()
def publish(edition: EditionName, project_path: ProjectPath = WORKING_FOLDER) -> None:
    """Make the pages again from the released ledger: after an edit of the texts, say."""
    from helpline_report.publishing import republish

    project = open_sound_project(project_path, edition)
    say(f"{project.label(republish(project, edition))}/index.html")


@app.command()
def texts(edition: EditionName, project_path: ProjectPath = WORKING_FOLDER) -> None:
    """Lay out the texts of the chapters as files to edit; what stands in them stays."""
    from helpline_report.text_files import lay_out

    project = open_sound_project(project_path, edition)
    for file, added in lay_out(project, edition).items():
        say(f"{file}: added {', '.join(added)}" if added else f"{file}: complete")


@app.command("hand-over")
def hand_over(
    edition: EditionName,
    *,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where; hand-over/EDITION if not given.")
    ] = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Make a folder from which staff edit and publish an edition, and which holds no row."""
    from helpline_report.hand_over import write_hand_over

    project = open_sound_project(project_path, edition)
    folder = (to or project.root / "hand-over" / edition).resolve()
    count = write_hand_over(project, edition, folder)
    say(f"{(to or Path('hand-over', edition)).as_posix()}: {count} files, and no row")
    say("  → give it to whoever edits; a double click on start.command or start.sh opens it")


@app.command()
def desk(
    edition: EditionName,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On this machine; 0 takes any that is free.")
    ] = 0,
    *,
    browse: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Open a page on which staff edit the texts, see the report, approve and pack it."""
    from helpline_report.desk.desk_server import serve_desk

    serve_desk(open_project(project_path), edition, port=port, browse=browse, today=_today, say=say)


@app.command()
def trace(
    edition: EditionName,
    figure: Annotated[str, typer.Argument(help="The figure's id: contacts.share.phone.")],
    *,
    rows: Annotated[
        bool, typer.Option("--rows", help="Also write the rows behind it to a private file.")
    ] = False,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Say where a figure comes from: definition, counts, conditions, SQL, files, earlier print."""
    from helpline_report.build import trace_rows
    from helpline_report.publishing import trace as trace_edition

    project = open_sound_project(project_path, edition)
    sys.stdout.write(trace_edition(project, edition, figure))
    if rows:
        place = trace_rows(project, edition, figure)
        say(f"{project.label(place)}: the rows of people; keep it to yourself")


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
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """List for you alone which counts aren't published, and why; with options, what would be."""
    from helpline_report.build import decide_disclosure
    from helpline_report.report.hidden_counts import compare, list_hidden

    project = open_sound_project(project_path, edition)
    decision = decide_disclosure(project, edition, threshold=threshold, merge=merge or ())
    if threshold is None and not merge:
        for line in list_hidden(decision):
            sys.stdout.write(f"{line}\n")
        return
    for line in compare(decide_disclosure(project, edition), decision):
        say(line)


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no day", next_step="write it as 2017-12-31") from None


@app.command(name="sign-off")
def sign_off(
    edition: EditionName,
    *,
    name: Annotated[str, typer.Option(help="Who approves it, as the pages will say.")],
    role: Annotated[str, typer.Option(help="As what: 'coördinator'.")],
    status: Annotated[Status, typer.Option(help="What the edition becomes.")],
    date: Annotated[
        dt.date | None, typer.Option(parser=_read_day, help="Its day, as 2017-12-31, or today.")
    ] = None,
    embargo: Annotated[
        dt.date | None, typer.Option(parser=_read_day, help="Not made public before this day.")
    ] = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Approve an edition as it is: its pages then say so, until its content changes."""
    from helpline_report.publishing import Approval, sign

    project = open_sound_project(project_path, edition)
    approval = Approval(status, name, role, date or _today(), embargo)
    folder, approved = sign(project, edition, approval)
    if approved:
        say(approved)
    say(f"params/{edition}/sign-off.yaml: {status}, approved by {name} on {approval.date}")
    say(f"{project.label(folder)}/index.html")


@app.command()
def verify(
    edition: Annotated[
        str | None, typer.Argument(help="Which of params/*.yaml; it is built again.")
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A published edition, to check against its manifest."),
    ] = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Build a published edition again and compare byte for byte; or check a copy of one."""
    from helpline_report.build import verify as verify_edition
    from helpline_report.publishing import verify_published

    if published is not None and edition is None:
        files = verify_published(published, published.as_posix())
        say(f"{published.as_posix()}: {files} files, all as they were published")
        return
    if edition is None or published is not None:
        step = "helpline-report verify 2017, or helpline-report verify --published FOLDER"
        raise UserError("name an edition, or the folder of a published one", next_step=step)
    files = verify_edition(open_project(project_path), edition)
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
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Show which parameters, figures and sentences two editions differ in: a page and CSV."""
    from helpline_report.audit.differences_page import write_differences

    project = open_project(project_path)
    for line in write_differences(project, edition, other, before=before):
        say(line)


@app.command()
def sample(
    year: Annotated[
        int, typer.Argument(min=1900, max=2099, help="The year of the synthetic exports.")
    ],
    folder: Annotated[
        Path | None, typer.Option(help="Where to write them; data/sample/YEAR if not given.")
    ] = None,
    contacts: Annotated[
        int | None, typer.Option(min=1, help="How many contacts; as printed if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other rows.")] = 1712,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Write synthetic exports of a year, in the raw layout of the reference case."""
    from helpline_report.sample import generate

    if folder is None:
        open_project(project_path)
    elif (folder.is_symlink() or folder.exists()) and not all(
        path.is_dir() for path in (folder, *folder.rglob("*"))
    ):
        # These may be exports of people.
        what, step = "this is no empty folder", "name an empty folder, or a new one"
        raise UserError(what, where=folder.as_posix(), next_step=step)
    place = folder or project_path / "data" / "sample" / str(year)
    generate(place, year=year, contacts=contacts, seed=seed)
    say(f"{place.as_posix()}: synthetic exports of {year}")


@app.command()
def layout(
    files: Annotated[list[Path], typer.Argument(help="The exports of one system.")],
    name: Annotated[
        str | None, typer.Option(help="Write params/layouts/NAME.yaml, and print nothing.")
    ] = None,
    coded: Coded = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Propose a layout for exports of an unknown system, with what isn't certain marked."""
    from helpline_report.parameters.yaml import count_undecided
    from helpline_report.setup.layout import (
        propose_files,
        refuse_name,
        split_coded,
        write_layout,
        write_layout_text,
    )

    project = open_project(project_path)
    fields = split_coded(coded or ())
    if name is not None:
        refuse_name(project, name)
    text = write_layout_text(propose_files(project, files, fields), name)
    if name is None:
        sys.stdout.write(text)
        return
    write_layout(project, name, text)
    questions = count_undecided(text)
    say(f"params/layouts/{name}.yaml, with {questions} questions, each a !todo")


@app.command("new-year")
def new_year(
    edition: Annotated[str, typer.Argument(help="The new edition, by its year, such as 2018.")],
    before: Annotated[
        str | None,
        typer.Option("--from", help="The edition to begin from; last year's if not given."),
    ] = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Begin a year: its parameters, made from last year's, with the questions to decide in them."""
    from helpline_report.setup.new_year import propose_year, write_edition

    project = open_project(project_path)
    new = propose_year(project, edition, before)
    write_edition(project, new)
    say_steps(f"params/{new.name}.yaml, made from params/{new.before}.yaml", new.next_steps())


@app.command("new-helpline")
def new_helpline(
    edition: Annotated[str, typer.Argument(help="The first edition, such as myline-2021.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Its exports; those in data/EDITION if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of its report: nl or en.")] = "nl",
    coded: Coded = None,
    project_path: ProjectPath = WORKING_FOLDER,
) -> None:
    """Begin another helpline: parameters, layout and texts, with the questions to decide."""
    from helpline_report.setup.new_helpline import propose_helpline, write_helpline

    project = open_project(project_path)
    new = propose_helpline(project, edition, files or (), language=language, coded=coded or ())
    write_helpline(project, new)
    layout_file = f" and params/layouts/{new.layout_name}.yaml" if new.layout else ""
    say_steps(f"params/{edition}.yaml{layout_file}", new.next_steps())


@app.command()
def schema(
    *,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="That of data/ledger.json, for other programs.")
    ] = False,
) -> None:
    """Print the JSON Schema of params/*.yaml, for editors."""
    from helpline_report.figures.ledger import write_ledger_schema
    from helpline_report.parameters.edition import write_schema

    sys.stdout.write(write_ledger_schema() if ledger else write_schema())
