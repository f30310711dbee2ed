"""What the cells of executed chapters recorded becomes one ledger, with each name once."""

from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.run.records import RUN, collect

CHART = {"charts": {"one": {"id": "one", "kind": "trend"}}}
TABLE = {"tables": {"one": {"id": "one"}}}


def executed(file: str, *records: dict[str, Any]) -> NotebookNode:
    outputs = [
        new_output("display_data", {RECORD_MIME: {"ledger": {"edition": "2017"} | record}})
        for record in records
    ]
    cell = new_code_cell(id="count", outputs=outputs)
    return new_notebook(cells=[cell], metadata={RUN: {"file": file}})


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ([{"breakdown": 1}], [], "the cell leaves a record that is none of this program"),
        ([{"edition": "2016"}], [], "the cell counts the edition '2016', and '2017' is made"),
        ([TABLE, TABLE], [], "the table 'one' is computed twice in this cell"),
        ([CHART, CHART], [], "the chart 'one' is computed twice in this cell"),
        ([CHART], [CHART], "the chart 'one' is computed twice"),
    ],
)
def test_what_is_no_part_of_one_ledger(
    first: list[dict[str, Any]], second: list[dict[str, Any]], what: str
) -> None:
    """It is told at its cell, and a chart with how it gets another name."""
    chapters = {"contacts": executed("01_contacts.ipynb", *first)}
    chapters["callers"] = executed("02_callers.ipynb", *second)
    with pytest.raises(ChapterError) as caught:
        collect("2017", chapters)
    file = "02_callers" if second else "01_contacts"
    assert caught.value.where == f"notebooks/{file}.ipynb, cell 'count'"
    assert caught.value.what == what
    assert ("chapter.chart(…, name='…')" in caught.value.next_step) == (first[0] is CHART)
    other = "it stands in notebooks/01_contacts.ipynb, cell 'count' already: "
    assert caught.value.next_step.startswith(other) == bool(second)
