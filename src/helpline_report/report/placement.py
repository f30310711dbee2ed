"""An edition takes its place in `output/` whole, and the one before stands until then."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from filecmp import cmp
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder

AT_FDCWD = -100
RENAME_EXCHANGE = 2
# The system, or this kind of file system, has no such step.
CANT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
# Windows syncs a file only through a handle that may write to it.
TO_SYNC = os.O_RDWR if os.name == "nt" else os.O_RDONLY


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places: a reader finds either as it was or as it is, never nothing.

    False where that can't be done in one step; nothing has happened then.

    Raises:
        OSError: it fails for another reason: two disks, no right to write.
    """
    if sys.platform != "linux":
        return False
    step = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if step is None:
        return False
    done = step(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in CANT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def sync(folder: Path) -> None:
    """Have the disk hold all files of a folder, so that a power failure takes none of them."""
    paths = [*sorted(folder.rglob("*")), folder]
    # A disk that is told of many files at once writes them at once.
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_sync, [path for path in paths if not (path.is_dir() and os.name == "nt")]))


def _sync(path: Path) -> None:
    descriptor = os.open(path, TO_SYNC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_entries(folder: Path) -> None:
    """Have the disk hold which files and folders a folder has; where it can't be told so, no."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


# A folder is named so, and by its number in the file system, that stood in `output/`.
STOOD = "was-"


def beside(place: Path) -> Path:
    """The room of an output on another disk, where nothing can be moved to."""
    return place.with_name(f".{place.name}")


def alike(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, to the byte."""
    names, others = (
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for folder in (one, other)
    )
    return names == others and all(cmp(one / name, other / name, shallow=False) for name in names)


def take_place(staging: Path, place: Path, kept: Path) -> None:
    """Put a new edition in its place, and keep the one that stood there.

    Raises:
        MachineError: a folder can't be written or renamed; the last edition stands.
    """
    room = beside(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            _swap(staging, place, kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copied = private_folder(room) / "new"
            shutil.copytree(staging, copied)
            sync(copied)
            if not alike(staging, copied):
                raise OSError from None
            _swap(copied, place, kept)
        sync_entries(place.parent)
    except OSError as error:
        raise no_place(place, error) from None
    finally:
        clear(room)


def no_place(place: Path, error: OSError) -> MachineError:
    """The error of an edition that can't take its place."""
    return MachineError(
        f"the edition can't take its place ({error.strerror or 'the copy failed'})",
        where=f"output/{place.name}",
        next_step="the last edition stands; see that the folder can be written, and run again",
    )


def _swap(incoming: Path, place: Path, kept: Path) -> None:
    """One step where the system has it, else two; if anything comes between, the first is undone.

    The new edition is first named after the folder that stands in its place. So once they have
    changed places the one that stood there bears its own number, and is known by it (`stood`)
    wherever a run is killed.
    """
    if not place.exists():
        incoming.rename(place)
        return
    was = incoming.with_name(f"{STOOD}{place.stat().st_ino}")
    shutil.rmtree(was, ignore_errors=True)
    incoming.rename(was)
    try:
        swapped = exchange(was, place)
    except BaseException:
        if not stood(was):
            was.rename(incoming)
        raise
    if not swapped:
        was.rename(incoming)
        try:
            place.rename(was)
            incoming.rename(place)
        except BaseException:
            if was.exists() and not place.exists():
                was.rename(place)
            raise
    keep(was, kept)


def stood(folder: Path) -> bool:
    """Whether it is an edition that stood in `output/`, and no new one or half of one."""
    return folder.name == f"{STOOD}{folder.stat().st_ino}"


def keep(was: Path, kept: Path) -> None:
    """Keep the edition that stood there. That it can't be kept undoes nothing of the new one."""
    with suppress(OSError):
        shutil.rmtree(kept, ignore_errors=True)
        try:
            was.rename(kept)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            half = kept.with_name(f".{kept.name}")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(was, half)
            half.rename(kept)
            shutil.rmtree(was)


def clear(room: Path) -> None:
    """Remove what was made in a room; an edition that stood in its place stays for the next run."""
    for left in room.glob("*"):
        if not stood(left):
            shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):
        room.rmdir()


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
    project: Project,
    place: Path,
    ready: Callable[[Path], None] = lambda folder: None,
    *,
    private: bool = False,
) -> Iterator[Path]:
    """A fresh folder to write an edition into; it becomes `place` if all goes well.

    `ready` is given the folder when the disk holds all of it, and raises what stands in the way.
    One that is what stands there already, to the byte, takes no place: the edition before stays
    within reach. If it is `private` the folder is its owner's alone; outside `output/` it always
    is, and none is kept.

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
        if private:
            staging.chmod(0o700)
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
