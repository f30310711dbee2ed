"""Fork kernels from a process that has the libraries loaded: a kernel provisioner of Jupyter.

The process is the fork server of the standard library's `multiprocessing`. To papermill and to
nbclient such a kernel is an ordinary one.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import sys
import tempfile
import threading
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from types import ModuleType
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from helpline_report.side_process import can_fork, end_with

# The name of its entry point in pyproject.toml.
NAME = "helpline-report-forkserver"
# What every chapter uses; and what takes a second to load, where a chapter imports it.
PRELOADED = (
    "ipykernel.kernelapp",
    "IPython.core.magics",
    "helpline_report.chapter",
    "helpline_report.run.supervision",
)
LARGE = ("matplotlib.pyplot", "scipy.stats", "seaborn")
WAIT_SECONDS = 0.02
LONGEST_FOLDER = 70  # the path of a socket has some hundred characters at most

_starting = threading.Lock()  # what is hidden from a process that starts, all threads miss


def is_available() -> bool:
    """Whether kernels can be forked here: where the system can, in a complete installation."""
    known = KernelProvisionerFactory.instance().provisioners
    return can_fork() and NAME in known


def start_forkserver(packages: Container[str] = ()) -> None:
    """Start the process that kernels are forked from; it loads libraries while this one goes on.

    `packages` are those that chapters import. The first call counts: it starts once.
    """
    if not is_available():
        return
    large = [module for module in LARGE if module.partition(".")[0] in packages]
    with _starting, _without_main():
        # Threads of a library that computes are not forked with it.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        forkserver.set_forkserver_preload([*PRELOADED, *large])
        usual, tempfile.tempdir = tempfile.tempdir, temporary_folder()
        try:
            forkserver.ensure_running()
        finally:
            tempfile.tempdir = usual


def temporary_folder() -> str:
    """The folder for sockets: where the temporary one is too deep for their paths, the system's."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < LONGEST_FOLDER or sys.platform == "win32" else "/tmp"  # noqa: S108


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program that runs: each new process would run it again as its own."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def be_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Be a kernel, in a new process and to its end; `folder` is where it runs."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    parent = multiprocessing.parent_process()
    if parent is not None:
        end_with(parent.join, str(Path(arguments[arguments.index("-f") + 1]).parent))
    # What it prints past its cells is heard by nobody: it may be of a row.
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *arguments]
    # What was loaded stays shared with the other kernels: the collector would write to all of it.
    gc.freeze()
    if "matplotlib" in sys.modules:
        # It was loaded outside of a kernel, and would draw for no notebook.
        backend = "module://matplotlib_inline.backend_inline"
        sys.modules["matplotlib"].rcParams["backend"] = backend
    import_module("ipykernel.kernelapp").launch_new_instance()


class ForkserverProvisioner(LocalProvisioner):
    """Kernels as `LocalProvisioner` prepares them, in processes that are forked."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a process that runs the kernel of a command."""
        kernel = (cmd[cmd.index("-f") :], kwargs["env"], str(kwargs.get("cwd") or Path.cwd()))
        context = multiprocessing.get_context("forkserver")
        process = context.Process(target=be_kernel, args=kernel)
        with _starting, _without_main():
            process.start()
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def poll(self) -> int | None:
        """The exit code of the process; None while it runs."""
        return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        """Wait for the end of the process."""
        if self.process is None:
            return 0
        while self.process.exitcode is None:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(WAIT_SECONDS)
        code: int = self.process.exitcode
        self.process.close()
        self.process = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the process and to all that it has started."""
        if self.process is None or self.pid is None:
            return
        try:
            os.killpg(self.pid, signum)
        except OSError:  # it leads no group yet
            with suppress(OSError):
                os.kill(self.pid, signum)
