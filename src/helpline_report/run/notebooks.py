"""Read the chapters as a run takes them: valid notebooks, checked before any of them runs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4
from nbformat import NotebookNode, ValidationError

from helpline_report.errors import ChapterError, ParametersError, nearest, to_read
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import first_repeated

PARAMETERS = {"edition", "overrides", "preview"}
TAG_PARAMETERS = "parameters"
TAG_COVER = "cover"
TAG_FINDING = "finding"
TAG_FOLDED = "folded"
TAGS = (TAG_PARAMETERS, TAG_COVER, TAG_FINDING, TAG_FOLDED)
# What a cell needs, stands with only, or gives way to.
CONDITIONS = ("needs:", "when:", "unless:")
# The cell that papermill adds: its tag, and in an executed notebook its id too.
INJECTED = "injected-parameters"
OPEN = "open_chapter"
KERNEL = {"exit", "quit", "get_ipython"}
FORMAT = (4, 5)
FILE_NAME = re.compile(r"^\d\d_([a-z0-9_]+)\.ipynb$")


@dataclass(frozen=True)
class Notebook:
    """One chapter: its name, its file's name, and the notebook as it is stored."""

    name: str
    file: str
    node: NotebookNode

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"notebooks/{self.file}"

    @property
    def cells(self) -> list[NotebookNode]:
        """Its cells, in order."""
        return list(self.node.cells)

    def code(self) -> list[str]:
        """What stands in its cells of code."""
        return [cell.source for cell in self.cells if cell.cell_type == "code"]

    def texts(self) -> dict[str, str]:
        """What stands in its cells of text, by their ids."""
        return {cell.id: cell.source for cell in self.cells if cell.cell_type == "markdown"}


def tags_of(cell: NotebookNode) -> list[str]:
    """What a cell is marked with."""
    return list(cell.metadata.get("tags", []))


def read_notebooks(project: Project, edition: Edition | None = None) -> tuple[Notebook, ...]:
    """The chapters that an edition names, in its order; else all, by their file names."""
    folder = project.notebooks
    if not folder.is_dir():
        raise ChapterError(
            "there is no folder 'notebooks'",
            where=folder.name,
            next_step="run in the folder of the project, or give it with --project",
        )
    paths: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ipynb")):
        match = FILE_NAME.match(path.name)
        if match is None:
            raise ChapterError(
                "a chapter's file is named like '03_website.ipynb'",
                where=f"notebooks/{path.name}",
                next_step="rename it: two digits, an underscore, and a name in lower case",
            )
        if match[1] in paths:
            raise ChapterError(f"two notebooks are named '{match[1]}'", where="notebooks")
        paths[match[1]] = path
    if not paths:
        raise ChapterError("there are no notebooks", where="notebooks")
    chapters = [*paths] if edition is None or edition.chapters is None else edition.chapters
    for chapter in chapters:
        if edition is not None and chapter not in paths:
            raise ParametersError(
                f"chapters: there is no chapter '{chapter}'{nearest(chapter, [*paths])}",
                where=f"params/{edition.edition}.yaml",
                next_step=f"the chapters are: {', '.join(paths)}",
            )
    notebooks = tuple(_read(chapter, paths[chapter]) for chapter in chapters)
    for notebook in notebooks:
        _check_cells(notebook)
    return notebooks


def imported_packages(project: Project, notebooks: Sequence[Notebook]) -> set[str]:
    """The packages that chapters import, and the modules beside them."""
    sources = [source for notebook in notebooks for source in notebook.code()]
    sources += [path.read_text("utf-8", "replace") for path in project.notebooks.glob("*.py")]
    packages: set[str] = set()
    for source in sources:
        with suppress(SyntaxError):  # whoever imports such a module is told
            for item in ast.walk(ast.parse(source)):
                if isinstance(item, ast.Import):
                    packages |= {alias.name.partition(".")[0] for alias in item.names}
                elif isinstance(item, ast.ImportFrom) and item.module:
                    packages.add(item.module.partition(".")[0])
    return packages


def _read(name: str, path: Path) -> Notebook:
    where = f"notebooks/{path.name}"
    try:
        content = path.read_text(encoding="utf-8")
        raw = json.loads(content)
        version = (raw["nbformat"], raw["nbformat_minor"])
        if version < FORMAT:
            raise ChapterError(
                f"is a notebook of format {version[0]}.{version[1]}, whose cells have no ids",
                where=where,
                next_step="open it in JupyterLab ('make lab') and save it",
            )
        # nbformat gives cells that share an id another one, at random.
        ids = [cell.get("id", "") for cell in raw["cells"]] + [INJECTED]
        twice = first_repeated(ids)
        if twice:
            raise ChapterError(
                f"the cell id '{twice}' stands {ids.count(twice)} times",
                where=where,
                next_step="figures and texts name cells by their id: give each its own",
            )
        nbformat.validate(raw)
        return Notebook(name, path.name, nbformat.v4.reads_json(content))
    except OSError as error:
        what, step = f"can't be read ({error.strerror})", to_read(error)
        raise ChapterError(what, where=where, next_step=step) from None
    except ValidationError as error:
        at = ".".join(map(str, error.absolute_path))
        raise ChapterError(f"is no valid notebook (at {at})", where=where) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"is no valid notebook ({type(error).__name__})"
        raise ChapterError(what, where=where) from None


