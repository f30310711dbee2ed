"""Chapters as they stand in `notebooks/`: read, and refused where they aren't declarative."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import nbformat
from nbformat import NotebookNode

from helpline_report.errors import ChapterError, nearest
from helpline_report.params.project import Project

PARAMETERS = {"edition", "overrides", "preview"}
TAG_PARAMETERS = "parameters"
TAG_COVER = "cover"
TAG_NEEDS = "needs:"
OPEN = "open_chapter"
KERNEL = {"exit", "quit", "get_ipython"}
FORMAT = (4, 5)
FILE_NAME = re.compile(r"^\d\d_([a-z0-9_]+)\.ipynb$")

FORBIDDEN: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.For: "a loop",
    ast.AsyncFor: "a loop",
    ast.While: "a loop",
    ast.If: "a branch",
    ast.Match: "a branch",
    ast.Lambda: "a function",
    ast.Try: "a 'try', which hides errors",
    ast.TryStar: "a 'try', which hides errors",
}


@dataclass(frozen=True)
class Notebook:
    """One chapter: its name, its file's name, and its cells without outputs."""

    name: str
    file: str
    node: NotebookNode


def read_notebooks(project: Project) -> tuple[Notebook, ...]:
    """Every chapter of the project, in the order of their file names.

    Raises:
        ChapterError: none, or one that can't be run as it stands; names file and cell.
    """
    folder = project.notebooks
    if not folder.is_dir():
        raise ChapterError(
            "there is no folder 'notebooks'",
            where=folder.name,
            next_step="run in the folder of the project, or give it with --project",
        )
    files = sorted(folder.glob("*.ipynb"))
    found = tuple(_read(path) for path in files)
    if not found:
        raise ChapterError("there are no notebooks", where="notebooks")
    names = [notebook.name for notebook in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ChapterError(f"two notebooks are named '{twice[0]}'", where="notebooks")
    return found


def _read(path: Path) -> Notebook:
    where = f"notebooks/{path.name}"
    match = FILE_NAME.match(path.name)
    if match is None:
        raise ChapterError(
            "a chapter's file is named like '03_website.ipynb'",
            where=where,
            next_step="rename it: two digits, an underscore, and a name in lower case",
        )
    node = _parsed(path, where)
    _without_outputs(node)
    _check(node, match.group(1), where)
    return Notebook(name=match.group(1), file=path.name, node=node)


def _without_outputs(node: NotebookNode) -> None:
    """A researcher may have saved outputs: what counts is what a run gives."""
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def _parsed(path: Path, where: str) -> NotebookNode:
    """The notebook in a file, as it stands: nbformat would mend an older one with random ids."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
        found = (raw["nbformat"], raw["nbformat_minor"])
        if found < FORMAT:
            raise ChapterError(
                f"is a notebook of format {found[0]}.{found[1]}, whose cells have no ids",
                where=where,
                next_step="open it in JupyterLab ('make lab') and save it",
            )
        _check_ids([cell.get("id", "") for cell in raw["cells"]], where)
        nbformat.validate(raw)
        return cast("NotebookNode", nbformat.reads(text, as_version=4))
    except OSError as error:
        raise ChapterError(f"can't be read ({error.strerror})", where=where) from None
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        kind = type(error).__name__
        raise ChapterError(f"is no valid notebook ({kind})", where=where) from None


def _check_ids(ids: Sequence[str], where: str) -> None:
    """nbformat gives cells that share an id another one, at random."""
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ChapterError(
            f"the cell id '{twice[0]}' stands {ids.count(twice[0])} times",
            where=where,
            next_step="figures and texts name cells by their id: give each its own",
        )


def _check(node: NotebookNode, name: str, where: str) -> None:
    for cell in node.cells:
        _check_tags(cell, f"{where}, cell '{cell.id}'")
    parameters = _check_parameters(node, where)
    opened = 0
    for cell in node.cells:
        if cell.cell_type == "code":
            place = f"{where}, cell '{cell.id}'"
            tree = _parse(cell.source, place)
            _check_code(tree, place)
            if cell.id != parameters:
                _check_unchanged(tree, place)
            opened += _check_opening(tree, name, place)
    if opened > 1:
        raise ChapterError(f"{OPEN} is called {opened} times, and once is due", where=where)


def _check_tags(cell: NotebookNode, where: str) -> None:
    """A misspelt tag would be read by nobody, and one that skips a cell by nbclient."""
    for tag in cell.metadata.get("tags", []):
        if tag not in (TAG_PARAMETERS, TAG_COVER) and not tag.startswith(TAG_NEEDS):
            kind = "".join(tag.partition(":")[:2])
            raise ChapterError(
                f"unknown tag '{tag}'{nearest(kind, [TAG_PARAMETERS, TAG_COVER, TAG_NEEDS])}",
                where=where,
                next_step=f"a cell has the tags '{TAG_PARAMETERS}' or '{TAG_NEEDS}…', or none",
            )


def _check_parameters(node: NotebookNode, where: str) -> str:
    """The id of the cell that holds the parameters."""
    tagged = [cell for cell in node.cells if TAG_PARAMETERS in cell.metadata.get("tags", [])]
    if len(tagged) != 1 or tagged[0].cell_type != "code":
        raise ChapterError(
            f"{len(tagged)} cells are tagged 'parameters', and one code cell is due",
            where=where,
            next_step="without it papermill would run the chapter with its defaults, unsaid",
        )
    place = f"{where}, cell '{tagged[0].id}'"
    names = _assigned(_parse(tagged[0].source, place))
    for name in sorted(names - PARAMETERS):
        raise ChapterError(
            f"unknown parameter '{name}'{nearest(name, sorted(PARAMETERS))}",
            where=place,
            next_step=f"the cell sets {', '.join(sorted(PARAMETERS))}",
        )
    for name in sorted(PARAMETERS - names):
        raise ChapterError(
            f"the parameter '{name}' is missing",
            where=place,
            next_step=f"the cell sets {', '.join(sorted(PARAMETERS))}",
        )
    return str(tagged[0].id)


def _assigned(tree: ast.Module) -> set[str]:
    """The names that a cell assigns to, however it does so."""
    return {
        item.id
        for item in ast.walk(tree)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


def _parse(source: str, where: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ChapterError(
            f"line {error.lineno} is no Python",
            where=where,
            next_step="magics and shell commands can't be traced, and don't stand in a chapter",
        ) from None


def _check_code(tree: ast.Module, where: str) -> None:
    for item in ast.walk(tree):
        line = getattr(item, "lineno", 0)
        what = FORBIDDEN.get(type(item))
        if what:
            raise ChapterError(
                f"line {line} holds {what}",
                where=where,
                next_step="a chapter says what it counts, a figure or a series a line",
            )
        for name in sorted(_names(item) & KERNEL):
            raise ChapterError(
                f"line {line} reaches for its kernel ({name})",
                where=where,
                next_step="a chapter runs to its last cell, in a kernel that it leaves alone",
            )


def _names(item: ast.AST) -> set[str]:
    if isinstance(item, ast.Name):
        return {item.id}
    if isinstance(item, ast.Attribute):
        return {item.attr} - {"exit", "quit"}
    return {item.name} if isinstance(item, ast.alias) else set()


def _check_unchanged(tree: ast.Module, where: str) -> None:
    """A chapter that sets a parameter again would count something else than it is asked."""
    for name in sorted(_assigned(tree) & PARAMETERS):
        raise ChapterError(
            f"the cell sets the parameter '{name}' again",
            where=where,
            next_step="only the cell that is tagged 'parameters' sets it, and a build replaces it",
        )


def _check_opening(tree: ast.Module, name: str, where: str) -> int:
    """How often a cell opens the chapter; it has to hand on all that the chapter is given."""
    due = ast.parse(f"{OPEN}({name!r}, edition, overrides=overrides, preview=preview)", mode="eval")
    calls = [
        item for item in ast.walk(tree) if isinstance(item, ast.Call) and OPEN in _names(item.func)
    ]
    for call in calls:
        if ast.dump(call) != ast.dump(due.body):
            raise ChapterError(
                f"the chapter isn't opened with what it is given: {ast.unparse(call)}",
                where=where,
                next_step=f"write: chapter = {ast.unparse(due)}",
            )
    return len(calls)
