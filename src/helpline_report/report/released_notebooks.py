"""Copy executed notebooks into what may be published: built anew, from an allowlist.

A chapter that would publish a key of the exports, or a phrase that its code made, is refused.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as nb
from nbformat import NotebookNode
from pydantic import ValidationError

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME, Ledger, Reference
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import describe_overrides
from helpline_report.parameters.yaml import Closed
from helpline_report.run.notebooks import Notebook
from helpline_report.run.records import notebook_text
from helpline_report.tables.dataset import KeyHashes

# Where they stand in the folder of an edition.
PUBLISHED = "audit/notebooks"
# The tag of the line that stands for a cell which left no result.
LEFT_OUT = "left-out"
PARAMETERS, INJECTED = "parameters", "injected-parameters"
OWN = "helpline_report"
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What narrows a population down: a cell of nothing else says what is counted, and gives no result.
NARROWING = {"populations", "previous", "where", "having", "during"}


class OutputRecord(Closed):
    """What an output of a released notebook stands for: figures by their ids, a part of a page."""

    figures: tuple[str, ...] = ()
    shows: Reference | None = None


@dataclass(frozen=True)
class ReleasedEdition:
    """What the gate let out: the released ledger, and by its chapter each released notebook.

    `files` are those that chapters read of their own accord, each with the SHA-256 of what it held;
    None where nobody knows when it must be made again.
    """

    ledger: Ledger
    notebooks: Mapping[str, NotebookNode]
    files: Mapping[str, str] | None = None

    def to_json(self) -> str:
        """All of it as JSON."""
        rest = json.dumps({"notebooks": self.notebooks, "files": self.files}, ensure_ascii=False)
        return f'{{"ledger": {self.ledger.to_json()}, {rest[1:]}'

    @classmethod
    def from_json(cls, content: bytes) -> ReleasedEdition:
        """What `to_json` wrote."""
        parts = json.loads(content)
        notebooks = {name: nbformat.from_dict(part) for name, part in parts["notebooks"].items()}
        return cls(Ledger.model_validate(parts["ledger"]), notebooks, parts["files"])


def release_notebook(executed: NotebookNode, ledger: Ledger) -> NotebookNode:
    """A notebook that holds nothing of an executed one but what the allowlist names.

    These are the ids, kinds, tags and sources of cells, and of outputs that are records the ids of
    what they recorded, as far as the released ledger has it. A cell of code that left no record is
    replaced by a cell that says nothing of it, unless all that it does is to open the chapter, to
    import, or to say which population is meant. Of text, comments are left out.

    Of parameters that name a place their names alone are shown. The metadata hold the SHA-256 of
    the executed notebook, as its file was written; none where it holds counts that aren't released,
    since numbers could be tried against it.
    """
    cells = [copy for cell in executed.cells for copy in _released(cell, ledger)]
    digest = hashlib.sha256(notebook_text(executed).encode()).hexdigest()
    digest = "" if ledger.protected else digest
    own = {OWN: {"edition": ledger.edition, "executed": digest}}
    notebook: NotebookNode = nb.new_notebook(cells=cells, metadata={**KERNEL, **own})
    return notebook


def without_comments(text: str) -> str:
    """A text without its comments: no page shows them."""
    return COMMENT.sub("", text)


def _released(cell: NotebookNode, ledger: Ledger) -> Iterator[NotebookNode]:
    tags = [str(tag) for tag in cell.metadata.get("tags", [])]
    if INJECTED in tags or cell.cell_type not in ("markdown", "code"):
        return
    if cell.cell_type == "markdown":
        yield _cell("markdown", cell.id, without_comments(cell.source), tags)
        return
    payloads = [output.get("data", {}).get(RECORD_MIME) for output in cell.outputs]
    # What an executed cell recorded, as far as it is released.
    outputs = [
        record_output(
            OutputRecord(
                figures=_recorded(payload, ledger),
                shows=payload.get("shows"),
            )
        )
        for payload in payloads
        if payload is not None
    ]
    if not outputs and PARAMETERS not in tags and not _prepares(cell.source):
        yield _cell("markdown", cell.id, "", [LEFT_OUT])
        return
    yield _cell("code", cell.id, cell.source, tags, outputs)
    if PARAMETERS in tags:
        overrides = list(describe_overrides(ledger.overrides))
        lines = (f'edition = "{ledger.edition}"', f"overrides = {overrides}")
        yield _cell("code", INJECTED, "\n".join(lines), [INJECTED])


def _cell(
    kind: str, name: str, source: str, tags: Sequence[str], outputs: Sequence[NotebookNode] = ()
) -> NotebookNode:
    metadata = {"tags": list(tags)} if tags else {}
    cell: NotebookNode
    if kind == "markdown":
        cell = nb.new_markdown_cell(source, id=name, metadata=metadata)
    else:
        cell = nb.new_code_cell(source, id=name, metadata=metadata, outputs=list(outputs))
    return cell


def record_output(record: OutputRecord) -> NotebookNode:
    """An output that says what stands there, by ids alone."""
    data = {RECORD_MIME: record.model_dump(mode="json", exclude_defaults=True)}
    output: NotebookNode = nb.new_output("display_data", data=data, metadata={OWN: "released"})
    return output


def _recorded(payload: Mapping[str, Any], ledger: Ledger) -> tuple[str, ...]:
    """The released figures of a record; of one that went into a wider class, that one."""
    names = (
        name for name in payload.get("ledger", {}).get("figures", {}) if name in ledger.figures
    )
    return tuple(dict.fromkeys(ledger.merged.get(name, name) for name in names))


def records_of(cell: NotebookNode, where: str) -> Iterator[OutputRecord]:
    """What the outputs of a cell of a released notebook stand for.

    Raises:
        ChapterError: an output is no record; names the cell, never what is in it.
    """
    for output in cell.get("outputs", []):
        try:
            yield OutputRecord.model_validate(output["data"][RECORD_MIME])
        except (KeyError, TypeError, ValidationError):
            raise ChapterError(
                "an output refers to nothing that a page can show",
                where=f"{where}, cell '{cell.id}'",
                next_step="only what chapter.… recorded is published: build the edition again",
            ) from None


def executed_sha256(released: NotebookNode) -> str:
    """The SHA-256 of the executed notebook that a released one was made from."""
    return str(released.metadata[OWN]["executed"])


def is_left_out(cell: NotebookNode) -> bool:
    """Whether a cell stands for one of code that left no result."""
    return LEFT_OUT in cell.metadata.get("tags", [])


def _prepares(source: str) -> bool:
    """Whether code does nothing but import, open the chapter, or name populations."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(statements) and all(
        isinstance(each, ast.Import | ast.ImportFrom)
        or (isinstance(each, ast.Assign) and _is_population(each.value))
        for each in statements
    )


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


