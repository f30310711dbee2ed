"""What a kernel of a build does beside its cells: keep limits, and note what the chapter reads.

A kernel calls `begin` when it starts. After the last cell `report` shows, to the build alone, what
a chapter was made from and what went wrong where no cell could tell.
"""

from __future__ import annotations

import builtins
import importlib
import multiprocessing
import os
import stat
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.getipython import get_ipython
from IPython.display import display

from helpline_report.run.limits import limit_process
from helpline_report.side_process import end_with, wait_for_end
from helpline_report.steps import content_of

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
        end_with(partial(wait_for_end, os.getppid()), os.environ["HELPLINE_KERNEL"])
    _observed.modules = frozenset(sys.modules)
    _observed.before = frozenset(threading.enumerate())
    usual = threading.excepthook
    threading.excepthook = partial(_note_thread, usual)
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
    if event == "open":
        _note_path(arguments[0])
    elif event in ("os.listdir", "os.scandir"):
        _note_path(arguments[0] or ".")
    elif event in ASKS_OUTSIDE:
        _observed.outside = True


def _note_path(path: object) -> None:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return  # a file that was opened before
    # Python itself reads modules so, and looks for them; which were loaded is asked at the end.
    if sys._getframe(2).f_code.co_filename.startswith(IMPORTING):  # noqa: SLF001
        return
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
