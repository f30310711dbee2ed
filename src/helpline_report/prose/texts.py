"""Read an edition's own texts, one file a chapter, and check the names in them.

A file holds blocks that take the place of Markdown cells. The names and forms of a text are checked
before there is any figure to name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import ProseError, nearest, to_read
from helpline_report.parameters.yaml import TAG
from helpline_report.prose.edition_values import HEADS, VALUE_FORMS
from helpline_report.prose.forms import FORMS, find_form
from helpline_report.prose.markdown import (
    COMMENT,
    WRITTEN_OUT,
    Complaint,
    Place,
    TextError,
    parse,
    split_placeholder,
)
from helpline_report.prose.nodes import ELSE, Element, Placeholder, walk

OPENING = re.compile(r"===[ \t]*(?P<name>[^\s=]+)[ \t]*===[ \t]*")
LOOKS_LIKE_ONE = re.compile(r"={2,}[ \t]*[^\s=]")
HOW = "begin each block with a line '=== cell-name ==='"
FACT = "fact."
NAMES_STEP = "the cheat sheet names every figure; a new one is counted in a cell of a chapter first"
TODO_STEP = f"write the text in place of the line that begins with '{TAG}'"
FORMS_STEP = "the cheat sheet names the forms that fit each figure"
EVERY_FORM: Mapping[str, object] = {**FORMS, **VALUE_FORMS}


@dataclass(frozen=True)
class CellText:
    """The text that takes a cell's place, the line of the file it begins on, and that file."""

    markdown: str
    line: int
    file: str


@dataclass
class TextBlock:
    """A block of a file with the line that opens it, to the byte; the first one has no name.

    `line` is the number of its first line in the file.
    """

    name: str
    line: int
    text: str = ""


def read_text_file(path: Path, where: str) -> str:
    """A file of texts, to the byte but for its encoding; one that isn't there holds nothing.

    Raises:
        ProseError: the file can't be read, or isn't UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ProseError(f"byte {error.start} is not UTF-8", where=where) from None
    except OSError as error:
        raise ProseError(
            f"can't be read ({error.strerror})", where=where, next_step=to_read(error)
        ) from None


def read_texts(path: Path, cells: Collection[str], where: str = "") -> dict[str, CellText]:
    """The blocks of a text file by the name of the cell whose place they take.

    Args:
        path: the file; one that isn't there holds no blocks.
        cells: the names of the chapter's Markdown cells.
        where: the file's name in messages, relative to the project.

    Raises:
        ProseError: the file can't be read, or isn't UTF-8.
        TextError: text before the first block, a block twice, one for a cell that isn't there, or
            what is still to decide (`!todo`).
    """
    name = where or path.name
    return split_texts(read_text_file(path, name).removeprefix("\ufeff"), cells, name)


def split_texts(text: str, cells: Collection[str], where: str) -> dict[str, CellText]:
    """The blocks of a text, by cell name; see `read_texts`.

    Raises:
        TextError: with every complaint.
    """
    texts: dict[str, CellText] = {}
    first, *blocks = split_blocks(text)
    complaints = _before_first(first.text.splitlines())
    complaints += [
        Complaint(number, f"'{line.strip()}' doesn't begin a block", HOW)
        for number, line in enumerate(text.splitlines())
        if LOOKS_LIKE_ONE.match(line) and not OPENING.fullmatch(line)
    ]
    complaints += [
        Complaint(number, f"to decide: {line.removeprefix(TAG).strip()}", TODO_STEP)
        for number, line in enumerate(text.splitlines())
        if line.startswith(TAG)
    ]
    for block in blocks:
        if block.name in texts:
            what = f"the block '{block.name}' twice"
            complaints.append(Complaint(block.line - 1, what, "keep one of them"))
        elif block.name not in cells:
            complaints.append(_no_such_cell(block, cells))
        lines = block.text.splitlines()[1:]
        texts[block.name] = CellText("\n".join(lines) + "\n", block.line + 1, where)
    if complaints:
        raise TextError(complaints, Place(where))
    return texts


def split_blocks(text: str) -> list[TextBlock]:
    """The parts of a file: what stands before the first block, and each block."""
    blocks = [TextBlock("", 1)]
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        opening = OPENING.fullmatch(line.rstrip("\r\n"))
        if opening:
            blocks.append(TextBlock(opening["name"], number))
        blocks[-1].text += line
    return blocks


def _before_first(lines: list[str]) -> list[Complaint]:
    blanked = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), "\n".join(lines)).split("\n")
    first = next((number for number, line in enumerate(blanked) if line.strip()), None)
    return [] if first is None else [Complaint(first, "text before the first block", HOW)]


def _no_such_cell(block: TextBlock, cells: Collection[str]) -> Complaint:
    known = sorted(cells)
    what = f"the chapter has no Markdown cell '{block.name}'{nearest(block.name, known)}"
    listed = f"the chapter's Markdown cells are: {', '.join(known)}"
    return Complaint(block.line - 1, what, listed)


@dataclass(frozen=True)
class FigureNames:
    """The names that figures can have: those of `one` each, and those that begin like `more`."""

    one: frozenset[str]
    more: frozenset[str]

    def may_be(self, name: str) -> bool:
        """Whether a figure, or something of the parameters, can have this name."""
        parts = name.split(".")
        begins = {".".join(parts[:length]) for length in range(1, len(parts))}
        return name in self.one or parts[0] in HEADS or not self.more.isdisjoint(begins)


def check_names(
    text: str,
    where: Place,
    facts: Mapping[str, object],
    parameters_file: str,
    figures: FigureNames | None = None,
) -> None:
    """Refuse a text that names a fact that isn't given, or a form or a figure that can't be there.

    Whether a figure is there, and whether a form fits it, only its ledger can say; `figures` are
    the names that it can have, if they are known.

    Raises:
        TextError: with every complaint about the text.
    """
    complaints: list[Complaint] = []
    for line, name, form in _placeholders(parse(text, where)):
        fact = name.removeprefix(FACT)
        if name.startswith(FACT) and fact not in facts:
            what = f"there is no fact '{fact}'{nearest(fact, list(facts))}"
            step = f"add it under 'facts:' in {parameters_file}, or name one that stands there"
            complaints.append(Complaint(line, what, step))
        if form is not None:
            try:
                find_form(EVERY_FORM, form, f"'{name}'")
            except ProseError as error:
                complaints.append(Complaint(line, error.what, FORMS_STEP))
        if figures is not None and not figures.may_be(name):
            close = nearest(name, sorted(figures.one | figures.more))
            what = f"there is no figure and no parameter '{name}'{close}"
            complaints.append(Complaint(line, what, NAMES_STEP))
    if complaints:
        raise TextError(complaints, where)


def _placeholders(blocks: tuple[Element, ...]) -> Iterator[tuple[int, str, str | None]]:
    """The line, the name and the form of each placeholder, those in addresses too."""
    for node in walk(blocks):
        match node:
            case Placeholder() if node.name != ELSE:
                yield node.line, node.name, node.form
            case Element():
                for written in WRITTEN_OUT.finditer(node.href):
                    parts = split_placeholder(written["inside"])
                    if parts:
                        yield node.line, *parts
