"""Execute the chapters with papermill, and check that each cell of them ran as it was given."""

import asyncio
import builtins
import logging
import re
import time
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from helpline_report.edition_register import hand_over
from helpline_report.errors import ChapterError, HelplineError, MachineError, UserError
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.parameters.project_folder import VARIABLE
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import make_private_folder, write_private
from helpline_report.run import kernels, supervision
from helpline_report.run.kernels import KernelState, make_kernel_class
from helpline_report.run.notebooks import INJECTED, Notebook
from helpline_report.run.records import (
    RUN,
    ChapterStore,
    list_unpublished_cells,
    strip_outputs,
    write_notebook_text,
)
from helpline_report.run.supervision import REPORT, REPORT_MIME

Executed = dict[str, NotebookNode]
# A notebook, the same as it was executed, and the seconds that it took.
_Finished = tuple[Notebook, NotebookNode, float]

log = logging.getLogger(__name__)

CLOSING = "helpline-report-closing"
# Where a traceback of IPython's names the line of a cell; it has colours.
CELL_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
# How many seconds a kernel may take to send its last output once a cell has finished.
OUTPUT_SECONDS = 60
# How many chapters run at a time.
WORKERS = 2
# The name by which nbclient knows that the kernel is ipykernel's.
KERNEL_NAME = "python3"


def list_parameters(edition: str, overrides: Sequence[str]) -> dict[str, Any]:
    """What papermill gives each chapter. A build shows nothing in the notebook itself."""
    return {"edition": edition, "overrides": list(overrides), "preview": False}


def run_chapters(
    project: Project,
    notebooks: Sequence[Notebook],
    parameters: Mapping[str, Any],
    output: str,
    *,
    register: Register | None = None,
    store: ChapterStore | None = None,
) -> Executed:
    """Execute every chapter, some at a time: the executed notebooks, in the order of the report.

    They are written to `.helpline/executed/OUTPUT/` once all of them are whole. `parameters` are
    what each chapter is given (`list_parameters`). One that `store` has as it would run now doesn't
    run. The first that fails stops the others. No process of a chapter outlives the run, however it
    ends. `register` are the tables that `parameters` lead to: kernels open them where they are, and
    read no export. What isn't published is logged, a line a chapter.

    Raises:
        ChapterError: a cell raises, exits, or doesn't run.
        MachineError: a kernel doesn't start, dies or hangs, or a notebook can't be written.
    """
    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    executed: Executed = {}
    for notebook in notebooks:
        node = store.get(notebook) if store else None
        if node is not None:
            executed[notebook.name] = node
    due = [notebook for notebook in notebooks if notebook.name not in executed]
    if due:
        kernels.start_forkserver()
        edition, overrides = parameters["edition"], parameters["overrides"]
        with hand_over(project, edition, overrides, register) as at_hand:
            environment = {**at_hand, VARIABLE: str(project.root)}
            with closing(_execute_all(project, due, parameters, environment)) as finished:
                for notebook, node, seconds in finished:
                    executed[notebook.name] = node
                    log.info("  %-12s %5.1f s", notebook.name, seconds)
    in_order = {notebook.name: executed[notebook.name] for notebook in notebooks}
    _write(project, output, in_order)
    if store:
        for notebook in due:
            store.put(notebook, executed[notebook.name])
    for node in in_order.values():
        if cells := list_unpublished_cells(node):
            file = node.metadata[RUN]["file"]
            what = "%s: left out is what these cells print, show or draw without chapter.…: %s"
            log.info(what, file, ", ".join(cells))
    return in_order


def _write(project: Project, output: str, executed: Mapping[str, NotebookNode]) -> None:
    folder = make_private_folder(project.private / "executed" / output)
    files = {node.metadata[RUN]["file"]: node for node in executed.values()}
    for file, node in files.items():
        write_private(folder / file, write_notebook_text(node))
    for path in folder.glob("*.ipynb"):
        if path.name not in files:
            path.unlink(missing_ok=True)


def _execute_all(
    project: Project,
    notebooks: Sequence[Notebook],
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
) -> Generator[_Finished]:
    """Yield each notebook when it finishes, as it ran, with the seconds that it took."""
    stopped, states, place = Event(), list[KernelState](), kernels.find_temporary_folder()

    def execute(notebook: Notebook) -> _Finished:
        with TemporaryDirectory("", "chapter-", place, ignore_cleanup_errors=True) as folder:
            state = KernelState(Path(folder), environment, stopped)
            states.append(state)
            return _execute(project, notebook, parameters, state)

    # The longest run first, so that none of them is left for the end while other cores wait.
    longest = sorted(notebooks, key=lambda chapter: len("".join(chapter.code())), reverse=True)
    with kernels.hide_main(), ThreadPoolExecutor(max_workers=WORKERS) as pool:
        futures = [pool.submit(execute, notebook) for notebook in longest]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()
            stopped.set()
            for state in states:
                state.stop()


