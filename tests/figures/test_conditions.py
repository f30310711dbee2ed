"""What a chapter may write as a condition, and which rows it asks for."""

import datetime as dt
from typing import Any

import pytest

from helpline_report.figures.arguments import between, not_
from helpline_report.figures.breakdown import count_codes
from helpline_report.figures.model import Condition
from helpline_report.figures.population import describe
from helpline_report.figures.register import Register
from tests.figures.drawn import a_break, count_rows, refusal, register, whole

COUNTED: list[tuple[str, dict[str, Any], int]] = [
    ("contacts", {"channel": not_("phone")}, 2),
    ("contacts", {"channel": not_("phone", "email")}, 1),
    ("contacts", {"channel": not_(["phone", "email"])}, 1),
    ("contacts", {"channel": not_("written")}, 3),
    ("contacts", {"hour": range(9, 14)}, 2),
    ("contacts", {"hour": [9, 14]}, 3),
    ("contacts", {"hour": [9, "unknown"]}, 3),
    ("contacts", {"hour": "9"}, 2),
    ("contacts", {"hour": between(9, 14)}, 3),
    ("contacts", {"hour": between(None, 14)}, 3),
    ("contacts", {"hour": between(9, None)}, 4),
    ("contacts", {"hour": not_(range(9, 14))}, 3),
    ("contacts", {"hour": not_(between(9, 14))}, 2),
    ("contacts", {"channel": "written"}, 2),
    ("contacts", {"channel": ["written", "phone"]}, 5),
    ("contacts", {"channel": not_("written", "phone")}, 0),
    ("contacts", {"hour": not_("unknown")}, 4),
    ("contacts", {"month": between(1, 3)}, 4),
    ("contacts", {"month": 3}, 1),
    ("contacts", {"weekday": not_(between(1, 5))}, 1),
    ("contacts", {"date": between("2017-01-03", dt.date(2017, 3, 6))}, 3),
    ("contacts", {"date": between("2017-03-06", None)}, 2),
    ("contacts", {"date": not_(dt.date(2017, 1, 3))}, 3),
    ("persons", {"age": range(4, 10)}, 2),
    ("persons", {"age": range(0, 41, 4)}, 2),
    ("persons", {"age": 9}, 1),
    ("persons", {"age": not_(between(9, None))}, 2),
    ("persons", {"age": "unknown"}, 1),
    ("persons", {"age_class": not_("unknown", "older")}, 3),
    ("persons", {"form": not_("physical")}, 2),
    ("persons", {"form": not_("sexual", "emotional")}, 2),
    ("persons", {"form": "physical", "age": between(5, 80)}, 2),
    ("followups", {"followup": "referred"}, 2),
    ("followups", {"followup": not_("referred")}, 2),
    ("followups", {"age": range(4, 5)}, 2),
    ("persons", {"age": between(9, None)}, 3),
    ("persons", {"age": between(None, 9)}, 2),
    ("persons", {"age": ["unknown", 70]}, 2),
    ("persons", {"age": not_("unknown")}, 4),
    ("persons", {"age": not_(70)}, 4),
]


def test_rows_that_were_asked_for_are_counted(year: Register) -> None:
    """The counts are those of the rows that `conftest` draws, counted by eye."""
    for noun, condition, number in COUNTED:
        assert count_rows(whole(year, noun).where(**condition)) == number, condition


def test_rows_without_a_code_are_not_among_the_others(year: Register) -> None:
    """Nobody registered that they are something else; a row of several codes has all of them."""
    rows = "contact | problem | form\na | child_abuse | \na | | physical\na | elder_abuse | sexual"
    blank = whole(register(contacts="nr | date\na | 01-02", persons=rows), "persons")
    assert count_rows(blank.where(problem=not_("child_abuse"))) == 1
    assert count_rows(blank.where(form=not_("physical"))) == 1
    having = whole(year).having(whole(year, "persons").where(age=between(5, 69)))
    assert count_rows(having) == 2
    held = "person | followup\n1 | advice+referred.care\n1 | referred.police\n1 | other\n1 |"
    tables = {"contacts": "nr | date\na | 01-02", "persons": "nr | contact | age\n1 | a | 4"}
    several = whole(register(**tables, followups=held), "followups")
    assert count_rows(several.where(followup="referred")) == 2
    assert count_rows(several.where(followup=["referred", "other"])) == 3
    assert count_rows(several.where(followup=not_("referred"))) == 1
    assert count_rows(several.where(followup=not_("advice"))) == 2


