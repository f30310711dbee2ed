"""`helpline-report diff`: what two editions differ in, as a page, as CSV and in a few lines."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from helpline_report import build
from helpline_report.audit.expectations import get_text, parse_page
from helpline_report.audit.manifest import seal
from helpline_report.errors import EXIT_REFUSED, EXIT_USER
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import MANIFEST
from helpline_report.publishing import republish
from tests.conftest import run_command
from tests.report.small_projects import chapter, code, copy_few, count, fingerprint, retitle, text

pytestmark = pytest.mark.slow

DAYS = code("days", "chapter.open_days('days', chapter.populations('contacts'))")
CHANGED = text("said", "Er waren {{ contacts.total | noun }} op {{ days }} dagen.")
SET = "calendar.closed=[]"
TITLE = "<b>Ander</b> verslag"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an edition, the version before it with another title, and a what-if."""
    root = copy_few(tmp_path_factory.mktemp("differences") / "project")
    chapter(root, count("contacts.total"), DAYS, CHANGED)
    build.build(Project(root), "2017")
    build.build(Project(root), "2017", [SET], what_if="trial")
    retitle(root, TITLE)
    republish(Project(root), "2017")
    return root


@pytest.fixture
def root(compared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(compared, tmp_path / "project"))


def test_two_editions_differ_on_a_page_and_in_csv(root: Path) -> None:
    """The terminal says how much and where; page and CSV have both values and the reason."""
    exit_code, lines = run_command(root, "diff", "2017", "trial")
    place = root / "output" / "differences" / "2017--trial.html"
    assert exit_code == 0
    assert re.match(r"2017 and trial differ: 1\d parameters, 1 figure, \d+ sentences\n", lines)
    assert lines.endswith("differences/2017--trial.html\noutput/differences/2017--trial.csv\n")
    page = place.read_text(encoding="utf-8")
    (row,) = [each for each in parse_page(page).iter("tr") if each.get("id") == "days"]
    assert "253260+7+2,8 %gewijzigde parameter (wat als): calendar.closed=[]" in " ".join(
        get_text(row).split()
    )
    assert '<del data-say="weggevallen: ">253</del>' in page
    assert '<ins data-say="nieuw: ">260</ins>' in page
    assert "&lt;b&gt;Ander&lt;/b&gt;" in page
    assert "<b>" not in page
    for address in re.findall(r'href="([^"#:]+)#', page):
        assert (place.parent / address).is_file(), address
    with place.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {each["what"] for each in rows} == {"parameter", "figure", "sentence"}
    (figure,) = [each for each in rows if each["what"] == "figure"]
    assert [figure[key] for key in ("id", "first", "second_shown", "difference", "rows")] == [
        *("days", "253", "260", "+7", "synthetic")
    ]


def test_another_title_changes_a_parameter_and_no_figure(root: Path) -> None:
    """Another title: a parameter and sentences differ, and no figure; twice the same bytes."""
    exit_code, lines = run_command(root, "diff", "2017", "--before")
    assert exit_code == 0
    assert lines.startswith("2017-before and 2017 differ: 1 parameter, 0 figures, ")
    before = fingerprint(root / "output" / "differences")
    run_command(root, "diff", "2017", "--before")
    assert fingerprint(root / "output" / "differences") == before


def test_an_edition_that_is_the_same_gives_one_line(root: Path) -> None:
    """One line; a page that was made of the same two before is gone."""
    run_command(root, "diff", "2017", "trial")
    shutil.rmtree(root / "output" / "trial")
    shutil.copytree(root / "output" / "2017", root / "output" / "trial")
    assert run_command(root, "diff", "2017", "trial") == (0, "2017 and trial: nothing differs\n")
    assert list((root / "output" / "differences").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["2017", "elsewhere"], "no edition 'elsewhere' lies in output/"),
        (["2017", "later"], "(helpline-report build YEAR --as later), or name the folder of an"),
        (["2016", "2017"], "(helpline-report build 2016), or name the folder of an edition, the"),
        (["2017", "some/where"], "\n  → name the folder of an edition, the one that holds index"),
        (["trial", "--before"], "there is no edition 'trial' before this one"),
        (["2017"], "name two editions, or one and --before\n  → helpline-report diff 2017 trial"),
        (["2017", "trial", "--before"], "helpline-report diff 2017 trial, or helpline-report diff"),
    ],
)
def test_a_missing_edition_is_named(compared: Path, arguments: list[str], what: str) -> None:
    exit_code, lines = run_command(compared, "diff", *arguments)
    assert exit_code == EXIT_USER
    assert what in lines
    assert "\n  → " in lines


def test_a_page_that_was_changed(root: Path) -> None:
    """It isn't compared: nobody published what it says."""
    page = root / "output" / "trial" / "index.html"
    page.write_text(page.read_text("utf-8").replace("260", "261"), encoding="utf-8")
    exit_code, lines = run_command(root, "diff", "2017", "trial")
    assert exit_code == EXIT_REFUSED
    assert "output/trial/index.html: isn't what was published" in lines


def test_differences_of_confidential_rows_are_private(root: Path) -> None:
    """If nobody approved the edition, the result is its owner's alone, under .helpline."""
    path = root / "output" / "2017" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(seal({**manifest, "rows": "confidential"}), encoding="utf-8")
    exit_code, lines = run_command(root, "diff", "2017", "--before")
    assert exit_code == 0
    assert lines.endswith(".helpline/differences/2017-before--2017.csv\n")
    assert not (root / "output" / "differences").exists()


def test_the_page_in_a_browser(compared: Path, browser: Browser) -> None:
    """It asks for nothing, doesn't scroll sideways, and axe-core finds no violation."""
    run_command(compared, "diff", "2017", "trial")
    address = (compared / "output" / "differences" / "2017--trial.html").as_uri()
    with browser.new_context(
        viewport={"width": 360, "height": 900}, color_scheme="dark"
    ) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        assert [url for url in asked if not url.startswith("data:")] == [address]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
