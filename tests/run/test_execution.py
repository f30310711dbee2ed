"""Chapters are executed: how each ends, what it shows and reads, and what is kept of it."""

import logging
import multiprocessing.forkserver
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from helpline_report.edition_register import open_register
from helpline_report.errors import ChapterError, HelplineError, MachineError
from helpline_report.parameters.project import Project
from helpline_report.run import kernels, observation, supervision
from helpline_report.run.execution import list_parameters, run_chapters
from helpline_report.run.notebooks import read_notebooks
from helpline_report.run.records import RUN, collect
from tests.conftest import refusal
from tests.report.small_projects import (
    bare,
    chapter,
    code,
    copy_few,
    count,
    fingerprint,
    parameters,
    write,
)

pytestmark = pytest.mark.slow

FILE = "notebooks/01_contacts.ipynb"
LOOK = "run the chapter in JupyterLab ('make lab') to see"
SEES = f"{LOOK} the traceback; it isn't shown here, since it may hold values of rows"
DIED = f"the cell ended it, or the machine ran out of memory; {LOOK} which"
TO_THE_END = "a chapter runs to its last cell: take out what ends it"

Run = Callable[..., dict[str, NotebookNode]]
Lines = Callable[[], list[str]]

# The second, which starts slowly, in `make test-long`.
PLAIN = pytest.param("plain", marks=pytest.mark.long)
both_kinds = pytest.mark.parametrize("kernel", ["forked", PLAIN], indirect=True)


@pytest.fixture(scope="module", autouse=True)
def forkserver() -> None:
    """The process that kernels are forked from, which stays as long as this one."""
    kernels.start_forkserver()


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the run's own: short, since sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How kernels start: forked, or as any other where that can't be."""
    kind: str = getattr(request, "param", "forked")
    if kind == "plain":
        monkeypatch.setattr(kernels, "can_fork", lambda: False)
    elif not kernels.can_fork():
        pytest.skip("this system forks no kernels")
    return kind


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """What a run says of cells that aren't published."""
    caplog.set_level(logging.INFO, "helpline_report.run.execution")
    return lambda: [message for message in caplog.messages if "left out is" in message]


@pytest.fixture
def run(
    tmp_path: Path,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    kernel: str,  # noqa: ARG001 - how they start is set before any does
) -> Iterator[Run]:
    """Run the chapters of a project; afterwards no process and no file of one is left."""

    def run_all(*overrides: str) -> dict[str, NotebookNode]:
        # Under pytest, by this variable, ipykernel doesn't hear what other programs print.
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
        project = Project(tmp_path)
        inputs = list_parameters("2017", overrides)
        return run_chapters(project, read_notebooks(project), inputs, "2017")

    yield run_all
    assert running(temporary) == []
    assert list(temporary.iterdir()) == []


def running(folder: Path) -> list[str]:
    """Kernels that were forked from this process, or started with a file in a folder."""
    server = vars(multiprocessing.forkserver)["_forkserver"]._forkserver_pid
    forked = psutil.Process(server).children(recursive=True) if server else []
    lines = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    plain = [line for line in lines if str(folder) in line]
    return [*plain, *(str(each) for each in forked if each.status() != psutil.STATUS_ZOMBIE)]


def failure(run: Run, kind: type[HelplineError] = ChapterError) -> str:
    return refusal(kind, run)