def _check_cells(notebook: Notebook) -> None:
    """Refuse what would be read by nobody, would count something else, or can't be traced."""
    for cell in notebook.cells:
        # A misspelt tag would be read by nobody, and one that skips a cell by nbclient.
        for tag in tags_of(cell):
            if tag not in TAGS and not tag.startswith(CONDITIONS):
                kind = "".join(tag.partition(":")[:2])
                raise ChapterError(
                    f"unknown tag '{tag}'{nearest(kind, [*TAGS, *CONDITIONS])}",
                    where=f"{notebook.where}, cell '{cell.id}'",
                    next_step=f"tags are: {', '.join(TAGS)}, {'…, '.join(CONDITIONS)}…",
                )
    tagged = [cell for cell in notebook.cells if TAG_PARAMETERS in tags_of(cell)]
    if len(tagged) != 1 or tagged[0].cell_type != "code":
        raise ChapterError(
            f"{len(tagged)} cells are tagged 'parameters', and one code cell is due",
            where=notebook.where,
            next_step="without it papermill would run the chapter with its defaults, unsaid",
        )
    opened = 0
    # The parameters come first: what they are is told before what is done with them.
    for cell in [*tagged, *(cell for cell in notebook.cells if cell is not tagged[0])]:
        if cell.cell_type == "code":
            place = f"{notebook.where}, cell '{cell.id}'"
            try:
                tree = ast.parse(cell.source)
            except SyntaxError as error:
                raise ChapterError(
                    f"line {error.lineno} is no Python",
                    where=place,
                    next_step="magics and shell commands can't be traced, and don't stand in a "
                    "chapter",
                ) from None
            _check_names(tree, place, is_parameters=cell is tagged[0])
            opened += _count_openings(tree, notebook.name, place)
    if opened > 1:
        what = f"{OPEN} is called {opened} times, and once is due"
        raise ChapterError(what, where=notebook.where)


def _check_names(tree: ast.Module, where: str, *, is_parameters: bool) -> None:
    """Refuse other parameters than a build gives, those that are set again, and the kernel."""
    items = [*ast.walk(tree)]
    for item in items:
        for name in sorted(_names(item) & KERNEL):
            raise ChapterError(
                f"line {getattr(item, 'lineno', 0)} reaches for its kernel ({name})",
                where=where,
                next_step="a chapter runs to its last cell, in a kernel that it leaves alone",
            )
    names = [item for item in items if isinstance(item, ast.Name)]
    assigned = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    if not is_parameters:
        for name in sorted(assigned & PARAMETERS):
            raise ChapterError(
                f"the cell sets the parameter '{name}' again",
                where=where,
                next_step="only the cell that is tagged 'parameters' sets it, and a build replaces "
                "it",
            )
        return
    step = f"the cell sets {', '.join(sorted(PARAMETERS))}"
    for name in sorted(assigned - PARAMETERS):
        what = f"unknown parameter '{name}'{nearest(name, sorted(PARAMETERS))}"
        raise ChapterError(what, where=where, next_step=step)
    for name in sorted(PARAMETERS - assigned):
        raise ChapterError(f"the parameter '{name}' is missing", where=where, next_step=step)
    for statement in tree.body:
        if plain_values([statement]) is None:
            raise ChapterError(
                f"line {statement.lineno} of the parameters is no plain value",
                where=where,
                next_step="write name = value, so that papermill can list and replace it",
            )


def plain_values(statements: Sequence[ast.stmt]) -> dict[str, Any] | None:
    """The values that statements give one name each, written out; None if one is anything else."""
    values = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                try:
                    values[name] = ast.literal_eval(value)
                except ValueError:
                    return None
            case _:
                return None
    return values


def _names(item: ast.AST) -> set[str]:
    match item:
        case ast.Name(id=name) | ast.alias(name=name):
            return {name}
        case ast.Attribute(attr=name):
            return {name} - {"exit", "quit"}
    return set()


def _count_openings(tree: ast.Module, name: str, where: str) -> int:
    """How often a cell opens the chapter; it has to hand on all that the chapter is given."""
    due = f"{OPEN}({name!r}, edition, overrides=overrides, preview=preview)"
    calls = [
        ast.unparse(item)
        for item in ast.walk(tree)
        if isinstance(item, ast.Call) and OPEN in _names(item.func)
    ]
    for call in calls:
        if call != due:
            raise ChapterError(
                f"the chapter isn't opened with what it is given: {call}",
                where=where,
                next_step=f"write: chapter = {due}",
            )
    return len(calls)
