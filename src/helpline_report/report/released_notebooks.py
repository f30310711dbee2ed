"""Copy executed notebooks into what may be published: built anew, from an allowlist."""

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbformat.v4 as nb
from nbformat import NotebookNode

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME, Ledger
from helpline_report.parameters.edition import describe_overrides
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.run.records import write_notebook_text

# Where they stand in the folder of an edition.
PUBLISHED = "audit/notebooks"
# The tag of the line that stands for a cell which left no result.
LEFT_OUT = "left-out"
OWN = "helpline_report"
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What narrows a population down: a cell of nothing else says what is counted, and gives no result.
NARROWING = {"populations", "previous", "where", "having", "during"}


@dataclass(frozen=True)
class ReleasedEdition:
    """What the gate let out: the released ledger, and by its chapter each released notebook.

    If a chapter `reads_outside`, nobody knows when the edition must be made again.
    """

    ledger: Ledger
    notebooks: Mapping[str, NotebookNode]
    reads_outside: bool = False


def release_notebook(executed: NotebookNode, ledger: Ledger) -> NotebookNode:
    """A notebook that holds nothing of an executed one but what the allowlist names.

    These are the ids, kinds, tags and sources of cells; what a cell recorded stands in the released
    ledger. A cell of code that left no record is replaced by a cell that says nothing of it, unless
    all that it does is to open the chapter, to import, or to say which population is meant.
    Comments in texts are left out.

    Parameters that name a place are shown by their names alone. The metadata hold the SHA-256 of
    the executed notebook, as its file was written; none where it holds counts that aren't released,
    since numbers could be tried against it.
    """
    cells = [copy for cell in executed.cells for copy in _copy_cell(cell, ledger)]
    digest = ""
    if not ledger.protected:
        digest = hashlib.sha256(write_notebook_text(executed).encode()).hexdigest()
    metadata = {**KERNEL, OWN: {"edition": ledger.edition, "executed": digest}}
    notebook: NotebookNode = nb.new_notebook(cells=cells, metadata=metadata)
    return notebook


def remove_comments(text: str) -> str:
    """A text without its comments: no page shows them."""
    return COMMENT.sub("", text)


def _copy_cell(cell: NotebookNode, ledger: Ledger) -> Iterator[NotebookNode]:
    tags = read_tags(cell)
    if INJECTED in tags or cell.cell_type not in ("markdown", "code"):
        return
    if cell.cell_type == "markdown":
        yield _make_cell("markdown", cell.id, remove_comments(cell.source), tags)
        return
    has_record = any(RECORD_MIME in output.get("data", {}) for output in cell.outputs)
    if not (has_record or TAG_PARAMETERS in tags or only_prepares(cell.source)):
        yield _make_cell("markdown", cell.id, "", [LEFT_OUT])
        return
    yield _make_cell("code", cell.id, cell.source, tags)
    if TAG_PARAMETERS in tags:
        overrides = list(describe_overrides(ledger.overrides))
        lines = (f'edition = "{ledger.edition}"', f"overrides = {overrides}")
        yield _make_cell("code", INJECTED, "\n".join(lines), [INJECTED])


def _make_cell(kind: str, name: str, source: str, tags: list[str]) -> NotebookNode:
    make = nb.new_code_cell if kind == "code" else nb.new_markdown_cell
    cell: NotebookNode = make(source, id=name, metadata={"tags": tags} if tags else {})
    return cell


def read_executed_hash(released: NotebookNode) -> str:
    """The SHA-256 of the executed notebook that a released one was made from."""
    return str(released.metadata[OWN]["executed"])


def is_left_out(cell: NotebookNode) -> bool:
    """Whether a cell stands for one of code that left no result."""
    return LEFT_OUT in read_tags(cell)


def only_prepares(source: str) -> bool:
    """Whether code does nothing but import, open the chapter, or name populations."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return False
    for statement in statements:
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        names = isinstance(statement, ast.Assign) and _is_population(statement.value)
        if not (is_import or names):
            return False
    return bool(statements)


def _is_population(value: ast.expr) -> bool:
    """`open_chapter(…)`, `chapter.populations(…)`, `contacts.where(…)`, or several of these."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_population, value.elts))
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id == "open_chapter"
    if not isinstance(value.func, ast.Attribute) or value.func.attr not in NARROWING:
        return False
    of = value.func.value
    return isinstance(of, ast.Name) or _is_population(of)


def insert_texts(
    released: Mapping[str, NotebookNode], stored: Sequence[Notebook], edition: str
) -> dict[str, NotebookNode]:
    """The released notebooks of an edition, with the texts as they stand in the project now.

    Raises:
        ChapterError: the code of a chapter isn't what ran, or it never did.
    """
    for notebook in stored:
        if notebook.name not in released:
            raise _make_refusal("the chapter didn't run", notebook.where, edition)
    return {
        notebook.name: _insert_chapter_texts(released[notebook.name], notebook, edition)
        for notebook in stored
    }


def _insert_chapter_texts(node: NotebookNode, notebook: Notebook, edition: str) -> NotebookNode:
    ran = {cell.id: cell for cell in node.cells}
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cells.append(
                _make_cell("markdown", cell.id, remove_comments(cell.source), read_tags(cell))
            )
        elif cell.cell_type == "code":
            copy = ran.get(cell.id)
            if copy is None or not (is_left_out(copy) or copy.source == cell.source):
                where = f"{notebook.where}, cell '{cell.id}'"
                raise _make_refusal("the code of the chapter isn't what ran", where, edition)
            cells.append(copy)
            if TAG_PARAMETERS in read_tags(cell):
                cells.append(ran[INJECTED])
    code = {cell.id for cell in node.cells if cell.cell_type == "code"}
    gone = sorted(code - {cell.id for cell in cells})
    if gone:
        where = f"{notebook.where}, cell '{gone[0]}'"
        raise _make_refusal("a cell that ran isn't there any more", where, edition)
    changed: NotebookNode = nb.new_notebook(cells=cells, metadata=node.metadata)
    return changed


def _make_refusal(what: str, where: str, edition: str) -> ChapterError:
    step = f"run it: helpline-report build {edition}"
    return ChapterError(what, where=where, next_step=step)


def read_published_notebooks(folder: Path) -> dict[str, NotebookNode]:
    """The released notebooks of a published edition, by chapter, without their outputs.

    Raises:
        OSError, ValueError, KeyError, TypeError, AttributeError: one isn't as it was published.
    """
    notebooks = {}
    for path in sorted((folder / PUBLISHED).glob("*.ipynb")):
        node = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.execution_count = None
                cell.outputs = []
            elif is_left_out(cell):
                cell.source = ""  # what the published copy says there is no text of the chapter
        notebooks[path.stem.partition("_")[2]] = node
    return notebooks
