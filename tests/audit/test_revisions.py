"""A number that a released ledger said and that is counted otherwise now: refused unless known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.printed_figures import released_figures
from helpline_report.audit.reconciliation import add_notes, reconcile, refuse_revisions
from helpline_report.errors import EXIT_USER, ExportError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import Reconciled
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from tests.audit.conftest import count, spec
from tests.audit.in_process import writer_of

REASON = {"nl": "acht contactnames werden later ingevoerd.", "en": "eight were entered later"}


def ledger(year: str, total: int, phones: int) -> Ledger:
    """What an edition says of 2016: its contacts, and those by phone."""
    figures = [
        count("contacts.then", total, spec(year=2016)),
        count("phones.then", phones, spec(year=2016, channel="phone")),
    ]
    return Ledger(edition=year, figures={figure.id: figure for figure in figures})


@pytest.fixture
def revised(repository: Path) -> tuple[Reconciled, ...]:
    """4596 contacts and 4000 by phone were published; 4604 and 4000 are counted now."""
    now = ledger("2017", 4604, 4000)
    said = list(released_figures(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    return reconcile(said, now, writer_of(repository, now))


def edition(repository: Path, **known: Any) -> Edition:
    """The parameters of 2017, with what they acknowledge."""
    entry = {"fault": "B69", "reason": REASON} | known
    found = Project(repository).edition("2017").model_dump(mode="json", by_alias=True)
    return Edition.model_validate(found | {"acknowledged": [entry] if known else []})


def test_a_revision_stops_the_build(repository: Path, revised: tuple[Reconciled, ...]) -> None:
    """It names the figure with both values, and the line to add."""
    with pytest.raises(ExportError) as caught:
        refuse_revisions(revised, edition(repository))
    assert caught.value.exit_code == EXIT_USER
    said = str(caught.value)
    assert (
        "[B69] ledger-2016.json: contacts.then was published as 4596, and 4604 is counted now"
        in said
    )
    assert "- {fault: B69, file: ledger-2016.json, rows: 1, reason: {nl: …, en: …}}" in said
    assert "phones.then" not in said


@pytest.mark.parametrize(
    "known",
    [{"about": "contacts.then"}, {"file": "ledger-2016.json", "rows": 1}, {"rows": 3}],
)
def test_a_revision_that_is_known(
    repository: Path, revised: tuple[Reconciled, ...], known: dict[str, Any]
) -> None:
    """By its figure, or by how many there are: nothing stops."""
    refuse_revisions(revised, edition(repository, **known))


@pytest.mark.parametrize("known", [{"about": "phones.then"}, {"file": "ledger-2015.json"}])
def test_another_revision_is_not_known_with_it(
    repository: Path, revised: tuple[Reconciled, ...], known: dict[str, Any]
) -> None:
    """What is known of another figure, or of another ledger, says nothing of this one."""
    with pytest.raises(ExportError):
        refuse_revisions(revised, edition(repository, **known))


def test_more_than_is_known(repository: Path) -> None:
    """Two revisions where one is acknowledged stop the build again."""
    now = ledger("2017", 4604, 4001)
    said = list(released_figures(ledger("2016", 4596, 4000), now, "Jaarverslag 2016"))
    found = reconcile(said, now, writer_of(repository, now))
    with pytest.raises(ExportError):
        refuse_revisions(found, edition(repository, rows=1))


def test_what_was_typed_over_stops_nothing(
    repository: Path, revised: tuple[Reconciled, ...]
) -> None:
    """The same number from a CSV file of printed figures has its verdict, and that is all."""
    typed = [
        item.model_copy(update={"printed": item.printed.model_copy(update={"released": False})})
        for item in revised
    ]
    assert [item.verdict for item in typed] == ["revised", "agrees"]
    refuse_revisions(typed, edition(repository))


def test_the_note_stands_beside_both_numbers(
    repository: Path, revised: tuple[Reconciled, ...]
) -> None:
    """The reason of the acknowledgement is the note of the revision; what agrees has none."""
    words = AuditWords(writer_of(repository, Ledger(edition="2017")))
    one, two = add_notes(revised, edition(repository, rows=1), words)
    assert (one.printed.printed, one.computed) == ("4596", "4604")
    assert one.reason.endswith("Toelichting: acht contactnames werden later ingevoerd.")
    assert two == revised[1]