def test_a_cell_that_raises(run: Run, tmp_path: Path) -> None:
    """An exception is told by class, cell and line; its text, which may hold a value, is not.

    Of two cells with one source the one that raised is named.
    """
    raising = "number = globals().get('number', '1')\nnumber = int(number) or 'a value'"
    bare(tmp_path, "1 + 1;", raising, "number = 'a telephone' + ' number';", raising)
    assert failure(run) == f"{FILE}, cell 'step-4', line 2: the cell raises ValueError\n  → {SEES}"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("chapter.chrat(1)", "NameError"),
        ("import plots", "SyntaxError"),
        ("class Mine(Exception):\n    pass\n\n\nraise Mine", "Mine"),
        ("key = 'kana' + 'rie'\n{}[key]", "KeyError"),
        (
            "raise type('KANA' + 'RIE', (Exception,), {})()",
            "an error that isn't one of Python's own",
        ),
    ],
)
def test_the_class_of_an_error_is_told(run: Run, tmp_path: Path, source: str, what: str) -> None:
    """If it is Python's own or stands in the cell: another one may be called after a value."""
    bare(tmp_path, source)
    (tmp_path / "notebooks" / "plots.py").write_text("NAME = (1", encoding="utf-8")
    line = source.count("\n") + 1
    assert failure(run).startswith(f"{FILE}, cell 'step-1', line {line}: the cell raises {what}\n")


OURS = "from helpline_report.errors import {0}\nraise {0}({1})"
ENDS = f"the cell ends the chapter ({{}})\n  → {TO_THE_END}"


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        # What this program says of a chapter stands in the message whole, next step and all.
        (
            OURS.format("ChapterError", "'there is no such field', next_step='name another'"),
            ChapterError,
            "there is no such field\n  → name another",
        ),
        # A fault of the machine in a cell isn't laid at the researcher's door.
        (OURS.format("MachineError", "'the disk is full'"), MachineError, "the disk is full"),
        (
            "raise MemoryError",
            MachineError,
            "the machine has too little memory for the cell\n"
            "  → end other programs and run again; if it stays so, let the cell hold less",
        ),
        # `sys.exit`, which papermill calls a success, is an error at the cell that did it.
        ("import sys\nsys.exit(0)", ChapterError, ENDS.format("SystemExit")),
        ("raise KeyboardInterrupt", ChapterError, ENDS.format("KeyboardInterrupt")),
    ],
)
def test_what_ends_a_chapter(
    run: Run, tmp_path: Path, source: str, kind: type[HelplineError], message: str
) -> None:
    """It is told at its cell."""
    bare(tmp_path, "1;", source, "2;")
    assert failure(run, kind) == f"{FILE}, cell 'step-2': {message}"


@both_kinds
def test_a_kernel_that_dies(run: Run, tmp_path: Path) -> None:
    """A kernel that ends is a fault of the machine, told with its cell."""
    bare(tmp_path, "1;", "import os\nos._exit(0)")
    assert failure(run, MachineError) == (
        f"{FILE}, cell 'step-2': the chapter's process died\n  → {DIED}"
    )


