"""The page made again from the released ledger and the texts as they are now, quickly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import HelplineError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.prepared import check_parameters
from helpline_report.prose.markdown import TextError
from helpline_report.publishing import newest_release, publication_of
from helpline_report.report.chapters import ChapterReader, refused_texts
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import part_files
from helpline_report.report.page import page
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import ReleasedEdition


@dataclass(frozen=True)
class Trouble:
    """One thing that keeps the page from being made: where, what, and what to do."""

    where: str
    what: str
    next_step: str = ""


@dataclass(frozen=True)
class Made:
    """What came of it: the page and what it was made from, or what is in the way."""

    page: str = ""
    publication: Publication | None = None
    troubles: tuple[Trouble, ...] = ()


def _shows_the_same(one: Publication, other: Publication) -> bool:
    """Whether two publications have the same charts and tables, whatever their texts say."""
    return (one.editions, one.codelists, one.ledger, one.reconciled) == (
        other.editions,
        other.codelists,
        other.ledger,
        other.reconciled,
    )


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

    def make(self) -> Made:
        """The page as it would be published now, or all that is wrong with the texts."""
        try:
            released = self.ready()
            overrides = (*released.ledger.overrides, *self._overrides)
            checked = check_parameters(self._project, self._edition, overrides)
            publication = publication_of(self._project, checked, released)
            return self._made(publication)
        except HelplineError as error:
            return Made(troubles=tuple(_troubles([error])))
        except Exception as error:  # noqa: BLE001 - the preview goes on; the next change may mend it
            what = f"a fault of the program: {type(error).__name__}"
            return Made(troubles=(Trouble("", what, "please report it, and what you changed"),))

    def _made(self, publication: Publication) -> Made:
        words = EditionWords(publication)
        if self._parts is None or not _shows_the_same(self._parts.publication, publication):
            self._parts = Parts(publication, words)
        try:
            reader = ChapterReader(publication, words, self._parts)
            text = page(reader, part_files(publication, words))
        except ProseError as error:
            refused = refused_texts(publication, words)
            return Made(troubles=tuple(_troubles(refused or [error])))
        return Made(text, publication)

    def watched(self) -> list[Path]:
        """The files that the page is made from, as far as they are there now."""
        project, edition = self._project, self._edition
        package = Path(__file__).parents[1]
        folders = [
            (project.root / "params", "**/*.yaml"),
            (project.root / "params" / edition, "**/*.md"),
            (project.root / "data", "codelists/*"),
            (project.root / "data", "printed/*"),
            (project.notebooks, "*.ipynb"),
            (project.notebooks, "*.py"),
            (project.output / edition / "data", "ledger.json"),
            (package / "report", "assets/*"),
            (package / "report", "templates/*"),
        ]
        return [path for folder, pattern in folders for path in folder.glob(pattern)]


def _troubles(errors: Sequence[HelplineError]) -> list[Trouble]:
    found = []
    for error in errors:
        if isinstance(error, TextError):
            found += [
                Trouble(error.place.at(item.line), item.what, item.next_step)
                for item in error.complaints
            ]
        else:
            found.append(Trouble(error.where, error.what, error.next_step))
    return found
