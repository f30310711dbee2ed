"""A delimited file that was changed on its way is refused, or says exactly what it said before."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.errors import EXIT_USER, ExportError
from tests.mutations.cells import moved_columns, quoted_newline
from tests.mutations.conftest import FILES, Year, said
from tests.mutations.mutations import CHANGES, Change
from tests.mutations.raw import cut_off, mixed_line_ends, wrapped_rows
from tests.mutations.rows import header_again
from tests.mutations.tables import CANARY, parsed

# What rows of the sample hold and messages don't: keys, days and times of contacts. Of those, a
# message may show the shape.
VALUES = re.compile(r"[CP]20\d\d-0|\b(?!99/99/9999)\d\d/\d\d/\d{4}\b|\b(?!99:99)\d\d:\d\d\b")
EXAMPLES, MANY = 300, 10_000


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
            cut_off(sheet, self.cut)
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
    """Up to three changes of a file, in an ordinary run the same three hundred cases."""
    hold(year, case)


@pytest.mark.long
@given(case=cases)
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ten_thousand_changed_files(year: Year, case: Case) -> None:
    """The same, on ten thousand cases that are others each time."""
    hold(year, case)


@pytest.mark.parametrize(
    "change", [moved_columns, header_again, mixed_line_ends, wrapped_rows, quoted_newline]
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
