"""What a figure is, and the ledger: to JSON and back, in one order."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from helpline_report.errors import ParametersError
from helpline_report.figures.breakdown import count_series, crosstab, share_series, top
from helpline_report.figures.ledger import CellRecord, ChapterRecord, Ledger, Reference, read_ledger
from helpline_report.figures.measures import count
from helpline_report.figures.model import Breakdown, Figure, Reason
from helpline_report.figures.register import Register
from helpline_report.figures.results import make_chart, tabulate
from tests.figures.drawn import ledger_with, whole


@pytest.fixture
def ledger(year: Register) -> Ledger:
    """A chapter with a series, shares, a cross-table, a label and what can't be counted."""
    contacts, persons = whole(year), whole(year, "persons")
    series, figures = count_series("c", contacts, "channel")
    shares, more = share_series("s", persons, "form")
    tab, cells = crosstab("t", contacts, "role", "helpline")
    alone = [top("top", contacts, "channel"), count("fax", contacts.where(channel="fax"))]
    every = (*figures, *more, *cells, *alone)
    shows = (Reference(kind="chart", id="c.chart"),)
    cell = CellRecord(id="count", figures=tuple(each.id for each in every), shows=shows)
    return ledger_with(
        every,
        *(series, shares, tab),
        charts={"c.chart": make_chart(series)},
        tables={"c.table": tabulate([series]), "t.table": tabulate([tab])},
        fields={"contacts": ("channel", "date")},
        chapters=(ChapterRecord(name="contacts", cells=(cell,)),),
        artefacts=("2017.form",),
    )


def test_json_gives_the_same_ledger_again(ledger: Ledger) -> None:
    """Its lines, one a figure, have a fixed order: two editions can be compared by line."""
    text = ledger.to_json()
    assert Ledger.model_validate_json(text) == ledger
    assert Ledger.model_validate_json(text).to_json() == text
    backwards = dict(reversed(ledger.figures.items()))
    assert ledger.model_copy(update={"figures": backwards}).to_json() == text
    lines = text.splitlines()
    start = lines.index('"figures": {') + 1
    names = [line.split('"')[1] for line in lines[start : start + len(ledger.figures)]]
    assert names == sorted(ledger.figures)
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_series_and_cross_tables_are_published_apart(ledger: Ledger) -> None:
    """So that whoever reads the ledgers of earlier editions can read this one."""
    published = json.loads(ledger.to_json())
    series, tab = published["series"]["c"], published["crosstabs"]["t"]
    assert (series["by"], series["unit"]) == ("channel", "count")
    assert series["members"][0] == {"code": "phone", "figure": "c.phone"}
    assert sorted(tab) == ["cells", "columns", "id", "population", "rows"]
    assert (tab["rows"], tab["columns"]) == ("role", "helpline")
    assert tab["cells"][0] == {"row": "victim", "column": "north", "figure": "t.victim.north"}
    assert published["charts"] == {"c.chart": {"id": "c.chart", "kind": "bars", "series": "c"}}
    assert published["tables"]["t.table"] == {"id": "t.table", "crosstab": "t"}


@pytest.mark.parametrize("series", ['{"x": 1}', '{"x": {"by": "month"}}', "[]"])
def test_what_is_no_series_makes_no_ledger(tmp_path: Path, series: str) -> None:
    """It is refused as a file of another version."""
    path = tmp_path / "ledger.json"
    path.write_text(f'{{"edition": "2017", "series": {series}}}')
    with pytest.raises(ParametersError, match="is no ledger of this version"):
        read_ledger(path, "ledger.json", "build it again")


def test_a_ledger_says_where_figures_come_from_and_what_is_distorted(ledger: Ledger) -> None:
    """It gives the cell and the tables of each figure, and what no headline may mention."""
    assert ledger.origins() == dict.fromkeys(ledger.figures, ("contacts", "count"))
    assert "contacts" in ledger.fields
    assert "traffic" not in ledger.fields
    assert ledger.multiple == {"form"}
    breakdowns = [ledger.breakdowns[name] for name in ("s", "c", "t")]
    items: list[Figure | Breakdown] = [*breakdowns, ledger.figures["top"]]
    assert [ledger.is_artefact(item) for item in items] == [True, False, False, False]


def figure(year: Register, **more: Any) -> Figure:
    facts = {"id": "x", "kind": "count", "unit": "count", "population": whole(year).spec}
    return Figure.model_validate({**facts, "value": 1, **more})


def test_a_figure_has_a_value_or_says_why_not(year: Register) -> None:
    """It never has both or neither; it is frozen, and has no place for a row."""
    reason = Reason(code="no_rows")
    for wrong in (
        {"value": None},
        {"value": 1, "status": "unavailable", "reason": reason},
        {"value": None, "status": "suppressed"},
        {"row": "a name"},
    ):
        with pytest.raises(ValidationError):
            figure(year, **wrong)
    assert figure(year, value=None, status="unavailable", reason=reason).value is None
    with pytest.raises(ValidationError):
        figure(year).__setattr__("value", 2)
    assert figure(year).number == 1.0
    with pytest.raises(ValueError, match=r"^x is no number$"):
        _ = figure(year, value="phone").number
