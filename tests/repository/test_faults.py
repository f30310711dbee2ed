"""The page on faults says what the table of faults says, and the table has a row for each fault."""

import re

from helpline_report.exports.faults import FAULTS, ODD_YEAR
from tests.repository import faults
from tests.repository.tree import ROOT

CODE = re.compile(r'"(B\d\d)"')


def test_the_page_is_the_table() -> None:
    """docs/faults.md ends with what `python -m tests.repository.faults` writes."""
    assert faults.PAGE.read_text(encoding="utf-8").partition(faults.LIST)[1:] == (
        faults.LIST,
        faults.listed().removeprefix(faults.LIST),
    )


def test_the_page_names_every_fault_once() -> None:
    """No group of the page leaves one out."""
    found = re.findall(r"^\| (B\d\d|[a-z_]+) \|", faults.listed(), re.MULTILINE)
    assert sorted(code for code in found if code in FAULTS) == sorted(FAULTS)


def test_every_code_of_the_program_has_words() -> None:
    """A code that a module tells of stands in the table."""
    source = ROOT / "src" / "helpline_report"
    told = {
        code
        for path in source.rglob("*.py")
        for code in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert told - set(FAULTS) == set()


def test_the_table_is_whole() -> None:
    """Seventy-two codes and the four names of an odd year, each with words in both languages."""
    assert set(FAULTS) == {f"B{number:02}" for number in range(72)} | set(ODD_YEAR)
    assert [code for code, fault in FAULTS.items() if fault.nl == fault.en] == []


def test_what_stops_a_run_says_what_to_do() -> None:
    """A refusal without a next step helps nobody."""
    stops = {"refuse", "acknowledge"}
    assert [
        code for code, fault in FAULTS.items() if stops & set(fault.answer) and not fault.step
    ] == []
