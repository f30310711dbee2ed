"""Publish, sign and trace what was released: no export is read, and no chapter runs."""

import datetime as dt
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from helpline_report import __version__, preparation
from helpline_report.audit import manifest as manifests
from helpline_report.audit.packages import refuse_unfit, write_package
from helpline_report.audit.pages import write_audit, write_trace
from helpline_report.audit.printed_figures import read_earlier_figures
from helpline_report.audit.read_back import read_back
from helpline_report.audit.reconciliation import (
    judge_claims,
    reconcile,
    refuse_revisions,
)
from helpline_report.charts.own_functions import read_sources
from helpline_report.errors import (
    ChapterError,
    MachineError,
    ParametersError,
    ProseError,
    RefusedError,
    UserError,
    nearest,
)
from helpline_report.figures.ledger import read_ledger
from helpline_report.inputs import Inputs, forget_edition, list_inputs, record_pages
from helpline_report.parameters import earlier_reports
from helpline_report.parameters.help_numbers import read_help_numbers, refuse_unchecked
from helpline_report.parameters.house_files import read_house
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, MANIFEST, is_approved, what_if
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import replace_file, write_private
from helpline_report.prose.free_texts import list_marked_words
from helpline_report.prose.markdown import join_errors
from helpline_report.prose.writer import Writer
from helpline_report.report.chapters import TextReview, review_texts
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.placement import lock_edition, roll_back, stage_edition
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from helpline_report.report.released_notebooks import (
    PUBLISHED,
    ReleasedEdition,
    insert_texts,
    read_published_notebooks,
)

log = logging.getLogger(__name__)


# What was released of the edition that stands


def name_draft_folder(place: Path) -> Path:
    """The folder of a draft while an approved edition stands in `place`."""
    return place.with_name(f"{place.name}-draft")


def find_last_release(project: Project, name: str) -> ReleasedEdition:
    """The release of the edition that stands.

    Raises:
        ParametersError: there is none, or it is of another version of the program.
        RefusedError: it isn't what was published.
    """
    place = project.output / name
    folders = [place]
    if project.edition(name).rows == "confidential":
        folders = [name_draft_folder(place), place, project.private / "drafts" / name]
    for folder in folders:
        if (folder / LEDGER).is_file():
            return read_release_in(project, name, folder)
    raise make_error(ParametersError, "no_release", f"output/{name}/{LEDGER}", name=name)


def read_release_in(project: Project, name: str, folder: Path) -> ReleasedEdition:
    """The release of the edition in a folder.

    Raises:
        ParametersError: it is of another version of the program.
        RefusedError: it isn't what was published, or is another edition or a what-if.
    """
    label = project.label(folder)
    next_step = f"make it from the exports: helpline-report build {name}"
    # A ledger may be copied here without its edition: then there is no manifest.
    if (folder / MANIFEST).exists():
        for item in manifests.compare_published(folder, manifests.read_manifest(folder, label)):
            if item.file == LEDGER or item.file.startswith(PUBLISHED):
                place = f"{label}/{item.file}"
                raise RefusedError("isn't what was published", where=place, next_step=next_step)
    where = f"{label}/{LEDGER}"
    ledger = read_ledger(folder / LEDGER, where, next_step)
    refuse_misplaced(ledger.edition, ledger.overrides, name, label)
    try:
        return ReleasedEdition(ledger, read_published_notebooks(folder))
    except (ValueError, KeyError, TypeError, AttributeError):
        what = "is no ledger of this version"
        raise ParametersError(what, where=where, next_step=next_step) from None


def refuse_misplaced(edition: str, overrides: Sequence[str], name: str, label: str) -> None:
    """Refuse another edition, or a what-if, that was put in the place of the edition `name`.

    Each file of such a folder is as it was published: only its place is wrong.

    Raises:
        RefusedError: it is one.
    """
    changed = what_if(overrides)
    what = f"the edition '{edition}'"
    if changed:
        what = f"a what-if of {what} with {', '.join(changed)}"
    if changed or edition != name:
        raise make_error(RefusedError, "misplaced", label, what=what, name=name)


# What an edition is made of


