"""The report of 2017 against its sample: 147 figures agree, and fifteen are mistakes."""

import csv
from pathlib import Path

from helpline_report.audit.audit_words import AuditWords
from helpline_report.audit.contradictions import find_contradiction, read_report
from helpline_report.audit.reconciliation import reconcile, write_reconciliation
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import PrintedFigure, Reconciled
from tests.audit.in_process import writer_of

STATUS = Path(__file__).with_name("verdicts-2017.csv")


def _status() -> dict[str, str]:
    with STATUS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["status"] for row in csv.DictReader(file)}


def test_the_report_of_2017_is_judged_as_it_deserves(reconciled: tuple[Reconciled, ...]) -> None:
    """Computed verdicts are those that a reader with the report and a pencil comes to."""
    found = {item.printed.id: item.verdict for item in reconciled}
    agreeing = {name: "agrees" if v == "agrees_rounded" else v for name, v in found.items()}
    assert agreeing == _status()


def test_fifteen_of_the_162_are_mistakes_of_the_print(reconciled: tuple[Reconciled, ...]) -> None:
    """All others agree, with their decimals or without."""
    wrong = [item for item in reconciled if item.verdict not in ("agrees", "agrees_rounded")]
    assert (len(reconciled), len(wrong)) == (162, 15)


def test_the_print_contradicts_itself_in_two_places(
    repository: Path, printed: tuple[PrintedFigure, ...], sample_ledger: Ledger
) -> None:
    """Its own numbers exclude two of its figures, and none of the 160 others."""
    figures, words = sample_ledger.figures, AuditWords(writer_of(repository, sample_ledger))
    report = read_report(printed, sample_ledger, lambda item: figures.get(item.id))
    assert {
        item.id for item in printed if find_contradiction(item, figures[item.id], report, words)
    } == {"website.users.change", "contacts.monthly_mean.email"}


def test_the_reason_of_a_contradiction_gives_the_numbers(
    reconciled: tuple[Reconciled, ...],
) -> None:
    """630 e-mails in twelve months are 52,5 a month, and not 50."""
    reasons = {item.printed.id: item.reason for item in reconciled}
    assert reasons["contacts.monthly_mean.email"] == (
        "Het verslag geeft zelf 13,09\N{NO-BREAK SPACE}% van 4.812, dus 630. Gedeeld door 12 is "
        "dat 52,50, en niet ‘50’ zoals gedrukt staat."
    )


def test_the_reason_of_a_rise_that_isnt_one_gives_the_interval(
    reconciled: tuple[Reconciled, ...],
) -> None:
    """62 cases in 365 days against 24 in 184 prove no rise."""
    reasons = {item.printed.id: item.reason for item in reconciled}
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "De cijfers dragen geen stijging: verhouding 1,30, 95\N{NO-BREAK SPACE}%-interval "
        "0,80 tot 2,18."
    )


def test_reasons_are_told_in_english_too(
    repository: Path, printed: tuple[PrintedFigure, ...], sample_ledger: Ledger
) -> None:
    """The language is that of the writer."""
    writer = writer_of(repository, sample_ledger, "en")
    reasons = {i.printed.id: i.reason for i in reconcile(printed, sample_ledger, writer)}
    assert reasons["sectors.sport_leisure.sexual.change"] == (
        "The numbers don't carry a rise: rate ratio 1.30, 95% interval 0.80 to 2.18."
    )


def test_the_file_is_the_same_bytes_everywhere(
    tmp_path: Path, reconciled: tuple[Reconciled, ...]
) -> None:
    """Comma-separated UTF-8 without a byte order mark, a line feed a line, in the printed order."""
    path = tmp_path / "reconciliation.csv"
    write_reconciliation(reconciled, path)
    content = path.read_bytes()
    header = b"id,printed,value,computed,verdict,reason,population,claimed,section,source,edition\n"
    assert content.startswith(header + b"website.pageviews,74.088,74088,74088,agrees,")
    assert (content.count(b"\n"), content.count(b"\r")) == (163, 0)
