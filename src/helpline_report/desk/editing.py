"""Edit an edition in one language: its blocks, its page, what changed, approval and package."""

import hashlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from helpline_report.audit.edition_differences import Sentence, pair_sentences, read_sentences
from helpline_report.errors import HelplineError, ProseError, RefusedError
from helpline_report.inputs import list_inputs
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER, is_approved
from helpline_report.parameters.yaml import make_error
from helpline_report.preparation import check_parameters
from helpline_report.prose.forms import list_fitting_forms
from helpline_report.prose.markdown import (
    WRITTEN_OUT,
    Complaint,
    Place,
    TextError,
    parse,
    split_placeholder,
)
from helpline_report.prose.nodes import ELSE
from helpline_report.prose.photographs import read_photographs
from helpline_report.prose.rendering import html
from helpline_report.prose.texts import Arrangement, ChapterFile, find_openings, is_arrangement
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import FOREWORD, Writer, list_parameter_forms
from helpline_report.publishing import (
    compose_publication,
    find_last_release,
    pack_edition,
    republish,
)
from helpline_report.report.chapter_steps import append_notes
from helpline_report.report.chapters import (
    ChapterReader,
    TextReview,
    check_arrangement,
    find_lack,
    list_exhibits,
    make_foreword,
    review_texts,
    text_of,
)
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.open_data import make_exhibit_files
from helpline_report.report.own_texts import find_lost_title
from helpline_report.report.page import write_page
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import is_left_out
from helpline_report.steps import digest
from helpline_report.text_files import chapter_file

LONGEST_TITLE = 70
CALLED, HIDDEN = Markup("<p>{}</p>"), Markup("<p><del>{}</del></p>")
# The highest heading of a text stands below that of its block.
HIGHEST = 3
# What the parameters say, by the first part of its name.
GROUPS = {
    **dict.fromkeys(("year", "period"), "year"),
    **dict.fromkeys(("title", "helpline", "publisher", "licence"), "helpline"),
    **dict.fromkeys(("fact", "age", "person_age"), "facts"),
    **dict.fromkeys(("campaign", "event"), "campaigns"),
}


@dataclass(frozen=True)
class Chip:
    """A placeholder in a text: how it is written, what the page says for it, and what that is."""

    source: str
    says: str
    about: str = ""


@dataclass(frozen=True)
class EditedBlock:
    """A block of a chapter, and what comes of its text.

    It is the edition's `own` where it takes the place of the chapter's text. `rendered` is None
    where something is wrong with it: `complaints`. `absent` says why the report is without it, as
    far as anything says it.
    """

    name: str
    title: str
    text: str
    own: bool
    rendered: Markup | None
    chips: tuple[Chip, ...]
    complaints: tuple[Complaint, ...] = ()
    absent: str | None = None


def read_block(
    words: EditionWords, cell: NotebookNode, text: str, *, standard: str, own: bool, folder: Path
) -> EditedBlock:
    """Fill in a block's figures, or find all that is wrong with it; nothing is drawn.

    Its photographs lie in `folder`.
    """
    rendered: Markup | None = None
    complaints, place = [*find_openings(text), *find_lost_title(standard, text)], Place("", cell.id)
    try:
        photographs = read_photographs(parse(text, place), folder, complaints)
        resolved = words.writer.markdown(text, replace(place, photographs=photographs))
        if not complaints:
            levels = [node.level for node in resolved.nodes if node.level]
            shift = HIGHEST - min(levels, default=0)
            nodes = append_notes(cell.id, resolved.nodes)
            back = words.writer.idiom.say("notes.back")
            rendered = html(nodes, shift=shift, prefix=cell.id, back=back)
    except TextError as error:
        complaints += error.complaints
    chips = _list_chips(words, text)
    says = {chip.source: chip.says for chip in chips}
    lines = (line.lstrip("#>*- ").strip() for line in text.splitlines())
    title = WRITTEN_OUT.sub(lambda match: says[match[0]], next(filter(None, lines), ""))
    title = textwrap.shorten(title, LONGEST_TITLE, placeholder=" …")
    listed = tuple(dict.fromkeys(chip for chip in chips if chip.says))
    absent, unlike = find_lack(cell, words), tuple(dict.fromkeys(complaints))
    return EditedBlock(cell.id, title, text, own, rendered, listed, unlike, absent)


