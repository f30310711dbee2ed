"""Describe the parts of a chapter as nodes: texts, charts, tables, and what stands below them.

The same part gives the same nodes, whichever file shows it. A node has words of its own, but for
those that say more of words before them: `value` (a number in a sentence, with its figure) and
`raw` (its value for machines), `missing`, `parameter`, `sourced`, `link`, `anchor` (a place that
links lead to), `label` (words that are heard alone), `alternative` and `language`.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import zip_longest

from helpline_report.description import Node
from helpline_report.prose import nodes as tree
from helpline_report.prose.rendering import HeadingIds
from helpline_report.report.views import (
    CARD,
    CampaignView,
    CellView,
    ChapterPart,
    ChapterView,
    ChartView,
    FileLink,
    HighlightsView,
    Labels,
    Left,
    Line,
    Note,
    Prose,
    TableView,
    TermsView,
)

# What a text's block is called; any other is a `text`.
KINDS = {"heading": "heading", "note": "left-out", "credit": "credit", "head": "head"}


def describe_chapter(chapter: ChapterView, labels: Labels) -> Iterator[Node]:
    """A chapter of the page: its title, and its parts one below the other."""
    place = chapter.name
    yield Node(place, "anchor", about=f"chapter-{place}")
    yield Node(place, "anchor", about=f"title-{place}")
    yield Node(place, "heading", chapter.title, form="1")
    for number, part in enumerate(chapter.parts, 1):
        yield from describe_part(part, place, labels, f"{place}-{number}")


def describe_part(part: ChapterPart, place: str, labels: Labels, prefix: str) -> Iterator[Node]:
    """A part of the chapter at a place; `prefix` stands before the ids of its headings."""
    match part.view:
        case Prose() as view:
            cell = view.cell or f"{place}/{part.cell}"
            kind = "finding" if view.finding else "text"
            yield from describe_prose(view, (place, kind, cell), prefix, labels.back)
        case Left() as view:
            yield Node(place, "left-out", view.text, view.about)
        case ChartView() as view:
            yield from describe_chart(view, part.notes, labels)
        case TableView() as view:
            yield from describe_folded_table(view, part.notes, labels)
        case HighlightsView() as view:
            yield from describe_highlights(view)
        case CampaignView() as view:
            yield from describe_campaign(view, part.notes, labels)
        case TermsView() as view:
            yield from describe_terms(view)


# Texts


def describe_prose(view: Prose, of: tuple[str, str, str], prefix: str, back: str) -> Iterator[Node]:
    """A text whose place, kind and cell are `of`; `back` leads from a footnote back to it."""
    # Of a folded text the heading opens it, and is rendered by itself.
    blocks = (view.nodes[:1], view.nodes[1:]) if view.folded else (view.nodes,)
    for nodes in blocks:
        ids = HeadingIds(prefix)
        for node in nodes:
            yield from _describe_block(node, of, ids, back)


def _describe_block(
    node: tree.Element, of: tuple[str, str, str], ids: HeadingIds, back: str
) -> Iterator[Node]:
    """A block of a text with the blocks that it holds."""
    place, kind, cell = of
    match node.kind:
        case "footnotes":
            yield Node(place, "anchor", about=f"notes-{node.href}")
            for note in _list_elements(node):
                yield from _describe_footnote(note, place, back)
        case "table":
            yield Node(place, "table")
            for number, row in enumerate(_list_elements(node)):
                yield from _describe_text_row(row, place, cell, is_head=number == 0)
        case "picture":
            yield from _describe_photograph(node, place)
        case "bullets" | "numbers" | "quote" | "item":
            inside = node.kind if node.kind in ("quote", "item") else kind
            for child in _list_elements(node):
                yield from _describe_block(child, (place, inside, cell), ids, back)
        case _:
            if node.kind == "heading":
                yield Node(place, "anchor", about=ids.name(node))
            level = str(node.level) if node.kind == "heading" else ""
            named = KINDS.get(node.kind, kind)
            yield Node(place, named, write_words(node.children), cell, form=level)
            yield from describe_inline(node.children, place)


def _list_elements(node: tree.Element) -> list[tree.Element]:
    return [child for child in node.children if isinstance(child, tree.Element)]


def _describe_text_row(
    row: tree.Element, place: str, cell: str, *, is_head: bool
) -> Iterator[Node]:
    """A row of a table in a text: its heads, or the first cell and the others."""
    for number, each in enumerate(_list_elements(row)):
        kind = "head" if is_head else "cell" if number else "row"
        yield Node(place, kind, write_words(each.children), f"cell={cell}")
        yield from describe_inline(each.children, place)


def _describe_footnote(note: tree.Element, place: str, back: str) -> Iterator[Node]:
    yield Node(place, "anchor", about=f"note-{note.href}")
    yield Node(place, "footnote", write_words(note.children))
    yield from describe_inline(note.children, place)
    yield Node(place, "way-back", "↩", target=f"#ref-{note.href}")
    yield Node(place, "label", back)


def _describe_photograph(node: tree.Element, place: str) -> Iterator[Node]:
    data = node.photograph.data if node.photograph else b""
    yield Node(place, "alternative", tree.plain(node.children), form=sha256(data).hexdigest()[:12])
    yield Node(place, "credit", node.credit)


def write_words(nodes: Iterable[tree.Node]) -> str:
    """The words of a resolved text as they are read, with the numbers of its footnotes."""
    texts = []
    for node in nodes:
        match node:
            case tree.Element(kind="footnote"):
                texts.append(str(node.level))
            case tree.Element():
                texts.append(write_words(node.children))
            case tree.SoftBreak():
                texts.append(" ")
            case tree.Text() | tree.Value() | tree.Exempt():
                texts.append(tree.settable(node.text))
    return "".join(texts)


def describe_inline(
    nodes: Iterable[tree.Node], place: str, *, in_link: bool = False
) -> Iterator[Node]:
    """What stands in a line of text beside its words: numbers, links, footnotes, and sources."""
    for node in nodes:
        match node:
            case tree.Element(kind="footnote"):
                yield Node(place, "anchor", about=f"ref-{node.href}")
                yield Node(place, "link", str(node.level), target=f"#note-{node.href}")
            case tree.Element(kind="link"):
                yield Node(place, "link", write_words(node.children), target=node.href)
                yield from describe_inline(node.children, place, in_link=True)
            case tree.Element():
                yield from describe_inline(node.children, place, in_link=in_link)
            case tree.Exempt():
                yield Node(place, "sourced", tree.settable(node.text), tree.settable(node.source))
            case tree.Value():
                yield from _describe_value(node, place, in_link=in_link)


def _describe_value(value: tree.Value, place: str, *, in_link: bool) -> Iterator[Node]:
    text, form = tree.settable(value.text), value.form or ""
    if value.figure is not None:
        target = "" if in_link else f"#{CARD.format(value.figure)}"
        yield Node(place, "value", text, value.figure, target, form)
        yield Node(place, "raw", value.raw, value.figure)
    elif value.about and not value.name:
        yield Node(place, "value", text, value.about)
    elif value.name:
        yield Node(place, "missing" if value.about else "parameter", text, value.name, form=form)


# Charts and tables


def describe_chart(view: ChartView, notes: Sequence[Note], labels: Labels) -> Iterator[Node]:
    """A chart with the table behind it, if that has no more rows than somebody reads."""
    place = view.id
    if view.folded:
        yield Node(place, "opener", view.table.caption)
    yield Node(place, "anchor", about=place)
    yield from describe_caption(view)
    for drawing in filter(None, (view.wide, view.narrow)):
        yield Node(place, "alternative", drawing.alt, f"chart={view.id}")
    if view.table.is_short:
        own = view.table.id == view.id
        if not own:
            yield Node(place, "anchor", about=view.table.id)
        yield Node(place, "opener", f"{labels.opener}: {view.table.caption}")
        anchor = f"{view.table.id}{'.table-of-chart' if own else '.rows'}"
        yield from describe_table(view.table, anchor, labels)
        yield from describe_files(view.files, place)
    yield from describe_notes(notes, view.source, place)
    if not view.table.is_short:
        yield from describe_files(view.files, place)


def describe_caption(view: ChartView) -> Iterator[Node]:
    """What a chart is called: its headline with the figure and its number, or what is drawn."""
    place, number = view.id, view.number
    kind = "headline" if view.headline else "own-title" if view.titled else "caption"
    yield Node(place, kind, view.caption, view.headline)
    if number is not None and number.text in view.caption:
        figure = number.figure or number.about
        yield Node(place, "value", number.text, figure, f"#{CARD.format(figure)}", number.parts)
    if view.subtitle:
        yield Node(place, "subtitle", view.subtitle)


def describe_folded_table(view: TableView, notes: Sequence[Note], labels: Labels) -> Iterator[Node]:
    """A table that opens under its caption, with what stands below it."""
    yield Node(view.id, "anchor", about=view.id)
    yield Node(view.id, "opener", view.caption)
    yield from describe_table(view, f"{view.id}.rows", labels)
    yield from describe_notes(notes, view.source, view.id)
    yield from describe_files(view.files, view.id)


def describe_table(view: TableView, anchor: str, labels: Labels) -> Iterator[Node]:
    """Caption, heads, and the cells of each row behind its head; its place is called `anchor`."""
    place = view.id
    yield Node(place, "label", view.label)
    yield Node(place, "table")
    yield Node(place, "anchor", about=anchor)
    yield Node(place, "own-title" if view.titled else "caption", view.caption)
    if view.subtitle:
        yield Node(place, "subtitle", view.subtitle)
    for text, about in zip_longest(view.heads, view.columns[: len(view.heads)], fillvalue=""):
        yield Node(place, "head", text, about)
    for head, *cells in view.rows:
        yield Node(place, "row", head.text, head.code)
        yield from _describe_language(head, place)
        for cell in cells:
            yield describe_cell(cell, place, labels)
            yield from _describe_language(cell, place)


def describe_cell(cell: CellView, place: str, labels: Labels, kind: str = "cell") -> Node:
    """A cell: with its figure, which opens the card, or with where the audit tells of it."""
    figure = cell.figure or cell.about
    if cell.text and figure:
        return Node(place, kind, cell.text, figure, f"#{CARD.format(figure)}", cell.parts)
    is_linked = cell.text and cell.address and labels.root is not None
    return Node(
        place, kind, cell.text, cell.code, f"{labels.root}{cell.address}" if is_linked else ""
    )


def _describe_language(cell: CellView, place: str) -> Iterator[Node]:
    if cell.language:
        yield Node(place, "language", cell.language)


def describe_notes(notes: Sequence[Note], source: str, place: str) -> Iterator[Node]:
    """What stands below a chart or table."""
    for note in notes:
        if note.name:
            yield Node(place, "anchor", about=note.name)
        yield Node(place, "note", note.text, note.about, f"#{note.to}" if note.to else "")
    if source:
        yield Node(place, "source", source)


def describe_files(files: Sequence[FileLink], place: str) -> Iterator[Node]:
    """Where what a chart or table shows can be had."""
    for file in files:
        yield Node(place, "file", file.whole, target=file.href)


# Other parts


def describe_highlights(view: HighlightsView) -> Iterator[Node]:
    """The headline figures: value, name, and the value of the year before."""
    labels = Labels("", "", None)
    for entry in view.entries:
        yield describe_cell(entry.value, view.id, labels, "highlight")
        yield Node(view.id, "name", entry.name, entry.value.figure or "")
        if entry.before:
            yield describe_cell(entry.before, view.id, labels, "before")


def describe_campaign(view: CampaignView, notes: Sequence[Note], labels: Labels) -> Iterator[Node]:
    """A campaign: what it wanted, when it ran, and the table of what was counted around it."""
    place, about = view.table.id, f"campaign={view.id}"
    yield Node(place, "anchor", about=view.anchor)
    yield Node(place, "campaign", view.name, about)
    yield Node(place, "period", view.period, about)
    for key, (term, text) in {"goal": view.goal, "means": view.means}.items():
        yield Node(place, "term", term, f"campaign.{key}")
        yield Node(place, key, text, about)
    yield Node(place, "opener", view.table.caption)
    yield from describe_table(view.table, view.table.id, labels)
    yield from describe_notes(notes, view.table.source, place)


def describe_terms(view: TermsView) -> Iterator[Node]:
    """A list of terms with what there is to say about each."""
    yield Node(view.id, "opener", view.caption)
    for place, (term, text) in enumerate(view.entries):
        about = view.about[place] if view.about else ""
        yield Node(view.id, "term", term, about)
        yield Node(view.id, "explanation", text, about)


def describe_line(line: Line, place: str, kind: str, about: str = "") -> Node:
    """A sentence, or the words for the address that it leads to."""
    return Node(place, kind, line.text, about, line.href)
