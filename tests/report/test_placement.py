"""An edition takes its place whole: whatever stops it, the one before stands and can come back."""

import errno
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.errors import MachineError, ParametersError
from helpline_report.parameters.project import Project
from helpline_report.private_files import write_private
from helpline_report.report import placement
from helpline_report.report.placement import lock_edition, roll_back, stage_edition
from tests.present import present


@pytest.fixture
def project(tmp_path: Path) -> Project:
    last = tmp_path / "output" / "2017"
    last.mkdir(parents=True)
    (last / "index.html").write_text("last", encoding="utf-8")
    return Project(tmp_path)


def files(folder: Path) -> dict[str, str]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


LAST = {"2017/index.html": "last"}
NEXT = {"2017/index.html": "next"}


def make(project: Project, text: str = "next") -> None:
    with stage_edition(project, project.output / "2017") as folder:
        (folder / "index.html").write_text(text, encoding="utf-8")


def replaced(project: Project) -> dict[str, str]:
    return files(project.private / "replaced")


@pytest.fixture(params=[True, False], ids=["in one step", "in two"])
def _steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that lets two folders change places in one step, or can't."""
    if not request.param:
        monkeypatch.setattr(placement, "exchange", lambda one, other: False)


@pytest.mark.usefixtures("_steps")
def test_an_edition_takes_its_place(project: Project) -> None:
    """The edition before is kept, out of sight; made again to the byte, nothing changes.

    What is being made of an edition whose name begins alike is let alone.
    """
    for _ in range(2):
        make(project)
        assert (files(project.output), replaced(project)) == (NEXT, LAST)
    assert [path.name for path in project.output.iterdir()] == ["2017"]
    with stage_edition(project, project.output / "2017-draft") as folder:
        with lock_edition(project, "2017"):
            pass
        assert folder.is_dir()


def failing_at(at: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one rename fail, and all the others come about."""
    rename, calls = Path.rename, list[Path]()

    def fail_once(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == at:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), SystemExit(143)])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_rename_that_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch, at: int, error: BaseException
) -> None:
    """If a rename doesn't come about, the last edition is put back, and the message says so."""
    monkeypatch.setattr(placement, "exchange", lambda one, other: False)
    failing_at(at, error, monkeypatch)
    with pytest.raises((MachineError, SystemExit)) as caught:
        make(project)
    assert files(project.output) == LAST
    assert caught.type is SystemExit or str(caught.value) == (
        "output/2017: the edition can't take its place (Permission denied)\n"
        "  → the last edition stands; see that the folder can be written, and run again"
    )


@pytest.mark.usefixtures("_steps")
def test_back_to_the_edition_before(project: Project) -> None:
    """It takes its place again, and the one that stood there is kept: twice is as it was."""
    make(project)
    for one, other in ((LAST, NEXT), (NEXT, LAST)):
        with lock_edition(project, "2017"):
            roll_back(project, "2017")
        assert (files(project.output), replaced(project)) == (one, other)


def test_nothing_to_go_back_to(project: Project) -> None:
    """It says when an edition is kept."""
    with pytest.raises(ParametersError) as caught, lock_edition(project, "2017"):
        roll_back(project, "2017")
    assert str(caught.value) == (
        "output/2017: there is no edition '2017' before this one\n"
        "  → an edition is kept when the next one takes its place"
    )


def test_what_a_killed_run_left_is_put_right(project: Project) -> None:
    """Killed between two renames the last edition comes back, killed behind them it is kept."""
    place, room = project.output / "2017", project.output / ".2017"
    room.mkdir()
    place.rename(room / f"was-{place.stat().st_ino}")
    (room / "1").mkdir()
    with lock_edition(project, "2017"):
        assert files(project.output) == LAST
    room.mkdir()
    place.rename(room / f"was-{place.stat().st_ino}")
    place.mkdir()
    (place / "index.html").write_text("next", encoding="utf-8")
    with lock_edition(project, "2017"):
        assert (files(project.output), replaced(project)) == (NEXT, LAST)


def test_half_files_of_a_killed_run_go(project: Project) -> None:
    """Of its own edition alone: another may be written now."""
    names = ("approval/2017.txt", "disclosure/2017.json", "executed/2017/01.ipynb")
    parts = [f"{name}.1-1.part" for name in (*names, "approval/2016.txt")]
    for name in parts:
        write_private(project.private / name, "half")
    with lock_edition(project, "2017"):
        left = [name for name in parts if (project.private / name).exists()]
    assert left == ["approval/2016.txt.1-1.part"]


HOLD = """
import os, signal, sys
from pathlib import Path
from helpline_report.report.placement import lock_edition
from helpline_report.parameters.project import Project
with lock_edition(Project(Path(sys.argv[1])), "2017"):
    if "fork" not in sys.argv or os.fork():
        print("held", flush=True)
        if "fork" in sys.argv:
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        os.close(1)
    sys.stdin.read()
"""


def hold(project: Project, *how: str) -> subprocess.Popen[str]:
    """Start another process that makes the edition."""
    command = [sys.executable, "-c", HOLD, str(project.root), *how]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert present(process.stdout).readline() == "held\n"
    return process


def test_two_runs_of_an_edition(project: Project) -> None:
    """One is refused, and told which process makes it; another edition can be made meanwhile.

    A process that was killed holds nothing.
    """
    with hold(project) as other:
        with pytest.raises(MachineError) as caught, lock_edition(project, "2017"):
            pass
        with lock_edition(project, "2016"):
            make(project)
        other.kill()
        other.wait()
        with lock_edition(project, "2017"):
            make(project, "more")
    assert str(caught.value) == (
        f"process {other.pid} makes the edition 2017 already\n"
        "  → wait until it is through, or end that process, and run again"
    )
    assert files(project.output) == {"2017/index.html": "more"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system forks no process")
def test_a_process_that_outlives_its_run_holds_no_lock(project: Project) -> None:
    """A run that is killed between starting a process and watching it leaves no lock."""
    with hold(project, "fork") as process:
        process.wait()
        with lock_edition(project, "2017"):
            make(project)
    assert files(project.output) == NEXT


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_cant_be_written_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of editions, the file of a lock, and an edition; the last edition stands."""
    (project.private / "locks" / "2016").mkdir(parents=True)
    with pytest.raises(MachineError, match="locks/2016: can't be written"):
        lock_edition(project, "2016").__enter__()
    make(project)
    for where, what in ((placement, "sync"), (shutil, "copytree")):
        monkeypatch.setattr(where, what, full)
        with pytest.raises(MachineError, match="output/2017: can't be written"):
            make(project, "more") if what == "sync" else roll_back(project, "2017")
        assert files(project.output) == NEXT
        monkeypatch.undo()
    shutil.rmtree(project.output)
    project.output.touch()
    with pytest.raises(MachineError, match="output: can't be written"):
        lock_edition(project, "2017").__enter__()


def test_a_private_file_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the file as it was, and no part of the new one."""
    path = tmp_path / "private" / "ledger.json"
    write_private(path, "one")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(MachineError, match=r"ledger\.json: can't be written \(No space left"):
        write_private(path, "two")
    assert files(path.parent) == {"ledger.json": "one"}


def test_windows_has_neither_locks_nor_an_exchange(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Staff publish from the desk there: the module loads, and goes without both."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    on_windows = runpy.run_path(placement.__file__)
    assert on_windows["_lock"](0) is True
    assert on_windows["exchange"](tmp_path, tmp_path) is False
