"""Write nodes as HTML and as Typst: every text escaped, so no text can become markup."""

import re
import unicodedata
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from markupsafe import Markup, escape

from helpline_report.prose import nodes as tree
from helpline_report.prose.markdown import CHAPTER_ANCHOR, MARKUP

LOWEST_HEADING = 6
# A paragraph shorter than this, of letters as Typst has them, is short: it keeps with what follows.
LONG_OPENING = 300
# What stands between the nodes of an element; of the others nothing.
LINES = ("bullets", "numbers", "quote", "item", "footnotes")
BETWEEN = {"bullets": ", ", "numbers": ", ", "quote": "\n\n", "item": "\n"}
LINE, NOTHING = Markup("\n"), Markup("")
HTML = {kind: Markup(each) for kind, each in MARKUP["html"].items()}  # noqa: S704
TYPST: dict[str, str] = MARKUP["typst"]

ShowFigure = Callable[[tree.Value], Markup]


def html(
    nodes: tuple[tree.Node, ...],
    *,
    shift: int = 0,
    prefix: str = "",
    figure: ShowFigure | None = None,
    in_link: ShowFigure | None = None,
    back: str = "",
) -> Markup:
    """The blocks of a resolved text as HTML.

    Args:
        nodes: `Resolved.nodes`.
        shift: how many levels headings are lowered (1 makes `#` an h2).
        prefix: stands before the ids of headings; one a cell keeps them apart on a page.
        figure: writes a figure's value in place of the usual `<data class="figure">`.
        in_link: the same inside a link, which can't hold what leads elsewhere.
        back: what the link says that leads from a footnote back to its text.
    """
    return LINE.join(map(_Html(shift, HeadingIds(prefix), figure, in_link, back).write, nodes))


def typst(nodes: Iterable[tree.Node]) -> str:
    """The blocks of a resolved text as Typst markup; `nodes` as `html` takes them.

    A link to an anchor of the page is set as plain text: the book has no such anchors.
    """
    blocks, after_heading = [], False
    for node in nodes:
        block, kind = _typst(node), node.kind if isinstance(node, tree.Element) else ""
        # What opens a part of a chapter doesn't stay behind with its heading alone.
        opens = after_heading and kind == "paragraph" and len(block) < LONG_OPENING
        blocks.append(f"#opening[{block}]" if opens else block)
        after_heading = kind == "heading"
    return "\n\n".join(blocks)


