"""From a released notebook to what its chapter shows, in the order of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nbformat import NotebookNode

from helpline_report.errors import ChapterError, ProseError, nearest
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Reason
from helpline_report.prose.markdown import Exemption, Place
from helpline_report.prose.nodes import Element, plain
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.front import cover_highlights
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication, Texts
from helpline_report.report.released_notebooks import is_left_out, records_of
from helpline_report.report.views import (
    CampaignView,
    Chapter,
    ChapterPart,
    ChartView,
    HighlightsView,
    Left,
    Prose,
    TableView,
    View,
)

PREFIX = "needs:"
FACT = "fact."
TABLES = ("contacts", "persons", "followups", "traffic")

# Fields without a code list, and those that are derived from what a source gives.
FIELDS = ("date", "hour", "age")
DERIVED = {"month": "date", "weekday": "date", "age_class": "age"}


def needs(cell: NotebookNode) -> list[str]:
    """What the tags of a cell say that it needs, in their order."""
    tags: Iterable[str] = cell.get("metadata", {}).get("tags", [])
    return [tag.removeprefix(PREFIX) for tag in tags if tag.startswith(PREFIX)]


def lacks(cell: NotebookNode, publication: Publication, words: EditionWords) -> str | None:
    """The line that stands for a cell which needs what isn't there; None where nothing lacks.

    A cell about a fact that the parameters don't state, or about other years where they name none,
    is left out without a line: a reader misses nothing. Its line is empty.
    """
    for need in needs(cell):
        if need.startswith(FACT):
            if need.removeprefix(FACT) not in publication.edition.facts:
                return ""
        elif need == "trend":
            if publication.ledger.trend is None:
                return ""
        elif need == "campaigns":
            if not publication.edition.campaigns:
                return words.say("campaign.none")
        elif (reason := _reason(need, publication)) is not None:
            return words.writer.note(reason)
    return None


def _reason(need: str, publication: Publication) -> Reason | None:
    if need == "previous":
        return None if publication.comparison else Reason(code="no_comparison")
    if need in TABLES:
        given = publication.ledger.table_available(need)
        return None if given else Reason(code="no_source", about=need)
    if _has_field(need, publication.ledger):
        return None
    _refuse_unknown(need, publication)
    return Reason(code="no_field", about=need.rpartition(".")[2])


def _refuse_unknown(need: str, publication: Publication) -> None:
    """A misspelt need would leave its cell out of every report, and say that the source lacks it.

    Raises:
        ChapterError: there is no such table and no such field.
    """
    known = [*TABLES, "previous", "campaigns", "trend", *FIELDS, *DERIVED, *publication.codelists]
    table, _, field = need.rpartition(".")
    if field not in known or (table and table not in TABLES):
        raise ChapterError(
            f"the tag '{PREFIX}{need}' names nothing that a source gives{nearest(field, known)}",
            next_step="name a table, a field, 'previous', 'campaigns', 'trend', or 'fact.…'",
        )


def _has_field(need: str, ledger: Ledger) -> bool:
    """`channel`, in whichever table; or `persons.gender`, in that one."""
    table, _, field = need.rpartition(".")
    tables = [ledger.fields.get(table, ())] if table else ledger.fields.values()
    given = [name for names in tables for name in names]
    return field in given or DERIVED.get(field) in given


# A chapter's own heading is level 1; a campaign's name is a heading of level 2.
CHAPTER = 1
CAMPAIGN = 2


def consecutive(parts: Sequence[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter with headings that skip no level, as readers and PDF/UA ask.

    Notebooks are put together of cells, and one may be left out: `###` can then follow `#`.
    """
    level = CHAPTER
    lifted: list[ChapterPart] = []
    for part in parts:
        if isinstance(part.view, Prose):
            nodes, level = _lifted(part.view.nodes, level)
            lifted.append(replace(part, view=replace(part.view, nodes=nodes)))
        else:
            level = CAMPAIGN if isinstance(part.view, CampaignView) else level
            lifted.append(part)
    return lifted


def _lifted(nodes: tuple[Element, ...], level: int) -> tuple[tuple[Element, ...], int]:
    kept: list[Element] = []
    for node in nodes:
        if node.kind == "heading":
            level = min(node.level, level + 1)
            kept.append(replace(node, level=level))
        else:
            kept.append(node)
    return tuple(kept), level


# From this height on, as a part of its width, a chart finds no room below the text of its section.
TALL = 0.9


def in_book_order(views: Sequence[View]) -> tuple[View, ...]:
    """The views of a chapter, a chart as high as a page behind the table that follows it.

    The page that its text stands on is then filled with rows; else most of it would be empty.
    """
    ordered = list(views)
    for at in range(len(ordered) - 1):
        one, other = ordered[at], ordered[at + 1]
        if isinstance(one, ChartView) and is_tall(one) and isinstance(other, TableView):
            ordered[at], ordered[at + 1] = other, one
    return tuple(ordered)


def is_tall(chart: ChartView) -> bool:
    """Whether a chart, on paper, takes most of a page."""
    return chart.paper.height > TALL * chart.paper.width


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
    return bool(text.nodes) and text.nodes[-1].kind == "heading"


def _title(parts: list[ChapterPart], name: str) -> tuple[str, list[ChapterPart]]:
    """The chapter's title, taken out of its first text."""
    for place, part in enumerate(parts):
        if isinstance(part.view, Prose) and part.view.nodes:
            first = part.view.nodes[0]
            if first.kind == "heading" and first.level == 1:
                rest = replace(part, view=Prose(part.view.nodes[1:]))
                return plain(first.children), [*parts[:place], rest, *parts[place + 1 :]]
    return name, parts
