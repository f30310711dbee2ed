"""What makes a year look wrong, and what explains it."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpline_report.exports.faults import make_problem
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.tables.dataset import Table
from helpline_report.tables.plausibility import (
    CountedYear,
    FieldCounts,
    count_fields,
    find_odd_counts,
    find_silent_stretches,
)
from helpline_report.tables.years import UNEXPLAINED, describe_code_changes, describe_other_lines
from tests.cases import draw_cases
from tests.figures.drawn import a_break
from tests.tables.counted_years import CODES, LISTS, NAME, counted, tally, tally_months

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


def test_an_empty_column_is_told_once() -> None:
    """One cause is one message, though each helpline and channel lacks it too."""
    now, before = (
        replace(
            tally(missing, phone=900 - missing),
            parts=pd.DataFrame({"rows": [900], "missing": [missing]}, index=["helpline.west"]),
        )
        for missing in (900, 50)
    )
    assert [line.partition(":")[0] for line in odd(now, before)] == ["empty_column, channel"]


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
    none = [0] * 12
    rows = {"rows": [100 + number for number in email], "missing": none}
    codes = {"phone": [100] * 12, "email": [*email], "chat": none, "other": none}
    return tally_months(months, rows, codes)


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
        "silent_code, channel.email 2017-07 to 2017-08: channel 'email' stands in none of 200 rows "
        "of 2017-07 to 2017-08; in other months in 400 of 1400"
    )
    assert odd(summer, monthly(*[40] * 12)) == [line]
    assert odd(summer, monthly(*[0] * 12)) == [line]
    assert odd(summer, monthly(*[40] * 6, 2, 2, *[40] * 4)) == []


def test_codes_that_follow_each_other_are_odd() -> None:
    """As in a column that was sorted alone: no other code has rows in these months."""
    sorted_alone = monthly(*[0] * 6, *[100] * 6)
    codes = sorted_alone.codes.assign(phone=100 - sorted_alone.codes["email"])
    months = sorted_alone.months.assign(rows=100)
    oddities = find_odd_counts(counted(replace(sorted_alone, codes=codes, months=months)))
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
    now = tally(0, (), **{code: chosen.count(code) for code in CODES})
    then = tally(0, (), **dict(zip(CODES, before, strict=True)))
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
    contacts, persons = list[str](), list[str]()
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
    assert "file: contacts.csv, about: '2017-03-06', reason" in message


START = a_break("begun", "starts", "2017-03-01", tables=["contacts"])
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


# Stretches of open days without contacts: what a sound year never has, and what is found

HOLIDAYS = ["2017-04-17", "2017-05-01", "2017-05-25", "2017-07-21", "2017-08-15", "2017-11-01"]


def draw_year(mean: float, scatter: float, seed: int, *, by_week: bool = False) -> pd.Series:
    """The contacts of each open day of a year with seasons and weekdays of its own.

    It is closed on Sundays and holidays. Days, or whole weeks, vary `scatter` times as much as
    Poisson counts.
    """
    chance = np.random.default_rng(seed)
    days = pd.date_range("2017-01-01", "2017-12-31").difference(pd.DatetimeIndex(HOLIDAYS))
    days = days[days.day_of_week < 6]
    due = chance.uniform(0.7, 1.3, 12)[days.month - 1]
    due = due * chance.uniform(0.6, 1.4, 7)[days.day_of_week]
    due *= mean / due.mean()
    if scatter > 1 and by_week:
        busy = chance.gamma(mean / (scatter - 1), (scatter - 1) / mean, 53)
        due = due * busy[days.day_of_year // 7]
    elif scatter > 1:
        due = chance.gamma(due / (scatter - 1), scatter - 1)
    return pd.Series(chance.poisson(due), index=days)


@pytest.mark.parametrize("varying", ["days", "weeks"])
@pytest.mark.parametrize("scatter", [1, 2, 3])
def test_sound_years_of_few_contacts_have_none(scatter: float, varying: str) -> None:
    """Three a day, of 40 years each; days vary by themselves, or whole weeks do."""
    by_week = varying == "weeks"
    years = [draw_year(3, scatter, seed, by_week=by_week) for seed in range(40)]
    assert [seed for seed, year in enumerate(years) if [*find_silent_stretches(year)]] == []


Silence = Callable[[pd.DatetimeIndex], npt.NDArray[np.bool_]]


def between(days: pd.DatetimeIndex, first: str, last: str) -> npt.NDArray[np.bool_]:
    return (days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))


STRETCHES: dict[str, tuple[Silence, list[str]]] = {
    "a week": (
        lambda days: between(days, "2017-03-06", "2017-03-11"),
        ["6 open days, 2017-03-06 to 2017-03-11"],
    ),
    "each Friday": (lambda days: days.day_of_week == 4, ["51 Fridays, 2017-01-06 to 2017-12-29"]),
    "a week, and Mondays of two months": (
        lambda days: (
            ((days.day_of_week == 0) & days.month.isin([5, 6]))
            | between(days, "2017-10-02", "2017-10-07")
        ),
        ["6 open days, 2017-10-02 to 2017-10-07", "8 Mondays, 2017-05-08 to 2017-06-26"],
    ),
    "two days": (lambda days: days.isin(days[100:102]), []),
}


@pytest.mark.parametrize(("silence", "expected"), STRETCHES.values(), ids=STRETCHES)
def test_what_is_missing_is_found(silence: Silence, expected: list[str]) -> None:
    """The days and what they lack are named, in a year of some 19 contacts a day."""
    numbers = draw_year(19, 1.5, 1712)
    numbers[silence(pd.DatetimeIndex(numbers.index))] = 0
    stretches = [
        f"{len(silent)} {days}, {silent[0]:%Y-%m-%d} to {silent[-1]:%Y-%m-%d}"
        for days, silent, _ in find_silent_stretches(numbers)
    ]
    assert stretches == expected


@pytest.mark.parametrize(
    ("a_day", "few", "part", "place"),
    [(4, 0.2, "day_of_week", 5), (14, 0.15, "month", 8)],
    ids=["Saturdays", "an August"],
)
def test_days_on_which_hardly_anybody_calls_are_sound(
    a_day: int, few: float, part: str, place: int
) -> None:
    """Saturdays, or an August, on which almost nobody calls aren't missing."""
    for seed in range(30):
        numbers, chance = draw_year(a_day, 3, seed), np.random.default_rng(seed)
        quiet = chance.poisson(chance.gamma(few, 2, len(numbers)))
        numbers = numbers.where(getattr(numbers.index, part) != place, quiet)
        assert [*find_silent_stretches(numbers)] == [], seed


