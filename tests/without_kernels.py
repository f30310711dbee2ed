"""Whole builds in this process: chapters run without kernels, all else as a build does it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any
from unittest.mock import patch

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from helpline_report import build as builds
from helpline_report.chapter import Chapter
from helpline_report.charts import drawing
from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import INJECTED, TAG_PARAMETERS, Notebook, read_tags
from helpline_report.run.records import RUN, strip_outputs


def build_here(root: Path, edition: str = "2017") -> Path:
    """Build an edition of a project in this process; returns its folder."""
    with without_kernels(root):
        return builds.build(Project(root, {}), edition)


@contextmanager
def without_kernels(root: Path) -> Iterator[None]:
    """Run chapters and charts of one's own of a project in this process."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(builds, "run_chapters", _run_chapters))
        stack.enter_context(patch.object(builds, "start_forkserver", lambda: None))
        stack.enter_context(patch.object(drawing, "draw_apart", _draw_here))
        stack.enter_context(patch.object(sys, "path", [*sys.path, str(root / "notebooks")]))
        sys.modules.pop("plots", None)
        invalidate_caches()
        try:
            yield
        finally:
            sys.modules.pop("plots", None)


def _run_chapters(
    _: Project,
    notebooks: Sequence[Notebook],
    __: Mapping[str, Any],
    ___: str,
    *,
    register: Any = None,
    **____: Any,
) -> dict[str, NotebookNode]:
    return {each.name: _execute(each, register) for each in notebooks}


def _execute(notebook: Notebook, register: Any) -> NotebookNode:
    """Run the cells of a chapter; each has what it recorded as its outputs."""
    node, names, cells = strip_outputs(notebook), dict[str, Any](), list[NotebookNode]()

    def open_here(name: str, *_: Any, **__: Any) -> Chapter:
        return Chapter(name, register)

    for number, cell in enumerate(node.cells, start=1):
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
        cell.execution_count = number
        if TAG_PARAMETERS in read_tags(cell):
            names |= {"edition": register.edition.edition, "preview": False}
            cells.append(new_code_cell("", id=INJECTED, metadata={"tags": [INJECTED]}))
    node.cells = cells
    node.metadata[RUN] = {"file": notebook.file, "outside": []}
    return node


def _draw_here(chart: Any, frame: Any, themes: Any, _: Any) -> list[tuple[str, float]]:
    module, _, name = chart.function.partition(".")
    draws = getattr(import_module(module), name)
    return [drawing.paint_own(chart.id, draws, frame, theme) for theme in themes]
