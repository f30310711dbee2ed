"""Somebody approves an edition, and its pages say so until its content changes."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import build, cli, publishing
from helpline_report.errors import ParametersError, RefusedError
from helpline_report.parameters.earlier_reports import read_signoff
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.publishing import Approval, sign, verify_published
from tests.report.small_projects import chapter, copy_small, count, say_rows, text

pytestmark = pytest.mark.slow

SAID = text("said", "Er waren {{ contacts.total | noun }}.")
FINAL = Approval("final", "de stuurgroep", "opdrachtgever", dt.date(2018, 3, 1))
EARLY = Approval(
    "provisional", "de stuurgroep", "opdrachtgever", dt.date(2018, 3, 1), dt.date(2018, 3, 12)
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one short chapter, and the edition of it."""
    root = copy_small(tmp_path_factory.mktemp("small") / "project")
    chapter(root, count("contacts.total"), SAID)
    say_rows(root, "public")
    build.build(Project(root), "2017")
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A project of a test's own."""
    return Path(shutil.copytree(made, tmp_path / "project"))


def page(root: Path) -> str:
    """The report as it stands."""
    return (root / "output" / "2017" / "index.html").read_text(encoding="utf-8")


def test_a_draft_until_somebody_signs(root: Path) -> None:
    """The page says that it is one."""
    assert "ontwerp" in page(root)
    assert "Goedgekeurd" not in page(root)


def test_a_final_edition(root: Path) -> None:
    """No page says draft any more, and the report says who approved it."""
    sign(Project(root), "2017", FINAL)
    assert "Goedgekeurd door de stuurgroep (opdrachtgever) op 1 maart 2018." in page(root)
    for path in (root / "output" / "2017").rglob("*.html"):
        assert "ontwerp" not in path.read_text(encoding="utf-8"), path.name


def test_a_provisional_edition_under_embargo(root: Path) -> None:
    """The page says both, and until when."""
    sign(Project(root), "2017", EARLY)
    found = page(root)
    assert "Dit zijn voorlopige cijfers." in found
    assert "Niet openbaar maken voor 12 maart 2018." in found


def test_the_audit_says_who_approved(root: Path) -> None:
    """On its first page and under 'how do we know'."""
    sign(Project(root), "2017", FINAL)
    for name in ("index.html", "evidence.html"):
        audit = (root / "output" / "2017" / "audit" / name).read_text(encoding="utf-8")
        assert "Goedgekeurd door de stuurgroep (opdrachtgever) op 1 maart 2018." in audit


def test_another_content_needs_another_approval(root: Path) -> None:
    """A sentence that changes makes it a draft again."""
    sign(Project(root), "2017", FINAL)
    chapter(root, count("contacts.total"), text("said", "Dat zijn {{ contacts.total | noun }}."))
    publishing.republish(Project(root), "2017")
    assert "ontwerp" in page(root)
    assert "Goedgekeurd" not in page(root)


def test_an_approval_holds_over_a_new_build(root: Path) -> None:
    """The same exports, texts and program give the content that was signed."""
    sign(Project(root), "2017", FINAL)
    signed = page(root)
    build.build(Project(root), "2017")
    assert page(root) == signed


def test_a_signed_edition_verifies(root: Path) -> None:
    """The manifest is of the pages as they say it."""
    sign(Project(root), "2017", FINAL)
    assert verify_published(root / "output" / "2017", "output/2017") > 0


def test_a_draft_with_rows_left_out_is_never_signed(root: Path) -> None:
    """It is made to be looked at, and made again."""
    build.build(Project(root), "2017", ["draft=true"])
    with pytest.raises(RefusedError) as caught:
        sign(Project(root), "2017", FINAL)
    assert str(caught.value) == (
        "the edition '2017' is a draft that leaves rows with faults out: nobody can sign it\n"
        "  → mend or correct the rows, and build it whole: helpline-report build 2017"
    )
    assert read_signoff(Project(root), "2017") is None


def test_synthetic_rows_are_never_signed(root: Path) -> None:
    """They are about nobody; an approval that was there before counts for nothing."""
    sign(Project(root), "2017", FINAL)
    say_rows(root, "synthetic")
    publishing.republish(Project(root), "2017")
    checked = check_parameters(Project(root), "2017")
    released = publishing.last_release(Project(root), "2017")
    content = publishing.publication_of(Project(root), checked, released).content
    file = root / "params" / "2017" / "sign-off.yaml"
    signed = re.sub(r"content: \w+", f"content: {content}", file.read_text(encoding="utf-8"))
    file.write_text(signed, encoding="utf-8")
    publishing.republish(Project(root), "2017")
    assert "Goedgekeurd" not in page(root)
    with pytest.raises(RefusedError) as caught:
        sign(Project(root), "2017", FINAL)
    assert str(caught.value) == (
        "params/2017.yaml: the rows of the edition '2017' are made up: nobody can sign for what "
        "they say\n  → an edition of real rows can be signed"
    )


def test_an_edition_that_there_is_not(root: Path) -> None:
    """Nothing can be signed that wasn't built."""
    with pytest.raises(ParametersError):
        sign(Project(root), "2016", FINAL)


def test_the_file_of_an_approval(root: Path) -> None:
    """It holds who, as what, when, and the content that was signed for."""
    sign(Project(root), "2017", EARLY)
    lines = (root / "params" / "2017" / "sign-off.yaml").read_text("utf-8").splitlines()
    assert lines[1:6] == [
        "status: provisional",
        "name: de stuurgroep",
        "role: opdrachtgever",
        "date: 2018-03-01",
        "embargo: 2018-03-12",
    ]
    assert lines[6].startswith("content: ")


def test_a_file_that_says_something_else(root: Path) -> None:
    """A misspelt key is told with its place."""
    sign(Project(root), "2017", FINAL)
    path = root / "params" / "2017" / "sign-off.yaml"
    path.write_text(path.read_text("utf-8").replace("role:", "roll:"), encoding="utf-8")
    with pytest.raises(ParametersError) as caught:
        publishing.republish(Project(root), "2017")
    assert "params/2017/sign-off.yaml:4: unknown key 'roll', did you mean 'role'?" in str(
        caught.value
    )


def test_the_command(root: Path) -> None:
    """It says what it kept, and where the pages are."""
    given = ["--name", "de stuurgroep", "--role", "opdrachtgever", "--status", "final"]
    command = ["sign-off", "2017", *given, "--date", "2018-03-01", "--project", str(root)]
    done = CliRunner().invoke(cli.app, command)
    assert (done.exit_code, done.stderr) == (
        0,
        "params/2017/sign-off.yaml: final, approved by de stuurgroep on 2018-03-01\n"
        "output/2017/index.html\n",
    )
