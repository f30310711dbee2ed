"""The pages on faults say what the table of faults says, and name tests that are there."""

import ast
import re
from string import Formatter

import pytest

from helpline_report.exports.faults import FAULTS, find_message
from tests.repository import faults
from tests.repository.tree import ROOT, parse, python_files, text_of

ODD_YEAR = {"silent_month", "silent_days", "silent_code", "empty_column", "tenfold", "exchanged"}
CODE = re.compile(r'"(B\d\d)"')


def test_the_page_is_the_table() -> None:
    """docs/faults.md ends with what `python -m tests.repository.faults` writes."""
    assert faults.PAGE.read_text(encoding="utf-8").partition(faults.LIST)[1:] == (
        faults.LIST,
        faults.listed().removeprefix(faults.LIST),
    )


def test_the_page_names_every_fault_once() -> None:
    codes = re.findall(r"^\| (B\d\d|[a-z_]+) \|", faults.listed(), re.MULTILINE)
    assert sorted(code for code in codes if code in FAULTS) == sorted(FAULTS)


def test_every_code_of_the_program_has_words() -> None:
    """A code that a module tells of stands in the table."""
    source = ROOT / "src" / "helpline_report"
    codes = {
        code
        for path in source.rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert codes - set(FAULTS) == set()


def test_the_table_is_whole() -> None:
    """Seventy-two codes or more and the names of an odd year, with words in both languages."""
    assert set(FAULTS) >= {f"B{number:02}" for number in range(72)} | ODD_YEAR
    assert [code for code, fault in FAULTS.items() if fault.nl == fault.en] == []


class Calls(ast.NodeVisitor):
    """The messages that a module asks for: code, case, and the values that fill them in."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, set[str] | None]] = []

    def visit_Call(self, node: ast.Call) -> None:
        """Take a call of `add` or of the error, where its code stands in it."""
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if name in ("add", "ask", "FaultError") and texts and len(texts) == len(node.args):
            names = {keyword.arg for keyword in node.keywords}
            values = None if None in names else {name for name in names if name}
            self.messages.append((str(texts[0]), str(texts[1]) if texts[1:] else "", values))
        self.generic_visit(node)


def test_every_message_that_is_asked_for_is_there_and_filled_in() -> None:
    """A place in a template without its value would stop the run with a traceback."""
    calls = Calls()
    for path in python_files("src"):
        calls.visit(parse(path))
    assert len(calls.messages) > 50
    for code, case, values in calls.messages:
        if code in FAULTS:
            message = find_message(code, case)
            text = " ".join(message.values())
            due = {field.split(".")[0] for _, field, _, _ in Formatter().parse(text) if field}
            assert values is None or due <= values, (code, case)


def test_every_message_is_asked_for() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    cases = {case for fault in FAULTS.values() for case in fault.messages}
    assert [case for case in sorted(cases) if f'"{case}"' not in source] == []


def test_what_stops_a_run_says_what_to_do() -> None:
    """A refusal without a next step helps nobody."""
    stops = {"refuse", "acknowledge"}
    assert [
        code for code, fault in FAULTS.items() if stops & set(fault.answer) and not fault.step
    ] == []


# The page on faults of a run

ROW = re.compile(
    r"^\| (?P<fault>.+?) \| .+ \| `(?P<file>tests/[\w/]+\.py)::(?P<test>\w+)` \|$", re.MULTILINE
)
PAGE = text_of("docs/run-faults.md")
ROWS = ROW.findall(PAGE)


def test_every_row_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(rows) - 1


@pytest.mark.parametrize(("fault", "file", "test"), ROWS)
def test_the_test_is_there(fault: str, file: str, test: str) -> None:
    assert f"\ndef {test}(" in text_of(file), fault
