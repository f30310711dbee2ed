"""The second count gives a row the code that any of its columns says, once: held to the truth."""

from typing import Any

import pytest

from helpline_report.figures.model import PopulationSpec
from helpline_report.parameters.layouts import load_layout
from helpline_report.second_count.database import open_database
from helpline_report.second_count.row_tables import list_fields
from helpline_report.second_count.statements import count_by, count_population, count_series
from tests.second_count.both import differences
from tests.tables.columns_of_one_code import CASES, Drawing
from tests.tables.conftest import desk as desk  # noqa: PLC0414 - a fixture


@pytest.mark.parametrize("drawing", CASES.values(), ids=CASES)
def test_sql_counts_a_person_once_for_each_code(desk: Any, drawing: Drawing) -> None:
    """By conditions, by series and across another field; and its rows are those of the chapters."""
    desk.put_layout(drawing.layout)
    desk.put("both.csv", drawing.export)
    project, edition = desk.project, desk.edition
    layouts = {"small": load_layout(project.layout_file("small"), project.root)}
    fields = list_fields([edition], layouts, project.codelists())
    facts = {"table": "persons", "noun": "persons", "edition": "2017", "period": edition.period}
    persons = PopulationSpec.model_validate(facts)
    with open_database(project, [edition], {}) as opened:
        by_form = dict(opened.execute(count_by(persons, ["form"], fields)).fetchall())
        assert by_form == drawing.truth
        crossed = opened.execute(count_series(persons, ["weekday", "form"], fields)).fetchall()
        sums = {code: sum(row[-1] for row in crossed if row[1] == code) for code in drawing.truth}
        assert sums == drawing.truth
        for code, number in drawing.truth.items():
            condition = {"field": "form", "codes": [code], "terms": [code], "form": "codes"}
            of_code = PopulationSpec.model_validate(
                {**facts, "conditions": [{**condition, "negated": False}]}
            )
            assert opened.execute(count_population(of_code, fields)).fetchone() == (number,)
        rows = opened.execute("SELECT form FROM persons ORDER BY line").fetchall()
    assert [sorted(codes) for (codes,) in rows] == [sorted(row) for row in drawing.codes_by_eye]
    assert differences(project, edition, desk.load()) == []
