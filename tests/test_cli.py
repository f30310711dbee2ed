"""The command line: what it takes and says, what it loads, and how it ends."""

import re
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from io import FileIO, TextIOWrapper
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import cli, commands
from helpline_report.errors import MachineError, RefusedError, UserError
from tests.conftest import ROOT, list_loaded, run_program
from tests.report.small_projects import copy_few, edit, fingerprint

HEAVY = (
    *("pandas", "numpy", "scipy", "duckdb", "matplotlib", "fontTools", "typst"),
    *("papermill", "nbformat", "nbconvert", "IPython", "jinja2"),
)
# What reads parameters, and what the library of commands needs for pages that aren't plain text.
MODELS = ("helpline_report.parameters.yaml", "helpline_report.parameters.edition", "yaml", "rich")
WHERE = "run in the folder of the project, or name it: --project FOLDER"

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder: its code, and what it says; nothing goes to standard output."""

    def run_here(folder: Path, *arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["helpline-report", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        written = capsys.readouterr()
        assert written.out == ""
        return int(ended.value.code or 0), written.err

    return run_here


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample's rows and no chapters, for runs that change nothing."""
    return copy_few(tmp_path_factory.mktemp("cli") / "project")


# What is wrong with the command


def test_without_a_command_the_commands_are_listed(unchanged: Path) -> None:
    """Without a command the program says what there is, which is no success."""
    ended = run_program(unchanged)
    assert "build " in ended.stdout + ended.stderr
    assert ended.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("bild", "2017"), r"No such command 'bild'\. Did you mean 'build'\?"),
        (("build", "2017", "--sett", "a=1"), "No such option: --sett.*--set"),
        (("sample", "1850"), "greater than or equal to 1900"),
        (("sample", "2017", "--contacts", "0"), "greater than or equal to 1"),
    ],
)
def test_a_misspelt_command_or_option_has_the_nearest_one(
    run: Run, unchanged: Path, arguments: tuple[str, ...], what: str
) -> None:
    """It is told with the nearest one, or with what there can be."""
    code_, words = run(unchanged, *arguments)
    assert code_ == 2
    assert re.search(what, words, re.DOTALL)


@pytest.mark.parametrize("command", ["build", "check", "publish", "sample"])
def test_outside_a_project_is_told_so(run: Run, tmp_path: Path, command: str) -> None:
    """Each command says where to run, and writes nothing."""
    assert run(tmp_path, command, "2017") == (
        2,
        f"helpline-report: .: there is no folder 'params' here\n  → {WHERE}\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_project_folder_is_named(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "build", "2017", "--project", "elsewhere") == (
        2,
        f"helpline-report: elsewhere: there is no such folder\n  → {WHERE}\n",
    )


# A mistake is told at once


@pytest.fixture
def misspelt(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A project without rows, in which one text of one file is another."""

    def make(name: str, old: str, new: str) -> Path:
        shutil.copytree(ROOT / "params", tmp_path / "params")
        for folder in ("codelists", "printed"):
            shutil.copytree(ROOT / "data" / folder, tmp_path / "data" / folder)
        edit(tmp_path / name, old, new)
        return tmp_path

    return make


LAYOUT = "params/layouts/registration-1712.yaml"
MISSPELT = [
    ("params/2017.yaml", "\nlocale:", "\nlocal:", "params/2017.yaml:7: unknown key 'local'"),
    ("params/2016.yaml", "\nlocale:", "\nlocal:", "params/2016.yaml:"),
    (LAYOUT, "\nfiles:", "\nfile:", f"{LAYOUT}:"),
    ("data/codelists/channel.yaml", "\ncodes:", "\ncode:", "data/codelists/channel.yaml:"),
]


@pytest.mark.parametrize(("mistake", "what"), [(each[:3], each[3]) for each in MISSPELT])
def test_a_mistake_is_told_with_its_place(
    run: Run, misspelt: Callable[[str, str, str], Path], mistake: tuple[str, str, str], what: str
) -> None:
    """Parameters of both years, layouts and code lists are named with file and line."""
    code_, words = run(misspelt(*mistake), "build", "2017")
    assert code_ == 2
    assert words.startswith(f"helpline-report: {what}")
    assert "did you mean '" in words


@pytest.mark.parametrize(
    ("arguments", "of"),
    [
        (("schema",), HEAVY),
        (("build", "--help"), (*HEAVY, *MODELS)),
        (("--help",), (*HEAVY, *MODELS, "pydantic")),
    ],
)
def test_help_loads_nothing(
    tmp_path: Path, arguments: tuple[str, ...], of: tuple[str, ...]
) -> None:
    """Help is there at once: nothing that takes a second is loaded, and nothing that could."""
    assert list_loaded(tmp_path, *arguments, of=of) == []


def test_a_misspelt_override_loads_nothing(unchanged: Path) -> None:
    """A key that the parameters don't know is told before such a library is loaded."""
    assert list_loaded(unchanged, "build", "2017", "--set", "calender.closed=[]", of=HEAVY) == []


def test_a_mistake_loads_nothing(misspelt: Callable[[str, str, str], Path]) -> None:
    """A mistake in the parameters is told before such a library is loaded, or a kernel started."""
    assert list_loaded(misspelt(*MISSPELT[1][:3]), "build", "2017", of=HEAVY) == []


# How a command ends

ROOM = "\n  → see that there is room, and that you may read and write there, and run again\n"


@pytest.mark.parametrize(
    ("error", "code_", "words"),
    [
        (UserError("wrong", where="a", next_step="b"), 2, "helpline-report: a: wrong\n  → b\n"),
        (MachineError("broken"), 1, "helpline-report: broken\n"),
        (RefusedError("no"), 3, "helpline-report: no\n"),
        (
            OSError(28, "No space left on device", "/a/folder/report.pdf"),
            1,
            f"helpline-report: report.pdf: No space left on device{ROOM}",
        ),
        (
            OSError(13, "Permission denied", "params/layouts/q.yaml"),
            1,
            f"helpline-report: params/layouts/q.yaml: Permission denied{ROOM}",
        ),
        (
            MemoryError(),
            1,
            "helpline-report: the machine has too little memory\n"
            "  → end other programs and run again; the last edition stands\n",
        ),
    ],
)
def test_each_kind_of_error_has_its_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code_: int,
    words: str,
) -> None:
    """What stops the program is told on standard error, and by the exit code of its kind."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err) == (code_, words)


def test_a_working_folder_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A path can't be said relative to it, and its fault is told all the same."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setattr(cli, "app", lambda: Path("params/a.yaml").read_bytes())
    with pytest.raises(SystemExit):
        cli.main()
    assert capsys.readouterr().err.startswith("helpline-report: a.yaml: No such file or directory")


def test_a_terminal_of_few_letters_gets_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What it can't show is escaped, and the command ends well."""
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(FileIO(1, "w", closefd=False), "ascii"))
    monkeypatch.setattr(cli, "app", lambda: sys.stdout.write("86,4 −\n"))
    cli.main()
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == b"86,4 \\u2212\n"


