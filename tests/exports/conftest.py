"""A file of rows with the columns `nr`, `day` and `channel`, read from bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpline_report.exports.export_files import Export, check_cells, read_export
from helpline_report.parameters.row_layouts import RowFile


def written_rows(export: Export) -> list[list[str]]:
    """The rows that were read, after the line of each."""
    table = export.rows.table
    assert table is not None
    columns = [map(column.distinct.__getitem__, column.codes) for column in table.columns.values()]
    return [list(row) for row in zip(map(str, table.lines), *columns, strict=True)]


@dataclass(frozen=True)
class Outcome:
    """What came of reading a file, in forms that a test can write down."""

    export: Export

    @property
    def told(self) -> list[str]:
        """Every problem, as a message tells it."""
        return [str(problem) for problem in sorted(self.export.findings.problems)]

    @property
    def texts(self) -> list[list[str]]:
        """The rows that were read: line, nr, day, channel."""
        return written_rows(self.export)

    @property
    def noted(self) -> dict[str, int]:
        """What was found and mended, by code."""
        return dict(self.export.findings.noted)

    @property
    def excluded(self) -> dict[str, int]:
        """Rows that were left out, by code."""
        return dict(self.export.findings.excluded)


@pytest.fixture
def layout() -> RowFile:
    """A layout that expects `nr` (the key), `day` and `channel`, and ignores `remark`."""
    contacts = {
        "key": "nr",
        "columns": {
            "day": {"field": "date", "kind": "date"},
            "channel": {"field": "channel", "codes": {"Telefoon": "phone"}},
        },
    }
    document = {
        "name": "contacts.csv",
        "delimiter": ";",
        "dates": "dd/mm/yyyy",
        "tables": {"contacts": contacts},
        "ignored": {"remark": "free text"},
    }
    return RowFile.model_validate(document)


@pytest.fixture
def read(tmp_path: Path, layout: RowFile) -> Callable[..., Outcome]:
    """Read bytes, or text as UTF-8, as the file `contacts.csv`; keywords change the layout."""

    def read_it(content: bytes | str, **changes: object) -> Outcome:
        path = tmp_path / "contacts.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        file = layout.model_copy(update=changes)
        return Outcome(check_cells(read_export(path, "contacts.csv", file), file))

    return read_it
