"""Hold a page of the audit as blocks of words, which are rendered and described alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, NamedTuple, TypeAlias

from markupsafe import Markup

from helpline_report.description import Node
from helpline_report.report.views import WayOut

# The place of what stands around the blocks of a page.
PLACE = "page"


class Run(NamedTuple):
    """Some words of a line, as one element writes them.

    They lead to `href`. `figure` is the one that they are about, and `parts` those of its numbers
    that stand in them. `look` is `code`, `strong`, `names` (an id, which may break at its dots), or
    a class of the style sheet.
    """

    text: str
    href: str = ""
    figure: str = ""
    parts: str = ""
    look: str = ""
    language: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class LineBlock:
    """A line or a paragraph: its `role` among what a page says, and what it is `about`.

    It is written as an element `tag`, with a class, and an anchor that links lead to.
    """

    kind: ClassVar[str] = "text"
    role: str
    runs: tuple[Run, ...]
    about: str = ""
    tag: str = "p"
    look: str = ""
    anchor: str = ""

    @property
    def text(self) -> str:
        """All of its words."""
        return "".join(run.text for run in self.runs)

    @property
    def links(self) -> list[tuple[str, list[Run]]]:
        """Its runs, those together that one link holds, by where they lead."""
        return [(href, [*runs]) for href, runs in groupby(self.runs, lambda run: run.href)]

    @property
    def whole(self) -> Run | None:
        """Its only run, where that is a number of a figure."""
        run = self.runs[0] if len(self.runs) == 1 else None
        return run if run is not None and run.figure and not run.look else None


class BlockRow(NamedTuple):
    """A row of a table: its cells, of which the first says what the others are about."""

    cells: tuple[LineBlock, ...]
    anchor: str = ""
    look: str = ""


@dataclass(frozen=True)
class TableBlock:
    """A table that can be scrolled: its caption, its heads, and its rows.

    A caption that a heading says already is unseen. `label` names what can be scrolled.
    """

    kind: ClassVar[str] = "table"
    caption: LineBlock
    heads: tuple[LineBlock, ...]
    rows: tuple[BlockRow, ...]
    label: str
    look: str = ""
    is_unseen: bool = False


@dataclass(frozen=True)
class TermsBlock:
    """Terms, each with what there is to say of it."""

    kind: ClassVar[str] = "terms"
    entries: tuple[tuple[LineBlock, tuple[LineBlock, ...]], ...]

    @property
    def lines(self) -> tuple[LineBlock, ...]:
        """Each term, and behind it what there is to say of it."""
        return tuple(line for term, texts in self.entries for line in (term, *texts))


@dataclass(frozen=True)
class ListBlock:
    """A list of lines."""

    kind: ClassVar[str] = "list"
    lines: tuple[LineBlock, ...]


@dataclass(frozen=True)
class GroupBlock:
    """Blocks that stand together, as an element `tag` with an anchor."""

    kind: ClassVar[str] = "group"
    blocks: tuple["Block", ...]
    anchor: str = ""
    look: str = ""
    tag: str = "div"


@dataclass(frozen=True)
class DrawingBlock:
    """The drawing of a chart, and the one for a phone, if there is any: as SVG.

    `alternatives` are what they say to who can't see them, and `label` names what can be scrolled.
    """

    kind: ClassVar[str] = "drawing"
    chart: str
    drawings: tuple[Markup, ...]
    alternatives: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class ProseBlock:
    """A text that is rendered already, and the words of each block of it."""

    kind: ClassVar[str] = "prose"
    markup: Markup
    nodes: tuple[Node, ...]


Block: TypeAlias = (
    LineBlock | TableBlock | TermsBlock | ListBlock | GroupBlock | DrawingBlock | ProseBlock
)


@dataclass(frozen=True)
class AuditPage:
    """A page of the audit: its file, its title, and all that it says, in order.

    `look` is `index` or `chapter`. `logo` tells the logo from others. `bar` stands at the top of
    it: the name of the report, and `links` to the other pages. `others` are its addresses in other
    languages, by these.
    """

    file: str
    look: str
    language: str
    title: str
    description: str
    skip: LineBlock
    warning: str
    way_out: WayOut
    logo_alternative: str
    logo: str
    bar: LineBlock
    label: str
    links: tuple[LineBlock, ...]
    blocks: tuple[Block, ...]
    foot: LineBlock
    others: tuple[tuple[str, str], ...] = ()


def say(role: str, text: str, about: str = "", **more: str) -> LineBlock:
    """A line of words alone."""
    return LineBlock(role, (Run(text),), about, **more)


# What it says, as nodes

# What the words of each element are called; of any other it is their role.
KINDS = {"th": "row", "td": "cell", "caption": "caption", "dt": "term", "dd": "explanation"}
LEVELS = {"h1": "0", "h2": "1", "h3": "2"}


def describe_page(page: AuditPage) -> Iterator[Node]:
    """All that a page says and leads to, in the order in which it is read."""
    place = PLACE
    yield Node(place, "language", page.language)
    for language, address in page.others:
        yield Node(place, "alternate", about=language, target=address)
    yield Node(place, "document-title", page.title)
    yield Node(place, "meta", page.description, "description")
    if page.warning:
        yield Node(place, "sheet-foot", page.warning)
    yield Node(place, "skip", page.skip.text, target="#page-content")
    if page.warning:
        yield Node(place, "warning", page.warning)
    yield Node(place, "way-out", page.way_out.text, target=page.way_out.href)
    yield Node(place, "keys", page.way_out.keys, form="hidden")
    if page.logo_alternative:
        yield Node(place, "alternative", page.logo_alternative, form=page.logo)
    yield from describe_blocks((page.bar,), place)
    yield Node(place, "label", page.label)
    yield from describe_blocks(page.links, place)
    yield Node(place, "anchor", about="page-content")
    yield from describe_blocks(page.blocks, place)
    yield from describe_blocks((page.foot,), place)


def describe_blocks(blocks: Iterable[Block], place: str) -> Iterator[Node]:
    """What some blocks say; their place is the last anchor around them, or that of the page."""
    for block in blocks:
        match block:
            case LineBlock():
                yield from _describe_text(block, place)
            case TableBlock():
                yield from _describe_table(block, place)
            case TermsBlock() | ListBlock():
                yield from describe_blocks(block.lines, place)
            case GroupBlock():
                if block.anchor:
                    yield Node(place, "anchor", about=block.anchor)
                yield from describe_blocks(block.blocks, block.anchor or place)
            case DrawingBlock():
                yield from _describe_drawings(block, place)
            case ProseBlock():
                yield from (node._replace(place=node.place or place) for node in block.nodes)


def _describe_drawings(block: DrawingBlock, place: str) -> Iterator[Node]:
    if len(block.drawings) == 1:
        yield Node(place, "label", block.label)
    for text in block.alternatives:
        yield Node(place, "alternative", text, f"chart={block.chart}")


def _describe_table(table: TableBlock, place: str) -> Iterator[Node]:
    yield Node(place, "label", table.label)
    yield Node(place, "table")
    yield from _describe_text(table.caption, place)
    for head in table.heads:
        yield Node(place, "head", head.text, head.about)
    for row in table.rows:
        if row.anchor:
            yield Node(place, "anchor", about=row.anchor)
        for number, cell in enumerate(row.cells):
            kind = "cell" if number else "row"
            yield from _describe_text(cell, row.anchor or place, kind)


def _describe_text(block: LineBlock, place: str, kind: str = "") -> Iterator[Node]:
    """Its words; behind them where its links lead, and the numbers and names among them."""
    if block.anchor:
        yield Node(place, "anchor", about=block.anchor)
    level = LEVELS.get(block.tag, "")
    kind = kind or ("heading" if level else KINDS.get(block.tag, block.role))
    yield Node(place, kind, block.text, block.about, form=level)
    for href, runs in block.links:
        language = runs[0].language if href else ""
        if href:
            text = "".join(run.text for run in runs)
            yield Node(place, "link", text, language, href)
        for run in runs:
            if run.figure:
                yield Node(place, "value", run.text, run.figure, form=run.parts)
            if run.anchor:
                yield Node(place, "anchor", about=run.anchor)
            if run.language:
                yield Node(place, "language", run.language)
