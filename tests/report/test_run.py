from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from helpline_report.errors import ChapterError, HelplineError, MachineError
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from helpline_report.processes.forking import can_fork
from helpline_report.report import kernel, limits
from helpline_report.report.notebooks import read_notebooks
from helpline_report.report.run import EngineName, Given, run_chapters
from tests.report.small_projects import (
    PARAMETERS,
    bare,
    chapter,
    code,
    copy_small,
    count,
    parameters,
    write,
)

pytestmark = pytest.mark.slow

FILE = "notebooks/01_contacts.ipynb"
STRAY = "only what chapter.… records may leave a cell: rows could leave with the rest"
LOOK = "run the chapter in JupyterLab ('make lab') to see"
SEES = f"{LOOK} the traceback; it isn't shown here, since it may hold values of rows"
DIED = f"the cell ended it, or the machine ran out of memory; {LOOK} which"
TO_THE_END = "a chapter runs to its last cell: take out what ends it"

Run = Callable[..., Ledger]


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the run's own: short, since sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=["fork", "kernel"])
def engine(request: pytest.FixtureRequest) -> EngineName:
    """Each of the two ways in which chapters run: what holds of one holds of the other."""
    name: EngineName = request.param
    if name == "fork" and not can_fork():
        pytest.skip("this system forks no processes")
    return name


@pytest.fixture
def run(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, engine: EngineName
) -> Iterator[Run]:
    """Run the chapters of a project; afterwards no process and no file of one is left."""

    def run_all(*overrides: str, folder: Path = tmp_path) -> Ledger:
        # Under pytest, by this variable, ipykernel doesn't hear what other programs print.
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
        project = Project(folder)
        ledger, _ = run_chapters(
            project, read_notebooks(project), Given("2017", overrides), engine=engine
        )
        return ledger

    yield run_all
    assert kernels(temporary) == []
    assert list(temporary.iterdir()) == []


def kernels(folder: Path) -> list[str]:
    """Processes that were started with a file in a folder."""
    lines = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    return [line for line in lines if str(folder) in line]


def failure(run: Run, kind: type[HelplineError] = ChapterError) -> str:
    """The whole message with which a run fails."""
    with pytest.raises(kind) as caught:
        run()
    return str(caught.value)


def test_a_cell_that_raises(run: Run, tmp_path: Path) -> None:
    """An exception is told by its class and its cell; its text, which may hold a value, is not."""
    bare(tmp_path, "1 + 1;", "int('a telephone number')")
    assert failure(run) == f"{FILE}, cell 'step-2': the cell raises ValueError\n  → {SEES}"


def test_the_second_of_two_equal_cells_raises(run: Run, tmp_path: Path) -> None:
    """Of two cells with one source the one that raised is named."""
    bare(tmp_path, "numbers = [1]", "numbers.pop();", "numbers.pop();")
    assert "cell 'step-3': the cell raises IndexError" in failure(run)


def test_an_error_of_ours_is_told_in_full(run: Run, tmp_path: Path) -> None:
    """What this program says of a chapter stands in the message whole, next step and all."""
    bare(
        tmp_path,
        "from helpline_report.errors import ChapterError\n"
        "raise ChapterError('there is no such field', next_step='name another')",
    )
    assert failure(run) == f"{FILE}, cell 'step-1': there is no such field\n  → name another"


def test_a_machine_s_error_stays_one(run: Run, tmp_path: Path) -> None:
    """A fault of the machine in a cell isn't laid at the researcher's door."""
    bare(
        tmp_path,
        "from helpline_report.errors import MachineError\nraise MachineError('the disk is full')",
    )
    assert failure(run, MachineError) == f"{FILE}, cell 'step-1': the disk is full"


def test_too_little_memory(run: Run, tmp_path: Path) -> None:
    """A cell that gets no memory is a fault of the machine."""
    bare(tmp_path, "raise MemoryError")
    what = "the machine has too little memory for the cell"
    assert failure(run, MachineError) == (
        f"{FILE}, cell 'step-1': {what}\n"
        "  → end other programs and run again; if it stays so, let the cell hold less"
    )


@pytest.mark.parametrize("how", ["0", "1", ""])
def test_a_cell_that_exits(run: Run, tmp_path: Path, how: str) -> None:
    """`sys.exit`, which papermill calls a success, is an error at the cell that did it."""
    bare(tmp_path, "1;", f"import sys\nsys.exit({how})", "2;")
    assert failure(run).startswith(f"{FILE}, cell 'step-2': the cell ends the chapter (SystemExit)")


def test_the_last_cell_exits(run: Run, tmp_path: Path) -> None:
    """An exit after which nothing would have run is an error too."""
    bare(tmp_path, "raise SystemExit")
    assert failure(run) == (
        f"{FILE}, cell 'step-1': the cell ends the chapter (SystemExit)\n  → {TO_THE_END}"
    )


def test_an_interrupt_in_a_cell(run: Run, tmp_path: Path) -> None:
    """A cell that interrupts itself is told as such."""
    bare(tmp_path, "raise KeyboardInterrupt")
    what = "the cell ends the chapter (KeyboardInterrupt)"
    assert failure(run) == f"{FILE}, cell 'step-1': {what}\n  → {TO_THE_END}"


