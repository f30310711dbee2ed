from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from helpline_report import cli
from helpline_report.errors import MachineError, RefusedError, UserError
from tests.conftest import ROOT
from tests.report.small_projects import (
    bare,
    chapter,
    code,
    copy_small,
    count,
    fingerprint,
    parameters,
    text,
    write,
)

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
HEAVY = (
    *("pandas", "numpy", "scipy", "duckdb", "matplotlib", "fontTools", "typst"),
    *("papermill", "nbformat", "nbconvert", "IPython", "jinja2"),
)
# What reads parameters, and what the library of commands needs for pages that aren't plain text.
MODELS = ("helpline_report.parameters.yaml", "helpline_report.parameters.edition", "yaml", "rich")
THERE_ARE = "(there are: 2016, 2017, linea144-2020, linea144-2021)"
WHERE = "run in the folder of the project, or name it: --project FOLDER"

Ended = subprocess.CompletedProcess[str]


def run(folder: Path, *arguments: str, **settings: object) -> Ended:
    """Run the program in a folder."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **settings,  # type: ignore[call-overload]
    )


def said(ended: Ended) -> tuple[int, str]:
    """With which code a run ended, and what it said; nothing goes to standard output."""
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample's rows and no chapters, for runs that change nothing."""
    return copy_small(tmp_path_factory.mktemp("cli") / "project")


# What is wrong with the command


def test_no_command(unchanged: Path) -> None:
    """Without a command the program says what there is, which is no success."""
    ended = run(unchanged)
    assert "build " in ended.stdout + ended.stderr
    assert ended.returncode == 2


def test_a_misspelt_command(unchanged: Path) -> None:
    """A misspelt command is told with the nearest one."""
    ended, words = said(run(unchanged, "bild", "2017"))
    assert ended == 2
    assert "No such command 'bild'. Did you mean 'build'?" in words


def test_a_misspelt_option(unchanged: Path) -> None:
    """A misspelt option is told with the nearest one."""
    ended, words = said(run(unchanged, "build", "2017", "--sett", "a=1"))
    assert ended == 2
    assert "No such option: --sett" in words
    assert "--set" in words.partition("--sett")[2]


def test_an_edition_that_there_is_not(unchanged: Path) -> None:
    """A wrong edition is told with the nearest one, and with all there are."""
    assert said(run(unchanged, "build", "2071")) == (
        2,
        "helpline-report: params/2071.yaml: there is no edition '2071', did you mean '2017'? "
        f"{THERE_ARE}\n  → name one of these, or run in the folder that holds 'params/'\n",
    )


@pytest.mark.parametrize("command", ["build", "check", "publish", "sample"])
def test_outside_a_project(tmp_path: Path, command: str) -> None:
    """Where there is no project, each command says where to run, and writes nothing."""
    assert said(run(tmp_path, command, "2017")) == (
        2,
        f"helpline-report: .: there is no folder 'params' here\n  → {WHERE}\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_project_folder_that_there_is_not(tmp_path: Path) -> None:
    """A wrong `--project` is told as such."""
    assert said(run(tmp_path, "build", "2017", "--project", "elsewhere")) == (
        2,
        f"helpline-report: elsewhere: there is no such folder\n  → {WHERE}\n",
    )


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("calendar", "--set calendar: 'key=value' was expected"),
        ("=1", "--set =1: 'key=value' was expected"),
        (
            "calender.closed=[]",
            "--set calender.closed=[]: there is no 'calender' here, did you mean 'calendar'?",
        ),
        ("title={", "--set title={: the value can't be read as YAML"),
    ],
)
def test_an_override_that_leads_nowhere(unchanged: Path, given: str, what: str) -> None:
    """An override without a value, or of no key, is told."""
    assert said(run(unchanged, "build", "2017", "--set", given)) == (
        2,
        f"helpline-report: {what}\n",
    )


