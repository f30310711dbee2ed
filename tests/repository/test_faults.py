"""The pages on faults say what the table of faults says, and name tests that are there."""

import ast
import re
from string import Formatter

import pytest

from helpline_report.exports.faults import FAULTS, find_message
from tests.repository import faults
from tests.repository.tree import ROOT, list_calls, text_of

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


def test_every_message_that_is_asked_for_is_there_and_filled_in() -> None:
    """A place in a template without its value would stop the run with a traceback."""
    calls = [call for call, _ in list_calls("add", "ask", "FaultError")]
    calls = [call for call in calls if all(isinstance(each, ast.Constant) for each in call.args)]
    assert len(calls) > 50
    for call in calls:
        code, case = [*map(ast.literal_eval, call.args), "", ""][:2]
        values = {keyword.arg for keyword in call.keywords}
        if code in FAULTS:
            text = " ".join(find_message(code, case).values())
            due = {field.split(".")[0] for _, field, _, _ in Formatter().parse(text) if field}
            assert None in values or due <= values, (code, case)


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
