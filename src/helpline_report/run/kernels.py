"""Start a kernel for each chapter of a run: of this Python, reached over a socket on disk.

Kernels are forked from a process that has the libraries loaded, the fork server of the standard
library's `multiprocessing`. A system without it gets plain kernels. papermill and nbclient see no
difference.
"""

import asyncio
import gc
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
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
# Modules that every chapter uses.
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.magics",
    "helpline_report.chapter",
    "helpline_report.run.kernels",
    "helpline_report.run.observation",
)
WAIT_SECONDS = 0.02
LONGEST_FOLDER = 70  # the path of a socket has some hundred characters at most

# When `multiprocessing` starts a process, it polls all earlier ones. If another thread closed the
# file of one meanwhile, it would read from another file that got the same number.
_process_lock = threading.Lock()


def can_fork() -> bool:
    """Whether a process can be forked here with the modules that it has loaded: on Linux only.

    The libraries of macOS can crash in a forked process.
    """
    return sys.platform == "linux"


def start_forkserver() -> None:
    """Start the process that kernels are forked from; it loads libraries while this one goes on.

    It starts once: a later call changes nothing.
    """
    if not can_fork():
        return
    with _process_lock, hide_main():
        # A fork takes no threads along: OpenBLAS must compute without.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Nobody debugs these kernels: without this each build warns that breakpoints may be missed.
        os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        forkserver.set_forkserver_preload([*PRELOADED])
        previous, tempfile.tempdir = tempfile.tempdir, find_temporary_folder()
        try:
            forkserver.ensure_running()
        finally:
            tempfile.tempdir = previous


def find_temporary_folder() -> str:
    """The temporary folder; /tmp where the path of a socket in it would be too long."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < LONGEST_FOLDER else "/tmp"  # noqa: S108 - a short path


@contextmanager
def hide_main() -> Iterator[None]:
    """Hide the program's `__main__`: each new process would run it again.

    All threads share it: hide it before they start, and until they have ended.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def run_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Run a kernel in this new process until it ends; `folder` is its working directory."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    parent = multiprocessing.parent_process()
    if parent is not None:
        end_with(parent.join, str(Path(arguments[arguments.index("-f") + 1]).parent))
    # What a library prints past the kernel goes nowhere: it may hold a row.
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *arguments]
    # Kernels share the memory of loaded modules until one writes to it, as a collection would.
    gc.freeze()
    import_module("ipykernel.kernelapp").launch_new_instance()


class ForkserverProvisioner(LocalProvisioner):
    """Starts a kernel as `LocalProvisioner` does, but in a forked process."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a process that runs the kernel which `cmd` describes."""
        kernel = (cmd[cmd.index("-f") :], kwargs["env"], str(kwargs.get("cwd") or Path.cwd()))
        context = multiprocessing.get_context("forkserver")
        process = context.Process(target=run_kernel, args=kernel)
        with _process_lock:
            process.start()
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def poll(self) -> int | None:
        """The exit code of the process; None while it runs."""
        with _process_lock:
            return self.process.exitcode if self.process else 0

    async def wait(self) -> int | None:
        """Wait for the end of the process."""
        while (code := await self.poll()) is None:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(WAIT_SECONDS)
        with _process_lock:
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
    """The kernel of a chapter: its process, and the number of characters that each cell showed."""

    folder: Path
    environment: Mapping[str, str]
    stopped: Event
    process: int = 0
    output: Counter[str] = field(default_factory=Counter)

    @property
    def is_flooded(self) -> bool:
        """Whether a cell showed more than a chapter may: its kernel is then ended."""
        return max(self.output.values(), default=0) > supervision.FLOOD

    def stop(self) -> None:
        """End the kernel, and all that its cells have started."""
        if self.process:
            end_group(self.process)

    def count(self, message: Mapping[str, Any]) -> None:
        """Count the characters of a message, unless it is a record; a flood ends the kernel."""
        content, cell = message["content"], message["parent_header"].get("msg_id", "")
        data = content.get("data", {})
        if RECORD_MIME not in data:
            texts = [content.get("text", ""), *data.values()]
            self.output[cell] += sum(len(str(text)) for text in texts)
            if self.is_flooded:
                self.stop()


class CountedChannel(AsyncZMQSocketChannel):
    """The channel of a kernel's output; it counts each message."""

    async def get_msg(  # type: ignore[override]  # as in the class that this one extends
        self, *args: Any, **settings: Any
    ) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = await super().get_msg(*args, **settings)
        if isinstance(self.session.parent, ChapterKernel):
            self.session.parent.state.count(message)
        return message


class ChapterClient(AsyncKernelClient):
    """A client that counts what its kernel puts out."""

    iopub_channel_class = CountedChannel


class ChapterKernel(AsyncKernelManager):
    """A kernel of this Python: no kernel and no start-up file that a user has installed counts.

    It is reached over a socket on disk and not over the network.
    """

    state: KernelState

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_factory = ChapterClient
        self.connection_file = str(self.state.folder / "kernel.json")
        self.transport = "ipc"
        self.ip = str(self.state.folder / "kernel")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The command, the environment and the provisioner of the kernel."""
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
        """Start it; end it again if the run was stopped meanwhile.

        What a library prints past the kernel goes nowhere: it may hold a row.
        """
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            await super().start_kernel(**silent, **settings)
        finally:
            self.state.process = getattr(self.provisioner, "pid", None) or 0
            if self.state.stopped.is_set():
                self.state.stop()


def make_kernel_class(state: KernelState) -> type[ChapterKernel]:
    """The class of one chapter's kernel: nbclient takes a class, and makes the kernel itself."""
    factory = KernelProvisionerFactory.instance()
    target = f"{ForkserverProvisioner.__module__}:{ForkserverProvisioner.__name__}"
    factory.provisioners[FORKED] = EntryPoint(FORKED, target, factory.GROUP_NAME)
    return type("ChapterKernel", (ChapterKernel,), {"state": state})
