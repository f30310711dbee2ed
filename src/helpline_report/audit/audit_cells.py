"""Put the cells of a chapter into its page: texts as they are written, code, traces and drawings.

nbconvert walks the released notebook; what it writes of a cell are the blocks that stand for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from helpline_report.audit.page_blocks import (
    Block,
    DrawingBlock,
    GroupBlock,
    LineBlock,
    ProseBlock,
    Run,
    describe_blocks,
    say,
)
from helpline_report.audit.trace import REPORT, Tracer, find_address
from helpline_report.audit.trace_blocks import make_trace
from helpline_report.charts.svg import printable
from helpline_report.description import Node
from helpline_report.prose import nodes as tree
from helpline_report.prose.markdown import parse
from helpline_report.prose.rendering import HeadingIds, html
from helpline_report.report import markup, views
from helpline_report.report.chapters import ChapterReader, find_lack, text_of
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import is_left_out
from helpline_report.run.notebooks import INJECTED, read_tags


class AuditedCells(Preprocessor):
    """Puts in the place of each cell the blocks that stand for it, as markup."""

    def __init__(self, tracer: Tracer, reader: ChapterReader, environment: Environment) -> None:
        super().__init__(enabled=True)
        self.tracer, self.reader = tracer, reader
        self._show = markup.load_macros(environment, "blocks.html.j2").show
        self._blocks: dict[str, list[Block]] = {}

    def as_rendered(self, name: str, text: str) -> ProseBlock:
        """The cells of a chapter that was converted, with what they say."""
        nodes = tuple(describe_blocks(self._blocks[name], ""))
        return ProseBlock(markup.trust_markup(text), nodes)

    def preprocess(
        self, node: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """The notebook for the auditor, and the title of its chapter in `resources`."""
        name = resources["title"] = resources["chapter"]
        self._blocks[name], is_headed = [], False
        # A text that nobody misses in the report is none of this edition.
        words = self.reader.words
        node.cells = [
            cell for cell in node.cells if cell.cell_type == "code" or find_lack(cell, words) != ""
        ]
        for cell in node.cells:
            if cell.cell_type == "markdown":
                titled = resources["title"] != name
                title, block = self._explain(name, cell, titled=titled)
                resources["title"] = title or resources["title"]
                blocks: list[Block] = [block]
            else:
                # The first cell of code needs a heading above it where no text gives one.
                blocks = [] if is_headed else [self._head("preparation")]
                blocks.append(self._make_code(name, cell))
            is_headed = is_headed or cell.cell_type == "code" or _has_heading(blocks)
            cell.source = markup.trust_markup(self._show(blocks))
            self._blocks[name] += blocks
        return node, resources

    def _head(self, about: str) -> LineBlock:
        return say("heading", self.tracer.words.say(f"page.{about}"), about, tag="h2")

    def _make_code(self, name: str, cell: NotebookNode) -> GroupBlock:
        """A cell of code, with the traces of what it gave beside it."""
        about = "given" if INJECTED in read_tags(cell) else "cell"
        text = self.tracer.words.say(
            f"page.{about}", **({} if about == "given" else {"cell": cell.id})
        )
        anchor = f"cell-{cell.id}"
        code = (
            LineBlock("name", (Run(text, f"#{anchor}"),), about, look="name"),
            say("code", cell.source, f"code={cell.id}", tag="pre"),
        )
        gave = tuple(self._trace_cell(name, cell))
        groups = [GroupBlock(code, look="code"), GroupBlock(gave, look="gave")]
        return GroupBlock(tuple(group for group in groups if group.blocks), anchor, "cell")

    def _trace_cell(self, name: str, cell: NotebookNode) -> Iterator[Block]:
        """The traces of a cell of code, and what of it the report shows, or why it doesn't."""
        line = find_lack(cell, self.reader.words)
        if line is not None:
            about = "lack" if line else "code_left_out"
            yield say(
                "note", line or self.tracer.words.say("page.code_left_out"), about, look="note"
            )
        record = self.tracer.publication.record_of(name, cell.id)
        for trace in self.tracer.trace_all(cell.id, record.figures):
            yield make_trace(trace, self.tracer)
        for reference in record.shows if line is None else ():
            charts = (
                view
                for view in self.reader.parts.of(reference)
                if isinstance(view, views.ChartView)
            )
            head = f"{self.tracer.words.head('page.shown')}: "
            address = f"{REPORT}#chapter-{name}"
            link = (Run(head, address), Run(reference.id, address, look="code"))
            text = LineBlock("name", link, f"shown={reference.id}", look="name")
            yield GroupBlock((*map(self._draw, charts), text), look="shown")

    def _draw(self, view: views.ChartView) -> DrawingBlock:
        drawings = [each for each in (view.wide, view.narrow) if each is not None]
        return DrawingBlock(
            view.id,
            tuple(map(markup.embed_svg, drawings)),
            tuple(printable(drawing.alt) for drawing in drawings),
            self.tracer.words.say("page.scroll", caption=view.caption),
        )

    def _explain(
        self, name: str, cell: NotebookNode, *, titled: bool
    ) -> tuple[str, GroupBlock | LineBlock]:
        """The title of a text (its heading of level 1, or nothing), and the rest as blocks.

        Once a chapter is `titled`, another such heading is one of its sections.

        A placeholder stands as it is written, and leads to the trace of its figure.
        """
        publication, words = self.tracer.publication, self.tracer.words
        anchor = f"cell-{cell.id}"
        if is_left_out(cell):
            left_out = words.say("part.cell_left_out")
            return "", say("note", left_out, "cell_left_out", look="note", anchor=anchor)
        text, where = text_of(publication, name, cell)
        blocks, title = parse(text, where), ""
        if blocks and blocks[0].kind == "heading" and blocks[0].level == 1 and not titled:
            title, blocks = tree.plain(blocks[0].children), blocks[1:]

        def written(value: tree.Value) -> Markup:
            return Markup("<code>{}</code>").format(value.text)

        def link(value: tree.Value) -> Markup:
            href, code = find_address(value.figure or "", publication), written(value)
            return Markup('<a href="{}">{}</a>').format(href, code) if href else code

        nodes = tuple(map(_write_back, blocks))
        rendered = html(nodes, prefix=f"text-{where.cell}", figure=link, in_link=written)
        replacement = publication.texts_of(name).get(cell.id)
        line, parts = find_lack(cell, self.reader.words), list[Block]()
        if line:
            parts.append(say("note", line, "lack", look="note"))
        if replacement is not None and replacement.file.startswith("params/"):
            own = words.say("page.text_of", cell=cell.id)
            parts.append(say("name", own, "text_of", look="name"))
        described = _ProseNodes(f"text-{where.cell}", publication).list_blocks(nodes)
        parts.append(ProseBlock(rendered, tuple(described)))
        return title, GroupBlock(tuple(parts), anchor, "text")


