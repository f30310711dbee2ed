"""Lay out the texts of the chapters as blocks to edit, beside those that staff wrote already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import ParametersError, nearest, unwritten
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.texts import (
    TextBlock,
    is_arrangement,
    read_text_file,
    split_blocks,
)
from helpline_report.run.notebooks import Notebook, read_notebooks

BOM = "\ufeff"


@dataclass(frozen=True)
class TextFile:
    """One chapter's file: which cells were added to it, and which of its blocks lost theirs.

    `gone` holds the line, the name, and the nearest name that there is, as a message ends.
    """

    file: str
    added: tuple[str, ...]
    gone: tuple[tuple[int, str, str], ...]


def lay_out(project: Project, edition: str, chapter: str | None = None) -> list[TextFile]:
    """Add the text cells that the edition hasn't replaced yet to the files of its texts.

    What stands in a file stays as it is, to the byte. A block that says what the notebook says
    changes nothing in the edition.

    Raises:
        ParametersError: there is no such edition or chapter.
        ChapterError, ProseError: a notebook, or a file of texts, can't be read.
        MachineError: a file can't be written.
    """
    parameters = project.edition(edition)
    language = parameters.language
    folder = project.texts(edition, language)
    notebooks = {notebook.name: notebook for notebook in read_notebooks(project, parameters)}
    if chapter is not None and chapter not in notebooks:
        raise ParametersError(
            f"there is no chapter '{chapter}'{nearest(chapter, [*notebooks])}",
            next_step=f"the chapters are: {', '.join(notebooks)}",
        )
    preamble = read_phrases("helpline_report.report", language)["texts.preamble"]
    return [
        _lay_out(folder / f"{name}.md", notebooks[name], preamble, project.root)
        for name in ([chapter] if chapter else notebooks)
    ]


def _lay_out(path: Path, notebook: Notebook, preamble: str, root: Path) -> TextFile:
    cells = notebook.texts()
    where = path.relative_to(root).as_posix()
    written = read_text_file(path, where)
    bom, written = (BOM, written[1:]) if written.startswith(BOM) else ("", written)
    text = written or f"<!-- {preamble.format(file=notebook.where)} -->\n"
    end = "\r\n" if "\r\n" in text else "\n"
    blocks = split_blocks(text)
    added = tuple(name for name in cells if name not in [block.name for block in blocks])
    if added:
        _write(path, bom + _with_added(blocks, cells, end), where)
    gone = [
        block
        for block in blocks
        if block.name and block.name not in cells and not is_arrangement(block.name)
    ]
    return TextFile(
        where,
        added,
        tuple((block.line, block.name, nearest(block.name, [*cells])) for block in gone),
    )


def _with_added(blocks: list[TextBlock], cells: Mapping[str, str], end: str) -> str:
    """The file with a block for each cell, new ones behind that of the cell before theirs.

    A blank line stands between blocks where there is none.
    """
    places, at = [*blocks], 0
    for name, written in cells.items():
        names = [block.name for block in places]
        if name in names:
            at = names.index(name)
            continue
        at += 1
        lines = [f"=== {name} ===", *written.rstrip("\n").split("\n")]
        places.insert(at, TextBlock(name, 0, "".join(f"{line}{end}" for line in lines)))
    text = ""
    for block in places:
        if text and not text.endswith(("\n", "\r")):
            text += end
        if text and block.text and not text.endswith((f"{end}{end}", "\n\n", "\n\r\n")):
            text += end
        text += block.text
    return text


def _write(path: Path, text: str, where: str) -> None:
    """Whole or not at all: a full disk costs nobody what they wrote."""
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(text.encode("utf-8"))
        partial.replace(path)
    except OSError as error:
        raise unwritten(error, where) from None
    finally:
        partial.unlink(missing_ok=True)
