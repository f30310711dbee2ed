"""A delimited file that was changed on its way is refused, or says exactly what it said before.

A change either keeps what the file says or breaks it so that it can be noticed. What can't be
noticed in principle is made by none: one valid value in place of another, a row that is gone or
stands twice in a file without keys. A byte of a value never becomes one that a value may hold (a
digit, a letter, a blank). A file that is cut off is held against control totals, for behind a whole
row nothing else notices it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import EXIT_USER, ExportError
from tests.mutations import cells, raw, rows
from tests.mutations.conftest import FILES, Year, said
from tests.mutations.tables import CANARY, Sheet, parsed

# What rows of the sample hold and messages don't: keys, days and times of contacts. Of those, a
# message may show the shape.
VALUES = re.compile(r"[CP]20\d\d-0|\b(?!99/99/9999)\d\d/\d\d/\d{4}\b|\b(?!99:99)\d\d:\d\d\b")
EXAMPLES, MANY = 100, 10_000
Change = Callable[[Sheet, random.Random], None]
# Each public function of these modules but the one that cuts a file off.
CHANGES: list[Change] = [
    change
    for module in (cells, rows, raw)
    for name, change in vars(module).items()
    if getattr(change, "__module__", "") == module.__name__
    and not name.startswith("_")
    and change is not raw.cut_off
]


@dataclass(frozen=True)
class Case:
    """One file and what happens to it, in this order; at which part it is cut off, if it is."""

    file: str
    changes: tuple[Change, ...]
    seed: int
    cut: float | None

    def __repr__(self) -> str:
        names = ", ".join(change.__name__ for change in self.changes)
        return f"Case({self.file}: {names}; seed={self.seed}, cut={self.cut})"

    def apply(self, year: Year) -> bytes:
        """The bytes of the changed file."""
        sheet = parsed(self.file, year.texts[self.file])
        rng = random.Random(self.seed)
        for change in self.changes:
            if any(map(bool, sheet.rows[1:])) and sheet.header:
                change(sheet, rng)
        if self.cut is not None:
            raw.cut_off(sheet, self.cut)
        return sheet.written()


cases = st.builds(
    Case,
    st.sampled_from(FILES),
    st.lists(st.sampled_from(CHANGES), max_size=3).map(tuple),
    st.integers(0, 2**32),
    st.none() | st.none() | st.none() | st.floats(0, 1, exclude_max=True),
)


def hold(year: Year, case: Case) -> None:
    """Hold a case to the property: refused without a value, or the tables as they were."""
    try:
        data = year.load(_with(year, case), totals=case.cut is not None)
    except ExportError as refused:
        _tells_no_value(refused)
        return
    for name, frame in year.frames.items():
        pd.testing.assert_frame_equal(said(data)[name], frame)
    for balance in data.balances:
        kept = balance.used + sum(balance.repaired.values()) + sum(balance.excluded.values())
        assert balance.read == kept


def _with(year: Year, case: Case) -> dict[str, bytes]:
    sound = {name: text.encode() for name, text in year.texts.items()}
    return sound | {case.file: case.apply(year)}


def _tells_no_value(refused: ExportError) -> None:
    assert refused.exit_code == EXIT_USER
    assert refused.problems
    assert CANARY not in str(refused).lower()
    assert not VALUES.search(str(refused))


@given(case=cases)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
def test_a_changed_file_is_refused_or_says_what_it_said(year: Year, case: Case) -> None:
    """Up to three changes of a file, in an ordinary run the same hundred cases."""
    hold(year, case)


@pytest.mark.long
@given(case=cases)
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ten_thousand_changed_files(year: Year, case: Case) -> None:
    """The same, on ten thousand cases that are others each time."""
    hold(year, case)


@pytest.mark.parametrize(
    "change",
    [
        cells.moved_columns,
        rows.header_again,
        raw.mixed_line_ends,
        raw.wrapped_rows,
        cells.quoted_newline,
    ],
)
def test_a_change_that_can_be_mended_is_mended(year: Year, change: Change) -> None:
    """Such a file isn't refused, and says what it said."""
    for file in FILES:
        case = Case(file, (change,), 1712, cut=None)
        data = year.load(_with(year, case), totals=True)
        for name, frame in year.frames.items():
            pd.testing.assert_frame_equal(said(data)[name], frame)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_each_change_by_itself(year: Year, change: Change) -> None:
    """Every change of every file, in a few ways."""
    for file in FILES:
        for seed in range(2):
            hold(year, Case(file, (change,), seed, cut=None))
