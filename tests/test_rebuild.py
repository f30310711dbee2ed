"""Only what changed is made again, and `status` says what that is."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from helpline_report import build, commands, publishing
from helpline_report.edition_register import open_register
from helpline_report.errors import RefusedError
from helpline_report.figures.register import Register
from helpline_report.inputs import compare_edition
from helpline_report.parameters.project import Project
from tests.report.small_projects import (
    PLAIN,
    chapter,
    code,
    copy_small,
    count,
    edit,
    fingerprint,
    retitle,
    say_rows,
    text,
)

pytestmark = pytest.mark.slow

SECOND = "contacts = chapter.populations('contacts')\nchapter.count('persons.twice', contacts)"
OWN = """from pathlib import Path
contacts = chapter.populations("contacts")
chapter.count("persons.own", contacts.where(month=Path("../own.txt").read_text()))"""
LOGO = "house_style.logo={file: logo.png, alternative: {nl: een logo, en: a logo}}"
# A build that writes which files of a project it opens to read, its chapters' processes included.
WATCHED = """
import os, sys
from helpline_report.cli import main
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def log_reading(event, arguments):
    if event != "open" or not isinstance(arguments[0], str) or arguments[2] & os.O_ACCMODE:
        return
    os.write(log, (os.path.abspath(arguments[0]) + chr(10)).encode())
sys.addaudithook(log_reading)
main()
"""


def run(root: Path, *command: str) -> tuple[int, str]:
    """What a command ends with, and what it says, without the seconds of chapters."""
    done = CliRunner().invoke(commands.app, [*command, "--project", str(root)])
    lines = [re.sub(r"\s+[\d.]+ s$", "", line) for line in done.stderr.splitlines()]
    return done.exit_code, "\n".join(lines)


def chapters_run(root: Path, *command: str) -> set[str]:
    """The chapters that a build ran."""
    return set(run(root, "build", "2017", *command)[1].split()) - {"output/2017/index.html"}


@pytest.fixture(scope="module")
def built(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two short chapters, and the edition of it."""
    root = Path(shutil.copytree(small, tmp_path_factory.mktemp("two") / "project"))
    chapter(root, code("count", SECOND), name="persons", number=2)
    assert run(root, "build", "2017")[0] == 0
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A project of a test's own: a copy, of which the file system says other things."""
    return Path(shutil.copytree(built, tmp_path / "project"))


