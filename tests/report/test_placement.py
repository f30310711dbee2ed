from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from helpline_report.errors import MachineError, ParametersError
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder, write_private
from helpline_report.report import placement
from helpline_report.report.placement import alone, roll_back, staged


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with an edition in place."""
    last = tmp_path / "output" / "2017"
    last.mkdir(parents=True)
    (last / "index.html").write_text("last", encoding="utf-8")
    return Project(tmp_path)


def files(folder: Path) -> dict[str, str]:
    """The text of every file in a folder, by its path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


LAST = {"2017/index.html": "last"}
NEXT = {"2017/index.html": "next"}


def make(project: Project) -> None:
    """Put the next edition in place."""
    with staged(project, project.output / "2017") as folder:
        (folder / "index.html").write_text("next", encoding="utf-8")


def leftovers(project: Project) -> list[str]:
    """What is left of editions that were being made."""
    return [path.name for path in (project.private / "staging").glob("*")]


def kept(project: Project) -> dict[str, str]:
    """The edition that is kept, to go back to."""
    return files(project.private / "replaced")


@pytest.fixture
def in_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that can't let two folders change places in one step."""
    monkeypatch.setattr(placement, "exchange", lambda one, other: False)


def test_an_edition_takes_its_place(project: Project) -> None:
    """The new edition stands in the place of the last one, and nothing else is left."""
    make(project)
    assert files(project.output) == NEXT
    assert leftovers(project) == []


def test_the_first_edition_takes_its_place(tmp_path: Path) -> None:
    """An edition takes its place where there was none, nor a folder for it."""
    make(Project(tmp_path))
    assert files(tmp_path / "output") == NEXT


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_stops_it_the_last_edition_stands(
    project: Project, error: type[BaseException]
) -> None:
    """An error, an interrupt or a signal on the way leaves the last edition, and no half one."""

    def stop_halfway() -> None:
        with staged(project, project.output / "2017") as folder:
            (folder / "index.html").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        stop_halfway()
    assert files(project.output) == LAST
    assert leftovers(project) == []


