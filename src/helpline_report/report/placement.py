"""Put an edition in its place in `output/` whole; the one before stands until then, and is kept."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from filecmp import cmp
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError, unwritten
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import make_private_folder

if sys.platform != "win32":
    import fcntl

AT_FDCWD = -100
RENAME_EXCHANGE = 2
# The system, or this kind of file system, has no such step.
NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
# A folder that stood in `output/` is named so, and by its number in the file system.
REPLACED = "was-"


@contextmanager
def _blame_file(where: Path) -> Iterator[None]:
    """Raise an error that names the file which can't be written."""
    try:
        yield
    except OSError as error:
        raise unwritten(error, f"{where.parent.name}/{where.name}") from None


@contextmanager
def lock_edition(project: Project, edition: str) -> Iterator[None]:
    """Nobody else makes this edition meanwhile; what a run that was killed has left is put right.

    The lock is the system's, on an open file: it goes with its process, however that ends.

    Raises:
        MachineError: another process makes the edition, or folders can't be written.
    """
    make_private_folder(project.private)
    with suppress(OSError):
        project.output.mkdir(parents=True, exist_ok=True)
    if not (project.output.is_dir() and os.access(project.output, os.W_OK | os.X_OK)):
        raise make_error(MachineError, "no_writing", project.output.name)
    path = make_private_folder(project.private / "locks") / edition
    with _blame_file(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        if not _lock(descriptor):
            process = file.read().strip() or "?"
            raise make_error(MachineError, "made_already", process=process, edition=edition)
        with _blame_file(path):
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        with _blame_file(project.output / edition):
            _clear_killed_run(project, edition)
        yield
        file.truncate(0)


def _lock(descriptor: int) -> bool:
    """Take the lock of an open file; where the system or the disk has none, go without."""
    if sys.platform != "win32":
        try:
            # A record lock is of this process alone: no other that it forks would hold it after it.
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return not isinstance(error, BlockingIOError | PermissionError)
    return True


@contextmanager
def stage_edition(
    project: Project,
    place: Path,
    ready: Callable[[Path], None] = lambda folder: None,
    *,
    private: bool = False,
) -> Iterator[Path]:
    """A fresh folder to write an edition into, beside `place`, which it becomes if all goes well.

    `ready` is given the folder when the disk holds all of it, and raises what stands in the way.
    One that is what stands there already, to the byte, takes no place: the edition before stays
    within reach. If it is `private` the folder is its owner's alone; outside `output/` it always
    is, and none is kept.

    Raises:
        MachineError: a folder can't be written or renamed; the last edition stands.
    """
    published, room = place.parent == project.output, _find_room(place)
    with _blame_file(place):
        if published:
            place.parent.mkdir(parents=True, exist_ok=True)
        else:
            make_private_folder(place.parent)
        staging = make_private_folder(room) / str(os.getpid())
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
    try:
        yield staging
        with _blame_file(place):
            sync(staging)
        ready(staging)
        with _blame_file(place):
            if private or not published:
                staging.chmod(0o700)
            if not published:
                shutil.rmtree(place, ignore_errors=True)
                staging.rename(place)
            elif not _are_alike(staging, place):
                _swap_in(staging, place, _find_archive(project, place.name))
    finally:
        _clear_room(room)


def _find_room(place: Path) -> Path:
    """Where an edition is written: beside its place, so that a rename leads there."""
    return place.with_name(f".{place.name}")


def _find_archive(project: Project, edition: str) -> Path:
    return make_private_folder(project.private / "replaced") / edition


def sync(folder: Path) -> None:
    """Have the disk hold all files of a folder, so that a power failure takes none of them."""
    paths = sorted(folder.rglob("*"))
    for path in filter(Path.is_file, paths):
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    for each in (*filter(Path.is_dir, paths), folder):
        _sync_entries(each)


def _sync_entries(folder: Path) -> None:
    """Have the disk write which files a folder has, where the system can do so."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _are_alike(one: Path, other: Path) -> bool:
    names, others = (
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for folder in (one, other)
    )
    return names == others and all(cmp(one / name, other / name, shallow=False) for name in names)


def _swap_in(staging: Path, place: Path, archive: Path) -> None:
    """One step where the system has it, else two; if anything comes between, the first is undone.

    The new edition is first named after the folder that stands in its place. So once they have
    changed places the one that stood there bears its own number. By that `_was_replaced` knows it,
    wherever a run is killed.
    """
    try:
        if not place.exists():
            staging.rename(place)
            _sync_entries(place.parent)
            return
        was = staging.with_name(f"{REPLACED}{place.stat().st_ino}")
        shutil.rmtree(was, ignore_errors=True)
        try:
            staging.rename(was)
            if not exchange(was, place):
                was.rename(staging)
                place.rename(was)
                staging.rename(place)
        except BaseException:
            if not place.exists():
                was.rename(place)
            raise
        _sync_entries(place.parent)
    except OSError as error:
        label, reason = f"output/{place.name}", error.strerror
        raise make_error(MachineError, "not_placed", label, reason=reason) from None
    _archive(was, archive)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places: a reader finds either as it was or as it is, never nothing.

    False where that can't be done in one step; nothing has happened then.

    Raises:
        OSError: it fails for another reason, such as no right to write.
    """
    if sys.platform != "linux":
        return False
    step = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if step is None:
        return False
    if step(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _was_replaced(folder: Path) -> bool:
    """Whether it is an edition that stood in `output/`, and no new one or half of one."""
    return folder.name == f"{REPLACED}{folder.stat().st_ino}"


def _archive(was: Path, archive: Path) -> None:
    """Keep the edition that stood there. That it can't be kept undoes nothing of the new one."""
    shutil.rmtree(archive, ignore_errors=True)
    try:
        shutil.move(was, archive)
    except OSError:
        shutil.rmtree(archive, ignore_errors=True)


def _clear_room(room: Path) -> None:
    """Remove what was made in a room; an edition that stood in its place stays for the next run."""
    for left in room.glob("*"):
        if not _was_replaced(left):
            shutil.rmtree(left, ignore_errors=True)
    with suppress(OSError):
        room.rmdir()


def _clear_killed_run(project: Project, edition: str) -> None:
    """What a run that was killed has left: half editions and files go, whole editions are kept."""
    place = project.output / edition
    room = _find_room(place)
    for left in filter(_was_replaced, sorted(room.glob("*"))):
        if place.exists():
            _archive(left, _find_archive(project, edition))
        else:
            left.rename(place)
    _clear_room(room)
    for pattern in (f"*/{edition}/*.part", f"*/{edition}.*.part"):
        for partial in project.private.glob(pattern):
            partial.unlink(missing_ok=True)


def roll_back(project: Project, edition: str) -> None:
    """Put the edition before this one in its place again; this one is kept in its stead.

    Raises:
        ParametersError: there is none to go back to.
        MachineError: a folder can't be renamed; the edition stands as it was.
    """
    archive, place = _find_archive(project, edition), project.output / edition
    if not archive.is_dir():
        raise make_error(ParametersError, "none_before", f"output/{edition}", edition=edition)
    with stage_edition(project, place) as folder, _blame_file(place):
        shutil.copytree(archive, folder, dirs_exist_ok=True)
