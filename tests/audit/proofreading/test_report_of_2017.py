"""The report of 2017, as it was published: its mistakes are found, and nothing that is right.

The report isn't in the repository. Which of its printed figures are mistakes is: the verdicts that
reconciliation gives them.
"""

import csv
import os
from pathlib import Path

import pytest

from helpline_report.audit.proofreading.findings import Finding
from helpline_report.audit.proofreading.proofread import Proof, proofread

DATA = os.environ.get("HELPLINE_REAL_DATA", "")
FOLDER = Path(DATA).parent / "reference"
REPORTS = sorted(FOLDER.glob("000_*.txt")) if DATA else []

pytestmark = pytest.mark.skipif(
    len(REPORTS) != 1,
    reason="the report of 2017 isn't here: put its text as reference/000_….txt beside the folder "
    "that HELPLINE_REAL_DATA names",
)

# What holds a mistake, by the id of the printed figure, and the check that has to find it.
MISTAKES = {
    "website.users.change": "growth",
    "contacts.monthly_mean.email": "means",
    "problems.partner_violence": "shares",
    "problems.share.partner_violence": "shares",
    "problems.adult_violence": "shares",
    "problems.share.adult_violence": "shares",
    "problems.child_abuse.context.nuclear_family": "shares",
    "problems.child_abuse.share.nuclear_family": "shares",
    "persons.share.female": "granularity",
    "persons.share.male": "granularity",
    "persons.share.unknown": "granularity",
    "followup.share.advice": "table_shares",
    "followup.share.referred": "table_shares",
    "followup.share.registered": "table_shares",
    "sectors.sport_leisure.sexual.change": "periods",
}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found() -> Proof:
    """What proofreading says of the report."""
    return proofread(REPORTS[0])


@pytest.fixture(scope="module")
def wrong(repository: Path) -> dict[str, tuple[str, str]]:
    """The verdict and the print of each figure that reconciliation finds wrong."""
    verdicts = rows(repository / "tests" / "audit" / "verdicts-2017.csv")
    prints = {item["id"]: item["printed"] for item in rows(repository / "data/printed/2017.csv")}
    return {
        item["id"]: (item["status"], prints[item["id"]])
        for item in verdicts
        if not item["status"].startswith("agrees")
    }


def holding(found: Proof, check: str, verdict: str, printed: str) -> list[Finding]:
    """The findings of a check with a verdict, in whose words a print stands."""
    numbers = printed.replace("een stijging", "62")
    return [
        item
        for item in found.findings
        if item.check == check and item.verdict == verdict and numbers in item.quote
    ]


def test_every_mistake_is_listed_here(wrong: dict[str, tuple[str, str]]) -> None:
    """Fifteen printed figures are mistakes."""
    assert set(wrong) == set(MISTAKES)


@pytest.mark.parametrize(("name", "check"), MISTAKES.items())
def test_a_mistake_is_found(
    found: Proof, wrong: dict[str, tuple[str, str]], name: str, check: str
) -> None:
    """One finding holds its number, with the verdict that reconciliation comes to."""
    verdict, printed = wrong[name]
    assert len(holding(found, check, verdict, printed)) == 1


@pytest.mark.parametrize(("missing", "whole"), [(24, "86,41%"), (63, "4.321")])
def test_those_who_are_in_no_part_are_counted(found: Proof, missing: int, whole: str) -> None:
    """24 contacts have no channel, and 63 no role."""
    texts = [item.text for item in found.findings if whole in item.quote]
    assert [text for text in texts if f"Van {missing} contacten staat" in text] == texts != []


def test_nothing_that_is_right_is_called_wrong(found: Proof) -> None:
    """Ten findings hold the fifteen mistakes; the others say what three lists leave out.

    The third is true as well: 24 callers are in the list neither as known nor as anonymous.
    """
    mistakes = [item for item in found.findings if item.verdict != "incomplete"]
    gaps = [item.place.line for item in found.findings if item.verdict == "incomplete"]
    assert [item.place.line for item in mistakes] == [
        100, 144, 235, 241, 257, 277, 292, 293, 296, 427,
    ]  # fmt: skip
    assert gaps == [128, 196, 200]


def test_nothing_found_would_mean_something(found: Proof) -> None:
    """Most numbers of the report are read, and some fifty statements made anew."""
    assert found.numbers > 150
    assert found.statements >= 50
