"""Build a drawn project in this process, without kernels, and judge what became of it."""

import json
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from helpline_report import build as builds
from helpline_report.chapter import Chapter
from helpline_report.charts import drawing
from helpline_report.errors import ExportError, HelplineError
from helpline_report.parameters.project import Project
from helpline_report.run import records
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.run.records import RUN, strip_outputs
from tests.projects.people import read_truth
from tests.projects.project import Drawn
from tests.projects.truth import Oracle, find_differences

ASKED = re.compile(r"→ what is known, add (?:to|under 'acknowledged:' in) params/(.+)\.yaml:")
MOST_ASKED = 6
REASON = {"nl": "het is nagekeken en het klopt", "en": "it was looked up and is right"}


@dataclass
class Outcome:
    """What became of a project: its exit code, the message, and what was asked before."""

    seed: int
    exit_code: int
    verdict: str = ""
    message: str = ""
    asked: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


@contextmanager
def without_kernels(root: Path, ledgers: list[str]) -> Iterator[None]:
    """Run chapters and charts of a project in this process; adds to the ledgers what they count."""
    collect = records.collect

    def collect_and_keep(*arguments: Any) -> Any:
        ledger = collect(*arguments)
        ledgers.append(ledger.to_json())
        return ledger

    with ExitStack() as stack:
        stack.enter_context(patch.object(builds, "run_chapters", _run_chapters))
        stack.enter_context(patch.object(builds, "start_forkserver", lambda: None))
        stack.enter_context(patch.object(builds, "collect", collect_and_keep))
        stack.enter_context(patch.object(drawing, "draw_apart", _draw_here))
        stack.enter_context(patch.object(sys, "path", [*sys.path, str(root / "notebooks")]))
        sys.modules.pop("plots", None)
        invalidate_caches()
        try:
            yield
        finally:
            sys.modules.pop("plots", None)


def _run_chapters(
    project: Project,  # noqa: ARG001 - as the program calls it
    notebooks: Sequence[Notebook],
    parameters: Mapping[str, Any],  # noqa: ARG001
    output: str,  # noqa: ARG001
    *,
    register: Any = None,
    store: Any = None,  # noqa: ARG001
) -> dict[str, NotebookNode]:
    return {each.name: _execute(each, register) for each in notebooks}


def _execute(notebook: Notebook, register: Any) -> NotebookNode:
    """Run the cells of a chapter; each has what it recorded as its outputs."""
    node = strip_outputs(notebook)
    names: dict[str, Any] = {}

    def open_here(name: str, *_: Any, **__: Any) -> Chapter:
        return Chapter(name, register)

    cells = []
    for number, cell in enumerate(node.cells):
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        bundles: list[dict[str, Any]] = []
        with (
            patch("helpline_report.chapter._show_bundle", bundles.append),
            patch("helpline_report.chapter.open_chapter", open_here),
        ):
            exec(compile(cell.source, f"cell {cell.id}", "exec"), names)  # noqa: S102
        cell.outputs = [new_output("display_data", data=bundle) for bundle in bundles]
        cell.execution_count = number + 1
        if TAG_PARAMETERS in read_tags(cell):
            names |= {"edition": register.edition.edition, "preview": False}
            injected = new_code_cell("", id=INJECTED, metadata={"tags": [INJECTED]})
            cells.append(injected)
    node.cells = cells
    node.metadata[RUN] = {"file": notebook.file, "outside": []}
    return node


def _draw_here(chart: Any, frame: Any, themes: Any, sources: Any) -> list[tuple[str, float]]:  # noqa: ARG001
    module, _, name = chart.function.partition(".")
    draws = getattr(import_module(module), name)
    return [drawing.paint_own(chart.id, draws, frame, theme) for theme in themes]


def run_project(drawn: Drawn, folder: Path, *, read_back: bool = True) -> Outcome:
    """Write a project, build it in this process, and hold it to its truth and what was foretold.

    What is asked about it is acknowledged. Without `read_back` finished files aren't read.
    """
    with ExitStack() as stack:
        if not read_back:
            stack.enter_context(
                patch("helpline_report.publishing.read_back", lambda *_, **__: None)
            )
        outcome = _build(drawn, folder)
    outcome.verdict = drawn.foretold.judge(outcome.exit_code, outcome.message)
    return outcome


def _build(drawn: Drawn, folder: Path) -> Outcome:
    drawn.write(folder)
    outcome = Outcome(drawn.seed, 0)
    oracle = Oracle(read_truth(folder / "data" / "truth.json"))
    for _ in range(MOST_ASKED):
        ledgers: list[str] = []
        try:
            with without_kernels(folder, ledgers):
                builds.build(Project(folder, {}), drawn.name)
        except ExportError as error:
            asked = list(read_asked(error))
            if asked:
                for edition, entries in asked:
                    drawn.parameters[edition].acknowledged += entries
                    drawn.parameters[edition].write(folder / "params")
                    outcome.asked += [entry["fault"] for entry in entries]
                continue
            return _refuse(outcome, error)
        except HelplineError as error:
            for text in ledgers:
                outcome.differences += find_differences(json.loads(text), oracle)
            return _refuse(outcome, error)
        except Exception as error:  # noqa: BLE001 - whatever a build raises is an error of ours
            outcome.exit_code = 1
            outcome.message = "".join(traceback.format_exception(error)[-3:])
            return outcome
        released = (folder / "output" / drawn.name / "data" / "ledger.json").read_text("utf-8")
        for text in (*ledgers, released):
            outcome.differences += find_differences(json.loads(text), oracle)
        return outcome
    outcome.exit_code, outcome.message = 2, "asked again and again"
    return outcome


def _refuse(outcome: Outcome, error: HelplineError) -> Outcome:
    outcome.exit_code, outcome.message = error.exit_code, str(error)
    return outcome


def read_asked(error: ExportError) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What an error asks to acknowledge, by edition, with a reason written in."""
    edition, lines = "", list[str]()
    for text in (*error.asks, ""):
        for line in text.splitlines() or [""]:
            match = ASKED.search(line)
            if (match or not line.strip()) and lines:
                entries = yaml.safe_load("\n".join(each.strip() for each in lines))
                yield edition, [{**entry, "reason": REASON} for entry in entries]
                lines = []
            if match:
                edition = match[1]
            elif line.strip().startswith("- {"):
                lines.append(line)
