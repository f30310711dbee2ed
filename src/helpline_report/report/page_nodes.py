"""Describe the page of a publication as nodes, in the order in which it is read."""

from collections.abc import Iterator, Sequence

from helpline_report.description import Node
from helpline_report.report.part_nodes import (
    describe_chapter,
    describe_highlights,
    describe_line,
    describe_prose,
)
from helpline_report.report.views import (
    CARD,
    CardView,
    CoverView,
    HelpView,
    LegalView,
    Line,
    Lines,
    PageView,
)

PAGE = "page"


def describe_page(page: PageView) -> Iterator[Node]:
    """All that the page says and leads to, but for its cards."""
    yield from _describe_head(page)
    yield from _describe_bar(page)
    yield Node(PAGE, "anchor", about="content")
    if page.logo_alternative:
        yield Node(PAGE, "alternative", page.logo_alternative, "logo", form=page.logo)
    for other in page.translations:
        yield Node(PAGE, "translation", other.text, other.language, other.href)
        yield Node(PAGE, "language", other.language)
    yield Node(PAGE, "publisher", page.publisher)
    yield Node(PAGE, "anchor", about="title")
    yield Node(PAGE, "title", page.title)
    if page.year:
        yield Node(PAGE, "year", page.year)
    yield from describe_help(page.help)
    yield from _describe_cover(page.cover, page.labels.back)
    yield Node(PAGE, "label", page.to_contents.text)
    yield Node(PAGE, "heading", page.to_contents.text, form="1")
    yield Node(PAGE, "anchor", about="contents")
    for entry in page.contents:
        yield describe_line(entry, "contents", "entry")
    for chapter in page.chapters:
        yield from describe_chapter(chapter, page.labels)
    for view in page.legal:
        yield Node(view.id, "anchor", about=view.id)
        yield Node(view.id, "anchor", about=f"{view.id}-title")
        yield from describe_legal(view)
    yield Node(PAGE, "foot", page.foot)


def _describe_head(page: PageView) -> Iterator[Node]:
    """What the page says of itself before anything is read."""
    yield Node(PAGE, "language", page.language)
    yield Node(PAGE, "document-title", page.document_title)
    for meta in page.metas:
        yield Node(PAGE, "meta", meta.content, meta.name)
    for link in page.related:
        yield Node(PAGE, link.rel, about=link.language, target=link.href)
    if page.warning:
        yield Node(PAGE, "sheet-foot", page.warning)


def _describe_bar(page: PageView) -> Iterator[Node]:
    yield describe_line(page.skip, PAGE, "skip")
    yield Node(PAGE, "helpline", page.helpline)
    yield Node(PAGE, "edition", page.title)
    if page.mark:
        yield Node(PAGE, "mark", page.mark)
    yield describe_line(page.to_contents, PAGE, "to-contents")
    yield Node(PAGE, "way-out", page.way_out.text, target=page.way_out.href)
    yield Node(PAGE, "keys", page.way_out.keys, form="hidden")
    if page.warning:
        yield Node(PAGE, "warning", page.warning)


def describe_help(view: HelpView) -> Iterator[Node]:
    """Where somebody finds help, line by line, and what a visit leaves behind."""
    place = "help"
    yield Node(place, "anchor", about="help")
    yield Node(place, "anchor", about="help-title")
    yield Node(place, "heading", view.title, form="1")
    for number, line in enumerate(view.lines, 1):
        about = f"help={number}"
        yield describe_line(line.who, place, "help-for", about)
        if line.phone:
            yield describe_line(line.phone, place, "help-number", about)
        if line.site:
            yield describe_line(line.site, place, "help-site", about)
        if line.about:
            yield Node(place, "help-about", line.about, about)
    yield Node(place, "traces", view.traces)
    yield Node(place, "opener", view.erase)
    for step in view.steps:
        yield Node(place, "step", step)


def _describe_cover(view: CoverView, back: str) -> Iterator[Node]:
    place = "cover"
    yield Node(place, "anchor", about="highlights-title")
    yield Node(place, "heading", view.heading, form="1")
    if view.lead:
        yield from describe_prose(view.lead, (place, "lead", view.lead.cell), "lead", back)
    for notice in view.notices:
        yield Node(place, "notice", notice)
    if view.highlights:
        yield from describe_highlights(view.highlights)
    yield Node(place, "how", view.how)


def describe_legal(view: LegalView) -> Iterator[Node]:
    """The colophon or the accessibility statement."""
    yield Node(view.id, "heading", view.title, form="1")
    yield Node(view.id, "line", view.lead)
    for part in view.parts:
        yield Node(view.id, "heading", part.heading, form="2")
        for block in part.blocks:
            lines: Sequence[Line] = block.lines if isinstance(block, Lines) else (block,)
            for line in lines:
                yield describe_line(line, view.id, "line")


def describe_card(card: CardView) -> Iterator[Node]:
    """What a reader sees who opens the number of a figure."""
    place, figure = "card", card.figure
    yield Node(place, "card", card.label, figure, f"#{card.anchor}")
    yield Node(place, "definition", card.definition, figure)
    if card.made_of:
        about = figure if card.parts else ""
        yield Node(place, "numbers", card.made_of, about, form=card.parts)
    if card.margin:
        yield Node(place, "margin", card.margin, figure, form="level low high dispersion")
    if card.before:
        form = "value" if card.figure_before else ""
        yield Node(place, "year-before", card.before, card.figure_before, form=form)
    text = card.how.text if card.how.href else f"{card.how.text} {figure}"
    yield Node(place, "how", text, figure, card.how.href)
    yield Node(place, "close", card.close, target=f"#{card.anchor}")


def list_cards(nodes: Sequence[Node]) -> list[str]:
    """The figures whose cards nodes lead to, each once, in their order."""
    prefix = f"#{CARD.format('')}"
    targets = (node.target for node in nodes if node.target.startswith(prefix))
    return list(dict.fromkeys(target.removeprefix(prefix) for target in targets))
