"""The database of a count: the one that was kept of the same rows, or else one that is made.

That of a year of millions is kept as one private file. Of few rows it is made as quickly as it
would be found again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpline_report.audit.recount.answers import Keep
from helpline_report.audit.recount.writing import text
from helpline_report.errors import MachineError
from helpline_report.parameters.digests import digest
from helpline_report.private_files import private_folder

if TYPE_CHECKING:
    import duckdb

# From how many rows of a table on a database is kept.
MANY = 100_000
PART, WHOLE = "tables.part", ".duckdb"
MOST_ROWS = "SELECT max(estimated_size) FROM duckdb_tables() WHERE database_name = 'memory'"


@dataclass(frozen=True)
class KeptTables:
    """The one file of an edition's tables, which stand on what its `answers` stand on.

    Its name seals it: the SHA-256 of the key of `answers` and of that of the file. So a file of
    other rows, or of another program, and one that isn't whole, has the wrong name.
    """

    private: Path
    edition: str
    answers: Keep

    @property
    def folder(self) -> Path:
        """Where the file lies, and nothing else."""
        return self.private / "recount" / self.edition

    def opened(self) -> duckdb.DuckDBPyConnection | None:
        """The tables that still hold; where there are none, what lies there goes."""
        if self.answers.key is None:
            return None
        found = None if self.answers.anew else self._found()
        if found is None:
            self._forget()
        return found

    def write(self, made: duckdb.DuckDBPyConnection) -> None:
        """Keep the tables of a database, written aside first; what can't be kept is only slower.

        Raises:
            What `still` of the answers raises: nobody knows then what the tables are of.
        """
        from duckdb import Error  # noqa: PLC0415 - its caller has it

        if self.answers.key is None or (made.execute(MOST_ROWS).fetchall()[0][0] or 0) < MANY:
            return
        self.answers.still()
        try:
            private_folder(self.folder.parent)
            part = private_folder(self.folder) / PART
            _copy(made, part)
            part.replace(self.folder / self._called(part))
        except (Error, OSError, MachineError):
            self._forget()

    def _found(self) -> duckdb.DuckDBPyConnection | None:
        from duckdb import Error  # noqa: PLC0415 - it takes a while to load

        from helpline_report.audit.recount.connection import connected  # noqa: PLC0415

        try:
            for path in self.folder.glob(f"*{WHOLE}"):
                if path.name == self._called(path):
                    return connected(self.private, self.edition, path)
        except (Error, OSError):
            return None
        return None

    def _called(self, path: Path) -> str:
        """How a file is called that is whole and holds the tables of these rows."""
        sealed = f"{self.answers.key} {digest(path)}"
        return hashlib.sha256(sealed.encode()).hexdigest() + WHOLE

    def _forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy(made: duckdb.DuckDBPyConnection, part: Path) -> None:
    """Write all tables of a database into a new file, which its owner alone can read."""
    from duckdb import Error  # noqa: PLC0415 - its caller has it

    made.execute(f"ATTACH {text(part.as_posix())} AS kept")
    try:
        part.chmod(0o600)
        made.execute("COPY FROM DATABASE memory TO kept")
    except Error:
        with suppress(Error):
            made.execute("DETACH kept")
        raise
    # Only now all of it is in the file.
    made.execute("DETACH kept")


class Database:
    """A database that is opened where something is asked of it, and closed at the end."""

    def __init__(self, kept: KeptTables, making: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self.was_kept = False
        self._kept = kept
        self._making = making
        self._opened: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        return self  # type: ignore[return-value]  # of a connection nothing but this is asked

    def open(self) -> duckdb.DuckDBPyConnection:
        """Open it, where it isn't open yet."""
        if self._opened is None:
            found = self._kept.opened()
            self.was_kept = found is not None
            self._opened = self._making() if found is None else found
        return self._opened

    def execute(self, statement: str, *given: object) -> duckdb.DuckDBPyConnection:
        """Ask something of it."""
        return self.open().execute(statement, *given)

    def keep(self) -> None:
        """Keep its tables for the next count, where they were made in this one.

        Raises:
            What `KeptTables.write` raises.
        """
        if self._opened is not None and not self.was_kept:
            self._kept.write(self._opened)

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()
