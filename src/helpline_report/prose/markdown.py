"""Parse Markdown to our own tree; what the tree has no node for is refused.

Beside what CommonMark has: tables, footnotes (`[^name]`), placeholders (`{{ figure | form }}`), and
a source for what isn't counted (`[words](<bron:…>)`).
"""

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

from helpline_report.errors import ProseError
from helpline_report.parameters.values import SOURCES, is_blank
from helpline_report.parameters.yaml import read_resource
from helpline_report.prose import nodes as tree

ALLOWED = (
    "allowed are: headings, paragraphs, lists, quotations, *emphasis*, **strong emphasis**, links, "
    "images, tables, footnotes and {{ figures }}"
)
SCHEMES = ("https:", "mailto:", "tel:", "#")
LINKS = (
    "a link leads to https:, mailto:, tel:, #anchor or another chapter (contacts.md); a source is "
    "marked [text](<bron:…>)"
)
IMAGE = '![what it shows](photo.jpg "credit"), in a paragraph of its own'
CHAPTER = re.compile(r"([a-z0-9_]+)\.md")
# The address of a chapter in the page.
CHAPTER_ANCHOR = "#chapter-"
DASHES = ("— ", "– ", "-- ")
COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.DOTALL)
# What the parser calls an element of the tree, and what is refused.
MARKUP = read_resource("helpline_report.prose", "markup.yaml").data
KINDS: Mapping[str, str] = MARKUP["kinds"]
REFUSED: Mapping[str, str] = MARKUP["refused"]
# What must say something, and what it is called where it doesn't.
WORDLESS: Mapping[str, str] = MARKUP["wordless"]
WORDLESS_STEP = "write what it says, or take it out"