def test_a_kernel_that_ends_before_any_cell(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cell is blamed, and none without a name."""
    bare(tmp_path, "1;")
    monkeypatch.setattr("papermill.execute_notebook", lambda node, *_, **__: node)
    assert failure(run, MachineError).startswith(f"{FILE}: the chapter's process died\n")


def test_a_kernel_that_is_killed_in_the_cell_of_papermill(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell has no name in the notebook, and another id in each run: it is named by its tag."""

    def die(node: NotebookNode, *_: object, **given: Any) -> None:
        cell = nbformat.v4.new_code_cell("edition = '2017'")
        given["on_cell_execute"](cell=cell, cell_index=1)
        raise DeadKernelError(f"{len(node.cells)} cells")

    bare(tmp_path, "1;")
    monkeypatch.setattr("papermill.execute_notebook", die)
    assert failure(run, MachineError).startswith(
        f"{FILE}, cell 'injected-parameters': the chapter's process died\n"
    )


@both_kinds
def test_what_a_cell_starts_ends_with_it(run: Run, tmp_path: Path) -> None:
    """A process that a cell has started doesn't outlive the chapter."""
    there = tmp_path / "there"
    source = "import subprocess\nstarted = subprocess.Popen(['sleep', '60'])\n"
    bare(tmp_path, f"{source}open({str(there)!r}, 'w').write(str(started.pid));")
    run()
    process = int(there.read_text())
    assert not psutil.pid_exists(process) or psutil.Process(process).status() == "zombie"


@both_kinds
def test_a_cell_that_never_ends(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def limit(client: NotebookClient, cell: NotebookNode) -> int | None:
        # The cells before it take seconds on a busy machine.
        return client.timeout if cell.id == "step-1" else None

    monkeypatch.setattr(NotebookClient, "timeout_func", limit)
    monkeypatch.setattr(supervision, "CELL_SECONDS", 1)
    bare(tmp_path, "import time\nwhile True:\n    time.sleep(1)")
    what = "the cell ran longer than 1 s, and was ended"
    assert failure(run, MachineError) == (
        f"{FILE}, cell 'step-1': {what}\n  → {LOOK} what it waits for"
    )


@pytest.mark.parametrize("kernel", ["plain"], indirect=True)
@pytest.mark.parametrize(
    ("python", "error"), [(shutil.which("false"), "RuntimeError"), ("/none", "FileNotFoundError")]
)
def test_a_kernel_that_does_not_start(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str, error: str
) -> None:
    """A kernel that ends before it answers, or that isn't there, is told in a sentence."""
    monkeypatch.setattr(sys, "executable", python)
    bare(tmp_path, "1;")
    what = f"{FILE}: the chapter's process doesn't start ({error})"
    assert failure(run, MachineError).startswith(what)


def test_a_kernel_that_cannot_be_forked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has no process to spare, that is told in a sentence."""

    def refuse(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr("multiprocessing.forkserver.connect_to_new_process", refuse)
    bare(tmp_path, "1;")
    what = "the chapter's process doesn't start (BlockingIOError)"
    assert failure(run, MachineError).startswith(f"{FILE}: {what}")


LOOKS = {
    "a print": "print('a row')",
    "a warning": "import warnings\nwarnings.warn('a row')",
    "a value": "'a row'",
    "a frame": "import pandas as pd\npd.DataFrame({'row': ['a row']})",
    "a drawing": "import seaborn as sns\nsns.lineplot(x=[1, 2], y=[1, 2]);",
    "a display": "from IPython.display import display, HTML\ndisplay(HTML('<b>a row</b>'))",
}


def test_what_a_cell_shows_its_author(
    run: Run, tmp_path: Path, lines: Lines, capfd: pytest.CaptureFixture[str]
) -> None:
    """It stays in the executed notebook, whole, and a line says that it goes nowhere.

    A library that was loaded outside of the kernel draws into the notebook all the same.
    """
    bare(tmp_path, "1;", *LOOKS.values())
    node = run()["contacts"]
    cells = dict(zip(LOOKS, node.cells[-len(LOOKS) :], strict=True))
    assert [look for look, cell in cells.items() if not cell.outputs] == []
    assert any("image/png" in output.get("data", {}) for output in cells["a drawing"].outputs)
    (line,) = lines()
    steps = ", ".join(f"step-{number}" for number in range(2, len(LOOKS) + 2))
    assert line == (
        "01_contacts.ipynb: left out is what these cells print, show or draw without chapter.…: "
        + steps
    )
    assert collect("2017", {"contacts": node}).chapters[0].cells == ()
    assert capfd.readouterr() == ("", "")


def test_what_a_program_prints_goes_nowhere(
    run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It reaches the notebook through a pipe that nobody waits for, or not at all."""
    bare(tmp_path, "1;", "import os\nos.system('echo a row');")
    node = run()["contacts"]
    assert collect("2017", {"contacts": node}).chapters[0].cells == ()
    assert capfd.readouterr() == ("", "")


def test_what_a_chapter_read(run: Run, tmp_path: Path) -> None:
    """A file that it opens and a folder that it lists are noted; not a module beside it.

    Python lists each folder that it takes modules from, and matplotlib that of its user's styles,
    which is no reading.
    """
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "rows.csv").write_text("a;b", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "plots.py").write_text("NAME = 'plots'", encoding="utf-8")
    bare(
        tmp_path,
        "import plots",
        "assert plots.NAME == 'plots'",
        "import importlib.metadata; [*importlib.metadata.distributions(path=['.'])];",
        "import glob, os; glob.glob(os.path.expanduser('~/.config/matplotlib/stylelib/*'));",
    )
    assert not run()["contacts"].metadata[RUN]["outside"]
    for reading in ("open('../more/rows.csv').read();", "import os\nos.listdir('../more');"):
        bare(tmp_path, "1;", reading)
        assert run()["contacts"].metadata[RUN]["outside"]


def test_chapters_that_ask_outside(run: Run, tmp_path: Path) -> None:
    """What a program, a server or a database answers may be another thing tomorrow."""
    asks = [
        "import subprocess\nsubprocess.run(['true']);",
        "import socket\nsocket.socket().connect_ex(('127.0.0.1', 9));",
        "import sqlite3\nsqlite3.connect(':memory:');",
        "1;",
    ]
    for number, source in enumerate(asks):
        write(tmp_path, f"0{number}_ask_{number}.ipynb", [parameters(), code("ask", source)])
    outside = [node.metadata[RUN]["outside"] for node in run().values()]
    assert outside == [True, True, True, False]


@both_kinds
def test_a_thread_that_fails(run: Run, tmp_path: Path) -> None:
    """A thread that fails stops the build, also one that the last cell left behind."""
    bare(
        tmp_path,
        "1;",
        "import threading, time\ndef fail():\n    time.sleep(0.2)\n    int('a row')",
        "thread = threading.Thread(target=fail)\nthread.start()",
    )
    what = "a thread of the chapter raises ValueError"
    assert failure(run) == f"{FILE}, cell 'step-3': {what}\n  → {SEES}"


@both_kinds
def test_a_flood_of_output_is_dammed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell that prints without end is ended long before its time is over."""
    monkeypatch.setattr(supervision, "FLOOD", 100_000)
    bare(tmp_path, "import itertools\n[print('a row' * 1000) for _ in itertools.count()]")
    assert failure(run) == (
        f"{FILE}, cell 'step-1': the cell prints and shows without end\n"
        "  → let the cell show less than 100,000 characters"
    )


@pytest.mark.long
@both_kinds
def test_a_cell_that_wants_too_much_memory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets no more than a part of the machine's."""
    monkeypatch.setattr(supervision, "most_memory", lambda: 1_500_000_000)
    bare(tmp_path, "[bytearray(1 << 28) for _ in range(60)]")
    what = "the machine has too little memory for the cell"
    assert failure(run, MachineError).startswith(f"{FILE}, cell 'step-1': {what}\n")


def test_the_first_that_fails_stops_the_others(run: Run, tmp_path: Path) -> None:
    """A chapter that fails doesn't wait for one that runs beside it, and none starts after it."""
    write(tmp_path, "01_slow.ipynb", [parameters(), code("wait", "import time\ntime.sleep(60)")])
    # The longest chapters begin.
    long = "# A comment that makes this the longest chapter of the three.\n1 / 0"
    write(tmp_path, "02_wrong.ipynb", [parameters(), code("fail", long)])
    write(tmp_path, "03_later.ipynb", [parameters(), code("wait", "import time\ntime.sleep(60)")])
    assert failure(run).startswith(
        "notebooks/02_wrong.ipynb, cell 'fail', line 2: the cell raises Zero"
    )


def last_output(chapters: dict[str, NotebookNode]) -> str:
    (output,) = chapters["contacts"].cells[-1].outputs
    return str(output.text)


@both_kinds
def test_a_kernel_is_an_ordinary_one(run: Run, tmp_path: Path) -> None:
    """It is ipykernel's, speaks over files, leaves no core dump, and runs beside the chapters."""
    bare(
        tmp_path,
        "from ipykernel.kernelapp import IPKernelApp\nimport pathlib, resource",
        "transport, folder = IPKernelApp.instance().transport, pathlib.Path.cwd().name",
        "print(transport, folder, resource.getrlimit(resource.RLIMIT_CORE))",
    )
    assert last_output(run()) == "ipc notebooks (0, 0)\n"


@both_kinds
def test_a_chapter_gets_what_was_set(run: Run, tmp_path: Path) -> None:
    """Letter by letter, with the edition's name, and without a preview."""
    bare(tmp_path, "print([overrides, edition, preview])")
    changed = ("calendar.closed=[]", "title={nl: \"a 'b' \\\\n {c}\", en: é€}")
    assert last_output(run(*changed)) == f"{[list(changed), '2017', False]}\n"


@both_kinds
def test_start_up_files_do_not_run_in_a_kernel(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither those that a user has for IPython nor Python's."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("import sys; sys.startup = 'IPython'")
    mine = tmp_path / "mine.py"
    mine.write_text("import sys; sys.startup = 'Python'")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(mine))
    bare(tmp_path, "import sys\nprint(getattr(sys, 'startup', 'none'))")
    assert last_output(run()) == "none\n"


def test_the_fork_server_is_silent() -> None:
    """No library that it loads warns on standard error, which is the terminal of a build."""
    code = (
        "import multiprocessing, os\nfrom helpline_report.run.kernels import start_forkserver\n"
        "start_forkserver()\ncontext = multiprocessing.get_context('forkserver')\n"
        "process = context.Process(target=os.getpid)\nprocess.start()\nprocess.join()\n"
        "raise SystemExit(process.exitcode)\n"
    )
    talking = ("PYDEVD", "PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONVERBOSE")
    environment = {n: each for n, each in os.environ.items() if not n.startswith(talking)}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_deep_temporary_folder(
    run: Run, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the temporary folder's path is too long for a socket, the chapter runs all the same."""
    deep = tmp_path / ("deep" * 40)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    bare(tmp_path, "1;")
    run()
    assert list(temporary.iterdir()) == []


def test_executed_notebooks_are_kept(run: Run, tmp_path: Path) -> None:
    """They lie whole in a private folder, for their owner alone, and open as any notebook.

    After a run that failed the notebooks of the last whole one stand.
    """
    bare(tmp_path, "print('a row')")
    node = run()["contacts"]
    folder = Project(tmp_path).private / "executed" / "2017"
    (path,) = folder.iterdir()
    assert (path.name, path.stat().st_mode & 0o777) == ("01_contacts.ipynb", 0o600)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert nbformat.read(path, as_version=4) == node
    assert [cell.id for cell in node.cells] == ["parameters", "injected-parameters", "step-1"]
    assert node.cells[-1].outputs[0].text == "a row\n"
    before = fingerprint(folder)
    bare(tmp_path, "2;", "1 / 0")
    failure(run)
    assert fingerprint(folder) == before


@both_kinds
def test_kernels_read_no_export(kernel: str, tmp_path: Path) -> None:  # noqa: ARG001
    """Tables that the build has read are handed to its kernels, which read no export."""
    rows = copy_few(tmp_path / "project")
    chapter(rows, count("contacts.total"))
    project = Project(rows)
    register = open_register(project, "2017")
    shutil.rmtree(rows / "data")
    inputs = list_parameters("2017", ())
    executed = run_chapters(project, read_notebooks(project), inputs, "2017", register=register)
    assert collect("2017", executed).figures["contacts.total"].value == 1203
    assert list((rows / ".helpline" / "registers").iterdir()) == []


def test_nothing_is_reported_before_the_kernel_began() -> None:
    """A report that only went to the terminal would be taken for a chapter without files."""
    with pytest.raises(RuntimeError, match="since it began"):
        observation.display_report()


def test_the_build_loads_no_kernel() -> None:
    """It imports this module for its limits, and would take a tenth longer to start."""
    code = f"import sys, {supervision.__name__}; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
