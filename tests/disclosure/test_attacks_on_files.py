"""Where the gate is switched off, each attack on the files of an edition finds small counts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpline_report import build as stages
from helpline_report import publishing
from helpline_report.audit.edition_differences import read_edition
from helpline_report.build import build
from helpline_report.disclosure import release as gate
from helpline_report.disclosure.protection import Protection
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from tests.disclosure.attacks import (
    OF_FILES,
    Attack,
    Published,
    compare,
    hide,
    png_geometry,
    read_published,
    recovered,
    svg_geometry,
)
from tests.disclosure.sample import copy_attacked, small_counts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chapters with small counts, of the edition that a gate makes which hides nothing."""
    folder = copy_attacked(tmp_path_factory.mktemp("confidential"))
    with (folder / "params" / "2017.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write("chapters: [contacts, problems, media]\n")
    # The texts of an edition are about all of its chapters.
    shutil.rmtree(folder / "params" / "2017")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "protect", lambda *_, **__: Protection(()))
        # Nobody asks whether its counts and its files agree: those of the edition do.
        patch.setattr(stages, "recount_ledger", lambda *_: {})
        patch.setattr(stages, "check_counts", lambda *_, **__: ())
        patch.setattr(publishing, "read_back", lambda *_, **__: None)
        build(Project(folder), "2017")
    return folder


@pytest.fixture(scope="module")
def without_gate(project: Path) -> Published:
    return read_published(project)


@pytest.fixture(scope="module")
def truth(without_gate: Published) -> dict[str, Any]:
    """Its figures, of which none is hidden."""
    return without_gate.figures


@pytest.fixture(scope="module")
def edition(without_gate: Published, truth: dict[str, Any]) -> Published:
    """The same with a ledger that says no small count, nor of the quietest week."""
    weeks = (n for n in truth if n.startswith("contacts.by_date.") and truth[n]["value"])
    quietest = min(weeks, key=lambda name: truth[name]["value"])
    hidden = {*small_counts(truth), quietest}
    return Published(hide(without_gate.ledger, hidden), without_gate.folder)


@pytest.mark.parametrize("attack", OF_FILES, ids=lambda each: each.__name__)
def test_an_attack_on_files(
    attack: Attack, without_gate: Published, edition: Published, truth: dict[str, Any]
) -> None:
    """It succeeds on pages, drawings, pictures and files that hide less than the ledger."""
    geometry = attack in (svg_geometry, png_geometry)
    assert recovered(attack, without_gate if geometry else edition, truth)


def test_differences_of_two_editions(
    project: Path, edition: Published, truth: dict[str, Any]
) -> None:
    """Of one that hides small counts and one that shows them they say these."""
    other = read_edition(edition.folder, "without", "without")
    here = replace(other, label="2017", ledger=Ledger.model_validate(edition.ledger))
    guesses = compare(project, here, other)
    small = small_counts(truth)
    assert {name for name, number in guesses if name in small and truth[name]["value"] == number}