OPEN, CLOSE = "{{", "}}"
GRAMMAR = re.compile(r"\s*(?P<name>[^\s|{}]+)\s*(?:\|\s*(?P<form>[^\s|{}]+)\s*)?")
PLACEHOLDER = re.compile(r"\{\{(?P<inside>(?:(?!\}\}).)*)\}\}")
WRITTEN_OUT = re.compile(r"\{\{(?P<inside>[^{}\n]*)\}\}")
# Stands for the bar of a placeholder, which is no edge of a table's cell.
BAR = "\ue000"
NOTE = re.compile(r"^\[\^(?P<name>[\w-]+)\]:[ \t]+(?P<text>.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
REFERENCE = re.compile(r"\[\^(?P<inside>[\w-]+)\]")
# To the parser, a reference among the words of a link leaves no link.
IN_LINK = re.compile(r"(?<!\\)\[[^\[\]]*(\[\^[\w-]+\])[^\[\]]*\]\(")


@dataclass(frozen=True)
class Place:
    """A text's file, the cell it stands in or replaces, and the line of the file it begins on.

    `photographs` are those that the text shows, by their files beside it; None of one that is
    refused.
    """

    file: str
    cell: str = ""
    line: int = 1
    photographs: Mapping[str, tree.Photograph | None] = field(default_factory=dict, compare=False)

    def at(self, offset: int, column: int = 0) -> str:
        """The place of a line (0 is the first of the text), and of a column of it if told (1 …)."""
        cell = f", cell '{self.cell}'" if self.cell else ""
        character = f", column {column}" if column else ""
        return f"{self.file}{cell}, line {self.line + offset}{character}"


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with a text: the line (0 is its first), what, and the next step.

    `column` is that of the line (1 is its first character), or 0 where it is the whole line.
    """

    line: int
    what: str
    next_step: str = ""
    column: int = 0


@dataclass(frozen=True)
class Exemption:
    """A text that the check of findings passes over because its source is given, for the audit."""

    text: str
    source: str
    place: str


class TextError(ProseError):
    """A text is refused; carries every complaint about it."""

    def __init__(self, complaints: Sequence[Complaint], place: Place) -> None:
        self.complaints = tuple(sorted(complaints, key=lambda c: (c.line, c.column)))
        self.place = place
        self.lines = [f"{place.at(c.line, c.column)}: {c.what}" for c in self.complaints]
        steps = list(dict.fromkeys(c.next_step for c in self.complaints if c.next_step))
        super().__init__("\n".join(self.lines), next_step="\n  → ".join(steps))


def parse(text: str, where: Place) -> tuple[tree.Element, ...]:
    """The blocks of a text, with its placeholders unresolved.

    Raises:
        TextError: with every construct that isn't allowed.
    """
    reader = _TreeReader(text)
    # What a note says stands elsewhere; its lines stay, empty.
    body = NOTE.sub(lambda match: "\n" * match[0].count("\n"), text)
    try:
        nodes = reader.nodes(SyntaxTreeNode(_parser().parse(_hide_bars(body))))
    except RecursionError:
        step = "write it without emphasis within emphasis, or lists within lists"
        raise TextError([Complaint(0, "the text is nested too deeply", step)], where) from None
    for name in reader.notes.keys() - reader.used:
        line = text.count("\n", 0, reader.notes[name].start())
        reader.refuse(f"no text refers to the note '{name}'", f"write [^{name}] there", line)
    for match in IN_LINK.finditer(text):
        line = text.count("\n", 0, match.start(1))
        reader.refuse(f"the note {match[1]} inside a link", "write it behind the link", line)
    if reader.complaints:
        raise TextError(reader.complaints, where)
    return tuple(node for node in nodes if isinstance(node, tree.Element))


def split_placeholder(inside: str) -> tuple[str, str | None] | None:
    """The name and the form between the braces, or None where it isn't `name | form`."""
    parts = GRAMMAR.fullmatch(inside)
    return (parts["name"], parts["form"]) if parts else None


def blank_comments(text: str) -> str:
    """A text without its comments, of which the lines stay, empty."""
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def join_errors(errors: Sequence[ProseError]) -> ProseError:
    """Several refusals as one, in the order of files and lines; a single one is itself."""
    if len(errors) == 1:
        return errors[0]
    complaints: list[tuple[str, int, int, str]] = []
    for error in errors:
        if isinstance(error, TextError):
            file, first = error.place.file, error.place.line
            lines = zip(error.complaints, error.lines, strict=True)
            complaints += [(file, first + c.line, c.column, line) for c, line in lines]
        else:
            complaints.append((error.where, 0, 0, f"{error.where}: {error.what}"))
    steps = (step for error in errors for step in error.next_step.split("\n  → ") if step)
    what = "\n".join(line for *_, line in sorted(complaints))
    return ProseError(what, next_step="\n  → ".join(dict.fromkeys(steps)))


def _hide_bars(text: str) -> str:
    return WRITTEN_OUT.sub(lambda match: match[0].replace("|", BAR), text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Before all other rules: an underscore in a name emphasises nothing, a bar makes no table.
    for kind, pattern in (("placeholder", PLACEHOLDER), ("footnote", REFERENCE)):
        parser.inline.ruler.before("text", kind, _make_rule(kind, pattern))
    # Which links are allowed is decided here, with a message, and not by leaving them unparsed.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def _make_rule(kind: str, pattern: re.Pattern[str]) -> Callable[[StateInline, bool], bool]:
    """A rule of the parser: what a pattern matches is a token of this kind."""

    def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as it is called
        match = pattern.match(state.src, state.pos, state.posMax)
        if match is None:
            return False
        if not silent:
            state.push(kind, "", 0).content = match["inside"].replace(BAR, "|")
        state.pos = match.end()
        return True

    return rule


class _TreeReader:
    """Turns the parser's tree into ours, and keeps count of places and of what is refused."""

    def __init__(self, text: str) -> None:
        self.complaints: list[Complaint] = []
        self.lines = text.split("\n")
        self.line = self.end = 0
        self.notes = {match["name"]: match for match in NOTE.finditer(text)}
        self.used: set[str] = set()

    def refuse(self, what: str, step: str = ALLOWED, line: int | None = None) -> None:
        self.complaints.append(Complaint(self.line if line is None else line, what, step))

    def column(self, words: str) -> int:
        """The column at which words stand in this line, behind those that were asked for before."""
        line = self.lines[self.line] if self.line < len(self.lines) else ""
        start = line.find(words, self.end)
        if start < 0:  # an entity, or an escaped character
            return self.end + 1
        self.end = start + len(words)
        return start + 1

    def nodes(self, parent: SyntaxTreeNode) -> tuple[tree.Node, ...]:
        """The nodes below a parser's node, neighbouring texts as one."""
        nodes: list[tree.Node] = []
        for child in parent.children:
            node = self.node(child)
            last = nodes[-1] if nodes else None
            if isinstance(node, tree.Text) and isinstance(last, tree.Text):
                nodes[-1] = replace(last, text=last.text + node.text)
            elif node is not None:
                nodes.append(node)
        return tuple(nodes)

    def node(self, node: SyntaxTreeNode) -> tree.Node | None:
        """One node, or None for a comment or for what is refused."""
        if node.map and node.map[0] != self.line:
            self.line, self.end = node.map[0], 0
        match node.type:
            case "text" | "text_special":
                return self.text(node.content)
            case "softbreak" | "hardbreak":
                self.line, self.end = self.line + 1, 0
                return tree.SoftBreak()
            case "placeholder":
                return self.placeholder(node.content)
            case "link":
                return self.link(node)
            case "footnote":
                return self.footnote(node.content)
            case "image":
                self.refuse("an image inside a text", IMAGE)
                return None
            case "html_block" | "html_inline" if COMMENT.fullmatch(node.content):
                self.line += node.content.count("\n")
                return None
            case kind if kind in KINDS:
                return self.element(node)
        self.refuse(f"{REFUSED.get(node.type, node.type)} can't be set")
        return None

    def element(self, node: SyntaxTreeNode) -> tree.Element:
        if node.type == "ordered_list" and node.attrs.get("start", 1) != 1:
            self.refuse("a list is numbered from 1", "number the list from 1")
        # Between a block and its text the parser has a node of its own.
        holds = node.type in ("heading", "paragraph", "th", "td")
        inside = node.children[0] if holds and node.children else node
        if node.type == "paragraph" and [child.type for child in inside.children] == ["image"]:
            return self.picture(inside.children[0])
        if node.type == "table":
            rows = [row for part in node.children for row in part.children]
            if len(rows) == 1:
                self.refuse("a table without rows", "write a row below its heads, or take it out")
            return tree.Element("table", tuple(self.element(row) for row in rows))
        line = node.map[0] if node.map else self.line
        children = self.words(inside, WORDLESS.get(node.type, ""), line)
        return tree.Element(
            KINDS[node.type],
            _split_credit(children) if node.type == "blockquote" else children,
            level=int(node.tag[1:]) if node.type == "heading" else 0,
            tight=node.type == "list_item"
            and all(child.hidden for child in node.children if child.type == "paragraph"),
            right="right" in str(node.attrs.get("style", "")),
            line=line,
        )

    def words(self, parent: SyntaxTreeNode, what: str, line: int) -> tuple[tree.Node, ...]:
        """The nodes below a parser's node; `what` is refused that has no words among them."""
        complaints = len(self.complaints)
        children = self.nodes(parent)
        # What was refused inside it may have been its words.
        if what and not tree.has_words(children) and len(self.complaints) == complaints:
            self.refuse(what, WORDLESS_STEP, line)
        return children

    def picture(self, node: SyntaxTreeNode) -> tree.Element:
        line, href = self.line, str(node.attrs.get("src", ""))
        alternative = self.text(node.content)
        credit = str(node.attrs.get("title", "")).strip()
        if alternative is None or is_blank(alternative.text):
            self.refuse("an image has no alternative text", f"say what it shows: {IMAGE}", line)
        if is_blank(credit):
            self.refuse("an image has no credit", f"say who made it: {IMAGE}", line)
        children = (alternative,) if alternative else ()
        return tree.Element("picture", children, href=href, credit=credit, line=line)

    def footnote(self, name: str) -> tree.Element | None:
        """A reference to a note, with what the note says."""
        note = self.notes.get(name)
        if note is None:
            self.refuse(f"there is no note '{name}'", f"write it in a line: [^{name}]: the note")
            return None
        if name in self.used:
            self.refuse(f"the note '{name}' is referred to twice", "write another note")
            return None  # it may be the note itself that refers to it
        self.used.add(name)
        line, end = self.line, self.column(f"[^{name}]") + len(name) + 2
        self.line = note.string.count("\n", 0, note.start())
        self.end = note.start("text") - note.start()
        (inline,) = SyntaxTreeNode(_parser().parseInline(_hide_bars(note["text"]))).children
        children = self.words(inline, f"the note '{name}' says nothing", self.line)
        self.line, self.end = line, end
        return tree.Element("footnote", children, line=line)

    def text(self, content: str) -> tree.Text | None:
        """Literal text; braces in it are a placeholder that isn't one."""
        if {"{", "}"} & {*content}:
            what = "a placeholder that isn't closed, or isn't opened"
            self.refuse(what, "write {{ name | form }}")
        return tree.Text(content, self.line, self.column(content)) if content else None

    def placeholder(self, inside: str) -> tree.Placeholder | None:
        parts = split_placeholder(inside)
        if parts is None:
            step = "write {{ name }} or {{ name | form }}: one name, and at most one form"
            self.refuse(f"'{{{{{inside}}}}}' is no placeholder", step)
            return None
        return tree.Placeholder(*parts, self.line, self.column(f"{OPEN}{inside}{CLOSE}"))

    def link(self, node: SyntaxTreeNode) -> tree.Element | tree.Exempt:
        """A link, or text that is exempt because its source is marked."""
        href, line = str(node.attrs.get("href", "")), self.line
        children = self.words(node, WORDLESS["link"], line)
        if "title" in node.attrs:
            self.refuse("a link has no title", LINKS, line)
        source = next((href[len(s) :].strip() for s in SOURCES if href.startswith(s)), None)
        if source is None:
            chapter = CHAPTER.fullmatch(href)
            if not chapter and (OPEN in href or not href.startswith(SCHEMES)):
                self.refuse(f"a link to '{href.replace(BAR, '|')}'", LINKS, line)
            # An address has no other letters than these, in a PDF least of all.
            href = quote(href, safe=string.punctuation, errors="replace")
            href = f"{CHAPTER_ANCHOR}{chapter[1]}" if chapter else href
            return tree.Element("link", children, href=href, line=line)
        if not source:
            step = "name it: [text](<bron:the source>)"
            self.refuse("a source that says nothing", step, line)
        if any(not isinstance(child, tree.Text | tree.SoftBreak) for child in children):
            self.refuse("what is marked with a source is plain text", "take the markup out", line)
        return tree.Exempt(tree.plain(children), source, line)


def _split_credit(blocks: tuple[tree.Node, ...]) -> tuple[tree.Node, ...]:
    """A quotation, whose last line is a credit where it begins with a dash."""
    last = blocks[-1] if blocks else None
    if not isinstance(last, tree.Element) or last.kind != "paragraph":
        return blocks
    breaks = [at for at, node in enumerate(last.children) if isinstance(node, tree.SoftBreak)]
    start = breaks[-1] + 1 if breaks else 0
    first = last.children[start] if last.children[start:] else None
    if not isinstance(first, tree.Text) or not first.text.startswith(DASHES):
        return blocks
    name = first.text.split(" ", 1)[1]
    credit = tree.Element("credit", (replace(first, text=name), *last.children[start + 1 :]))
    before = (replace(last, children=last.children[: start - 1]),) if start else ()
    return (*blocks[:-1], *before, credit)
