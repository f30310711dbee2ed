"""Plan a PDF by the nodes of its description: the blocks that they mean it to have, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from helpline_report.description import Node

# What the PDF says of itself, and what stands at the head and the foot of each page.
OF_DOCUMENT = ("language", "document-title", "author", "keywords")
WARNING, RUNNING, FOLIO = "warning", ("running", "running-mark"), "folio"
# Nodes that say more of the words before them, and those whose words go on in their block.
BESIDE_WORDS = ("value", "missing", "parameter", "sourced", "table")
CONTINUED = ("help-number", "help-site", "help-about", "explanation", "goal", "means")
# Nodes that name a page: that of what they lead to.
OF_PAGES = ("entry", "page-reference")
# What nodes are in the PDF's own terms, by their kinds; any other is a text.
CAPTION, ENTRY, PICTURE, HEAD, ROW, CELL = "caption", "entry", "picture", "head", "row", "cell"
TEXT, TITLE = "text", "title"
ROLES = {
    "caption-number": CAPTION,
    "headline": CAPTION,
    "caption": CAPTION,
    "own-title": CAPTION,
    "subtitle": CAPTION,
    "title": TITLE,
    "entry": ENTRY,
    "alternative": PICTURE,
    "head": HEAD,
    "row": ROW,
    "cell": CELL,
    "campaign": "heading 2",
}
# Stands between the alternative text of a picture and what is drawn in it.
DRAWN = " / "
# A card of a figure is a part of the page alone.
CARD = "#figure-"
# What typesetting may change: spaces, and letters that nobody sees, such as one that joins words.
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# A letter with a mark of its own is drawn as two signs, and a PDF says the letter at each of them.
MARKED = re.compile(r"([^\W\d_][\u0300-\u036f]+)\1+")


@dataclass
class PlannedBlock:
    """A block as nodes mean it to be: `pieces` are their words, and `anchors` what it is called.

    `role` is what it is in the PDF's own terms, and `page_of` the anchor whose page it names.
    `links` are texts that lead somewhere.
    """

    node: Node
    role: str
    pieces: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    language: str = ""
    page_of: str = ""

    def write(self, page: str, between: Sequence[str] = ()) -> str:
        """Its words, with the page that it names, and with what stands `between` its pieces."""
        between = between or [" "] * (len(self.pieces) - 1)
        text = self.pieces[0] + "".join(
            space + piece for space, piece in zip(between, self.pieces[1:], strict=True)
        )
        if not self.page_of:
            return text
        return f"{text} {page}" if self.role == ENTRY else text.replace("{page}", page)


@dataclass
class Plan:
    """All that nodes mean a PDF to say: of itself, on the margins of its pages, and its blocks."""

    document: dict[str, Node] = field(default_factory=dict)
    margins: dict[str, Node] = field(default_factory=dict)
    blocks: list[PlannedBlock] = field(default_factory=list)


def squeeze(text: str) -> str:
    """A text without what typesetting may change."""
    return leave_seen("".join(text.split()))


def leave_seen(text: str) -> str:
    """A text without letters that nobody sees, and letters with a mark once."""
    return MARKED.sub(r"\1", UNSEEN.sub("", text))


def plan_book(nodes: Sequence[Node]) -> Plan:
    """What nodes mean a PDF to say, block by block."""
    plan, anchors = Plan(), list[str]()
    for node in nodes:
        if node.kind == "anchor":
            anchors.append(node.about)
        elif node.kind in (WARNING, *RUNNING, FOLIO):
            plan.margins[node.kind] = node
        elif not plan.blocks and node.kind in OF_DOCUMENT:
            plan.document[node.kind] = node
        elif not plan.blocks or not _add_to_block(node, plan.blocks[-1]):
            plan.blocks.append(_begin_block(node, anchors))
            anchors = []
    return plan


def _begin_block(node: Node, anchors: list[str]) -> PlannedBlock:
    role = f"heading {node.form}" if node.kind == "heading" else ROLES.get(node.kind, TEXT)
    block = PlannedBlock(node, role, [node.text + (DRAWN if role == PICTURE else "")], anchors)
    if node.kind in OF_PAGES:
        block.page_of = node.target.removeprefix("#")
    _add_link(block, node)
    return block


def _add_to_block(node: Node, block: PlannedBlock) -> bool:
    """Add a node to the block before it, if it belongs there."""
    if node.kind == "link":
        _add_link(block, node)
    elif node.kind == "language":
        block.language = node.text
    elif node.kind == "drawn":
        block.pieces[0] += node.text
    elif node.kind in CONTINUED or (
        block.role == ROLES.get(node.kind) == CAPTION and node.kind != "caption-number"
    ):
        block.pieces.append(node.text)
        _add_link(block, node)
    else:
        return node.kind in BESIDE_WORDS
    return True


def _add_link(block: PlannedBlock, node: Node) -> None:
    if node.target and not node.target.startswith(CARD):
        block.links.append((squeeze(node.text), node.target))
