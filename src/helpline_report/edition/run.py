"""Run the chapters with papermill, and take nothing for granted that it calls a success."""

from __future__ import annotations

import copy
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from helpline_report.edition.notebooks import Notebook
from helpline_report.errors import ChapterError, HelplineError, MachineError
from helpline_report.figures.ledger import (
    RECORD_MIME,
    CellRecord,
    ChapterRecord,
    Ledger,
    Reference,
    add_once,
)
from helpline_report.params.project import Project

CELL_SECONDS = 600
START_SECONDS = 60

Progress = Callable[[str, float], None]


class ChapterKernel(AsyncKernelManager):
    """A kernel of this very Python, reached over files and not over the network.

    Where a system has no such sockets (Windows), the network of the machine itself serves.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._sockets = tempfile.mkdtemp(prefix="chapter-")
        if sys.platform != "win32":
            self.transport = "ipc"
            self.ip = str(Path(self._sockets) / "kernel")

    async def cleanup_resources(self, restart: bool = False) -> None:
        """Remove the sockets with the rest."""
        await super().cleanup_resources(restart=restart)
        if not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter, whatever kernels a user has installed under the same name."""
        argv = [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
        return KernelSpec(
            argv=[*argv, "-f", "{connection_file}"], display_name="chapter", language="python"
        )


@dataclass(frozen=True)
class Given:
    """What every chapter of an edition is given; the same names stand in its parameters cell."""

    edition: str
    overrides: tuple[str, ...]

    def parameters(self) -> dict[str, Any]:
        """As papermill injects them. A build shows nothing in the notebook itself."""
        return {"edition": self.edition, "overrides": list(self.overrides), "preview": False}


def run_chapters(
    project: Project,
    notebooks: Sequence[Notebook],
    given: Given,
    *,
    workers: int = 2,
    progress: Progress = lambda name, seconds: None,
) -> Ledger:
    """Execute every chapter, two at a time, and put what they recorded into one ledger.

    Raises:
        ChapterError: a cell raises, exits, leaves an output that is no reference, or doesn't run.
        MachineError: a kernel dies or hangs.
    """
    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)

    def run(notebook: Notebook) -> NotebookNode:
        start = time.monotonic()
        executed = _execute(project, notebook, given)
        progress(notebook.name, time.monotonic() - start)
        return executed

    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(run, notebook) for notebook in notebooks]
        try:
            executed = [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    return collect(given.edition, notebooks, executed)


def _execute(project: Project, notebook: Notebook, given: Given) -> NotebookNode:
    import papermill  # noqa: PLC0415 - seconds that a mistake in the parameters needn't wait for
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    where = f"notebooks/{notebook.file}"
    try:
        node = papermill.execute_notebook(
            copy.deepcopy(notebook.node),
            None,
            parameters=given.parameters(),
            progress_bar=False,
            kernel_name="python3",
            start_timeout=START_SECONDS,
            execution_timeout=CELL_SECONDS,
            request_save_on_cell_execute=False,
            kernel_manager_class=ChapterKernel,
            shutdown_kernel="immediate",
            record_timing=False,
            resources={"metadata": {"path": str(project.notebooks)}},
        )
    except PapermillExecutionError as error:
        raise _raised(error, notebook, where) from None
    except CellTimeoutError:
        raise MachineError(f"a cell ran longer than {CELL_SECONDS} s", where=where) from None
    except DeadKernelError:
        raise MachineError(
            "the kernel died",
            where=where,
            next_step="a cell ended it, or the machine ran out of memory; run the chapter in "
            "JupyterLab ('make lab') to see which cell",
        ) from None
    _check_ran(node, given, where)
    return node


def _raised(error: Any, notebook: Notebook, where: str) -> HelplineError:
    """What a cell raised: our own messages in full, of others no text that could hold a value."""
    cell = _cell_with(notebook, error.source)
    place = f"{where}, cell '{cell}'" if cell else where
    ours = error.ename in {kind.__name__ for kind in _errors(HelplineError)}
    if ours:
        return ChapterError(_plain(error.evalue), where=place)
    if error.ename in ("SystemExit", "KeyboardInterrupt"):
        return ChapterError(f"the cell ends the kernel ({error.ename})", where=place)
    return ChapterError(
        f"the cell raises {error.ename}",
        where=place,
        next_step="run the chapter in JupyterLab ('make lab') to see the traceback; it isn't shown "
        "here because it may hold values of rows",
    )


def _errors(kind: type[HelplineError]) -> list[type[HelplineError]]:
    return [kind, *(found for sub in kind.__subclasses__() for found in _errors(sub))]


def _plain(text: str) -> str:
    return text.strip() or "the cell raises an error without a message"


def _cell_with(notebook: Notebook, source: str) -> str:
    return next((cell.id for cell in notebook.node.cells if cell.source == source), "")


def _check_ran(node: NotebookNode, given: Given, where: str) -> None:
    """papermill calls it a success when a cell exits, or a kernel shuts itself down."""
    expected = 0
    for cell in node.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        expected += 1
        if cell.get("execution_count") != expected:
            raise ChapterError(
                "the chapter stopped before this cell",
                where=f"{where}, cell '{cell.id}'",
                next_step="a cell before it ends the kernel, by exit() or otherwise",
            )
    injected = [c for c in node.cells if "injected-parameters" in c.metadata.get("tags", [])]
    if len(injected) != 1 or not all(f"{name} = " in injected[0].source for name in _names(given)):
        raise ChapterError("the parameters didn't come back as they were given", where=where)


def _names(given: Given) -> list[str]:
    return list(given.parameters())


def collect(edition: str, notebooks: Sequence[Notebook], executed: Sequence[NotebookNode]) -> Ledger:
    """One ledger of what the cells of all chapters recorded.

    Raises:
        ChapterError: an output is no record, or a name is recorded twice.
    """
    ledger = Ledger(edition=edition)
    chapters = []
    for notebook, node in zip(notebooks, executed, strict=True):
        cells = []
        for cell in node.cells:
            if cell.cell_type == "code":
                where = f"notebooks/{notebook.file}, cell '{cell.id}'"
                cells.append(_collect_cell(cell, where, ledger))
        kept = tuple(cell for cell in cells if cell.figures or cell.shows)
        chapters.append(ChapterRecord(name=notebook.name, cells=kept))
    return ledger.model_copy(update={"chapters": tuple(chapters)})


def _collect_cell(cell: NotebookNode, where: str, ledger: Ledger) -> CellRecord:
    figures: list[str] = []
    shows: list[Reference] = []
    for output in cell.outputs:
        payload = output.get("data", {}).get(RECORD_MIME)
        if payload is None:
            raise _stray(output, where)
        fragment = Ledger.model_validate(payload["ledger"])
        figures += fragment.figures
        _merge(fragment, ledger, where)
        if "shows" in payload:
            shows.append(Reference.model_validate(payload["shows"]))
    return CellRecord(id=cell.id, figures=tuple(figures), shows=tuple(shows))


MERGED = ("figures", "series", "crosstabs", "charts", "tables", "highlights", "campaigns")
ALONE = ("quality", "missing")


def _merge(fragment: Ledger, ledger: Ledger, where: str) -> None:
    for kind in (*MERGED, *ALONE):
        known = getattr(ledger, kind)
        for name, item in getattr(fragment, kind).items():
            try:
                add_once(kind, known, name)
            except ChapterError as error:
                raise ChapterError(error.what, where=where) from None
            known[name] = item


def _stray(output: NotebookNode, where: str) -> ChapterError:
    kind = output.get("output_type", "")
    what = {
        "stream": f"the cell prints to {output.get('name', 'stdout')}",
        "error": "the cell raises an error",
    }.get(kind, "the cell shows something that is neither a figure, a chart nor a table")
    return ChapterError(
        f"a stray output: {what}",
        where=where,
        next_step="only what chapter.… records may leave a cell: rows could leave with anything else",
    )
