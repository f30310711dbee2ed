"""A file of rows with the columns `nr`, `day` and `channel`, read from bytes."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from helpline_report.exports.export_files import Export, check_cells, read_export
from helpline_report.parameters.row_layouts import RowFile
from tests.exports.workbook_files import layout as make_layout


def messages(export: Export) -> list[str]:
    """Every problem, as a message tells it, in one line."""
    return [str(each).replace("\n  → ", " → ") for each in sorted(export.findings.problems)]


def codes(export: Export) -> list[str]:
    """Every problem, those to acknowledge too, by its code and its place: `B05 3 channel`."""
    findings = export.findings
    return [
        f"{each.code} {each.cell or each.line} {each.column}".strip()
        for each in sorted([*findings.problems, *(each for each, _ in findings.to_acknowledge)])
    ]


def texts(export: Export) -> list[str]:
    """The rows that were read, after the line of each: `2|1|02/03/2017|Telefoon`."""
    table = export.table
    assert table is not None, messages(export)
    return [
        "|".join(row) for row in zip(map(str, table.lines), *table.columns.values(), strict=True)
    ]


def mended(export: Export) -> dict[str, list[int]]:
    return {code: lines.tolist() for code, lines in export.mended.items()}


def list_shown(cells: Iterable[str], names: Iterable[str], export: Export) -> list[str]:
    """The cells of a file that a message shows as words: none but names that the layout has.

    Letters and numbers of two digits stand in messages for other things.
    """
    text = "\n".join(messages(export)).casefold()
    words = {cell.strip().casefold() for cell in cells} - {*names}
    due = [word for word in sorted(words) if len(word) > (2 if word.isdecimal() else 1)]
    return [word for word in due if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


@pytest.fixture
def layout() -> RowFile:
    """A layout that expects `nr` (the key), `day` and `channel`, and ignores `remark`."""
    return make_layout(name="a.csv")


@pytest.fixture
def read(tmp_path: Path, layout: RowFile) -> Callable[..., Export]:
    """Read bytes, or text as UTF-8, as the file `a.csv`; keywords change the layout."""

    def read_it(content: bytes | str, **changes: object) -> Export:
        path = tmp_path / "a.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        file = layout.model_copy(update=changes)
        return check_cells(read_export(path, "a.csv", file))

    return read_it
