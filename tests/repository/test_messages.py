"""Errors that are told by a template: each that is asked for is there, and each is asked for."""

import ast
from functools import cache
from string import Formatter

import yaml

from tests.repository.tree import ROOT, list_calls

SOURCE = ROOT / "src" / "helpline_report"
MESSAGES = yaml.safe_load((SOURCE / "parameters" / "messages.yaml").read_text(encoding="utf-8"))
CORRECTIONS = yaml.safe_load((SOURCE / "exports" / "corrections.yaml").read_text(encoding="utf-8"))
ALL_CALLS = [*list_calls("make_error", "_report")]


@cache
def list_messages() -> list[tuple[str, set[str]]]:
    """The cases that modules ask for, each with what its call site fills it in with."""
    messages: list[tuple[str, set[str]]] = []
    for call, function in ALL_CALLS:
        nodes = [*ast.walk(function)]
        values = {each.arg for each in call.keywords if each.arg}
        if len(values) < len(call.keywords):
            # A mapping fills in the rest: it is put together in the same function.
            values |= {str(key.value) for each in nodes for key in keys_of(each)}
        match call.args[1]:
            case ast.Constant(value=case):
                messages.append((str(case), values))
            case ast.Name():
                # Which case it is turns out there: any that the function names beside its calls.
                known = CORRECTIONS if ast.unparse(call.func) == "self._report" else MESSAGES
                own = {ast.unparse(each.args[1]) for each, other in ALL_CALLS if other is function}
                texts = {str(each.value) for each in nodes if isinstance(each, ast.Constant)}
                cases = {each for each in texts if each in known and repr(each) not in own}
                assert cases, (function.name, call.lineno)
                messages += [(case, values) for case in sorted(cases)]
            case other:
                raise AssertionError((function.name, ast.unparse(other)))
    return messages


def keys_of(node: ast.AST) -> list[ast.Constant]:
    """The names that a mapping is written with."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [key for key in keys if isinstance(key, ast.Constant)]


def test_every_message_that_is_asked_for_is_there_and_filled_in() -> None:
    """A place in a template without its value would end the run with a fault of the program."""
    messages = list_messages()
    cases = {case for case, _ in messages}
    assert {"missing_parameter", "no_such_file", "other_reason", "several", "twice"} <= cases
    for case, values in messages:
        texts = "".join(MESSAGES.get(case) or CORRECTIONS[case])
        assert {field for _, field, _, _ in Formatter().parse(texts) if field} <= values, case


def test_every_message_is_asked_for() -> None:
    assert sorted({*MESSAGES, *CORRECTIONS} - {case for case, _ in list_messages()}) == []


def test_every_message_has_its_two_parts() -> None:
    """What is wrong, and what to do next; few have nothing to do."""
    assert [case for case, texts in {**MESSAGES, **CORRECTIONS}.items() if len(texts) != 2] == []
    assert not MESSAGES.keys() & CORRECTIONS.keys() - {"twice"}
