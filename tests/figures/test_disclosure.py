"""The gate: confidential rows aren't released before there is disclosure control."""

from __future__ import annotations

import pytest

from helpline_report.errors import EXIT_REFUSED, RefusedError
from helpline_report.figures.disclosure import release
from helpline_report.figures.ledger import Ledger
from tests.figures.drawn import NAME, edition

DECISION = {"threshold": 0, "decided_by": "the board", "decided_on": "2018-01-01", "reason": NAME}


@pytest.mark.parametrize("rows", ["synthetic", "public"])
def test_other_rows_are_released(rows: str) -> None:
    """Synthetic ones, and those that are public already."""
    ledger = Ledger(edition="2017")
    assert release(ledger, edition(2017, rows=rows)) == ledger


@pytest.mark.parametrize("disclosure", [None, DECISION])
def test_confidential_rows_are_refused(disclosure: dict[str, object] | None) -> None:
    """Whoever decided what, and the message names no way around it."""
    confidential = edition(2017, disclosure=disclosure).model_copy(update={"rows": "confidential"})
    with pytest.raises(RefusedError) as error:
        release(Ledger(edition="2017"), confidential)
    assert error.value.exit_code == EXIT_REFUSED
    assert str(error.value) == (
        "params/2017.yaml: the rows are confidential, and there is no disclosure control yet: no "
        "edition of them is published\n"
        "  → notebooks and 'helpline-report check 2017' work; a draft for your own eyes: "
        "helpline-report build 2017 --draft"
    )


def test_a_draft_of_confidential_rows_is_for_its_owner() -> None:
    """It is let through, and isn't published."""
    draft = edition(2017, draft=True).model_copy(update={"rows": "confidential"})
    ledger = Ledger(edition="2017", draft=True)
    assert release(ledger, draft) == ledger
    assert not draft.published
