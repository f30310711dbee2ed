"""An edition takes its place in `output/` whole, and the one before stands until then."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpline_report.edition.exchange import exchange, sync
from helpline_report.errors import MachineError, ParametersError
from helpline_report.params.project import Project


def private_folder(path: Path) -> Path:
    """A folder that its owner alone can read.

    Raises:
        MachineError: it can't be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise MachineError(f"can't be written ({error.strerror})", where=path.name) from None
    return path


@contextmanager
def alone(project: Project, edition: str) -> Iterator[None]:
    """Nobody else makes this edition meanwhile; what a run that was killed has left is put right.

    The lock is the system's, on an open file: it goes with its process, however that ends.

    Raises:
        MachineError: another process makes the edition, or folders can't be written.
    """
    place = project.output / edition
    private_folder(project.private)
    _writable(project.output)
    with _locked(private_folder(project.private / "locks") / edition, edition):
        replaced = project.private / "replaced" / edition
        for left in (project.private / "staging").glob(f"{edition}-*"):
            shutil.rmtree(left, ignore_errors=True)
        if replaced.exists() and not place.exists():
            replaced.rename(place)
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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def staged(project: Project, edition: str) -> Iterator[Path]:
    """A fresh folder to write an edition into; it becomes `output/<edition>` if all goes well.

    Raises:
        MachineError: a folder can't be written or renamed; the last edition stands.
    """
    private_folder(project.private)
    staging = private_folder(project.private / "staging") / f"{edition}-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        yield staging
        sync(staging)
        replaced = private_folder(project.private / "replaced") / edition
        _take_place(staging, project.output / edition, replaced)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _take_place(staging: Path, place: Path, replaced: Path) -> None:
    beside = place.with_name(f".{place.name}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            _swap(staging, place, replaced)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # The output lies on another disk, where nothing can be moved to: copy, then move there.
            old = place.with_name(f".{place.name}.old")
            shutil.copytree(staging, beside)
            _swap(beside, place, old)
            shutil.rmtree(replaced, ignore_errors=True)
            if old.exists():
                shutil.move(old, replaced)
    except OSError as error:
        raise MachineError(
            f"the edition can't take its place ({error.strerror or 'the copy failed'})",
            where=f"output/{place.name}",
            next_step="the last edition stands; see that the folder can be written, and run again",
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(staging: Path, place: Path, replaced: Path) -> None:
    """One step where the system has it, else two; if anything comes between, the first is undone.

    The edition that stood there is kept beside, to go back to.
    """
    moved = place.exists()
    if moved and exchange(staging, place):
        # The new edition stands; that the one before can't be kept undoes nothing.
        with suppress(OSError):
            shutil.rmtree(replaced, ignore_errors=True)
            staging.rename(replaced)
        return
    shutil.rmtree(replaced, ignore_errors=True)
    try:
        if moved:
            place.rename(replaced)
        staging.rename(place)
    except BaseException:
        if moved and not place.exists():
            replaced.rename(place)
        raise


def roll_back(project: Project, edition: str) -> None:
    """Put the edition before this one in its place again; this one is kept in its stead.

    Raises:
        ParametersError: there is none to go back to.
        MachineError: a folder can't be renamed; the edition stands as it was.
    """
    place, kept = project.output / edition, project.private / "replaced" / edition
    if not kept.is_dir():
        raise ParametersError(
            f"there is no edition '{edition}' before this one",
            where=f"output/{edition}",
            next_step="an edition is kept when the next one takes its place",
        )
    aside = private_folder(project.private / "staging") / f"{edition}-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        kept.rename(aside)
        _take_place(aside, place, kept)
    except BaseException:
        if aside.exists() and not kept.exists():
            aside.rename(kept)
        raise


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all.

    Raises:
        MachineError: it can't be written.
    """
    private_folder(path.parent)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        partial.replace(path)
    except OSError as error:
        raise MachineError(f"can't be written ({error.strerror})", where=path.name) from None
    finally:
        partial.unlink(missing_ok=True)
