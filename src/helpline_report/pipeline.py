"""From exports to an edition: check, run, release, publish. It reads like a table of contents."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from helpline_report.audit.sources import lines_left_out, with_rows, with_sources
from helpline_report.charts.own_functions import read_sources
from helpline_report.edition_register import open_register
from helpline_report.figures.counting import lines_of
from helpline_report.figures.disclosure import release, require_release, withheld_lines
from helpline_report.figures.register import Register
from helpline_report.figures.soundness import check_soundness
from helpline_report.inputs import Inputs, list_inputs, made_of, release_key
from helpline_report.parameters.earlier_reports import other_years
from helpline_report.parameters.project import Project
from helpline_report.prepared import Checked, check_parameters, undisturbed
from helpline_report.report.draft_lines import draft_lines
from helpline_report.report.placement import alone
from helpline_report.report.problems import problems_kept
from helpline_report.report.released_notebooks import ReleasedEdition, release_notebook
from helpline_report.report.source_keys import (
    refuse_keys,
    refuse_keys_in_modules,
    refuse_made_texts,
)
from helpline_report.run.chapter_store import ChapterStore
from helpline_report.run.execution import ChapterParameters, Executed, Progress, run_chapters
from helpline_report.run.kernel_provisioner import start_forkserver
from helpline_report.run.notebooks import imported_packages
from helpline_report.run.records import collect, files_of
from helpline_report.second_count.differences import check_counts
from helpline_report.second_count.recount import SecondCount, count_twice
from helpline_report.side_process import ahead

SECOND_COUNT = "second-count"


def build(
    project: Project,
    name: str,
    overrides: Sequence[str] = (),
    progress: Progress = lambda part, seconds: None,
    tell: Callable[[str], None] = lambda line: None,
    *,
    inputs: Inputs | None = None,
    what_if: str = "",
) -> Path:
    """Make an edition from its exports; returns its folder. `tell` is told what isn't published.

    Chapters run where something that they are computed from changed. `inputs` is what it is made
    from, as it was when the command began. With `overrides` it is a what-if, which goes to a folder
    of its own, called `what_if`.

    Raises:
        HelplineError: whatever stopped it; the last edition stands as it was.
    """
    require_release(project.edition(name, overrides))
    inputs = list_inputs(project, name, overrides) if inputs is None else inputs
    key = release_key(project, name, overrides, inputs)
    with undisturbed(project, inputs) as still:
        checked = check_parameters(project, name, overrides, to_run=True, what_if=what_if)
        start_forkserver(imported_packages(project, checked.notebooks))
        with problems_kept(project, name):
            register = open_register(project, name, overrides)
        for line in draft_lines(register):
            tell(line)
        with alone(project, checked.output):
            keeps = _is_made_of(register, inputs)
            made_from = made_of(checked.editions, inputs) if keeps else None
            run = partial(run_chapters, progress=progress, tell=tell)
            released = compute(project, checked, register, run, made_from)
            for line in withheld_lines(released.ledger, checked.edition):
                tell(line)
            from helpline_report import publishing  # noqa: PLC0415 - loaded meanwhile

            if keeps and released.files is not None:
                # Kept before the pages are made: a mistake in a text then needs no new run.
                still()
                project.steps.write("release", key, [released.to_json().encode()])
            return publishing.make_recorded(project, checked, released, inputs, still)


def _is_made_of(register: Register, inputs: Inputs) -> bool:
    """Whether the tables are of the exports that were listed, and of no other content of them."""
    years = [register] if register.previous is None else [register, register.previous]
    read = {balance.sha256 for year in years for balance in year.dataset.balances}
    read |= {file.sha256 for year in years for file in year.dataset.corrections}
    read |= {year.released.source.sha256 for year in years if year.released is not None}
    return read <= set(inputs.rows().values())


def compute(
    project: Project,
    checked: Checked,
    register: Register,
    run: Callable[..., Executed] = run_chapters,
    made_from: Any = None,
) -> ReleasedEdition:
    """Run the chapters, count every figure twice, and let out what may be published.

    `run` is `run_chapters`, with how it is to run them. Chapters and second count are kept, and
    those that are kept taken, by what tables and parameters are `made_from`, if that is given.

    Raises:
        HelplineError: a chapter fails, or a check refuses the release.
    """
    editions, left_out = with_rows(register), lines_left_out(register)
    with ahead(partial(count_twice, project, editions, left_out=left_out)) as counted_twice:
        given = ChapterParameters(checked.edition.edition, checked.overrides, checked.output)
        store = None if made_from is None else ChapterStore(project, made_from, checked.overrides)
        executed = run(project, checked.notebooks, given, register=register, store=store)
        ledger = collect(checked.edition.edition, executed)
        key = project.steps.key(SECOND_COUNT, made_from, ledger.to_json())
        content = None if made_from is None else project.steps.read(SECOND_COUNT, key)
        second = counted_twice(ledger) if content is None else partial(read_count, bytes(content))
        sound = check_soundness(register, ledger)
        # What makes the pages takes a while to load: as long as the second count goes on.
        from helpline_report import publishing as _  # noqa: F401, PLC0415

        count = second()
        agreed = check_counts(
            project,
            editions,
            ledger,
            count,
            lines=partial(lines_of, register),
            left_out=left_out,
        )
        checks = (*ledger.checks, *agreed, *sound)
    if made_from is not None:
        project.steps.write(SECOND_COUNT, key, [json.dumps(asdict(count)).encode()])
    ledger = ledger.model_copy(update={"checks": checks})
    ledger = with_sources(ledger, register, checked.overrides)
    update = {"trend": other_years(project, checked.edition)}
    released = release(ledger.model_copy(update=update), checked.edition)
    notebooks = {name: release_notebook(node, released) for name, node in executed.items()}
    files = {each.name: each.where for each in checked.notebooks}
    functions = (chart.function for chart in released.charts.values())
    refuse_keys(notebooks, files, register)
    refuse_made_texts(released, notebooks, files, register)
    refuse_keys_in_modules(read_sources(project.notebooks, functions), register)
    return ReleasedEdition(released, notebooks, files_of(executed))


def read_count(content: bytes) -> SecondCount:
    """A second count that was kept: each build compares it anew."""
    return SecondCount(**json.loads(content))
