"""Last year's edition was approved, and last year's export has changed: the whole way of B69."""

import csv
import datetime as dt
import re
from pathlib import Path

import pytest

from helpline_report.build import build
from helpline_report.errors import ExportError
from helpline_report.parameters.project import Project
from helpline_report.publishing import Approval, sign
from tests.conftest import refusal
from tests.report.small_projects import chapter, code, copy_few, say_rows

pytestmark = pytest.mark.slow

FINAL = Approval("final", "de stuurgroep", "opdrachtgever", dt.date(2017, 3, 1))
COUNTS = (
    'contacts = chapter.populations("contacts")\n'
    'chapter.count("contacts.total", contacts)\n'
    'chapter.change("contacts.total.change", contacts)\n'
    'chapter.count("contacts.total.previous", chapter.previous(contacts))'
)
KNOWN = (
    "\nacknowledged:\n  - {fault: B69, file: ledger-2016.json, rows: 1, reason: "
    "{nl: een bandje was zoekgeraakt, en: a tape had been lost}}\n"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved edition of 2016, and an export of it without its last contact."""
    root = copy_few(tmp_path_factory.mktemp("revised") / "project")
    chapter(root, code("count", COUNTS))
    say_rows(root, "public")
    build(Project(root), "2016")
    sign(Project(root), "2016", FINAL)
    chapter(root, code("quality", 'chapter.quality("quality")'), name="method", number=2)
    folder = root / "data" / "sample" / "2016"
    contact, person = _last(folder / "contactnames.csv"), "gemelde_personen.csv"
    gone = _without(folder / person, contact)
    for key in gone:
        _without(folder / "gevolggevingen.csv", key)
    _without(folder / "contactnames.csv", contact)
    return root


def _last(path: Path) -> str:
    return path.read_text("utf-8").splitlines()[-1].partition(";")[0]


def _without(path: Path, key: str) -> list[str]:
    """Take the rows out that hold a key; returns their first cells."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    out = [line for line in lines if key in line.rstrip().split(";")]
    path.write_text("".join(line for line in lines if line not in out), encoding="utf-8")
    return [line.partition(";")[0] for line in out]


def test_it_stops_and_then_shows_both(root: Path) -> None:
    """Refused with both numbers; acknowledged, both stand in the reconciliation with the note."""
    assert re.search(
        r"\[B69\] .*published as 1149, and 1148 is counted now",
        refusal(ExportError, build, Project(root), "2017"),
    )
    assert not (root / "output" / "2017").exists()
    parameters = root / "params" / "2017.yaml"
    parameters.write_text(parameters.read_text("utf-8") + KNOWN, encoding="utf-8")
    folder = build(Project(root), "2017")
    with (folder / "audit" / "reconciliation.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["source"] == "Jaarverslag 2016"]
    assert (row["printed"], row["computed"], row["verdict"]) == ("1149", "1148", "revised")
    assert row["reason"].endswith("Toelichting: een bandje was zoekgeraakt.")
    page = (folder / "index.html").read_text(encoding="utf-8")
    note = "toen 1.149, nu 1.148. Reden: een bandje was zoekgeraakt."
    assert re.search(
        rf"<dt>Anders gepubliceerd, Jaarverslag 2016</dt>\s*<dd>[^<]*{note}</dd>", page
    )
