"""The gate: confidential rows need a decision by name."""

from __future__ import annotations

import pytest

from helpline_report.errors import EXIT_REFUSED, RefusedError
from helpline_report.figures.disclosure import release
from helpline_report.figures.ledger import Ledger
from tests.figures.drawn import NAME, edition

DECISION = {"threshold": 0, "decided_by": "the board", "decided_on": "2018-01-01", "reason": NAME}


@pytest.mark.parametrize("rows", ["synthetic", "public"])
def test_rows_about_nobody_need_no_decision(rows: str) -> None:
    """Synthetic ones, and those that are public already."""
    ledger = Ledger(edition="2017")
    assert release(ledger, edition(2017, rows=rows)) == ledger


def test_confidential_rows_go_out_under_a_decision() -> None:
    """Which stands in the parameters."""
    ledger = Ledger(edition="2017")
    decided = edition(2017, disclosure=DECISION).model_copy(update={"rows": "confidential"})
    assert release(ledger, decided) == ledger


def test_confidential_rows_without_a_decision_stay() -> None:
    """Even if parameters were put together past their own check."""
    undecided = edition(2017).model_copy(update={"rows": "confidential"})
    with pytest.raises(RefusedError) as error:
        release(Ledger(edition="2017"), undecided)
    assert error.value.exit_code == EXIT_REFUSED
    assert str(error.value) == (
        "params/2017.yaml: the rows are confidential and nobody decided what may be published\n"
        "  → add 'disclosure' with threshold 0, who decided it, when and why"
    )
