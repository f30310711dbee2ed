"""What a figure is."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from helpline_report.figures.model import Figure, Interval, Reason
from helpline_report.figures.register import Register
from tests.figures.drawn import whole


def figure(year: Register, **more: Any) -> Figure:
    given = {"id": "x", "kind": "count", "unit": "count", "population": whole(year).spec}
    return Figure.model_validate({**given, "value": 1, **more})


def test_a_figure_has_a_value_or_says_why_not(year: Register) -> None:
    """Never both, and never neither."""
    reason = Reason(code="no_rows")
    for wrong in (
        {"value": None},
        {"value": 1, "status": "unavailable", "reason": reason},
        {"value": None, "status": "suppressed"},
    ):
        with pytest.raises(ValidationError, match="x: "):
            figure(year, **wrong)
    assert figure(year, value=None, status="unavailable", reason=reason).value is None


def test_a_label_is_no_number(year: Register) -> None:
    """Neither is nothing."""
    assert figure(year).number == 1.0
    with pytest.raises(ValueError, match=r"^x is no number$"):
        _ = figure(year, value="phone").number


def test_a_figure_is_frozen(year: Register) -> None:
    """What was computed is not written over."""
    with pytest.raises(ValidationError):
        figure(year).value = 2  # type: ignore[misc]


def test_a_figure_knows_no_other_key(year: Register) -> None:
    """A row has nowhere to hide."""
    with pytest.raises(ValidationError):
        figure(year, row="a name")


@pytest.mark.parametrize(
    ("none", "includes"), [(1.0, True), (0.8, True), (2.2, False), (None, False)]
)
def test_an_interval_holds_no_difference_or_not(none: float | None, *, includes: bool) -> None:
    """Its ends count; a share has nothing to differ from."""
    found = Interval(low=0.8, high=2.18, method="exact_conditional", none=none)
    assert found.includes_none is includes
