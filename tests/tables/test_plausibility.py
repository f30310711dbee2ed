"""What makes a year look wrong, and what explains it."""

import random
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.exports.faults import make_problem
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.tables.plausibility import (
    CountedYear,
    FieldCounts,
    count_fields,
    find_odd_counts,
)
from tests.cases import draw_cases
from tests.tables.counted_years import CODES, LISTS, NAME, counted, tally

# A year that looks wrong stops the run; chance, growth and what is declared do not


def odd(now: FieldCounts, before: FieldCounts, **changes: Any) -> list[str]:
    """What is odd about a year's channels, in words."""
    oddities = find_odd_counts(counted(now, **changes), counted(before, year="2016"))
    place = {"file": "contacts.csv", "line": 0, "column": ""}
    problems = [make_problem(each.code, each.case, each.values, **place) for each in oddities]
    named = zip(oddities, problems, strict=True)
    return [f"{item.code}, {item.about}: {problem.what}" for item, problem in named]


SILENT = "silent_code, channel.{}: no row with channel '{}'; the year before {} of 900 rows had it"
TEN_TIMES = (
    "tenfold, channel.chat: channel 'chat' stands in 600 of 900 rows; the year before in 30 of 900"
)
EXCHANGED = (
    "exchanged, channel.phone and email: channel 'phone' stands in 130 of 900 rows and 'email' in "
    "770; the year before in 780 and in 120 of 900: their labels changed places, or people changed "
    "from one to the other"
)
EMPTY = (
    "empty_column, channel: channel is blank or unknown in 860 of 900 rows; the year before in 50 "
    "of 900"
)
# The year, the year before, and what is odd: `code number` stands for a silent code.
CASES = """
a silent code                         | phone 900             | phone 800 email 100  | email 100
a silent code of which twenty are due | phone 900             | phone 880 email 20   | email 20
nineteen due, which are too few       | phone 900             | phone 881 email 19   |
half a year, in which half are due    | phone 450             | phone 870 email 30   |
a code that no label says any more    | only phone 900        | phone 800 email 100  |
an empty column, and no code of it    | missing 860 phone 40 | missing 50 phone 800 email 50 | EMPTY
a column that was never filled        | missing 900           | missing 500 phone 400 | phone 400
a column that was hardly filled       | missing 880 phone 20  | missing 500 phone 400 |
a code ten times up by its share      | phone 300 chat 600    | phone 870 chat 30    | TEN_TIMES
a helpline that grows                 | phone 17400 chat 600  | phone 870 chat 30    |
a handful that grows                  | phone 300 chat 600    | phone 871 chat 29    |
labels that changed places            | phone 130 email 770   | phone 780 email 120  | EXCHANGED
a code that draws level               | phone 450 email 450   | phone 780 email 120  |
codes that are near each other        | phone 8200 email 9800 | phone 9800 email 8200 |
all rows of one code, then of another | phone 900             | phone 15 email 885   | email 885
an even share, as of labels at random | phone 600 chat 300    | phone 3000 chat 30   |
"""


def drawn_tally(text: str) -> FieldCounts:
    """The counts of a year as a case draws them; `only`: no label says another code."""
    words = text.removeprefix("only ").split()
    counts = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    return tally(mapped=("phone",) if "only" in text else CODES, **counts)


@pytest.mark.parametrize(("now", "before", "expected"), draw_cases(CASES))
def test_what_is_odd_about_a_field(now: str, before: str, expected: str) -> None:
    """Its rows, its share and what was due decide."""
    code, _, number = expected.partition(" ")
    named = {"EMPTY": EMPTY, "TEN_TIMES": TEN_TIMES, "EXCHANGED": EXCHANGED}
    expected = named.get(expected, expected)
    line = SILENT.format(code, code, number) if number else expected
    assert odd(drawn_tally(now), drawn_tally(before)) == ([line] if line else [])


