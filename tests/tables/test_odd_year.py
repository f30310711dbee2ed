"""A year that looks wrong stops the run; chance, growth and what is declared do not."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break
from helpline_report.parameters.values import Period
from helpline_report.tables.code_tallies import Tally
from helpline_report.tables.plausibility import FEWEST, odd_fields

YEAR = Period(start=dt.date(2017, 1, 1), end=dt.date(2017, 12, 31))
NAME = {"nl": "x", "en": "x"}
CODES = ("phone", "email", "chat", "other")
LISTS = {
    "channel": CodeList.model_validate(
        {
            "field": "channel",
            "table": "contacts",
            "name": NAME,
            "by": NAME,
            "where": NAME,
            "codes": [{"code": code, **NAME} for code in CODES],
        }
    )
}


def tally(missing: int = 0, said: tuple[str, ...] = CODES, **counts: int) -> Tally:
    """The tally of a year's channels."""
    whole = {code: counts.get(code, 0) for code in CODES}
    rows = sum(whole.values()) + missing
    return Tally("contacts", "channel", rows, whole, missing, frozenset(said))


def odd(
    now: Tally,
    before: Tally,
    *,
    breaks: tuple[Break, ...] = (),
    lists: Mapping[str, CodeList] = LISTS,
) -> list[str]:
    """What is odd about a year's channels, in words."""
    found = odd_fields({"channel": now}, {"channel": before}, lists, breaks, YEAR)
    return [f"{item.code}, {item.about}: {item.what}" for item in found]


def test_a_silent_code() -> None:
    """Many rows last year, none this year."""
    assert odd(tally(phone=900, email=0), tally(phone=800, email=100)) == [
        "silent_code, channel.email: no row with channel 'email'; the year before 100 of 900 rows "
        "had it"
    ]


def test_a_code_of_few_rows_may_be_silent() -> None:
    """Nineteen due are too few to say something."""
    assert odd(tally(phone=900), tally(phone=881, email=19)) == []
    assert odd(tally(phone=900), tally(phone=880, email=20)) != []


def test_a_code_is_due_by_its_share() -> None:
    """A year half as long has half as many due."""
    assert odd(tally(phone=450), tally(phone=870, email=30)) == []


def test_a_code_that_the_layout_no_longer_says_is_not_silent() -> None:
    """Nobody could register it."""
    assert odd(tally(phone=900, said=("phone",)), tally(phone=800, email=100)) == []


def test_a_code_that_was_split_is_not_silent() -> None:
    """The break says where it went."""
    split = Break.model_validate(
        {
            "id": "split",
            "kind": "split",
            "date": "2017-01-01",
            "note": NAME,
            "field": "channel",
            "old": "email",
            "new": ["chat", "other"],
        }
    )
    now, before = tally(phone=800, chat=50, other=50), tally(phone=800, email=100)
    assert odd(now, before, breaks=(split,)) == []
    assert odd(now, before) != []


@pytest.mark.parametrize("dates", [{"until": "2016-12-31"}, {"until": "2017-06-30"}])
def test_a_code_that_ended_is_not_silent(dates: dict[str, str]) -> None:
    """Its dates in the code list say so."""
    data = LISTS["channel"].model_dump(by_alias=True)
    data["codes"][1] |= dates
    lists = {"channel": CodeList.model_validate(data)}
    assert odd(tally(phone=900), tally(phone=800, email=100), lists=lists) == []


def test_an_empty_column() -> None:
    """One problem, and not one a code besides."""
    assert odd(tally(missing=860, phone=40), tally(missing=50, phone=800, email=50)) == [
        "empty_column, channel: channel is blank or unknown in 860 of 900 rows; the year before in "
        "50 of 900"
    ]


def test_a_column_that_was_never_filled_is_not_empty() -> None:
    """It was mostly unknown last year too."""
    assert odd(tally(missing=900), tally(missing=500, phone=400)) == [
        "silent_code, channel.phone: no row with channel 'phone'; the year before 400 of 900 rows "
        "had it"
    ]
    assert odd(tally(missing=880, phone=20), tally(missing=500, phone=400)) == []


def test_a_code_ten_times_up() -> None:
    """By its share of the rows."""
    assert odd(tally(phone=300, chat=600), tally(phone=870, chat=30)) == [
        "tenfold, channel.chat: channel 'chat' stands in 600 of 900 rows; the year before in 30 "
        "of 900"
    ]


def test_a_helpline_that_grows_is_not_odd() -> None:
    """Twenty times as many contacts, with the same shares."""
    assert odd(tally(phone=17400, chat=600), tally(phone=870, chat=30)) == []


def test_a_handful_that_grows_is_not_odd() -> None:
    """Of twenty-nine rows last year nothing is said."""
    assert odd(tally(phone=300, chat=600), tally(phone=871, chat=29)) == []


def test_an_even_share_is_not_odd() -> None:
    """A third for each of four codes is what labels drawn at random give."""
    assert odd(tally(phone=600, chat=300), tally(phone=3000, chat=30)) == []


