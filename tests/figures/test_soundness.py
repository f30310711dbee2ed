"""Checks of every count of a register: order, one contact less, sums."""

from dataclasses import replace

import pytest

from helpline_report.exports.text_tables import Mask
from helpline_report.figures import counting
from helpline_report.figures.breakdown import BreakdownFigures, count_series, share_series
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, share
from helpline_report.figures.model import Breakdown, Figure
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.figures.soundness import (
    CheckedCounts,
    add_up,
    check_soundness,
    count_in_other_order,
    count_without_contact,
)
from tests.figures.drawn import ledger_with, refusal, whole


def ledger(*figures: Figure, series: Breakdown | None = None) -> Ledger:
    return ledger_with(figures, *[series] if series else [])


@pytest.fixture
def counted(year: Register) -> Ledger:
    """Contacts, victims of child abuse, contacts with a referral, and follow-ups by role."""
    contacts, persons, followups = (
        whole(year, noun) for noun in ("contacts", "persons", "followups")
    )
    return ledger(
        count("contacts", contacts),
        share("abuse", persons.where(problem="child_abuse"), persons),
        count("with_referral", contacts.having(followups.where(followup="referred"))),
        count("of_victims", followups.where(role="victim")),
    )


def test_what_holds_is_said_with_over_how_many_it_went(year: Register, counted: Ledger) -> None:
    """A share has two populations; without contacts nothing can be taken away."""
    checks = [(each.name, each.passed, each.of) for each in check_soundness(year, counted)]
    assert checks == [("other_order", True, 5), ("one_contact_less", True, 5), ("sums", True, 0)]
    empty = replace(year, dataset=replace(year.dataset, tables={}))
    assert count_without_contact(empty, counted) == CheckedCounts(0)


def test_a_count_by_position_is_named(
    year: Register, counted: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mask that leaves out the second row, whatever it is, depends on the order."""
    right = counting.make_mask

    def wrong(population: Population) -> Mask:
        rows = right(population)
        rows[1] &= population.spec.table != "persons"
        return rows

    monkeypatch.setattr(counting, "make_mask", wrong)
    assert "abuse" in count_in_other_order(year, counted).failed


def test_a_count_that_stays_with_a_lost_row_stops_the_release(
    year: Register, counted: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that always gives the same loses nothing with the contact; the message names it."""
    monkeypatch.setattr("helpline_report.figures.soundness._count", lambda register, spec: 5)
    assert refusal(check_soundness, year, counted) == (
        "without one contact the counts lose something else than its rows: contacts, abuse, "
        "with_referral, of_victims; nothing was released\n"
        "  → this is a fault of the program: please report this line"
    )


def test_a_breakdown_that_does_not_add_up_is_named(year: Register) -> None:
    """A breakdown of one code a row has to add up to its whole."""
    contacts, persons = whole(year), whole(year, "persons")

    def check(counts: BreakdownFigures, more: int = 0) -> CheckedCounts:
        (series, (first, *figures)), of = counts, (count("c", contacts), count("p", persons))
        first = first.model_copy(update={"value": first.number + more})
        return add_up(year, ledger(*of, first, *figures, series=series))

    channels = count_series("channels", contacts, "channel")
    assert check(channels) == CheckedCounts(1)
    assert check(channels, more=1) == CheckedCounts(1, ("channels",))
    assert check(count_series("forms", persons, "form")) == CheckedCounts(0)
    assert check(share_series("shares", contacts, "channel")) == CheckedCounts(0)
