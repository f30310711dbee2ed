"""A check reads all that an edition is made from, says so calmly, and loads little for it."""

from pathlib import Path

import pytest

from helpline_report.checking import check
from helpline_report.errors import ChapterError, ExportError, ParametersError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.report.problems import summarise_check
from tests.conftest import copy_project, list_loaded, run_command
from tests.report.small_projects import edit

HEAVY = ("pandera", "scipy", "jinja2", "matplotlib", "papermill", "nbconvert", "duckdb")
KNOWN = """
acknowledged:
  - {fault: B56, rows: 9, reason: {nl: vragen, en: questions}}
control_totals: [{table: contacts, rows: 4812}, {file: contactnames.csv, rows: 4812}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


def test_what_a_sound_year_says(root: Path) -> None:
    """A line a file, and what explains the codes of one year alone."""
    lines = list(summarise_check(check(Project(root), "2017")))
    assert lines[:4] == [
        "2017",
        "  contactnames.csv: 4812 rows, all used as contacts",
        "  gemelde_personen.csv: 6792 rows, all used as persons",
        "  gevolggevingen.csv: 11005 rows, all used as followups",
    ]
    declared = "the break 'sport_leisure_split' of 2017-01-01 is declared"
    codes = (("sport", 30, 2016), ("leisure", 78, 2016), ("sport_leisure", 28, 2017))
    assert [line for line in lines if line.startswith("  context ")] == [
        f"  context '{code}' (rows: {rows}) not in {year}: {declared}" for code, rows, year in codes
    ]


def test_problems_are_private_until_all_is_well(root: Path) -> None:
    """Once all is well, words tell what was mended, left out, and known."""
    folder, exports = root / ".helpline/problems/2017", root / "data/sample/2017"
    for name, gone in (("gemelde_personen.csv", 2), ("gevolggevingen.csv", 4)):
        head, *rows = (exports / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (exports / name).write_text("".join([head, *rows[gone:]]), encoding="utf-8")
    edit(exports / "contactnames.csv", ";Telefoon;", ";TELEFOON;")
    edit(exports / "contactnames.csv", "C2017-000002;", "\nC2017-000002;")
    with pytest.raises(ExportError):
        check(Project(root), "2017")
    assert (folder / "problems.csv").is_file()
    parameters = root / "params/2017.yaml"
    parameters.write_text(parameters.read_text("utf-8") + KNOWN, encoding="utf-8")
    lines = list(summarise_check(check(Project(root), "2017")))
    assert not folder.exists()
    assert lines[1:4] == [
        "  contactnames.csv: 4813 rows, 4812 used as contacts",
        "      repaired 1 × a value that differs in case, spaces or accents only [B61]",
        "      excluded 1 × a blank row [B32]",
    ]
    known = "  acknowledged: 1 × a contact without a reported person [B56], contactnames.csv"
    assert f"{known} (questions)" in lines
    assert "  2 control total(s) agree" in lines


def test_a_check_finds_what_is_wrong_with_texts_and_notebooks(root: Path) -> None:
    """Before or beside the exports."""
    project, texts = Project(root), root / "params/2017/nl"
    (texts / "contact.md").write_text("=== said ===\nTekst.\n", encoding="utf-8")
    with pytest.raises(ProseError, match="there is no chapter 'contact', did you mean 'contacts'"):
        check(project, "2017")
    (texts / "contact.md").unlink()
    notebook = next((root / "notebooks").glob("*.ipynb"))
    edit(notebook, "chapter.", 'print(exit)\\n", "chapter.')
    with pytest.raises(ChapterError, match="reaches for its kernel"):
        check(project, "2017")


def test_a_document_in_the_place_of_a_text_is_refused(root: Path) -> None:
    """What a word processor saved isn't left unread in silence."""
    (root / "params/2017/nl/contacts.docx").write_bytes(b"PK")
    with pytest.raises(ProseError) as caught:
        check(Project(root), "2017")
    assert caught.value.args[0].startswith(
        "params/2017/nl/contacts.docx: isn't read, since a text is a file that ends in .md\n"
        "  → save it as plain text, called contacts.md, or move it to another folder"
    )


@pytest.mark.parametrize(
    ("edition", "old", "what"),
    [
        ("2017", "het nummer bekender maken, binnen", "'campaigns.1.goal' says '12'"),
        ("2016", "het registratiesysteem werd", r"'breaks.\d.note' says '12'"),
    ],
)
def test_a_check_finds_what_parameters_count_by_themselves(
    root: Path, edition: str, old: str, what: str
) -> None:
    """They do so in the edition, and in the breaks of the year that it is compared with."""
    file = root / f"params/{edition}.yaml"
    edit(file, old, f"12 keer {old}")
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(at for at, text in enumerate(lines, 1) if "12 keer" in text)
    with pytest.raises(ParametersError, match=rf"params/{edition}\.yaml:{line}: {what}"):
        check(Project(root), "2017")


def test_a_check_loads_none_of_the_libraries_of_notebooks(root: Path) -> None:
    """Libraries that draw, count intervals or hold schemas take a good part of a second each."""
    assert list_loaded(root, "check", "2017", of=HEAVY) == []
    ended = run_command(root, "check", "2017")
    assert ended[0] == 0
    assert ended[1].splitlines()[-1] == "2017: the parameters and the exports are sound"
