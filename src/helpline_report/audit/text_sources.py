"""Read the texts of notebooks and of their own files as blocks of words and names of figures.

By the parser of Markdown itself, and not by what writes them into pages.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

# `{{ name | form }}`, a reference to a note, and the note itself.
NAME = re.compile(r"\{\{\s*([^\s|{}]+)\s*(?:\|\s*([^\s|{}]+)\s*)?\}\}")
REFERENCE = re.compile(r"\[\^([\w-]+)\]")
NOTE = re.compile(r"^\[\^([\w-]+)\]:[ \t]+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
# These take the place of a name and of a reference while the text is parsed: in braces, which are
# punctuation to the parser as before.
PLACED = re.compile("\\{([\ue200\ue201])(\\d+)\\}")
OF_NAME, OF_NOTE = "\ue200", "\ue201"
SOURCES = ("bron:", "source:")
CHAPTER = re.compile(r"([a-z0-9_]+)\.md")
CREDIT = re.compile("(?:—|–|--) ")
# What an address writes by its bytes.
NO_ADDRESS = re.compile("[^!-~]")
# What blocks in a list and in a quotation are called, and the cells of a row: the first, others.
BOXES = {"list_item_open": "item", "blockquote_open": "quote"}
QUOTE_END = "blockquote_close"
CELLS = ("row", "cell")
# A block that begins with this name takes the place of the one before.
ELSE = "else"


class Blank(NamedTuple):
    """A place in a text where the value of a name stands, in a form of words."""

    name: str
    form: str


class TextReference(NamedTuple):
    """A place that refers to a note: the text of the note, or the source that it names."""

    note: "tuple[Piece, ...]" = ()
    source: str = ""


class Opening(NamedTuple):
    """The beginning of a link or of an emphasis; `target` is where the link leads."""

    target: str = ""
    is_link: bool = False


class Closing(NamedTuple):
    """Its end."""


class LineEnd(NamedTuple):
    """The end of a line inside a paragraph."""


Piece = str | Blank | TextReference | Opening | Closing | LineEnd


class SourceBlock(NamedTuple):
    """A block of a text: a heading of a level, a paragraph, a cell, an image with its credit."""

    kind: str
    pieces: tuple[Piece, ...]
    level: int = 0
    credit: str = ""

    @property
    def is_replacement(self) -> bool:
        """Whether it stands only where the one before lacks something."""
        return self.pieces[:1] == (Blank(ELSE, ""),)


@cache
def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Links are taken as they are written.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


class _Names:
    """The names and the notes of one text, in the places of which marks are parsed."""

    def __init__(self, text: str) -> None:
        self.blanks: list[Blank] = []
        self.references: list[str] = []
        self.notes = {match[1]: match[2] for match in NOTE.finditer(text)}
        self.body = self.mark(NOTE.sub(lambda match: "\n" * match[0].count("\n"), text))

    def mark(self, text: str) -> str:
        """A text with marks in the place of its names."""

        def put_name(match: re.Match[str]) -> str:
            self.blanks.append(Blank(match[1], match[2] or ""))
            return f"{{{OF_NAME}{len(self.blanks) - 1}}}"

        def put_reference(match: re.Match[str]) -> str:
            self.references.append(match[1])
            return f"{{{OF_NOTE}{len(self.references) - 1}}}"

        return REFERENCE.sub(put_reference, NAME.sub(put_name, text))

    def split(self, text: str) -> Iterator[Piece]:
        """A parsed text with its names again."""
        end = 0
        for match in PLACED.finditer(text):
            if match.start() > end:
                yield text[end : match.start()]
            end = match.end()
            number = int(match[2])
            if match[1] == OF_NAME:
                yield self.blanks[number]
            else:
                note = self.notes.get(self.references[number], "")
                (inline,) = _make_parser().parseInline(self.mark(note))
                yield TextReference(tuple(self.list_pieces(inline.children or [])))
        if end < len(text):
            yield text[end:]

    def list_pieces(self, tokens: Sequence[Token]) -> Iterator[Piece]:
        """What the tokens of a line of text stand for."""
        sources: list[str] = []
        for token in tokens:
            if token.type == "text":
                yield from self.split(token.content)
            elif token.type in ("softbreak", "hardbreak"):
                yield LineEnd()
            elif token.type == "link_open":
                target = str(token.attrGet("href") or "")
                vouched = [target[len(s) :].strip() for s in SOURCES if target.startswith(s)]
                sources.append(vouched[0] if vouched else "")
                if chapter := CHAPTER.fullmatch(target):
                    target = f"#chapter-{chapter[1]}"
                target = NO_ADDRESS.sub(_write_bytes, target)
                yield Opening(target, is_link=not vouched)
            elif token.type == "link_close":
                yield Closing()
                if source := sources.pop():
                    yield TextReference(source=source)
            elif token.nesting:
                yield Opening() if token.nesting > 0 else Closing()


@lru_cache(maxsize=500)
def read_blocks(text: str) -> tuple[SourceBlock, ...]:
    """The blocks of a text in their order: those inside lists, quotations and tables too."""
    names = _Names(text)
    return tuple(_list_blocks(_make_parser().parse(names.body), names))


def _list_blocks(tokens: Sequence[Token], names: _Names) -> Iterator[SourceBlock]:
    around: list[Token] = []
    cells = 0
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = 0
        if token.nesting > 0:
            around.append(token)
        elif token.nesting < 0:
            around.pop()
        elif token.type == "inline":
            holder, children = around[-1], token.children or []
            if [child.type for child in children] == ["image"]:
                credit = str(children[0].attrGet("title") or "").strip()
                yield SourceBlock("alternative", (children[0].content,), credit=credit)
                continue
            pieces = tuple(names.list_pieces(children))
            boxes = [each.type for each in around if each.type in BOXES]
            if holder.tag in ("th", "td"):
                yield SourceBlock("head" if holder.tag == "th" else CELLS[cells > 0], pieces)
                cells += 1
            elif holder.type == "heading_open":
                yield SourceBlock("heading", pieces, int(holder.tag[1:]))
            elif boxes and [each.type for each in tokens[place + 2 : place + 3]] == [QUOTE_END]:
                yield from _split_credit(pieces)
            else:
                yield SourceBlock(BOXES[boxes[-1]] if boxes else "text", pieces)


def _write_bytes(letter: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in letter[0].encode("utf-8", "replace"))


def _split_credit(pieces: tuple[Piece, ...]) -> Iterator[SourceBlock]:
    """A quotation: its last line is a credit if it begins with a dash."""
    breaks = [at for at, piece in enumerate(pieces) if isinstance(piece, LineEnd)]
    start = breaks[-1] + 1 if breaks else 0
    first = pieces[start] if pieces[start:] else ""
    if isinstance(first, str) and (dash := CREDIT.match(first)):
        if start:
            yield SourceBlock("quote", pieces[: start - 1])
        yield SourceBlock("credit", (first[dash.end() :], *pieces[start + 1 :]))
    else:
        yield SourceBlock("quote", pieces)