counts = st.dictionaries(st.sampled_from(CODES), st.integers(0, 40), max_size=4)


@given(few=counts, missing=st.integers(0, 30), many=counts)
def test_a_tiny_year_is_never_odd(few: dict[str, int], missing: int, many: dict[str, int]) -> None:
    """With fewer rows than a hundred, whatever stands in them."""
    now, before = tally(missing, **few), tally(0, **{c: 100 * n for c, n in many.items()})
    if now.rows < FEWEST:
        assert odd(now, before) == []
        assert odd(before, now) == []


@given(
    seed=st.integers(0, 10**6),
    rows=st.integers(1, 2000),
    before=st.lists(st.integers(0, 5000), min_size=4, max_size=4),
)
def test_labels_drawn_at_random_are_not_odd(seed: int, rows: int, before: list[int]) -> None:
    """Whatever they are held against."""
    chosen = random.Random(seed).choices(CODES, k=rows)
    now = tally(0, **{code: chosen.count(code) for code in CODES})
    then = tally(0, **dict(zip(CODES, before, strict=True)))
    assert odd(now, then) == []


# Months, on the small exports of the desk


def months(desk: Any, *silent: int, each: int = 40) -> None:
    """Put so many contacts into each month but the silent ones; each has a person."""
    days = [
        f"{day:02}/{month:02}/2017" for month in range(1, 13) for day in range(9, 9 + each // 2)
    ]
    days = [day for day in days if int(day[3:5]) not in silent]
    contacts = [f"{n} | {day} | 09:15 | Telefoon" for n, day in enumerate(days * 2)]
    persons = [f"{n} | {n} | Vrouw | 34 | School" for n in range(len(contacts))]
    desk.put("contacts.csv", "\n".join(["nr | day | time | channel", *contacts]))
    desk.put("persons.csv", "\n".join(["nr | contact | gender | age | context", *persons]))
    desk.put("followups.csv", "person | followup\n1 | Advies")


def test_a_silent_month_stops_the_run(desk: Any) -> None:
    """The whole message, with the line that says that it is known."""
    months(desk, 3)
    desk.said = {}
    assert desk.year_message() == (
        "1 problem(s) in the exports; nothing was written.\n"
        "[silent_month] raw/contacts.csv: no contact in 2017-03, where about 43 are due\n"
        "  → export the whole period again, or acknowledge it with the reason\n"
        "  → what is known, add to params/2017.yaml:\n"
        "    acknowledged:\n"
        "      - {fault: silent_month, file: contacts.csv, about: 2017-03, reason: {nl: …, en: …}}"
    )


@pytest.mark.parametrize("about", [{"about": "2017-03"}, {}])
def test_a_silent_month_that_is_known(desk: Any, about: dict[str, str]) -> None:
    """It stands with its reason among what is acknowledged."""
    months(desk, 3)
    desk.said = {"acknowledged": [{"fault": "silent_month", "reason": NAME, **about}]}
    (known,) = desk.years().now.dataset.acknowledged
    assert (known.code, known.about) == ("silent_month", "2017-03")


def test_another_month_is_not_known(desk: Any) -> None:
    """What is said of March isn't said of April."""
    months(desk, 3, 4)
    said = {"fault": "silent_month", "reason": NAME, "about": "2017-03"}
    desk.said = {"acknowledged": [said]}
    assert desk.year_message().splitlines()[1] == (
        "[silent_month] raw/contacts.csv: no contact in 2017-04, where about 37 are due"
    )


def test_a_month_of_which_nothing_is_due(desk: Any) -> None:
    """Few contacts a month may well be none in one."""
    months(desk, 3, each=18)
    assert len(desk.years().now.dataset.tables["contacts"]) == 198


def test_a_month_in_which_the_helpline_was_closed(desk: Any) -> None:
    """Its calendar explains it."""
    months(desk, 3)
    days = [f"2017-03-{day:02}" for day in range(1, 32)]
    desk.said = {
        "calendar": {
            "working_days": [1, 2, 3, 4, 5, 6, 7],
            "closed": [{"date": day, "reason": NAME} for day in days],
        }
    }
    assert len(desk.years().now.dataset.tables["contacts"]) == 440


def test_months_before_the_start_of_a_register(desk: Any) -> None:
    """A declared start explains them."""
    months(desk, 1, 2)
    start = {
        "id": "begun",
        "kind": "starts",
        "date": "2017-03-01",
        "note": NAME,
        "tables": ["contacts"],
    }
    desk.said = {"breaks": [start]}
    assert len(desk.years().now.dataset.tables["contacts"]) == 400


def test_a_draft_lists_what_is_odd(desk: Any) -> None:
    """It stops nothing in a draft."""
    months(desk, 3)
    desk.said = {"draft": True}
    (waits,) = desk.years().now.dataset.waiting
    assert (waits.code, waits.about) == ("silent_month", "2017-03")
