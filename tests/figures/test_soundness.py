"""What holds of every count, tried on a register: order, one contact less, sums."""

from dataclasses import replace

import pytest

from helpline_report.errors import RefusedError
from helpline_report.figures import counting, measures
from helpline_report.figures.breakdown import count_series, share_series
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, Series
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from helpline_report.figures.soundness import (
    Tried,
    check_soundness,
    one_contact_less,
    other_order,
    sums,
)
from helpline_report.tables.dataset import Mask


def ledger(*figures: Figure, series: Series | None = None) -> Ledger:
    """A ledger of some figures."""
    named = {figure.id: figure for figure in figures}
    return Ledger(edition="2017", figures=named, series={series.id: series} if series else {})


@pytest.fixture
def counted(year: Register) -> Ledger:
    """Contacts, victims of child abuse, contacts with a referral, and follow-ups by role."""
    contacts, persons, followups = (
        Population.whole(year, noun) for noun in ("contacts", "persons", "followups")
    )
    return ledger(
        measures.count("contacts", contacts),
        measures.share("abuse", persons.where(problem="child_abuse"), persons),
        measures.count("with_referral", contacts.having(followups.where(followup="referred"))),
        measures.count("of_victims", followups.where(role="victim")),
    )


def test_order_means_nothing(year: Register, counted: Ledger) -> None:
    """Each population is counted alike in another order: a share has two of them."""
    assert other_order(year, counted) == Tried(5)


def test_one_contact_less(year: Register, counted: Ledger) -> None:
    """Each population loses what belonged to the contact in the middle, and nothing else."""
    assert one_contact_less(year, counted) == Tried(5)


def test_a_count_by_position_is_found(
    year: Register, counted: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mask that leaves out the second row, whatever it is, depends on the order and is named."""
    right = counting.mask

    def wrong(population: Population) -> Mask:
        found = right(population)
        if population.spec.table == "persons":
            found[1] = False
        return found

    monkeypatch.setattr(counting, "mask", wrong)
    assert "abuse" in other_order(year, counted).failed


def test_a_count_that_keeps_a_lost_row_is_found(
    year: Register, counted: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that always gives the same loses nothing with the contact, and is named."""
    monkeypatch.setattr("helpline_report.figures.soundness._count", lambda register, spec: 5)
    assert "of_victims" in one_contact_less(year, counted).failed


def test_a_register_without_contacts(year: Register, counted: Ledger) -> None:
    """Nothing can be taken away, and nothing is claimed."""
    empty = replace(year, dataset=replace(year.dataset, tables={}))
    assert one_contact_less(empty, counted) == Tried(0)


def by_channel(register: Register) -> tuple[Ledger, list[Figure]]:
    """The contacts, and by channel."""
    contacts = Population.whole(register, "contacts")
    series, figures = count_series("channels", contacts, "channel")
    return ledger(measures.count("contacts", contacts), *figures, series=series), figures


def test_a_breakdown_adds_up(year: Register) -> None:
    """The channels make up all contacts."""
    assert sums(by_channel(year)[0]) == Tried(1)


def test_a_breakdown_that_doesnt_is_named(year: Register) -> None:
    """One too many in one code, and the series is named."""
    made, figures = by_channel(year)
    first = figures[0]
    wrong = first.model_copy(update={"value": first.number + 1})
    changed = made.model_copy(update={"figures": made.figures | {first.id: wrong}})
    assert sums(changed) == Tried(1, ("channels",))


def test_what_overlaps_isnt_added_up(year: Register) -> None:
    """A person may have suffered several forms of violence."""
    persons = Population.whole(year, "persons")
    series, figures = count_series("forms", persons, "form")
    assert sums(ledger(measures.count("persons", persons), *figures, series=series)) == Tried(0)


def test_shares_arent_added_up(year: Register) -> None:
    """Only counts are."""
    contacts = Population.whole(year, "contacts")
    series, figures = share_series("shares", contacts, "channel")
    assert sums(ledger(measures.count("contacts", contacts), *figures, series=series)) == Tried(0)


def test_what_held_is_kept(year: Register, counted: Ledger) -> None:
    """Each check is told, with over how many things it went."""
    assert [(check.name, check.passed, check.of) for check in check_soundness(year, counted)] == [
        ("other_order", True, 5),
        ("one_contact_less", True, 5),
        ("sums", True, 0),
    ]


def test_what_fails_stops_the_release(
    year: Register, counted: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the figures."""
    monkeypatch.setattr("helpline_report.figures.soundness._count", lambda register, spec: 5)
    with pytest.raises(RefusedError) as caught:
        check_soundness(year, counted)
    assert str(caught.value) == (
        "without one contact the counts lose something else than its rows: contacts, abuse, "
        "with_referral, of_victims; nothing was released\n"
        "  → this is a fault of the program: please report this line"
    )
