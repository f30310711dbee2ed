"""Refuse a chapter that would publish a key of the exports, or a phrase that its code made."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nbformat import NotebookNode

from helpline_report.errors import ChapterError, RefusedError
from helpline_report.figures.ledger import Check, Ledger
from helpline_report.figures.register import Register
from helpline_report.parameters.yaml import make_error
from helpline_report.tables.dataset import LIKE_A_COUNT, KeyHashes

WORD, TOKEN = re.compile(r"\w+"), re.compile(r"[\w.-]+")
# What may stand between two words of one key: C2017-000123, 2017/123, a UUID.
JOINT = re.compile(r"[-./:+# ]")
MOST_WORDS = 8
MOST_LENGTH = 64
# A shorter text may be the name of something else: of a class, of a code.
SHORTEST = 5
NUMERAL = re.compile(r"\d+(?:[.,:/-]\d+)*")
# What the program adds to a name that a chapter gives.
DERIVED = frozenset({"previous", "chart", "table"})
# A short text or a number is taken for a key if one of these words stands right before it.
NAMES = r"contact|contactname|person|persoon|row|rij|case|dossier|key|sleutel|id|nr"
NAMED = re.compile(rf"(?:\b(?:{NAMES})|_id|nummer|number)\b\W{{0,12}}$", re.IGNORECASE)
# How many characters before a text are searched for such a word.
REACH = 40


def refuse_keys(
    notebooks: Mapping[str, NotebookNode],
    modules: Mapping[str, str],
    files: Mapping[str, str],
    register: Register,
) -> None:
    """Look in what is published of code for the keys of an edition and its comparison.

    That is every source of released notebooks, and what the modules that draw write in a drawing:
    `modules` are their sources. `files` are how messages name the notebooks. A key counts where it
    stands as a whole. One that could be any number or word (`2017`, `412`, `P12`) counts only where
    its like is named before it (`contact 412`, `persoonsnummer == 412`).

    Raises:
        ChapterError: a source holds one; names the cell or the module, never the key.
    """
    keys = _list_keys(register)
    for chapter, node in notebooks.items():
        for cell in node.cells:
            if _holds_key(cell.source, keys):
                raise make_error(ChapterError, "key_in_cell", f"{files[chapter]}, cell '{cell.id}'")
    for module, source in modules.items():
        if _holds_key(source, keys):
            raise make_error(ChapterError, "key_in_module", f"notebooks/{module}.py")


def check_keys(ledger: Ledger, register: Register) -> Check:
    """The check that no key of an edition and its comparison stands in what was counted.

    Raises:
        RefusedError: one does; the message doesn't say which.
    """
    keys = _list_keys(register)
    tokens = sorted(set(TOKEN.findall(ledger.to_json())))
    texts = [text for text in tokens if not LIKE_A_COUNT.fullmatch(text)]
    if texts and any(hashes.hold_any(texts) for hashes in keys):
        raise make_error(RefusedError, "key_in_ledger")
    return Check(name="keys", passed=True, of=sum(hashes.unambiguous for hashes in keys))


def refuse_made_names(
    ledger: Ledger, code: Mapping[str, Sequence[str]], files: Mapping[str, str]
) -> None:
    """Look in their code for the names that chapters gave, where each part of one is written out.

    Names are published: code could make one of the values of a row. `code` are the cells of code
    by the name of a chapter, `files` how messages name the notebooks. What the program itself adds
    to a name (a code of a series, a file in the table of quality) isn't a chapter's.

    Raises:
        ChapterError: a part of a name stands in no text of the chapter's code; names the cell.
    """
    breakdowns = {
        breakdown.id: {member.figure for member in breakdown.members}
        for breakdown in ledger.breakdowns.values()
    }
    tables = [*ledger.quality.values(), *ledger.missing.values(), *ledger.campaigns.values()]
    listed = "\n".join(table.model_dump_json() for table in tables)
    derived = {name for name in ledger.figures if f'"{name}"' in listed} | ledger.merged.keys()
    derived = derived.union(*breakdowns.values())
    for chapter in ledger.chapters:
        texts = set[str]().union(*map(_list_texts, code[chapter.name]))
        parts = DERIVED.union(*(text.split(".") for text in texts))
        for cell in chapter.cells:
            names = {*cell.figures} - derived
            names |= {item.id for item in cell.shows if item.kind in ("chart", "table")}
            names |= {name for name, figures in breakdowns.items() if figures & {*cell.figures}}
            if any(not parts.issuperset(name.split(".")) for name in names):
                place = f"{files[chapter.name]}, cell '{cell.id}'"
                raise make_error(ChapterError, "name_by_code", place)


def refuse_made_texts(
    ledger: Ledger,
    notebooks: Mapping[str, NotebookNode],
    files: Mapping[str, str],
    register: Register,
) -> None:
    """Refuse names and texts of a ledger that code may have made of the values of a row.

    A name that holds a key, in small letters or in capitals, is refused. So are a figure of a
    chapter's own whose value is a key, and one whose explanation isn't written out in its cell.

    Raises:
        ChapterError: names the cell, never what stands there.
    """
    keys = _list_keys(register)
    # All names at once first: this is quick, and hardly ever true.
    any_name = _holds_key("\n".join(f"{name}\n{name.upper()}" for name in ledger.figures), keys)
    for name, (chapter, cell) in ledger.origins().items():
        figure, place = ledger.figures[name], f"{files[chapter]}, cell '{cell}'"
        if figure.kind == "own":
            (source,) = [code.source for code in notebooks[chapter].cells if code.id == cell]
            if figure.how not in {text.strip() for text in _list_texts(source)}:
                raise make_error(ChapterError, "how_by_code", place)
            if _holds_key(f"{figure.value}".removesuffix(".0"), keys):
                raise make_error(ChapterError, "key_as_value", place)
        if any_name and _holds_key(f"{name}\n{name.upper()}", keys):
            raise make_error(ChapterError, "key_in_name", place)


def _list_texts(source: str) -> set[str]:
    """The texts that stand in a cell of code, parts of f-strings among them."""
    nodes = ast.walk(ast.parse(source))
    constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def _list_keys(register: Register) -> list[KeyHashes]:
    years = [register, register.previous] if register.previous is not None else [register]
    tables = [table for year in years for table in year.dataset.tables.values()]
    return [table.keys for table in tables if table.keys is not None]


def _holds_key(source: str, keys: Sequence[KeyHashes]) -> bool:
    texts = list(dict.fromkeys(_list_candidates(source))) if keys else []
    return bool(texts) and any(hashes.hold_any(texts) for hashes in keys)


def _list_candidates(source: str) -> Iterator[str]:
    """The parts of a text that could be a key: words, and words joined by a mark."""
    words = list(WORD.finditer(source))
    for place, first in enumerate(words):
        end = first.end()
        for last in words[place : place + MOST_WORDS]:
            if last is not first and not JOINT.fullmatch(source, end, last.start()):
                break
            end = last.end()
            text = source[first.start() : end]
            if len(text) > MOST_LENGTH:
                break
            if _is_distinct(text) or NAMED.search(source, first.start() - REACH, first.start()):
                yield text


def _is_distinct(text: str) -> bool:
    """Whether a text is most likely a key: a long number, or letters with digits."""
    if NUMERAL.fullmatch(text):
        return text.isdigit() and not LIKE_A_COUNT.fullmatch(text)
    return len(text) >= SHORTEST and any(map(str.isdigit, text))
