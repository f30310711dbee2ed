"""Run the chapters with papermill, and take nothing for granted that it calls a success."""

from __future__ import annotations

import ast
import copy
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from helpline_report.edition import limits
from helpline_report.edition.chapter_cache import ChapterCache
from helpline_report.edition.collecting import collect, stray
from helpline_report.edition.guard import guarded
from helpline_report.edition.notebooks import Notebook
from helpline_report.errors import ChapterError, HelplineError, MachineError, UserError
from helpline_report.figures.ledger import Ledger
from helpline_report.params.project import Project

if TYPE_CHECKING:
    from helpline_report.edition.kernel import Kernels

Progress = Callable[[str, float], None]

SEE = "run the chapter in JupyterLab ('make lab') to see"


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
    cache: ChapterCache | None = None,
) -> Ledger:
    """Execute every chapter, two at a time, and put what they recorded into one ledger.

    A chapter that `cache` has as it would run now doesn't run. The first that fails stops the
    others. No kernel outlives the run, however it ends.

    Raises:
        ChapterError: a cell raises, exits, leaves an output that is no reference, or doesn't run.
        MachineError: a kernel doesn't start, dies or hangs.
    """
    kept = {n.name: node for n in notebooks if cache and (node := cache.get(n)) is not None}
    due = [notebook for notebook in notebooks if notebook.name not in kept]
    ran = _run_all(project, due, given, workers, progress) if due else {}
    executed = {**kept, **ran}
    ledger = collect(given.edition, notebooks, [executed[n.name] for n in notebooks])
    # What is refused isn't kept: a thread may fail today and not tomorrow.
    for notebook in due:
        if cache is not None:
            cache.put(notebook, ran[notebook.name])
    return ledger


def _run_all(
    project: Project, notebooks: Sequence[Notebook], given: Given, workers: int, progress: Progress
) -> dict[str, NotebookNode]:
    from helpline_report.edition.kernel import Kernels  # noqa: PLC0415 - imports papermill

    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

    def run(notebook: Notebook, kernels: Kernels) -> NotebookNode:
        start = time.monotonic()
        executed = _execute(project, notebook, given, kernels)
        progress(notebook.name, time.monotonic() - start)
        return executed

    with guarded() as guard, ThreadPoolExecutor(max_workers=workers) as pool:
        kernels = Kernels(guard)
        futures = [pool.submit(run, notebook, kernels) for notebook in notebooks]
        try:
            done = wait(futures, return_when=FIRST_EXCEPTION).done
            executed = [future.result() for future in futures if future in done]
        finally:
            for future in futures:
                future.cancel()
            kernels.stop()
    return {notebook.name: node for notebook, node in zip(notebooks, executed, strict=True)}


def _execute(project: Project, notebook: Notebook, given: Given, kernels: Kernels) -> NotebookNode:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from helpline_report.edition.kernel import Watch, execute  # noqa: PLC0415

    watch = Watch(kernels)
    file = f"notebooks/{notebook.file}"
    try:
        node = execute(copy.deepcopy(notebook.node), given.parameters(), project.notebooks, watch)
    except PapermillExecutionError as error:
        raise _raised(error, _place(file, watch.cell)) from None
    except CellTimeoutError:
        what = f"the cell ran longer than {limits.CELL_SECONDS} s, and was ended"
        raise MachineError(
            what, where=_place(file, watch.cell), next_step=f"{SEE} what it waits for"
        ) from None
    except DeadKernelError:
        if watch.flooded:
            raise stray("the cell prints without end", _place(file, watch.cell)) from None
        raise MachineError(
            "the kernel died",
            where=_place(file, watch.cell),
            next_step=f"the cell ended it, or the machine ran out of memory; {SEE} which",
        ) from None
    except (RuntimeError, OSError) as error:
        kind = type(error).__name__
        raise MachineError(
            f"the kernel doesn't start ({kind})",
            where=file,
            next_step="see that the machine has memory and processes to spare, and run again; if "
            "it stays so, set up anew: make clean report",
        ) from None
    _check_ran(node, file)
    _check_given(node, given, file)
    return node


def _place(file: str, cell: str) -> str:
    return f"{file}, cell '{cell}'" if cell else file


def _raised(error: Any, place: str) -> HelplineError:
    """What a cell raised: our own messages in full, of others no text that could hold a value."""
    ours = _errors(HelplineError).get(error.ename)
    if ours:
        kind = ChapterError if issubclass(ours, UserError) else MachineError
        return kind(error.evalue.strip() or f"the cell raises {error.ename}", where=place)
    if error.ename in ("SystemExit", "KeyboardInterrupt"):
        return _ends(error.ename, place)
    if error.ename == "MemoryError":
        return MachineError(
            "the machine has too little memory for the cell",
            where=place,
            next_step="end other programs and run again; if it stays so, let the cell hold less",
        )
    return ChapterError(
        f"the cell raises {error.ename}",
        where=place,
        next_step=f"{SEE} the traceback; it isn't shown here, since it may hold values of rows",
    )


def _ends(name: str, place: str) -> ChapterError:
    return ChapterError(
        f"the cell ends the chapter ({name})",
        where=place,
        next_step="a chapter runs to its last cell: take out what ends it",
    )


def _errors(kind: type[HelplineError]) -> dict[str, type[HelplineError]]:
    found = {kind.__name__: kind}
    for sub in kind.__subclasses__():
        found |= _errors(sub)
    return found


def _check_ran(node: NotebookNode, file: str) -> None:
    """papermill calls it a success when a cell exits, or a kernel shuts itself down."""
    before = ""
    expected = 0
    for cell in node.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        expected += 1
        exits = any(output.get("ename") == "SystemExit" for output in cell.outputs)
        if exits:
            raise _ends("SystemExit", _place(file, cell.id))
        if cell.get("execution_count") != expected:
            raise ChapterError(
                "the cell did not run",
                where=_place(file, cell.id),
                next_step=f"see what the cell before it does to the kernel: '{before}'",
            )
        before = cell.id


def _check_given(node: NotebookNode, given: Given, file: str) -> None:
    """papermill calls it a success when a chapter runs on its defaults."""
    injected = [c for c in node.cells if "injected-parameters" in c.metadata.get("tags", [])]
    if len(injected) == 1 and _assigned(injected[0].source) == given.parameters():
        return
    raise ChapterError(
        "the parameters didn't come to the chapter as they were given",
        where=file,
        next_step="let the cell tagged 'parameters' set edition, overrides and preview, no more",
    )


def _assigned(source: str) -> dict[str, Any] | None:
    """The values that a cell of plain assignments sets; None if it is anything else."""
    try:
        return {
            statement.targets[0].id: ast.literal_eval(statement.value)  # type: ignore[attr-defined]
            for statement in ast.parse(source).body
        }
    except (SyntaxError, ValueError, AttributeError):
        return None