def test_an_override_goes_through_the_schema(unchanged: Path) -> None:
    """An override that sets a key the schema doesn't know is told with the nearest one."""
    code_, words = said(run(unchanged, "build", "2017", "--set", "local=nl_BE"))
    assert code_ == 2
    assert "unknown key 'local', did you mean 'locale'?" in words


# A mistake is told at once


@pytest.fixture
def misspelt(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A project without rows, in which one text of one file is another."""

    def make(name: str, old: str, new: str) -> Path:
        shutil.copytree(ROOT / "params", tmp_path / "params")
        for folder in ("codelists", "printed"):
            shutil.copytree(ROOT / "data" / folder, tmp_path / "data" / folder)
        path = tmp_path / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return make


MISSPELT = [
    ("params/2017.yaml", "\nlocale:", "\nlocal:", "params/2017.yaml:6: unknown key 'local'"),
    ("params/2016.yaml", "\nlocale:", "\nlocal:", "params/2016.yaml:"),
    (
        "params/layouts/registration-1712.yaml",
        "\nfiles:",
        "\nfile:",
        "params/layouts/registration-1712.yaml:",
    ),
    ("data/codelists/channel.yaml", "\ncodes:", "\ncode:", "data/codelists/channel.yaml:"),
]


@pytest.mark.parametrize(("name", "old", "new", "what"), MISSPELT)
def test_a_mistake_is_told_with_its_place(
    misspelt: Callable[[str, str, str], Path], name: str, old: str, new: str, what: str
) -> None:
    """In parameters, those of the comparison, layouts and code lists alike: file and line."""
    code_, words = said(run(misspelt(name, old, new), "build", "2017"))
    assert code_ == 2
    assert words.startswith(f"helpline-report: {what}")
    assert "did you mean '" in words


def loaded(folder: Path, *arguments: str, of: Sequence[str] = HEAVY) -> list[str]:
    """Which of the heavy libraries, or of others, a command has loaded when it ends."""
    script = (
        "import sys, helpline_report.cli as c\n"
        "try: c.main()\n"
        f"finally: print(*[name for name in {of!r} if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("arguments", [("--help",), ("build", "--help"), ("schema",)])
def test_help_loads_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Help is there at once: no library that takes a second is loaded for it."""
    assert loaded(tmp_path, *arguments) == []


@pytest.mark.parametrize("arguments", [("--help",), ("build", "--help"), ("status", "--help")])
def test_help_reads_no_parameters(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Nor is anything loaded that could."""
    assert loaded(tmp_path, *arguments, of=MODELS) == []


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_checks_no_values(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """The list of commands is there before what checks their values is loaded."""
    assert loaded(tmp_path, *arguments, of=["pydantic"]) == []


def test_a_misspelt_override_loads_nothing(unchanged: Path) -> None:
    """A key that the parameters don't know is told before such a library is loaded."""
    assert loaded(unchanged, "build", "2017", "--set", "calender.closed=[]") == []


@pytest.mark.parametrize("command", ["build", "check", "publish"])
@pytest.mark.parametrize(("name", "old", "new"), [case[:3] for case in MISSPELT])
def test_a_mistake_loads_nothing(
    misspelt: Callable[[str, str, str], Path], command: str, name: str, old: str, new: str
) -> None:
    """A mistake in the parameters is told before such a library is loaded, or a kernel started."""
    assert loaded(misspelt(name, old, new), command, "2017") == []


def test_a_mistake_takes_less_than_a_second(misspelt: Callable[[str, str, str], Path]) -> None:
    """A misspelt key is told within a second, of this program's own time."""
    project = misspelt(*MISSPELT[0][:3])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(project, "build", "2017")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


# How a command ends


@pytest.mark.parametrize(
    ("error", "code_", "words"),
    [
        (UserError("wrong", where="a", next_step="b"), 2, "helpline-report: a: wrong\n  → b\n"),
        (MachineError("broken"), 1, "helpline-report: broken\n"),
        (RefusedError("no"), 3, "helpline-report: no\n"),
        (
            OSError(28, "No space left on device", "/a/folder/report.pdf"),
            1,
            "helpline-report: report.pdf: No space left on device\n"
            "  → see that there is room, and that you may write there, and run again\n",
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


def test_a_fault_of_the_program_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of an error that nobody foresaw the class and the place are told, and not its text."""

    def fail() -> None:
        int("a telephone number")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    words = capsys.readouterr().err
    assert ended.value.code == 1
    assert words.startswith("helpline-report: a fault of the program: ValueError, cli.py:")
    assert "telephone" not in words


def test_too_little_memory_is_no_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the machine has no memory for the program itself, that is said, with what to do."""

    def fail() -> None:
        raise MemoryError

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "helpline-report: the machine has too little memory\n"
        "  → end other programs and run again; the last edition stands\n"
    )


def test_schema_is_json(tmp_path: Path) -> None:
    """The schema goes to standard output, and nothing else does."""
    ended = run(tmp_path, "schema")
    assert ended.stdout.startswith("{\n")
    assert ended.stderr == ""


def test_sample_says_where(tmp_path: Path) -> None:
    """Synthetic exports go to the folder that is named, which the program says."""
    folder = tmp_path / "rows"
    arguments = ["sample", "2017", "--folder", str(folder), "--contacts", "20"]
    ended = CliRunner().invoke(cli.app, arguments)
    assert ended.exit_code == 0
    assert ended.stderr == f"{folder.as_posix()}: synthetic exports of 2017\n"
    assert (folder / "contactnames.csv").is_file()


# Whole runs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """A project with two short chapters, its edition, and how the build of that went."""
    root = copy_small(tmp_path_factory.mktemp("cli") / "een project")
    chapter(root, count("contacts.total"), text("said", "Er waren {{ contacts.total | noun }}."))
    write(root, "02_callers.ipynb", [parameters(), text("said", "Tekst.")])
    return root, run(root, "build", "2017")


@pytest.fixture
def root(made: tuple[Path, Ended], tmp_path: Path) -> Iterator[Path]:
    """A project of a test's own with its last edition, which no run may change."""
    folder = tmp_path / "project"
    shutil.copytree(made[0], folder)
    before = fingerprint(folder / "output")
    yield folder
    assert fingerprint(folder / "output") == before
    assert list((folder / "output").iterdir()) == [folder / "output" / "2017"]


@pytest.mark.slow
def test_a_build_says_its_chapters(made: tuple[Path, Ended]) -> None:
    """A build says a line a chapter, by its name, and where the edition stands."""
    ended, words = said(made[1])
    lines = words.splitlines()
    assert ended == 0
    assert sorted(line.split()[0] for line in lines[:-1]) == ["callers", "contacts"]
    assert lines[-1] == "output/2017/index.html"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["build", "status"])
def test_nothing_changed_loads_nothing(made: tuple[Path, Ended], command: str) -> None:
    """Where nothing changed no such library is loaded, and no parameter read."""
    assert said(run(made[0], command, "2017"))[1].startswith("2017: nothing changed")
    assert loaded(made[0], command, "2017", of=(*HEAVY, *MODELS)) == []


@pytest.mark.slow
def test_what_changed_loads_nothing(root: Path) -> None:
    """Nor does it take such a library to say what changed."""
    (root / "notebooks" / "03_more.ipynb").write_text("{}", encoding="utf-8")
    assert "03_more.ipynb is new" in run(root, "status", "2017").stderr
    assert loaded(root, "status", "2017") == []


@pytest.mark.slow
def test_check_says_what_was_read(made: tuple[Path, Ended]) -> None:
    """A check says what was read of each file, and that it is sound."""
    ended, words = said(run(made[0], "check", "2017"))
    assert ended == 0
    assert "  contactnames.csv: 4812 rows, all used as contacts\n" in words
    assert words.splitlines()[-1] == "2017: the parameters and the exports are sound"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "ended", "what"),
    [
        ("raise SystemExit(0)", 2, "the cell ends the chapter (SystemExit)"),
        ("import os\nos._exit(0)", 1, "the chapter's process died"),
    ],
)
def test_a_failing_cell(root: Path, source: str, ended: int, what: str) -> None:
    """A failing cell ends the build by the code of its kind, with one message."""
    bare(root, source)
    code_, words = said(run(root, "build", "2017"))
    assert code_ == ended
    complaint = [line for line in words.splitlines() if not line.startswith("  ")]
    assert complaint == [f"helpline-report: notebooks/01_contacts.ipynb, cell 'step-1': {what}"]


def waiting(root: Path) -> None:
    """Give a project a chapter that doesn't end."""
    sleep = code("sleep", "import time, pathlib\npathlib.Path('asleep').touch()\ntime.sleep(300)")
    write(root, "01_contacts.ipynb", [parameters(), sleep])


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder of the run's own: short, since sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    yield folder
    # The kernel of a build that was killed ends by itself, and removes its own folder.
    until(lambda: workers(folder) == [], seconds=60)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def running(root: Path, temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """A build that is in the midst of a chapter that doesn't end."""
    waiting(root)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    build = [*PROGRAM, "build", "2017"]
    with subprocess.Popen(
        build, cwd=root, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        asleep = root / "notebooks" / "asleep"
        until(asleep.exists, seconds=60)
        yield process
        process.kill()


def until(what: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def workers(folder: Path) -> list[int]:
    """Processes of a build that has its temporary files in a folder, but the build itself."""
    of_build = {p.pid: p.ppid() for p in psutil.process_iter() if _temporary(p) == str(folder)}
    return [process for process, parent in of_build.items() if parent in of_build or parent == 1]


def _temporary(process: psutil.Process) -> str:
    try:
        return process.environ().get("TMPDIR", "")
    except psutil.Error:
        return ""  # it has ended meanwhile, or is another user's


@pytest.mark.slow
@pytest.mark.parametrize(("ended", "word"), [(130, "interrupted"), (143, "terminated")])
def test_a_stopped_build(
    root: Path, temporary: Path, running: subprocess.Popen[str], ended: int, word: str
) -> None:
    """Stopped by Ctrl-C or by the system, a build ends soon, says so and leaves nothing."""
    assert len(workers(temporary)) > 0
    running.send_signal(ended - 128)
    _, words = running.communicate(timeout=15)
    assert running.returncode == ended
    assert words.endswith(f"helpline-report: {word}; the last edition stands\n")
    assert "Traceback" not in words
    assert workers(temporary) == []
    assert list(temporary.iterdir()) == []
    assert not list((root / ".helpline").glob("staging/*"))


@pytest.mark.slow
def test_a_killed_build(root: Path, temporary: Path, running: subprocess.Popen[str]) -> None:
    """Where a build is killed its chapters end with it, and the next one isn't locked out."""
    running.kill()
    running.wait()
    until(lambda: workers(temporary) == [], seconds=30)
    bare(root, "1 / 0")
    assert run(root, "build", "2017").returncode == 2


@pytest.mark.slow
def test_two_builds_at_once(root: Path, running: subprocess.Popen[str]) -> None:
    """A second build of an edition is refused while the first runs, and told which that is."""
    assert said(run(root, "build", "2017")) == (
        1,
        f"helpline-report: process {running.pid} makes the edition 2017 already\n"
        "  → wait until it is through, or end that process, and run again\n",
    )


@pytest.mark.slow
def test_a_disk_that_is_full(root: Path) -> None:
    """A file that can't be written whole stops the program, whose message names it."""

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    code_, words = said(run(root, "publish", "2017", preexec_fn=little_room))
    assert code_ == 1
    assert words == (
        "helpline-report: index.html: can't be written (File too large)\n"
        "  → see that there is room, and that you may write there, and run again\n"
    )


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_output(root: Path) -> None:
    """Where output/ can't be written, that is told before a chapter runs."""
    (root / "output").chmod(0o500)
    assert said(run(root, "build", "2017")) == (
        1,
        "helpline-report: output: can't be written\n"
        "  → see that you may write in the folder, and run again\n",
    )
    (root / "output").chmod(0o700)