def literal(text: str) -> str:
    """A text as Typst's string literal: quotes and backslashes escaped, nothing else special."""
    escaped = tree.settable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def slug(text: str) -> str:
    """A text as an id: 'Per maand' is 'per-maand'."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def _loosen(node: tree.Element) -> list[tree.Node]:
    """What an element holds; a tight item holds its text without a paragraph around it."""
    tight = node.kind == "item" and node.tight
    return [
        tree.Element("bare", child.children)
        if tight and isinstance(child, tree.Element) and child.kind == "paragraph"
        else child
        for child in node.children
    ]


def _describe_image(photograph: tree.Photograph | None) -> dict[str, object]:
    """A photograph as attributes of an image: its data as an address, its width and height."""
    if photograph is None:
        return {}
    data = b64encode(photograph.data).decode("ascii")
    address = f"data:{photograph.kind};base64,{data}"
    return {"address": address, "width": photograph.width, "height": photograph.height}


@dataclass(frozen=True)
class HeadingIds:
    """Names headings by their words, each once; `prefix` keeps those of several texts apart."""

    prefix: str = ""
    times: Counter[str] = field(default_factory=Counter)

    def name(self, heading: tree.Element) -> str:
        """An id that no heading has yet."""
        words = slug(tree.plain(heading.children))
        name = "-".join(part for part in (self.prefix, words) if part)
        self.times[name] += 1
        return name if self.times[name] == 1 else f"{name}-{self.times[name]}"


@dataclass
class _Html:
    shift: int
    ids: HeadingIds
    figure: ShowFigure | None
    in_link: ShowFigure | None
    back: str

    def write(self, node: tree.Node) -> Markup:
        match node:
            case tree.Element():
                return self.write_element(node)
            case tree.SoftBreak():
                return LINE
            case tree.Exempt():
                source, text = tree.settable(node.source), tree.settable(node.text)
                return HTML["sourced"].format(source=source, inner=text)
            case tree.Text():
                return escape(tree.settable(node.text))
            case tree.Value(figure=str()) if self.figure:
                return self.figure(node)
            case tree.Value():
                text = tree.settable(node.text)
                if node.figure is not None:
                    return HTML["figure"].format(raw=node.raw, inner=text)
                if node.about and not node.name:
                    return HTML["about"].format(about=node.about, inner=text)
                if not node.name:
                    return escape(text)
                kind, form = "missing" if node.about else "parameter", node.form or ""
                return HTML[kind].format(name=node.name, form=form, inner=text)
        raise ValueError(f"'{node.name}' isn't resolved")

    def write_element(self, node: tree.Element, kind: str = "") -> Markup:
        inside = replace(self, figure=self.in_link) if node.kind == "link" else self
        parts = [
            self.write_element(child, "note below")
            if node.kind == "footnotes" and isinstance(child, tree.Element)
            else inside.write(child)
            for child in _loosen(node)
        ]
        kind = kind or node.kind
        if (kind == "footnote" and not node.level) or (kind == "picture" and not node.photograph):
            kind = f"{kind} as written"
        return HTML[kind].format(
            inner=(LINE if kind in LINES else NOTHING).join(parts),
            first=NOTHING.join(parts[:1]),
            others=LINE.join(parts[1:]),
            level=min(node.level + self.shift, LOWEST_HEADING),
            number=node.level,
            id=self.ids.name(node) if kind == "heading" else "",
            side=Markup(' class="right"') if node.right else "",
            href=node.href,
            back=self.back,
            alt=tree.plain(node.children),
            credit=node.credit,
            **_describe_image(node.photograph),
        )


def _typst(node: tree.Node) -> str:
    match node:
        case tree.Element():
            return _typst_element(node)
        case tree.Text() | tree.Value() | tree.Exempt():
            return f"#{literal(node.text)};" if node.text else ""
        case tree.SoftBreak():
            return '#" ";'
    raise ValueError(f"'{node.name}' isn't resolved")


def _typst_element(node: tree.Element) -> str:
    inner = BETWEEN.get(node.kind, "").join(map(_typst, _loosen(node)))
    elements = [child for child in node.children if isinstance(child, tree.Element)]
    match node.kind:
        case "link" if node.href.startswith(CHAPTER_ANCHOR):
            return f"#link(label({literal(node.href[1:])}))[{inner}]"
        case "link":
            return inner if node.href.startswith("#") else f"#link({literal(node.href)})[{inner}]"
        case "table":
            head, *rows = elements
            sides = ", ".join(
                "right" if isinstance(cell, tree.Element) and cell.right else "left"
                for cell in head.children
            )
            heads = ", ".join(map(_typst, head.children))
            cells = ", ".join(_typst(cell) for row in rows for cell in row.children)
            return f"#text-table(({sides},), ({heads},), ({cells}{',' if cells else ''}))"
        case "footnotes":
            notes = (
                f"({literal(note.href)}, [{''.join(map(_typst, note.children))}])"
                for note in elements
            )
            return f"#footnotes(({', '.join(notes)},))"
        case "picture" if node.photograph:
            svg = literal(TYPST["svg"].format(**_describe_image(node.photograph)))
            alt, credit = literal(tree.plain(node.children)), literal(node.credit)
            return f"#photograph(svg: {svg}, alt: {alt}, credit: {credit})"
        case "picture" | "footnote":
            return f"#super[#link(label({literal('note-' + node.href)}))[{node.level}]];"
    tight = str(all(element.tight for element in elements)).lower()
    return TYPST[node.kind].format(inner=inner, level=node.level, tight=tight)