@pytest.mark.parametrize("how", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_kernel_that_dies(run: Run, tmp_path: Path, how: str) -> None:
    """A kernel that ends or is killed is a fault of the machine, told with its cell."""
    bare(tmp_path, "1;", f"import os\n{how}")
    assert failure(run, MachineError) == (
        f"{FILE}, cell 'step-2': the chapter's process died\n  → {DIED}"
    )


def test_what_a_cell_starts_ends_with_it(run: Run, tmp_path: Path) -> None:
    """A process that a cell has started doesn't outlive the chapter."""
    there = tmp_path / "there"
    source = "import subprocess\nstarted = subprocess.Popen(['sleep', '60'])\n"
    bare(tmp_path, f"{source}open({str(there)!r}, 'w').write(str(started.pid));")
    run()
    process = int(there.read_text())
    assert not psutil.pid_exists(process) or psutil.Process(process).status() == "zombie"


def test_a_cell_that_never_ends(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that runs too long is ended."""
    monkeypatch.setattr(limits, "CELL_SECONDS", 1)
    bare(tmp_path, "import time\ntime.sleep(60)")
    what = "the cell ran longer than 1 s, and was ended"
    assert failure(run, MachineError) == (
        f"{FILE}, cell 'step-1': {what}\n  → {LOOK} what it waits for"
    )


@pytest.mark.parametrize("engine", ["kernel"], indirect=True)
def test_a_kernel_that_does_not_start(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel that ends before it answers is told in a sentence."""
    monkeypatch.setattr(kernel.sys, "executable", shutil.which("false"))
    bare(tmp_path, "1;")
    assert failure(run, MachineError).startswith(
        f"{FILE}: the chapter's process doesn't start (RuntimeError)"
    )


@pytest.mark.parametrize("engine", ["fork"], indirect=True)
def test_a_process_that_cannot_be_forked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has no process to spare, that is told in a sentence."""

    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr("os.fork", refuse)
    bare(tmp_path, "1;")
    what = "the chapter's process doesn't start (BlockingIOError)"
    assert failure(run, MachineError).startswith(f"{FILE}: {what}")


@pytest.mark.parametrize("engine", ["kernel"], indirect=True)
def test_a_python_that_is_not_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is one that can't be started at all."""
    monkeypatch.setattr(kernel.sys, "executable", str(tmp_path / "none"))
    bare(tmp_path, "1;")
    what = "the chapter's process doesn't start (FileNotFoundError)"
    assert failure(run, MachineError).startswith(f"{FILE}: {what}")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("print('a row')", "the cell prints to stdout"),
        ("import sys\nsys.stderr.write('a row');", "the cell prints to stderr"),
        ("import os\nos.system('echo a row');", "the cell prints to stdout"),
        ("import warnings\nwarnings.warn('a row')", "the cell prints to stderr"),
        (
            "import threading\nthreading.Thread(target=int, args=['a row']).start()",
            "the cell prints to stderr",
        ),
        (
            "'a row'",
            "the cell shows something that is neither a figure, a chart nor a table",
        ),
        (
            "from IPython.display import display, HTML\ndisplay(HTML('<b>a row</b>'))",
            "the cell shows something that is neither a figure, a chart nor a table",
        ),
        (
            "from IPython.display import display\n"
            "display({'application/vnd.helpline-report.record+json': {'ledger': {}}}, raw=True)",
            "the cell shows something that is neither a figure, a chart nor a table",
        ),
    ],
)
def test_a_stray_output(
    run: Run, tmp_path: Path, capfd: pytest.CaptureFixture[str], source: str, what: str
) -> None:
    """Anything but a record stops the build, which says where, and not what it held."""
    bare(tmp_path, "1;", source)
    said = failure(run)
    assert said == f"{FILE}, cell 'step-2': a stray output: {what}\n  → {STRAY}"
    assert capfd.readouterr() == ("", "")


def test_a_thread_that_fails_later(run: Run, tmp_path: Path) -> None:
    """A thread that fails while a later cell runs stops the build there."""
    late = "import threading\nthreading.Timer(0.2, int, ['a row']).start()"
    bare(tmp_path, late, "import time\ntime.sleep(0.6)")
    assert failure(run).startswith(f"{FILE}, cell 'step-2': a stray output")


def test_a_flood_of_output_is_dammed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell that prints without end is ended long before its time is over."""
    monkeypatch.setattr(limits, "FLOOD", 100_000)
    bare(tmp_path, "import itertools\n[print('a row' * 1000) for _ in itertools.count()]")
    assert failure(run) == (
        f"{FILE}, cell 'step-1': a stray output: the cell prints without end\n  → {STRAY}"
    )


def test_the_first_that_fails_stops_the_others(run: Run, tmp_path: Path) -> None:
    """A chapter that fails doesn't wait for one that runs beside it, and none starts after it."""
    write(tmp_path, "01_slow.ipynb", [parameters(), code("wait", "import time\ntime.sleep(60)")])
    write(tmp_path, "02_wrong.ipynb", [parameters(), code("fail", "1 / 0")])
    write(tmp_path, "03_later.ipynb", [parameters(), code("wait", "import time\ntime.sleep(60)")])
    assert failure(run).startswith("notebooks/02_wrong.ipynb, cell 'fail': the cell raises Zero")


