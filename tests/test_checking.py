"""A check reads all that an edition is made from, says so calmly, and loads little for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.checking import check
from helpline_report.errors import ChapterError, ExportError, ParametersError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.report.problems import summary_of
from tests.conftest import copy_project

HEAVY = ("pandera", "scipy", "nbformat", "jinja2", "matplotlib", "papermill", "nbconvert", "duckdb")
KNOWN = "\nacknowledged:\n  - {fault: B56, rows: 9, reason: {nl: vragen, en: questions}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the project, for a test to change."""
    return copy_project(tmp_path / "project")


def said(root: Path) -> list[str]:
    """What a check of 2017 says."""
    project = Project(root)
    return list(summary_of(project, check(project, "2017")))


def edit(path: Path, old: str, new: str) -> None:
    """Put a text in the place of another, in a file that holds it."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def add(root: Path, text: str, edition: str = "2017") -> None:
    """Add to the parameters of an edition."""
    with (root / "params" / f"{edition}.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def without_a_person(root: Path) -> None:
    """Leave the first contact of 2017 without persons."""
    folder = root / "data" / "sample" / "2017"
    for name, gone in (("gemelde_personen.csv", 2), ("gevolggevingen.csv", 4)):
        head, *rows = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join([head, *rows[gone:]]), encoding="utf-8")


def test_what_a_sound_year_says(root: Path) -> None:
    """A line a file, and what explains the codes of one year alone."""
    lines = said(root)
    assert lines[:4] == [
        "2017",
        "  contactnames.csv: 4812 rows, all used as contacts",
        "  gemelde_personen.csv: 6792 rows, all used as persons",
        "  gevolggevingen.csv: 11005 rows, all used as followups",
    ]
    assert lines[-3:] == [
        f"  context '{code}' ({rows} rows) not in {year}: the break 'sport_leisure_split' of "
        "2017-01-01 is declared"
        for code, rows, year in (
            ("sport", 30, 2016),
            ("leisure", 78, 2016),
            ("sport_leisure", 28, 2017),
        )
    ]


def test_what_was_mended_and_left_out_is_told_in_words(root: Path) -> None:
    """By the code of the fault."""
    path = root / "data" / "sample" / "2017" / "contactnames.csv"
    edit(path, ";Telefoon;", ";TELEFOON;")
    edit(path, "C2017-000002;", "\nC2017-000002;")
    assert said(root)[1:4] == [
        "  contactnames.csv: 4813 rows, 4812 used as contacts",
        "      repaired 1 × a value that differs in case, spaces or accents only [B61]",
        "      excluded 1 × a blank row [B32]",
    ]


def test_what_is_known_and_what_agrees_is_told(root: Path) -> None:
    """With its reason, and what is superfluous with its line."""
    without_a_person(root)
    add(root, KNOWN + "  - {fault: B58, reason: {nl: groot gezin, en: a large family}}\n")
    add(
        root,
        "control_totals: [{table: contacts, rows: 4812}, {file: contactnames.csv, rows: 4812}]\n",
    )
    lines = said(root)
    known = "  acknowledged: 1 × a contact without a reported person [B56], contactnames.csv"
    assert f"{known} (questions)" in lines
    assert "  2 control total(s) agree" in lines
    number = (
        (root / "params/2017.yaml")
        .read_text(encoding="utf-8")
        .splitlines()
        .index("  - {fault: B58, reason: {nl: groot gezin, en: a large family}}")
    )
    assert lines[-1] == (
        f"  superfluous: params/2017.yaml:{number + 1} acknowledges B58, and there is none"
    )


def test_problems_are_kept_until_all_is_well(root: Path) -> None:
    """The next check that finds none takes them away."""
    without_a_person(root)
    folder = root / ".helpline" / "problems" / "2017"
    with pytest.raises(ExportError):
        check(Project(root), "2017")
    assert (folder / "problems.html").is_file()
    add(root, KNOWN)
    check(Project(root), "2017")
    assert not folder.exists()


def test_a_check_finds_what_is_wrong_with_texts_and_notebooks(root: Path) -> None:
    """And with breaks, before or beside the exports."""
    (root / "params/2017/nl/contact.md").write_text("=== said ===\nTekst.\n", encoding="utf-8")
    with pytest.raises(ProseError, match="there is no chapter 'contact', did you mean 'contacts'"):
        check(Project(root), "2017")
    (root / "params/2017/nl/contact.md").unlink()
    edit(root / "params/2017/nl/contacts.md", "contacts.share.phone", "contacts.share.fone")
    with pytest.raises(ProseError, match=r"no parameter .contacts\.share\.fone., did you mean"):
        check(Project(root), "2017")
    # The texts of chapters that an edition hasn't aren't asked.
    check(Project(root), "2017", ["chapters=[helpline]"])
    edit(root / "params/2017/nl/contacts.md", "contacts.share.fone", "contacts.share.phone")
    notebook = next((root / "notebooks").glob("*.ipynb"))
    edit(notebook, "chapter.", 'print(exit)\\n", "chapter.')
    with pytest.raises(ChapterError, match="reaches for its kernel"):
        check(Project(root), "2017")


@pytest.mark.parametrize(
    ("edition", "old", "said"),
    [
        ("2017", "het nummer bekender maken, binnen", "the goal of the campaign 'buses' says '12'"),
        ("2016", "het registratiesysteem werd", "the note of the break 'system_renewed' says '12'"),
    ],
)
def test_a_check_finds_what_parameters_count_by_themselves(
    root: Path, edition: str, old: str, said: str
) -> None:
    """In the edition, and in the breaks of the year that it is compared with."""
    file = root / f"params/{edition}.yaml"
    edit(file, old, f"12 keer {old}")
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(at for at, text in enumerate(lines, 1) if "12 keer" in text)
    with pytest.raises(ParametersError, match=rf"params/{edition}\.yaml:{line}: {said}"):
        check(Project(root), "2017")


def test_a_check_finds_a_break_of_a_field_that_there_is_not(root: Path) -> None:
    """It would never be crossed."""
    edit(root / "params/2017.yaml", "    field: context\n", "    field: contekst\n")
    with pytest.raises(ParametersError, match="did you mean 'context'"):
        check(Project(root), "2017")


def test_a_check_loads_none_of_the_libraries_of_notebooks(tmp_path: Path) -> None:
    """Nor what draws, counts intervals or holds schemas: each takes a good part of a second."""
    root = copy_project(tmp_path / "project")
    code = (
        "import sys\n"
        "from helpline_report.cli import main\n"
        "sys.argv = ['helpline-report', 'check', '2017']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"
    assert run.stderr.splitlines()[-1] == "2017: the parameters and the exports are sound"


def test_many_faults_make_a_short_report(root: Path) -> None:
    """Twenty are shown, a thousand kept, and all counted."""
    path = root / "data" / "sample" / "2017" / "contactnames.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    faulty = (
        f"X{number};{row.partition(';')[2]}".replace("Telefoon", "Telefon").replace("E-mail", "Mel")
        for number in range(5)
        for row in rows
    )
    path.write_text("\n".join([head, *rows, *faulty]) + "\n", encoding="utf-8")
    with pytest.raises(ExportError) as caught:
        check(Project(root), "2017")
    assert caught.value.counts["B59"] > 20_000
    assert len(str(caught.value)) < 20_000
    kept = root / ".helpline" / "problems" / "2017"
    assert sum(file.stat().st_size for file in kept.iterdir()) < 2_000_000