def append_line(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")


def test_a_build_of_the_same_touches_nothing(root: Path) -> None:
    """A build of the same says so, and touches nothing; a file that was touched is the same."""
    before = fingerprint(root / "output")
    os.utime(root / "params" / "2017.yaml")
    assert run(root, "build", "2017") == (
        0,
        "2017: nothing changed since it was made\noutput/2017/index.html",
    )
    assert fingerprint(root / "output") == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/sample/2017/contactnames.csv", "/01/2017;", "/01/2018;"),
        pytest.param(
            *("params/2017.yaml", "date: 2017-07-21", "date: 2017-07-22"), marks=pytest.mark.long
        ),
        pytest.param(
            *("params/layouts/registration-1712.yaml", "Kind: child", "Kind: youth"),
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_file_that_changed_between_listing_and_reading(
    root: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    """What is counted of it is published nowhere, also once the file is as before."""
    days = "chapter.open_days('persons.days', contacts)"
    ages = "chapter.count('persons.twice', contacts.where(caller_age_class='youth'))"
    source = f"contacts = chapter.populations('contacts')\n{days}\n{ages}"
    chapter(root, code("count", source), name="persons", number=2)
    assert run(root, "build", "2017")[0] == 0
    path, right = root / file, figures(root)
    before = path.read_text("utf-8")
    shutil.rmtree(root / ".helpline" / "steps")

    def open_changed(project: Project, name: str, overrides: Sequence[str] = ()) -> Register:
        path.write_text(before.replace(old, new, 9), encoding="utf-8")
        return open_register(project, name, overrides)

    monkeypatch.setattr(build, "open_register", open_changed)
    with pytest.raises(RefusedError, match=rf"{path.name}.* has changed"):
        build.build(Project(root), "2017")
    monkeypatch.undo()
    path.write_text(before, encoding="utf-8")
    assert run(root, "build", "2017")[0] == 0
    assert figures(root) == right


def test_pages_that_were_published_again_are_no_change(root: Path) -> None:
    """Neither a title, nor an approval of the edition that stands."""
    say_rows(root, "public")
    retitle(root, "Ander verslag")
    assert run(root, "build", "2017")[0] == 0
    retitle(root, "Nog een verslag")
    assert run(root, "publish", "2017")[0] == 0
    assert "2017.yaml has changed (parameters)" in run(root, "status", "2017")[1]
    assert run(root, "build", "2017")[0] == 0
    person = ("--name", "de raad", "--role", "raad", "--status", "final", "--date", "2018-03-01")
    assert run(root, "sign-off", "2017", *person)[0] == 0
    nothing = (0, "2017: approved, and nothing changed since it was made")
    assert run(root, "status", "2017") == nothing
    before = fingerprint(root / "output")
    assert "nothing changed since it was made" in run(root, "build", "2017")[1]
    assert fingerprint(root / "output") == before


def test_what_is_counted_changes_though_pages_were_published_again(root: Path) -> None:
    """Publishing reads no export: a changed one is named after it as before it."""
    append_line(root / "data/sample/2017/contactnames.csv")
    assert run(root, "publish", "2017")[0] == 0
    lines = run(root, "status", "2017")[1].splitlines()
    assert lines[:2] == [
        f"2017: {FILES} changed",
        "  contactnames.csv (2017) has changed (export)",
    ]
    assert len(lines) == 3


def test_status_of_what_wasnt_made_here(root: Path) -> None:
    """It says how to make it: without exports, as in a folder for staff, its pages alone."""
    assert run(root, "status", "2016") == (
        0,
        "2016: not made here yet\n  → helpline-report build 2016",
    )
    shutil.rmtree(root / ".helpline" / "steps")
    recorded = "2017: of what it is made nothing is recorded\n  → helpline-report build 2017"
    assert run(root, "status", "2017") == (0, recorded)
    shutil.rmtree(root / "data" / "sample")
    recorded = recorded.replace("build", "publish")
    assert run(root, "status", "2017") == (0, recorded)
    # Who has no exports has no variable that says where they lie.
    parameters = root / "params" / "2017.yaml"
    text = parameters.read_text(encoding="utf-8")
    text = re.sub("data/sample/[^}]*", "'${NOT_SET}'", text)
    parameters.write_text(text, encoding="utf-8")
    assert run(root, "status", "2017") == (0, recorded)


FILES, PAGES = "what it is made from", "its pages"
CHANGED: list[tuple[str, str, str]] = [
    ("params/2016.yaml", FILES, "params/2016.yaml has changed (parameters)"),
    ("data/sample/2017/corrections.csv", FILES, "corrections.csv (2017) is new (export)"),
    ("output/2017/index.html", PAGES, "output/2017/index.html has changed (published file)"),
]


@pytest.mark.parametrize(("file", "what", "line"), CHANGED)
def test_what_changed_is_named(root: Path, file: str, what: str, line: str) -> None:
    """With its role, and with what is made again; parameters may be titles as well as counts."""
    append_line(root / file)
    assert run(root, "status", "2017") == (
        0,
        f"2017: {what} changed\n  {line}\n  → helpline-report build 2017",
    )


def test_changed_words_run_no_chapter(root: Path) -> None:
    """A sentence of the edition's own, a title: published as released; a notebook's is set."""
    chapter(root, count("contacts.total"), text("said", "Het zijn er weinig."), text("more", "Ja."))
    retitle(root)
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True)
    own.write_text("=== said ===\n\nDat zijn {{ contacts.total | noun }}.\n", encoding="utf-8")
    assert run(root, "build", "2017") == (0, "output/2017/index.html")
    own.write_text("=== said ===\n\nDat zijn er {{ contacts.total }}.\n", encoding="utf-8")
    assert run(root, "build", "2017") == (0, "output/2017/index.html")
    page = (root / "output" / "2017" / "index.html").read_text("utf-8")
    assert "Dat zijn" in page
    assert "Ja." in page


def test_one_chapter_alone_runs(root: Path) -> None:
    """If its code changed, figures of the other are kept; if all run, the bytes are the same."""
    chapter(root, code("count", SECOND + "\n# changed"), name="persons", number=2)
    assert run(root, "build", "2017") == (0, "  persons\noutput/2017/index.html")
    before = fingerprint(root / "output")
    assert chapters_run(root, "--again") == {"contacts", "persons"}
    assert fingerprint(root / "output") == before


@pytest.mark.long
def test_a_chapter_that_reads_a_file_of_its_own(root: Path) -> None:
    """Such an edition is never called unchanged: another content of that file is another number."""
    (root / "own.txt").write_text("04", encoding="utf-8")
    chapter(root, code("count", OWN), name="persons", number=2)
    assert run(root, "build", "2017")[0] == 0
    before = (root / "output/2017/data/figures.csv").read_bytes()
    assert chapters_run(root) == {"persons"}
    (root / "own.txt").write_text("05", encoding="utf-8")
    assert chapters_run(root) == {"persons"}
    assert (root / "output/2017/data/figures.csv").read_bytes() != before


def figures(root: Path) -> bytes:
    return (root / "output" / "2017" / "data" / "figures.csv").read_bytes()


def test_a_wrong_export_and_a_mistake_in_a_text_then_both_mended(root: Path) -> None:
    """What a build counted that failed is of its own export: the figures are the right ones."""
    phone = "chapter.count('persons.twice', chapter.populations('contacts').where(channel='phone'))"
    chapter(root, code("count", phone), name="persons", number=2)
    assert run(root, "build", "2017")[0] == 0
    right = figures(root)
    export = root / "data" / "sample" / "2017" / "contactnames.csv"
    sound = export.read_bytes()
    export.write_bytes(sound.replace(b";Telefoon;", b";E-mail;", 1))
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True)
    own.write_text("=== said ===\n\nDat zijn er 1203.\n", encoding="utf-8")
    assert run(root, "build", "2017")[0] != 0
    assert compare_edition(Project(root), "2017", ()) != []
    export.write_bytes(sound)
    own.write_text("=== said ===\n\nDat zijn {{ contacts.total | noun }}.\n", encoding="utf-8")
    assert run(root, "build", "2017")[0] == 0
    assert figures(root) == right
    own.write_text("=== said ===\n\nSamen {{ contacts.total | noun }}.\n", encoding="utf-8")
    assert run(root, "publish", "2017")[0] == 0
    assert figures(root) == right


@pytest.mark.parametrize("command", ["build", pytest.param("publish", marks=pytest.mark.long)])
def test_an_interrupted_trial_then_a_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """What was counted with `--set` isn't published without it."""
    days = (
        "contacts = chapter.populations('contacts')\nchapter.open_days('persons.twice', contacts)"
    )
    chapter(root, code("count", days), name="persons", number=2)
    assert run(root, "build", "2017")[0] == 0
    right = figures(root)
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "make_edition", lambda *_: (_ for _ in ()).throw(SystemExit(1)))
        assert run(root, "build", "2017", "--set", "calendar.closed=[]")[0] == 1
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True)
    own.write_text("=== said ===\n\nDat zijn {{ contacts.total | noun }}.\n", encoding="utf-8")
    assert run(root, command, "2017")[0] == 0
    assert "Dat zijn" in (root / "output" / "2017" / "index.html").read_text("utf-8")
    assert figures(root) == right


