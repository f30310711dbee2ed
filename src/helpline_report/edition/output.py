"""An edition takes its place in `output/` whole, and the one before stands until then."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpline_report.errors import MachineError
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
        _take_place(staging, project.output / edition, project.private / "replaced" / edition)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _take_place(staging: Path, place: Path, replaced: Path) -> None:
    """Two renames; if the second fails, the first is undone."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        private_folder(replaced.parent)
        shutil.rmtree(replaced, ignore_errors=True)
        if place.exists():
            place.rename(replaced)
        try:
            staging.rename(place)
        except OSError:
            if replaced.exists():
                replaced.rename(place)
            raise
    except OSError as error:
        raise MachineError(
            f"the edition can't take its place ({error.strerror})",
            where=f"output/{place.name}",
            next_step="the last edition stands; see that the folder can be written, and run again",
        ) from None
    shutil.rmtree(replaced, ignore_errors=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    private_folder(path.parent)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    partial.replace(path)
