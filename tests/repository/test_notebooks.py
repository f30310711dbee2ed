"""The chapters as they are stored: without outputs, with names for cells, and without logic."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpline_report.parameters.codelists import CodeList, load_codelists
from helpline_report.prose.texts import split_blocks
from tests.repository.tree import ROOT, relative_path

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# A plural verb right beside a number, in Dutch and in English.
PLURAL = re.compile(
    r"\| Noun \}\} (?:kwamen|waren|were|are)|(?:kwamen|gingen)(?: er)? \{\{|"
    r"or_none \}\} (?:were|are)|(?:waren|were)(?: het| er| dat)* \{\{|\}\} times"
)
LISTS = load_codelists(ROOT / "data" / "codelists")
# So many codes of one field a cell may list: more of them follow from the code list.
FEW_CODES = 3
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


# What a chapter may say of codes: one by its name, a few; the code lists say the others


def listed_codes(source: str, lists: dict[str, CodeList]) -> list[str]:
    """What a cell lists that follows from a code list: one line each."""
    tree, complaints = ast.parse(source), []
    fields = {str(each.arg) for each in ast.walk(tree) if isinstance(each, ast.keyword)}
    displays = [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.List | ast.Tuple | ast.Set)
        or (isinstance(each, ast.Call) and getattr(each.func, "id", "") == "not_")
    ]
    for field in sorted(fields & {*lists}):
        of_list = {code.code for code in lists[field].codes}
        known = {code.code for code in lists[field].codes if not code.missing}
        groups = [texts_of(each) & of_list for each in displays]
        listed = set[str]().union(*(group for group in groups if len(group) > 1))
        if len(listed) > FEW_CODES or len(listed & known) * 2 > len(known):
            complaints.append(f"{field}: {', '.join(sorted(listed))}")
        missing = (of_list - known) & {text for each in ast.walk(tree) for text in texts_of(each)}
        if missing:
            complaints.append(f"{field} is missing: {', '.join(sorted(missing))}")
    return complaints


def texts_of(node: ast.AST) -> set[str]:
    """The texts that stand in a display, a call or an argument, and not deeper."""
    inside = getattr(node, "elts", None) or getattr(node, "args", None) or []
    inside = [*inside] if isinstance(inside, list) else []
    inside += [node.value] if isinstance(node, ast.keyword) else []
    constants = [each.value for each in inside if isinstance(each, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


@each_chapter
def test_no_chapter_lists_what_a_code_list_says(path: Path) -> None:
    """What is known, or all the others, follows from the list: a new code is among them at once."""
    complaints = [
        f"{cell['id']}: {complaint}"
        for cell in cells(path, "code")
        for complaint in listed_codes("".join(cell["source"]), LISTS)
    ]
    assert complaints == []


BEFORE = """
known_forms = ["emotional", "physical", "sexual", "physical_neglect", "emotional_neglect"]
of_known_form = persons.where(form=[*known_forms, "financial", "symbolic"])
"""


@pytest.mark.parametrize(
    ("source", "listed"),
    [
        (BEFORE, 1),
        ('a = ["physical", "sexual"]\nb = ["emotional", "symbolic"]\np.where(form=[*a, *b])', 1),
        ('users.where(user_gender=["female", "male"])', 1),
        ('contacts.where(channel=("phone", "email"))', 1),
        ('contacts.where(channel=not_("not_registered"))', 1),
        ('persons.where(context=not_("unknown", "not_registered"))', 1),
        ('contacts.where(caller_age_class="unknown")', 1),
        ('contacts.where(channel=not_("phone", "email"))', 1),
        ("persons.where(form=known, channel=named, gender=not_(missing))", 0),
        ('persons.where(context=["sport", "leisure"], form="sexual")', 0),
        ('contacts.where(caller_role=["side.victim", "side.perpetrator"])', 0),
        ('chapter.counts("problems", persons, by=("problem", "form"))', 0),
    ],
)
def test_a_list_of_codes_is_recognised(source: str, listed: int) -> None:
    """The lists that were there are refused; a code by its name, a few and groups are none."""
    assert len(listed_codes(source, LISTS)) == listed