def compose_publications(
    project: Project, checked: preparation.Checked, released: ReleasedEdition
) -> tuple[Publication, ...]:
    """What the pages of an edition are made from, in each of its languages; its own is first.

    Raises:
        ChapterError: the code of a chapter isn't what ran.
    """
    languages = (checked.edition.language, *checked.edition.translations)
    return tuple(compose_publication(project, checked, released, each) for each in languages)


def compose_publication(
    project: Project, checked: preparation.Checked, released: ReleasedEdition, language: str = ""
) -> Publication:
    """All that the pages of an edition are made from, in its own language or in another one.

    It holds no row. Its `content` is what somebody approves, and is the same in every language.

    Raises:
        ChapterError: the code of a chapter isn't what ran.
    """
    edition, ledger = checked.edition, released.ledger
    language = language or edition.language
    printed = read_earlier_figures(project, edition, ledger, language)
    writer = Writer(ledger, edition, checked.comparison, checked.codelists, language)
    publication = Publication(
        edition=edition,
        comparison=checked.comparison,
        codelists=checked.codelists,
        ledger=ledger,
        notebooks=insert_texts(released.notebooks, checked.notebooks, edition.edition),
        texts=checked.texts,
        language=language,
        reconciled=reconcile(printed, ledger, writer),
        claims=judge_claims(edition.printed_claims, writer),
        version=__version__,
        files={notebook.name: notebook.file for notebook in checked.notebooks},
        house=read_house(edition.house_style, project.root),
        help=read_help_numbers(edition.help, project.root),
        exempt=list_marked_words(edition, project.document(edition.edition)),
        steps=project.steps,
        plots=read_sources(project.notebooks, (chart.function for chart in ledger.charts.values())),
    )
    publication = replace(publication, layouts=project.layouts(publication.counted))
    # An approval counts for one content, and never for a draft, a what-if or made-up rows.
    signed = earlier_reports.read_signoff(project, edition.edition)
    unfit = ledger.draft or publication.synthetic or what_if(ledger.overrides)
    approved = signed is not None and not unfit and signed.content == publication.content
    return replace(publication, signed=signed if approved else None)


# From a release to an edition in its place


def republish(project: Project, name: str) -> Path:
    """Make the pages again from what is published: no export is read and no chapter runs.

    Raises:
        RefusedError: the edition may not be released.
        HelplineError: there is no released ledger, or notebooks and texts don't go with it.
    """
    project.edition(name)
    released = find_last_release(project, name)
    inputs = list_inputs(project, name, (), exports=False)
    with preparation.blame_changes(project, inputs):
        checked = preparation.check_parameters(project, name, released.ledger.overrides)
        with lock_edition(project, name):
            folder = make_edition(project, checked, released, inputs)
            if folder == project.output / name:
                record_pages(project, name, inputs)
            return folder


def make_edition(
    project: Project, checked: preparation.Checked, released: ReleasedEdition, inputs: Inputs
) -> Path:
    """Write an edition, and put it in its place if `inputs` are still what they were.

    Raises:
        RefusedError: the edition may not be released, or one of its files changed meanwhile.
        HelplineError: notebooks and texts don't go with its numbers, or it can't be written.
    """
    preparation.require_threshold(checked.edition)
    publications = compose_publications(project, checked, released)
    review = refuse_texts(publications)
    refuse_revisions(publications[0].reconciled, checked.edition)
    place = project.place(checked.edition, checked.output)
    # Until somebody approves an edition of confidential rows, its owner alone can read it.
    private = checked.edition.rows == "confidential" and publications[0].signed is None
    if private and is_approved(place):
        place = name_draft_folder(place)

    def check_written(folder: Path) -> None:
        label = project.label(place)
        manifest = manifests.read_manifest(folder, label)
        differences = manifests.compare_published(folder, manifest)
        if differences:
            raise make_error(MachineError, "disk", label, file=differences[0].file)
        preparation.refuse_changes(project, inputs)

    with stage_edition(project, place, check_written, private=private) as folder:
        write_edition(project, publications, folder)
    if not private:
        shutil.rmtree(name_draft_folder(place), ignore_errors=True)
    path = project.private / "approval" / f"{checked.output}.txt"
    to_approve = list_to_approve(review)
    write_private(path, to_approve)
    if to_approve:
        where = project.label(path)
        log.info("%s lists what of the texts is to be judged by who approves", where)
    return place


