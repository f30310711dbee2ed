"""The private files of a run: every problem whole and harmless, and corrections begun."""

from __future__ import annotations

import csv
import re
import shutil
import stat
from io import StringIO
from pathlib import Path

import pytest

from helpline_report.edition_register import open_register
from helpline_report.errors import CorrectionsError, ExportError, Problem
from helpline_report.parameters.project import Project
from helpline_report.report.problems import problems_csv, problems_html, problems_kept

PROBLEMS = [
    Problem("raw/a.csv", 3, "kanaal", "B59", "'Aaaa' is no label", "Telefoon", "correct it"),
    Problem("raw/b.xlsx", 7, "datum", "B46", "'99/99/9999' is no day", cell="Blad1!C7"),
    Problem("raw/c.csv", 0, "", "B00", "there is no such file"),
]


def kept(tmp_path: Path, error: ExportError | None) -> Path:
    """Where the problems of a reading of 2017 are kept."""
    project = Project(tmp_path)
    if error is None:
        with problems_kept(project, "2017"):
            pass
    else:
        with pytest.raises(ExportError), problems_kept(project, "2017"):
            raise error
    return tmp_path / ".helpline" / "problems" / "2017"


def test_they_are_of_the_last_reading_and_their_owners_alone(tmp_path: Path) -> None:
    """Named in the last line; replaced by the next, gone when all is well, each edition's own."""
    with pytest.raises(ExportError) as caught, problems_kept(Project(tmp_path), "2017"):
        raise ExportError(PROBLEMS)
    assert str(caught.value).splitlines()[-1] == (
        "All of them stand in .helpline/problems/2017/problems.html and problems.csv (private: "
        "for who mends the exports)"
    )
    folder = kept(tmp_path, ExportError(PROBLEMS[:1]))
    assert sorted(path.name for path in folder.iterdir()) == ["problems.csv", "problems.html"]
    assert (folder / "problems.csv").read_text(encoding="utf-8").count("\n") == 2
    for place in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with problems_kept(Project(tmp_path), "2016"):
        pass
    assert (folder / "problems.csv").is_file()
    assert not kept(tmp_path, None).exists()


def test_another_error_keeps_nothing(tmp_path: Path) -> None:
    """What isn't a problem of the exports is told as it is."""
    with pytest.raises(ValueError, match="else"), problems_kept(Project(tmp_path), "2017"):
        raise ValueError("else")
    assert not (tmp_path / ".helpline").exists()


def test_the_table_has_a_line_a_problem() -> None:
    """With the cell of a workbook, and no line where there is none; no field is a formula."""
    assert problems_csv(PROBLEMS) == (
        "file,line,cell,column,code,what,expected,next_step\n"
        "raw/a.csv,3,,kanaal,B59,'Aaaa' is no label,Telefoon,correct it\n"
        "raw/b.xlsx,7,Blad1!C7,datum,B46,'99/99/9999' is no day,,\n"
        "raw/c.csv,,,,B00,there is no such file,,\n"
    )
    for start in ("=", "+", "-", "@", "\t", "\r"):
        text = f"{start}HYPERLINK(0)"
        problem = Problem(text, 1, text, "B22", text, text, text)
        row = list(csv.reader(StringIO(problems_csv([problem]))))[1]
        assert {cell[0] for cell in row if "HYPERLINK" in cell} == {"'"}


def test_the_page_has_a_table_a_code_with_its_words() -> None:
    """And how many there are, where more were found than are told."""
    page = problems_html(ExportError(PROBLEMS, {"B59": 500_000}, asks=["  → add this"]), "2017")
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == [
        "B00: a file that isn&#39;t there, or can&#39;t be read (1)",
        "B46: a day or a time that doesn&#39;t exist (1)",
        "B59: an unknown code (500000)",
        "What is known",
    ]
    assert "<td>raw/b.xlsx</td><td>Blad1!C7</td><td>datum</td>" in page
    assert "<td>raw/a.csv</td><td>line 3</td><td>kanaal</td>" in page
    assert "<p>and 499999 more like these</p>" in page
    assert "<pre>  → add this</pre>" in page


def test_the_page_asks_nothing_of_anybody() -> None:
    """No script, no request, no markup from the exports; a code without words has its name."""
    evil = '<script src="https://a.example/x.js"></script>'
    page = problems_html(ExportError([Problem(evil, 1, evil, "X", evil, evil, evil)]), "2017")
    assert "<script" not in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page.replace("src=&#34;", ""))
    assert "&lt;script src=" in page
    assert '<h2 id="X">X (1)</h2>' in page


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
    """By key or line, with what stands there, for the owner alone; the terminal has no value."""
    lines = refused(project)
    assert begun(project).read_text(encoding="utf-8") == BEGUN
    assert stat.S_IMODE(begun(project).stat().st_mode) == 0o600
    assert (
        "  → what can't be mended in the source, correct in "
        ".helpline/problems/2016/corrections.csv (3 begun; private: it holds values) and put that "
        "beside the exports" in lines.splitlines()
    )
    assert "Zwijgmaar" not in lines
    assert "C2016-000001" not in lines


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
