"""Start the kernels of a run: of this very Python, reached over files, ended with their chapter.

Kernels are forked from a process that has the libraries loaded, the fork server of the standard
library's `multiprocessing`; plain ones start where a system has none. To papermill and to nbclient
such a kernel is an ordinary one.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import EntryPoint
from multiprocessing import forkserver
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.run import supervision
from helpline_report.run.supervision import BEGIN, end_group, end_with

PLAIN, FORKED = "local-provisioner", "helpline-report-forkserver"
# What every chapter uses; and what takes a second to load, where a chapter imports it.
PRELOADED = (
    "ipykernel.kernelapp",
    "IPython.core.magics",
    "helpline_report.chapter",
    "helpline_report.run.kernels",
)
LARGE = ("matplotlib.pyplot", "scipy.stats", "seaborn")
WAIT_SECONDS = 0.02
LONGEST_FOLDER = 70  # the path of a socket has some hundred characters at most

# `multiprocessing` looks at all processes of this one whenever it starts another: at one whose file
# another thread closes meanwhile, it would read from whatever has the number of that file then.
_processes = threading.Lock()


def can_fork() -> bool:
    """Whether a process can be forked here with what it has loaded: nowhere but on Linux.

    Windows has no such thing, and the libraries of macOS don't bear it.
    """
    return sys.platform == "linux"


def start_forkserver(packages: Container[str] = ()) -> None:
    """Start the process that kernels are forked from; it loads libraries while this one goes on.

    `packages` are those that chapters import. The first call counts: it starts once.
    """
    if not can_fork():
        return
    large = [module for module in LARGE if module.partition(".")[0] in packages]
    with _processes, hidden_main():
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
def hidden_main() -> Iterator[None]:
    """Hide the program that runs: each new process would run it again as its own.

    All threads miss it meanwhile: to be done before they start, until they are through.
    """
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
        with _processes:
            process.start()
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def poll(self) -> int | None:
        """The exit code of the process; None while it runs."""
        with _processes:
            return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        """Wait for the end of the process."""
        while (code := await self.poll()) is None:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(WAIT_SECONDS)
        with _processes:
            if self.process:
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


@dataclass
class KernelState:
    """The kernel of a chapter: its process, and how many characters each cell has put out."""

    folder: Path
    environment: Mapping[str, str]
    stopped: Event
    process: int = 0
    output: Counter[str] = field(default_factory=Counter)

    @property
    def is_flooded(self) -> bool:
        """Whether a cell put out so much that the chapter was ended."""
        return max(self.output.values(), default=0) > supervision.FLOOD

    def stop(self) -> None:
        """End the kernel, and all that its cells have started."""
        if self.process:
            end_group(self.process)

    def count(self, message: Mapping[str, Any]) -> None:
        """Count what a cell shows, unless it is a record; a flood ends the kernel."""
        content, cell = message["content"], message["parent_header"].get("msg_id", "")
        data = content.get("data", {})
        if RECORD_MIME not in data:
            texts = [content.get("text", ""), *data.values()]
            self.output[cell] += sum(len(str(text)) for text in texts)
            if self.is_flooded:
                self.stop()


class CountedChannel(AsyncZMQSocketChannel):
    """The channel of a kernel's output, counted."""

    async def get_msg(  # type: ignore[override]  # as in the class that this one extends
        self, *args: Any, **settings: Any
    ) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = await super().get_msg(*args, **settings)
        if isinstance(self.session.parent, ChapterKernel):
            self.session.parent.state.count(message)
        return message


class ChapterClient(AsyncKernelClient):
    """A client whose channel of output is counted."""

    iopub_channel_class = CountedChannel


class ChapterKernel(AsyncKernelManager):
    """A kernel of this Python, whatever a user has installed under its name or runs at start.

    It is reached over files and not over the network; where a system has no such sockets
    (Windows), the network of the machine itself serves.
    """

    state: KernelState

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_factory = ChapterClient
        self.connection_file = str(self.state.folder / "kernel.json")
        if sys.platform != "win32":
            self.transport = "ipc"
            self.ip = str(self.state.folder / "kernel")

    @property
    def kernel_spec(self) -> KernelSpec:
        """How such a kernel starts."""
        python = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
        return KernelSpec(
            argv=[*python, "-f", "{connection_file}", f"--IPKernelApp.exec_lines={BEGIN}"],
            display_name="chapter",
            language="python",
            env={
                "HELPLINE_KERNEL": str(self.state.folder),
                "IPYTHONDIR": str(self.state.folder / "ipython"),
                "PYTHONSTARTUP": "",
                **self.state.environment,
            },
            metadata={"kernel_provisioner": {"provisioner_name": FORKED if can_fork() else PLAIN}},
        )

    async def start_kernel(  # type: ignore[override]  # as in the class that this one extends
        self, **settings: Any
    ) -> None:
        """Start it, unless the run was stopped meanwhile.

        What it prints past its cells is heard by nobody, since it may be of a row.
        """
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            await super().start_kernel(**silent, **settings)
        finally:
            self.state.process = getattr(self.provisioner, "pid", None) or 0
            if self.state.stopped.is_set():
                self.state.stop()


def make_kernel_class(state: KernelState) -> type[ChapterKernel]:
    """The class of one chapter's kernel: nbclient makes its managers itself, of a class."""
    factory = KernelProvisionerFactory.instance()
    forks = f"{ForkserverProvisioner.__module__}:{ForkserverProvisioner.__name__}"
    factory.provisioners[FORKED] = EntryPoint(FORKED, forks, factory.GROUP_NAME)
    return type("ChapterKernel", (ChapterKernel,), {"state": state})
