"""What an earlier edition published otherwise, in the chapter on data quality."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.quality_parts import reconciliation_views, revised_terms
from helpline_report.report.views import TableView
from tests.report.conftest import edition, printed

REASON = {"nl": "acht werden later ingevoerd.", "en": "eight were entered later"}


def revised(name: str, value: str = "4804", **changes: Any) -> Any:
    """A figure that the ledger of 2016 said otherwise."""
    item = printed(name, "revised")
    update = {
        "value": value,
        "printed": value,
        "source": "Jaarverslag 2016",
        "edition": "2016",
        "released": True,
    }
    return item.model_copy(update={"printed": item.printed.model_copy(update=update | changes)})


def terms(publication: Publication, *reconciled: Any, **known: Any) -> list[tuple[str, str]]:
    """What the page says of them; `known` is what the parameters acknowledge."""
    entry = {"fault": "B69", "reason": REASON} | known
    made = replace(
        publication, edition=edition(2017, acknowledged=[entry]), reconciled=tuple(reconciled)
    )
    return [(item.term, item.text) for item in revised_terms(made, EditionWords(made))]


def test_both_numbers_with_the_reason(publication: Publication) -> None:
    """What it was and what it is, as we write numbers, and why."""
    ((term, text),) = terms(publication, revised("contacts.total"), about="contacts.total")
    assert term == "Anders gepubliceerd, Jaarverslag 2016"
    assert text.endswith(": toen 4.804, nu 4.812. Reden: acht werden later ingevoerd.")


def test_the_first_few_are_named(publication: Publication) -> None:
    """The others stand in the reconciliation; a reason stands once."""
    many = [revised("contacts.total") for _ in range(5)]
    ((_, text),) = terms(publication, *many, rows=5)
    assert text.count("toen 4.804") == 3
    assert text.count("Reden: ") == 1
    assert "De andere staan bij de vergelijking met het gedrukte verslag." in text


def test_a_report_a_term(publication: Publication) -> None:
    """Numbers of two reports aren't mixed."""
    found = terms(
        publication, revised("contacts.total"), revised("contacts.total", source="Verslag 2015")
    )
    assert [term for term, _ in found] == [
        "Anders gepubliceerd, Jaarverslag 2016",
        "Anders gepubliceerd, Verslag 2015",
    ]


@pytest.mark.parametrize("changes", [{"released": False}])
def test_what_was_typed_over_is_no_revision(
    publication: Publication, changes: dict[str, Any]
) -> None:
    """Somebody else counted it: it has a verdict, and nothing to acknowledge."""
    assert terms(publication, revised("contacts.total", **changes), rows=1) == []


def test_the_reconciliation_writes_both_alike(publication: Publication) -> None:
    """In its table too, what a ledger said is written as what is counted now."""
    made = replace(publication, reconciled=(revised("contacts.total"),))
    table = reconciliation_views(made, EditionWords(made))[-1]
    assert isinstance(table, TableView)
    assert [cell.text for cell in table.rows[0].cells][:2] == ["4.804", "4.812"]
