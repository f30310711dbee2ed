"""What stops a run unless the parameters say that it is known, and how that is said."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from helpline_report.errors import ParametersError
from helpline_report.parameters.acknowledgements import write_acknowledgement
from helpline_report.parameters.edition import Edition
from helpline_report.tables.refusals import find_superfluous

REASON = {"nl": "vragen om raad", "en": "questions for advice"}
UNKNOWN = (
    "1 problem(s) in the exports; nothing was written.\n"
    "[B56] raw/contacts.csv:3: 1 contact(s) without a reported person{more}\n"
    "  → complete them in the source; or they are known, and count as contacts\n"
)


def say(desk: Any, **entry: object) -> None:
    """Have the parameters of a desk acknowledge one thing."""
    desk.said = {"acknowledged": [{"reason": REASON, **entry}] if entry else []}


def test_what_is_not_known_stops_the_run_with_the_line_to_add(desk: Any) -> None:
    """The whole message: which row, what to do, and what to paste."""
    say(desk)
    assert desk.message() == UNKNOWN.format(more="") + (
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        "      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: …, en: …}}"
    )


def test_an_edition_that_acknowledges_something_else_is_told_where_to_add(desk: Any) -> None:
    """A second key `acknowledged` would be an error of its own."""
    say(desk, fault="B58")
    assert desk.message() == UNKNOWN.format(more="") + (
        "  → what is known, add under 'acknowledged:' in params/2017.yaml:\n"
        "      - {fault: B56, file: contacts.csv, rows: 1, reason: {nl: …, en: …}}"
    )


@pytest.mark.parametrize(
    "entry",
    [
        {"fault": "B56"},
        {"fault": "B56", "file": "contacts.csv"},
        {"fault": "B56", "file": "raw/contacts.csv"},
        {"fault": "B56", "rows": 1},
        {"fault": "B56", "rows": 12, "file": "contacts.csv"},
    ],
)
def test_what_is_known_is_counted_and_goes_with_its_reason(desk: Any, entry: Any) -> None:
    """In one file or in all, in any number of rows or in as many as are named."""
    say(desk, **entry)
    dataset = desk.load()
    (known,) = dataset.acknowledged
    assert (known.code, known.file, known.rows) == ("B56", "raw/contacts.csv", 1)
    assert known.reason.nl == "vragen om raad"
    assert desk.balance("contacts.csv").noted == {"B56": 1}


def test_more_rows_than_are_known_stop_the_run(desk: Any) -> None:
    """Somebody looked at one contact, and now there are two."""
    say(desk, fault="B56", rows=1)
    desk.put("persons.csv", "nr | contact | gender | age | context\n11 | 1 | Vrouw | 34 | School")
    desk.put("followups.csv", "person | followup\n11 | Advies")
    assert desk.problems() == [
        "[B56] raw/contacts.csv:3: 2 contact(s) without a reported person (lines 3, 4); 1 of them "
        "acknowledged\n"
        "  → complete them in the source; or they are known, and count as contacts"
    ]


@pytest.mark.parametrize("entry", [{"fault": "B56", "file": "persons.csv"}, {"fault": "B58"}])
def test_what_is_known_of_something_else_covers_nothing(desk: Any, entry: Any) -> None:
    """Of another file, or another fault."""
    say(desk, **entry)
    assert len(desk.problems()) == 1


def test_a_line_to_add_is_one_that_the_parameters_take(desk: Any) -> None:
    """With its reason written, it is what was asked for, whatever the file is called."""
    for name in ("contacts.csv", "a, b: {c}.csv", "2017-03-01", "yes", "'x'.csv", "# é.csv"):
        text = write_acknowledgement("B56", file=f"raw/{name}", about="2017-03", rows=12)
        (entry,) = yaml.safe_load(text.replace("…", "waarom"))
        assert entry == {
            "fault": "B56",
            "file": name,
            "about": "2017-03",
            "rows": 12,
            "reason": {"nl": "waarom", "en": "waarom"},
        }
        Edition.model_validate({**desk.edition.model_dump(by_alias=True), "acknowledged": [entry]})


def test_a_line_pasted_without_its_reason_is_no_reason(desk: Any) -> None:
    """Three dots say nothing to whoever reads the report."""
    say(desk, fault="B56", reason={"nl": "…", "en": "…"})
    with pytest.raises(ValueError, match="say why in words, in place of '…'"):
        _ = desk.edition


def test_what_speaks_of_nothing_is_superfluous(desk: Any) -> None:
    """It stops nothing, and is told."""
    said = [{"fault": "B56", "reason": REASON}, {"fault": "B58", "reason": REASON}]
    desk.said = {"acknowledged": said}
    superfluous = find_superfluous(desk.edition, desk.load().acknowledged)
    assert [entry.fault for entry in superfluous] == ["B58"]


def test_a_fault_that_is_refused_cannot_be_acknowledged(desk: Any) -> None:
    """Nor one that there isn't."""
    desk.said = {
        "acknowledged": [{"fault": "B53", "reason": REASON}, {"fault": "B99", "reason": REASON}]
    }
    with pytest.raises(ParametersError) as caught:
        desk.load()
    can = "B42, B47, B56, B58, B66, B69, silent_month, silent_code, empty_column, tenfold can be"
    assert str(caught.value) == (
        f"params/2017.yaml: B53 can't be acknowledged; {can}\n"
        f"params/2017.yaml: B99 isn't a fault; {can}"
    )


def test_a_persons_file_with_rows_refused_leaves_nobody_alone(desk: Any) -> None:
    """Whose person's row can't be read isn't a contact about nobody."""
    say(desk)
    desk.put(
        "persons.csv",
        "nr | contact | gender | age | context\n11 | 1 | Vrouw\n12 | 3 | Man | 1 | School",
    )
    assert all("[B56]" not in problem for problem in desk.problems())
