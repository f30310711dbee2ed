"""Somebody approves an edition, and its pages say so until its content changes."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import build, commands, publishing
from helpline_report.errors import ParametersError, RefusedError, UserError
from helpline_report.parameters.earlier_reports import (
    SignOff,
    find_signoff_file,
    read_signoff,
    write_signoff_text,
)
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.publishing import Approval, sign, verify_published
from tests.conftest import refusal
from tests.report.small_projects import chapter, count, say_rows, text

pytestmark = pytest.mark.slow

DAY, UNTIL = dt.date(2018, 3, 1), dt.date(2018, 3, 12)
FINAL = Approval("final", "de stuurgroep", "opdrachtgever", DAY)
EARLY = Approval("provisional", "de stuurgroep", "opdrachtgever", DAY, UNTIL)


@pytest.fixture(scope="module")
def public(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of public rows with one short chapter, and the edition of it."""
    root = Path(shutil.copytree(small, tmp_path_factory.mktemp("public") / "project"))
    say_rows(root, "public")
    build.build(Project(root), "2017")
    return root


@pytest.fixture
def root(public: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(public, tmp_path / "project"))


def page(root: Path, name: str = "index.html") -> str:
    return (root / "output" / "2017" / name).read_text(encoding="utf-8")


def test_public_rows_are_not_called_invented(public: Path) -> None:
    """No column, no remark."""
    for path in (public / "output" / "2017").rglob("*"):
        if path.suffix in (".csv", ".html", ".png"):
            assert b"verzonnen" not in path.read_bytes(), path.name
            assert not path.read_bytes().partition(b"\n")[0].endswith(b",rows"), path.name


def test_each_page_of_a_final_edition_says_who_approved_it(root: Path) -> None:
    """Each page says who approved it, over a new build too; another sentence makes it a draft."""
    assert "ontwerp" in page(root)
    assert "Goedgekeurd" not in page(root)
    options = ["--name", "de stuurgroep", "--role", "opdrachtgever", "--status", "final"]
    command = ["sign-off", "2017", *options, "--date", "2018-03-01", "--project", str(root)]
    done = CliRunner().invoke(commands.app, command)
    assert (done.exit_code, done.stderr) == (
        0,
        "params/2017/sign-off.yaml: final, approved by de stuurgroep on 2018-03-01\n"
        "output/2017/index.html\n",
    )
    for name in ("index.html", "audit/index.html", "audit/evidence.html"):
        assert "Goedgekeurd door de stuurgroep (opdrachtgever) op 1 maart 2018." in page(root, name)
    for path in (root / "output" / "2017").rglob("*.html"):
        assert "ontwerp" not in path.read_text(encoding="utf-8"), path.name
    assert verify_published(root / "output" / "2017", "output/2017") > 0
    signed = page(root)
    build.build(Project(root), "2017")
    assert page(root) == signed
    chapter(root, count("contacts.total"), text("said", "Dat zijn {{ contacts.total | noun }}."))
    publishing.republish(Project(root), "2017")
    assert "ontwerp" in page(root)
    assert "Goedgekeurd" not in page(root)


def test_a_provisional_edition_under_embargo(root: Path) -> None:
    """The page says both, and until when; a misspelt key of its file is told with its place."""
    sign(Project(root), "2017", EARLY)
    assert "Dit zijn voorlopige cijfers." in page(root)
    assert "Niet openbaar maken voor 12 maart 2018." in page(root)
    path = root / "params" / "2017" / "sign-off.yaml"
    lines = path.read_text("utf-8").splitlines()
    assert lines[1:6] == [
        "status: provisional",
        "name: de stuurgroep",
        "role: opdrachtgever",
        "date: 2018-03-01",
        "embargo: 2018-03-12",
    ]
    path.write_text("# Kept.\nstatus: final\nname: iemand\nroll: x\n", encoding="utf-8")
    where = "params/2017/sign-off.yaml:4: unknown key 'roll', did you mean 'role'?"
    assert where in refusal(ParametersError, publishing.republish, Project(root), "2017")


def test_a_draft_with_rows_left_out_is_never_signed(root: Path) -> None:
    """It is made to be looked at, and made again; nor is an edition that there is not."""
    with pytest.raises(ParametersError):
        sign(Project(root), "2016", FINAL)
    build.build(Project(root), "2017", ["draft=true"])
    assert refusal(RefusedError, sign, Project(root), "2017", FINAL) == (
        "the edition '2017' is a draft that leaves rows with faults out: nobody can sign it\n"
        "  → mend or correct the rows, and build it whole: helpline-report build 2017"
    )
    assert read_signoff(Project(root), "2017") is None


def test_synthetic_rows_are_never_signed(small: Path, tmp_path: Path) -> None:
    """They are about nobody; an approval of this very content counts for nothing."""
    root = Path(shutil.copytree(small, tmp_path / "project"))
    checked = check_parameters(Project(root), "2017")
    released = publishing.find_last_release(Project(root), "2017")
    content = publishing.compose_publication(Project(root), checked, released).content
    approval = SignOff(**{**vars(FINAL), "content": content})
    find_signoff_file(Project(root), "2017").parent.mkdir(parents=True, exist_ok=True)
    find_signoff_file(Project(root), "2017").write_text(
        write_signoff_text(approval), encoding="utf-8"
    )
    publishing.republish(Project(root), "2017")
    assert "Goedgekeurd" not in page(root)
    assert refusal(RefusedError, sign, Project(root), "2017", FINAL) == (
        "params/2017.yaml: the rows of the edition '2017' are made up: nobody can sign for what "
        "they say\n  → an edition of real rows can be signed"
    )


@pytest.mark.parametrize(("name", "role"), [("", "coach"), ("a team", " \n")])
def test_nobody_approves(root: Path, name: str, role: str) -> None:
    """A blank name or role is refused as what the user gave."""
    message = refusal(UserError, sign, Project(root), "2017", replace(FINAL, name=name, role=role))
    assert message == "a field is empty\n  → fill in everything that is asked for"


def test_a_day_that_there_is_not() -> None:
    """It is said in words, with how a day is written."""
    options = ["--name", "a", "--role", "b", "--status", "final", "--date", "31-13-2017"]
    with pytest.raises(UserError, match=r"'31-13-2017' is no day\n  → write .* 2017-12-31"):
        CliRunner().invoke(commands.app, ["sign-off", "2017", *options], catch_exceptions=False)