@pytest.mark.parametrize("busy", [1.0, 0.4])
def test_what_is_due_is_what_is_missing(busy: float) -> None:
    """Or less, though the days that are missing don't tell it; of a quiet weekday too."""
    numbers = draw_year(19, 1.5, 1712)
    days = pd.DatetimeIndex(numbers.index)
    is_friday = days.day_of_week == 4
    numbers = numbers.where(~is_friday, (numbers * busy).round())
    fridays = is_friday & (days.month < 7)
    missing = numbers[fridays].sum()
    ((_, _, due),) = find_silent_stretches(numbers.where(~fridays, 0))
    assert 0.6 * missing < due < 1.1 * missing


@pytest.mark.parametrize(
    ("first", "last", "due"), [("2017-01-12", "2017-02-20", [58]), ("2017-01-12", "2017-02-06", [])]
)
def test_of_one_or_two_contacts_a_day_only_long_runs_are_found(
    first: str, last: str, due: list[int]
) -> None:
    """Forty contacts must be due in a run; single days say nothing."""
    numbers = draw_year(2, 1, 1712)
    numbers[10::7] = 0
    numbers[(numbers.index >= first) & (numbers.index <= last)] = 0
    assert [round(each) for _, _, each in find_silent_stretches(numbers)] == due
    assert [*find_silent_stretches(numbers[:0])] == []


def test_a_month_of_two_contacts_is_sound_where_others_have_fifty() -> None:
    """What is due in its other days is what these two days had."""
    numbers = draw_year(2, 1, 1712) * 0 + 2
    numbers[pd.DatetimeIndex(numbers.index).month == 8] = 0
    numbers[["2017-08-01", "2017-08-31"]] = 1
    assert [*find_silent_stretches(numbers)] == []


# Codes that one of two years has alone: what explains them, or the break to declare

CHANNELS = {
    "many": tally(phone=900, chat=100),
    "none": tally(phone=900),
    "few": tally(phone=881, chat=19),
    "no label": tally(phone=900, mapped=("phone", "email")),
}
DECLARED = "the break 'x' of 2017-01-01 is declared"
REVISION = {"kind": "revision"}
SPLIT_TO = {"kind": "split", "old": "email", "new": ["chat", "phone"]}
SPLIT_OF = {"kind": "split", "old": "chat", "new": ["email", "phone"]}
SPLIT_OTHERS = {"kind": "split", "old": "phone", "new": ["other", "email"]}
NO_LABEL = "the layout of that year has no label for it"
BEGINS = "its code list says that it exists from 2017-03-01"
ENDS = "its code list says that it existed until 2017-02-01"
CHANCE = "so few rows that it may be chance"


