"""What the gate lets out: nothing of confidential rows, and invented rows only as such."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from helpline_report import build, cli
from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from tests.report.small_projects import chapter, check_help, code, copy_small, count, text

pytestmark = pytest.mark.slow

CELLS = (
    count("contacts.total"),
    code(
        "by-channel",
        'channels = chapter.counts("contacts.by_channel", contacts, by="channel")\n'
        "chapter.chart(channels)\nchapter.table(channels)",
    ),
    text("said", "Er waren {{ contacts.total | noun }}."),
)


def make_project(folder: Path, rows: str) -> Path:
    """A project of one chapter whose parameters say what its rows are."""
    root = copy_small(folder)
    chapter(root, *CELLS)
    path = root / "params" / "2017.yaml"
    parameters = path.read_text(encoding="utf-8")
    path.write_text(parameters.replace("rows: synthetic", f"rows: {rows}"), encoding="utf-8")
    check_help(root, f"{dt.date.today()}")
    return root


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of invented rows."""
    root = make_project(tmp_path_factory.mktemp("synthetic") / "project", "synthetic")
    return build.build(Project(root), "2017")


@pytest.fixture
def confidential(tmp_path: Path) -> Path:
    """A project whose rows are confidential, with a threshold of 0 that somebody decided."""
    return make_project(tmp_path / "project", "confidential")


def run(root: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it says."""
    ended = CliRunner().invoke(cli.app, [*arguments, "--project", str(root)])
    code = getattr(ended.exception, "exit_code", ended.exit_code)
    return code, f"{ended.stderr}{ended.exception or ''}"


def test_no_edition_of_confidential_rows_without_a_threshold(confidential: Path) -> None:
    """Neither from exports nor from the ledger of a draft; nothing stands in `output/`."""
    code, told = run(confidential, "build", "2017")
    assert (code, "no threshold for small numbers was decided" in told) == (3, True), told
    build.build(Project(confidential), "2017", ["draft=true"])
    assert not list((confidential / "output").glob("*"))


def test_confidential_rows_are_checked(confidential: Path) -> None:
    """`check` works, with a draft or without."""
    assert run(confidential, "check", "2017")[0] == 0


def test_a_draft_of_confidential_rows_is_private(confidential: Path) -> None:
    """It is made again over itself, lies where its owner alone reads, and each page says so."""
    for _ in range(2):
        code, told = run(confidential, "build", "2017", "--draft")
        assert code == 0
        assert told.endswith(".helpline/drafts/2017/index.html\n")
    folder = confidential / ".helpline" / "drafts" / "2017"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not list((confidential / "output").glob("*"))
    for page in folder.rglob("*.html"):
        content = page.read_text(encoding="utf-8")
        assert "Vertrouwelijk, niet vrijgegeven" in content, page.name
        assert 'content="noindex"' in content, page.name


def test_no_override_makes_confidential_rows_public(confidential: Path) -> None:
    """What the exports are is said in the file."""
    with pytest.raises(ParametersError) as error:
        Project(confidential).edition("2017", ["rows=public"])
    assert str(error.value) == (
        "params/2017.yaml: the rows are confidential, and no override makes them anything else\n"
        "  → take the override of 'rows' away"
    )


def test_pages_of_invented_rows_are_not_for_search_engines(synthetic: Path) -> None:
    """Each of them, also of the audit."""
    for page in synthetic.rglob("*.html"):
        assert 'name="robots" content="noindex"' in page.read_text(encoding="utf-8"), page.name


def test_charts_and_tables_of_invented_rows_say_so(synthetic: Path) -> None:
    """In the line of their source, on the page and in the file of the chart."""
    page = (synthetic / "index.html").read_text(encoding="utf-8")
    assert "Bron: registratie van 1712 (voorbeeld, verzonnen rijen)" in page
    for picture in (synthetic / "data" / "charts").glob("*.svg"):
        assert "(voorbeeld, verzonnen rijen)" in picture.read_text(encoding="utf-8")
    for picture in (synthetic / "data" / "charts").glob("*.png"):
        assert b"tEXtDisclaimer\0voorbeeld, verzonnen rijen" in picture.read_bytes()


def test_each_line_of_each_file_of_invented_rows_says_so(synthetic: Path) -> None:
    """In a last column; the workbook on each sheet."""
    files = sorted(synthetic.rglob("*.csv"))
    assert len(files) > 3
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert {row[-1].partition(",")[0] for row in rows} <= {"rows", "synthetic"}, path.name
        assert rows[0][-1] == "rows", path.name
    book = openpyxl.load_workbook(synthetic / "data" / "tabellen.xlsx")
    for sheet in book:
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert "Bron: voorbeeld, verzonnen rijen." in cells, sheet.title


def test_public_rows_say_nothing_of_it(tmp_path: Path) -> None:
    """No column, no remark."""
    folder = build.build(Project(make_project(tmp_path / "project", "public")), "2017")
    for path in folder.rglob("*"):
        if path.suffix in (".csv", ".html", ".svg", ".png"):
            assert b"verzonnen" not in path.read_bytes(), path.name
            assert not path.read_bytes().partition(b"\n")[0].endswith(b",rows"), path.name


DECISION = (
    "disclosure: {threshold: 3, decided_by: de raad, decided_on: 2018-01-01, "
    "reason: {nl: om mensen te beschermen, en: to protect people}}\n"
)


@pytest.fixture
def decided(confidential: Path) -> Path:
    """The same project with a threshold."""
    path = confidential / "params" / "2017.yaml"
    text = path.read_text(encoding="utf-8")
    old = next(part for part in text.split("\n\n") if "disclosure:" in part)
    path.write_text(text.replace(old, DECISION), encoding="utf-8")
    return confidential


def mode(folder: Path) -> int:
    """Who may do what with a folder."""
    return folder.stat().st_mode & 0o777


def sign(root: Path) -> None:
    """Somebody approves."""
    ended = run(
        root, "sign-off", "2017", "--name", "de raad", "--role", "raad", "--status", "final"
    )
    assert ended[0] == 0, ended[1]


def test_an_approved_edition_stands_while_a_draft_lies_beside_it(decided: Path) -> None:
    """Its owner alone reads the draft, and an approval puts it into its place."""
    place, beside = decided / "output" / "2017", decided / "output" / "2017-draft"
    assert run(decided, "build", "2017")[0] == 0
    assert mode(place) == 0o700
    sign(decided)
    assert mode(place) & 0o055
    page = (place / "index.html").read_bytes()
    chapter(decided, *CELLS[:-1], text("said", "In al waren er {{ contacts.total | noun }}."))
    code, told = run(decided, "build", "2017")
    assert (code, told.endswith("output/2017-draft/index.html\n")) == (0, True), told
    assert (mode(beside), (place / "index.html").read_bytes() == page) == (0o700, True)
    sign(decided)
    assert not beside.exists()
    assert (place / "index.html").read_bytes() != page