def write_edition(project: Project, publications: Sequence[Publication], folder: Path) -> None:
    """Write all files of an edition into a folder, and read them back.

    `publications` are the edition in each of its languages. A translation is in a folder inside.

    Raises:
        RefusedError: a file says something else than the released ledger.
    """
    edition = publications[0].edition
    files = earlier_reports.list_earlier_files(project, edition)
    prints = [file for file in files if file.suffix == ".csv"]
    for publication in publications:
        place = folder / publication.folder
        reader, description = publish(publication, place)
        audit = write_audit(reader, place)
        described = replace(description, files={**description.files, **audit})
        for text in reader.left_out:
            if text.reason.code == "protected":
                log.info(
                    "%s: left out, since '%s' isn't shown; a paragraph after it that begins with "
                    "'{{ else }}' would stand in its place",
                    text.place,
                    text.name,
                )
        label = f"the edition '{publication.name}'"
        ledger = publication.ledger
        read_back(place, ledger, label, described, data=publication, prints=prints)
    manifests.write_crate(project, publications[0], folder)
    manifests.write_manifest(project, publications[0], folder)


def refuse_texts(publications: Sequence[Publication]) -> TextReview:
    """Refuse publications with faults in their texts; returns what is to be approved in them.

    Raises:
        ProseError: with each fault of each text.
    """
    review = review_texts(map(EditionWords, publications))
    if review.errors:
        raise join_errors(review.errors)
    return review


def check_texts(project: Project, name: str, overrides: Sequence[str] = ()) -> None:
    """Refuse the texts that `publish` would refuse, and name all their faults at once.

    Does nothing if no edition of these notebooks stands: nobody knows their figures yet.

    Raises:
        ProseError: with each fault of each text.
    """
    errors: list[ProseError] = []
    try:
        released = find_last_release(project, name)
        checked = preparation.check_parameters(project, name, overrides, errors=errors)
        publications = compose_publications(project, checked, released)
        errors += review_texts(map(EditionWords, publications)).errors
    except (ChapterError, ParametersError):
        return
    if errors:
        raise join_errors(errors)


# What is done with an edition


@dataclass(frozen=True)
class Approval:
    """Who approves, as which status, on which day, and until when nobody makes it public."""

    status: Literal["provisional", "final"]
    name: str
    role: str
    date: dt.date
    embargo: dt.date | None = None


def sign(project: Project, name: str, approval: Approval) -> tuple[Path, str]:
    """Write the approval of the edition that stands, and make its pages again.

    Returns its folder, and the list of what somebody had to judge in its texts.

    Raises:
        UserError: a name or a role is blank.
        RefusedError: it is a draft that leaves rows out, or its rows are synthetic.
        HelplineError: there is no edition to sign.
    """
    if not (approval.name.strip() and approval.role.strip()):
        raise make_error(UserError, "empty_field")
    released = find_last_release(project, name)
    if released.ledger.draft:
        raise make_error(RefusedError, "sign_draft", name=name)
    checked = preparation.check_parameters(project, name, released.ledger.overrides)
    preparation.require_threshold(checked.edition)
    if checked.edition.rows == "synthetic":
        raise make_error(RefusedError, "sign_synthetic", f"params/{name}.yaml", name=name)
    publications = compose_publications(project, checked, released)
    refuse_unchecked(publications[0].help, checked.edition.help, name, approval.date)
    signed = earlier_reports.SignOff(**vars(approval), content=publications[0].content)
    if checked.edition.rows == "confidential":
        # Readers keep what was public once: later versions are checked together with it.
        place = project.approved_ledgers(name) / f"{signed.content[:12]}.json"
        write_private(place, released.ledger.to_json())
    path = earlier_reports.find_signoff_file(project, name)
    text = earlier_reports.write_signoff_text(signed)
    replace_file(path, text, project.label(path))
    to_approve = list_to_approve(review_texts(map(EditionWords, publications)))
    return republish(project, name), to_approve