def propose(day: str) -> str:
    line = f"- {{id: channel_chat, kind: revision, field: channel, date: {day}, "
    return f'{UNEXPLAINED}of params/2017.yaml: {line}note: {{nl: "…", en: "…"}}}}'


@pytest.mark.parametrize(
    ("now", "before", "declared", "dates", "reason"),
    [
        ("many", "none", {}, {}, propose("2017-03-14")),
        ("none", "many", {}, {}, propose("2017-01-01")),
        ("many", "none", REVISION, {}, DECLARED),
        ("none", "many", REVISION, {}, DECLARED),
        ("many", "none", {**REVISION, "tables": ["contacts"]}, {}, DECLARED),
        ("many", "none", {**REVISION, "tables": ["persons"]}, {}, propose("2017-03-14")),
        ("many", "none", SPLIT_TO, {}, DECLARED),
        ("none", "many", SPLIT_OF, {}, DECLARED),
        ("many", "none", SPLIT_OTHERS, {}, propose("2017-03-14")),
        ("many", "none", {}, {"from": "2017-03-01"}, BEGINS),
        ("none", "many", {}, {"until": "2017-02-01"}, ENDS),
        ("many", "no label", {}, {}, NO_LABEL),
        ("no label", "many", {}, {}, NO_LABEL),
        ("few", "none", {}, {}, CHANCE),
        ("none", "few", {}, {}, CHANCE),
    ],
)
def test_a_code_of_one_year_alone_has_a_line(
    now: str, before: str, declared: dict[str, Any], dates: dict[str, str], reason: str
) -> None:
    """A break, its dates, its labels or chance explain it; else the break to declare stands there.

    A new code has it on the first day of its rows.
    """
    days = pd.Series(pd.to_datetime(["2017-01-01", "2017-03-14"])).astype("datetime64[s]")
    channels = pd.Categorical(["phone", "chat"], categories=list(CODES))
    frame = pd.DataFrame({"line": [2, 3], "date": days, "channel": channels})
    contacts = Table("contacts", frame, frozenset({"date", "channel"}))
    data = LISTS["channel"].model_dump(by_alias=True)
    data["codes"][CODES.index("chat")].update(dates)
    lists = {"channel": CodeList.model_validate(data)}
    of = {} if "tables" in declared else {"field": "channel"}
    item = {"id": "x", "date": "2017-01-01", "note": NAME, **of, **declared}
    breaks = (Break.model_validate(item),) if declared else ()
    year = counted(CHANNELS[now], breaks, lists, contacts=contacts)
    (line,) = describe_code_changes(year, counted(CHANNELS[before], breaks, lists, "2016"))
    rows = max(CHANNELS[name].count("chat") for name in (now, before))
    lacking = "2016" if CHANNELS[now].count("chat") else "2017"
    start = f"channel 'chat' (rows: {rows}) not in {lacking}: {reason}"
    assert line == start


def test_codes_of_both_years_have_no_line() -> None:
    """A field that one of the years has no rows of has none either."""
    many, nothing = counted(CHANNELS["many"]), counted(tally(), year="2016")
    assert list(describe_code_changes(many, counted(CHANNELS["few"], year="2016"))) == []
    assert list(describe_code_changes(many, nothing)) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["phone", "chat"], []),
        ([], []),
        (
            ["phone", "email"],
            [
                "helpline 'email' has no rows, but stands in helpline.lines of params/2017.yaml: "
                "means per helpline count it",
                "helpline 'chat' (rows: 100) isn't in helpline.lines of params/2017.yaml: "
                "means per helpline don't count it",
            ],
        ),
    ],
)
def test_helplines_of_the_parameters_or_the_rows_alone(
    lines: list[str], expected: list[str]
) -> None:
    """Each has a line, unless the parameters name none."""
    year = counted(CHANNELS["many"])
    helpline = year.edition.helpline.model_copy(update={"lines": lines})
    edition = year.edition.model_copy(update={"helpline": helpline})
    year = replace(year, edition=edition, fields={"helpline": CHANNELS["many"]})
    assert list(describe_other_lines(year)) == expected
