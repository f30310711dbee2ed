"""Errors: what, where and what next, and the exit code of each."""

import re
from typing import Any

import pytest

from helpline_report import errors
from helpline_report.errors import ExportError, Problem, nearest, place_of

CODES = {
    1: "HelplineError MachineError",
    2: "UserError ParametersError ExportError ChapterError PopulationError ProseError",
    3: "RefusedError",
}


@pytest.mark.parametrize("code", CODES)
def test_each_error_has_its_exit_code(code: int) -> None:
    """As the commands document them."""
    assert {getattr(errors, name).exit_code for name in CODES[code].split()} == {code}


def test_all_problems_are_told_in_order_and_no_flood() -> None:
    """Twenty a code, and how many more."""
    many = [Problem("a.csv", line, "", "B2", f"wrong {line}") for line in range(25, 0, -1)]
    report = str(ExportError([*many, Problem("b.csv", 1, "", "B1", "wrong")])).splitlines()
    assert report[0] == "26 problem(s) in the exports; nothing was written."
    assert report[1:3] == ["[B1] b.csv:1: wrong", "[B2] a.csv:1: wrong 1"]
    assert report[-1] == "[B2] and 5 more like these"


def test_many_rows_of_one_cause_are_one_message() -> None:
    """With their number, of which not all need be carried; a few are told one by one."""
    many = [Problem("a.csv", line, "x", "B1", "wrong", alike=9) for line in range(2, 6)]
    few = [Problem("a.csv", line, "x", "B1", "odd", alike=3) for line in range(7, 10)]
    report = str(ExportError([*many, *few], {"B1": 12})).splitlines()
    assert report[1:] == [
        "[B1] a.csv:2 and 8 more rows, column x: wrong",
        *(f"[B1] a.csv:{line}, column x: odd" for line in range(7, 10)),
    ]


def test_a_near_name_is_near_in_each_word() -> None:
    """Another code that shares a word isn't offered."""
    assert nearest("Mujer Tran", ["Mujer Trans"]) == ", did you mean 'Mujer Trans'?"
    assert nearest("Varón Trans", ["Mujer Trans"]) == ""


def test_where_an_unforeseen_error_rose() -> None:
    """The line of the program, and not that of a library below it, nor what the error says."""
    of_nothing: Any = None
    with pytest.raises(TypeError) as caught:
        nearest("x", of_nothing)
    assert re.fullmatch(r"errors\.py:\d+", place_of(caught.value))