def with_texts(
    released: Mapping[str, NotebookNode], stored: Sequence[Notebook], edition: str
) -> dict[str, NotebookNode]:
    """The released notebooks of an edition, with the texts as they stand in the project now.

    Raises:
        ChapterError: the code of a chapter isn't what ran, or it never did.
    """
    never = [notebook.where for notebook in stored if notebook.name not in released]
    if never:
        raise _changed("the chapter didn't run", never[0], edition)
    return {each.name: _with_texts(released[each.name], each, edition) for each in stored}


def _with_texts(released: NotebookNode, stored: Notebook, edition: str) -> NotebookNode:
    ran = {cell.id: cell for cell in released.cells}
    cells: list[NotebookNode] = []
    for cell in stored.cells:
        tags = cell.tags
        if cell.cell_type == "markdown":
            cells.append(_cell("markdown", cell.id, without_comments(cell.source), tags))
        elif cell.cell_type == "code":
            own = ran.get(cell.id)
            if own is None or not (is_left_out(own) or own.source == cell.source):
                what = "the code of the chapter isn't what ran"
                raise _changed(what, f"{stored.where}, cell '{cell.id}'", edition)
            cells += [own, ran[INJECTED]] if PARAMETERS in tags else [own]
    gone = {cell.id for cell in released.cells if cell.cell_type == "code"}
    gone -= {cell.id for cell in cells}
    if gone:
        where = f"{stored.where}, cell '{min(gone)}'"
        raise _changed("a cell that ran isn't there any more", where, edition)
    notebook: NotebookNode = nb.new_notebook(cells=cells, metadata=released.metadata)
    return notebook


