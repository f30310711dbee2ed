"""From a notebook to what its chapter shows, in the order of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from nbformat import NotebookNode

from helpline_report.errors import ProseError, nearest
from helpline_report.prose.nodes import Heading, plain
from helpline_report.prose.place import Exemption, Place
from helpline_report.report.front import cover_highlights
from helpline_report.report.headings import consecutive
from helpline_report.report.needs import lacks
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication, Texts
from helpline_report.report.released_notebooks import is_left_out, records_of
from helpline_report.report.views import (
    Chapter,
    ChapterPart,
    HighlightsView,
    Left,
    Prose,
    View,
)
from helpline_report.report.words import EditionWords

COVER, FINDING = "cover", "finding"


class ChapterReader:
    """Reads chapters of one publication; each is resolved once, for HTML and PDF alike.

    `cover` are the headline figures and `lead` the sentence of the cell tagged `cover`: they stand
    before the chapters, and not again in theirs.
    `exemptions` are the passages of the texts read so far that stand on a source's word.
    """

    def __init__(
        self, publication: Publication, words: EditionWords, parts: Parts | None = None
    ) -> None:
        self.publication = publication
        self.words = words
        self.parts = parts or Parts(publication, words)
        self.exemptions: list[Exemption] = []
        self._read: dict[str, Chapter] = {}
        self.lead: Prose | None = self._lead()
        self.cover: HighlightsView | None = cover_highlights(publication, self.parts)

    def _lead(self) -> Prose | None:
        """What the year was, in a sentence: the text of the first cell that is tagged `cover`."""
        for name, node in self.publication.notebooks.items():
            for cell in filter(_is_lead, node.cells):
                if lacks(cell, self.publication, self.words) is None:
                    return self._prose(name, cell)
        return None

    def read(self, name: str, node: NotebookNode) -> Chapter:
        """What a chapter's released notebook shows.

        Raises:
            ProseError: a text is refused, or stands for a cell that there isn't.
            ChapterError: an output is no record of something released.
        """
        if name not in self._read:
            self._check_texts(name, node, self.publication.texts.get(name, {}))
            parts = merged(part for part in self._parts(name, node) if part.view != self.cover)
            title, parts = _title(parts, name)
            parts = consecutive([*self._finding(name, node), *parts])
            self._read[name] = Chapter(name, title, tuple(parts))
        return self._read[name]

    def _finding(self, name: str, node: NotebookNode) -> list[ChapterPart]:
        """The text of the first cell tagged `finding` whose figures all have a value.

        One that lacks something is passed over in silence: the chapter says below what is missing.
        """
        for cell in node.cells:
            if _is_tagged(cell, FINDING) and lacks(cell, self.publication, self.words) is None:
                text, place = text_of(self.publication, name, cell)
                resolved = self.words.writer.markdown(text, place)
                if resolved.nodes and not resolved.dropped:
                    self.exemptions += resolved.exemptions
                    return [ChapterPart(cell.id, Prose(resolved.nodes, finding=True))]
        return []

    def _check_texts(self, name: str, node: NotebookNode, texts: Texts) -> None:
        known = [cell.id for cell in node.cells if cell.cell_type == "markdown"]
        for cell, (_, line) in texts.items():
            if cell not in known:
                raise ProseError(
                    f"the chapter has no text cell '{cell}'{nearest(cell, known)}",
                    where=f"{_text_file(self.publication, name)}, line {line}",
                )

    def _prose(self, name: str, cell: NotebookNode) -> Prose:
        text, place = text_of(self.publication, name, cell)
        resolved = self.words.writer.markdown(text, place)
        self.exemptions += resolved.exemptions
        return Prose(resolved.nodes)

    def _parts(self, name: str, node: NotebookNode) -> Iterator[ChapterPart]:
        file = notebook_file(self.publication, name)
        for cell in node.cells:
            if _is_lead(cell) or _is_tagged(cell, FINDING) or is_left_out(cell):
                continue
            records = list(records_of(cell, file))
            line = lacks(cell, self.publication, self.words)
            if line is not None:
                if line and (cell.cell_type == "markdown" or records):
                    yield ChapterPart(cell.id, Left(line))
            elif cell.cell_type == "markdown":
                yield ChapterPart(cell.id, self._prose(name, cell))
            else:
                for record in records:
                    if record.shows is not None:
                        for view in self.parts.of(record.shows):
                            yield ChapterPart(cell.id, view)


def text_of(publication: Publication, name: str, cell: NotebookNode) -> tuple[str, Place]:
    """The text of a chapter's cell, the edition's own or the notebook's, and where it stands."""
    text, line = publication.texts.get(name, {}).get(cell.id, (cell.source, 0))
    own = Place(_text_file(publication, name), cell.id, line)
    return text, own if line else Place(notebook_file(publication, name), cell.id)


def refused_texts(publication: Publication, words: EditionWords) -> list[ProseError]:
    """What is wrong with each text that is refused, in the order of the report."""
    found = []
    for name, node in publication.notebooks.items():
        for cell in node.cells:
            if cell.cell_type == "markdown" and lacks(cell, publication, words) is None:
                try:
                    words.writer.markdown(*text_of(publication, name, cell))
                except ProseError as error:
                    found.append(error)
    return found


def _text_file(publication: Publication, name: str) -> str:
    return f"params/{publication.edition.edition}/{publication.language}/{name}.md"


def notebook_file(publication: Publication, name: str) -> str:
    """How messages name the file of a chapter."""
    return f"notebooks/{publication.files.get(name, name)}"


def _is_lead(cell: NotebookNode) -> bool:
    return _is_tagged(cell, COVER)


def _is_tagged(cell: NotebookNode, tag: str) -> bool:
    return cell.cell_type == "markdown" and tag in cell.metadata.get("tags", [])


def merged(parts: Iterable[ChapterPart]) -> list[ChapterPart]:
    """The parts with each line about what is left out once, where it stands first.

    A heading whose only line was said before would stand over nothing: its line is said again.
    """
    once: list[ChapterPart] = []
    before: list[View] = []
    for part in parts:
        again = isinstance(part.view, Left) and part.view in before
        last = once[-1].view if once else None
        bare = isinstance(last, Prose) and _ends_in_heading(last)
        if not again or (bare and last != part.view):
            once.append(part)
        before.append(part.view)
    return once


def _ends_in_heading(text: Prose) -> bool:
    return bool(text.nodes) and isinstance(text.nodes[-1], Heading)


def _title(parts: list[ChapterPart], name: str) -> tuple[str, list[ChapterPart]]:
    """The chapter's title, taken out of its first text."""
    for place, part in enumerate(parts):
        if isinstance(part.view, Prose) and part.view.nodes:
            first = part.view.nodes[0]
            if isinstance(first, Heading) and first.level == 1:
                rest = replace(part, view=Prose(part.view.nodes[1:]))
                return plain(first.children), [*parts[:place], rest, *parts[place + 1 :]]
    return name, parts
