"""Corrections begun from the problems of a run: private, addressed by key, never overwritten."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from helpline_report.edition_register import open_register
from helpline_report.errors import CorrectionsError, ExportError
from helpline_report.parameters.project import Project
from helpline_report.report.problems import problems_kept

REPOSITORY = Path(__file__).parents[2]
BEGUN = (
    "file,key,column,stands,becomes,reason\n"
    "contactnames.csv,C2016-000001,datum,01/01/16,,\n"
    "contactnames.csv,C2016-000002,kanaal,Brief,,\n"
    "gevolggevingen.csv,line 2,gevolggeving,Zwijgmaar,,\n"
)


def spoilt(path: Path, line: int, *, column: int, text: str) -> None:
    """Put another text in one cell of an export."""
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[line - 1].split(";")
    cells[column] = text
    lines[line - 1] = ";".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the sample of 2016 with a fault in three cells."""
    for part in ("data/codelists", "data/sample/2016", "params"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    folder = tmp_path / "data" / "sample" / "2016"
    spoilt(folder / "contactnames.csv", 2, column=1, text="01/01/16")
    spoilt(folder / "contactnames.csv", 3, column=4, text="Brief")
    spoilt(folder / "gevolggevingen.csv", 2, column=1, text="Zwijgmaar")
    return Project(tmp_path)


def refused(project: Project) -> str:
    """The message of a reading that is refused."""
    with pytest.raises(ExportError) as caught, problems_kept(project, "2016"):
        open_register(project, "2016")
    return str(caught.value)


def begun(project: Project) -> Path:
    """Where the begun corrections lie."""
    return project.private / "problems" / "2016" / "corrections.csv"


def test_each_faulty_cell_has_a_line(project: Project) -> None:
    """By its key, or by its line where rows have none, with what stands there now."""
    refused(project)
    assert begun(project).read_text(encoding="utf-8") == BEGUN


def test_the_file_is_its_owners_alone(project: Project) -> None:
    """It holds values of rows."""
    refused(project)
    assert stat.S_IMODE(begun(project).stat().st_mode) == 0o600


def test_the_terminal_says_where_and_never_a_value(project: Project) -> None:
    """In one line."""
    told = refused(project)
    assert (
        "  → what can't be mended in the source, correct in "
        ".helpline/problems/2016/corrections.csv (3 begun; private: it holds values) and put that "
        "beside the exports" in told.splitlines()
    )
    assert "Zwijgmaar" not in told
    assert "C2016-000001" not in told


def test_what_somebody_filled_in_stays(project: Project) -> None:
    """The next run tells so, and writes nothing over it."""
    refused(project)
    filled = BEGUN.replace("Brief,,", "Brief,E-mail,tikfout")
    begun(project).write_text(filled, encoding="utf-8")
    assert "is filled in already, and stays as it is" in refused(project)
    assert begun(project).read_text(encoding="utf-8") == filled


def test_it_is_refused_as_it_is_and_mends_once_filled_in(project: Project) -> None:
    """Unfilled lines stop the run; filled in beside the exports they mend it."""
    refused(project)
    beside = project.root / "data" / "sample" / "2016" / "corrections.csv"
    shutil.copy(begun(project), beside)
    with pytest.raises(CorrectionsError, match="isn't filled in"):
        open_register(project, "2016")
    filled = BEGUN.replace("/16,,", "/16,01/01/2016,wrong_date")
    filled = filled.replace("Brief,,", "Brief,Andere,agreed")
    filled = filled.replace("maar,,", "maar,Andere gevolggeving,agreed")
    beside.write_text(filled, encoding="utf-8")
    dataset = open_register(project, "2016").dataset
    assert sum(balance.repaired.get("corrected", 0) for balance in dataset.balances) == 3
