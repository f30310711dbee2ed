"""What is told to who makes an edition alone: problems of exports, hidden counts."""

import csv
import shutil
import stat
from io import StringIO
from pathlib import Path

import pytest

from helpline_report.disclosure.count_blocks import CountCell
from helpline_report.disclosure.release import Decision, HiddenCell
from helpline_report.edition_register import open_register
from helpline_report.errors import CorrectionsError, ExportError, Problem
from helpline_report.figures.ledger import Ledger, Protected
from helpline_report.parameters.project import Project
from helpline_report.report.hidden_counts import compare, describe_hidden, list_hidden
from helpline_report.report.problems import keep_problems, write_problems
from tests.figures.drawn import edition
from tests.report.small_projects import copy_few

PROBLEMS = [
    Problem("raw/a.csv", 3, "kanaal", "B59", "'Aaaa' is no label", "Telefoon", "correct it"),
    Problem("raw/b.xlsx", 7, "datum", "B46", "'99/99/9999' is no day", cell="Blad1!C7"),
    Problem("raw/c.csv", 0, "", "B00", "there is no such file"),
]


def problems_folder(tmp_path: Path, error: ExportError | None) -> Path:
    project = Project(tmp_path)
    if error is None:
        with keep_problems(project, "2017"):
            pass
    else:
        with pytest.raises(ExportError), keep_problems(project, "2017"):
            raise error
    return tmp_path / ".helpline" / "problems" / "2017"


def test_they_are_of_the_last_reading_and_their_owners_alone(tmp_path: Path) -> None:
    """Named in the last line; replaced by the next, gone when all is well, each edition's own."""
    with pytest.raises(ExportError) as caught, keep_problems(Project(tmp_path), "2017"):
        raise ExportError(PROBLEMS)
    assert str(caught.value).splitlines()[-1] == (
        "All of them stand in .helpline/problems/2017/problems.csv (private: for who mends the "
        "exports)"
    )
    folder = problems_folder(tmp_path, ExportError(PROBLEMS[:1]))
    assert [path.name for path in folder.iterdir()] == ["problems.csv"]
    assert (folder / "problems.csv").read_text(encoding="utf-8").count("\n") == 2
    for place in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with keep_problems(Project(tmp_path), "2016"):
        pass
    assert (folder / "problems.csv").is_file()
    assert not problems_folder(tmp_path, None).exists()


def test_the_table_has_a_line_a_problem() -> None:
    """With the cell of a workbook, and no line where there is none; no field is a formula."""
    assert write_problems(PROBLEMS) == (
        "file,line,cell,column,code,what,expected,next_step\n"
        "raw/a.csv,3,,kanaal,B59,'Aaaa' is no label,Telefoon,correct it\n"
        "raw/b.xlsx,7,Blad1!C7,datum,B46,'99/99/9999' is no day,,\n"
        "raw/c.csv,,,,B00,there is no such file,,\n"
    )
    for start in ("=", "+", "-", "@", "\t", "\r"):
        text = f"{start}HYPERLINK(0)"
        problem = Problem(text, 1, text, "B22", text, text, text)
        row = list(csv.reader(StringIO(write_problems([problem]))))[1]
        assert {cell[0] for cell in row if "HYPERLINK" in cell} == {"'"}


def test_a_column_that_no_layout_knows_is_named_in_the_private_file_alone() -> None:
    """Its name helps who mends the export; elsewhere nobody should read it."""
    problem = Problem("raw/a.csv", 1, "", "B23", "not in the layout", header="naam van An")
    assert "naam van An" not in str(problem)
    assert "raw/a.csv,1,,naam van An,B23," in write_problems([problem])


BEGUN = (
    "file,key,column,stands,becomes,reason\n"
    "contactnames.csv,C2016-000001,datum,01/01/16,,\n"
    "contactnames.csv,C2016-000005,kanaal,Brief,,\n"
    "gevolggevingen.csv,line 2,gevolggeving,Zwijgmaar,,\n"
)