def _execute(
    project: Project, notebook: Notebook, parameters: Mapping[str, Any], state: KernelState
) -> _Finished:
    start = time.monotonic()
    node = strip_outputs(notebook)
    node.cells.append(nbformat.v4.new_code_cell(REPORT, id=CLOSING))
    place = notebook.where

    def enter(cell: NotebookNode, cell_index: int) -> None:  # noqa: ARG001 - nbclient's names
        nonlocal place
        place = place if cell.id == CLOSING else _name_cell(notebook, cell.id)

    try:
        node = papermill.execute_notebook(
            node,
            None,
            parameters=dict(parameters),
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=supervision.START_SECONDS,
            execution_timeout=supervision.CELL_SECONDS,
            iopub_timeout=OUTPUT_SECONDS,
            kernel_manager_class=make_kernel_class(state),
            shutdown_kernel="immediate",
            record_timing=False,
            on_cell_execute=enter,
            resources={"metadata": {"path": str(project.notebooks)}},
        )
    except PapermillExecutionError as error:
        raise _describe_raised(error, place) from None
    except CellTimeoutError:
        seconds = supervision.CELL_SECONDS
        raise make_error(MachineError, "cell_too_long", place, seconds=seconds) from None
    except DeadKernelError:
        if state.is_flooded:
            raise make_error(ChapterError, "flood", place, most=supervision.FLOOD) from None
        raise make_error(MachineError, "process_died", place) from None
    except (RuntimeError, OSError, EOFError) as error:
        kind = type(error).__name__
        raise make_error(MachineError, "no_start", notebook.where, error=kind) from None
    finally:
        state.stop()
        state.process = 0
        _close_loop()
    return notebook, _check(node, notebook), time.monotonic() - start


def _close_loop() -> None:
    """Finish what nbclient leaves pending in this thread, for instance where a kernel died."""
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return  # no kernel was started
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()


def _name_cell(notebook: Notebook, cell: str) -> str:
    """Name a cell of the notebook by its id; papermill's own cell has another one in each run."""
    name = cell if cell in {each.id for each in notebook.cells} else INJECTED
    return f"{notebook.where}, cell '{name}'"


def _describe_raised(error: PapermillExecutionError, place: str) -> HelplineError:
    """The error of a cell: in full if it is ours; else without its text, which could hold a value.

    For another error it names the line.
    """
    name = str(error.ename)
    own_class = _list_error_classes(HelplineError).get(name)
    if own_class:
        kind = ChapterError if issubclass(own_class, UserError) else MachineError
        return kind(error.evalue.strip() or f"the cell raises {name}", where=place)
    if name in ("SystemExit", "KeyboardInterrupt"):
        return make_error(ChapterError, "cell_exits", place, name=name)
    if name == "MemoryError":
        return make_error(MachineError, "cell_memory", place)
    lines = CELL_LINE.findall(ANSI.sub("", "\n".join(error.traceback)))
    where = f"{place}, line {lines[-1]}" if lines else place
    # A class that code made may be called after a value of a row.
    is_harmless = hasattr(builtins, name) or name in re.findall(r"\w+", error.source)
    raised = name if is_harmless else "an error that isn't one of Python's own"
    return make_error(ChapterError, "cell_raises", where, error=raised)


def _list_error_classes(kind: type[HelplineError]) -> dict[str, type[HelplineError]]:
    errors = {kind.__name__: kind}
    for sub in kind.__subclasses__():
        errors |= _list_error_classes(sub)
    return errors


def _check(node: NotebookNode, notebook: Notebook) -> NotebookNode:
    """The notebook without what papermill and this run added, if all of it ran.

    papermill calls it a success when a cell exits, or a kernel shuts itself down.
    """
    last = node.cells.pop()
    cells = [cell for cell in node.cells if cell.cell_type == "code" and cell.source.strip()]
    before = ""
    for expected, cell in enumerate([*cells, last], start=1):
        if any(output.get("ename") == "SystemExit" for output in cell.outputs):
            place = _name_cell(notebook, cell.id)
            raise make_error(ChapterError, "cell_exits", place, name="SystemExit")
        if cell.get("execution_count") != expected:
            place = _name_cell(notebook, before if cell.id == CLOSING else cell.id)
            if not before:
                # The kernel was ended before any cell ran, and so by none of them.
                raise make_error(MachineError, "process_died", notebook.where)
            raise make_error(ChapterError, "not_run", place, before=before)
        before = cell.id
    report = next(o.data[REPORT_MIME] for o in last.outputs if REPORT_MIME in o.get("data", {}))
    for number, error in report.pop("threads"):
        place = _name_cell(notebook, cells[min(number, len(cells)) - 1].id)
        raise make_error(ChapterError, "thread_raises", place, error=error)
    stored = {cell.id: cell.metadata for cell in notebook.cells}
    for cell in node.cells:
        cell.id = cell.id if cell.id in stored else INJECTED
        cell.metadata = nbformat.from_dict(stored.get(cell.id, {"tags": [INJECTED]}))
    node.metadata.pop("papermill", None)
    node.metadata[RUN] = {"file": notebook.file, **report}
    return node
