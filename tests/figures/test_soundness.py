"""Checks of every count of a register, what became of the rows, and which values are missing."""

from dataclasses import replace

import pytest

from helpline_report.exports.text_tables import Mask
from helpline_report.figures import counting
from helpline_report.figures.breakdown import BreakdownFigures, count_series, share_series
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.measures import count, share
from helpline_report.figures.model import Breakdown, Figure
from helpline_report.figures.population import Population
from helpline_report.figures.quality import count_file_rows, measure_missing
from helpline_report.figures.register import Register
from helpline_report.figures.soundness import (
    CheckedCounts,
    add_up,
    check_soundness,
    count_in_other_order,
    count_without_contact,
)
from helpline_report.tables.dataset import FileBalance
from tests.figures.drawn import ledger_with, refusal, register, saying, whole


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
    assert count_without_contact(empty, counted) == (0, [])


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
    assert "abuse" in count_in_other_order(year, counted)[1]


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
        return add_up(ledger(*of, first, *figures, series=series))

    channels = count_series("channels", contacts, "channel")
    assert check(channels) == (1, [])
    assert check(channels, more=1) == (1, ["channels"])
    assert check(count_series("forms", persons, "form")) == (0, [])
    assert check(share_series("shares", contacts, "channel")) == (0, [])


# What became of the rows, and which values are missing

ONE = FileBalance("first/calls.csv", "0" * 64, "contacts", 2, {"used": 2})


def quality(*balances: FileBalance) -> dict[str, object]:
    registered = register(contacts="channel\nphone")
    registered = replace(registered, dataset=replace(registered.dataset, balances=balances))
    figures = count_file_rows("q", registered)[1]
    return {figure.id: figure.value for figure in figures}


def test_every_row_that_was_read_is_accounted_for() -> None:
    """Ten rows: six as they were, three repaired, one left out."""
    outcomes = {"used": 6, "repaired B1": 2, "repaired B2": 1, "excluded B32": 1}
    balance = FileBalance("raw/Contacten 2017.csv", "0" * 64, "contacts", 10, outcomes)
    assert quality(balance) == {
        "q.contacten_2017.read": 10,
        "q.contacten_2017.used": 6,
        "q.contacten_2017.repaired": 3,
        "q.contacten_2017.excluded": 1,
    }


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (replace(ONE, table="persons"), ("q.calls.contacts.read", "q.calls.persons.read")),
        (replace(ONE, file="b/calls.csv"), ("q.calls.contacts.1.read", "q.calls.contacts.2.read")),
    ],
    ids=["two tables", "two files of one name"],
)
def test_what_has_one_name_is_told_apart(other: FileBalance, names: tuple[str, str]) -> None:
    """The name is followed by the table, or else by a number."""
    assert [name for name in quality(ONE, other) if name.endswith("read")] == list(names)


def test_missing_values_are_a_share_of_the_rows() -> None:
    """One channel of four isn't known; what a source can't say misses nothing, and isn't 0 %."""
    text = "channel | role\nphone | victim\nphone | victim\nemail | victim\nunknown | parent"
    contacts = register(contacts=text)
    missing, figures = measure_missing(
        "m", saying(contacts, "contacts", "channel", "phone", "email", "unknown")
    )
    assert missing.figures == (("channel", "m.channel"),)
    assert (figures[0].value, figures[0].numerator) == (25.0, 1)
    deaf = saying(register(contacts="channel\nphone"), "contacts", "channel", "phone")
    assert measure_missing("m", deaf)[0].figures == ()
