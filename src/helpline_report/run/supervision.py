"""What a kernel of a build does beside its cells: keep limits, and note what the chapter reads.

A kernel calls `begin` when it starts. After the last cell `report` shows, to the build alone, what
a chapter was made from and what went wrong where no cell could tell.
"""

from __future__ import annotations

import builtins
import importlib
import multiprocessing
import os
import shutil
import signal
import stat
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.getipython import get_ipython
from IPython.display import display

from helpline_report.steps import content_of

# What a chapter may take of the machine. Whoever runs chapters reads these when they are due.
CELL_SECONDS = 600
START_SECONDS = 120
# How many characters a cell may print and show, but for what it records.
FLOOD = 1_000_000
# Of the machine's memory: two chapters run at a time, and the program itself holds the tables.
MEMORY_SHARE = 0.5
LOOK_SECONDS = 0.5

REPORT_MIME = "application/vnd.helpline-report.run+json"
BEGIN = f"__import__({__name__!r}, fromlist=['begin']).begin()"
REPORT = f"__import__({__name__!r}, fromlist=['report']).report()"
# Where Python looks for modules, and for what is installed: in each folder of its path.
IMPORTING = ("<frozen importlib", str(Path(importlib.__file__).parent))
# With these a chapter asks somebody of whom nobody knows when the answer changes.
ASKS_OUTSIDE = {
    *("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"),
    "sqlite3.connect",
}
# How this Python was set up is the machine's, wherever that stands.
NOT_ITS_OWN = ("__main__", "sitecustomize", "usercustomize")
# They open files by code of their own, of which Python hears nothing.
UNHEARD = ("duckdb", "polars", "pyarrow.csv", "pyarrow.dataset", "pyarrow.parquet", "h5py")


def end_group(process: int) -> None:
    """End a process that leads a group, and those that it has started."""
    with suppress(OSError):  # it has ended already
        if sys.platform == "win32":
            os.kill(process, signal.SIGTERM)
        else:
            os.killpg(process, signal.SIGKILL)


def end_with(parent: Callable[[], object], folder: str) -> None:
    """Once `parent` returns, end this process, which leads a group, and all that it has started.

    For a process whose parent may be killed, and can end nothing itself then. `folder` goes too.
    """

    def wait() -> None:
        parent()
        shutil.rmtree(folder, ignore_errors=True)
        end_group(os.getpid())

    threading.Thread(target=wait, daemon=True).start()


def _wait_for_end(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)


def most_memory() -> int | None:
    """How many bytes one chapter may hold; None where the system doesn't say what it has."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    return int(whole * MEMORY_SHARE)


def limit_process() -> None:
    """Limit the memory of this process, and let it leave no core dump when it crashes.

    A cell that asks for more memory gets a `MemoryError`. A core dump would hold rows. Without
    effect where a system knows no such limits.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_DATA, most_memory())):
        if most is not None:
            _, hard = resource.getrlimit(limit)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            # macOS takes no limit below what a process holds already.
            with suppress(OSError, ValueError):
                resource.setrlimit(limit, (least, least))


@dataclass
class Observed:
    """What was seen so far: files and folders that were opened, and threads that failed."""

    cells: int = 0
    paths: set[str] = field(default_factory=set)
    outside: bool = False
    threads: list[tuple[int, str]] = field(default_factory=list)
    modules: frozenset[str] = frozenset()
    before: frozenset[threading.Thread] = frozenset()


_observed = Observed()


def begin() -> None:
    """Limit this process, let it end with the build, and note from now on what it reads."""
    limit_process()
    if multiprocessing.parent_process() is None and sys.platform != "win32":
        # Its own watch ends the kernel alone, and what its cells have started would go on.
        IPKernelApp.instance().poller = None
        end_with(partial(_wait_for_end, os.getppid()), os.environ["HELPLINE_KERNEL"])
    _observed.modules = frozenset(sys.modules)
    _observed.before = frozenset(threading.enumerate())
    threading.excepthook = partial(_note_thread, threading.excepthook)
    shell = get_ipython()
    shell.events.register("pre_run_cell", _note_cell)  # type: ignore[union-attr]
    sys.addaudithook(_note)


def _note_cell(_: object) -> None:
    _observed.cells += 1


def _note_thread(usual: Callable[[Any], object], failed: threading.ExceptHookArgs) -> None:
    if not issubclass(failed.exc_type, SystemExit):
        own = "an error that isn't one of Python's own"
        name = failed.exc_type.__name__
        _observed.threads.append((_observed.cells, name if hasattr(builtins, name) else own))
    usual(failed)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear of what Python does: files that are opened, folders that are listed."""
    if event in ASKS_OUTSIDE:
        _observed.outside = True
    if event not in ("open", "os.listdir", "os.scandir"):
        return
    path = "." if arguments[0] is None else arguments[0]
    # A number is a file that was opened before. Python itself reads modules so, and looks for them;
    # which were loaded is asked at the end.
    importing = sys._getframe(1).f_code.co_filename.startswith(IMPORTING)  # noqa: SLF001
    if isinstance(path, (str, bytes, os.PathLike)) and not importing:
        _observed.paths.add(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - the folder may change


def report() -> None:
    """Show what the chapter was made from, once the threads that it has started are through."""
    paths = set(_observed.paths)
    for thread in threading.enumerate():
        if thread not in _observed.before and not thread.daemon:
            thread.join()
    loaded = {name: module for name, module in [*sys.modules.items()] if name not in NOT_ITS_OWN}
    paths |= {file for module in loaded.values() if (file := getattr(module, "__file__", None))}
    unheard = any(name in loaded and name not in _observed.modules for name in UNHEARD)
    root = Path(os.environ["HELPLINE_PROJECT"])
    excluded = _excluded(root)
    files = {}
    for path in (Path(each) for each in sorted(paths) if not each.startswith(excluded)):
        if _has_content(path):
            inside = path.is_relative_to(root)
            name = path.relative_to(root).as_posix() if inside else path.as_posix()
            files[name] = content_of(path)
    outside = _observed.outside or unheard
    content = {"files": files, "outside": outside, "threads": _observed.threads}
    display({REPORT_MIME: content}, raw=True)


def _has_content(path: Path) -> bool:
    """Whether a path is a file or a folder, or nothing: devices and pipes have no content.

    A temporary file that is gone was the chapter's own.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return not path.is_relative_to(tempfile.gettempdir())
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _excluded(root: Path) -> tuple[str, ...]:
    """Where Python, libraries and the system keep what is theirs, and the build what is its own."""
    package = Path(__file__).resolve().parents[1]
    folders = {
        *(str(package), str(root / ".helpline"), os.path.expanduser("~/.cache")),  # noqa: PTH111
        *(sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()),
        *(os.environ["HELPLINE_KERNEL"], "/proc", "/sys", "/dev", "/etc", "/usr"),
    }
    return tuple(f"{folder}{os.sep}" for folder in sorted(folders))
