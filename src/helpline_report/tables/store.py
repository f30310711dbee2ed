"""Load the tables of an edition: those that are kept, or else from the exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from helpline_report.exports.corrected_exports import corrections_files
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.array_files import open_pieces, pieces_of
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.source_files import source_files

# What the parameters say of rows.
OF_ROWS = {
    "edition",
    "period",
    "sources",
    "acknowledged",
    "control_totals",
    "correction_reasons",
    "draft",
}


def load_kept(project: Project, edition: Edition) -> Dataset:
    """The tables of an edition; those that are kept where nothing that they are made from changed.

    Raises:
        What `load_dataset` raises.
    """
    steps = project.steps
    rows, others = dict(_rows(project, edition)), dict(_others(project, edition))
    try:
        digests = steps.digests([*rows.values(), *others.values()])
    except OSError:
        return load_dataset(project, edition)
    key = steps.key(
        "tables",
        edition.model_dump(mode="json", include=OF_ROWS),
        {name: digests[path] for name, path in (rows | others).items()},
    )
    content = steps.read("tables", key)
    if content is not None:
        kept: Dataset = open_pieces(content)
        return kept
    dataset = load_dataset(project, edition)
    read = [balance.sha256 for balance in dataset.balances]
    read += [file.sha256 for file in dataset.corrections]
    # An export that changed meanwhile must not be kept under the key of what it was.
    if set(read) == {digests[path] for path in rows.values()}:
        steps.write("tables", key, pieces_of(dataset))
    return dataset


def _rows(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Exports and corrections, as messages name them."""
    for file in source_files(project, edition, project.codelists()):
        yield file.shown, file.path
    for path, shown in corrections_files(project, edition).items():
        if path.exists():
            yield shown, path


def _others(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Layouts and code lists, by a name that is the same wherever the project lies."""
    for source in edition.sources:
        yield f"layout {source.layout}", project.layout_file(source.layout)
    for path in (project.root / "data" / "codelists").glob("*.yaml"):
        yield f"code list {path.name}", path
