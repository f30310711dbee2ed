"""Hold the nodes of texts to what notebooks and text files say, with the values of the ledger."""

import re
from collections.abc import Iterable, Iterator, Mapping

from helpline_report.audit.node_rules import (
    CARD,
    NodeReading,
    Rule,
    check_target,
    check_text,
    read_cell,
    read_head,
    read_opener,
    read_raw,
    read_value,
)
from helpline_report.audit.text_meanings import (
    COVER,
    FINDING,
    NUMBER,
    Inline,
    WrittenText,
    list_needs,
)
from helpline_report.audit.text_sources import SourceBlock
from helpline_report.description import Node
from helpline_report.figures.model import Reason

# What pages leave out of a text, and what stands for it; blanks of all kinds that end a line.
UNFIT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\ufffd]")
BLANKS = re.compile(r"[ \t\r\n]+")
OF_CELL, OF_CHART, LEAD, LOGO = "cell=", "chart=", "lead", "logo"
# Kinds of nodes with words of a block, where these aren't that of the block.
KINDS = {"text": ("text", LEAD, FINDING)}
# Cells that lack a value say why; any other block is left out.
IN_TABLES = ("head", "row", "cell")
TABLES = ("contacts", "persons", "followups", "traffic")
NONE = (".none",)
# What stands before who is quoted.
QUOTED = "— "


def bare(text: str) -> str:
    """A text without what no page can hold, its blanks as one."""
    return BLANKS.sub(" ", UNFIT.sub("", text)).strip()


def read_block(reading: NodeReading, node: Node) -> Iterator[str]:
    """A block of a text: the next one of its cell that says this, with the values behind it."""
    cells = _find_cells(reading, node)
    for chapter, cell in cells:
        blocks = reading.meanings.texts.write_cell(chapter, cell)
        start = reading.blocks.get((node.place, chapter, cell), 0)
        for number, (block, written) in enumerate(blocks[start:], start):
            is_kind = node.kind in KINDS.get(block.kind, (block.kind,))
            # One that takes the place of another stands where that lacks something.
            is_due = not block.is_replacement or bool(blocks[max(0, number - 1)][1].missing)
            if is_kind and is_due and _is_said(reading, node, block, written):
                reading.blocks[node.place, chapter, cell] = number + 1
                _expect_values(reading, node, block, written)
                for lost in filter(_is_whole, blocks[max(start, 1) : number]):
                    yield f"'{lost[1].text}' before it"
                return
    where = " or ".join(f"cell '{cell}' of {chapter}" for chapter, cell in cells)
    yield f"the next text of {where or 'a cell that stands there'}"


def _is_whole(block: tuple[SourceBlock, WrittenText]) -> bool:
    """Whether a text stands by itself and lacks nothing: what stands in a list may go with that."""
    of_text, written = block
    is_free = of_text.kind in ("text", "heading") and not of_text.is_replacement
    return is_free and not written.missing


def _find_cells(reading: NodeReading, node: Node) -> list[tuple[str, str]]:
    """The cell that a node names, `chapter/cell`, if its text may stand there."""
    texts, (chapter, _, cell) = reading.meanings.texts, node.about.partition("/")
    chapter = chapter.removeprefix(OF_CELL)
    if node.place == COVER:
        return [(chapter, cell)] if cell in texts.list_cells(chapter, COVER) else []
    if chapter != node.place:
        return []
    is_lead = cell in texts.list_cells(chapter, FINDING)
    return [(chapter, cell)] if is_lead == (node.kind == FINDING) else []


def _is_said(reading: NodeReading, node: Node, block: SourceBlock, written: WrittenText) -> bool:
    """Whether a node has the words of a block."""
    if written.missing and block.kind in IN_TABLES:
        return node.text == reading.meanings.words.short_reason(written.missing[-1])
    if written.missing:
        return False
    return bare(node.text) == bare(_number(reading, node, written))


def _number(reading: NodeReading, node: Node, written: WrittenText) -> str:
    """The words of a block with the numbers of its notes."""
    text, number = written.text, len(reading.footnotes.get(node.place, []))
    for _ in written.notes:
        number += 1
        text = text.replace(NUMBER, str(number), 1)
    return text


