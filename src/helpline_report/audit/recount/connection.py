"""How DuckDB is opened for a count: on two cores, in so much memory, and in private beyond that."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

# What doesn't fit is laid aside in a private folder, until the count is done.
MEMORY = "1200MB"


def connected(private: Path, edition: str, file: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A new database in memory; or that of a `file`, which can be asked and not written to.

    Raises:
        duckdb.Error: the file can't be opened.
    """
    # DuckDB makes one folder, and none above it.
    spilled = private / f"spilled-{edition}"
    # What a count that was killed left there; nobody else counts this year now.
    shutil.rmtree(spilled, ignore_errors=True)
    memory = {"memory_limit": MEMORY, "temp_directory": spilled.as_posix()}
    opened = duckdb.connect(
        ":memory:" if file is None else file,
        read_only=file is not None,
        config={"threads": "2", **memory},
    )
    # What a long count shows are the names of things, and never a bar of its own.
    opened.execute("SET enable_progress_bar = false")
    return opened
