"""Errors that are told by a template: each that is asked for is there, and each is asked for."""

import ast
import re
from string import Formatter

import yaml

from tests.repository.tree import ROOT

SOURCE = ROOT / "src" / "helpline_report"
MESSAGES = yaml.safe_load((SOURCE / "parameters" / "messages.yaml").read_text(encoding="utf-8"))
CORRECTIONS = yaml.safe_load((SOURCE / "exports" / "corrections.yaml").read_text(encoding="utf-8"))


def list_calls() -> list[tuple[str, set[str] | None]]:
    """The cases that modules ask for by name, with what fills them in; None if a mapping does."""
    calls: list[tuple[str, set[str] | None]] = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in ("make_error", "report") and node.args[1:]:
                case = node.args[1]
                names = {each.arg for each in node.keywords}
                if isinstance(case, ast.Constant) and isinstance(case.value, str):
                    values = None if None in names else {each for each in names if each}
                    calls.append((case.value, values))
    return calls


def test_every_message_that_is_asked_for_is_there_and_filled_in() -> None:
    """A place in a template without its value would end the run with a fault of the program."""
    calls = list_calls()
    assert len(calls) > 60
    for case, values in calls:
        texts = "".join(MESSAGES.get(case) or CORRECTIONS[case])
        due = {field for _, field, _, _ in Formatter().parse(texts) if field}
        assert values is None or due <= values, case


def test_every_message_is_asked_for() -> None:
    """No template is left behind."""
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    names = set(re.findall(r'"(\w+)"', source))
    assert sorted({*MESSAGES, *CORRECTIONS} - names) == []


def test_every_message_has_its_two_parts() -> None:
    """What is wrong, and what to do next; few have nothing to do."""
    assert [case for case, texts in {**MESSAGES, **CORRECTIONS}.items() if len(texts) != 2] == []
    assert not MESSAGES.keys() & CORRECTIONS.keys() - {"twice"}