def read_arrangement_block(
    words: EditionWords, name: str, text: str, *, caption: str, places: Sequence[str]
) -> EditedBlock:
    """A block about a chart or table: what this is called then, struck out where it is hidden.

    `caption` is what it is called otherwise, `places` what stands in its chapter.
    """
    own, arrangement, complaints = bool(text.strip()), Arrangement(), list[Complaint]()
    if own:
        arrangement, complaints = check_arrangement(words, text, places, Place("", name))
    line = HIDDEN if arrangement.hide else CALLED
    rendered = None if complaints else line.format(arrangement.title or caption)
    return EditedBlock(name, caption, text, own, rendered, (), tuple(complaints))


def _list_chips(words: EditionWords, text: str) -> list[Chip]:
    """The placeholders of a text, each as often as it stands there."""
    writer, chips = words.writer, []
    for match in WRITTEN_OUT.finditer(text):
        placeholder, says, about = split_placeholder(match["inside"]), "", ""
        if placeholder is not None and placeholder[0] != ELSE:
            name, form = placeholder
            figure = writer.ledger.figures.get(name)
            about = writer.definition(figure) if figure else name
            try:
                says = writer.value(name, form)
            except Unavailable as error:
                says = f"({writer.reason(error.reason)})"
            except ProseError:
                says = "?"
        chips.append(Chip(match[0], says, about))
    return chips


def offers_of(words: EditionWords, complaint: Complaint) -> list[Chip]:
    """The figures that a message names in place of what is typed, each that it says once."""
    chips = _list_chips(words, complaint.what)
    return [*{(chip.says, chip.about): chip for chip in chips if chip.about}.values()]


def say_plainly(wrong: Complaint | HelplineError, phrases: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do, in the words of who edits, or else in those of the message.

    `complaints` of the phrases are patterns of messages (`if`), each with what is said instead
    (`say`) and what to do (`do`), in which `{0}` is the first group.
    """
    for complaint in phrases["complaints"]:
        match = re.fullmatch(complaint["if"], wrong.what, re.DOTALL)
        if match:
            groups = [group or "" for group in match.groups()]
            return complaint["say"].format(*groups), complaint["do"].format(*groups)
    return wrong.what, wrong.next_step


@dataclass(frozen=True)
class Entry:
    """One name: what it is, and by what one writes in a text, what the page says there.

    `group` is the chapter that counts it, or a kind of parameters. `missing` says why there are no
    phrases.
    """

    name: str
    group: str
    definition: str
    phrases: Mapping[str, str]
    missing: str = ""


def list_entries(words: EditionWords) -> list[Entry]:
    """Every name: what the parameters say, then figures in the order of the report."""
    writer, publication = words.writer, words.publication
    parameters = [
        _make_entry(writer, name, GROUPS[name.partition(".")[0]], "", forms)
        for name, forms in list_parameter_forms(writer).items()
    ]
    figures = [
        _make_entry(writer, name, chapter, writer.definition(figure), list_fitting_forms(figure))
        for chapter in publication.notebooks
        for name, figure in publication.ledger.figures.items()
        if publication.origins.get(name, ("", ""))[0] == chapter
    ]
    return [*parameters, *figures]


def find_entries(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries that hold every word of a query; those first of which a phrase is the query."""
    words, asked = query.casefold().split(), query.casefold().strip()
    matching = list[tuple[bool, Entry]]()
    for entry in entries:
        phrases = [text.casefold() for text in entry.phrases.values()]
        text = " ".join((entry.name, entry.definition, *phrases)).casefold()
        if all(word in text for word in words):
            matching.append((asked not in phrases, entry))
    return [entry for _, entry in sorted(matching, key=lambda item: item[0])]


def _make_entry(
    writer: Writer, name: str, group: str, definition: str, forms: Sequence[str]
) -> Entry:
    """A name by each form that says something new, of those for which the figure keeps enough."""
    phrases: dict[str, str] = {}
    for form in (None, *forms):
        try:
            written, says = f"{name} | {form}" if form else name, writer.value(name, form)
        except ProseError:
            continue
        except Unavailable as error:
            return Entry(name, group, definition, {}, missing=writer.reason(error.reason))
        if says not in phrases.values():
            phrases[f"{{{{ {written} }}}}"] = says
    return Entry(name, group, definition, phrases)


# The edition

PAGE = "index.html"
# The version of an edition as a page shows it: it changes with any text, and is no change itself.
VERSION = re.compile(r"\b[0-9a-f]{12}\b")

# For each file, by its name, a value that changes with its content.
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
        files = [file.name for file in make_exhibit_files(words)]
        html = write_page(ChapterReader(words), files).text
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
