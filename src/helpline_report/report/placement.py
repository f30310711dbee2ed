"""Put an edition in its place in `output/` whole; the one before stands until then, and is kept."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from filecmp import cmpfiles
from pathlib import Path

from helpline_report.errors import MachineError, ParametersError, unwritten
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import make_private_folder

# Staff publish from the desk on Windows too, which has no such module.
if sys.platform != "win32":
    import fcntl

AT_FDCWD = -100
RENAME_EXCHANGE = 2
# The system, or this kind of file system, has no such step.
NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)
# A folder that was replaced in `output/` is named so, and by its inode.
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
    target: Path,
    check_edition: Callable[[Path], None] = lambda folder: None,
    *,
    private: bool = False,
) -> Iterator[Path]:
    """A fresh folder to write an edition into, beside `target`, which it becomes if all goes well.

    `check_edition` is given the folder when the disk holds all of it, and raises what stands in the
    way. If the new edition is the present one to the byte, nothing is replaced, so that `roll_back`
    still reaches the earlier one. If it is `private` the folder is its owner's alone. Outside
    `output/` it always is, and the edition that is replaced there is deleted.

    Raises:
        MachineError: a folder can't be written or renamed; the last edition stands.
    """
    is_in_output, staging_parent = target.parent == project.output, _find_staging_parent(target)
    with _blame_file(target):
        if is_in_output:
            target.parent.mkdir(parents=True, exist_ok=True)
        else:
            make_private_folder(target.parent)
        staging = make_private_folder(staging_parent) / str(os.getpid())
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
    try:
        yield staging
        with _blame_file(target):
            sync(staging)
        check_edition(staging)
        with _blame_file(target):
            if private or not is_in_output:
                staging.chmod(0o700)
            if not is_in_output:
                shutil.rmtree(target, ignore_errors=True)
                staging.rename(target)
            elif not _are_alike(staging, target):
                _swap_in(staging, target, _find_archive(project, target.name))
    finally:
        _clear_staging_parent(staging_parent)


def _find_staging_parent(target: Path) -> Path:
    """Where folders stand while an edition is written: beside it, so that a rename suffices."""
    return target.with_name(f".{target.name}")


def _find_archive(project: Project, edition: str) -> Path:
    return make_private_folder(project.private / "replaced") / edition


def sync(folder: Path) -> None:
    """Have the disk hold all files of a folder, so that a power failure takes none of them."""
    paths = sorted(folder.rglob("*"))
    for path in filter(Path.is_file, paths):
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    for place in (*filter(Path.is_dir, paths), folder):
        _sync_entries(place)


def _sync_entries(folder: Path) -> None:
    """Have the disk write which files a folder has, where the system can do so."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _are_alike(one: Path, other: Path) -> bool:
    names, other_names = (
        sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        for folder in (one, other)
    )
    return names == other_names and cmpfiles(one, other, names, shallow=False)[0] == names


def _swap_in(staging: Path, target: Path, archive: Path) -> None:
    """One step where the system has it, else two; if anything comes between, the first is undone.

    The new edition is renamed to `was-<inode of the old one>`, then both are exchanged. From then
    on that folder is the old edition, named after its own inode. A folder that isn't so named is a
    new or half edition, wherever a run is killed (`_was_replaced`).
    """
    try:
        if not target.exists():
            staging.rename(target)
            _sync_entries(target.parent)
            return
        replaced = staging.with_name(f"{REPLACED}{target.stat().st_ino}")
        shutil.rmtree(replaced, ignore_errors=True)
        try:
            staging.rename(replaced)
            if not exchange(replaced, target):
                replaced.rename(staging)
                target.rename(replaced)
                staging.rename(target)
        except BaseException:
            if not target.exists():
                replaced.rename(target)
            raise
        _sync_entries(target.parent)
    except OSError as error:
        label, reason = f"output/{target.name}", error.strerror
        raise make_error(MachineError, "not_placed", label, reason=reason) from None
    _archive(replaced, archive)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places: a reader finds either as it was or as it is, never nothing.

    False where that can't be done in one step; nothing has happened then.

    Raises:
        OSError: it fails for another reason, such as no right to write.
    """
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    if renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _was_replaced(folder: Path) -> bool:
    """Whether it is an edition that stood in `output/`, and no new one or half of one."""
    return folder.name == f"{REPLACED}{folder.stat().st_ino}"


def _archive(replaced: Path, archive: Path) -> None:
    """Keep the edition that stood there. That it can't be kept undoes nothing of the new one."""
    shutil.rmtree(archive, ignore_errors=True)
    try:
        shutil.move(replaced, archive)
    except OSError:
        shutil.rmtree(archive, ignore_errors=True)


def _clear_staging_parent(staging_parent: Path) -> None:
    """Remove new and half editions; one that was replaced stays for the next run."""
    for leftover in staging_parent.glob("*"):
        if not _was_replaced(leftover):
            shutil.rmtree(leftover, ignore_errors=True)
    with suppress(OSError):
        staging_parent.rmdir()


def _clear_killed_run(project: Project, edition: str) -> None:
    """What a run that was killed has left: half editions and files go, whole editions are kept."""
    target = project.output / edition
    staging_parent = _find_staging_parent(target)
    for leftover in filter(_was_replaced, sorted(staging_parent.glob("*"))):
        if target.exists():
            _archive(leftover, _find_archive(project, edition))
        else:
            leftover.rename(target)
    _clear_staging_parent(staging_parent)
    for pattern in (f"*/{edition}/*.part", f"*/{edition}.*.part"):
        for partial in project.private.glob(pattern):
            partial.unlink(missing_ok=True)


def roll_back(project: Project, edition: str) -> None:
    """Put the edition before this one in its place again; this one is kept in its stead.

    Raises:
        ParametersError: there is none to go back to.
        MachineError: a folder can't be renamed; the edition stands as it was.
    """
    archive, target = _find_archive(project, edition), project.output / edition
    if not archive.is_dir():
        raise make_error(ParametersError, "none_before", f"output/{edition}", edition=edition)
    with stage_edition(project, target) as folder, _blame_file(target):
        shutil.copytree(archive, folder, dirs_exist_ok=True)
