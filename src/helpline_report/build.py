"""Build an edition from its exports, stage by stage: check, run, count twice, release, publish."""

import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from helpline_report import preparation, publishing
from helpline_report.audit import manifest as manifests
from helpline_report.audit import sources
from helpline_report.charts.own_functions import read_sources
from helpline_report.disclosure.release import Decision, release
from helpline_report.edition_register import open_register
from helpline_report.errors import ParametersError
from helpline_report.figures.counting import list_lines
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.register import Register, list_years
from helpline_report.figures.soundness import check_soundness
from helpline_report.inputs import (
    Inputs,
    forget_edition,
    list_inputs,
    list_table_inputs,
    record_edition,
)
from helpline_report.parameters.earlier_reports import read_trend
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import make_private_folder, write_private
from helpline_report.report import source_keys
from helpline_report.report.hidden_counts import describe_hidden, describe_withheld
from helpline_report.report.own_texts import find_names_elsewhere
from helpline_report.report.placement import lock_edition
from helpline_report.report.problems import describe_draft, keep_problems
from helpline_report.report.released_notebooks import ReleasedEdition, release_notebook
from helpline_report.run.execution import Executed, list_parameters, run_chapters
from helpline_report.run.kernels import start_forkserver
from helpline_report.run.records import RUN, ChapterStore, collect
from helpline_report.second_count.differences import check_counts
from helpline_report.second_count.recount import CountedNumbers, recount_ledger

SECOND_COUNT = "second-count"
OTHER_FILES = "{} was made from other files than those that lie here"

log = logging.getLogger(__name__)


def build(
    project: Project,
    name: str,
    overrides: Sequence[str] = (),
    *,
    what_if: str = "",
) -> Path:
    """Make an edition from its exports; returns its folder.

    Each thing that isn't published is logged as a line. With `overrides` the edition is a what-if:
    it goes to the folder `what_if` in `output/`.

    Raises:
        HelplineError: whatever stopped it; the last edition stands as it was.
    """
    preparation.require_threshold(project.edition(name, overrides))
    inputs = list_inputs(project, name, overrides)
    with preparation.blame_changes(project, inputs):
        checked = preparation.check_parameters(
            project, name, overrides, to_run=True, what_if=what_if
        )
        start_forkserver()
        with keep_problems(project, name):
            register = open_register(project, name, overrides)
        _log(describe_draft(register))
        with lock_edition(project, checked.output):
            released = compute(project, checked, register, inputs)
            folder = publishing.make_edition(project, checked, released, inputs)
            is_in_place = folder == project.output / checked.output
            if is_in_place and not released.reads_outside:
                record_edition(project, checked.output, overrides, inputs)
            else:
                # It is a draft elsewhere, or its chapters read what no record compares.
                forget_edition(project, checked.output)
            return folder


def _log(lines: Iterable[str]) -> None:
    for line in lines:
        log.info(line)


def compute(
    project: Project, checked: preparation.Checked, register: Register, inputs: Inputs
) -> ReleasedEdition:
    """Run the chapters, count every figure twice, and release what may be published.

    Chapters and second count are kept, and used again where `inputs`, which the tables are made
    from, are the same.

    Raises:
        HelplineError: one of the inputs changed while the tables were made, a chapter fails, or a
            check refuses the release.
    """
    # Else what is kept below would be of other parameters or layouts than its key says.
    preparation.refuse_changes(project, inputs)
    editions, left_out = sources.list_editions(register), sources.list_lines_left_out(register)
    parameters = list_parameters(checked.edition.edition, checked.overrides)
    # What was read stands in the key too: an export may have changed only while it was read.
    read = [each.model_dump(mode="json") for each in sources.list_sources(register)]
    table_inputs = [*list_table_inputs(checked.editions, inputs), read]
    store = ChapterStore(project, [table_inputs, parameters])
    executed = run_chapters(
        project, checked.notebooks, parameters, checked.output, register=register, store=store
    )
    ledger = collect(checked.edition.edition, executed)
    sound = check_soundness(register, ledger)
    numbers = _recount(project, register, ledger, table_inputs)
    lines = partial(list_lines, register)
    agreed = check_counts(
        project, editions, ledger, numbers, lines=lines, output=checked.output, left_out=left_out
    )
    checks = (*ledger.checks, *agreed, source_keys.check_keys(ledger, register), *sound)
    ledger = ledger.model_copy(update={"checks": checks})
    return _release(project, checked, register, executed, ledger)


