"""The second count takes the rows that were read for the tables, and reads exports only without."""

from typing import Any

import pytest

from helpline_report.second_count import database
from helpline_report.second_count.database import open_database
from helpline_report.tables.dataset_reader import load_dataset
from tests.tables.conftest import desk as desk  # noqa: PLC0414 - a fixture


def test_rows_that_were_read_are_not_read_again(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They make the same tables as the exports do."""
    editions, tables = [desk.edition], ("contacts", "persons", "followups")
    with open_database(desk.project, editions) as opened:
        anew = [opened.table(table).order("line").fetchall() for table in tables]
    exports = {"2017": load_dataset(desk.project, desk.edition).exports}
    monkeypatch.delattr(database, "read_export")
    with open_database(desk.project, editions, exports=exports) as opened:
        assert [opened.table(table).order("line").fetchall() for table in tables] == anew
    assert all(anew)
