"""What is built with other parameters never becomes the edition."""

import datetime as dt
import shutil
from pathlib import Path

import lxml.html
import pytest

from helpline_report import build
from helpline_report.errors import ParametersError
from helpline_report.parameters.project import Project
from helpline_report.publishing import Approval, find_last_release, sign, verify_published
from tests.conftest import run_command
from tests.disclosure.sample import make_confidential
from tests.report.small_projects import chapter, code, copy_few, count, fingerprint, say_rows, text

pytestmark = pytest.mark.slow

DAYS = code("days", "chapter.open_days('days', chapter.populations('contacts'))")
PROSE = text("said", "Er waren {{ contacts.total | noun }} op {{ days }} dagen.")
SET = "calendar.closed=[]"
NAMED = "Proefberekening met {}: geen editie van het verslag"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of public rows, its edition, and a what-if of it."""
    root = copy_few(tmp_path_factory.mktemp("what-if") / "project")
    chapter(root, count("contacts.total"), DAYS, PROSE)
    say_rows(root, "public")
    build.build(Project(root), "2017")
    before = fingerprint(root / "output")
    build.build(Project(root), "2017", [SET])
    assert before.items() <= fingerprint(root / "output").items()
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project"))


def test_its_pages_say_what_was_set(built: Path) -> None:
    """The cover and each page say it; no search engine takes them."""
    folder = built / "output" / "2017-what-if"
    assert sorted(path.name for path in (built / "output").iterdir()) == ["2017", "2017-what-if"]
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        (warning,) = lxml.html.fromstring(page).find_class("warning")
        assert warning.text_content() == NAMED.format(SET), path.name
        # Somebody who goes through a page by its parts meets it too.
        assert {warning.tag, warning.getparent().tag} & {"aside", "header"}, path.name
        assert 'name="robots" content="noindex"' in page
        assert '<span class="draft">proefberekening</span>' in page
    front = (folder / "index.html").read_text(encoding="utf-8")
    assert "Dit is niet voor publicatie." in front
    assert "Die van 2016 blijven zoals ze waren." in front
    assert verify_published(folder, "output/2017-what-if") > 10


def test_the_edition_knows_nothing_of_it(root: Path) -> None:
    """Its status, its pages made again, its trace and its release are of its own parameters."""
    project = Project(root)
    before = fingerprint(root / "output" / "2017")
    assert run_command(root, "status", "2017")[1].startswith("2017: nothing changed")
    assert run_command(root, "build", "2017")[1].startswith("2017: nothing changed")
    assert run_command(root, "publish", "2017")[0] == 0
    assert run_command(root, "verify", "2017")[0] == 0
    assert fingerprint(root / "output" / "2017") == before
    released = find_last_release(project, "2017").ledger
    assert released.overrides == ()
    assert released.figures["days"].value == 253


def test_a_what_if_is_not_signed(root: Path) -> None:
    """Its name is no edition's, and approving the edition doesn't approve it."""
    assert run_command(root, "build", "2017", "--set", SET)[1].startswith(
        "2017-what-if: nothing changed"
    )
    approval = Approval("final", "de stuurgroep", "opdrachtgever", dt.date(2018, 3, 1))
    with pytest.raises(ParametersError, match="there is no edition '2017-what-if'"):
        sign(Project(root), "2017-what-if", approval)
    sign(Project(root), "2017", approval)
    message = run_command(root, "build", "2017", "--set", "title.nl=Anders", "--as", "other")[1]
    assert message.endswith("output/other/index.html\n")
    page = (root / "output/other/index.html").read_text(encoding="utf-8")
    assert "Anders" in page
    assert NAMED.format("title.nl=Anders") in page


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--set", SET, "--as", "2016"), "would take the place of the edition '2016'"),
        (("--set", SET, "--as", "../x"), "a what-if is named by letters, digits"),
        (("--as", "trial"), "nothing is set, so this is the edition itself"),
    ],
)
def test_a_name_that_it_can_t_have(built: Path, arguments: tuple[str, ...], what: str) -> None:
    """It can't be an edition's or a path, and none is possible if nothing is set."""
    assert what in run_command(built, "build", "2017", *arguments)[1]


def test_it_never_stands_in_the_place_of_the_edition(root: Path, tmp_path: Path) -> None:
    """Copied there it is no edition, though each of its files is as it was made; a build mends it.

    What was made before that build isn't rolled back to either.
    """
    place = root / "output" / "2017"
    shutil.rmtree(place)
    shutil.copytree(root / "output" / "2017-what-if", place)
    what = f"what stands here is a what-if of the edition '2017' with {SET}, and not the edition"
    copy = Path(shutil.copytree(place, tmp_path / "sent" / "2017"))
    for command in (
        ("publish", "2017"),
        ("package", "2017"),
        ("hand-over", "2017"),
        ("verify", "2017"),
        ("trace", "2017", "days"),
        ("verify", "--published", str(copy)),
    ):
        code, message = run_command(root, *command)
        assert (code, what in message) == (3, True), (command, message)
    assert sorted(path.name for path in root.iterdir() if "hand-over" in path.name) == []
    assert run_command(root, "build", "2017")[0] == 0
    assert find_last_release(Project(root), "2017").ledger.overrides == ()
    code, message = run_command(root, "rollback", "2017")
    assert (code, what in message) == (3, True), message


def test_another_edition_never_stands_in_its_place(root: Path) -> None:
    """A folder of another year that was copied over it is told by its ledger."""
    place = root / "output" / "2017"
    (root / "output" / "2016").mkdir()
    shutil.copytree(place, root / "output" / "2016", dirs_exist_ok=True)
    what = "what stands here is the edition '2017', and not the edition '2016'"
    for command in (("publish", "2016"), ("package", "2016"), ("verify", "2016")):
        code, message = run_command(root, *command)
        assert (code, what in message) == (3, True), (command, message)


@pytest.mark.long
def test_a_number_of_rows_that_was_set_stands_nowhere_and_stops_nothing(tmp_path: Path) -> None:
    """Where small numbers are protected its key alone is published, and nothing reads that again.

    A what-if is made again, checked and compared; the edition is published, traced and verified.
    """
    root = copy_few(tmp_path / "project")
    chapter(root, count("contacts.total"), text("said", "Zomaar."))
    make_confidential(root)
    export = root / "data" / "sample" / "2017" / "contactnames.csv"
    rows = len(export.read_text("utf-8").splitlines()) - 1
    total = f"control_totals=[{{file: contactnames.csv, rows: {rows}}}]"
    build.build(Project(root), "2017")
    assert run_command(root, "build", "2017", "--set", total)[0] == 0
    folder = root / "output" / "2017-what-if"
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "control_totals=…".encode() in written
    assert f"rows: {rows}".encode() not in written
    # Another text: no chapter runs again.
    chapter(root, count("contacts.total"), text("said", "Zomaar iets."))
    commands = (
        ("build", "2017", "--set", total),
        ("diff", "2017", "2017-what-if"),
        ("publish", "2017"),
        ("trace", "2017", "contacts.total"),
        ("verify", "2017"),
    )
    for command in commands:
        ended, message = run_command(root, *command)
        assert ended == 0, message
    assert verify_published(folder, "output/2017-what-if") > 10