def test_a_fault_of_the_program_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message has the class and the place of an unforeseen error, and not its text."""
    monkeypatch.setattr(cli, "app", lambda: int("a telephone number"))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    words = capsys.readouterr().err
    assert ended.value.code == 1
    assert words.startswith("helpline-report: a fault of the program: ValueError, cli.py:")
    assert "telephone" not in words


def test_sample_says_where(tmp_path: Path) -> None:
    """Synthetic exports go to the folder that is named, which the program says."""
    folder = tmp_path / "rows"
    arguments = ["sample", "2017", "--folder", str(folder), "--contacts", "20"]
    ended = CliRunner().invoke(commands.app, arguments)
    assert ended.exit_code == 0
    assert ended.stderr == f"{folder.as_posix()}: synthetic exports of 2017\n"
    assert (folder / "contactnames.csv").is_file()


NO_FOLDER = "this is no empty folder\n  → name an empty folder, or a new one"


def test_a_sample_takes_the_place_of_no_file(tmp_path: Path) -> None:
    """What lies in a folder may be about people; a file, or a link to nothing, is the user's."""
    export, link = tmp_path / "exports" / "google-analytics" / "users.csv", tmp_path / "link"
    export.parent.mkdir(parents=True)
    export.write_text("a;b\n", encoding="utf-8")
    link.symlink_to("nowhere")
    for path in (tmp_path / "exports", export, link):
        ended = CliRunner().invoke(commands.app, ["sample", "2017", "--folder", str(path)])
        assert str(ended.exception) == f"{path.as_posix()}: {NO_FOLDER}"
    assert export.read_text(encoding="utf-8") == "a;b\n"


# Whole runs


@pytest.mark.slow
@pytest.mark.parametrize("command", ["build", "status"])
def test_nothing_changed_loads_nothing(run: Run, small: Path, command: str) -> None:
    """No heavy library is loaded, and no parameter is read."""
    assert run(small, command, "2017")[1].startswith("2017: nothing changed")
    assert list_loaded(small, command, "2017", of=(*HEAVY, *MODELS)) == []


@pytest.mark.slow
def test_what_changed_loads_nothing(run: Run, root: Path) -> None:
    """Saying what changed takes no heavy library."""
    (root / "notebooks" / "03_more.ipynb").write_text("{}", encoding="utf-8")
    assert "03_more.ipynb is new" in run(root, "status", "2017")[1]
    assert list_loaded(root, "status", "2017", of=HEAVY) == []


@pytest.mark.slow
def test_a_package_of_a_draft_is_called_one(run: Run, root: Path) -> None:
    """Staff who pack a correction see that nobody approved it yet."""
    code, words = run(root, "package", "2017")
    assert (code, words.endswith("it is a draft: nobody approved it\n")) == (0, True)


@pytest.mark.slow
def test_a_full_disk_leaves_the_last_edition(root: Path) -> None:
    """A file that can't be written whole stops the program, whose message names it."""

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    before = fingerprint(root / "output")
    ended = run_program(root, "publish", "2017", preexec_fn=little_room)
    assert (ended.returncode, ended.stderr) == (
        1,
        "helpline-report: index.html: can't be written (File too large)\n"
        "  → see that there is room, and that you may write there, and run again\n",
    )
    assert fingerprint(root / "output") == before
