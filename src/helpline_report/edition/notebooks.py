"""Chapters as they stand in `notebooks/`: read, and refused where they aren't declarative."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpline_report.errors import ChapterError
from helpline_report.params.project import Project

PARAMETERS = {"edition", "overrides", "preview"}
FILE_NAME = re.compile(r"^\d\d_([a-z0-9_]+)\.ipynb$")

FORBIDDEN: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.For: "a loop",
    ast.While: "a loop",
    ast.If: "a branch",
    ast.Match: "a branch",
    ast.Lambda: "a function",
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
    try:
        text = path.read_text(encoding="utf-8")
        _check_ids(text, where)
        node = nbformat.reads(text, as_version=4)
        nbformat.validate(node)
    except OSError as error:
        raise ChapterError(f"can't be read ({error.strerror})", where=where) from None
    except (ValueError, nbformat.ValidationError) as error:
        kind = type(error).__name__
        raise ChapterError(f"is no valid notebook ({kind})", where=where) from None
    _without_outputs(node)
    _check(node, where)
    return Notebook(name=match.group(1), file=path.name, node=node)


def _without_outputs(node: NotebookNode) -> None:
    """A researcher may have saved outputs: what counts is what a run gives."""
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def _check_ids(text: str, where: str) -> None:
    """nbformat gives cells that share an id another one, at random."""
    ids = [cell.get("id", "") for cell in json.loads(text).get("cells", [])]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ChapterError(
            f"the cell id '{twice[0]}' stands {ids.count(twice[0])} times",
            where=where,
            next_step="figures and texts name cells by their id: give each its own",
        )


def _check(node: NotebookNode, where: str) -> None:
    _check_parameters(node, where)
    for cell in node.cells:
        if cell.cell_type == "code":
            _check_code(cell.source, f"{where}, cell '{cell.id}'")


def _check_parameters(node: NotebookNode, where: str) -> None:
    tagged = [cell for cell in node.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1 or tagged[0].cell_type != "code":
        raise ChapterError(
            f"{len(tagged)} cells are tagged 'parameters', and one code cell is due",
            where=where,
            next_step="without it papermill would run the chapter with its defaults, unsaid",
        )
    names = {
        target.id
        for statement in _parse(tagged[0].source, where).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    if names != PARAMETERS:
        wrong = sorted(names ^ PARAMETERS)
        raise ChapterError(
            f"the parameters cell sets {', '.join(sorted(names))}; {', '.join(wrong)} is wrong",
            where=f"{where}, cell '{tagged[0].id}'",
            next_step=f"it sets {', '.join(sorted(PARAMETERS))}",
        )


def _parse(source: str, where: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ChapterError(
            f"line {error.lineno} is no Python",
            where=where,
            next_step="magics and shell commands can't be traced, and don't stand in a chapter",
        ) from None


def _check_code(source: str, where: str) -> None:
    for item in ast.walk(_parse(source, where)):
        what = FORBIDDEN.get(type(item))
        if what:
            raise ChapterError(
                f"line {getattr(item, 'lineno', 0)} holds {what}",
                where=where,
                next_step="a chapter says what it counts, a figure or a series a line",
            )
