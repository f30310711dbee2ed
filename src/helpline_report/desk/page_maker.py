"""Make the page again from the released ledger and the texts as they are now, when they change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import HelplineError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.prose.markdown import TextError
from helpline_report.publishing import newest_release, publication_of
from helpline_report.report.chapters import ChapterReader, review_texts
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import part_files
from helpline_report.report.page import page
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import ReleasedEdition

PACKAGE = Path(__file__).parents[1]
LOOK_EVERY = 0.2

# The time of the last change and the size of each file.
Stamps = dict[Path, tuple[int, int]]


@dataclass(frozen=True)
class Trouble:
    """One thing that keeps the page from being made: where, what, and what to do."""

    where: str
    what: str
    next_step: str = ""


@dataclass(frozen=True)
class PreviewPage:
    """What came of a change: the page and what it was made from, or what is in the way."""

    page: str = ""
    publication: Publication | None = None
    troubles: tuple[Trouble, ...] = ()


class PageMaker:
    """Makes the page of an edition over and over; no export is read and no chapter runs."""

    def __init__(self, project: Project, edition: str, overrides: Sequence[str] = ()) -> None:
        self._project = project
        self._edition = edition
        self._overrides = tuple(overrides)
        self._parts: Parts | None = None

    def ready(self) -> ReleasedEdition:
        """What the last build released.

        Raises:
            ParametersError: there is none yet.
        """
        return newest_release(self._project, self._edition)

    def make(self) -> PreviewPage:
        """The page as it would be published now, or all that is wrong with the texts."""
        try:
            released = self.ready()
            overrides = (*released.ledger.overrides, *self._overrides)
            checked = check_parameters(self._project, self._edition, overrides)
            return self._page(publication_of(self._project, checked, released))
        except HelplineError as error:
            return PreviewPage(troubles=tuple(_troubles([error])))
        except Exception as error:  # noqa: BLE001 - the preview goes on; the next change may mend it
            what = f"a fault of the program: {type(error).__name__}"
            trouble = Trouble("", what, "please report it, and what you changed")
            return PreviewPage(troubles=(trouble,))

    def _page(self, publication: Publication) -> PreviewPage:
        words = EditionWords(publication)
        if self._parts is None or _shown(self._parts.publication) != _shown(publication):
            self._parts = Parts(words)
        try:
            reader = ChapterReader(words, self._parts)
            return PreviewPage(page(reader, part_files(words)), publication)
        except ProseError as error:
            refused = review_texts([words]).errors
            return PreviewPage(troubles=tuple(_troubles(refused or [error])))

    def stamps(self) -> Stamps:
        """The files that the page is made from, as far as they are there now."""
        project, edition = self._project, self._edition
        folders = [
            (project.root / "params", "**/*.yaml"),
            (project.root / "params" / edition, "**/*.md"),
            (project.root / "data", "codelists/*"),
            (project.root / "data", "printed/*"),
            (project.notebooks, "*.ipynb"),
            (project.notebooks, "*.py"),
            (project.output / edition / "data", "ledger.json"),
            (PACKAGE / "report", "assets/*"),
            (PACKAGE / "report", "templates/*"),
        ]
        stamps: Stamps = {}
        for path in (path for folder, pattern in folders for path in folder.glob(pattern)):
            try:
                status = path.stat()
            except OSError:
                continue
            stamps[path] = (status.st_mtime_ns, status.st_size)
        return stamps


def wait_for_change(look: Callable[[], Stamps], before: Stamps) -> Stamps:
    """Look until something differs, and on until nothing does: an editor may write in steps."""
    now = before
    while now == before:
        time.sleep(LOOK_EVERY)
        now = look()
    while True:
        time.sleep(LOOK_EVERY / 4)
        again = look()
        if again == now:
            return now
        now = again


def _shown(publication: Publication) -> tuple[object, ...]:
    """What charts and tables are made from, whatever the texts say."""
    return (
        publication.editions,
        publication.codelists,
        publication.ledger,
        publication.reconciled,
    )


def _troubles(errors: Sequence[HelplineError]) -> Iterator[Trouble]:
    for error in errors:
        if isinstance(error, TextError):
            for item in error.complaints:
                yield Trouble(error.place.at(item.line), item.what, item.next_step)
        else:
            yield Trouble(error.where, error.what, error.next_step)
