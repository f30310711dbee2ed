"""Edit an edition in one language: its blocks, its page, what changed, approval and package."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from helpline_report.audit.edition_differences import Sentence, pair_sentences, read_sentences
from helpline_report.desk.text_blocks import (
    EditedBlock,
    Entry,
    list_entries,
    read_arrangement_block,
    read_block,
)
from helpline_report.errors import HelplineError, ProseError, RefusedError
from helpline_report.inputs import list_inputs
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, is_approved
from helpline_report.parameters.yaml import make_error
from helpline_report.preparation import check_parameters
from helpline_report.prose.markdown import TextError
from helpline_report.prose.texts import ChapterFile, find_openings, is_arrangement
from helpline_report.prose.writer import FOREWORD
from helpline_report.publishing import (
    compose_publication,
    find_last_release,
    pack_edition,
    republish,
)
from helpline_report.report.chapters import (
    ChapterReader,
    TextReview,
    list_exhibits,
    make_foreword,
    review_texts,
    text_of,
)
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import make_exhibit_files
from helpline_report.report.page import write_page
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import is_left_out
from helpline_report.steps import digest
from helpline_report.text_files import chapter_file

PAGE = "index.html"
# The version of an edition as a page shows it: it changes with any text, and is no change itself.
VERSION = re.compile(r"\b[0-9a-f]{12}\b")

# Of each file, by its name, a value that changes with its content.
Stamps = Mapping[str, object]


@dataclass(frozen=True)
class LastPage:
    """The last page without faults, what it was made from, and the faults since (`troubles`).

    `review` lists what somebody must judge in its texts before an approval. `changes` are pairs of
    sentences that differ: one of the edition that stands, one of this page.
    """

    stamps: Stamps = field(default_factory=dict)
    html: str = ""
    publication: Publication | None = None
    review: TextReview | None = None
    changes: tuple[tuple[Sentence | None, Sentence | None], ...] = ()
    troubles: tuple[HelplineError, ...] = ()


class _WithoutOwnTexts(Project):
    """A project whose editions have no texts of their own: its words are the standard texts."""

    def texts(self, edition: str, language: str) -> Path:
        return self.private / "no-texts" / edition / language


class Desk:
    """The edition that staff work on, in one language. One thread calls it; no export is read.

    What it says is of the files as the last `look` read them. `words` are made without the
    edition's own texts, which may be wrong.
    """

    def __init__(self, project: Project, edition: str, language: str) -> None:
        """Open an edition; raises `ParametersError` if it was never built."""
        self.project, self.name, self.language = project, edition, language
        self.folder = project.output / edition
        self.texts = project.texts(edition, language)
        self._stamps: Stamps = {}
        self._others: Stamps = {}
        self._entries: list[Entry] = []
        self._last = LastPage()
        find_last_release(project, edition)
        self.look()

    def look(self) -> None:
        """Read which files changed, and make the words again unless only own texts did.

        Raises:
            HelplineError: the parameters can't be read, or another file.
        """
        files: dict[str, object] = {**list_inputs(self.project, self.name, (), exports=False).files}
        for path in (self.folder / LEDGER, self.folder / PAGE):
            files[path.name] = digest(path) if path.is_file() else ""
        own_texts = f"text\0params/{self.name}/"
        others = {name: stamp for name, stamp in files.items() if not name.startswith(own_texts)}
        if others != self._others:
            standard = _WithoutOwnTexts(self.project.root, self.project.environment)
            self.words, self._entries = EditionWords(self._publication(standard)), []
            notebooks = self.words.publication.notebooks
            self.notebooks = {FOREWORD: make_foreword(), **notebooks}
            parts = Parts(self.words)
            self._captions = {
                chapter: {
                    name: parts.caption(exhibit)
                    for name, exhibit in list_exhibits(self.words, chapter).items()
                    if exhibit.kind in ("chart", "table")
                }
                for chapter in self.notebooks
            }
        self._stamps, self._others = files, others

    def cells(self, chapter: str) -> dict[str, NotebookNode]:
        """The text cells of a chapter by their names; none where there is no such chapter."""
        cells = self.notebooks[chapter].cells if chapter in self.notebooks else []
        texts = (cell for cell in cells if cell.cell_type == "markdown" and not is_left_out(cell))
        return {cell.id: cell for cell in texts}

    def names(self, chapter: str) -> list[str]:
        """The names of a chapter's blocks: of its texts, then of its charts and tables."""
        return [*self.cells(chapter), *self._captions.get(chapter, ())]

    def file(self, chapter: str) -> ChapterFile:
        """The file of a chapter's own texts."""
        notebook, cells = self.words.publication.notebook_file(chapter), tuple(self.names(chapter))
        return chapter_file(self.project, self.name, self.language, of=notebook, cells=cells)

    def block(self, chapter: str, cell: str, text: str | None) -> EditedBlock:
        """A block with this text; None stands for the standard text, which every year has."""
        if is_arrangement(cell):
            captions = self._captions[chapter]
            places = [*(node.id for node in self.notebooks[chapter].cells), *captions]
            return read_arrangement_block(
                self.words, cell, text or "", caption=captions[cell], places=places
            )
        node = self.cells(chapter)[cell]
        standard, place = text_of(self.words.publication, chapter, node)
        standard = standard.strip("\n")
        own = text is not None and text.strip() != standard.strip()
        folder = self.texts if own else (self.project.root / place.file).parent
        current = standard if text is None else text
        return read_block(self.words, node, current, standard=standard, own=own, folder=folder)

    def blocks(self, chapter: str) -> list[EditedBlock]:
        """The blocks of a chapter, as they stand now; not the texts that only others have."""
        texts = self.file(chapter).texts()
        blocks = (self.block(chapter, cell, texts.get(cell)) for cell in self.names(chapter))
        return [block for block in blocks if block.absent != "" or block.own]

    def save(self, chapter: str, cell: str, text: str | None, version: str) -> EditedBlock:
        """Write the text of a block into its file; None deletes the edition's own text.

        Raises:
            RefusedError: the text in the file isn't the one with this version any more, or a line
                of the new one would begin another block.
            MachineError: the file can't be written.
        """
        file = self.file(chapter)
        if version_of(self.block(chapter, cell, file.texts().get(cell)).text) != version:
            raise make_error(RefusedError, "changed_block", file.where)
        for opening in find_openings(text or ""):
            raise RefusedError(opening.what, where=file.where, next_step=opening.next_step)
        if text is not None and not text.strip() and (is_arrangement(cell) or chapter == FOREWORD):
            text = None
        file.write({cell: text})
        return self.block(chapter, cell, text)

    def entries(self) -> list[Entry]:
        """Everything that can stand in a text."""
        self._entries = self._entries or list_entries(self.words)
        return self._entries

    def chapters(self) -> Iterator[tuple[str, str, str]]:
        """The name, the title and the state of each chapter: to_mend, changed or unchanged."""
        sentences = [sentence for pair in self.page().changes for sentence in pair]
        changed = {sentence.chapter for sentence in sentences if sentence is not None}
        for name in self.notebooks:
            blocks = self.blocks(name)
            title = self.title(name, blocks)
            state = "changed" if f"chapter-{name}" in changed else "unchanged"
            yield name, title, "to_mend" if any(block.complaints for block in blocks) else state

    def title(self, chapter: str, blocks: Iterable[EditedBlock]) -> str:
        """The title of a chapter, which its first block with a title gives."""
        name = self.words.say(FOREWORD) if chapter == FOREWORD else chapter
        return next((block.title for block in blocks if block.text.startswith("# ")), name)

    def page(self) -> LastPage:
        """The page as it would be published now, or the last one without faults."""
        if self._last.stamps != self._stamps:
            try:
                self._last = self._make_page()
            except HelplineError as error:
                troubles = tuple(_list_complaints(error))
                self._last = replace(self._last, stamps=self._stamps, troubles=troubles)
        return self._last

    def _make_page(self) -> LastPage:
        words = EditionWords(self._publication(self.project))
        review = review_texts([words])
        if review.errors:
            troubles = tuple(line for error in review.errors for line in _list_complaints(error))
            return replace(self._last, stamps=self._stamps, troubles=troubles)
        html = write_page(ChapterReader(words), make_exhibit_files(words))
        path = self.folder / words.publication.folder / PAGE
        before = path.read_text(encoding="utf-8") if path.is_file() else html
        pages = (read_sentences(VERSION.sub("", text)) for text in (before, html))
        changes = tuple(pair_sentences(*pages))
        return LastPage(self._stamps, html, words.publication, review, changes)

    @property
    def approved(self) -> bool:
        """Whether somebody approved the edition that stands."""
        return is_approved(self.folder)

    def require_content(self, content: str) -> None:
        """Refuse texts with faults, and any content but the one that somebody read.

        Raises:
            RefusedError: the texts have faults, or their content changed.
        """
        last = self.page()
        if last.troubles or last.publication is None:
            raise make_error(RefusedError, "faulty_texts")
        if last.publication.content != content:
            raise make_error(RefusedError, "changed_texts")

    def package(self) -> tuple[Path, int]:
        """Make all pages again and pack them; returns the package and its number of files.

        Raises:
            RefusedError: it is of confidential rows, and nobody approved it.
            HelplineError: it can't be made.
        """
        republish(self.project, self.name)
        return pack_edition(self.project, self.name)

    def _publication(self, project: Project) -> Publication:
        released = find_last_release(project, self.name)
        checked = check_parameters(project, self.name, released.ledger.overrides)
        return compose_publication(project, checked, released, self.language)


def version_of(text: str) -> str:
    """A short hash of a text: it shows whether somebody changed the text meanwhile."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _list_complaints(error: HelplineError) -> Iterator[HelplineError]:
    if not isinstance(error, TextError):
        yield error
        return
    for item in error.complaints:
        yield ProseError(item.what, where=error.place.at(item.line), next_step=item.next_step)
