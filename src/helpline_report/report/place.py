"""An edition changes places with the one that stands; any step may be the last.

Wherever a run is killed, whole editions and half ones are told apart by their folders' names.
"""

from __future__ import annotations

import errno
import shutil
from contextlib import suppress
from filecmp import cmp
from pathlib import Path

from helpline_report.errors import MachineError
from helpline_report.private_files import private_folder
from helpline_report.report.exchange import exchange, sync, sync_entries

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
