"""Notice in a kernel whether its chapter reads what no key covers, and report it to the build.

The key of a kept chapter covers the modules beside the notebooks. Of a chapter that opened another
file, or asked another program or machine, the build keeps nothing. The report names the errors of
threads too, which no cell shows. A kernel alone loads this module.
"""

import builtins
import importlib
import multiprocessing
import os
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import IPython
from ipykernel.kernelapp import IPKernelApp

from helpline_report.run.supervision import POLL_SECONDS, REPORT_MIME, end_with, limit_process

# The files of Python's own code that imports modules and finds installed packages.
IMPORTING = ("<frozen importlib", str(Path(importlib.__file__).parent))
# Events by which a chapter asks another program or machine: its next answer may be another.
OUTSIDE_EVENTS = {
    *("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"),
    "sqlite3.connect",
}
# Modules that belong to the set-up of Python on this machine, and not to the chapter.
SETUP_MODULES = ("__main__", "sitecustomize", "usercustomize")
# Libraries that open files without an audit event of Python.
UNAUDITED = ("duckdb", "polars", "pyarrow.csv", "pyarrow.dataset", "pyarrow.parquet", "h5py")


@dataclass
class Observations:
    """What a chapter did so far, and what there was before it.

    `cells` is how many began, `paths` what it opened, and `threads` name the cell and the error of
    each thread that failed. `display` is IPython's own, which a chapter may replace.
    """

    cells: int = 0
    paths: set[str] = field(default_factory=set)
    has_outside_input: bool = False
    threads: list[tuple[int, str]] = field(default_factory=list)
    modules_before: frozenset[str] = frozenset()
    threads_before: frozenset[threading.Thread] = frozenset()
    display: Callable[..., object] | None = None


_observed = Observations()


def start_observation() -> None:
    """Limit this process, end it with the build, and notice from now on what it reads."""
    limit_process()
    if multiprocessing.parent_process() is None:
        # A kernel that wasn't forked watches its parent itself. ipykernel's own watch is switched
        # off: it ends the kernel alone, and processes that its cells started go on.
        IPKernelApp.instance().poller = None
        end_with(partial(_wait_for_end, os.getppid()), os.environ["HELPLINE_KERNEL"])
    _observed.modules_before = frozenset(sys.modules)
    _observed.threads_before = frozenset(threading.enumerate())
    threading.excepthook = partial(_note_thread, threading.excepthook)
    IPython.get_ipython().events.register("pre_run_cell", _note_cell)
    _observed.display = IPython.display.display
    sys.addaudithook(_note_event)


def _note_cell(_: object) -> None:
    _observed.cells += 1


def _note_thread(usual: Callable[[Any], object], failed: threading.ExceptHookArgs) -> None:
    if not issubclass(failed.exc_type, SystemExit):
        other = "an error that isn't one of Python's own"
        name = failed.exc_type.__name__
        _observed.threads.append((_observed.cells, name if hasattr(builtins, name) else other))
    usual(failed)


def _note_event(event: str, arguments: tuple[Any, ...]) -> None:
    """Record an audit event of Python: a file is opened, a folder is listed."""
    if event in OUTSIDE_EVENTS:
        _observed.has_outside_input = True
    if event == "exec" and os.path.isfile(arguments[0].co_filename):  # noqa: PTH113
        # A module that a cell loads by its path may stand in no list of modules. A cell is no file.
        _observed.paths.add(os.path.abspath(arguments[0].co_filename))  # noqa: PTH100
    if event not in ("open", "os.listdir", "os.scandir"):
        return
    path = "." if arguments[0] is None else arguments[0]
    # A number names a file that is open already. Files that Python opens to import a module don't
    # count here: `display_report` adds the modules that were loaded.
    importing = sys._getframe(1).f_code.co_filename.startswith(IMPORTING)  # noqa: SLF001
    if isinstance(path, (str, bytes, os.PathLike)) and not importing:
        _observed.paths.add(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 - the folder may change


def display_report() -> None:
    """Show whether the chapter read what no key covers, once its threads have ended."""
    display, paths = _observed.display, set(_observed.paths)
    if display is None:
        raise RuntimeError("a kernel reports what it observed since it began")
    for thread in threading.enumerate():
        if thread not in _observed.threads_before and not thread.daemon:
            thread.join()
    loaded = {name: module for name, module in [*sys.modules.items()] if name not in SETUP_MODULES}
    paths |= {file for module in loaded.values() if (file := getattr(module, "__file__", None))}
    unaudited = any(name in loaded and name not in _observed.modules_before for name in UNAUDITED)
    root = Path(os.environ["HELPLINE_PROJECT"])
    excluded = _list_excluded_folders(root)
    read = [Path(path) for path in paths if not path.startswith(excluded)]
    is_read = any(_affects_chapter(path, root / "notebooks") for path in read)
    outside = _observed.has_outside_input or unaudited or is_read
    display({REPORT_MIME: {"outside": outside, "threads": _observed.threads}}, raw=True)


def _affects_chapter(path: Path, notebooks: Path) -> bool:
    """Whether a path can change what a chapter computes, and doesn't stand in its key.

    The modules beside the notebooks do. A temporary file that is gone again can't.
    """
    # Other folders may be named by way of this one: `../lib/plots.py`, or a symbolic link.
    is_module = path.suffix == ".py" and path.resolve().is_relative_to(notebooks.resolve())
    is_gone = path.is_relative_to(tempfile.gettempdir()) and not path.exists()
    return not (is_module or is_gone)


def _list_excluded_folders(root: Path) -> tuple[str, ...]:
    """The folders of Python, its libraries, the system and the build: no file there counts."""
    package = Path(__file__).resolve().parents[1]
    # Matplotlib looks for styles in a folder of its user's, which change no figure.
    of_user = map(os.path.expanduser, ("~/.cache", "~/.config/matplotlib", "~/.matplotlib"))
    folders = {
        *(str(package), str(root / ".helpline"), *of_user),
        *(sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()),
        *(os.environ["HELPLINE_KERNEL"], "/proc", "/sys", "/dev", "/etc", "/usr"),
    }
    # An environment may lie behind a symbolic link, and libraries name their files by either path.
    folders |= {os.path.realpath(folder) for folder in folders}
    return tuple(f"{folder}{os.sep}" for folder in sorted(folders))


def _wait_for_end(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
