"""The kernels of a run: of this very Python, reached over files, and ended with their chapter."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.run import kernel_provisioner, limits
from helpline_report.run.supervision import BEGIN
from helpline_report.side_process import end_group

PLAIN = "local-provisioner"


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
        return max(self.output.values(), default=0) > limits.FLOOD

    def start(self, process: int) -> None:
        """The kernel has started; if the run was stopped meanwhile, it ends at once."""
        self.process = process
        if self.stopped.is_set():
            self.stop()

    def stop(self) -> None:
        """End the kernel, and all that its cells have started."""
        if self.process:
            end_group(self.process)

    def end(self) -> None:
        """The chapter is through: nothing that its cells have left goes on."""
        self.stop()
        self.process = 0

    def count(self, message: Mapping[str, Any]) -> None:
        """Count what a cell shows, unless it is a record; a flood ends the kernel."""
        content, cell = message["content"], message["parent_header"].get("msg_id", "")
        data = content.get("data", {})
        if RECORD_MIME not in data:
            self.output[cell] += len(content.get("text", "")) + sum(
                len(str(d)) for d in data.values()
            )
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
        forked = kernel_provisioner.is_available()
        provisioner = kernel_provisioner.NAME if forked else PLAIN
        python = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
        folder = str(self.state.folder)
        return KernelSpec(
            argv=[*python, "-f", "{connection_file}", f"--IPKernelApp.exec_lines={BEGIN}"],
            display_name="chapter",
            language="python",
            env={
                "HELPLINE_KERNEL": folder,
                "IPYTHONDIR": str(self.state.folder / "ipython"),
                "PYTHONSTARTUP": "",
                **self.state.environment,
            },
            metadata={"kernel_provisioner": {"provisioner_name": provisioner}},
        )

    async def start_kernel(  # type: ignore[override]  # as in the class that this one extends
        self, **settings: Any
    ) -> None:
        """Start it; what it prints past its cells is heard by nobody, since it may be of a row."""
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            await super().start_kernel(**silent, **settings)
        finally:
            process = getattr(self.provisioner, "pid", None)
            if process is not None:
                self.state.start(process)


def kernel_of(state: KernelState) -> type[ChapterKernel]:
    """The class of one chapter's kernel: nbclient makes its managers itself, of a class."""
    return type("ChapterKernel", (ChapterKernel,), {"state": state})
