"""How do we know? Each check has a question, a method and a result."""

from dataclasses import replace

import pytest

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.pages import list_checks
from helpline_report.figures.ledger import Check
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication

CHECKS = (
    Check(name="second_count", passed=True, of=1298),
    Check(name="keys", passed=True, of=22472),
    Check(name="other_order", passed=True, of=913),
    Check(name="one_contact_less", passed=True, of=913),
    Check(name="sums", passed=True, of=20),
)


@pytest.fixture(scope="module")
def checks(publication: Publication) -> dict[str, str]:
    """The evidence of the sample, with every check made."""
    ledger = publication.ledger.model_copy(update={"checks": CHECKS})
    checked = replace(publication, ledger=ledger)
    return list_checks(checked, AuditWords(EditionWords(checked).writer))


def test_their_order(checks: dict[str, str]) -> None:
    """From the rows to what isn't known."""
    assert list(checks) == [
        "rows",
        "second_count",
        "keys",
        "other_order",
        "one_contact_less",
        "sums",
        "reconciliation",
        "values",
    ]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("second_count", "1.298 cijfers twee keer geteld. Geen enkel verschil."),
        ("keys", "22.472 nummers gezocht, en geen gevonden."),
        ("sums", "20 uitsplitsingen opgeteld. Geen enkel verschil."),
        ("rows", "50.295 rijen in 24 bestanden. Alle sommen kloppen."),
        (
            "reconciliation",
            "Van 162 gedrukte cijfers kloppen er 147. De andere: spreekt zichzelf tegen (2); juist "
            "getal, maar van iets anders (12); de cijfers dragen de uitspraak niet (1).",
        ),
    ],
)
def test_a_result(checks: dict[str, str], name: str, result: str) -> None:
    """Over how much it went, and what came out."""
    assert checks[name] == result


def test_an_edition_without_a_check_doesnt_claim_it(publication: Publication) -> None:
    """What wasn't done isn't told."""
    words = AuditWords(EditionWords(publication).writer)
    assert list(list_checks(publication, words)) == ["rows", "reconciliation", "values"]