def test_what_is_declared_is_not_silent() -> None:
    """A split says where a code went; its dates in the code list say that it ended."""
    now, before = tally(phone=800, chat=50, other=50), tally(phone=800, email=100)
    split = {"kind": "split", "field": "channel", "old": "email", "new": ["chat", "other"]}
    declared = {"id": "split", "date": "2017-01-01", "note": NAME, **split}
    assert odd(now, before) != []
    assert odd(now, before, breaks=(Break.model_validate(declared),)) == []
    for until in ("2016-12-31", "2017-06-30"):
        data = LISTS["channel"].model_dump(by_alias=True)
        data["codes"][1]["until"] = until
        lists = {"channel": CodeList.model_validate(data)}
        assert odd(now, before, lists=lists) == []


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"kind": "split", "old": "email", "new": ["chat", "other"]}, []),
        ({"kind": "revision"}, []),
        ({"kind": "starts"}, [EXCHANGED]),
        ({"kind": "revision", "field": "gender"}, [EXCHANGED]),
    ],
)
def test_what_a_break_says_of_its_field_explains_an_exchange(
    declared: dict[str, Any], expected: list[str]
) -> None:
    """A split or a revision of the field does; a start, or a break of another field, doesn't."""
    change = {"id": "x", "date": "2017-01-01", "note": NAME, "field": "channel", **declared}
    now, before = tally(phone=130, email=770), tally(phone=780, email=120)
    assert odd(now, before, breaks=(Break.model_validate(change),)) == expected


def monthly(*email: int) -> FieldCounts:
    """The counts of a year with a hundred calls a month, and so many e-mails in each month."""
    months = [f"2017-{month:02}" for month in range(1, 13)]
    codes = {code: dict.fromkeys(months, 0) for code in CODES}
    codes |= {"phone": dict.fromkeys(months, 100), "email": dict(zip(months, email, strict=True))}
    rows = {month: 100 + codes["email"][month] for month in months}
    return FieldCounts("contacts", rows, dict.fromkeys(months, 0), codes, {}, frozenset(CODES))


def test_a_code_of_each_month_is_silent_with_twelve_rows() -> None:
    """Twelve rows within one month are no habit."""
    none = monthly(*[0] * 12)
    assert odd(none, monthly(2, *[1] * 11)) == [
        "silent_code, channel.email: no row with channel 'email'; the year before 13 of 1213 rows "
        "had it"
    ]
    assert odd(none, monthly(13, *[0] * 11)) == []


def test_months_without_a_code_are_odd_unless_they_are_its_season() -> None:
    """Within the year too, and for a code that is new; not where it was so the year before."""
    summer = monthly(*[40] * 6, 0, 0, *[40] * 4)
    line = (
        "silent_code, channel.email 2017-07 to 2017-08: no row with channel 'email' in 2017-07 to "
        "2017-08, where about 80 are due"
    )
    assert odd(summer, monthly(*[40] * 12)) == [line]
    assert odd(summer, monthly(*[0] * 12)) == [line]
    assert odd(summer, monthly(*[40] * 6, 2, 2, *[40] * 4)) == []


def test_codes_that_follow_each_other_are_odd() -> None:
    """As in a column that was sorted alone: no other code has rows in these months."""
    sorted_alone = monthly(*[0] * 6, *[100] * 6)
    calls = sorted_alone.codes["email"].items()
    codes = dict(sorted_alone.codes) | {"phone": {month: 100 - number for month, number in calls}}
    rows = dict.fromkeys(sorted_alone.rows, 100)
    oddities = find_odd_counts(counted(replace(sorted_alone, codes=codes, rows=rows)))
    assert [item.about for item in oddities] == [
        "channel.phone 2017-07 to 2017-12",
        "channel.email 2017-01 to 2017-06",
    ]


def test_without_a_year_before_only_the_ends_of_a_code_are_odd() -> None:
    """A gap within the year may be its season then."""
    of_ends = counted(monthly(*[0] * 3, *[40] * 3, 0, 0, *[40] * 4))
    assert [item.about for item in find_odd_counts(of_ends)] == ["channel.email 2017-01 to 2017-03"]


@pytest.mark.parametrize(("field", "other"), [("age", "age_class"), ("age_class", "age")])
def test_a_break_of_ages_explains_their_classes(field: str, other: str) -> None:
    """A break of the classes explains the ages too."""
    data = {"id": "x", "kind": "revision", "field": other, "date": "2017-01-01", "note": NAME}
    year = counted(monthly(*[40] * 9, 0, 0, 0), (Break.model_validate(data),))
    year = replace(year, lists={field: LISTS["channel"]}, fields={field: year.fields["channel"]})
    assert find_odd_counts(year) == []
    assert len(find_odd_counts(replace(year, breaks=()))) == 1


@pytest.mark.parametrize(("phone", "few"), [(99, []), (100, ["silent_code, channel.email"])])
def test_a_tiny_year_is_not_odd(phone: int, few: list[str]) -> None:
    """With fewer rows than a hundred nothing is asked, whatever stands in them."""
    oddities = odd(tally(phone=phone), tally(phone=600, email=300))
    assert [each.partition(":")[0] for each in oddities] == few