def test_a_digit_flipped_in_any_kept_file(root: Path) -> None:
    """It is noticed, and made again: the edition is the same to the byte."""
    before = fingerprint(root / "output")
    files = [path for path in (root / ".helpline").rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        content = path.read_bytes()
        at = max(content.rfind(digit) for digit in (b"1", b"2", b"3", b"7"))
        if at >= 0:
            path.write_bytes(content[:at] + b"9" + content[at + 1 :])
    assert run(root, "build", "2017")[0] == 0
    assert fingerprint(root / "output") == before


def test_all_that_a_build_reads_is_kept(tmp_path: Path) -> None:
    """No file of the project goes into an edition that isn't looked at before the next build."""
    root = copy_small(tmp_path / "project")
    chapter(root, *PLAIN)
    chapter(root, code("count", SECOND), name="persons", number=2)
    Image.new("RGB", (3, 1)).save(root / "logo.png")
    layout = root / "params" / "layouts" / "registration-1712.yaml"
    edit(layout, "name: contactnames.csv", "name: below/contactnames.csv")
    for folder in (root / "data" / "sample").glob("20*"):
        (folder / "below").mkdir()
        (folder / "contactnames.csv").rename(folder / "below" / "contactnames.csv")
    log = tmp_path / "opened"
    arguments = [str(log), "build", "2017", "--set", LOGO, "--project", str(root)]
    subprocess.run([sys.executable, "-c", WATCHED, *arguments], check=True)
    opened = {Path(line) for line in log.read_text("utf-8").splitlines()}
    own = (root / ".helpline", root / "output")
    inputs = {
        path.relative_to(root).as_posix()
        for path in opened
        if path.is_relative_to(root) and path.is_file()
        if not any(path.is_relative_to(folder) for folder in own)
    }
    records = (root / ".helpline" / "steps" / "edition").iterdir()
    record = max(records, key=lambda path: path.stat().st_mtime_ns)
    looked_at = {key.partition("\0")[2] for key in json.loads(record.read_bytes())["inputs"]}
    assert {"logo.png", "params/2017.yaml", "data/sample/2017/below/contactnames.csv"} <= inputs
    assert [each for each in inputs if each.startswith("data/sample/2017/google-analytics/")]
    assert inputs - looked_at == set()