def _expect_values(
    reading: NodeReading, node: Node, block: SourceBlock, written: WrittenText
) -> None:
    """Wait for the values, links and notes of a block."""
    expected = _expect_notes(reading, node, written)
    if written.missing and block.kind in IN_TABLES:
        name = next(each.about for each in written.inside if each.kind == "missing")
        expected = [Inline("missing", node.text, name)]
    reading.inline = expected


def _expect_notes(reading: NodeReading, node: Node, written: WrittenText) -> list[Inline]:
    """What stands in the lines of a text; its notes come behind those before, by their numbers."""
    notes = reading.footnotes.setdefault(node.place, [])
    expected, referred = list[Inline](), iter(written.notes)
    for inline in written.inside:
        if inline.text == NUMBER:
            notes.append(reading.meanings.texts.write_note(next(referred)))
            expected.append(Inline("link", str(len(notes))))
        else:
            expected.append(inline)
    return expected


def read_inline(reading: NodeReading, node: Node) -> Iterator[str]:
    """A number, a value of the parameters, a link or a source: the next of its block.

    What stands behind no text is checked by itself.
    """
    while reading.inline and node.kind != reading.inline[0].kind in OF_PAGES:
        reading.inline.pop(0)
    if reading.inline:
        yield from _check_inline(node, reading.inline.pop(0))
    elif node.kind in BY_THEMSELVES:
        yield from BY_THEMSELVES[node.kind](reading, node)
    else:
        yield "nothing: its text has said all"


def _check_inline(node: Node, wanted: Inline) -> Iterator[str]:
    if node.kind != wanted.kind:
        yield f"a {wanted.kind}: '{wanted.text}'"
        return
    if bare(node.text) != bare(wanted.text):
        yield f"'{wanted.text}'"
    if wanted.about and node.about != wanted.about:
        yield f"what is about '{wanted.about}', and not about '{node.about}'"
    if wanted.form and node.form != wanted.form:
        yield f"the form '{wanted.form}', and not '{node.form}'"
    target = f"{CARD}{node.about}" if node.kind == "value" else wanted.target
    if target:
        yield from check_target(node, target)


def read_link(reading: NodeReading, node: Node) -> Iterator[str]:
    """A link by itself leads to something of its file."""
    if node.target.startswith("#") and not reading.has_anchor(node.target[1:]):
        yield f"an anchor '{node.target}' of the page"


def read_footnote(reading: NodeReading, node: Node) -> Iterator[str]:
    """A note of a chapter: the next of those that its texts refer to, or its notes before."""
    read = reading.read_notes.get(node.place, 0)
    notes = reading.footnotes.get(node.place, [])
    reading.read_notes[node.place] = read + 1
    if read >= len(notes):
        yield "nothing: no text refers to it"
        return
    written = notes[read]
    if bare(node.text) != bare(text := _number(reading, node, written)):
        yield f"'{text}'"
    reading.inline = _expect_notes(reading, node, written)


def read_heading(reading: NodeReading, node: Node) -> Iterator[str]:
    """The title of a chapter, or a heading of its texts."""
    if node.about:
        yield from read_block(reading, node)
    else:
        yield from check_text(node, *reading.meanings.texts.list_titles(node.place))


def read_alternative(reading: NodeReading, node: Node) -> Iterator[str]:
    """What is said to who doesn't see a drawing, a picture of a text, or the logo."""
    meanings = reading.meanings
    if node.about == LOGO:
        logo = meanings.data.house.logo
        yield from check_text(
            node, *([logo.alternative.in_language(meanings.data.language)] if logo else [])
        )
    elif text := meanings.write_alternative(node.about.removeprefix(OF_CHART) or node.place):
        if bare(node.text) != bare(text):
            yield f"'{text}'"
    else:
        yield from _check_picture(reading, node, meanings.texts.list_cells(node.place))


def _check_picture(reading: NodeReading, node: Node, cells: list[str]) -> Iterator[str]:
    """A picture of a chapter: the next one of any of its cells."""
    for cell in cells:
        for number, (block, written) in enumerate(
            reading.meanings.texts.write_cell(node.place, cell)
        ):
            start = reading.blocks.get((node.place, node.place, cell), 0)
            is_next = block.kind == node.kind and number >= start
            if is_next and bare(written.text) == bare(node.text):
                reading.blocks[node.place, node.place, cell] = number + 1
                reading.inline = [Inline("credit", block.credit)]
                return
    yield "a picture of a text of its chapter"


