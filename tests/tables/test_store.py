"""Tables are kept, and read anew from the exports when anything changes that they are made from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpline_report.errors import ExportError
from helpline_report.second_count import database
from helpline_report.second_count.database import open_database
from helpline_report.tables import dataset_reader
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset, load_kept
from tests.present import present
from tests.tables.conftest import CONTACTS

REASON = {"nl": "x", "en": "x"}
PERIOD = {"start": "2016-01-01", "end": "2017-12-31"}


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the exports themselves are read."""
    editions: list[str] = []

    def read(project: Any, edition: Any) -> Dataset:
        editions.append(edition.edition)
        return load_dataset(project, edition)

    monkeypatch.setattr(dataset_reader, "load_dataset", read)
    return editions


def load(desk: Any) -> Dataset:
    return load_kept(desk.project, desk.edition)


def stored(desk: Any) -> list[Path]:
    return sorted((desk.root / ".helpline" / "steps" / "tables").glob("*"))


def test_stored_tables_are_the_same_tables(desk: Any, readings: list[str]) -> None:
    """Frames, the rows above, balances; they are read once, and can be written to."""
    first, second = load(desk), load(desk)
    assert readings == ["2017"]
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table.frame, second.tables[name].frame)
    assert second.tables["persons"].parent is second.tables["contacts"]
    assert second.balances == first.balances
    present(second.tables["persons"].parent_rows)[:] = 0
    second.tables["persons"].frame.loc[0, "age"] = 1
    pd.testing.assert_frame_equal(load(desk).tables["persons"].frame, first.tables["persons"].frame)


def test_stored_tables_have_no_exports(desk: Any) -> None:
    """What is kept holds no key: the rows as they were read are with the one who read them."""
    first, second = load(desk), load(desk)
    assert first.exports
    assert not second.exports


def append(name: str, text: str = "\n") -> Callable[[Any], object]:
    def change(desk: Any) -> None:
        with (desk.root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


CORRECTION = "file,key,column,stands,becomes,reason\ncontacts.csv,2,channel,E-mail,Andere,agreed\n"
KNOWN = {"acknowledged": [{"fault": "B56", "rows": 3, "reason": REASON}]}
CHANGES: dict[str, Callable[[Any], object]] = {
    "an export": append("raw/contacts.csv"),
    "a layout": append("params/layouts/small.yaml"),
    "a code list": append("data/codelists/channel.yaml"),
    "corrections": append("raw/corrections.csv", CORRECTION),
    "a file that looks like a source": append("raw/contacts (1).csv"),
    "the period": lambda desk: desk.parameters.update(period=PERIOD),
    "what is known": lambda desk: desk.parameters.update(KNOWN),
    "a total": lambda desk: desk.parameters.update(
        control_totals=[{"table": "contacts", "rows": 3}]
    ),
    "a draft": lambda desk: desk.parameters.update(draft=True),
    "a kept file that was cut off": lambda desk: stored(desk)[0].write_bytes(b"cut off"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_read_anew(
    desk: Any, readings: list[str], change: Callable[[Any], object]
) -> None:
    """Files and what is said of rows: each may let a run pass or stop it."""
    desk.parameters["acknowledged"].append({"fault": "B78", "reason": REASON})
    load(desk)
    change(desk)
    for _ in range(2):
        try:
            load(desk)
        except ExportError:
            return
    assert len(readings) == 2


@pytest.mark.parametrize("file", ["raw/contacts.csv", "params/layouts/small.yaml"])
def test_what_changes_while_it_is_read_is_not_kept(
    desk: Any, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """The tables would else be taken for those of the file as it was."""

    def read_changed(project: Any, edition: Any) -> Dataset:
        append(file)(desk)
        return load_dataset(project, edition)

    monkeypatch.setattr(dataset_reader, "load_dataset", read_changed)
    load(desk)
    assert stored(desk) == []


def test_refused_exports_are_refused_each_time(desk: Any) -> None:
    """Nothing is kept of them, whatever a draft left there that leaves rows out."""
    desk.put("contacts.csv", CONTACTS.replace("09:15", "25:15"))
    for _ in range(2):
        with pytest.raises(ExportError):
            load(desk)
    assert stored(desk) == []
    load_kept(desk.project, desk.edition.model_copy(update={"draft": True}))
    with pytest.raises(ExportError):
        load(desk)


def test_the_second_count_takes_the_rows_that_were_read(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They make the same tables as the exports do, which are read only where there are none."""
    editions, tables = [desk.edition], ("contacts", "persons", "followups")
    with open_database(desk.project, editions) as opened:
        anew = [opened.table(table).order("line").fetchall() for table in tables]
    exports = {"2017": load_dataset(desk.project, desk.edition).exports}
    monkeypatch.delattr(database, "read_export")
    with open_database(desk.project, editions, exports=exports) as opened:
        assert [opened.table(table).order("line").fetchall() for table in tables] == anew
    assert all(anew)
