"""What was released of an edition, and what is refused as such."""

import shutil
from pathlib import Path

import pytest

from helpline_report.errors import ParametersError, RefusedError
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import LEDGER
from helpline_report.releases import find_last_release


@pytest.fixture
def folder(root: Path) -> Path:
    """The edition of a project without what its build kept."""
    shutil.rmtree(root / ".helpline")
    return root / "output" / "2017"


def released(folder: Path) -> object:
    return find_last_release(Project(folder.parents[1]), "2017")


@pytest.mark.slow
def test_a_ledger_that_was_changed(folder: Path) -> None:
    """It isn't what was published: nothing is made of it."""
    ledger = folder / LEDGER
    ledger.write_bytes(ledger.read_bytes() + b"\n")
    with pytest.raises(RefusedError, match="isn't what was published"):
        released(folder)


@pytest.mark.slow
def test_a_ledger_of_another_version(folder: Path) -> None:
    """Copied here alone, without a manifest, it is refused by its content."""
    shutil.rmtree(folder / "audit")
    (folder / LEDGER).write_text("{}", encoding="utf-8")
    with pytest.raises(ParametersError, match="is no ledger of this version"):
        released(folder)


@pytest.mark.slow
def test_without_an_edition_the_message_says_what_makes_one(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(ParametersError, match="there is no released ledger of '2017'") as raised:
        released(folder)
    assert "helpline-report build 2017" in str(raised.value)