def _changed(what: str, where: str, edition: str) -> ChapterError:
    return ChapterError(what, where=where, next_step=f"run it: helpline-report build {edition}")


def published_notebooks(folder: Path) -> dict[str, NotebookNode]:
    """The released notebooks of a published edition, by chapter: of outputs, what they stand for.

    Raises:
        OSError, ValueError, KeyError, TypeError, AttributeError: one isn't as it was published.
    """
    notebooks = {}
    for path in sorted((folder / PUBLISHED).glob("*.ipynb")):
        node = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.execution_count = None
                cell.outputs = [record_output(record) for record in records_of(cell, path.name)]
            elif is_left_out(cell):
                cell.source = ""  # what the published copy says there is no text of the chapter
        notebooks[path.stem.partition("_")[2]] = node
    return notebooks


WORD = re.compile(r"\w+")
# What may stand between two words of one key: C2017-000123, 2017/123, a UUID.
JOINT = re.compile(r"[-./:+# ]")
MOST_WORDS = 8
MOST_LENGTH = 64

# Below so many letters, or digits, other things are called the same: years, sizes, thresholds.
LETTERS, DIGITS = 5, 7
NUMERAL = re.compile(r"\d+(?:[.,:/-]\d+)*")
# What the program adds to a name that a chapter gives.
DERIVED = frozenset({"previous", "chart", "table"})
# Where one of these stands right before a short one, a key is meant.
NAMES = r"contact|contactname|person|persoon|row|rij|case|dossier|key|sleutel|id|nr"
NAMED = re.compile(rf"(?:\b(?:{NAMES})|_id|nummer|number)\b\W{{0,12}}$", re.IGNORECASE)


def refuse_keys(
    notebooks: Mapping[str, NotebookNode], files: Mapping[str, str], register: Register
) -> None:
    """Hold every source of released notebooks against the keys of an edition and its comparison.

    A key counts where it stands as a whole. One that could be any number or word (`2017`, `412`,
    `P12`) counts only where its like is named before it (`contact 412`, `persoonsnummer == 412`).
    `files` are how messages name the notebooks.

    Raises:
        ChapterError: a source holds one; names the cell, never the key.
    """
    keys = _keys(register)
    for chapter, node in notebooks.items():
        for cell in node.cells:
            if _holds_key(cell.source, keys):
                raise ChapterError(
                    "the source of the cell holds a key of the exports, and sources are published",
                    where=f"{files[chapter]}, cell '{cell.id}'",
                    next_step="take it out; say which rows are meant by conditions: "
                    "contacts.where(…)",
                )


def refuse_made_names(
    ledger: Ledger, code: Mapping[str, Sequence[str]], files: Mapping[str, str]
) -> None:
    """Hold the names that chapters gave against their code, where each part of one is written out.

    Names are published: code could make one of the values of a row. `code` are the cells of code
    by the name of a chapter, `files` how messages name the notebooks. What the program itself adds
    to a name (a code of a series, a file in the table of quality) isn't a chapter's.

    Raises:
        ChapterError: a part of a name stands in no text of the chapter's code; names the cell.
    """
    series = {each.id: {one.figure for one in each.members} for each in ledger.series.values()}
    series |= {each.id: {one.figure for one in each.cells} for each in ledger.crosstabs.values()}
    tables = [*ledger.quality.values(), *ledger.missing.values(), *ledger.campaigns.values()]
    listed = "\n".join(each.model_dump_json() for each in tables)
    derived = {name for name in ledger.figures if f'"{name}"' in listed} | ledger.merged.keys()
    derived |= {figure for figures in series.values() for figure in figures}
    for chapter in ledger.chapters:
        texts = {text for each in code[chapter.name] for text in _texts(each)}
        parts = DERIVED | {part for text in texts for part in text.split(".")}
        for cell in chapter.cells:
            names = {*cell.figures} - derived
            names |= {each.id for each in cell.shows if each.kind in ("chart", "table")}
            names |= {name for name, figures in series.items() if figures & {*cell.figures}}
            if any(not parts.issuperset(name.split(".")) for name in names):
                raise ChapterError(
                    "the name of a figure or chart is made by code, and names are published",
                    where=f"{files[chapter.name]}, cell '{cell.id}'",
                    next_step="write each part of the name out, such as 'contacts.by_month'; in a "
                    "loop, take the parts from a list of texts",
                )


