"""Keep the result of a step under the hash of everything that it is made from.

A step's key covers what the step is made from, this program, Python and the installed libraries. A
kept file is named by its key and by the SHA-256 of its own content: a file of other inputs isn't
found, and one that is damaged or half-written isn't used. All of it is its owner's alone. What
can't be kept is only slower.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
LIBRARIES = ("site-packages", "dist-packages")
CODE = (".py", ".so", ".pyd")
VERSIONS = (".dist-info", ".egg-info")
NOT_READ = {"__pycache__", "tests"}
# How many results of a step are kept, of those that were used last.
MOST = 8
# What the file system says of a file: size, time of its content, time of its entry, and number.
Status = list[int]


class Steps:
    """The kept steps of a project, in a private folder.

    With `again` nothing kept is used, and all of it is made and kept anew. `package` is the folder
    of the program; `path` are the folders in which Python looks for libraries.
    """

    def __init__(
        self,
        folder: Path,
        *,
        again: bool = False,
        package: Path = PACKAGE,
        path: Sequence[str] | None = None,
    ) -> None:
        self.folder = folder
        self.again = again
        self._package = package
        self._path = sys.path if path is None else path

    def key(self, step: str, *made_from: Any) -> str:
        """The key of a step that is made from these values, which JSON can write."""
        return hash_of(step, self.program, self.libraries, *made_from)

    def read(self, step: str, key: str) -> memoryview | None:
        """The kept result of a step; None where there is none, or none that is whole.

        It is mapped into memory: what is written there reaches no file.
        """
        for path in () if self.again else self._paths(step, key):
            with suppress(OSError):
                content = _map(path)
                digest = "" if content is None else hashlib.sha256(content).hexdigest()
                if content is not None and path.name.startswith(f"{key}-{digest}"):
                    os.utime(path)
                    return content
                path.unlink()
        return None

    def write(
        self,
        step: str,
        key: str,
        pieces: Iterable[bytes | memoryview],
        *,
        suffix: str = "",
        most: int = MOST,
    ) -> None:
        """Keep the result of a step, whole or not at all; of each step the last `most` are kept."""
        folder = self.folder / step
        with suppress(OSError), _private_file(folder) as part:
            content = hashlib.sha256()
            with part.open("wb") as file:
                for piece in pieces:
                    content.update(piece)
                    file.write(piece)
            self.forget(step, key)
            part.replace(folder / f"{key}-{content.hexdigest()}{suffix}")
            results = sorted(folder.glob("[!.]*"), key=lambda path: path.stat().st_mtime_ns)
            # A run that was killed leaves parts; another run that writes just now is only slower.
            parts = [path for path in folder.glob(".*") if not path.name.startswith(_part())]
            for path in (*results[:-most], *parts):
                path.unlink(missing_ok=True)

    def forget(self, step: str, key: str) -> None:
        """Forget the result of a step."""
        for path in self._paths(step, key):
            path.unlink(missing_ok=True)

    def digests(self, paths: Iterable[Path]) -> dict[Path, str]:
        """The SHA-256 of each file; one of which the file system says the same isn't read again.

        Nobody changes a file and leaves its size, times and number as they were, but within one
        tick of the clock: what changed in the tick in which it was read is read again next time.

        Raises:
            OSError: a file can't be read.
        """
        digests: dict[Path, str] = {}
        read: dict[str, list[Any]] = {}
        now: int | None = None
        for path in paths:
            status = _status(path.stat())
            known = self._files.get(str(path))
            if known is not None and known[0] == status:
                digests[path] = known[1]
                continue
            now = self._now() if now is None else now
            with path.open("rb") as file:
                digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
                if _status(os.fstat(file.fileno())) == status and max(status[1:3]) < now:
                    read[str(path)] = [status, digests[path]]
        if read:
            self._files.update(read)
            files = {name: item for name, item in [*self._files.items()] if Path(name).exists()}
            self.write("files", hash_of(), [json.dumps(files).encode()])
        return digests

    def digest(self, path: Path) -> str:
        """The SHA-256 of one file.

        Raises:
            OSError: it can't be read.
        """
        return self.digests([path])[path]

    @cached_property
    def program(self) -> str:
        """The hash of Python's version and of the program's own files."""
        files = sorted(Path(path) for path, _ in _files_below(self._package))
        digests = self.digests(files)
        names = {path.relative_to(self._package).as_posix(): digests[path] for path in files}
        return hash_of(sys.version, names)

    @cached_property
    def libraries(self) -> str:
        """The hash of what the file system says of each installed file of code.

        These are too many to be read before each build: the same code installed anew is another.
        """
        files = [
            f"{path} {status}"
            for folder in self._library_folders
            for path, status in _files_below(folder, CODE)
        ]
        return hash_of(sorted(files), self.versions)

    @cached_property
    def versions(self) -> list[str]:
        """What is installed, each by its name and version."""
        paths = [path for folder in self._library_folders for path in folder.glob("*-info")]
        return sorted({path.stem for path in paths if path.suffix in VERSIONS})

    @cached_property
    def _library_folders(self) -> list[Path]:
        folders = dict.fromkeys(map(Path, self._path))
        return [folder for folder in folders if folder.name in LIBRARIES and folder.is_dir()]

    @cached_property
    def _files(self) -> dict[str, list[Any]]:
        """The digests of files that were read before, each with what the file system said of it."""
        content = Steps(self.folder).read("files", hash_of())  # also where all is made again
        return dict(json.loads(bytes(content))) if content is not None else {}

    def _now(self) -> int:
        """The time by the clock of the file system; 0 where nothing can be kept."""
        with suppress(OSError), _private_file(self.folder / "files") as part:
            return part.stat().st_ctime_ns
        return 0

    def _paths(self, step: str, key: str) -> list[Path]:
        return list((self.folder / step).glob(f"{key}-*"))


def hash_of(*values: Any) -> str:
    """The SHA-256 of values that JSON can write."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def changed_files(files: Mapping[str, str], root: Path) -> list[str]:
    """Which paths, from `root` if they aren't whole, aren't what they were by `content_of`."""
    return [path for path, known in files.items() if content_of(root / path) != known]


def content_of(path: Path) -> str:
    """The SHA-256 of a file, or of the names in a folder; empty where there is neither."""
    try:
        if path.is_dir():
            return hash_of(sorted(entry.name for entry in path.iterdir()))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _part() -> str:
    """How the files begin that this process is about to write."""
    return f".{os.getpid()}-"


def _status(status: os.stat_result) -> Status:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _files_below(folder: Path, endings: tuple[str, ...] = ("",)) -> Iterator[tuple[str, Status]]:
    """The files that a build may read, each with what the file system says of it."""
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders += [] if entry.name in NOT_READ else [entry.path]
                elif entry.name.endswith(endings) and entry.is_file():
                    yield entry.path, _status(entry.stat())


def _map(path: Path) -> memoryview | None:
    """A file in memory; None where somebody else can write it.

    A result may be a pickle, and a pickle can run code.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb"):
        if not (_is_own(os.fstat(descriptor)) and _is_own(path.parent.stat())):
            return None
        size = os.fstat(descriptor).st_size
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY) if size else b"")


def _is_own(status: os.stat_result) -> bool:
    """Whether this user alone can write it; where the system has no users, everything is theirs."""
    return not hasattr(os, "getuid") or (
        status.st_uid == os.getuid() and not status.st_mode & 0o022
    )


@contextmanager
def _private_file(folder: Path) -> Iterator[Path]:
    """A new file in a private folder, which goes unless it was moved."""
    for each in (folder.parents[1], folder.parent, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=_part())
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