def test_nothing_of_the_user_s_runs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start-up files that a user has for IPython and Python don't run in a chapter."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("edition = 'mine'\nprint('mine')")
    mine = tmp_path / "mine.py"
    mine.write_text("print('mine')")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(mine))
    bare(tmp_path, "assert edition == '2017'")
    run()


def test_the_notebook_s_kernel_does_not_matter(run: Run, tmp_path: Path) -> None:
    """A notebook that was saved with another kernel runs on this Python."""
    other = {"kernelspec": {"name": "mine", "display_name": "Mine", "language": "R"}}
    write(tmp_path, "01_contacts.ipynb", [parameters(), code("a", "1;")], metadata=other)
    assert run().chapters[0].name == "contacts"


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


def test_overrides_reach_the_chapters(run: Run, tmp_path: Path) -> None:
    """A chapter is given what `--set` says, letter by letter, and shows no preview."""
    given = ("calendar.closed=[]", "title={nl: \"a 'b' \\\\n {c}\", en: é€}")
    bare(
        tmp_path,
        f"assert overrides == {list(given)!r}",
        "assert (edition, preview) == ('2017', False)",
    )
    run(*given)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the sample's rows, whose tables are read once."""
    return copy_small(tmp_path_factory.mktemp("small") / "project")


@pytest.fixture
def rows(small: Path) -> Path:
    """That project, with no chapters yet."""
    shutil.rmtree(small / "notebooks", ignore_errors=True)
    return small


def failure_in(run: Run, folder: Path) -> str:
    """The whole message with which a run in another folder fails."""
    with pytest.raises(ChapterError) as caught:
        run(folder=folder)
    return str(caught.value)


@pytest.mark.parametrize("shown", ["contacts", "chapter.register.dataset.tables['contacts']"])
def test_a_last_expression_leaks_nothing(run: Run, rows: Path, shown: str) -> None:
    """A population or a table at the end of a cell stops the build."""
    chapter(rows, count("contacts.total"), code("leak", f"{shown}"))
    what = "the cell shows something that is neither a figure, a chart nor a table"
    assert failure_in(run, rows) == f"{FILE}, cell 'leak': a stray output: {what}\n  → {STRAY}"


def test_a_figure_at_the_end_of_a_cell_is_no_leak(run: Run, rows: Path) -> None:
    """What a chapter records shows itself once, also as the last expression of a cell."""
    chapter(rows, code("count", 'chapter.count("a.b", chapter.populations("contacts"))'))
    assert run(folder=rows).figures["a.b"].value == 4812


def test_a_name_in_two_chapters(run: Run, rows: Path) -> None:
    """A figure that two chapters compute is told with both places."""
    chapter(rows, count("contacts.total"), name="contacts", number=1)
    chapter(rows, count("contacts.total"), name="callers", number=2)
    assert failure_in(run, rows) == (
        "notebooks/02_callers.ipynb, cell 'count': the figure 'contacts.total' is computed twice\n"
        "  → it stands in notebooks/01_contacts.ipynb, cell 'count' already: give one of them "
        "another name"
    )


def test_a_field_that_there_is_not(run: Run, rows: Path) -> None:
    """A misspelt field is told by the chapter's own words, with the nearest one, at its cell."""
    wrong = 'chapter.populations("contacts").where(chanel="phone")'
    chapter(rows, code("wrong", wrong))
    said = failure_in(run, rows)
    assert said.startswith(f"{FILE}, cell 'wrong': ")
    assert "did you mean 'channel'?" in said


def test_overrides_change_what_is_counted(run: Run, rows: Path) -> None:
    """An override of a parameter is what the chapter counts with."""
    chapter(rows, code("days", 'chapter.open_days("days", chapter.populations("contacts"))'))
    assert run(folder=rows).figures["days"].value == 253
    assert run("calendar.closed=[]", folder=rows).figures["days"].value == 260


def test_parameters_that_do_not_come_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chapter that ran on anything but what it was given is refused."""
    bare(tmp_path, "1;")
    monkeypatch.setattr("papermill.execute.parameterize_notebook", _as_it_stands)
    what = "the parameters didn't come to the chapter as they were given"
    assert failure(run).startswith(f"{FILE}: {what}\n  → let the cell tagged 'parameters' set")


def _as_it_stands(node: object, *_: object, **__: object) -> object:
    """What papermill does with parameters that it doesn't find: a success, on the defaults."""
    node.metadata.papermill = {"parameters": {}}  # type: ignore[attr-defined]
    return node


def test_defaults_are_those_of_a_notebook(tmp_path: Path) -> None:
    """The small chapters of these tests have the parameters of real ones."""
    bare(tmp_path, "1;")
    (notebook,) = read_notebooks(Project(tmp_path))
    assert notebook.node.cells[0].source == PARAMETERS
