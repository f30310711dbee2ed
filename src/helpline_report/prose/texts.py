"""Read and write an edition's own texts, one file a chapter, and check the names in them.

A file holds blocks that take the place of Markdown cells, or say how a chart or table stands. The
names and forms of a text are checked before there is any figure to name.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpline_report.errors import ProseError, nearest, undecoded, unread
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import TAG
from helpline_report.private_files import replace_file
from helpline_report.prose import markdown as md
from helpline_report.prose.forms import find_form
from helpline_report.prose.nodes import ELSE, Element, Photograph, Placeholder, walk

OPENING = re.compile(r"===[ \t]*(?P<name>(?:(?:chart|table) )?[^\s=]+)[ \t]*===[ \t]*")
ORDER = re.compile(r"hide|(?P<key>title|after):\s*(?P<value>\S.*)")
ORDER_STEP = "write 'hide', 'title: another title' or 'after: cell-name', each in a line of its own"
LOOKS_LIKE_ONE = re.compile(r"={2,}[ \t]*[^\s=]")
BEGINS_BLOCK = "a line that begins with '==' would begin another block"
BEGINS_BLOCK_STEP = "begin the line with something else"
TODO_STEP = f"write the text in place of the line that begins with '{TAG}'"
FORMS_STEP = "the desk names the forms that fit each figure"


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
    """A block of a file with the line that opens it; the first one has no name.

    `line` is the number of its first line in the file.
    """

    name: str
    line: int
    text: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines of the text itself."""
        return self.text.splitlines()[1:]


def read_text_file(path: Path, where: str) -> str:
    """A file of texts without byte order mark, its lines ended by newlines; nothing without one.

    Raises:
        ProseError: the file can't be read, or isn't UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise undecoded(error, where, ProseError) from None
    except OSError as error:
        raise unread(error, where, ProseError) from None


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


def read_arrangement(markdown: str) -> tuple[Arrangement, list[md.Complaint]]:
    """What the lines of such a block say, and what is wrong with them."""
    parts: dict[str, Any] = {}
    complaints = []
    for number, line in enumerate(md.blank_comments(markdown).splitlines()):
        order = ORDER.fullmatch(line.strip())
        if order:
            key, value = order["key"] or "hide", order["value"] or True
            if key in parts:
                complaints.append(md.Complaint(number, f"'{key}' twice", "keep one of them"))
            parts[key] = value
        elif line.strip():
            what = f"'{line.strip()}' says nothing of a chart or table"
            complaints.append(md.Complaint(number, what, ORDER_STEP))
    if not parts and not complaints:
        complaints.append(md.Complaint(0, "the block says nothing", ORDER_STEP))
    return Arrangement(**parts), complaints


def read_texts(
    path: Path, cells: Collection[str], where: str = "", errors: list[ProseError] | None = None
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
        texts, complaints = split_texts(read_text_file(path, name), cells, name)
        if complaints:
            raise md.TextError(complaints, md.Place(name))
    except ProseError as error:
        if errors is None:
            raise
        errors.append(error)
    return texts


def split_texts(
    text: str, cells: Collection[str], where: str
) -> tuple[dict[str, CellText], list[md.Complaint]]:
    """The blocks of a text, by cell name, and what is wrong with them; see `read_texts`."""
    texts: dict[str, CellText] = {}
    complaints: list[md.Complaint] = []
    how = f"begin each block with a line such as '=== {next(iter(cells), 'cell-name')} ==='"
    first, *blocks = split_blocks(text)
    before = md.blank_comments(first.text).split("\n")
    lost = next((number for number, line in enumerate(before) if line.strip()), None)
    if lost is not None:
        complaints.append(md.Complaint(lost, "text before the first block", how))
    for number, line in enumerate(text.splitlines()):
        if LOOKS_LIKE_ONE.match(line) and not OPENING.fullmatch(line):
            complaints.append(md.Complaint(number, f"'{line.strip()}' doesn't begin a block", how))
        if line.startswith(TAG):
            what = f"to decide: {line.removeprefix(TAG).strip()}"
            complaints.append(md.Complaint(number, what, TODO_STEP))
    for block in blocks:
        if block.name in texts:
            what = f"the block '{block.name}' twice"
            complaints.append(md.Complaint(block.line - 1, what, "keep one of them"))
        elif block.name not in cells and not is_arrangement(block.name):
            names = sorted(cells)
            what = f"the chapter has no Markdown cell '{block.name}'{nearest(block.name, names)}"
            listed = f"the chapter's Markdown cells are: {', '.join(names)}"
            complaints.append(md.Complaint(block.line - 1, what, listed))
            continue
        text = "\n".join(block.lines) + "\n"
        texts[block.name] = CellText(text, block.line + 1, where)
    return texts, complaints


def find_openings(text: str) -> list[md.Complaint]:
    """A complaint for each line of a block's text that would begin another block in its file."""
    return [
        md.Complaint(number, BEGINS_BLOCK, BEGINS_BLOCK_STEP)
        for number, line in enumerate(text.splitlines())
        if LOOKS_LIKE_ONE.match(line)
    ]


