"""A chapter within a process of its own: papermill with an IPython shell, and no kernel.

Only a process that was forked for it comes here, and it doesn't come back: what it prints, and
what its cells leave running, is its own.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import papermill

# What a shell loads when it starts is loaded once, and not by each chapter's process.
from IPython.core import application, logger, magics, oinspect  # noqa: F401
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from nbformat import from_dict
from papermill.engines import Engine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from helpline_report.figures.recording import show_read
from helpline_report.parameters.reading import READING
from helpline_report.report.endings import Task

ENGINE = "worker"
# For what threads and programs of the last cell print when that is through.
LAST_SECONDS = 0.02
# What Python itself keeps from a user, unless it is asked.
UNSAID = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)

Outputs = list[dict[str, Any]]
Tell = Callable[..., None]


def work(task: Task, prepare: Callable[[], None]) -> None:
    """Run a chapter, and tell how it went: the cell it comes to, that it rests, how it ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    gc.freeze()
    _redirect(task.printed[0].fileno(), task.printed[1].fileno())
    # What papermill says of a cell of parameters would be taken for the cell's own words.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    os.chdir(task.folder)

    def tell(how: str, *said: str) -> None:
        task.told.send((how, *said))

    try:
        prepare()
        READING.forget()
        node = papermill.execute_notebook(
            task.due.node,
            None,
            parameters=task.due.parameters,
            engine_name=ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cells=Cells(task.own, tell),
        )
        tell("ran", json.dumps(node))
    except PapermillExecutionError as error:
        tell("raised", error.ename, error.evalue)
    except Exception as error:  # noqa: BLE001 - the process ends here: its parent tells
        tell("no_start", type(error).__name__)


def _redirect(*printed: int) -> None:
    """Nothing comes in, and what goes out goes to files, whoever of the process writes it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in enumerate((nothing, *printed)):
        os.dup2(source, target)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    warnings.showwarning = _show
    warnings.resetwarnings()
    for category in UNSAID:
        warnings.simplefilter("ignore", category)


def _stream(number: int) -> TextIO:
    return open(number, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)


def _show(message: Warning | str, category: type[Warning], *where: Any, **_: Any) -> None:
    """A warning as Python prints it: that there is one is what counts."""
    sys.stderr.write(warnings.formatwarning(message, category, *where[:2]))


class Cells:
    """A shell that runs cells one after another, and keeps what each leaves."""

    def __init__(self, own: Path, tell: Tell) -> None:
        self.tell = tell
        self._read = {1: 0, 2: 0}
        InteractiveShell.clear_instance()
        self._shell = ChapterShell.instance(ipython_dir=str(own))

    def run(self, source: str) -> tuple[Outputs, BaseException | None]:
        """The outputs of a cell, and what it raised."""
        shell = self._shell
        shell.left = []
        shell.source = source
        result = shell.run_cell(source, store_history=True)
        return shell.left + self.printed(), result.error_before_exec or result.error_in_exec

    def last_words(self) -> Outputs:
        """What the chapter has read, after what its threads and programs still printed."""
        self._shell.left = []
        show_read()
        return self.printed() + self._shell.left

    def printed(self) -> Outputs:
        """What was printed since this was last asked: that there is something, and not what."""
        found: Outputs = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            (sys.stdout if number == 1 else sys.stderr).flush()
            size = os.fstat(number).st_size
            if size > self._read[number]:
                found.append({"output_type": "stream", "name": name, "text": ""})
            self._read[number] = size
        return found


class Hook(DisplayHook):
    """The value of a cell's last expression, where it shows anything."""

    shell: Any

    def __call__(self, result: object = None) -> None:
        """Keep what the value shows; a semicolon at the end of the cell keeps it in."""
        if result is None or self.semicolon_at_end_of_expression(self.shell.source):
            return
        data, metadata = self.compute_format_data(result)
        if data:
            self.shell.leave("execute_result", data, metadata)


class Publisher(DisplayPublisher):
    """What a cell displays."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        """Keep a bundle of data by MIME type."""
        self.shell.leave("display_data", data, metadata or {})


class ChapterShell(InteractiveShell):
    """IPython's shell without a terminal: tracebacks go nowhere, since they may hold values."""

    left: Outputs = []
    source = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(displayhook_class=Hook, display_pub_class=Publisher, **settings)

    def init_completer(self) -> None:
        """Nothing: nobody types here, and what completes takes half of a shell's start."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """No folders, likewise: a profile is a user's own."""

    def init_history(self) -> None:
        """Remember the cells of this chapter, and write them nowhere."""
        self.history_manager = HistoryManager(
            shell=self, parent=self, enabled=False, hist_file=":memory:"
        )
        self.configurables.append(self.history_manager)  # type: ignore[arg-type]

    def leave(self, kind: str, data: Any, metadata: Any) -> None:
        """Keep an output of the cell that runs, as a notebook holds it."""
        self.left.append({"output_type": kind, "data": data, "metadata": metadata})

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Nothing: what a cell raises is told with its class."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Nothing, likewise."""


class WorkerEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """papermill's contract: each code cell runs, until one raises."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003 - papermill's names
        *,
        cells: Cells,
        **_: Any,
    ) -> None:
        """Run the cells of a notebook, and leave their outputs in it."""
        ran = 0
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            ran += 1
            cells.tell("cell", cell.id)
            outputs, error = cells.run(cell.source)
            cell.execution_count = ran
            cell.outputs = from_dict(outputs)
            if error is not None:
                cell.outputs.append(from_dict(_raised(error)))
                nb_man.cell_exception(cell, cell_index=index, exception=error)
                return
        if ran:
            cells.tell("rests")
            time.sleep(LAST_SECONDS)
            last = [cell for cell in nb_man.nb.cells if cell.get("execution_count")][-1]
            last.outputs.extend(from_dict(cells.last_words()))


def _raised(error: BaseException) -> dict[str, Any]:
    name, text = type(error).__name__, str(error)
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": []}


papermill_engines.register(ENGINE, WorkerEngine)