def _recount(
    project: Project, register: Register, ledger: Ledger, table_inputs: list[Any]
) -> CountedNumbers:
    """Count every figure a second time, or take the kept second count of the same inputs."""
    key = project.steps.key(SECOND_COUNT, table_inputs, ledger.to_json())
    content = project.steps.read(SECOND_COUNT, key)
    if content is not None:
        numbers: CountedNumbers = json.loads(content)
        return numbers
    exports = {year.edition.edition: year.dataset.exports for year in list_years(register)}
    editions, left_out = sources.list_editions(register), sources.list_lines_left_out(register)
    numbers = recount_ledger(project, editions, ledger, left_out, exports)
    project.steps.write(SECOND_COUNT, key, json.dumps(numbers).encode())
    return numbers


def _release(
    project: Project,
    checked: preparation.Checked,
    register: Register,
    executed: Executed,
    ledger: Ledger,
) -> ReleasedEdition:
    """Release what may be published of the ledger and of the executed chapters."""
    ledger = sources.add_sources(ledger, register, checked.overrides)
    trend = read_trend(project, checked.edition)
    elsewhere = find_names_elsewhere(project, checked.edition, checked.notebooks)
    ledger = ledger.model_copy(update={"trend": trend, "elsewhere": elsewhere})
    if register.edition.threshold:
        # Written before the decision: whoever is refused can then try to merge codes.
        write_private(_counted_file(project, checked.output), ledger.to_json())
    published = sources.list_published_counts(project, register, ledger)
    document = project.document(register.edition.edition, checked.overrides)
    decision = release(ledger, register, published, document)
    released = decision.ledger
    _log(describe_withheld(ledger, checked.edition))
    _log(describe_hidden(decision, checked.edition))
    notebooks = {name: release_notebook(node, released) for name, node in executed.items()}
    files = {notebook.name: notebook.where for notebook in checked.notebooks}
    functions = (chart.function for chart in released.charts.values())
    modules = read_sources(project.notebooks, functions)
    source_keys.refuse_keys(notebooks, modules, files, register)
    source_keys.refuse_made_texts(released, notebooks, files, register)
    code = {notebook.name: notebook.code() for notebook in checked.notebooks}
    source_keys.refuse_made_names(released, code, files)
    reads_outside = any(node.metadata[RUN]["outside"] for node in executed.values())
    return ReleasedEdition(released, notebooks, reads_outside)


def _counted_file(project: Project, output: str) -> Path:
    """Where the ledger of an output is kept as it was counted, for its owner alone."""
    return project.private / "disclosure" / f"{output}.json"


def decide_disclosure(
    project: Project, name: str, *, threshold: int | None = None, merge: Sequence[str] = ()
) -> Decision:
    """Decide which counts of the last build are hidden, perhaps with another `threshold`.

    `merge` names fields whose codes are then counted by the groups of their code list.

    Raises:
        ParametersError: nothing was counted yet, or a field has no groups.
        HelplineError: the exports can't be used, or a small count can't be protected.
    """
    path = _counted_file(project, name)
    if not path.is_file():
        raise make_error(ParametersError, "no_counts", f"params/{name}.yaml", name=name)
    ledger = Ledger.model_validate_json(path.read_bytes())
    fields_with_groups = {name for name, codes in project.codelists().items() if codes.groups}
    for field in merge:
        if field not in fields_with_groups:
            listed = ", ".join(sorted(fields_with_groups))
            raise make_error(ParametersError, "no_groups", field=field, groups=listed)
    register = open_register(project, name, ledger.overrides)
    rules = register.edition.disclosure
    if rules is not None:
        coarser = {**rules.wider, **dict.fromkeys(merge, "parent")}
        update = {"coarser": coarser, "threshold": threshold or rules.threshold}
        rules = rules.model_copy(update=update)
    edition = register.edition.model_copy(update={"disclosure": rules})
    register = replace(register, edition=edition)
    published = sources.list_published_counts(project, register, ledger)
    return release(ledger, register, published, project.document(name, ledger.overrides))


