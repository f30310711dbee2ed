from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.charts import scale

values = st.lists(st.just(0) | st.floats(1e-3, 1e7), min_size=1, max_size=20)


def test_from_zero_starts_at_zero() -> None:
    """A bar of nothing has no length."""
    assert scale.from_zero([5, 10], 100, 0)(0) == 100


def test_all_zero() -> None:
    """Zeros lie at the start, and nothing is divided by zero."""
    assert scale.from_zero([0, 0], 100, 0)(0) == 100


@pytest.mark.parametrize(
    ("high", "expected"),
    [(521, [0, 200, 400]), (40, [0, 10, 20, 30, 40]), (1, [0, 0.25, 0.5, 0.75, 1])],
)
def test_ticks_are_round(high: float, expected: list[float]) -> None:
    """Marks are round numbers in the scale."""
    assert scale.ticks(scale.from_zero([high], 0, 100)) == expected


@given(values)
def test_ticks_are_few_and_inside(found: list[float]) -> None:
    """There are at most five marks, all on the axis."""
    made = scale.from_zero(found, 0, 100)
    marks = scale.ticks(made)
    assert len(marks) <= 5
    assert all(-1e-6 <= made(mark) <= 100 + 1e-6 for mark in marks)


@given(st.floats(1e-3, 1e3), st.floats(1.01, 1e3))
def test_logarithmic_ticks_are_inside(low: float, times: float) -> None:
    """Marks of ratios lie on the axis."""
    made = scale.around([low, low * times], 0, 100, logarithmic=True)
    assert all(made.low <= mark <= made.high for mark in scale.ticks(made))
