"""From a notebook to what its chapter shows, in the order of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy

from nbformat import NotebookNode, from_dict
from pydantic import ValidationError

from helpline_report.errors import ChapterError, ProseError, nearest
from helpline_report.figures.ledger import RECORD_MIME, Reference
from helpline_report.prose.nodes import Heading, plain
from helpline_report.prose.place import Exemption, Place
from helpline_report.report.front import cover_highlights
from helpline_report.report.headings import consecutive
from helpline_report.report.needs import lacks
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication, Texts
from helpline_report.report.views import Chapter, HighlightsView, Left, Prose, View
from helpline_report.report.words import EditionWords


def with_references(publication: Publication, name: str) -> NotebookNode:
    """A chapter's notebook with what the ledger says each cell shows as that cell's outputs."""
    node = deepcopy(publication.notebooks[name])
    shown: Mapping[str, tuple[Reference, ...]] = {
        cell.id: cell.shows
        for chapter in publication.ledger.chapters
        if chapter.name == name
        for cell in chapter.cells
    }
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                from_dict(
                    {
                        "output_type": "display_data",
                        "metadata": {},
                        "data": {RECORD_MIME: {"shows": item.model_dump(mode="json")}},
                    }
                )
                for item in shown.get(cell.id, ())
            ]
    return node


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
        """What a chapter's notebook shows.

        Raises:
            ProseError: a text is refused, or stands for a cell that there isn't.
            ChapterError: a cell left something that is no reference.
        """
        if name not in self._read:
            texts = self.publication.texts.get(name, {})
            self._check_texts(name, node, texts)
            shown = (view for view in self._views(name, node) if view != self.cover)
            views = merged(shown)
            title, views = _title(views, name)
            views = [*self._finding(name, node), *views]
            self._read[name] = Chapter(name, title, tuple(consecutive(views)))
        return self._read[name]

    def _finding(self, name: str, node: NotebookNode) -> list[View]:
        """The text of the first cell tagged `finding` whose figures all have a value.

        One that lacks something is passed over in silence: the chapter says below what is missing.
        """
        for cell in node.cells:
            if _is_tagged(cell, FINDING) and lacks(cell, self.publication, self.words) is None:
                text, place = text_of(self.publication, name, cell)
                resolved = self.words.writer.markdown(text, place)
                if resolved.nodes and not resolved.dropped:
                    self.exemptions += resolved.exemptions
                    return [Prose(resolved.nodes, finding=True)]
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

    def _views(self, name: str, node: NotebookNode) -> Iterator[View]:
        file = _notebook_file(self.publication, name)
        for cell in node.cells:
            if _is_lead(cell) or _is_tagged(cell, FINDING):
                continue
            line = lacks(cell, self.publication, self.words)
            shows = cell.cell_type == "markdown" or bool(cell.get("outputs"))
            if line is not None:
                if line and shows:
                    yield Left(line)
            elif cell.cell_type == "markdown":
                yield self._prose(name, cell)
            elif cell.cell_type == "code":
                for reference in references(cell, file):
                    yield from self.parts.of(reference)


def text_of(publication: Publication, name: str, cell: NotebookNode) -> tuple[str, Place]:
    """The text of a chapter's cell, the edition's own or the notebook's, and where it stands."""
    text, line = publication.texts.get(name, {}).get(cell.id, (cell.source, 0))
    own = Place(_text_file(publication, name), cell.id, line)
    return text, own if line else Place(_notebook_file(publication, name), cell.id)


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


def _notebook_file(publication: Publication, name: str) -> str:
    return f"notebooks/{publication.files.get(name, name)}"


def _is_lead(cell: NotebookNode) -> bool:
    return _is_tagged(cell, COVER)


def _is_tagged(cell: NotebookNode, tag: str) -> bool:
    return cell.cell_type == "markdown" and tag in cell.metadata.get("tags", [])


def references(cell: NotebookNode, file: str) -> Iterator[Reference]:
    """What the outputs of a cell refer to.

    Raises:
        ChapterError: an output is no reference; names the cell, never what is in it.
    """
    for output in cell.get("outputs", []):
        data = output.get("data", {}) if output.output_type == "display_data" else {}
        if set(data) != {RECORD_MIME}:
            what = f"an output of kind '{output.output_type}' is no reference to a figure"
            raise ChapterError(what, where=f"{file}, cell '{cell.id}'")
        record = data[RECORD_MIME]
        shows = record.get("shows") if "kind" not in record else record
        if shows:
            try:
                yield Reference.model_validate(shows)
            except ValidationError:
                what = "an output refers to nothing that a page can show"
                raise ChapterError(what, where=f"{file}, cell '{cell.id}'") from None


def merged(views: Iterator[View]) -> list[View]:
    """The views with each line about what is left out once, where it stands first.

    A heading whose only line was said before would stand over nothing: its line is said again.
    """
    kept: list[View] = []
    before: list[View] = []
    for view in views:
        again = isinstance(view, Left) and view in before
        bare = bool(kept) and isinstance(kept[-1], Prose) and _ends_in_heading(kept[-1])
        if not again or (bare and kept[-1] != view):
            kept.append(view)
        before.append(view)
    return kept


def _ends_in_heading(text: Prose) -> bool:
    return bool(text.nodes) and isinstance(text.nodes[-1], Heading)


def _title(views: list[View], name: str) -> tuple[str, list[View]]:
    """The chapter's title, taken out of its first text."""
    for place, view in enumerate(views):
        if isinstance(view, Prose):
            first = view.nodes[0] if view.nodes else None
            if isinstance(first, Heading) and first.level == 1:
                rest = Prose(view.nodes[1:])
                return plain(first.children), [*views[:place], rest, *views[place + 1 :]]
    return name, views
