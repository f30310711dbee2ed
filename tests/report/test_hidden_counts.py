"""What isn't published is told to who makes the edition, and to nobody else."""

from __future__ import annotations

from helpline_report.disclosure.release import Decision, HiddenCell
from helpline_report.figures.ledger import Ledger, Protected
from helpline_report.report.hidden_counts import hidden_lines, list_hidden
from tests.figures.drawn import edition

HIDDEN = Protected(threshold=5, cells=321, hidden=2)


def test_hidden_counts_are_listed_by_reason() -> None:
    """Each with its value, below why it is hidden; the editor is told their number alone."""
    cells = (HiddenCell("b.long", 12, "secondary"), HiddenCell("a", 3, "primary"))
    decision = Decision(Ledger(edition="2017", protected=HIDDEN), cells)
    assert [*list_hidden(decision)] == [
        "with a threshold of 5, 2 of 321 counts of people are hidden",
        "below the threshold, or of too few contacts: 1",
        "  a      3",
        "a small count would follow from it: 1",
        "  b.long     12",
    ]
    assert hidden_lines(decision, edition(2017)) == [
        "2 of 321 counts of people aren't published (helpline-report disclosure 2017 lists them, "
        "for you alone)"
    ]
