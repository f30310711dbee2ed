"""What is measured of the program: what a researcher does in an afternoon, beside the floor."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.results import FLOOR

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("params", "notebooks", "data")
PROGRAM = Path(sys.executable).with_name("helpline-report")
PROSE = "params/2017/nl/contacts.md"
CODE = "notebooks/07_followup.ipynb"
MODULES = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


@dataclass(frozen=True)
class Case:
    """A command, what is changed in the project before it (given the turn), and how it ends."""

    name: str
    says: str
    command: tuple[str | Path, ...]
    before: Callable[[Path, int], None] = lambda project, turn: None
    code: int = 0


def copy_project(folder: Path) -> Path:
    """What a project consists of, without anything that was made before; returns the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("raw"))
    return folder


def forget_all(project: Path, turn: int) -> None:  # noqa: ARG001 - the same every turn
    """Nothing was ever made here."""
    for made in ("output", ".helpline"):
        shutil.rmtree(project / made, ignore_errors=True)


def edit_prose(project: Path, turn: int) -> None:  # noqa: ARG001 - the same every turn
    """One more sentence in a text of the edition."""
    with (project / PROSE).open("a", encoding="utf-8") as file:
        file.write("\nDit is een zin van de meting.\n")


def edit_parameter(project: Path, turn: int) -> None:
    """Another number of days around a campaign: one chapter of nine reads it."""
    file = project / "params" / "2017.yaml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r"around_days: \d+", f"around_days: {20 + turn % 8}", text, count=1)
    file.write_text(changed, encoding="utf-8")


def edit_code(project: Path, turn: int) -> None:
    """One more line in a code cell of one chapter."""
    file = project / CODE
    notebook = json.loads(file.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "count-groups")
    cell["source"] = [*cell["source"], f'\nchapter.count("followup.turn_{turn}", followups)']
    file.write_text(json.dumps(notebook), encoding="utf-8")


BUILD = (PROGRAM, "build", "2017")
# In this order: each begins with the edition that the one before it left.
CASES = (
    Case(FLOOR, "the floor", (sys.executable, "-m", "bench.floor", "data", "floor")),
    Case("cold", "the whole edition, cold", BUILD, forget_all),
    Case("nothing", "nothing changed", BUILD),
    Case("prose", "prose changed", BUILD, edit_prose),
    Case("parameter", "a parameter changed", BUILD, edit_parameter),
    Case("code", "the code of a chapter changed", BUILD, edit_code),
    Case("help", "`--help`", (PROGRAM, "--help")),
    Case(
        "misspelt", "a misspelt parameter refused", (*BUILD, "--set", "calender.closed=[]"), code=2
    ),
)