def read_credit(reading: NodeReading, node: Node) -> Iterator[str]:
    """Who made a picture, or who is quoted: a book writes a dash before that."""
    if reading.inline and reading.inline[0].kind == "credit":
        yield from read_inline(reading, node)
    else:
        yield from read_block(reading, node._replace(text=node.text.removeprefix(QUOTED)))


def read_text_or(rule: Rule) -> Rule:
    """A rule for cells of tables, some of which are of a text."""

    def read(reading: NodeReading, node: Node) -> Iterable[str]:
        return read_block(reading, node) if node.about.startswith(OF_CELL) else rule(reading, node)

    return read


def read_left_out(reading: NodeReading, node: Node) -> Iterator[str]:
    """A line in the place of what is left out: why."""
    words = reading.meanings.words
    if node.about.endswith(NONE):
        yield from check_text(node, words.say(node.about))
        return
    reasons = list(_list_reasons(reading, node))
    yield from check_text(node, *map(words.left_out, reasons))


def _list_reasons(reading: NodeReading, node: Node) -> Iterator[Reason]:
    """Why something is left out: a text or an output of a cell, or by the reason itself."""
    meanings, chapter = reading.meanings, f"{node.place}/"
    if node.about.startswith((OF_CELL, chapter)):
        cell = node.about.removeprefix(OF_CELL).removeprefix(chapter)
        for _, written in meanings.texts.write_cell(node.place, cell):
            yield from written.missing
        of_notebook = meanings.texts.find_cell(node.place, cell)
        for need in list_needs(of_notebook) if of_notebook is not None else ():
            yield from _explain_need(reading, need)
        return
    code, _, about = node.about.partition("=")
    yield Reason.model_validate({"code": code, "about": about})


def _explain_need(reading: NodeReading, need: str) -> Iterator[Reason]:
    """Why what a cell needs isn't there: a table, a year before, a field, or a code."""
    meanings = reading.meanings
    fields = {name for names in meanings.ledger.fields.values() for name in names}
    if need in TABLES:
        if need not in meanings.ledger.fields:
            yield Reason(code="no_source", about=need)
    elif need == "previous":
        if meanings.data.comparison is None:
            yield Reason(code="no_comparison")
    else:
        name, _, code = need.partition("=")
        field = name.rpartition(".")[2]
        if field not in fields:
            yield Reason(code="no_field", about=field)
        if code:
            yield Reason(code="not_registered", about=field)


def read_entry(reading: NodeReading, node: Node) -> Iterator[str]:
    """An entry of the contents: the heading of what it leads to."""
    anchor = node.target.removeprefix("#")
    chapter = anchor.removeprefix("chapter-")
    if chapter in reading.meanings.texts.list_chapters():
        yield from check_text(node, *reading.meanings.texts.list_titles(chapter))
    heading = reading.find_heading(anchor)
    if heading is None:
        yield f"a heading behind the anchor '{anchor}'"
    else:
        yield from check_text(node, heading.text)


# What a page has alone in its lines: a value for machines, and links to places of its own.
OF_PAGES = ("raw", "link")
# What may stand in a line without a text before it, such as the number of a headline.
BY_THEMSELVES: Mapping[str, Rule] = {"value": read_value, "raw": read_raw, "link": read_link}
# The kinds of nodes of texts, and their rules.
RULES: Mapping[str, Rule] = {
    "text": read_block,
    FINDING: read_block,
    LEAD: read_block,
    "heading": read_heading,
    "alternative": read_alternative,
    "quote": read_block,
    "item": read_block,
    "credit": read_credit,
    "row": read_text_or(read_cell),
    "cell": read_text_or(read_cell),
    "head": read_text_or(read_head),
    "value": read_inline,
    "raw": read_inline,
    "parameter": read_inline,
    "missing": read_inline,
    "link": read_inline,
    "sourced": read_inline,
    "footnote": read_footnote,
    "left-out": read_left_out,
    "entry": read_entry,
    "opener": read_opener,
}