def split_blocks(text: str) -> list[TextBlock]:
    """The parts of a file: what stands before the first block, and each block."""
    blocks = [TextBlock("", 1)]
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        opening = OPENING.fullmatch(line.rstrip("\r\n"))
        if opening:
            blocks.append(TextBlock(opening["name"], number))
        blocks[-1].text += line
    return blocks


@dataclass(frozen=True)
class ChapterFile:
    """The file of a chapter's texts: `where` in messages, the chapter's `cells` in their order.

    `preamble` is the line that says what the file is, where it is new.
    """

    path: Path
    where: str
    cells: tuple[str, ...]
    preamble: str

    def blocks(self) -> list[TextBlock]:
        """The blocks that stand there, the first of them without a name.

        Raises:
            ProseError: the file can't be read.
        """
        written = read_text_file(self.path, self.where)
        return split_blocks(written or f"<!-- {self.preamble} -->\n")

    def texts(self) -> dict[str, str]:
        """The text of each block, by its name."""
        blocks = (block for block in self.blocks() if block.name)
        return {block.name: "\n".join(block.lines).strip("\n") for block in blocks}

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Write blocks: in place of those that stand there, else behind that of the cell before.

        A block of which the text is None is taken out; all else stays as it is, but that a blank
        line stands between blocks, and that newlines end the lines.

        Raises:
            MachineError: the file can't be written, which leaves it as it was.
        """
        blocks, last = self.blocks(), 0
        for name in self.cells:
            places = [place for place, block in enumerate(blocks) if block.name == name]
            place = places[0] if places else last + 1
            text = texts.get(name)
            if places and name in texts:
                blocks.pop(place)
            if text is not None:
                lines = text.rstrip("\n")
                blocks.insert(place, TextBlock(name, 0, f"=== {name} ===\n{lines}\n"))
            # The last place that has a block of a cell before the next one.
            is_there = text is not None or (places and name not in texts)
            last = place if is_there else place - 1
        written = [block.text.strip("\n") for block in blocks]
        text = "\n\n".join(filter(None, written)) + "\n"
        replace_file(self.path, text.encode("utf-8"), self.where)


def name_complaints(blocks: tuple[Element, ...], edition: Edition) -> Iterator[md.Complaint]:
    """A complaint for each fact, campaign or event that isn't declared, and each unknown form.

    Whether a figure is there, and whether a form fits it, only its ledger can say.
    """
    declared = {
        "fact": list(edition.facts),
        "campaign": [campaign.id for campaign in edition.campaigns],
        "event": [event.id for event in edition.events],
    }
    for place in walk(blocks):
        if not isinstance(place, Placeholder) or place.name == ELSE:
            continue
        kind, _, rest = place.name.partition(".")
        name = rest.partition(".")[0]
        if kind in declared and name not in declared[kind]:
            what = f"there is no {kind} '{name}'{nearest(name, declared[kind])}"
            file = f"params/{edition.edition}.yaml"
            step = f"add it under '{kind}s:' in {file}, or name one that stands there"
            yield md.Complaint(place.line, what, step, place.column)
        if place.form is not None:
            try:
                find_form(place.form)
            except ProseError as error:
                yield md.Complaint(place.line, error.what, FORMS_STEP, place.column)
