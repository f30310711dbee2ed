"""Read a released notebook as what its chapter shows, in the order of its cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from nbformat.v4 import new_notebook

from helpline_report.errors import ChapterError, ProseError, nearest
from helpline_report.figures.ledger import Reference
from helpline_report.figures.model import Reason
from helpline_report.parameters.row_layouts import DERIVED, SOURCE_FIELDS
from helpline_report.parameters.yaml import make_error
from helpline_report.prose.markdown import Complaint, Exemption, Place, TextError, join_errors
from helpline_report.prose.nodes import Element, plain, values
from helpline_report.prose.texts import Arrangement, is_arrangement, read_arrangement
from helpline_report.prose.writer import FOREWORD, Claim, Dropped, Resolved
from helpline_report.report import chapter_steps
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.parts import Parts
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import is_left_out, only_prepares
from helpline_report.report.views import (
    ChapterPart,
    ChapterView,
    ChartView,
    HighlightsView,
    Left,
    Prose,
)
from helpline_report.run.notebooks import TAG_COVER, TAG_FINDING, TAG_FOLDED, read_tags

# The beginnings of the tags of a cell. If what it `needs:` is missing, a line says so in its place.
# If what it names after `when:` is missing, or after `unless:` is there, it is left out silently.
NEEDS, WHEN, UNLESS = "needs", "when", "unless"
# What an edition may have beside its tables and fields, and the test of whether it has it.
OTHERS: Mapping[str, Callable[[Publication], bool]] = {
    "campaigns": lambda page: bool(page.edition.campaigns),
    "trend": lambda page: page.ledger.trend is not None,
    "printed": lambda page: bool(page.reconciled or page.claims),
    "closed_days": lambda page: (
        page.edition.calendar.open_days(page.edition.period) < page.edition.period.days
    ),
    "persons_per_contact": lambda page: any(
        figure.numerator != figure.denominator
        for figure in page.ledger.figures.values()
        if figure.kind == "mean" and figure.exposure and figure.exposure.unit == "contact"
    ),
}
TABLES = ("contacts", "persons", "followups", "traffic")

TITLE_STEP = "a title is words alone: what a chart shows, its figures say"


class ChapterReader:
    """Reads chapters of one publication; each is resolved once, for HTML and PDF alike.

    `cover` are the headline figures of the first chapter that has any, and `lead` the sentence of
    the cell tagged `cover`, where it lacks nothing. They stand before the chapters, and not again
    in theirs. Neither these nor a chapter's opening sentence speak of an artefact.
    The texts read so far give `exemptions`, passages that a source vouches for; `left_out`, blocks
    whose figure has no value; and `hidden`, the charts that the texts leave out.
    """

    def __init__(self, words: EditionWords) -> None:
        self.publication = words.publication
        self.words = words
        self.parts = Parts(words)
        self.exemptions: list[Exemption] = []
        self.left_out: list[Dropped] = []
        self.hidden: list[ChartView] = []
        self._read: dict[str, ChapterView] = {}
        self.lead = self._find_headline(self.publication.notebooks, TAG_COVER)
        if self.lead:
            nodes = chapter_steps.append_notes("lead", self.lead.nodes)
            self.lead = replace(self.lead, nodes=nodes)
        references = words.ledger.references
        highlights = [reference for reference in references if reference.kind == "highlights"]
        views = self.parts.of(highlights[0]) if highlights else ()
        covers = (view for view in views if isinstance(view, HighlightsView))
        self.cover: HighlightsView | None = next(covers, None)

    def _find_headline(self, notebooks: Mapping[str, NotebookNode], tag: str) -> Prose | None:
        """The first text that can stand with a title: tagged so, whole, and of no artefact.

        One that lacks something is passed over: the chapter says below what is missing.
        """
        ledger = self.words.ledger
        for name, node in notebooks.items():
            for cell in node.cells:
                if not _is_text(cell, tag) or find_lack(cell, self.words) is not None:
                    continue
                resolved = self.words.writer.markdown(*text_of(self.publication, name, cell))
                names = {value.figure or value.about for value in values(resolved.nodes)}
                figures = [ledger.figures[figure] for figure in names if figure in ledger.figures]
                is_whole = resolved.nodes and not resolved.dropped
                if is_whole and not any(map(ledger.is_artefact, figures)):
                    nodes = self._note_nodes(resolved)
                    return Prose(nodes, finding=tag == TAG_FINDING, cell=f"{name}/{cell.id}")
        return None

    def read(self, name: str, node: NotebookNode) -> ChapterView:
        """What a chapter's released notebook shows.

        Raises:
            ProseError: a text is refused.
            ChapterError: an output is no record of something released.
        """
        if name in self._read:
            return self._read[name]
        arrangements, errors, _ = _check_arrangements(self.words, name, node)
        if errors:
            raise join_errors(errors)
        parts, hidden = chapter_steps.arrange(list(self._list_parts(name, node)), arrangements)
        self.hidden += hidden
        parts = chapter_steps.merge_lines(part for part in parts if part.view != self.cover)
        without_title = self.words.say("foreword") if name == FOREWORD else name
        title, parts = chapter_steps.take_title(parts, without_title)
        parts = chapter_steps.put_behind_charts(parts)
        if finding := self._find_headline({name: node}, TAG_FINDING):
            parts.insert(0, ChapterPart(TAG_FINDING, finding))
        parts = chapter_steps.number_notes(name, chapter_steps.level_headings(parts))
        parts = chapter_steps.share_notes(name, parts, self.words)
        self._read[name] = ChapterView(name, title, tuple(parts))
        return self._read[name]

    def _note_nodes(self, resolved: Resolved) -> tuple[Element, ...]:
        """The nodes of a text that is shown; its dropped blocks and exemptions are noted."""
        self.exemptions += resolved.exemptions
        self.left_out += resolved.dropped
        return resolved.nodes

    def _list_parts(self, name: str, node: NotebookNode) -> Iterator[ChapterPart]:
        for cell in node.cells:
            if _is_text(cell, TAG_COVER) or _is_text(cell, TAG_FINDING) or is_left_out(cell):
                continue
            line = find_lack(cell, self.words)
            if line is not None:
                if line and (cell.cell_type == "markdown" or not only_prepares(cell.source)):
                    yield ChapterPart(cell.id, Left(line, f"cell={cell.id}"))
            elif cell.cell_type == "markdown":
                text = self.words.writer.markdown(*text_of(self.publication, name, cell))
                nodes = self._note_nodes(text)
                has_heading = bool(nodes) and nodes[0].kind == "heading"
                prose = Prose(nodes, folded=has_heading and _is_text(cell, TAG_FOLDED))
                yield ChapterPart(cell.id, prose)
            else:
                for reference in self.publication.record_of(name, cell.id).shows:
                    yield from (ChapterPart(cell.id, view) for view in self.parts.of(reference))


def find_lack(cell: NotebookNode, words: EditionWords) -> str | None:
    """The line in the place of a cell that is left out; None if the cell stays.

    The line is empty if the cell is left out silently: because of its `when:` or `unless:`, or
    because it needs what the parameters don't state, such as a fact, which no reader misses.

    Raises:
        ChapterError: it needs what no source gives.
    """
    tags: Iterable[str] = cell.get("metadata", {}).get("tags", [])
    missing: list[str] = []
    for tag in tags:
        prefix, _, needs = tag.partition(":")
        if prefix not in (NEEDS, WHEN, UNLESS):
            continue
        try:
            # Several needs are joined by a plus.
            lines = [_describe_missing(need, words) for need in needs.split("+")]
        except ChapterError as error:
            where = f"cell '{cell.id}', the tag '{tag}'"
            raise ChapterError(error.what, where=where, next_step=error.next_step) from None
        lacks = [line for line in lines if line is not None]
        if (prefix == WHEN and lacks) or (prefix == UNLESS and not lacks):
            return ""
        if prefix == NEEDS:
            missing += lacks
    return missing[0] if missing else None


def _describe_missing(need: str, words: EditionWords) -> str | None:
    """The line that says that something is missing, perhaps empty; None if it is there."""
    publication = words.publication
    kind, _, name = need.partition(".")
    if kind in ("fact", "groups"):
        named = publication.edition.facts if kind == "fact" else publication.edition.groups
        return None if name in named else ""
    if need in OTHERS:
        return None if OTHERS[need](publication) else ""
    field, equals, code = need.partition("=")
    reason = _find_reason(field, publication)
    if reason is None and equals and not _has_code(field, code, publication):
        reason = Reason(code="not_registered", about=field)
    return None if reason is None else words.writer.note(reason)


def _has_code(field: str, code: str, publication: Publication) -> bool:
    """Whether a breakdown of the ledger has a code of a field, or one of the codes below it."""
    codelist, ledger = publication.codelists.get(field), publication.ledger
    if codelist is None or code not in codelist.by_code:
        close = nearest(code, list(codelist.by_code) if codelist else [])
        raise ChapterError(f"'{field}' has no code '{code}'{close}")
    for breakdown in ledger.breakdowns.values():
        if field in breakdown.by:
            place = breakdown.by.index(field)
            codes = {member.codes[place] for member in breakdown.members}
            if not codes.isdisjoint(codelist.expand(code)):
                return True
    return False


def _find_reason(need: str, publication: Publication) -> Reason | None:
    """Why a source doesn't give a table or a field: `persons`, `channel`, `persons.gender`.

    A misspelt name is an error: otherwise each report would leave the cell out, and blame the
    source.
    """
    ledger = publication.ledger
    if need == "previous":
        return None if publication.comparison else Reason(code="no_comparison")
    if need in TABLES:
        return None if need in ledger.fields else Reason(code="no_source", about=need)
    table, _, field = need.rpartition(".")
    tables = [ledger.fields.get(table, ())] if table else ledger.fields.values()
    fields = {name for names in tables for name in names}
    if field in fields or SOURCE_FIELDS.get(field) in fields:
        return None
    known = [*TABLES, "previous", *OTHERS, *DERIVED, *publication.codelists]
    if field not in known or (table and table not in TABLES):
        hint, others = nearest(field, known), ", ".join(map(repr, OTHERS))
        raise make_error(ChapterError, "needs_nothing", name=need, hint=hint, others=others)
    return Reason(code="no_field", about=field)


def list_chapters(publication: Publication) -> dict[str, NotebookNode]:
    """The chapters of the report by name: the notebooks', behind the edition's own foreword."""
    first = {FOREWORD: make_foreword()} if publication.texts_of(FOREWORD) else {}
    return {**first, **publication.notebooks}


def make_foreword() -> NotebookNode:
    """A foreword, as the chapter of one empty text that no notebook computes."""
    cell = {"id": FOREWORD, "cell_type": "markdown", "metadata": {}, "source": ""}
    chapter: NotebookNode = new_notebook(cells=[from_dict(cell)])
    return chapter


def text_of(publication: Publication, name: str, cell: NotebookNode) -> tuple[str, Place]:
    """The text of a chapter's cell, that of a file or the notebook's own, and where it stands."""
    text = publication.texts_of(name).get(cell.id)
    if text is None:
        return cell.source, Place(publication.notebook_file(name), cell.id)
    return text.markdown, Place(text.file, cell.id, text.line, text.photographs)


def _is_text(cell: NotebookNode, tag: str) -> bool:
    return cell.cell_type == "markdown" and tag in read_tags(cell)


@dataclass
class TextReview:
    """What is wrong with each text that is refused, and what of the others is to be approved.

    What a function of the project's own writes into a chart is held to nothing.
    """

    errors: list[ProseError] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    exemptions: list[Exemption] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    own_charts: list[str] = field(default_factory=list)


def review_texts(languages: Iterable[EditionWords]) -> TextReview:
    """Review every text of publications, in the order of the report; nothing is drawn."""
    review = TextReview()
    for words in languages:
        charts = [chart for chart in words.ledger.charts.values() if chart.kind == "own"]
        review.own_charts = [f"chart {chart.id}: {chart.function}" for chart in charts]
        for name, node in list_chapters(words.publication).items():
            _, errors, changes = _check_arrangements(words, name, node)
            review.errors += errors
            review.changes += changes
            for cell in node.cells:
                if cell.cell_type != "markdown" or find_lack(cell, words) is not None:
                    continue
                try:
                    text = words.writer.markdown(*text_of(words.publication, name, cell))
                except ProseError as error:
                    review.errors.append(error)
                else:
                    review.claims += [replace(claim, chapter=name) for claim in text.claims]
                    review.exemptions += text.exemptions
    return review


# What the texts of a chapter say of its charts and tables


def list_exhibits(words: EditionWords, chapter: str) -> dict[str, Reference]:
    """What a chapter shows beside its texts, by the names of the blocks that are about it."""
    return {
        f"{reference.kind} {reference.id}": reference
        for record in words.ledger.chapters
        if record.name == chapter
        for cell in record.cells
        for reference in cell.shows
    }


def check_arrangement(
    words: EditionWords, text: str, places: Sequence[str], place: Place
) -> tuple[Arrangement, list[Complaint]]:
    """What the block at a place says of a chart or table, and what is wrong with it.

    `places` are the names of all that stands in the chapter: its cells, charts and tables.
    """
    name = place.cell
    arrangement, complaints = read_arrangement(text)
    if name not in places:
        arranged = [other for other in places if is_arrangement(other)]
        listed = f"its charts and tables are: {', '.join(arranged)}"
        what = f"the chapter shows no {name}{nearest(name, arranged)}"
        complaints.append(Complaint(-1, what, listed))
    others = [other for other in places if other != name]
    if arrangement.after and arrangement.after not in others:
        what = f"there is no '{arrangement.after}'{nearest(arrangement.after, others)}"
        complaints.append(Complaint(0, what, "name a cell, a chart or a table of the chapter"))
    if arrangement.title:
        try:
            resolved = words.writer.markdown(arrangement.title, place)
            if any(values(resolved.nodes)) or resolved.dropped:
                complaints.append(Complaint(0, "a figure in a title", TITLE_STEP))
            arrangement = replace(arrangement, title=plain(resolved.nodes))
        except TextError as error:
            complaints += error.complaints
    return arrangement, complaints


def _check_arrangements(
    words: EditionWords, chapter: str, node: NotebookNode
) -> tuple[dict[str, Arrangement], list[ProseError], list[str]]:
    """What the texts of a chapter say of its charts and tables, by their names.

    Also what is wrong, and what the texts change, for who approves; each with its place.
    """
    arrangements: dict[str, Arrangement] = {}
    errors: list[ProseError] = []
    changes = []
    places = [*(cell.id for cell in node.cells), *list_exhibits(words, chapter)]
    for name, text in words.publication.texts_of(chapter).items():
        if not is_arrangement(name):
            continue
        place = Place(text.file, name, text.line)
        arrangement, complaints = check_arrangement(words, text.markdown, places, place)
        if complaints:
            errors.append(TextError(complaints, place))
            continue
        arrangements[name] = arrangement
        title = f"called '{arrangement.title}'" if arrangement.title else ""
        moved = f"moved behind '{arrangement.after}'" if arrangement.after else ""
        change = ", ".join(filter(None, (title, moved)))
        if arrangement.hide:
            change = "hidden; it stays in the data files and the audit"
        changes.append(f"{place.at(-1)}: {change}")
    return arrangements, errors, changes
