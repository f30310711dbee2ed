"""Reads what stands beside a page of ours: the released ledger, and the audit."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from helpline_report.audit.proofreading.against_ledger import OwnPage
from helpline_report.audit.proofreading.files import decoded, read_bytes
from helpline_report.audit.proofreading.ledger_tables import Beside
from helpline_report.audit.proofreading.markup import Element, parse
from helpline_report.errors import UserError
from helpline_report.figures.ledger import Ledger

LEDGER = Path("data/ledger.json")
AUDIT = Path("audit/index.html")
RECONCILIATION = Path("audit/reconciliation.csv")
STEP = "read the page where it was built, in output/YEAR, or build it again"


def own_page(root: Element, path: Path) -> OwnPage:
    """A page of ours with what stands beside it.

    Raises:
        UserError: there is no ledger beside it, or none that can be read.
    """
    folder = path.parent
    ledger = _ledger(folder)
    facts = _facts(folder / AUDIT)
    years = {item.population.period.start.year for item in ledger.figures.values()}
    csv = _text(folder / RECONCILIATION) if (folder / RECONCILIATION).is_file() else ""
    return OwnPage(root, ledger, Beside(facts, tuple(sorted(years)), csv))


def _ledger(folder: Path) -> Ledger:
    path = folder / LEDGER
    where = LEDGER.as_posix()
    if not path.is_file():
        what = "the page holds figures, and the ledger they come from isn't beside it"
        raise UserError(what, where=where, next_step=STEP)
    try:
        return Ledger.model_validate_json(_text(path))
    except ValidationError:
        raise UserError("this is no ledger of this version", where=where, next_step=STEP) from None


def _facts(path: Path) -> tuple[str, ...]:
    """The texts of the table of parameters; nothing where there is no audit."""
    if not path.is_file():
        return ()
    page = parse(_text(path))
    return tuple(cell.text for cell in page.all("td", "th", "p", "caption", "footer", "code"))


def _text(path: Path) -> str:
    return decoded(read_bytes(path), path.name)
