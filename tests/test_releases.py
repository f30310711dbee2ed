"""What the gate lets out, what was released of an edition, and what is refused as such."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest

from helpline_report.errors import ParametersError, RefusedError
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER
from helpline_report.publishing import find_last_release
from tests.conftest import refusal, run_command
from tests.report.small_projects import chapter, check_help, copy_few, count, retitle, text

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(root: Path) -> Path:
    """The edition of a project without what its build kept."""
    shutil.rmtree(root / ".helpline")
    return root / "output" / "2017"


def released(folder: Path) -> object:
    return find_last_release(Project(folder.parents[1]), "2017")


def test_a_ledger_that_was_changed(folder: Path) -> None:
    """It isn't what was published: nothing is made of it."""
    ledger = folder / LEDGER
    ledger.write_bytes(ledger.read_bytes() + b"\n")
    with pytest.raises(RefusedError, match="isn't what was published"):
        released(folder)


def test_a_ledger_of_another_version(folder: Path) -> None:
    """Copied here alone, without a manifest, it is refused by its content."""
    shutil.rmtree(folder / "audit")
    (folder / LEDGER).write_text("{}", encoding="utf-8")
    with pytest.raises(ParametersError, match="is no ledger of this version"):
        released(folder)


def test_without_an_edition_the_message_says_what_makes_one(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(ParametersError, match="there is no released ledger of '2017'") as raised:
        released(folder)
    assert "helpline-report build 2017" in str(raised.value)


# Nothing of confidential rows, and invented rows only as such


CELLS = (count("contacts.total"), text("said", "Er waren {{ contacts.total | noun }}."))


@pytest.fixture
def confidential(tmp_path: Path) -> Path:
    """A project whose rows are confidential, with a threshold of 0 that somebody decided."""
    root = copy_few(tmp_path / "project")
    chapter(root, *CELLS)
    path = root / "params" / "2017.yaml"
    parameters = path.read_text(encoding="utf-8")
    parameters = parameters.replace("rows: synthetic", "rows: confidential")
    # An edition about real people says how to reach who answers for it.
    parameters = parameters.replace("publisher:\n", "publisher:\n  address: x\n", 1)
    path.write_text(parameters, encoding="utf-8")
    check_help(root, f"{dt.date.today()}")
    return root


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_without_a_threshold_there_is_a_private_draft_alone(confidential: Path) -> None:
    """It lies where its owner alone reads, and each page says so; the rows can be checked."""
    code, lines = run_command(confidential, "build", "2017")
    assert (code, "no threshold for small numbers was decided" in lines) == (3, True), lines
    assert run_command(confidential, "check", "2017")[0] == 0
    code, lines = run_command(confidential, "build", "2017", "--draft")
    assert (code, lines.endswith(".helpline/drafts/2017/index.html\n")) == (0, True), lines
    folder = confidential / ".helpline" / "drafts" / "2017"
    assert mode(folder) == 0o700
    assert not list((confidential / "output").glob("*"))
    for page in folder.rglob("*.html"):
        content = page.read_text(encoding="utf-8")
        assert "Vertrouwelijk, niet vrijgegeven" in content, page.name
        assert 'content="noindex"' in content, page.name


def test_no_override_makes_confidential_rows_public(confidential: Path) -> None:
    """What the exports are is said in the file."""
    assert refusal(ParametersError, Project(confidential).edition, "2017", ["rows=public"]) == (
        "params/2017.yaml: the rows are confidential, and no override makes them anything else\n"
        "  → take the override of 'rows' away"
    )


def test_pages_and_charts_of_invented_rows_say_so(year_2017: Path) -> None:
    """Search engines leave each page out; the source of each chart says it."""
    folder = year_2017 / "output" / "2017"
    for path in folder.rglob("*.html"):
        assert 'name="robots" content="noindex"' in path.read_text(encoding="utf-8"), path.name
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "Bron: registratiesysteem van 1712 (voorbeeld, verzonnen gegevens)" in page


def test_each_line_of_each_file_of_invented_rows_says_so(year_2017: Path) -> None:
    """The last column says so; each sheet of the workbook does too."""
    folder = year_2017 / "output" / "2017"
    files = sorted(folder.rglob("*.csv"))
    assert len(files) > 3
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert {row[-1].partition(",")[0] for row in rows} <= {"rows", "synthetic"}, path.name
        assert rows[0][-1] == "rows", path.name
    book = openpyxl.load_workbook(folder / "data" / "tabellen.xlsx", read_only=True)
    for sheet in book:
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert "Bron: voorbeeld, verzonnen gegevens." in cells, sheet.title


DECISION = (
    "disclosure: {threshold: 3, decided_by: de raad, decided_on: 2018-01-01, "
    "reason: {nl: om mensen te beschermen, en: to protect people}}\n"
)
SIGN = ("sign-off", "2017", "--name", "de raad", "--role", "raad", "--status", "final")


def test_an_approved_edition_stands_while_a_draft_lies_beside_it(confidential: Path) -> None:
    """Its owner alone reads the draft, and an approval puts it into its place."""
    path = confidential / "params" / "2017.yaml"
    parameters = path.read_text(encoding="utf-8")
    old = next(part for part in parameters.split("\n\n") if "disclosure:" in part)
    path.write_text(parameters.replace(old, DECISION), encoding="utf-8")
    place, beside = (confidential / "output" / name for name in ("2017", "2017-draft"))
    assert run_command(confidential, "build", "2017")[0] == 0
    assert mode(place) == 0o700
    assert run_command(confidential, *SIGN)[0] == 0
    assert mode(place) & 0o055
    page = (place / "index.html").read_bytes()
    retitle(confidential, "Ander verslag")
    code, lines = run_command(confidential, "build", "2017")
    assert (code, lines.endswith("output/2017-draft/index.html\n")) == (0, True), lines
    assert (mode(beside), (place / "index.html").read_bytes() == page) == (0o700, True)
    assert run_command(confidential, *SIGN)[0] == 0
    assert not beside.exists()
    assert (place / "index.html").read_bytes() != page
