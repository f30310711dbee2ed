"""A private cache of finished tables: read again only when what they are made from changed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from helpline_report import __version__
from helpline_report.exports.corrected_exports import corrections_files
from helpline_report.parameters.digests import digest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.array_files import open_pieces, pieces_of
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.source_files import source_files

KEPT = 8
PACKAGE = Path(__file__).resolve().parent.parent
MADE_BY = (
    "errors.py",
    "parameters/**/*.py",
    "parameters/**/*.yaml",
    "exports/**/*.py",
    "exports/**/*.yaml",
    "tables/*.py",
    "web_analytics/*.py",
    "web_analytics/**/*.yaml",
)

# What the parameters say of rows, beside the period and the sources.
SAID = {"acknowledged", "control_totals", "correction_reasons", "draft"}


def load_cached(project: Project, edition: Edition) -> Dataset:
    """The tables of an edition, from the cache where nothing that they are made from changed.

    Safe with several readers and writers at once: a cache file is written aside and moved into
    place, and what isn't whole, or isn't this user's, is read past.

    Raises:
        What `load_dataset` raises.
    """
    key = tables_key(project, edition)
    folder = project.private / "tables"
    if key is None:
        return load_dataset(project, edition)
    path = folder / f"{edition.edition}-{key[1]}.tables"
    stored = _read(path)
    if stored is not None:
        return stored
    dataset = load_dataset(project, edition)
    # An export that changed between the two readings must not be stored under the old key.
    read = [balance.sha256 for balance in dataset.balances]
    if {*read, *(file.sha256 for file in dataset.corrections)} == key[0]:
        _write(path, dataset)
    return dataset


def tables_key(project: Project, edition: Edition) -> tuple[set[str], str] | None:
    """What finished tables are kept under, and what was hashed for it: exports and corrections.

    The SHA-256 of exports and corrections, and of all that tables are made from.

    None where one of them can't be read.
    """
    files = source_files(project, edition, project.codelists())
    try:
        exports = {file.shown: digest(file.path) for file in files}
        made_from = {name: digest(path) for name, path in _made_from(project, edition)}
        mended = {
            shown: digest(path)
            for path, shown in corrections_files(project, edition).items()
            if path.exists()
        }
    except OSError:
        return None
    parts = {
        "edition": edition.edition,
        "period": edition.period.model_dump(mode="json"),
        "sources": [source.model_dump(mode="json") for source in edition.sources],
        "said": edition.model_dump(mode="json", include=SAID),
        "corrections": mended,
        "exports": exports,
        "made from": made_from,
        "versions": [__version__, sys.version, np.__version__, pd.__version__],
    }
    text = json.dumps(parts, sort_keys=True)
    return {*exports.values(), *mended.values()}, hashlib.sha256(text.encode()).hexdigest()


def _made_from(project: Project, edition: Edition) -> Iterator[tuple[str, Path]]:
    """Files by a name that is the same wherever the project lies."""
    for source in edition.sources:
        yield f"layout {source.layout}", project.layout_file(source.layout)
    for path in sorted((project.root / "data" / "codelists").glob("*.yaml")):
        yield f"code list {path.name}", path
    for pattern in MADE_BY:
        for path in sorted(PACKAGE.glob(pattern)):
            yield path.relative_to(PACKAGE).as_posix(), path


def _read(path: Path) -> Dataset | None:
    """A stored dataset, or None: no file, not this user's alone, not whole."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not (_own(os.fstat(descriptor)) and _own(path.parent.stat())):
            return None
        sealed = file.read(hashlib.sha256().digest_size)
        content = bytearray(max(os.fstat(descriptor).st_size - len(sealed), 0))
        file.readinto(content)
    if hashlib.sha256(content).digest() != sealed:
        return None
    # A pickle can run code: this one is this user's, and lies where nobody else can write.
    stored = open_pieces(memoryview(content))
    return stored if isinstance(stored, Dataset) else None


def _own(status: os.stat_result) -> bool:
    """Whether only this user can write it; where the system has no users, everything is theirs."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _write(path: Path, dataset: Dataset) -> None:
    """Write aside and move into place; a cache that can't be written is only slower."""
    try:
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not _own(path.parent.stat()):
            return
        path.parent.chmod(0o700)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".aside")
    except OSError:
        return
    try:
        with os.fdopen(descriptor, "wb") as file:
            hashed = hashlib.sha256()
            file.write(bytes(hashed.digest_size))
            for piece in pieces_of(dataset):
                hashed.update(piece)
                file.write(piece)
            file.seek(0)
            file.write(hashed.digest())
        Path(aside).replace(path)
        _forget_old(path.parent)
    except OSError:
        Path(aside).unlink(missing_ok=True)


def _forget_old(folder: Path) -> None:
    """Keep the newest few: each change of an export or of the code leaves one behind."""
    stored = sorted(folder.glob("*.tables"), key=lambda path: path.stat().st_mtime, reverse=True)
    # What a run that was killed has left goes too; another that writes just now is only slower.
    for path in [*stored[KEPT:], *folder.glob(".*.aside")]:
        path.unlink(missing_ok=True)