def test_a_condition_is_kept_as_it_was_written(year: Register) -> None:
    """A span by its ends, what is left out beside the others: for words, SQL and messages."""
    spec = whole(year).where(hour=range(9, 12), channel=not_("written")).spec
    assert spec.conditions == (
        Condition(
            field="channel", codes=("phone", "fax", "unknown"), terms=("written",), negated=True
        ),
        Condition(field="hour", codes=("09", "10", "11"), terms=("09", "11"), form="between"),
    )
    written = whole(year).where(role="victim").where(channel=["email", "phone"]).spec
    assert written == whole(year).where(channel=["email", "phone"], role="victim").spec
    channel = Condition(field="channel", codes=("phone", "email"), terms=("email", "phone"))
    assert written.conditions[0] == channel
    assert describe(spec).startswith("contacts where channel=not written, hour=09–11 [")


HAS = "the field '{}' has no code '{}'"
ON = "the condition on '{}' {}"
FORMS = "\n  → give a code, a list of codes, a range, between(…) or not_(…)"
WHOLE = "\n  → a code is a text, such as 'phone'; of months, hours and ages a whole number"
ALL = "; there are: phone, email, chat, fax, unknown, written"
NO_ORDER = (
    "the codes of 'channel' have no order to lie between\n  → list its codes; "
    "between(…) and range(…) are for age, hour, month, weekday, date"
)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"channel": "fone"}, HAS.format("channel", "fone") + ", did you mean 'phone'?"),
        ({"channel": "writen"}, HAS.format("channel", "writen") + ", did you mean 'written'?"),
        ({"channel": "pigeon"}, HAS.format("channel", "pigeon") + ALL),
        ({"month": "13"}, HAS.format("month", "13") + "; they go from 01 to 12"),
        ({"hour": "nine"}, HAS.format("hour", "nine") + "; they go from 00 to 23"),
        ({"hour": between(9, 24)}, HAS.format("hour", "24") + "; they go from 00 to 23"),
        ({"date": "2016-03-01"}, HAS.format("date", "2016-03-01") + ", did you mean '2017-03-01'?"),
        ({"channel": []}, ON.format("channel", "names no code")),
        ({"hour": range(9, 9)}, ON.format("hour", "names no code")),
        ({"hour": between(12, 9)}, ON.format("hour", "goes from 12 down to 09")),
        ({"channel": between("phone", "email")}, NO_ORDER),
        ({"channel": {"phone"}}, ON.format("channel", "is a set") + FORMS),
        ({"channel": [1.5]}, ON.format("channel", "holds a float") + WHOLE),
        ({"helpline": not_("north", "south", "east")}, ON.format("helpline", "leaves no code")),
    ],
)
def test_a_condition_that_cant_be_kept_is_refused(
    year: Register, condition: dict[str, Any], message: str
) -> None:
    """With what is possible in its place."""
    assert refusal(lambda: whole(year).where(**condition)) == message


def test_what_would_mislead_is_refused(year: Register) -> None:
    """The rest of an open list, codes beside those left out, each year of age."""
    assert refusal(lambda: whole(year, "users").where(referrer=not_("x"))) == (
        "the list of 'referrer' is open: nobody knows which its other codes are\n"
        "  → name the codes that you want"
    )
    persons = whole(year, "persons")
    for population, by in ((persons.where(form=not_("sexual")), "form"), (persons, "age")):
        assert "break down by" in refusal(count_codes, population, by)


def test_conditions_go_to_the_year_before(before: Register) -> None:
    """Days move with the year, and an old code is left out where all of its parts are."""
    split = a_break(
        "b", "split", "2017-01-01", field="context", old="sport_leisure", new=["sport", "leisure"]
    )
    rows = {"contacts": "nr | date\na | 01-02", "persons": "contact | context\na | sport"}
    year = register(**rows, previous=before, breaks=[split])
    days = whole(year).where(date=between("2017-02-01", "2017-09-01")).previous()
    assert days.spec.conditions[0].terms == ("2016-02-01", "2016-09-01")
    assert count_rows(days) == 3
    persons = whole(year, "persons")
    others = persons.where(context=not_("sport", "leisure")).previous("b")
    assert count_rows(others) == 1
    assert count_rows(persons.where(context=not_("family")).previous("b")) == 2
