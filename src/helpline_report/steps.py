"""Keep the result of a step under the hash of everything that it is made from.

A step's key covers what the step is made from, this program, Python and the installed libraries.
The name of a kept file is the step's key and the SHA-256 of the content: a step with other inputs
has another name, and a damaged file isn't used. Only the owner can read the files. If a result
can't be kept, the step runs again next time.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from helpline_report.errors import MachineError
from helpline_report.private_files import PART, write_private

PACKAGE = Path(__file__).resolve().parent
LIBRARIES = ("site-packages", "dist-packages")
CODE = (".py", ".so", ".pyd")
NOT_READ = {"__pycache__", "tests"}
# How many results of a step are kept: those that were used last.
MOST = 8


@dataclass(frozen=True, eq=False)
class Steps:
    """The kept results of a project's steps, in a private folder.

    With `again` no kept result is read: each step runs, and its new result is kept. `package` is
    the program's folder; `path` are the folders in which Python looks for libraries.
    """

    folder: Path
    again: bool = False
    package: Path = PACKAGE
    path: Sequence[str] = field(default_factory=lambda: sys.path)

    def key(self, step: str, *made_from: Any) -> str:
        """The key of a step that is made from these values, which JSON can write."""
        return hash_values(step, self.program, self.libraries, *made_from)

    def read(self, step: str, key: str) -> bytes | None:
        """The kept result of a step; None if there is none, or if it is damaged."""
        for path in () if self.again else self._paths(step, key):
            with suppress(OSError):
                content = _read_own(path)
                if path.name.startswith(f"{key}-{hashlib.sha256(content).hexdigest()}"):
                    os.utime(path)
                    return content
                path.unlink()
        return None

    def write(
        self, step: str, key: str, content: bytes, *, suffix: str = "", most: int = MOST
    ) -> None:
        """Keep the result of a step, and delete all but the last `most` results of that step."""
        folder = self.folder / step
        digest = hashlib.sha256(content).hexdigest()
        with suppress(OSError, MachineError):
            self.forget(step, key)
            write_private(folder / f"{key}-{digest}{suffix}", content)
            # A killed run leaves parts. One that another run writes now is only made again later.
            for part in folder.glob(f"*{PART}"):
                part.unlink(missing_ok=True)
            results = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
            for path in results[:-most]:
                path.unlink(missing_ok=True)

    def forget(self, step: str, key: str) -> None:
        """Delete the kept result of a step."""
        for path in self._paths(step, key):
            path.unlink(missing_ok=True)

    @cached_property
    def program(self) -> str:
        """The hash of Python's version and of the program's own files."""
        return hash_values(sys.version, self.code)

    @cached_property
    def code(self) -> str:
        """The hash of the program's own files by their names; not of what Python makes of them."""
        files = (Path(path) for path, _ in _files_below(self.package))
        return hash_values(
            {file.relative_to(self.package).as_posix(): digest(file) for file in files}
        )

    @cached_property
    def libraries(self) -> str:
        """The hash of the size, times and number of each installed file of code.

        Reading them all would slow each build. The same code installed again has another hash. The
        status time of a file that environments share is left out: it changes with each environment.
        """
        paths = dict.fromkeys(map(Path, self.path))
        folders = [folder for folder in paths if folder.name in LIBRARIES and folder.is_dir()]
        versions = sorted(path.name for folder in folders for path in folder.glob("*-info"))
        files = [each for folder in folders for each in _files_below(folder, CODE)]
        described = []
        for path, stat in files:
            changed = "" if stat.st_nlink > 1 else stat.st_ctime_ns
            described.append(f"{path} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino} {changed}")
        return hash_values(sorted(described), versions)

    def _paths(self, step: str, key: str) -> list[Path]:
        paths = (self.folder / step).glob(f"{key}-*")
        return [path for path in paths if path.suffix != PART]


def hash_values(*values: Any) -> str:
    """The SHA-256 of values that JSON can write."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_changed_files(files: Mapping[str, str], root: Path) -> list[str]:
    """The paths, relative to `root` or absolute, whose SHA-256 isn't what `files` says."""
    paths = {path: root / path for path in files}
    return [path for path, at in paths.items() if not at.is_file() or digest(at) != files[path]]


def _files_below(
    folder: Path, endings: tuple[str, ...] = ("",)
) -> Iterator[tuple[str, os.stat_result]]:
    """The files of a folder with one of the endings, each with its `stat`; but NOT_READ folders."""
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders += [] if entry.name in NOT_READ else [entry.path]
                elif entry.name.endswith(endings) and entry.is_file():
                    yield entry.path, entry.stat()


def _read_own(path: Path) -> bytes:
    """The content of a file that this user alone can write: it may be a pickle, which runs code."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        for status in (os.fstat(descriptor), path.parent.stat()):
            # Windows has no `getuid`, and no such rights to check.
            if hasattr(os, "getuid") and (status.st_mode & 0o022 or status.st_uid != os.getuid()):
                raise PermissionError
        return file.read()
