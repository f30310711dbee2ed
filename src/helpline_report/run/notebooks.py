"""Read the chapters as a run takes them: valid notebooks, checked before any of them runs."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbformat.v4
from nbformat import NotebookNode, ValidationError

from helpline_report.errors import ChapterError, ParametersError, nearest, to_read
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import find_repeated, make_error

PARAMETERS = {"edition", "overrides", "preview"}
TAG_PARAMETERS = "parameters"
# A `cover` stands with the title of the report, a `finding` with its chapter's. A text that is
# `folded` opens under its heading.
TAG_COVER = "cover"
TAG_FINDING = "finding"
TAG_FOLDED = "folded"
TAGS = (TAG_PARAMETERS, TAG_COVER, TAG_FINDING, TAG_FOLDED)
# Tags with a condition: a cell needs it (a line says so where it lacks), stands only with it, or
# only without it.
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


def read_tags(cell: NotebookNode) -> list[str]:
    """What a cell is marked with."""
    return list(cell.metadata.get("tags", []))


def read_notebooks(project: Project, edition: Edition | None = None) -> tuple[Notebook, ...]:
    """The chapters that an edition names, in its order; else all, in the order of their file names.

    Raises:
        ParametersError: the edition names a chapter that isn't there.
        ChapterError: none, two of one name, or one that can't be run as it stands; names file and
            cell.
    """
    folder = project.notebooks
    if not folder.is_dir():
        raise make_error(ChapterError, "no_notebooks_folder", folder.name)
    paths: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ipynb")):
        match = FILE_NAME.match(path.name)
        if match is None:
            raise make_error(ChapterError, "notebook_name", f"notebooks/{path.name}")
        if match[1] in paths:
            raise make_error(ChapterError, "notebook_twice", "notebooks", name=match[1])
        paths[match[1]] = path
    if not paths:
        raise make_error(ChapterError, "no_notebooks", "notebooks")
    chapters = [*paths] if edition is None or edition.chapters is None else edition.chapters
    for chapter in chapters:
        if edition is not None and chapter not in paths:
            where, listed = f"params/{edition.edition}.yaml", ", ".join(paths)
            values = {"chapter": chapter, "hint": nearest(chapter, [*paths]), "chapters": listed}
            raise make_error(ParametersError, "no_such_chapter", where, **values)
    notebooks = tuple(_read(chapter, paths[chapter]) for chapter in chapters)
    for notebook in notebooks:
        _check_cells(notebook)
    return notebooks


def _read(name: str, path: Path) -> Notebook:
    where = f"notebooks/{path.name}"
    try:
        content = path.read_text(encoding="utf-8")
        raw = json.loads(content)
        version = (raw["nbformat"], raw["nbformat_minor"])
        if version < FORMAT:
            raise make_error(ChapterError, "old_format", where, major=version[0], minor=version[1])
        # nbformat gives cells that share an id another one, at random.
        ids = [cell.get("id", "") for cell in raw["cells"]] + [INJECTED]
        twice = find_repeated(ids)
        if twice:
            raise make_error(ChapterError, "cell_twice", where, id=twice, times=ids.count(twice))
        nbformat.validate(raw)
        return Notebook(name, path.name, nbformat.v4.reads_json(content))
    except OSError as error:
        what, step = f"can't be read ({error.strerror})", to_read(error)
        raise ChapterError(what, where=where, next_step=step) from None
    except ValidationError as error:
        at = ".".join(map(str, error.absolute_path))
        raise make_error(ChapterError, "invalid_notebook", where, place=f" (at {at})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise make_error(ChapterError, "invalid_notebook", where, place="") from None


def _check_cells(notebook: Notebook) -> None:
    """Refuse tags that nothing reads, cells that can't be traced, and another opening."""
    for cell in notebook.cells:
        # Nothing reads a misspelt tag; nbclient has one of its own that skips a cell.
        for tag in read_tags(cell):
            if tag not in TAGS and not tag.startswith(CONDITIONS):
                hint = nearest("".join(tag.partition(":")[:2]), [*TAGS, *CONDITIONS])
                known = f"{', '.join(TAGS)}, {'…, '.join(CONDITIONS)}…"
                place = f"{notebook.where}, cell '{cell.id}'"
                raise make_error(ChapterError, "unknown_tag", place, tag=tag, hint=hint, tags=known)
    tagged = [cell for cell in notebook.cells if TAG_PARAMETERS in read_tags(cell)]
    if len(tagged) != 1 or tagged[0].cell_type != "code":
        raise make_error(ChapterError, "parameters_cells", notebook.where, number=len(tagged))
    opened = 0
    # The parameters come first: a mistake in them is reported before one in their use.
    for cell in [*tagged, *(cell for cell in notebook.cells if cell is not tagged[0])]:
        if cell.cell_type == "code":
            place = f"{notebook.where}, cell '{cell.id}'"
            try:
                tree = ast.parse(cell.source)
            except SyntaxError as error:
                values = {"line": error.lineno, "reason": error.msg}
                raise make_error(ChapterError, "no_python", place, **values) from None
            _check_names(tree, place, is_parameters=cell is tagged[0])
            opened += _count_openings(tree, notebook.name, place)
    if opened > 1:
        raise make_error(ChapterError, "openings", notebook.where, number=opened)


def _check_names(tree: ast.Module, where: str, *, is_parameters: bool) -> None:
    """Refuse names of the kernel, and parameters other than a build gives or set a second time."""
    items = [*ast.walk(tree)]
    for item in items:
        for name in sorted(_list_names(item) & KERNEL):
            raise make_error(
                ChapterError, "reaches_kernel", where, line=getattr(item, "lineno", 0), name=name
            )
    names = [item for item in items if isinstance(item, ast.Name)]
    assigned = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    if not is_parameters:
        for name in sorted(assigned & PARAMETERS):
            raise make_error(ChapterError, "set_again", where, name=name)
        return
    due = sorted(PARAMETERS)
    for name in sorted(assigned ^ PARAMETERS, key=lambda name: (name in due, name)):
        case, hint = "missing_parameter" if name in due else "unknown_parameter", nearest(name, due)
        raise make_error(ChapterError, case, where, name=name, hint=hint, names=", ".join(due))


def _list_names(item: ast.AST) -> set[str]:
    """The name that a node of a syntax tree has; `x.exit` isn't the kernel's `exit`."""
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
        if isinstance(item, ast.Call) and OPEN in _list_names(item.func)
    ]
    for call in calls:
        if call != due:
            raise make_error(ChapterError, "opened_otherwise", where, call=call, due=due)
    return len(calls)