def _has_heading(blocks: Iterable[Block]) -> bool:
    """Whether a text has a heading of a section."""
    for block in blocks:
        if isinstance(block, GroupBlock) and _has_heading(block.blocks):
            return True
        if isinstance(block, ProseBlock) and "<h2" in block.markup:
            return True
    return False


def _write_back(node: tree.Node) -> tree.Node:
    """A node of a text with its placeholders as they are written, and its links into the report."""
    if isinstance(node, tree.Placeholder):
        form = f" | {node.form}" if node.form else ""
        return tree.Value(text=f"{{{{ {node.name}{form} }}}}", figure=node.name)
    if not isinstance(node, tree.Element):
        return node
    return replace(
        node,
        children=tuple(map(_write_back, node.children)),
        level=max(2, min(3, node.level)) if node.kind == "heading" else 0,
        href=f"{REPORT}{node.href}" if node.href.startswith("#") else node.href,
    )


class _ProseNodes:
    """Describes a text as it is written: block by block, with where its links lead."""

    def __init__(self, prefix: str, publication: Publication) -> None:
        self._ids, self._publication = HeadingIds(prefix), publication

    def list_blocks(self, nodes: Iterable[tree.Node]) -> Iterator[Node]:
        """The nodes of some blocks; a footnote stands in brackets, where its number would."""
        for node in nodes:
            if not isinstance(node, tree.Element):
                continue
            if node.kind == "table":
                yield Node("", "table")
                for number, row in enumerate(node.children):
                    yield from self._list_cells(row, is_head=number == 0)
            elif node.holds_text:
                if node.kind == "heading":
                    yield Node("", "anchor", about=self._ids.name(node))
                kind = "heading" if node.kind == "heading" else "text"
                level = str(node.level - 1) if node.kind == "heading" else ""
                yield Node("", kind, _write_words(node.children), form=level)
                yield from self._list_inline(node.children)
            else:
                yield from self.list_blocks(node.children)

    def _list_cells(self, row: tree.Node, *, is_head: bool) -> Iterator[Node]:
        for number, cell in enumerate(row.children if isinstance(row, tree.Element) else ()):
            if isinstance(cell, tree.Element):
                kind = "head" if is_head else "cell" if number else "row"
                yield Node("", kind, _write_words(cell.children))
                yield from self._list_inline(cell.children)

    def _list_inline(self, nodes: Iterable[tree.Node], *, in_link: bool = False) -> Iterator[Node]:
        """Links and sources of a text; a placeholder inside a link leads nowhere itself."""
        for node in nodes:
            match node:
                case tree.Element(kind="link"):
                    yield Node("", "link", _write_words(node.children), target=node.href)
                    yield from self._list_inline(node.children, in_link=True)
                case tree.Element():
                    yield from self._list_inline(node.children, in_link=in_link)
                case tree.Exempt():
                    source = tree.settable(node.source)
                    yield Node("", "sourced", tree.settable(node.text), source)
                case tree.Value():
                    address = find_address(node.figure or "", self._publication)
                    if address and not in_link:
                        yield Node("", "link", node.text, target=address)


def _write_words(nodes: Iterable[tree.Node]) -> str:
    words = []
    for node in nodes:
        if isinstance(node, tree.Element):
            inside = _write_words(node.children)
            words.append(f" ({inside})" if node.kind == "footnote" else inside)
        elif isinstance(node, tree.SoftBreak):
            words.append(" ")
        elif not isinstance(node, tree.Placeholder):
            words.append(tree.settable(node.text))
    return "".join(words)
