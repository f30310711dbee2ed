"""Read an edition's own texts, one file a chapter, and check the names in them.

A file holds blocks that take the place of Markdown cells, or say how a chart or table stands. The
names and forms of a text are checked before there is any figure to name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    split_placeholder,
)
from helpline_report.prose.nodes import ELSE, Element, Photograph, Placeholder, walk

OPENING = re.compile(r"===[ \t]*(?P<name>(?:(?:chart|table) )?[^\s=]+)[ \t]*===[ \t]*")
ORDER = re.compile(r"hide|(?P<key>title|after):\s*(?P<value>\S.*)")
ORDER_STEP = "write 'hide', 'title: another title' or 'after: cell-name', each in a line of its own"
LOOKS_LIKE_ONE = re.compile(r"={2,}[ \t]*[^\s=]")
HOW = "begin each block with a line '=== cell-name ==='"
FACT = "fact."
NAMES_STEP = "the desk names every figure; a new one is counted in a cell of a chapter first"
TODO_STEP = f"write the text in place of the line that begins with '{TAG}'"
FORMS_STEP = "the desk names the forms that fit each figure"
EVERY_FORM: Mapping[str, object] = {**FORMS, **VALUE_FORMS}


@dataclass(frozen=True)
class CellText:
    """The text that takes a cell's place, the line of the file it begins on, and that file.

    `photographs` are those that it shows, by their files beside it.
    """

    markdown: str
    line: int
    file: str
    photographs: Mapping[str, Photograph | None] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Arrangement:
    """What a block says of a chart or table of the chapter: its title, its place, or to hide it.

    `after` is the cell, chart or table that it stands behind; empty where it stays.
    """

    title: str = ""
    after: str = ""
    hide: bool = False


def is_arrangement(name: str) -> bool:
    """Whether a block is about a chart or table: `chart contacts.by_month`."""
    return " " in name


def read_arrangement(markdown: str) -> tuple[Arrangement, list[Complaint]]:
    """What the lines of such a block say, and what is wrong with them."""
    parts: dict[str, Any] = {}
    complaints = []
    lines = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), markdown).splitlines()
    for number, line in enumerate(lines):
        order = ORDER.fullmatch(line.strip())
        if order:
            key, value = order["key"] or "hide", order["value"] or True
            if key in parts:
                complaints.append(Complaint(number, f"'{key}' twice", "keep one of them"))
            parts[key] = value
        elif line.strip():
            what = f"'{line.strip()}' says nothing of a chart or table"
            complaints.append(Complaint(number, what, ORDER_STEP))
    if not parts and not complaints:
        complaints.append(Complaint(0, "the block says nothing", ORDER_STEP))
    return Arrangement(**parts), complaints


def read_texts(
    path: Path,
    cells: Collection[str],
    where: str = "",
    errors: list[ProseError] | None = None,
) -> dict[str, CellText]:
    """The blocks of a text file by the name of the cell whose place they take.

    Args:
        path: the file; one that isn't there holds no blocks.
        cells: the names of the chapter's Markdown cells.
        where: the file's name in messages, relative to the project.
        errors: what is wrong is added here, if it is given, and not raised.

    Raises:
        ProseError: the file can't be read, or isn't UTF-8.
        TextError: text before the first block, a block twice, one for a cell that isn't there, or
            what is still to decide (`!todo`).
    """
    name = where or path.name
    texts: dict[str, CellText] = {}
    try:
        text = read_text_file(path, name).removeprefix("\ufeff")
        texts, complaints = split_texts(text, cells, name)
        if complaints:
            raise TextError(complaints, Place(name))
    except ProseError as error:
        if errors is None:
            raise
        errors.append(error)
    return texts


def split_texts(
    text: str, cells: Collection[str], where: str
) -> tuple[dict[str, CellText], list[Complaint]]:
    """The blocks of a text, by cell name, and what is wrong with them; see `read_texts`."""
    texts: dict[str, CellText] = {}
    first, *blocks = split_blocks(text)
    complaints = _before_first(first.text.splitlines())
    for number, line in enumerate(text.splitlines()):
        if LOOKS_LIKE_ONE.match(line) and not OPENING.fullmatch(line):
            complaints.append(Complaint(number, f"'{line.strip()}' doesn't begin a block", HOW))
        if line.startswith(TAG):
            what = f"to decide: {line.removeprefix(TAG).strip()}"
            complaints.append(Complaint(number, what, TODO_STEP))
    for block in blocks:
        if block.name in texts:
            what = f"the block '{block.name}' twice"
            complaints.append(Complaint(block.line - 1, what, "keep one of them"))
        elif block.name not in cells and not is_arrangement(block.name):
            complaints.append(_no_such_cell(block, cells))
            continue
        lines = block.text.splitlines()[1:]
        texts[block.name] = CellText("\n".join(lines) + "\n", block.line + 1, where)
    return texts, complaints


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


def name_complaints(
    blocks: tuple[Element, ...],
    facts: Mapping[str, object],
    parameters_file: str,
    figures: FigureNames | None = None,
) -> Iterator[Complaint]:
    """A complaint for each fact that isn't given, and each form or figure that can't be there.

    Whether a figure is there, and whether a form fits it, only its ledger can say; `figures` are
    the names that it can have, if they are known.
    """
    for place, name, form in _placeholders(blocks):
        fact = name.removeprefix(FACT)
        if name.startswith(FACT) and fact not in facts:
            what = f"there is no fact '{fact}'{nearest(fact, list(facts))}"
            step = f"add it under 'facts:' in {parameters_file}, or name one that stands there"
            yield Complaint(place.line, what, step, place.column)
        if form is not None:
            try:
                find_form(EVERY_FORM, form, f"'{name}'")
            except ProseError as error:
                yield Complaint(place.line, error.what, FORMS_STEP, place.column)
        if figures is not None and not figures.may_be(name):
            close = nearest(name, sorted(figures.one | figures.more))
            what = f"there is no figure and no parameter '{name}'{close}"
            yield Complaint(place.line, what, NAMES_STEP, place.column)


def _placeholders(
    blocks: tuple[Element, ...],
) -> Iterator[tuple[Placeholder, str, str | None]]:
    """Each placeholder with its name and form; one in an address has the place of its link."""
    for node in walk(blocks):
        match node:
            case Placeholder() if node.name != ELSE:
                yield node, node.name, node.form
            case Element():
                for written in WRITTEN_OUT.finditer(node.href):
                    parts = split_placeholder(written["inside"])
                    if parts:
                        yield Placeholder(*parts, node.line), *parts