def spoilt(path: Path, line: int, *, column: int, text: str) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[line - 1].split(";")
    cells[column] = text
    lines[line - 1] = ";".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy of the sample of 2016 with a fault in three cells, and how it was refused."""
    root = copy_few(tmp_path_factory.mktemp("refused") / "project")
    folder = root / "data" / "sample" / "2016"
    spoilt(folder / "contactnames.csv", 2, column=1, text="01/01/16")
    spoilt(folder / "contactnames.csv", 3, column=4, text="Brief")
    spoilt(folder / "gevolggevingen.csv", 2, column=1, text="Zwijgmaar")
    return root, refuse(root)


def refuse(root: Path) -> str:
    project = Project(root)
    with pytest.raises(ExportError) as caught, keep_problems(project, "2016"):
        open_register(project, "2016")
    return str(caught.value)


CORRECTIONS = ".helpline/problems/2016/corrections.csv"


def test_each_faulty_cell_has_a_line(refused: tuple[Path, str]) -> None:
    """By key or line, with what stands there, for the owner alone; the terminal has no value."""
    root, message = refused
    assert (root / CORRECTIONS).read_text(encoding="utf-8") == BEGUN
    assert stat.S_IMODE((root / CORRECTIONS).stat().st_mode) == 0o600
    assert (
        f"  → what can't be mended in the source, correct in {CORRECTIONS} (3 begun; private: it "
        "holds values) and put that beside the exports" in message.splitlines()
    )
    assert not [value for value in ("Zwijgmaar", "C2016-000001") if value in message]


def test_what_somebody_filled_in_stays_and_mends(refused: tuple[Path, str], tmp_path: Path) -> None:
    """No run writes over it; unfilled lines stop a run, and filled in they mend the exports."""
    root = shutil.copytree(refused[0], tmp_path / "project")
    filled = BEGUN.replace("Brief,,", "Brief,Andere,agreed")
    (root / CORRECTIONS).write_text(filled, encoding="utf-8")
    assert "is filled in already, and stays as it is" in refuse(root)
    assert (root / CORRECTIONS).read_text(encoding="utf-8") == filled
    beside = root / "data" / "sample" / "2016" / "corrections.csv"
    shutil.copy(root / CORRECTIONS, beside)
    with pytest.raises(CorrectionsError, match="isn't filled in"):
        open_register(Project(root), "2016")
    filled = filled.replace("/16,,", "/16,01/01/2016,wrong_date")
    filled = filled.replace("maar,,", "maar,Andere gevolggeving,agreed")
    beside.write_text(filled, encoding="utf-8")
    dataset = open_register(Project(root), "2016").dataset
    assert sum(balance.repaired.get("corrected", 0) for balance in dataset.balances) == 3


# Counts that are not published

HIDDEN = Protected(threshold=5, cells=321, hidden=2)


CELLS = (
    HiddenCell(CountCell("b.long", 12, 9), "secondary", ("a", "c")),
    HiddenCell(CountCell("a", 3, 3), "primary"),
    HiddenCell(CountCell("c", 6, 2), "primary"),
)


def test_hidden_counts_are_listed_by_reason() -> None:
    """Each with its value and what it is hidden for; the editor is told their number alone."""
    decision = Decision(Ledger(edition="2017", protected=HIDDEN), CELLS, merges=("problem",))
    assert [*list_hidden(decision)] == [
        "with a threshold of 5, 2 of 321 counts of people are hidden",
        "below the threshold, or of rows that come from fewer contacts than that: 2",
        "  a      3",
        "  c      6  from 2 contact(s)",
        "a small count would follow from it by adding and subtracting: 1",
        "  b.long     12  for a and 1 more",
        "with another threshold: helpline-report disclosure 2017 --threshold 10",
        "by groups of codes: helpline-report disclosure 2017 --merge problem",
    ]
    assert describe_hidden(decision, edition(2017)) == [
        "2 of 321 counts of people aren't published (helpline-report disclosure 2017 lists them, "
        "for you alone)"
    ]


def test_two_decisions_are_compared_by_table() -> None:
    """Where more or fewer counts would be hidden, and what wouldn't be published at all."""
    ledger = Ledger(edition="2017", protected=HIDDEN)
    fewer = Ledger(edition="2017", protected=Protected(threshold=3, cells=300, hidden=1))
    assert [*compare(Decision(ledger, CELLS), Decision(fewer, CELLS[:1], ("tab",)))] == [
        "now: with a threshold of 5, 2 of 321 counts of people are hidden",
        "with that decision: with a threshold of 3, 1 of 300 counts of people are hidden",
        "  a: 0 instead of 1",
        "  c: 0 instead of 1",
        "  tab: mostly hidden, so not published at all",
    ]