def refuse_made_texts(
    ledger: Ledger,
    notebooks: Mapping[str, NotebookNode],
    files: Mapping[str, str],
    register: Register,
) -> None:
    """Hold what code may have made of rows, in a ledger, against keys and sources.

    The explanation of a figure of a chapter's own stands in its cell, written out: code could make
    one of the values of a row. No such figure is a key, and none is named after one, in small
    letters or in capitals.

    Raises:
        ChapterError: something isn't so; names the cell, never what stands there.
    """
    keys = _keys(register)
    named = _holds_key("\n".join(f"{name}\n{name.upper()}" for name in ledger.figures), keys)
    for name, (chapter, cell) in ledger.origins().items():
        figure = ledger.figures[name]
        what = step = ""
        if figure.kind == "own":
            (source,) = [each.source for each in notebooks[chapter].cells if each.id == cell]
            if figure.how not in {text.strip() for text in _texts(source)}:
                what = "'how' of a figure is made by code, and readers see it"
                step = "write it out where chapter.figure(…) stands: how='mediaan van de leeftijd'"
            elif _holds_key(f"{figure.value}".removesuffix(".0"), keys):
                what = "the value of a figure is a key of the exports"
                step = "give a number that says something of many rows, such as a median"
        if not what and named and _holds_key(f"{name}\n{name.upper()}", keys):
            what = "the name of a figure holds a key of the exports, and names are published"
            step = "name figures after what they count: contacts.by_month"
        if what:
            raise ChapterError(what, where=f"{files[chapter]}, cell '{cell}'", next_step=step)


def refuse_keys_in_modules(sources: Mapping[str, str], register: Register) -> None:
    """Hold the modules that draw charts against the keys: what they write stands in a drawing.

    Raises:
        ChapterError: one holds a key; names the module, never the key.
    """
    keys = _keys(register)
    for module, source in sources.items():
        if _holds_key(source, keys):
            raise ChapterError(
                "this module draws a chart, and holds a key of the exports",
                where=f"notebooks/{module}.py",
                next_step="take it out: a chart is drawn from its frame alone",
            )


def _texts(source: str) -> set[str]:
    """The texts that stand in a cell of code, parts of f-strings among them."""
    constants = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)]
    return {each.value for each in constants if isinstance(each.value, str)}


def _keys(register: Register) -> list[KeyHashes]:
    years = (register, register.previous)
    tables = [table for each in years if each for table in each.dataset.tables.values()]
    return [table.keys for table in tables if table.keys is not None]


def _holds_key(source: str, keys: Sequence[KeyHashes]) -> bool:
    texts = list(dict.fromkeys(_candidates(source))) if keys else []
    return bool(texts) and any(each.hold_any(texts) for each in keys)


def _candidates(source: str) -> Iterator[str]:
    """What in a text could be a key: words, and words joined by a mark, that are no plain ones."""
    words = list(WORD.finditer(source))
    for at, first in enumerate(words):
        for to in range(at, min(at + MOST_WORDS, len(words))):
            last = words[to]
            if to > at and not JOINT.fullmatch(source, words[to - 1].end(), last.start()):
                break
            text = source[first.start() : last.end()]
            if len(text) > MOST_LENGTH:
                break
            if _is_distinct(text) or NAMED.search(source, first.start() - 40, first.start()):
                yield text


def _is_distinct(text: str) -> bool:
    """Whether nothing but a key is written like this, in all likelihood."""
    if not NUMERAL.fullmatch(text):
        return len(text) >= LETTERS and any(letter.isdigit() for letter in text)
    least = LETTERS if text.startswith("0") else DIGITS
    return text.isdigit() and len(text) >= least
