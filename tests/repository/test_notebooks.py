"""The chapters as they are stored: without outputs, with names for cells, and without logic."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpline_report.prose.texts import split_blocks
from tests.repository.tree import ROOT, relative_path

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# A plural verb right beside a number, in Dutch and in English.
PLURAL = re.compile(
    r"\| Noun \}\} (?:kwamen|waren|were|are)|(?:kwamen|gingen)(?: er)? \{\{|"
    r"or_none \}\} (?:were|are)|(?:waren|were)(?: het| er| dat)* \{\{|\}\} times"
)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=relative_path)


def cells(path: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """The cells of a notebook, or those of one kind."""
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in every if kind in (None, cell["cell_type"])]


@each_chapter
def test_a_chapter_is_stored_without_outputs(path: Path) -> None:
    """What a run gave isn't kept in git: it may hold what was not released."""
    code = cells(path, "code")
    assert [c["id"] for c in code if c["outputs"] or c["execution_count"] is not None] == []


@each_chapter
def test_cells_have_names_that_stay(path: Path) -> None:
    """A cell's id is a name that texts and traces refer to, not one that a program drew."""
    names = [cell["id"] for cell in cells(path)]
    assert len(set(names)) == len(names)
    assert [n for n in names if not re.fullmatch(r"[a-z][a-z0-9-]*", n)] == []
    assert [n for n in names if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}.*)?", n)] == []


@each_chapter
def test_steps_are_short(path: Path) -> None:
    long = [c["id"] for c in cells(path, "code") if len("".join(c["source"]).splitlines()) > 12]
    assert long == []


@each_chapter
def test_metadata_says_nothing_of_one_machine(path: Path) -> None:
    """A notebook's metadata names the language and the kernel, and no version of either."""
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert set(metadata) == {"kernelspec", "language_info"}
    assert metadata["language_info"] == {"name": "python"}


@each_chapter
def test_ways_to_get_in_touch_are_named_where_callers_are_registered(path: Path) -> None:
    """A helpline that registers neither channels nor callers isn't said to be called or mailed."""
    texts = [
        cell
        for cell in cells(path, "markdown")
        if re.search("belden|mailden", "".join(cell["source"]))
    ]
    tags = [" ".join(cell["metadata"].get("tags", [])) for cell in texts]
    assert [t for t in tags if not re.search("channel|caller_role", t)] == []


@each_chapter
def test_each_text_is_written_in_english_too(path: Path) -> None:
    """A block for every text cell, in their order, and none for a cell that isn't there."""
    blocks = split_blocks((path.parent / "en" / f"{path.stem[3:]}.md").read_text(encoding="utf-8"))
    assert [block.name for block in blocks[1:]] == [cell["id"] for cell in cells(path, "markdown")]


def test_no_verb_stands_beside_a_count_of_one() -> None:
    """'1 contactname kwamen' and '1 were about' are no sentences: another subject counts them."""
    folder = ROOT / "notebooks"
    for path in (*folder.glob("*.ipynb"), *folder.glob("en/*.md")):
        assert PLURAL.findall(path.read_text(encoding="utf-8")) == []


def test_chapters_are_numbered_in_order() -> None:
    """The chapters count from 01, without a gap."""
    numbers = [int(path.name[:2]) for path in CHAPTERS]
    assert numbers == list(range(1, len(CHAPTERS) + 1))
