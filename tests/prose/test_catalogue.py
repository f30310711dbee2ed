from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import helpline_report.prose
from helpline_report.prose.catalogue import LANGUAGES, catalogue

CODE = sorted(Path(helpline_report.prose.__path__[0]).rglob("*.py"))
DUTCH = {"een", "het", "van", "met", "naar", "geen", "stijging", "daling", "ruim", "contactnames"}


def fields(value: object, path: str = "") -> dict[str, set[str]]:
    """The placeholders of each phrase of a catalogue, by its key."""
    if isinstance(value, dict):
        found: dict[str, set[str]] = {}
        for key, inner in value.items():
            found |= fields(inner, f"{path}.{key}")
        return found
    if isinstance(value, list) and path.startswith((".shares", ".cardinals")):
        return {f"{path}.{len(value)}": set()}
    if path.startswith((".texts.ordinary", ".texts.adjective")):  # patterns
        return {path: set()}
    if isinstance(value, str):
        return {path: {name for _, name, _, _ in string.Formatter().parse(value) if name}}
    return {}


def test_languages_have_the_same_keys() -> None:
    """What one language can say, the other can."""
    dutch, english = (fields(catalogue(language)) for language in LANGUAGES)
    assert dutch.keys() == english.keys()


def test_languages_fill_in_the_same_values() -> None:
    """No phrase loses a number in translation."""
    dutch, english = (fields(catalogue(language)) for language in LANGUAGES)
    assert {key: dutch[key] for key in dutch if dutch[key] != english[key]} == {}


def test_an_unknown_language() -> None:
    """There is no third catalogue."""
    with pytest.raises(KeyError):
        catalogue("fr")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.stem)
def test_no_dutch_stands_in_the_code(path: Path) -> None:
    """Words are data: a string of the code that is no docstring holds none."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passing = _docstrings(tree)
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in passing
    ]
    assert [text for text in strings if DUTCH & set(text.casefold().split())] == []


def _docstrings(tree: ast.Module) -> set[ast.AST]:
    passing: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passing.add(node.value)
    return passing