@pytest.mark.usefixtures("in_two_steps")
@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), SystemExit(143)])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_rename_that_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch, at: int, error: BaseException
) -> None:
    """If the first or the second rename doesn't come about, the last edition is put back."""
    rename, calls = Path.rename, []

    def fail_once(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == at:
            raise error
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises((MachineError, SystemExit)):
        make(project)
    assert files(project.output) == LAST
    assert leftovers(project) == []


@pytest.mark.usefixtures("in_two_steps")
def test_a_rename_that_fails_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says that the last edition stands, and what to look at."""

    def fail(_: Path, __: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(MachineError) as caught:
        make(project)
    assert str(caught.value) == (
        "output/2017: the edition can't take its place (Device or resource busy)\n"
        "  → the last edition stands; see that the folder can be written, and run again"
    )


@pytest.mark.usefixtures("in_two_steps")
def test_output_on_another_disk(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where output/ is another file system, to which nothing can be moved, it is copied there."""
    rename = Path.rename

    def within_a_disk(path: Path, target: Path) -> Path:
        if path.is_relative_to(project.output) != target.is_relative_to(project.output):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", within_a_disk)
    make(project)
    assert files(project.output) == NEXT
    assert leftovers(project) == []


def test_the_edition_before_is_kept(project: Project) -> None:
    """Not in sight, but there to go back to."""
    make(project)
    assert kept(project) == LAST


@pytest.mark.usefixtures("in_two_steps")
def test_the_edition_before_is_kept_in_two_steps(project: Project) -> None:
    """So it is where the system has no single step."""
    make(project)
    assert (files(project.output), kept(project)) == (NEXT, LAST)


def test_a_step_that_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the single step doesn't come about, the last edition stands."""

    def fail(*_: Path) -> bool:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(placement, "exchange", fail)
    with pytest.raises(MachineError):
        make(project)
    assert (files(project.output), leftovers(project)) == (LAST, [])


def test_back_to_the_edition_before(project: Project) -> None:
    """It takes its place again, and the one that stood there is kept: twice is as it was."""
    make(project)
    with alone(project, "2017"):
        roll_back(project, "2017")
    assert (files(project.output), kept(project)) == (LAST, NEXT)
    with alone(project, "2017"):
        roll_back(project, "2017")
    assert (files(project.output), kept(project), leftovers(project)) == (NEXT, LAST, [])


def test_nothing_to_go_back_to(project: Project) -> None:
    """It says when an edition is kept."""
    with pytest.raises(ParametersError) as caught, alone(project, "2017"):
        roll_back(project, "2017")
    assert str(caught.value) == (
        "output/2017: there is no edition '2017' before this one\n"
        "  → an edition is kept when the next one takes its place"
    )


def test_a_way_back_that_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both editions stay where they were."""
    make(project)

    def fail(*_: Path) -> bool:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(placement, "exchange", fail)
    with pytest.raises(MachineError), alone(project, "2017"):
        roll_back(project, "2017")
    assert (files(project.output), kept(project)) == (NEXT, LAST)


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no step that swaps folders")
def test_a_reader_finds_one_or_the_other(project: Project) -> None:
    """Who reads all the while finds the last edition or the next one, whole, and never nothing."""
    found: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                found.add((project.output / "2017" / "index.html").read_text("utf-8"))
            except OSError as error:
                found.add(type(error).__name__)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(200):
            with staged(project, project.output / "2017") as folder:
                (folder / "index.html").write_text("next" if number % 2 else "last", "utf-8")
    finally:
        done.set()
        reader.join()
    assert found == {"last", "next"}


def test_what_a_killed_run_left_is_put_right(project: Project) -> None:
    """If a run was killed between the two renames, the next one puts the last edition back."""
    private_folder(project.private / "replaced")
    (project.output / "2017").rename(project.private / "replaced" / "2017")
    private_folder(project.private / "staging" / "2017" / "1")
    with alone(project, "2017"):
        assert files(project.output) == LAST
        assert leftovers(project) == []


HOLD = """
import sys
from pathlib import Path
from helpline_report.report.placement import alone
from helpline_report.parameters.project import Project
with alone(Project(Path(sys.argv[1])), "2017"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(project: Project) -> subprocess.Popen[str]:
    """Another process that makes the edition."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(project.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_two_runs_of_an_edition(project: Project, other: subprocess.Popen[str]) -> None:
    """While one process makes an edition another one is refused, and told which and what to do."""
    with pytest.raises(MachineError) as caught, alone(project, "2017"):
        pass
    assert str(caught.value) == (
        f"process {other.pid} makes the edition 2017 already\n"
        "  → wait until it is through, or end that process, and run again"
    )


@pytest.mark.usefixtures("other")
def test_two_editions_at_once(project: Project) -> None:
    """Another edition can be made meanwhile."""
    with alone(project, "2016"):
        make(project)
    assert files(project.output) == NEXT


def test_a_lock_of_a_dead_process(project: Project, other: subprocess.Popen[str]) -> None:
    """A process that was killed holds nothing."""
    other.kill()
    other.wait()
    with alone(project, "2017"):
        make(project)
    assert files(project.output) == NEXT


FORKED = """
import os, signal, sys
from pathlib import Path
from helpline_report.report.placement import alone
from helpline_report.parameters.project import Project
with alone(Project(Path(sys.argv[1])), "2017"):
    if os.fork():
        print("held", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    os.close(1)
    sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system forks no process")
def test_a_process_that_outlives_its_run_holds_no_lock(project: Project) -> None:
    """A run that is killed between starting a process and watching it leaves no lock."""
    command = [sys.executable, "-c", FORKED, str(project.root)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read() == "held\n"
        process.wait()
        with alone(project, "2017"):
            make(project)
    assert files(project.output) == NEXT


def test_output_that_is_a_file(tmp_path: Path) -> None:
    """Where the folder can't be made, that is found out before anything runs."""
    (tmp_path / "output").touch()
    with pytest.raises(MachineError) as caught, alone(Project(tmp_path), "2017"):
        pass
    assert str(caught.value) == (
        "output: can't be written\n  → see that you may write in the folder, and run again"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_output_that_is_read_only(project: Project) -> None:
    """So is an output folder that may not be written."""
    project.output.chmod(0o500)
    with pytest.raises(MachineError, match="can't be written"), alone(project, "2017"):
        pass
    project.output.chmod(0o700)


def test_private_files_are_the_owner_s(tmp_path: Path) -> None:
    """What is private can be read by its owner alone, folder and file."""
    path = tmp_path / "private" / "ledger.json"
    write_private(path, "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_private_file_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the file as it was, and no part of the new one."""
    path = tmp_path / "private" / "ledger.json"
    write_private(path, "one")

    def full(_: Path, __: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(MachineError, match=r"ledger\.json: can't be written \(No space left"):
        write_private(path, "two")
    assert files(path.parent) == {"ledger.json": "one"}


def test_an_edition_that_is_the_same_takes_no_place(project: Project) -> None:
    """Made again to the byte, it leaves the edition before within reach."""
    make(project)
    make(project)
    assert (files(project.output), kept(project), leftovers(project)) == (NEXT, LAST, [])


@pytest.mark.usefixtures("in_two_steps")
def test_back_without_a_single_step(project: Project) -> None:
    """Where folders can't change places in one step, the way back is another publication."""
    make(project)
    with pytest.MonkeyPatch.context() as patch, alone(project, "2017"):
        patch.setattr(placement, "exchange", lambda one, other: False)
        roll_back(project, "2017")
    assert (files(project.output), kept(project), leftovers(project)) == (LAST, NEXT, [])


def test_another_edition_s_room_is_let_alone(project: Project) -> None:
    """What is being made of an edition whose name begins alike stays."""
    with staged(project, project.output / "2017-draft") as folder:
        with alone(project, "2017"):
            pass
        assert folder.is_dir()


def test_windows_syncs_files_alone_and_by_handles_that_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a folder has no handle, and a handle that only reads can't be synced."""
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ledger.json").write_text("{}", encoding="utf-8")
    synced = []

    def as_windows_does(descriptor: int) -> None:
        assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
        synced.append(descriptor)

    monkeypatch.setattr(os, "fsync", as_windows_does)
    monkeypatch.setattr(os, "name", "nt")
    found = spec_from_file_location("placement_there", placement.__file__)
    assert found is not None
    assert found.loader is not None
    there = module_from_spec(found)
    found.loader.exec_module(there)
    there.sync(tmp_path)
    monkeypatch.undo()
    assert len(synced) == 1
