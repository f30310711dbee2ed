"""From exports to an edition: check, run, release, publish. It reads like a table of contents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from helpline_report.audit.counted_from import lines_left_out, with_rows, with_sources
from helpline_report.edition_register import open_register
from helpline_report.figures.disclosure import release, require_release, withheld_lines
from helpline_report.figures.register import Register
from helpline_report.figures.rows import lines_of
from helpline_report.figures.soundness import held
from helpline_report.inputs import (
    Inputs,
    forget_edition,
    list_inputs,
    record_edition,
    release_key,
)
from helpline_report.parameters.project import Project
from helpline_report.parameters.published import other_years
from helpline_report.prepared import Checked, check_parameters, undisturbed
from helpline_report.report.chapter_cache import chapter_cache, reads_of_its_own
from helpline_report.report.draft_lines import draft_lines
from helpline_report.report.placement import alone
from helpline_report.report.problems import problems_kept
from helpline_report.report.released_notebooks import ReleasedEdition, release_notebook
from helpline_report.report.rows_key import rows_key
from helpline_report.report.source_keys import refuse_keys
from helpline_report.run.execution import ChapterParameters, Executed, Progress, run_chapters
from helpline_report.run.kernel_provisioner import start_forkserver
from helpline_report.run.notebooks import imported_packages
from helpline_report.run.records import collect
from helpline_report.second_count.differences import check_counts
from helpline_report.second_count.recount import count_twice
from helpline_report.side_process import ahead


def build(
    project: Project,
    name: str,
    overrides: Sequence[str] = (),
    progress: Progress = lambda part, seconds: None,
    tell: Callable[[str], None] = lambda line: None,
    *,
    inputs: Inputs | None = None,
) -> Path:
    """Make an edition from its exports; returns its folder. `tell` is told what isn't published.

    Chapters run where something that they are computed from changed. `inputs` is what it is made
    from, as it was when the command began.

    Raises:
        HelplineError: whatever stopped it; the last edition stands as it was.
    """
    require_release(project.edition(name, overrides))
    inputs = list_inputs(project, name, overrides) if inputs is None else inputs
    key = release_key(project, name, overrides, inputs)
    with undisturbed(project, inputs) as still:
        checked = check_parameters(project, name, overrides, to_run=True)
        start_forkserver(imported_packages(project, checked.notebooks))
        with problems_kept(project, name):
            register = open_register(project, name, overrides)
        for line in draft_lines(register):
            tell(line)
        with alone(project, name):
            rows = rows_key(project, register)
            cache = None if project.again else chapter_cache(project, register, rows, overrides)
            run = partial(run_chapters, progress=progress, tell=tell, store=cache)
            executed, released = compute(project, checked, register, run)
            for line in withheld_lines(released.ledger, checked.edition):
                tell(line)
            from helpline_report import publishing  # noqa: PLC0415 - loaded meanwhile

            # What a chapter reads by itself may change without anybody seeing it.
            read = [each.sha256 for each in released.ledger.sources]
            keeps = not any(reads_of_its_own(each, project) for each in executed.values())
            if keeps and set(inputs.rows().values()).issuperset(read):
                # Kept before the pages are made: a mistake in a text then needs no new run.
                still()
                project.steps.write("release", key, [released.to_json().encode()])
            folder = publishing.make_edition(project, checked, released, still)
    if keeps and checked.edition.published:
        record_edition(project, name, overrides, inputs)
    else:
        forget_edition(project, name)
    return folder


def compute(
    project: Project,
    checked: Checked,
    register: Register,
    run: Callable[..., Executed] = run_chapters,
) -> tuple[Executed, ReleasedEdition]:
    """The executed chapters, and of what they recorded, counted twice, what may be published.

    `run` is `run_chapters`, with how it is to run them.

    Raises:
        HelplineError: a chapter fails, or a check refuses the release.
    """
    editions, left_out = with_rows(register), lines_left_out(register)
    with ahead(partial(count_twice, project, editions, left_out=left_out)) as counted_twice:
        given = ChapterParameters(checked.edition.edition, checked.overrides)
        executed = run(project, checked.notebooks, given, register=register)
        ledger = collect(checked.edition.edition, executed)
        second = counted_twice(ledger)
        sound = held(register, ledger)
        # What makes the pages takes a while to load: as long as the second count goes on.
        from helpline_report import publishing as _  # noqa: F401, PLC0415

        agreed = check_counts(
            project,
            editions,
            ledger,
            second(),
            lines=partial(lines_of, register),
            left_out=left_out,
        )
        checks = (*ledger.checks, *agreed, *sound)
    ledger = ledger.model_copy(update={"checks": checks})
    ledger = with_sources(ledger, register, checked.overrides)
    update = {"trend": other_years(project, checked.edition)}
    released = release(ledger.model_copy(update=update), checked.edition)
    notebooks = {name: release_notebook(node, released) for name, node in executed.items()}
    refuse_keys(notebooks, {each.name: each.where for each in checked.notebooks}, register)
    return executed, ReleasedEdition(released, notebooks)
