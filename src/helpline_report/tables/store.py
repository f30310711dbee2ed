"""Load the tables of an edition: those that are kept, or else from the exports."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpline_report.exports.corrections import corrections_files
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.source_files import find_look_alikes, source_files

# The bytes that say how long the pickle at the end of a file is.
LENGTH = 8
# Where an array may begin: so that each of its numbers lies in one line of the processor's memory.
ALIGNED = 64


def pieces_of(value: object) -> Iterator[bytes | memoryview]:
    """What a file of the value holds: its arrays, a pickle of the rest, and how long that is.

    It comes piece by piece, so that no second copy of the arrays is made on the way.
    """
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    spans, at = list[tuple[int, int]](), 0
    for buffer in buffers:
        array = buffer.raw()
        spans.append((at, at + array.nbytes))
        yield array
        padding = -array.nbytes % ALIGNED
        yield bytes(padding)
        at += array.nbytes + padding
    rest = pickle.dumps((pickled, spans))
    yield rest
    yield len(rest).to_bytes(LENGTH)


def open_pieces(content: memoryview) -> Any:
    """The value of such a file; its arrays lie where `content` is, and are written to there.

    A pickle can run code: this program must have written the file.
    """
    begins = len(content) - LENGTH
    rest = content[begins - int.from_bytes(content[begins:]) : begins]
    pickled, spans = pickle.loads(rest)  # noqa: S301
    return pickle.loads(pickled, buffers=[content[start:end] for start, end in spans])  # noqa: S301


# What the parameters say of rows.
OF_ROWS = {
    "edition",
    "period",
    "sources",
    "acknowledged",
    "control_totals",
    "correction_reasons",
    "draft",
    "person_ages",
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
        find_look_alikes(
            project, edition, source_files(project, edition, project.codelists_of(edition))
        ),
    )
    content = steps.read("tables", key)
    if content is not None:
        dataset: Dataset = open_pieces(content)
        return dataset
    dataset = load_dataset(project, edition)
    read = [balance.sha256 for balance in dataset.balances]
    read += [file.sha256 for file in dataset.corrections]
    # An export that changed meanwhile must not be kept under the key of what it was.
    if set(read) == {digests[path] for path in rows.values()}:
        steps.write("tables", key, pieces_of(dataset))
    return dataset


def _rows(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Exports and corrections, as messages name them."""
    for file in source_files(project, edition, project.codelists_of(edition)):
        yield file.label, file.path
    for path, label in corrections_files(project, edition).items():
        if path.exists():
            yield label, path


def _others(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Layouts and code lists, by a name that is the same wherever the project lies."""
    for source in edition.sources:
        yield f"layout {source.layout}", project.layout_file(source.layout)
    for path in (project.root / "data" / "codelists").glob("*.yaml"):
        yield f"code list {path.name}", path
