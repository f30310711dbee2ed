"""A delimited file that was changed on its way is refused, or says exactly what it said before.

A change either keeps what the file says or breaks it so that it can be noticed. What can't be
noticed in principle is made by none: one valid value in place of another, a row that is gone or
stands twice in a file without keys. A byte of a value never becomes one that a value may hold (a
digit, a letter, a blank). A file that is cut off is held against control totals, for behind a whole
row nothing else notices it.
"""

import random
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline_report.errors import EXIT_USER, ExportError
from helpline_report.tables.dataset import Dataset
from tests.mutations.changes import CANARY, CHANGES, MENDED, Change, Sheet
from tests.mutations.conftest import FILES, Year, frames_of

# What rows of the sample hold and messages don't: keys, days and times of contacts. Of those, a
# message may show the shape.
VALUES = re.compile(r"[CP]20\d\d-0|\b(?!99/99/9999)\d\d/\d\d/\d{4}\b|\b(?!99:99)\d\d:\d\d\b")
EXAMPLES, MANY = 30, 10_000


@dataclass(frozen=True)
class Case:
    """One file and what happens to it, in this order; at which part it is cut off, if it is."""

    file: str
    changes: tuple[Change, ...]
    seed: int
    cut: float | None = None

    def __repr__(self) -> str:
        names = ", ".join(change.__name__ for change in self.changes)
        return f"Case({self.file}: {names}; seed={self.seed}, cut={self.cut})"

    def load(self, year: Year) -> Dataset:
        """The tables of the year with the changed file."""
        rows = [line.split(";") for line in year.texts[self.file].splitlines()]
        sheet, rng = Sheet(self.file, rows), random.Random(self.seed)
        for change in self.changes:
            if any(map(bool, sheet.rows[1:])) and sheet.header:
                change(sheet, rng)
        raw = sheet.written()
        raw = raw if self.cut is None else raw[: int(self.cut * len(raw))]
        sound = {name: text.encode() for name, text in year.texts.items()}
        return year.load(sound | {self.file: raw}, totals=self.cut is not None)


def is_unchanged(year: Year, data: Dataset) -> bool:
    """Whether the tables say what they said, and each row is accounted for."""
    frames = frames_of(data)
    accounted = (
        item.read == item.used + sum(item.repaired.values()) + sum(item.excluded.values())
        for item in data.balances
    )
    return all(frames[name].equals(year.frames[name]) for name in year.frames) and all(accounted)


def holds(year: Year, case: Case) -> bool:
    """Whether a case has the property: refused without a value, or the tables as they were."""
    try:
        data = case.load(year)
    except ExportError as error:
        message = str(error).lower()
        is_told = error.exit_code == EXIT_USER and error.problems
        return bool(is_told) and CANARY not in message and not VALUES.search(str(error))
    return is_unchanged(year, data)


cases = st.builds(
    Case,
    st.sampled_from(FILES),
    st.lists(st.sampled_from(CHANGES), max_size=3).map(tuple),
    st.integers(0, 2**32),
    st.none() | st.none() | st.none() | st.floats(0, 1, exclude_max=True),
)


@given(case=cases)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_a_changed_file_is_refused_or_says_what_it_said(year: Year, case: Case) -> None:
    """Up to three changes of a file, in an ordinary run the same cases."""
    assert holds(year, case)


@pytest.mark.long
@given(case=cases)
@settings(max_examples=MANY, deadline=None)
def test_ten_thousand_changed_files(year: Year, case: Case) -> None:
    assert holds(year, case)


@pytest.mark.parametrize("change", MENDED, ids=lambda change: change.__name__)
def test_a_change_that_can_be_mended_is_mended(year: Year, change: Change) -> None:
    """Such a file isn't refused, and says what it said."""
    for file in FILES:
        assert is_unchanged(year, Case(file, (change,), 1712).load(year)), file


@pytest.mark.parametrize("change", CHANGES[len(MENDED) :], ids=lambda change: change.__name__)
def test_each_change_by_itself(year: Year, change: Change) -> None:
    for seed, file in enumerate(FILES):
        assert holds(year, Case(file, (change,), seed)), file
