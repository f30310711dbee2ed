"""An edition's own texts: one file a chapter, in blocks that take the place of Markdown cells."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import ProseError, nearest, to_read
from helpline_report.prose.place import Complaint, Place, TextError

OPENING = re.compile(r"===[ \t]*(?P<name>[^\s=]+)[ \t]*===[ \t]*")
LOOKS_LIKE_ONE = re.compile(r"={2,}[ \t]*[^\s=]")
COMMENT = re.compile(r"<!--(?:(?!-->).)*-->", re.DOTALL)
HOW = "begin each block with a line '=== cell-name ==='"


@dataclass(frozen=True)
class CellText:
    """The text that takes a cell's place, and the line of the file it begins on."""

    markdown: str
    line: int


def read_texts(path: Path, cells: Collection[str], shown: str = "") -> dict[str, CellText]:
    """The blocks of a text file by the name of the cell whose place they take.

    Args:
        path: the file; one that isn't there holds no blocks.
        cells: the names of the chapter's Markdown cells.
        shown: the file's name in messages, relative to the project.

    Raises:
        ProseError: the file can't be read, or isn't UTF-8.
        TextError: text before the first block, a block twice, or one for a cell that isn't there.
    """
    name = shown or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ProseError(f"byte {error.start} is not UTF-8", where=name) from None
    except OSError as error:
        raise ProseError(
            f"can't be read ({error.strerror})", where=name, next_step=to_read(error)
        ) from None
    return split_texts(text, cells, name)


def split_texts(text: str, cells: Collection[str], shown: str) -> dict[str, CellText]:
    """The blocks of a text, by cell name; see `read_texts`.

    Raises:
        TextError: with every complaint.
    """
    complaints: list[Complaint] = []
    found: dict[str, CellText] = {}
    lines = text.splitlines()
    openings = [(n, m["name"]) for n, line in enumerate(lines) if (m := OPENING.fullmatch(line))]
    complaints += _before_first(lines[: openings[0][0] if openings else len(lines)])
    complaints += [
        Complaint(number, f"'{line.strip()}' doesn't begin a block", HOW)
        for number, line in enumerate(lines)
        if LOOKS_LIKE_ONE.match(line) and not OPENING.fullmatch(line)
    ]
    ends = [number for number, _ in openings] + [len(lines)]
    for (number, name), end in zip(openings, ends[1:], strict=True):
        if name in found:
            complaints.append(Complaint(number, f"the block '{name}' twice", "keep one of them"))
        elif name not in cells:
            complaints.append(_no_such_cell(number, name, cells))
        found[name] = CellText("\n".join(lines[number + 1 : end]) + "\n", number + 2)
    if complaints:
        raise TextError(complaints, Place(shown))
    return found


def _before_first(lines: list[str]) -> list[Complaint]:
    left = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), "\n".join(lines)).split("\n")
    first = next((number for number, line in enumerate(left) if line.strip()), None)
    return [] if first is None else [Complaint(first, "text before the first block", HOW)]


def _no_such_cell(number: int, name: str, cells: Collection[str]) -> Complaint:
    known = sorted(cells)
    close = nearest(name, known)
    listed = f"the chapter's Markdown cells are: {', '.join(known)}"
    return Complaint(number, f"the chapter has no Markdown cell '{name}'{close}", listed)
