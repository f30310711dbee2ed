"""An edition takes its place in `output/` whole, and the one before stands until then."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder
from helpline_report.report.exchange import exchange, sync
from helpline_report.report.place import alike, beside, clear, keep, no_place, stood, take_place


@contextmanager
def alone(project: Project, edition: str) -> Iterator[None]:
    """Nobody else makes this edition meanwhile; what a run that was killed has left is put right.

    The lock is the system's, on an open file: it goes with its process, however that ends.

    Raises:
        MachineError: another process makes the edition, or folders can't be written.
    """
    private_folder(project.private)
    _writable(project.output)
    with _locked(private_folder(project.private / "locks") / edition, edition):
        _put_right(project, edition)
        yield


def _writable(output: Path) -> None:
    """Find out before the chapters run, and not after."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        writable = os.access(output, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise MachineError(
            "can't be written",
            where=output.name,
            next_step="see that you may write in the folder, and run again",
        )


@contextmanager
def _locked(path: Path, edition: str) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        if not _lock(descriptor):
            raise MachineError(
                f"process {file.read().strip() or '?'} makes the edition {edition} already",
                next_step="wait until it is through, or end that process, and run again",
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)


def _lock(descriptor: int) -> bool:
    """Take the lock of an open file; where the system or the disk has none, go without."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - Windows has no such module

    try:
        # A record lock is of this process alone: no other that it forks would hold it after it.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def staged(
    project: Project, place: Path, ready: Callable[[Path], None] = lambda folder: None
) -> Iterator[Path]:
    """A fresh folder to write an edition into; it becomes `place` if all goes well.

    `ready` is given the folder when the disk holds all of it, and raises what stands in the way.
    One that is what stands there already, to the byte, takes no place: the edition before stays
    within reach. Outside `output/` the folder is its owner's alone, and none is kept.

    Raises:
        MachineError: a folder can't be written or renamed; the last edition stands.
    """
    edition = place.name
    room = _room(project, edition)
    staging = private_folder(room) / str(os.getpid())
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
        sync(staging)
        ready(staging)
        if place.parent != project.output:
            shutil.rmtree(place, ignore_errors=True)
            private_folder(place.parent)
            staging.chmod(0o700)
            staging.rename(place)
        elif not alike(staging, place):
            take_place(staging, place, _kept(project, edition))
    finally:
        clear(room)


def _room(project: Project, edition: str) -> Path:
    """Where an edition is written before it takes its place."""
    return private_folder(project.private / "staging") / edition


def _kept(project: Project, edition: str) -> Path:
    """Where the edition before is kept, to go back to."""
    return private_folder(project.private / "replaced") / edition


def _put_right(project: Project, edition: str) -> None:
    """What a run that was killed has left: half editions and files go, whole editions are kept."""
    place, kept = project.output / edition, _kept(project, edition)
    for room in (_room(project, edition), beside(place)):
        for left in filter(stood, sorted(room.glob("*"))):
            if place.exists():
                keep(left, kept)
            else:
                left.rename(place)
        clear(room)
    for pattern in (f"*/{edition}/*.part", f"*/{edition}.json.*.part"):
        for partial in project.private.glob(pattern):
            partial.unlink(missing_ok=True)
    if kept.exists() and not place.exists():
        kept.rename(place)


def roll_back(project: Project, edition: str) -> None:
    """Put the edition before this one in its place again; this one is kept in its stead.

    Raises:
        ParametersError: there is none to go back to.
        MachineError: a folder can't be renamed; the edition stands as it was.
    """
    place, kept = project.output / edition, _kept(project, edition)
    if not kept.is_dir():
        raise ParametersError(
            f"there is no edition '{edition}' before this one",
            where=f"output/{edition}",
            next_step="an edition is kept when the next one takes its place",
        )
    try:
        if place.exists() and exchange(kept, place):
            return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise no_place(place, error) from None
    with staged(project, place) as folder:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
