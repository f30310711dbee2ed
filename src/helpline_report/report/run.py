"""Run the chapters with papermill, and take nothing for granted that it calls a success."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from nbformat import NotebookNode

from helpline_report.edition_register import hold_open
from helpline_report.errors import ChapterError, HelplineError, MachineError, UserError
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.recording import take_read
from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import Read
from helpline_report.processes.forking import can_fork
from helpline_report.report import limits
from helpline_report.report.chapter_cache import ChapterCache
from helpline_report.report.collecting import collect, stray
from helpline_report.report.endings import Due, Ending, Engine
from helpline_report.report.forked import run_forked
from helpline_report.report.notebooks import Notebook

EngineName = Literal["fork", "kernel"]
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
    engine: EngineName | None = None,
    register: Register | None = None,
) -> tuple[Ledger, dict[str, NotebookNode]]:
    """Execute every chapter, two at a time, and put what they recorded into one ledger.

    Beside the ledger stand the executed notebooks, by the names of their chapters.

    A chapter that `cache` has as it would run now doesn't run. The first that fails stops the
    others. No process of a chapter outlives the run, however it ends. `register` are the tables
    that `given` leads to: a chapter in a forked process has them at hand, and reads nothing.

    Raises:
        ChapterError: a cell raises, exits, leaves an output that is no reference, or doesn't run.
        MachineError: a chapter's process doesn't start, dies or hangs.
    """
    kept = {n.name: node for n in notebooks if cache and (node := cache.get(n)) is not None}
    due = {notebook.name: notebook for notebook in notebooks if notebook.name not in kept}
    run = _engine(engine, partial(_prepare, project, given, register))
    chapters = [
        Due(n.name, copy.deepcopy(n.node), given.parameters())
        for n in sorted(due.values(), key=_length, reverse=True)
    ]
    ran: dict[str, NotebookNode] = {}
    read: dict[str, Read | None] = {}
    # After a failure nothing runs on: closed, an engine ends what runs.
    with closing(run(chapters, project.notebooks, workers)) as endings:
        for ending in endings if chapters else ():
            notebook = due[ending.name]
            ran[ending.name] = _executed(ending, f"notebooks/{notebook.file}", given)
            read[ending.name] = take_read(ran[ending.name])
            progress(ending.name, ending.seconds)
    executed = {n.name: _whole(n, {**kept, **ran}[n.name]) for n in notebooks}
    ledger = collect(given.edition, notebooks, list(executed.values()))
    # What is refused isn't kept: a thread may fail today and not tomorrow.
    for name, notebook in due.items():
        if cache is not None:
            cache.put(notebook, ran[name], read[name])
    return ledger, executed


def _whole(notebook: Notebook, ran: NotebookNode) -> NotebookNode:
    """A chapter as it is stored, with what its cells left when they ran."""
    outputs = {cell.id: cell.outputs for cell in ran.cells if cell.cell_type == "code"}
    whole = copy.deepcopy(notebook.node)
    for cell in whole.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs[cell.id]
    return whole


def _length(notebook: Notebook) -> int:
    """How much code a chapter has: the longest begin, and no core waits for one that came last."""
    return sum(len(cell.source) for cell in notebook.node.cells if cell.cell_type == "code")


def _prepare(project: Project, given: Given, register: Register | None) -> None:
    """Let a chapter of this process find its tables where they are: in memory."""
    if register is not None:
        hold_open(project, given.edition, given.overrides, register)


def _engine(name: EngineName | None, prepare: Callable[[], None]) -> Engine:
    """The engine of a name; where none is named, the quickest that this system bears."""
    if name is None:
        name = "fork" if can_fork() else "kernel"
    if name == "fork":
        if not can_fork():
            raise MachineError(
                "chapters can't be run in forked processes on this system",
                next_step="leave --engine out, or say --engine kernel",
            )
        return partial(run_forked, prepare=prepare)
    from helpline_report.report.kernel import run_in_kernels  # noqa: PLC0415 - loads much

    return run_in_kernels


def _executed(ending: Ending, file: str, given: Given) -> NotebookNode:
    """The chapter as it ran.

    Raises:
        ChapterError, MachineError: it didn't, or not all of it.
    """
    place = _place(file, ending.cell)
    if ending.how == "raised":
        raise _raised(ending.kind, ending.text, place)
    if ending.how == "too_long":
        raise MachineError(
            f"the cell ran longer than {limits.CELL_SECONDS} s, and was ended",
            where=place,
            next_step=f"{SEE} what it waits for",
        )
    if ending.how == "flooded":
        raise stray("the cell prints without end", place)
    if ending.how == "died":
        raise MachineError(
            "the chapter's process died",
            where=place,
            next_step=f"the cell ended it, or the machine ran out of memory; {SEE} which",
        )
    if ending.how == "no_start" or ending.node is None:
        raise MachineError(
            f"the chapter's process doesn't start ({ending.kind})",
            where=file,
            next_step="see that the machine has memory and processes to spare, and run again; if "
            "it stays so, set up anew: make clean report",
        )
    _check_ran(ending.node, file)
    _check_given(ending.node, given, file)
    return ending.node


def _place(file: str, cell: str) -> str:
    return f"{file}, cell '{cell}'" if cell else file


def _raised(name: str, text: str, place: str) -> HelplineError:
    """What a cell raised: our own messages in full, of others no text that could hold a value."""
    ours = _errors(HelplineError).get(name)
    if ours:
        kind = ChapterError if issubclass(ours, UserError) else MachineError
        return kind(text.strip() or f"the cell raises {name}", where=place)
    if name in ("SystemExit", "KeyboardInterrupt"):
        return _ends(name, place)
    if name == "MemoryError":
        return MachineError(
            "the machine has too little memory for the cell",
            where=place,
            next_step="end other programs and run again; if it stays so, let the cell hold less",
        )
    return ChapterError(
        f"the cell raises {name}",
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
