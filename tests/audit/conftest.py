"""The sample's ledger, what its report printed, and its edition."""

from pathlib import Path

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.audit.reconciliation import reconcile
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.prose.texts import CellText
from helpline_report.report.publication import Publication
from tests.audit.in_process import compose_publication, ledger_of, writer_of


@pytest.fixture(scope="session")
def sample_ledger(repository: Path) -> Ledger:
    """What the chapters record of the sample."""
    return ledger_of(repository)


@pytest.fixture(scope="session")
def printed(repository: Path) -> tuple[PrintedFigure, ...]:
    return read_printed(repository / "data" / "printed" / "2017.csv", "2017.csv")


@pytest.fixture(scope="session")
def reconciled(
    repository: Path, sample_ledger: Ledger, printed: tuple[PrintedFigure, ...]
) -> tuple[Reconciled, ...]:
    """The report of 2017 against the sample."""
    return reconcile(printed, sample_ledger, writer_of(repository, sample_ledger))


@pytest.fixture(scope="session")
def publication(
    repository: Path, sample_ledger: Ledger, reconciled: tuple[Reconciled, ...]
) -> Publication:
    """The sample's edition of 2017, with a text of its own in the place of a cell."""
    own = CellText("Een eigen tekst: {{ contacts.total | noun }}.", 3, "params/2017/nl/contacts.md")
    texts = {"nl": {"contacts": {"totals": own}}}
    return compose_publication(repository, sample_ledger, reconciled=reconciled, texts=texts)
