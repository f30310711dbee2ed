"""The gate: confidential rows aren't released before there is disclosure control."""

from __future__ import annotations

import pytest

from helpline_report.errors import EXIT_REFUSED, RefusedError
from helpline_report.figures.disclosure import release, withheld_lines
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import own_figure
from helpline_report.figures.model import Reason
from helpline_report.figures.register import Register
from helpline_report.parameters.edition import ApprovedFigure
from tests.figures.drawn import NAME, edition, whole

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


def test_an_own_number_of_confidential_rows_waits_for_its_approval(year: Register) -> None:
    """By name; without it nothing has its value, and the editor is told what to add."""
    figures = {name: own_figure(name, 12.5, whole(year), "number", "a median") for name in "ab"}
    ledger = Ledger(edition="2017", figures=figures)
    approved = {"id": "a", "approved_by": "x", "approved_on": "2018-01-01", "reason": NAME}
    draft = edition(2017, draft=True).model_copy(
        update={
            "rows": "confidential",
            "approved_figures": [ApprovedFigure.model_validate(approved)],
        }
    )
    released = release(ledger, draft)
    assert released.figures["a"] == figures["a"]
    assert released.figures["b"].value is None
    assert released.figures["b"].reason == Reason(code="not_approved")
    (line,) = withheld_lines(released, draft)
    assert line.startswith("'b' is withheld")
    assert "approved_figures:\n      - id: b" in line


def test_an_own_number_of_other_rows_is_released(year: Register) -> None:
    """It tells nothing of anybody."""
    ledger = Ledger(
        edition="2017", figures={"a": own_figure("a", 12.5, whole(year), "number", "a median")}
    )
    assert release(ledger, edition(2017)) == ledger
    assert not withheld_lines(ledger, edition(2017))
