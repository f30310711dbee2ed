"""Totals that somebody saw on a screen, against the rows that the exports hold."""

from __future__ import annotations

from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.yaml import read_yaml
from helpline_report.tables.source_files import check_references, source_files


def total(desk: Any, *totals: object, **more: object) -> None:
    """Give the parameters of a desk control totals."""
    desk.said = {**desk.said, "control_totals": list(totals), **more}


@pytest.mark.parametrize(
    "seen",
    [
        {"table": "contacts", "rows": 3},
        {"table": "contacts", "month": "2017-03", "rows": 2},
        {"table": "contacts", "where": {"channel": "phone"}, "rows": 1},
        {"table": "contacts", "where": {"channel": ["phone", "email"]}, "rows": 2},
        {"table": "persons", "where": {"gender": "female", "channel": "phone"}, "rows": 1},
        {"table": "persons", "month": "2017-12", "rows": 1},
        {"table": "followups", "where": {"followup": "advice"}, "month": "2017-03", "rows": 1},
        {"file": "persons.csv", "rows": 3},
        {"file": "raw/followups.csv", "rows": 3},
    ],
)
def test_a_total_that_agrees_stops_nothing(desk: Any, seen: Any) -> None:
    """Of a table, a month, a code, codes of the table above, or a file."""
    total(desk, seen)
    assert len(desk.load().tables) == 3


def test_a_table_with_another_total_is_refused(desk: Any) -> None:
    """B70: both totals, and what to do."""
    total(desk, {"table": "contacts", "rows": 4, "seen": "2018-01-05"})
    assert desk.message() == (
        "1 problem(s) in the exports; nothing was written.\n"
        "[B70] raw/contacts.csv: 3 contacts; expected 4, as was seen on 2018-01-05\n"
        "  → export again over the whole period; if the total was noted wrongly, correct it: "
        "control_totals.0 in params/2017.yaml"
    )


def test_a_part_of_a_table_is_named(desk: Any) -> None:
    """By its codes and its month."""
    where = {"channel": ["phone", "email"], "gender": "female"}
    total(desk, {"table": "persons", "where": where, "month": "2017-03", "rows": 2})
    assert desk.problems()[0].splitlines()[0] == (
        "[B70] raw/persons.csv: 1 persons with channel phone or email with gender female in "
        "2017-03; expected 2"
    )


@pytest.mark.parametrize(("rows", "code"), [(4, "B10"), (2, "B70")])
def test_a_file_with_fewer_rows_is_cut_off(desk: Any, rows: int, code: str) -> None:
    """B10 where rows are missing, B70 where there are too many."""
    total(desk, {"file": "followups.csv", "rows": rows})
    assert desk.problems()[0].splitlines()[0] == (
        f"[{code}] raw/followups.csv: 3 rows; expected {rows}"
    )


def test_blank_rows_are_no_rows_of_a_file(desk: Any) -> None:
    """The registration system doesn't count them."""
    desk.put("followups.csv", "person | followup\n\n11 | Advies\n\n13 | Andere")
    total(desk, {"file": "followups.csv", "rows": 2})
    assert len(desk.load().tables["followups"]) == 2


def test_rows_missing_are_told_beside_what_hangs_on_them(desk: Any) -> None:
    """A file of persons that was cut off: its total, and the follow-ups of nobody."""
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 34 | School")
    total(desk, {"file": "persons.csv", "rows": 3})
    assert {problem[:5] for problem in desk.problems()} == {"[B10]", "[B55]"}


def test_totals_and_what_is_to_be_acknowledged_come_together(desk: Any) -> None:
    """One look mends everything."""
    desk.said = {"control_totals": [{"table": "contacts", "rows": 4}]}
    assert [problem[:5] for problem in desk.problems()] == ["[B70]", "[B56]"]


def test_a_draft_is_held_against_no_total_of_a_table(desk: Any) -> None:
    """It leaves rows out; of its files all rows were read."""
    total(desk, {"table": "contacts", "rows": 4}, draft=True)
    assert len(desk.load().tables) == 3
    total(desk, {"file": "contacts.csv", "rows": 4}, draft=True)
    assert len(desk.problems()) == 1


PARAMETERS = """\
control_totals:
  - {table: contacts, where: {chanel: phone}, rows: 1}
  - table: contacts
    where:
      channel: fone
    rows: 1
  - {table: contacts, where: {gender: female}, rows: 1}
  - {file: contact.csv, rows: 1}
  - {table: contacts, month: 2018-01, rows: 1}
  - {table: contacts, month: 2017-13, rows: 1}
"""


def test_a_total_of_what_there_is_not_is_told_with_its_line(desk: Any) -> None:
    """Fields, codes, files and months, each with the nearest name."""
    path = desk.root / "params" / "2017.yaml"
    path.write_text(PARAMETERS, encoding="utf-8")
    document = read_yaml(path, desk.root)
    total(desk, *document.data["control_totals"])
    lists = desk.project.codelists()
    with pytest.raises(ParametersError) as caught:
        check_references(
            desk.edition, source_files(desk.project, desk.edition, lists), lists, document
        )
    period = "doesn't lie in the period 2017-01-01 to 2017-12-31"
    assert str(caught.value).splitlines() == [
        "params/2017.yaml:2: 'chanel' is no coded field of contacts, did you mean 'channel'?",
        "params/2017.yaml:5: 'channel' has no code 'fone', did you mean 'phone'?",
        "params/2017.yaml:7: 'gender' is no coded field of contacts",
        "params/2017.yaml:8: no source has a file 'contact.csv', did you mean 'contacts.csv'?",
        f"params/2017.yaml:9: 2018-01 {period}",
        f"params/2017.yaml:10: 2017-13 {period}",
    ]


def test_a_table_that_no_source_gives_has_no_total(sample_edition: Any, desk: Any) -> None:
    """Without followups in any layout."""
    assert sample_edition.control_totals == []
    layout = desk.root / "params" / "layouts" / "small.yaml"
    text = layout.read_text(encoding="utf-8")
    desk.put_layout(text[: text.index("  followups:\n    name")])
    total(desk, {"table": "followups", "rows": 3})
    with pytest.raises(ParametersError) as caught:
        desk.load()
    assert str(caught.value) == "params/2017.yaml: no source gives the table 'followups'"
