"""What isn't published is told to who makes the edition, and to nobody else."""

from helpline_report.disclosure.count_blocks import CountCell
from helpline_report.disclosure.release import Decision, HiddenCell
from helpline_report.figures.ledger import Ledger, Protected
from helpline_report.report.hidden_counts import compare, describe_hidden, list_hidden
from tests.figures.drawn import edition

HIDDEN = Protected(threshold=5, cells=321, hidden=2)


CELLS = (
    HiddenCell(CountCell("b.long", 12, 9), "secondary", ("a", "c")),
    HiddenCell(CountCell("a", 3, 3), "primary"),
    HiddenCell(CountCell("c", 6, 2), "primary"),
)


def test_hidden_counts_are_listed_by_reason() -> None:
    """Each with its value and what it is hidden for; the editor is told their number alone."""
    decision = Decision(Ledger(edition="2017", protected=HIDDEN), CELLS, merges=("problem",))
    assert [*list_hidden(decision)] == [
        "with a threshold of 5, 2 of 321 counts of people are hidden",
        "below the threshold, or of rows that come from fewer contacts than that: 2",
        "  a      3",
        "  c      6  from 2 contact(s)",
        "a small count would follow from it by adding and subtracting: 1",
        "  b.long     12  for a and 1 more",
        "with another threshold: helpline-report disclosure 2017 --threshold 10",
        "by groups of codes: helpline-report disclosure 2017 --merge problem",
    ]
    assert describe_hidden(decision, edition(2017)) == [
        "2 of 321 counts of people aren't published (helpline-report disclosure 2017 lists them, "
        "for you alone)"
    ]


def test_two_decisions_are_compared_by_table() -> None:
    """Where more or fewer counts would be hidden, and what wouldn't be published at all."""
    ledger = Ledger(edition="2017", protected=HIDDEN)
    fewer = Ledger(edition="2017", protected=Protected(threshold=3, cells=300, hidden=1))
    assert [*compare(Decision(ledger, CELLS), Decision(fewer, CELLS[:1], ("tab",)))] == [
        "now: with a threshold of 5, 2 of 321 counts of people are hidden",
        "with that decision: with a threshold of 3, 1 of 300 counts of people are hidden",
        "  a: 0 instead of 1",
        "  c: 0 instead of 1",
        "  tab: mostly hidden, so not published at all",
    ]
