"""The whole walk of a new year and of a new system, by the commands, in a project of its own."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report.commands import app
from helpline_report.errors import UserError
from helpline_report.parameters.project import Project
from tests.conftest import ROOT
from tests.setup.proposals import decided

ANSWERS = {"decided_by": "me", "decided_on": "2019-01-31", "nl": "omdat", "en": "because"}


@pytest.fixture
def walked(project: Project) -> Path:
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    shutil.copytree(ROOT / "data" / "sample" / "2017", project.root / "data" / "sample" / "2017")
    return project.root


def run(folder: Path, *arguments: str) -> tuple[str, str, str]:
    """What a command writes to standard output and error, and the mistake that ends it."""
    ended = CliRunner().invoke(app, [*arguments, "--project", str(folder)])
    if ended.exception is not None:
        assert isinstance(ended.exception, UserError), ended.exception
    return ended.stdout, ended.stderr, str(ended.exception or "")


@pytest.mark.parametrize("build", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_year_goes_from_its_questions_to_its_report(walked: Path, *, build: bool) -> None:
    """Begun, asked, answered, told what is missing, checked, built; 2017 stays to the letter."""
    before = {p: p.read_bytes() for p in (walked / "params").rglob("*") if p.is_file()}
    out, steps, error = run(walked, "new-year", "2018")
    assert (out, error) == ("", "")
    assert steps.splitlines()[:3] == [
        "params/2018.yaml, made from params/2017.yaml. What to do next:",
        "  1. put the exports of 2018 into data/raw/2018 and data/raw/2018/google-analytics",
        "  2. answer the 21 questions of params/2018.yaml, each a !todo",
    ]
    asked = run(walked, "check", "2018")[2]
    assert asked.startswith("params/2018.yaml:8: to decide: rows: ")
    # Each proposal is taken as it stands.
    path = walked / "params" / "2018.yaml"
    text = decided(path.read_text(encoding="utf-8"), ANSWERS)
    path.write_text(text.replace("rows: confidential", "rows: synthetic"), encoding="utf-8")
    missing = run(walked, "check", "2018")[2]
    assert "[B00] data/raw/2018/contactnames.csv: there is no such file\n" in missing
    folder = walked / "data" / "raw" / "2018"
    assert run(walked, "sample", "2018", "--folder", str(folder), "--contacts", "700")[2] == ""
    _, notes, error = run(walked, "check", "2018")
    assert error == ""
    assert notes.endswith("2018: the parameters and the exports are sound\n")
    if build:
        assert run(walked, "build", "2018")[2] == ""
        assert "Jaarverslag 2018" in (walked / "output/2018/index.html").read_text("utf-8")
    assert {path: path.read_bytes() for path in before} == before


OURS = {
    **dict.fromkeys(("about", "full_name", "website", "responsible", "address", "tested"), "ons"),
    **dict.fromkeys(("name", "phone", "opening_days", "opening_hours", "cost"), "ons"),
    "prepared_on": "2022-01-01",
}


def test_another_helpline_goes_from_its_export_to_its_page(walked: Path) -> None:
    """Each proposal is taken as it stands; nothing of 1712, and no note about what it lacks."""
    for name in ("2016", "2017", "linea144-2020", "linea144-2021"):
        (walked / "params" / f"{name}.yaml").unlink()
    export = walked / "data" / "lijn-2021" / "calls.csv"
    export.parent.mkdir()
    days = [f"{13 + at % 15}/{1 + at % 12:02}/2021;Vrouw;{at % 60}" for at in range(60)]
    export.write_text("\n".join(["datum;geslacht slachtoffer;leeftijd", *days]), encoding="utf-8")
    assert run(walked, "new-helpline", "lijn-2021")[2] == ""
    for path in (walked / "params/lijn-2021.yaml", walked / "params/layouts/lijn.yaml"):
        text = decided(path.read_text(encoding="utf-8"), OURS)
        path.write_text(text.replace("rows: confidential", "rows: public"), encoding="utf-8")
    texts = walked / "params" / "lijn-2021" / "nl" / "helpline.md"
    texts.write_text("=== title ===\n# De hulplijn\n\nWij.\n", encoding="utf-8")
    assert run(walked, "build", "lijn-2021")[2] == ""
    page = (walked / "output/lijn-2021/index.html").read_text("utf-8")
    assert [word for word in FOREIGN if word in page] == []
    assert "Per dag" in page
    audit = (walked / "output/lijn-2021/audit/contacts.html").read_text("utf-8")
    assert "Limburg" not in audit


# What 1712 alone has, and lines about a year and an hour that nobody misses.
FOREIGN = (
    *("1712", "provinciale", "Kindermishandeling", "Ouderenmis", "sport", "(EU) 2016/2102"),
    *("per hulplijn", "Weekdag en uur", "jaar ervoor"),
)


def test_a_layout_is_printed_or_written(walked: Path) -> None:
    """To standard output and nothing else, or to its file, once."""
    export = str(walked / "data" / "sample" / "2017" / "contactnames.csv")
    printed, notes, _ = run(walked, "layout", export)
    assert printed.startswith("# A layout proposed for contactnames.csv.\n")
    assert notes == ""
    assert run(walked, "layout", export, "--name", "new") == (
        "",
        "params/layouts/new.yaml, with 12 questions, each a !todo\n",
        "",
    )
    again = run(walked, "layout", export, "--name", "new")[2]
    assert again.startswith("params/layouts/new.yaml: there is a layout 'new' already\n")
    missing = run(walked, "layout", "none.csv")[2]
    assert "\n[B00] none.csv: there is no such file\n" in missing
    coded = run(walked, "layout", "x.csv", "--coded", "x")[2]
    assert coded == "--coded x: 'COLUMN=FIELD' was expected"
