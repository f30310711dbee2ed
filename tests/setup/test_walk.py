"""The whole walk of a new year and of a new system, by the commands, in a project of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.parameters.project import Project
from tests.conftest import ROOT
from tests.setup.proposals import decided

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
ANSWERS = {"decided_by": "me", "decided_on": "2019-01-31", "nl": "omdat", "en": "because"}


@pytest.fixture
def walked(project: Project) -> Path:
    """The project with its chapters."""
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    shutil.copytree(ROOT / "data" / "sample" / "2017", project.root / "data" / "sample" / "2017")
    return project.root


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("build", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_year_goes_from_its_questions_to_its_report(walked: Path, *, build: bool) -> None:
    """Begun, asked, answered, told what is missing, checked, built; 2017 stays to the letter."""
    before = {p: p.read_bytes() for p in (walked / "params").rglob("*") if p.is_file()}
    begun = run(walked, "new-year", "2018")
    assert (begun.returncode, begun.stdout) == (0, "")
    assert begun.stderr.splitlines()[:3] == [
        "params/2018.yaml, made from params/2017.yaml. What to do next:",
        "  1. put the exports of 2018 into data/raw/2018 and data/raw/2018/google-analytics",
        "  2. answer the 21 questions of params/2018.yaml, each a !todo",
    ]
    asked = run(walked, "check", "2018")
    assert asked.returncode == 2
    assert asked.stderr.startswith("helpline-report: params/2018.yaml:8: to decide: rows: ")
    # Each proposal is taken as it stands.
    path = walked / "params" / "2018.yaml"
    text = decided(path.read_text(encoding="utf-8"), ANSWERS)
    path.write_text(text.replace("rows: confidential", "rows: synthetic"), encoding="utf-8")
    missing = run(walked, "check", "2018")
    assert missing.returncode == 2
    assert "[B00] data/raw/2018/contactnames.csv: there is no such file\n" in missing.stderr
    sampled = run(walked, "sample", "2018", "--folder", "data/raw/2018", "--contacts", "700")
    assert sampled.returncode == 0
    checked = run(walked, "check", "2018")
    assert (checked.returncode, checked.stderr) == (0, checked.stderr)
    assert checked.stderr.endswith("2018: the parameters and the exports are sound\n")
    if build:
        built = run(walked, "build", "2018")
        assert (built.returncode, built.stderr[-200:]) == (0, built.stderr[-200:])
        assert "Jaarverslag 2018" in (walked / "output/2018/index.html").read_text("utf-8")
    assert {path: path.read_bytes() for path in before} == before


def test_a_layout_is_printed_or_written(walked: Path) -> None:
    """To standard output and nothing else, or to its file, once."""
    export = "data/sample/2017/contactnames.csv"
    printed = run(walked, "layout", export)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout.startswith("# A layout proposed for contactnames.csv.\n")
    written = run(walked, "layout", export, "--name", "new")
    assert (written.returncode, written.stdout) == (0, "")
    assert written.stderr == "params/layouts/new.yaml, with 12 questions, each a !todo\n"
    again = run(walked, "layout", export, "--name", "new")
    assert again.returncode == 2
    assert again.stderr == (
        "helpline-report: params/layouts/new.yaml: there is a layout 'new' already\n"
        "  → give another name: --name NAME\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["layout", "none.csv"],
            "1 problem(s) in the exports; nothing was written.\n"
            "[B00] none.csv: there is no such file\n",
        ),
        (["layout", "x.csv", "--coded", "x"], "--coded x: 'COLUMN=FIELD' was expected\n"),
        (
            ["new-year", "2017"],
            "params/2017.yaml: there is an edition '2017' already\n"
            "  → edit it, and see what it lacks: helpline-report check 2017\n",
        ),
    ],
)
def test_a_mistake_is_told(walked: Path, arguments: list[str], message: str) -> None:
    """With exit code 2, and no traceback."""
    done = run(walked, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"helpline-report: {message}")