def verify(project: Project, name: str) -> int:
    """Build a published edition again from its exports, and compare byte for byte.

    Its inputs are compared with the manifest first: the message then names a changed export or
    notebook, and not the pages that it changes. Returns how many files are alike.

    Raises:
        ParametersError: there is no published edition.
        RefusedError: something differs, each by its name.
        HelplineError: what stops a build.
    """
    folder, label = project.output / name, f"output/{name}"
    if not folder.is_dir():
        project.document(name)  # a misspelt edition has the nearest in its message
    files = publishing.verify_published(folder, label)
    manifest = manifests.read_manifest(folder, label)
    publishing.refuse_misplaced(manifest["edition"], manifest["overrides"], name, label)
    other_files = OTHER_FILES.format(label)
    # Compared before they are read: a changed byte may make a file unreadable.
    manifests.refuse_differences(other_files, manifests.compare_project(project, manifest))
    overrides = tuple(manifest["overrides"])
    inputs = list_inputs(project, name, overrides)
    checked = preparation.check_parameters(project, name, overrides)
    with lock_edition(project, name):
        # No kept result of an earlier build is used.
        anew = replace(project, again=True)
        register = open_register(anew, name, overrides)
        differences = manifests.compare_sources(sources.list_sources(register), manifest)
        manifests.refuse_differences(other_files, differences)
        released = compute(anew, checked, register, inputs)
        publications = publishing.compose_publications(anew, checked, released)
        rebuilt = make_private_folder(project.private / "verify") / name
        shutil.rmtree(rebuilt, ignore_errors=True)
        rebuilt.mkdir()
        try:
            publishing.write_edition(anew, publications, rebuilt)
            differences = manifests.compare_trees(folder, rebuilt)
        finally:
            shutil.rmtree(rebuilt, ignore_errors=True)
    unhashed = [item["file"] for item in manifest["project"] if not item["sha256"]]
    more = f", or {' or '.join(unhashed)} was changed (no hash says so)" if unhashed else ""
    manifests.refuse_differences(
        f"{label} isn't what its exports give{more}", differences, manifests.OF_REBUILT
    )
    return files + 1  # the manifest doesn't list itself


def trace_rows(project: Project, name: str, figure: str) -> Path:
    """Write the rows that a figure is made of to a private file, from the exports; returns it.

    Raises:
        HelplineError: the exports can't be used, or this figure has no rows to list.
    """
    released = publishing.find_last_release(project, name).ledger
    if figure not in released.figures:
        raise make_error(ParametersError, "printed_elsewhere", figure=figure)
    register = open_register(project, name, released.overrides)
    population = released.figures[figure].population
    if population.table not in ("contacts", "persons", "followups"):
        raise make_error(ParametersError, "no_people", figure=figure, noun=population.noun)
    if population.edition in released.taken_over:
        edition = population.edition
        raise make_error(ParametersError, "taken_over", figure=figure, edition=edition)
    exports = sources.read_row_exports(project, sources.list_editions(register))
    lines = partial(list_lines, register)
    rows = sources.write_contributing_rows(released.figures[figure], lines, exports)
    place = project.private / "rows" / name / f"{figure}.csv"
    write_private(place, rows)
    return place
