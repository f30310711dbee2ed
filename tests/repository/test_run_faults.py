"""The page on faults of a run names tests that are there."""

import re

import pytest

from tests.repository.tree import text_of

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