def list_to_approve(review: TextReview) -> str:
    """List what somebody must judge in the texts before an approval; empty if there is nothing."""
    claims = [f"{claim.place}: '{claim.words}' in: {claim.sentence}" for claim in review.claims]
    numbers = [f"{each.place}: {each.text} ({each.source})" for each in review.exemptions]
    sections = {
        "Words that claim something, and no figure says it": claims,
        "Numbers that stand on a source or in a quotation": numbers,
        "Charts and tables that the texts hide, move or call otherwise": review.changes,
        "Charts of functions of your own, whose words and numbers nobody checks": review.own_charts,
    }
    texts = []
    for title, lines in sections.items():
        if lines:
            texts.append("\n".join([f"{title}: {len(lines)}", *lines]))
    return "\n\n".join(texts)


def pack_edition(project: Project, name: str) -> tuple[Path, int]:
    """Pack the edition that stands for a web server; its page links to the files beside it.

    Returns the package, and how many files of the edition it holds.

    Raises:
        RefusedError: nobody may pack it, or what lies here now would give another edition.
        HelplineError: there is none, or the package can't be written.
    """
    folder, label = project.output / name, f"output/{name}"
    manifest = refuse_unfit(folder, label)
    released = read_release_in(project, name, folder)
    with lock_edition(project, name), TemporaryDirectory() as temporary:
        checked = preparation.check_parameters(project, name, released.ledger.overrides)
        publications = compose_publications(project, checked, released)
        if publications[0].content != manifest["content"]:
            raise make_error(RefusedError, "pack_changed", label, name=name)
        copy = Path(temporary) / name
        write_edition(project, [replace(each, beside=True) for each in publications], copy)
        place = folder.with_name(f"{name}.zip")
        return place, write_package(copy, place, checked.edition.language)


def rollback(project: Project, name: str) -> Path:
    """Put the edition before the last one in its place again; returns its folder.

    Raises:
        RefusedError: it is of confidential rows and nobody approved it, or is no edition `name`.
        HelplineError: there is none, or its folder can't be moved.
    """
    before = project.private / "replaced" / name
    with lock_edition(project, name):
        confidential = project.edition(name).rows == "confidential"
        if confidential and before.is_dir() and not is_approved(before):
            raise make_error(RefusedError, "roll_back_unapproved", f"output/{name}", name=name)
        if (before / MANIFEST).is_file():
            label = project.label(before)
            manifest = manifests.read_manifest(before, label)
            refuse_misplaced(manifest["edition"], manifest["overrides"], name, label)
        roll_back(project, name)
        forget_edition(project, name)
    return project.output / name


def trace(project: Project, name: str, figure: str) -> str:
    """What the audit says of one figure of the last release, as text; no export is read.

    Raises:
        HelplineError: there is no released ledger, or no such figure.
    """
    released = find_last_release(project, name)
    ledger = released.ledger
    known = list(ledger.figures)
    if ledger.trend is not None:
        known += [point.id for point in ledger.trend.points]
    if figure not in known:
        hint = nearest(figure, known)
        raise make_error(ParametersError, "no_figure", name=name, figure=figure, hint=hint)
    checked = preparation.check_parameters(project, name, ledger.overrides)
    return write_trace(compose_publication(project, checked, released), figure)


def verify_published(folder: Path, label: str) -> int:
    """Check a published edition against its manifest and its ledger; returns its number of files.

    Raises:
        ParametersError: the folder holds no edition, or one of another version of the program.
        RefusedError: a file was changed, is missing, or was added, or says what its ledger doesn't;
            or it is a what-if in a folder that is named as the edition.
    """
    manifest = manifests.refuse_changed(folder, label)
    next_step = "verify it with the versions that made it: audit/manifest.json says which"
    ledger = read_ledger(folder / LEDGER, f"{label}/{LEDGER}", next_step)
    if folder.resolve().name == ledger.edition:
        refuse_misplaced(ledger.edition, ledger.overrides, ledger.edition, label)
    next_step += (
        "; if these are at hand the program is at fault, or somebody changed the manifest too: "
        "compare its SHA-256 with the published one, and report this"
    )
    read_back(folder, ledger, label, next_step=next_step)
    return len(manifest["outputs"])
