"""The sample's ledger, what its report printed, and its edition."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpline_report.audit.printed_figures import read_printed
from helpline_report.audit.reconciliation import reconcile
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import PrintedFigure, Reconciled
from helpline_report.parameters.yaml import read_phrases
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


@pytest.fixture
def change_catalogue(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put another pattern at a key of the Dutch catalogue of prose."""

    def change(key: str, pattern: str) -> None:
        place: Any = read_phrases("helpline_report.prose", "nl")
        *above, last = key.split(".")
        for part in above:
            place = place[part]
        monkeypatch.setitem(place, last, pattern)

    return change