@given(
    seed=st.integers(0, 10**6),
    rows=st.integers(1, 2000),
    before=st.lists(st.integers(0, 5000), min_size=4, max_size=4),
)
def test_labels_drawn_at_random_are_not_odd(seed: int, rows: int, before: list[int]) -> None:
    """No year before makes them odd."""
    chosen = random.Random(seed).choices(CODES, k=rows)
    now = tally(0, **{code: chosen.count(code) for code in CODES})
    then = tally(0, **dict(zip(CODES, before, strict=True)))
    assert odd(now, then) == []


# Months, on the small exports of the desk


def put(
    desk: Any,
    *,
    silent: tuple[int, ...] = (),
    empty: tuple[int, ...] = (),
    each: int = 40,
    **more: Any,
) -> None:
    """So many contacts a month, each with a person; in some months none, or no channel and age.

    `filled` is the part of the contacts that have both in the other months, drawn with a `seed`.
    """
    chance = random.Random(more.get("seed", 0))
    contacts, persons = [], []
    for month in (month for month in range(1, 13) if month not in silent):
        for _ in range(each):
            blank = month in empty or chance.random() >= more.get("filled", 1.0)
            number, day = len(contacts), f"{chance.randint(1, 28):02}/{month:02}/2017"
            age = "" if blank else 30 + number % 8
            time = f"{9 + number % 8:02}:{number % 59:02}"
            contacts.append(f"{number} | {day} | {time} | {'' if blank else 'Telefoon'}")
            persons.append(f"{number} | {number} | Vrouw | {age} | School")
    desk.put("contacts.csv", "\n".join(["nr | day | time | channel", *contacts]))
    desk.put("persons.csv", "\n".join(["nr | contact | gender | age | context", *persons]))
    desk.put("followups.csv", "person | followup\n1 | Advies")
    desk.parameters = {}


def test_a_silent_month_stops_the_run(desk: Any) -> None:
    """The whole message, with the line that says that it is known; another month isn't then."""
    put(desk, silent=(3, 4))
    line = "- {fault: silent_month, file: contacts.csv, about: 2017-0%d, "
    assert desk.year_message() == (
        "2 problem(s) in the exports; nothing was written.\n"
        "[silent_month] raw/contacts.csv: no contact in 2017-03, where about 42 are due\n"
        "[silent_month] raw/contacts.csv: no contact in 2017-04, where about 37 are due\n"
        "  → export the whole period again, or acknowledge it with the reason\n"
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        f'      {line % 3}reason: {{nl: "…", en: "…"}}}}\n'
        f'      {line % 4}reason: {{nl: "…", en: "…"}}}}'
    )
    desk.parameters = {
        "acknowledged": [{"fault": "silent_month", "reason": NAME, "about": "2017-03"}]
    }
    assert "no contact in 2017-03" not in desk.year_message()
    desk.parameters = {"acknowledged": [{"fault": "silent_month", "reason": NAME}]}
    known = desk.years()[0].dataset.acknowledged
    assert [(item.code, item.about) for item in known] == [
        ("silent_month", "2017-03"),
        ("silent_month", "2017-04"),
    ]
    # A draft lists what is odd, and goes on.
    desk.parameters = {"draft": True}
    assert [waits.about for waits in desk.years()[0].dataset.waiting] == ["2017-03", "2017-04"]


def test_one_day_without_contacts_is_named_by_its_date(desk: Any) -> None:
    """The message has it, and the line that acknowledges it."""
    days = [f"{day:%d/%m/%Y}" for day in pd.date_range("2017-01-01", "2017-12-31", freq="W-MON")]
    rows = list(enumerate(day for day in days if day != "06/03/2017" for _ in range(60)))
    times = [f"{9 + number % 8:02}:{number % 59:02}" for number, _ in rows]
    contacts = [
        f"{n} | {day} | {time} | Telefoon" for (n, day), time in zip(rows, times, strict=True)
    ]
    put(desk)
    desk.put("contacts.csv", "\n".join(["nr | day | time | channel", *contacts]))
    persons = [f"{n} | {n} | Vrouw | {30 + n % 8} | School" for n, _ in rows]
    desk.put("persons.csv", "\n".join(["nr | contact | gender | age | context", *persons]))
    desk.parameters = {"calendar": {"working_days": [1]}}
    message = desk.year_message()
    assert "[silent_days] raw/contacts.csv: no contact on 2017-03-06, where about 60 are" in message
    assert 'file: contacts.csv, about: "2017-03-06", reason' in message


