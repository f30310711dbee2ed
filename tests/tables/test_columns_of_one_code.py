"""A row has a code if any of its columns says so, and has it once."""

from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.figures.breakdown import count_series, crosstab
from helpline_report.figures.measures import count
from helpline_report.figures.population import Population
from helpline_report.figures.register import Register
from tests.tables.columns_of_one_code import CASES, Drawing, flags


@pytest.mark.parametrize("drawing", CASES.values(), ids=CASES)
def test_a_code_is_had_if_any_column_says_so(desk: Any, drawing: Drawing) -> None:
    """Each row has the codes that its reader sees, and the chapters count them once a person."""
    desk.put_layout(drawing.layout)
    desk.put("both.csv", drawing.export)
    dataset = desk.load()
    frame = dataset.tables["persons"].frame.filter(like="form:")
    names = [name.removeprefix("form:") for name in frame.columns]
    codes = [[code for code, has in zip(names, row, strict=True) if has] for row in frame.values]
    assert codes == drawing.codes_by_eye
    register = Register(desk.edition, dataset, desk.project.codelists())
    persons = Population.whole(register, "persons")
    counts = {code: count("x", persons.where(form=code)).value for code in drawing.truth}
    assert counts == drawing.truth
    by_form = {each.id: each.value for each in count_series("form", persons, "form")[1]}
    assert {name: value for name, value in by_form.items() if value} == {
        f"form.{code}": number for code, number in drawing.truth.items()
    }
    crossed = crosstab("x", persons, "weekday", "form")[1]
    for code, number in drawing.truth.items():
        assert (
            sum(int(each.value or 0) for each in crossed if each.id.endswith(f".{code}")) == number
        )


@pytest.mark.parametrize(
    ("persons", "message"),
    [
        (
            "columns: {a: {field: age, kind: integer, from: 0, to: 9, outside: refuse}, "
            "b: {field: age, kind: integer, from: 0, to: 9, outside: refuse}}",
            "the field 'age' from two columns",
        ),
        (
            "columns: {a: {field: age_class, codes: {x: all}}, "
            "b: {field: age_class, codes: {x: all}}}",
            "the field 'age_class' from two columns",
        ),
        (
            "columns: {a: {field: form, codes: {Club: physical}}}, " + flags(b="sexual"),
            r"the field 'form' from two columns; if a row has the codes of each: "
            r"'several: \[form\]'",
        ),
        (
            "several: [form], columns: {a: {field: form, codes: {Club: physical}}}",
            "'several': no two columns give the field 'form'",
        ),
        (
            "several: [age], columns: {a: {field: form, codes: {Club: physical}}}",
            "'several': a row has one 'age'",
        ),
        (
            "several: [form], columns: {a: {field: form, "
            "codes: {Club: [{code: physical, until: 2017-06-30}, "
            "{code: sexual, from: 2017-07-01}]}}}, " + flags(b="sexual"),
            "the label 'Club' has one code after another where rows hold several",
        ),
    ],
)
def test_what_two_columns_cannot_give_is_refused(desk: Any, persons: str, message: str) -> None:
    """One age, and one code on one day."""
    desk.put_layout(Drawing(persons, "", {}).layout)
    with pytest.raises(ParametersError, match=message):
        desk.load()


def test_a_label_that_a_column_does_not_know_is_refused_in_it_alone(desk: Any) -> None:
    """What another column knows helps it no more than before."""
    drawing = CASES["two columns of codes"]
    desk.put_layout(drawing.layout)
    desk.put("both.csv", "day | vorm 1 | vorm 2\n13/03/2017 | Seksueel | Seksueel")
    assert [problem[:37] for problem in desk.problems()] == [
        "[B59] raw/both.csv:2, column vorm 1: "
    ]
