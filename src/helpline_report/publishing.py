"""From a released ledger to an edition in its place: no export is read, and no chapter runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from helpline_report import __version__
from helpline_report.audit.crate import write_crate
from helpline_report.audit.earlier import earlier_figures
from helpline_report.audit.manifest import write_manifest
from helpline_report.audit.pages import write_audit
from helpline_report.audit.reconcile import reconcile
from helpline_report.audit.revisions import refuse_unknown
from helpline_report.audit.verification import published_differences, read_manifest
from helpline_report.errors import MachineError, ParametersError
from helpline_report.figures.disclosure import require_release
from helpline_report.figures.ledger import Ledger
from helpline_report.freshness import forget, look
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout, load_layout
from helpline_report.parameters.look.files import read_house
from helpline_report.parameters.project import Project
from helpline_report.parameters.signoff import SignOff, read_signoff
from helpline_report.prepared import Checked, check_parameters, undisturbed
from helpline_report.prose.free_texts import marked_words
from helpline_report.prose.writer import Writer
from helpline_report.report.output import alone, roll_back, staged
from helpline_report.report.private import write_private
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from helpline_report.report.released_notebooks import (
    ReleasedEdition,
    as_notebooks,
    published_notebooks,
    with_texts,
)


def released_file(project: Project, name: str) -> Path:
    """Where what the last build released is kept, to make the pages from again."""
    return project.private / "released" / f"{name}.json"


def keep_released(project: Project, released: ReleasedEdition) -> None:
    """Keep what was released, privately: the pages can then be made again.

    Raises:
        MachineError: it can't be written.
    """
    notebooks = json.dumps(released.notebooks, ensure_ascii=False)
    text = f'{{"ledger": {released.ledger.to_json()}, "notebooks": {notebooks}}}'
    write_private(released_file(project, released.ledger.edition), text)


def republish(project: Project, name: str, overrides: Sequence[str] = ()) -> Path:
    """Make the pages again from what was released: no export is read and no chapter runs.

    What the build was given by `--set` holds on, and `overrides` come after it.

    Raises:
        RefusedError: the edition may not be released.
        HelplineError: there is no released ledger, or notebooks and texts don't go with it.
    """
    project.edition(name, overrides)
    released = last_released(project, name)
    seen = look(project, name, overrides, exports=False)
    with undisturbed(project, seen) as still:
        checked = check_parameters(project, name, (*released.ledger.overrides, *overrides))
        with alone(project, name):
            return make_edition(project, checked, released, still)


def rollback(project: Project, name: str) -> Path:
    """Put the edition before the last one in its place again; returns its folder.

    What was kept of the last build goes: the pages are then made again from the published ledger.

    Raises:
        HelplineError: there is none, or its folder can't be moved.
    """
    with alone(project, name):
        roll_back(project, name)
        released_file(project, name).unlink(missing_ok=True)
        forget(project, name)
    return project.output / name


def last_released(project: Project, name: str) -> ReleasedEdition:
    """What the last build released, else what the published edition holds of it.

    Raises:
        ParametersError: there is none, or it is of another version of the program.
    """
    private, published = released_file(project, name), project.output / name
    again = f"make it from the exports: helpline-report build {name}"
    path = private if private.is_file() else published / "data" / "ledger.json"
    if not path.is_file():
        raise ParametersError(
            f"there is no released ledger of '{name}'",
            where=f"output/{name}/data/ledger.json",
            next_step=again,
        )
    try:
        if path == private:
            parts = json.loads(path.read_bytes())
            ledger = Ledger.model_validate(parts["ledger"])
            return ReleasedEdition(ledger, as_notebooks(parts["notebooks"]))
        ledger = Ledger.model_validate_json(path.read_bytes())
        return ReleasedEdition(ledger, published_notebooks(published))
    except (ValueError, KeyError, TypeError, AttributeError):
        where = path.relative_to(project.root).as_posix()
        raise ParametersError(
            "is no ledger of this version", where=where, next_step=again
        ) from None


def make_edition(
    project: Project,
    checked: Checked,
    released: ReleasedEdition,
    ready: Callable[[], None] = lambda: None,
) -> Path:
    """Publish what was released: pages, open data, audit and manifest, and only then in place.

    `ready` is asked last, and raises what stands in the way.
    """
    require_release(checked.edition)
    place = project.place(checked.edition)
    shown = place.relative_to(project.root).as_posix()
    publication = publication_of(project, checked, released)
    refuse_unknown(publication.reconciled, checked.edition)

    def whole(folder: Path) -> None:
        found = published_differences(folder, read_manifest(folder, shown))
        if found:
            raise MachineError(
                f"the disk doesn't hold what was written to it: {found[0].file}",
                where=shown,
                next_step="the last edition stands; see that the disk is sound, and run again",
            )
        ready()

    with staged(project, place, whole) as folder:
        write_edition(project, publication, folder)
    return place


def write_edition(project: Project, publication: Publication, folder: Path) -> None:
    """Write all files of an edition into a folder."""
    with ThreadPoolExecutor(max_workers=3) as beside:
        published = publish(publication, folder, beside)
        write_audit(published.reader, folder)
        published.wait()
    write_crate(project, publication, folder)
    write_manifest(project, publication, folder)


def publication_of(project: Project, checked: Checked, released: ReleasedEdition) -> Publication:
    """All that the pages of an edition are made from: no row is among it.

    Raises:
        ChapterError: the code of a chapter isn't what ran.
    """
    edition, ledger = checked.edition, released.ledger
    printed = earlier_figures(project, edition, ledger)
    writer = Writer(ledger, edition, checked.comparison, checked.codelists, edition.language)
    unsigned = Publication(
        edition=edition,
        comparison=checked.comparison,
        codelists=checked.codelists,
        ledger=ledger,
        notebooks=with_texts(released.notebooks, checked.notebooks, edition.edition),
        texts=checked.texts,
        reconciled=reconcile(printed, ledger, writer),
        version=__version__,
        files={notebook.name: notebook.file for notebook in checked.notebooks},
        house=read_house(edition.house_style, project.root),
        exempt=marked_words(edition, project.document(edition.edition)),
    )
    unsigned = replace(unsigned, layouts=_layouts(project, unsigned.counted))
    return replace(unsigned, signed=_approval(project, unsigned))


def _approval(project: Project, publication: Publication) -> SignOff | None:
    """The approval of this very content; one of another content, or of made-up rows, is none."""
    signed = read_signoff(project, publication.edition.edition)
    if signed is None or publication.ledger.draft or publication.synthetic:
        return None
    return signed if signed.content == publication.content else None


def _layouts(project: Project, editions: Sequence[Edition]) -> dict[str, Layout]:
    sources = [source for edition in editions for source in edition.sources]
    names = dict.fromkeys(source.layout for source in sources)
    return {name: load_layout(project.layout_file(name), project.root) for name in names}