START = {
    "id": "begun",
    "kind": "starts",
    "date": "2017-03-01",
    "note": NAME,
    "tables": ["contacts"],
}
CLOSED = [{"date": f"2017-03-{day:02}", "reason": NAME} for day in range(1, 32)]
EXPLAINED: dict[str, tuple[tuple[int, ...], int, dict[str, Any]]] = {
    "few contacts a month": ((3,), 17, {}),
    "a month in which the helpline was closed": (
        (3,),
        40,
        {"calendar": {"working_days": [1, 2, 3, 4, 5, 6, 7], "closed": CLOSED}},
    ),
    "months before the start of a register": ((1, 2), 40, {"breaks": [START]}),
}


@pytest.mark.parametrize(("silent", "each", "parameters"), EXPLAINED.values(), ids=EXPLAINED)
def test_a_month_of_which_nothing_is_due(
    desk: Any, silent: tuple[int, ...], each: int, parameters: dict[str, Any]
) -> None:
    """It stops nothing."""
    put(desk, silent=silent, each=each)
    desk.parameters = parameters
    assert len(desk.years()[0].dataset.tables["contacts"]) == (12 - len(silent)) * each


def test_a_field_that_goes_blank_in_july_stops_the_run(desk: Any) -> None:
    """The whole message, with the lines that say that it is known; a field of persons too."""
    put(desk, empty=(7, 8, 9, 10, 11, 12))
    assert desk.year_message() == (
        "2 problem(s) in the exports; nothing was written.\n"
        "[empty_column] raw/contacts.csv: channel is blank or unknown in 240 of 240 rows of "
        "2017-07 to 2017-12; in other months in 0 of 240\n"
        "[empty_column] raw/persons.csv: age is blank or unknown in 240 of 240 rows of "
        "2017-07 to 2017-12; in other months in 0 of 240\n"
        "  → export the column again; declare a break, or acknowledge it with the reason\n"
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        "      - {fault: empty_column, file: contacts.csv, about: channel 2017-07 to 2017-12, "
        'reason: {nl: "…", en: "…"}}\n'
        "      - {fault: empty_column, file: persons.csv, about: age 2017-07 to 2017-12, "
        'reason: {nl: "…", en: "…"}}'
    )


def blank_months(
    desk: Any, breaks: tuple[Break, ...] = (), missing: int | None = None
) -> list[str]:
    """What is odd about the channel; so many of a hundred were blank the year before, if any."""
    dataset, lists = desk.load(), desk.project.codelists()
    fields = count_fields(dataset, lists, breaks, {})
    year = CountedYear(desk.edition, dataset, lists, breaks, fields)
    before = counted(tally(missing, phone=100 - missing)) if missing is not None else None
    return [
        item.about for item in find_odd_counts(year, before) if item.about.startswith("channel")
    ]


def test_blank_months_are_odd_where_others_are_filled(desk: Any) -> None:
    """Months apart are told apart; not where the others are blank, or last year was, or of few."""
    put(desk, empty=(3, 7, 8))
    assert blank_months(desk) == ["channel 2017-03", "channel 2017-07 to 2017-08"]
    put(desk, empty=(3,), filled=0.4)
    assert blank_months(desk) == []
    put(desk, empty=(3,), filled=0.9)
    assert blank_months(desk, missing=60) == []
    assert blank_months(desk, missing=50) == ["channel 2017-03"]
    put(desk, empty=(3,), each=19)
    assert blank_months(desk) == []
    put(desk, empty=(3,), each=20)
    assert blank_months(desk) == ["channel 2017-03"]


@pytest.mark.parametrize(
    ("declared", "empty"),
    [
        ({"kind": "starts", "date": "2017-03-01"}, (1, 2)),
        ({"kind": "revision", "date": "2017-11-15"}, (11, 12)),
    ],
)
def test_a_declared_break_explains_it(
    desk: Any, declared: dict[str, str], empty: tuple[int, ...]
) -> None:
    """A field that starts, or that was revised."""
    put(desk, empty=empty)
    change = Break.model_validate({"id": "x", "note": NAME, "field": "channel", **declared})
    assert blank_months(desk) != []
    assert blank_months(desk, (change,)) == []


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(each=st.integers(1, 60), filled=st.floats(0, 1), seed=st.integers(0, 10**6))
def test_blanks_at_random_are_not_odd(desk: Any, each: int, filled: float, seed: int) -> None:
    """Any number of them is accepted."""
    put(desk, each=each, filled=filled, seed=seed)
    assert blank_months(desk) == []
