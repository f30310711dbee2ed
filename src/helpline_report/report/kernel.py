"""One chapter in a kernel of this very Python, shut off from the user's own, and ended after it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Empty
from typing import Any, cast

import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.processes.ends import end
from helpline_report.processes.guard import Guard, guarded
from helpline_report.report import limits
from helpline_report.report.endings import Due, Ending, How

# Run after the last cell, so that all is heard which its threads and programs have printed; then
# it is told what the chapter has read.
LAST_WORDS = """
import sys, time
time.sleep(0.02)
sys.stdout.flush()
sys.stderr.flush()
from helpline_report.figures.recording import show_read
show_read()
"""
LAST_SECONDS = 5
# The path of a socket has some hundred characters at most, by the system's rule.
LONGEST = 70

ENGINE = "chapter"
OUTPUTS = ("stream", "display_data", "execute_result")


class ChapterKernel(AsyncKernelManager):
    """A kernel of this very Python, reached over files and not over the network.

    Where a system has no such sockets (Windows), the network of the machine itself serves. All
    that the kernel writes of its own lies in `folder`, and goes with it.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.folder = Path(tempfile.mkdtemp(prefix="chapter-", dir=_short(tempfile.gettempdir())))
        self.connection_file = str(self.folder / "kernel.json")
        if sys.platform != "win32":
            self.transport = "ipc"
            self.ip = str(self.folder / "kernel")

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter, whatever a user has installed under the name or has run at start."""
        argv = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
        return KernelSpec(
            argv=[*argv, "-f", "{connection_file}"],
            display_name="chapter",
            language="python",
            env={"IPYTHONDIR": str(self.folder / "ipython"), "PYTHONSTARTUP": ""},
        )


def _short(folder: str) -> str:
    """A folder for sockets: where the temporary one is too deep for their paths, the system's."""
    return folder if len(folder) < LONGEST or sys.platform == "win32" else "/tmp"  # noqa: S108


class Kernels:
    """The kernels of a run, so that all of them end when the run does."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._stopped = False

    def started(self, process: int, folder: Path) -> None:
        """A kernel has started; if the run was stopped meanwhile, it ends at once."""
        with self._lock:
            self._running.add(process)
            self._guard.watch(process, folder)
            limits.limit_memory(process)
            if self._stopped:
                end(process)

    def ended(self, process: int) -> None:
        """A kernel is through: end what its cells have left running."""
        with self._lock:
            self._running.discard(process)
            end(process)
            self._guard.release(process)

    def stop(self) -> None:
        """End them all, and each that is still to start."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                end(process)


class Watch:
    """What is known of a running chapter: its process, the cell it is at, how much that printed."""

    def __init__(self, kernels: Kernels) -> None:
        self.kernels = kernels
        self.process = 0
        self.cell = ""
        self.printed = 0

    @property
    def flooded(self) -> bool:
        """Whether a cell printed so much that it was stopped."""
        return self.printed > limits.FLOOD

    def started(self, process: int, folder: Path) -> None:
        """The chapter has its kernel, which keeps its files in `folder`."""
        self.process = process
        self.kernels.started(process, folder)

    def saw(self, output: NotebookNode) -> None:
        """The cell left an output: if it is no record, it counts, and a flood ends the kernel."""
        data = output.get("data", {})
        if RECORD_MIME not in data:
            self.printed += len(output.get("text", "")) + sum(len(str(v)) for v in data.values())
        if self.flooded:
            end(self.process)


class ChapterClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """papermill's client, which says where it is and lets no kernel outlive it."""

    def __init__(self, nb_man: Any, *, watch: Watch, **settings: Any) -> None:
        super().__init__(nb_man, **settings)
        self._watch = watch
        self.on_cell_execute = self._at

    def execute(self, **settings: Any) -> NotebookNode:
        """Run the chapter; whatever happens, its kernel and its folder are gone afterwards."""
        kernel = self.create_kernel_manager()
        self.owns_km = True
        try:
            return cast("NotebookNode", super().execute(cleanup_kc=True, **settings))
        finally:
            if self._watch.process:
                self._watch.kernels.ended(self._watch.process)
            shutil.rmtree(kernel.folder, ignore_errors=True)

    def start_new_kernel(self, **settings: Any) -> None:
        """Start it; what it prints past its cells is heard by nobody, since it may be of a row."""
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        super().start_new_kernel(**silent, **settings)
        self._watch.started(self.km.provisioner.pid, self.km.folder)

    def papermill_execute_cells(self) -> None:
        """All cells, and what threads of the last ones print when those are through."""
        super().papermill_execute_cells()
        ran = [(i, c) for i, c in enumerate(self.nb.cells) if c.get("execution_count")]
        if not ran:
            return
        index, cell = ran[-1]
        last = self.kc.execute(LAST_WORDS, silent=True, store_history=False)
        hear = run_sync(self.kc.iopub_channel.get_msg)
        while True:
            try:
                message = hear(timeout=LAST_SECONDS)
            except Empty:
                return  # the kernel is dead, which papermill finds out next
            if message["msg_type"] in OUTPUTS:
                self.output(cell.outputs, message, None, index)
            state = message["content"].get("execution_state")
            if state == "idle" and message["parent_header"].get("msg_id") == last:
                return

    def process_message(self, *given: Any, **named: Any) -> NotebookNode | None:
        """What a cell leaves, counted."""
        output = super().process_message(*given, **named)
        if output is not None:
            self._watch.saw(output)
        return cast("NotebookNode | None", output)

    def _at(self, cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG002 - nbclient's names
        self._watch.cell = cell.id


class ChapterEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's engine with the client above."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, watch: Watch, **given: Any
    ) -> NotebookNode:
        """Execute the cells, as papermill has its engines do."""
        client = ChapterClient(
            nb_man,
            watch=watch,
            kernel_name=kernel_name,
            kernel_manager_class=ChapterKernel,
            timeout=limits.CELL_SECONDS,
            startup_timeout=limits.START_SECONDS,
            shutdown_kernel="immediate",
            record_timing=False,
            log=papermill.log.logger,
            resources=given["resources"],
        )
        return client.execute()


papermill_engines.register(ENGINE, ChapterEngine)


def run_in_kernels(chapters: Sequence[Due], folder: Path, workers: int) -> Generator[Ending]:
    """Run chapters in `folder`, each in a kernel of its own; no kernel outlives this.

    Closed before its end, it ends what runs.
    """
    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with guarded() as guard, ThreadPoolExecutor(max_workers=workers) as pool:
        kernels = Kernels(guard)
        futures = [pool.submit(_execute, due, folder, Watch(kernels)) for due in chapters]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()
            kernels.stop()


def _execute(due: Due, folder: Path, watch: Watch) -> Ending:
    """Run one chapter, and tell how it ended."""
    start = time.monotonic()

    def ending(how: How, **more: Any) -> Ending:
        return Ending(due.name, how, time.monotonic() - start, watch.cell, **more)

    try:
        return ending("ran", node=_run(due, folder, watch))
    except PapermillExecutionError as error:
        return ending("raised", kind=error.ename, text=error.evalue)
    except CellTimeoutError:
        return ending("too_long")
    except DeadKernelError:
        return ending("flooded" if watch.flooded else "died")
    except (RuntimeError, OSError) as error:
        return ending("no_start", kind=type(error).__name__)


def _run(due: Due, folder: Path, watch: Watch) -> NotebookNode:
    try:
        executed = papermill.execute_notebook(
            due.node,
            None,
            parameters=due.parameters,
            engine_name=ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            watch=watch,
            resources={"metadata": {"path": str(folder)}},
        )
    finally:
        _close_loop()
    return cast("NotebookNode", executed)


def _close_loop() -> None:
    """Finish what nbclient leaves pending in this thread, where a kernel died say."""
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return  # it came to no kernel
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()
