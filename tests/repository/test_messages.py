"""Errors that are told by a template: each that is asked for is there, and each is asked for."""

import ast
from functools import cache
from string import Formatter

import yaml

from tests.repository.tree import ROOT, parse

SOURCE = ROOT / "src" / "helpline_report"
MESSAGES = yaml.safe_load((SOURCE / "parameters" / "messages.yaml").read_text(encoding="utf-8"))
CORRECTIONS = yaml.safe_load((SOURCE / "exports" / "corrections.yaml").read_text(encoding="utf-8"))


@cache
def list_calls() -> list[tuple[str, set[str]]]:
    """The cases that modules ask for, each with what its call site fills it in with."""
    calls: list[tuple[str, set[str]]] = []
    for path in SOURCE.rglob("*.py"):
        tree = parse(path)
        for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            nodes = [*ast.walk(function)]
            asked = [each for each in nodes if isinstance(each, ast.Call) and is_asked(each)]
            by_name = {
                str(each.args[1].value) for each in asked if isinstance(each.args[1], ast.Constant)
            }
            texts = {str(each.value) for each in nodes if isinstance(each, ast.Constant)}
            for call in asked:
                values = {each.arg for each in call.keywords if each.arg}
                if len(values) < len(call.keywords):
                    # A mapping fills in the rest: it is put together in the same function.
                    values |= {str(key.value) for each in nodes for key in keys_of(each)}
                match call.args[1]:
                    case ast.Constant(value=case):
                        calls.append((str(case), values))
                    case ast.Name():
                        # Which case it is turns out there: any that the function names.
                        known = MESSAGES if ast.unparse(call.func) == "make_error" else CORRECTIONS
                        cases = {each for each in texts - by_name if each in known}
                        assert cases, (path.name, call.lineno)
                        calls += [(case, values) for case in sorted(cases)]
                    case other:
                        raise AssertionError((path.name, ast.unparse(other)))
    return calls


def is_asked(call: ast.Call) -> bool:
    """Whether a call asks for a message: by its kind or the line it is about, and then its name."""
    return ast.unparse(call.func) in ("make_error", "self._report") and len(call.args) > 1


def keys_of(node: ast.AST) -> list[ast.Constant]:
    """The names that a mapping is written with."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [key for key in keys if isinstance(key, ast.Constant)]


def test_every_message_that_is_asked_for_is_there_and_filled_in() -> None:
    """A place in a template without its value would end the run with a fault of the program."""
    calls = list_calls()
    cases = {case for case, _ in calls}
    assert {"missing_parameter", "no_such_file", "other_reason", "several", "twice"} <= cases
    for case, values in calls:
        texts = "".join(MESSAGES.get(case) or CORRECTIONS[case])
        assert {field for _, field, _, _ in Formatter().parse(texts) if field} <= values, case


def test_every_message_is_asked_for() -> None:
    assert sorted({*MESSAGES, *CORRECTIONS} - {case for case, _ in list_calls()}) == []


def test_every_message_has_its_two_parts() -> None:
    """What is wrong, and what to do next; few have nothing to do."""
    assert [case for case, texts in {**MESSAGES, **CORRECTIONS}.items() if len(texts) != 2] == []
    assert not MESSAGES.keys() & CORRECTIONS.keys() - {"twice"}
