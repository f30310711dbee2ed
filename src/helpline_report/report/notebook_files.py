"""Chapters as files: named, of one format, and declarative; read without a notebook library."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpline_report.errors import ChapterError, nearest, to_read
from helpline_report.parameters.project import Project

Cell = Mapping[str, Any]

PARAMETERS = {"edition", "overrides", "preview"}
TAG_PARAMETERS = "parameters"
TAG_COVER = "cover"
TAG_FINDING = "finding"
TAGS = (TAG_PARAMETERS, TAG_COVER, TAG_FINDING)
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
class NotebookFile:
    """One chapter's file: the chapter's name, the file's, and what stands in it."""

    name: str
    file: str
    raw: Mapping[str, Any]

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"notebooks/{self.file}"

    @property
    def cells(self) -> list[Cell]:
        """Its cells, as they stand in the file."""
        return list(self.raw["cells"])

    def markdown(self) -> list[str]:
        """The ids of its cells of text."""
        return [str(cell["id"]) for cell in self.cells if cell["cell_type"] == "markdown"]

    def code(self) -> list[str]:
        """What stands in its cells of code."""
        return ["".join(cell["source"]) for cell in self.cells if cell["cell_type"] == "code"]


def notebook_files(project: Project) -> tuple[NotebookFile, ...]:
    """The file of every chapter of the project, in the order of their names.

    Raises:
        ChapterError: none, two of one name, or one that can't be read as a notebook.
    """
    folder = project.notebooks
    if not folder.is_dir():
        raise ChapterError(
            "there is no folder 'notebooks'",
            where=folder.name,
            next_step="run in the folder of the project, or give it with --project",
        )
    found = tuple(_read(path) for path in sorted(folder.glob("*.ipynb")))
    if not found:
        raise ChapterError("there are no notebooks", where="notebooks")
    names = [notebook.name for notebook in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ChapterError(f"two notebooks are named '{twice[0]}'", where="notebooks")
    return found


def _read(path: Path) -> NotebookFile:
    where = f"notebooks/{path.name}"
    match = FILE_NAME.match(path.name)
    if match is None:
        raise ChapterError(
            "a chapter's file is named like '03_website.ipynb'",
            where=where,
            next_step="rename it: two digits, an underscore, and a name in lower case",
        )
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        found = (raw["nbformat"], raw["nbformat_minor"])
        if found < FORMAT:
            raise ChapterError(
                f"is a notebook of format {found[0]}.{found[1]}, whose cells have no ids",
                where=where,
                next_step="open it in JupyterLab ('make lab') and save it",
            )
        _check_ids([cell.get("id", "") for cell in raw["cells"]], where)
    except OSError as error:
        raise ChapterError(
            f"can't be read ({error.strerror})", where=where, next_step=to_read(error)
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise no_notebook(where, error) from None
    return NotebookFile(match.group(1), path.name, raw)


def no_notebook(where: str, error: Exception) -> ChapterError:
    """The error that says that a file isn't a notebook, by the name of what went wrong."""
    return ChapterError(f"is no valid notebook ({type(error).__name__})", where=where)


def source(cell: Cell) -> str:
    """The text of a cell, which a file may hold line by line."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def _check_ids(ids: Sequence[str], where: str) -> None:
    """nbformat gives cells that share an id another one, at random."""
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ChapterError(
            f"the cell id '{twice[0]}' stands {ids.count(twice[0])} times",
            where=where,
            next_step="figures and texts name cells by their id: give each its own",
        )


def check_cells(notebook: NotebookFile) -> None:
    """Refuse what would be read by nobody, would count something else, or can't be traced.

    Raises:
        ChapterError: such a cell; names file and cell.
    """
    try:
        _check(notebook.cells, notebook.name, notebook.where)
    except (KeyError, TypeError, AttributeError) as error:
        raise no_notebook(notebook.where, error) from None


def _check(cells: Sequence[Cell], name: str, where: str) -> None:
    for cell in cells:
        _check_tags(cell, f"{where}, cell '{cell['id']}'")
    parameters = _check_parameters(cells, where)
    opened = 0
    for cell in cells:
        if cell["cell_type"] == "code":
            place = f"{where}, cell '{cell['id']}'"
            tree = _parse(source(cell), place)
            _check_code(tree, place)
            if cell["id"] != parameters:
                _check_unchanged(tree, place)
            opened += _check_opening(tree, name, place)
    if opened > 1:
        raise ChapterError(f"{OPEN} is called {opened} times, and once is due", where=where)


def _check_tags(cell: Cell, where: str) -> None:
    """A misspelt tag would be read by nobody, and one that skips a cell by nbclient."""
    for tag in cell["metadata"].get("tags", []):
        if tag not in TAGS and not tag.startswith(TAG_NEEDS):
            kind = "".join(tag.partition(":")[:2])
            raise ChapterError(
                f"unknown tag '{tag}'{nearest(kind, [*TAGS, TAG_NEEDS])}",
                where=where,
                next_step=f"a cell has the tags '{TAG_PARAMETERS}' or '{TAG_NEEDS}…', or none",
            )


def _check_parameters(cells: Sequence[Cell], where: str) -> str:
    """The id of the cell that holds the parameters."""
    tagged = [cell for cell in cells if TAG_PARAMETERS in cell["metadata"].get("tags", [])]
    if len(tagged) != 1 or tagged[0]["cell_type"] != "code":
        raise ChapterError(
            f"{len(tagged)} cells are tagged 'parameters', and one code cell is due",
            where=where,
            next_step="without it papermill would run the chapter with its defaults, unsaid",
        )
    place = f"{where}, cell '{tagged[0]['id']}'"
    names = _assigned(_parse(source(tagged[0]), place))
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
    return str(tagged[0]["id"])


def _assigned(tree: ast.Module) -> set[str]:
    """The names that a cell assigns to, however it does so."""
    return {
        item.id
        for item in ast.walk(tree)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }


def _parse(text: str, where: str) -> ast.Module:
    try:
        return ast.parse(text)
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
