"""List which counts and numbers aren't published, and why, for the one who makes the edition."""

from collections import Counter
from collections.abc import Iterator

from helpline_report.disclosure.count_places import place_of
from helpline_report.disclosure.release import Decision, HiddenCell, unapproved
from helpline_report.figures.ledger import Ledger, Protected
from helpline_report.parameters.edition import Edition

# Why a count isn't published: by the field of `Protection` that it stands in.
WHY_HIDDEN = {
    "primary": "below the threshold, or of rows that come from fewer contacts than that",
    "secondary": "a small count would follow from it by adding and subtracting",
    "further": "a small count would be known too closely: it couldn't be 0, or reach the threshold",
}


def sum_up(protected: Protected | None) -> str:
    """How many counts of people are hidden, with which threshold."""
    if protected is None:
        return "no count of people is hidden: there is no threshold"
    return (
        f"with a threshold of {protected.threshold}, {protected.hidden} of {protected.cells} "
        "counts of people are hidden"
    )


def list_hidden(decision: Decision) -> Iterator[str]:
    """How many counts are hidden, and each of them under its reason: not to be passed on.

    Each is followed by why it is hidden (`_explain`). The last lines are the commands that try
    another decision.
    """
    ledger = decision.ledger
    yield sum_up(ledger.protected)
    if decision.tables:
        yield f"mostly hidden, so not published at all: {', '.join(decision.tables)}"
    for why, text in WHY_HIDDEN.items():
        counts = [count for count in decision.hidden if count.why == why]
        width = max((len(count.cell.id) for count in counts), default=0)
        if counts:
            yield f"{text}: {len(counts)}"
        for count in counts:
            yield f"  {count.cell.id:<{width}} {count.cell.value:>6}{_explain(count, ledger)}"
    if ledger.protected is not None:
        command = f"helpline-report disclosure {ledger.edition}"
        yield f"with another threshold: {command} --threshold {2 * ledger.protected.threshold}"
        yield from (f"by groups of codes: {command} --merge {name}" for name in decision.merges)


def _explain(hidden: HiddenCell, ledger: Ledger) -> str:
    """The number of contacts behind a hidden count, or the first small count that it protects."""
    cell, protects = hidden.cell, hidden.protects
    if not protects:
        is_large = ledger.protected is not None and cell.value >= ledger.protected.threshold
        return f"  from {cell.contacts} contact(s)" if is_large else ""
    more = f" and {len(protects) - 1} more" if len(protects) > 1 else ""
    # Several counts together may give a small one away: the first of them is named.
    return f"  for {protects[0].partition(' and ')[0]}{more}"


def compare(now: Decision, other: Decision) -> Iterator[str]:
    """How many counts two decisions hide, and in which tables and series this differs."""
    yield f"now: {sum_up(now.ledger.protected)}"
    yield f"with that decision: {sum_up(other.ledger.protected)}"
    before, after = (
        Counter(str(place_of(decision.ledger, count.cell.id)) for count in decision.hidden)
        for decision in (now, other)
    )
    for place in sorted(before | after):
        if before[place] != after[place]:
            yield f"  {place}: {after[place]} instead of {before[place]}"
    for name in sorted({*other.tables} - {*now.tables}):
        yield f"  {name}: mostly hidden, so not published at all"


def describe_hidden(decision: Decision, edition: Edition) -> list[str]:
    """A line for the editor: how many counts are hidden, never which; and how to list them."""
    protected = decision.ledger.protected
    if protected is None:
        return []
    what = f"{protected.hidden} of {protected.cells} counts of people aren't published"
    return [f"{what} (helpline-report disclosure {edition.edition} lists them, for you alone)"]


def describe_withheld(ledger: Ledger, edition: Edition) -> list[str]:
    """A message for the editor on each number that waits for an approval, with what to add."""
    return [
        f"'{figure.id}' is withheld: it is a number of the chapter's own code, of confidential rows"
        f"\n  → see that it says nothing of single people, and add to "
        f"params/{edition.edition}.yaml:\n    approved_figures:\n      - id: {figure.id}\n"
        "        approved_by: a name\n        approved_on: a date\n"
        "        reason: {nl: waarom, en: why}"
        for figure in unapproved(ledger, edition)
    ]
