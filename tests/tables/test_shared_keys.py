"""Two years side by side: a key that stands in both exports."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline_report.errors import ExportError
from helpline_report.parameters.values import Period
from helpline_report.tables.dataset import KeyHashes
from helpline_report.tables.keys import YearKeys, refuse_shared_keys

LAYOUT = """\
layout: small
about: contacts alone
files:
  contacts:
    name: contacts.csv
    delimiter: ";"
    dates: dd/mm/yyyy
    tables:
      contacts: {key: nr, columns: {day: {field: date, kind: date}}}
"""


def shared(now: Any, before: Any) -> None:
    """Hold the keys of two years against each other."""
    refuse_shared_keys(YearKeys.of_dataset(now), YearKeys.of_dataset(before))


def two_years(desk: Any, before: str, now: str) -> tuple[Any, Any]:
    """The tables of 2016 and of 2017."""
    desk.year = "2016"
    desk.put("contacts.csv", before)
    earlier = desk.load()
    desk.year = "2017"
    desk.put("contacts.csv", now)
    return desk.load(), earlier


def test_a_key_of_last_years_export_is_refused(desk: Any) -> None:
    """B57: by its line in this year's export, the key isn't shown."""
    desk.put_layout(LAYOUT)
    now, before = two_years(
        desk,
        "nr | day\n1 | 13/05/2016\n2 | 14/05/2016",
        "nr | day\n3 | 13/05/2017\n 2 | 14/05/2017",
    )
    with pytest.raises(ExportError) as caught:
        shared(now, before)
    assert [str(problem) for problem in caught.value.problems] == [
        "[B57] raw/contacts.csv:3: the key of this contact stands in the export of 2016 too\n"
        "  → see that each export is of its own year; if the system numbers anew each year, say in "
        "the layout of the table: numbered_yearly: true"
    ]


def test_rows_outside_the_period_share_keys_with_the_other_year(desk: Any) -> None:
    """An export that begins a day early holds contacts of the year before: they are left out."""
    desk.put_layout(LAYOUT)
    now, before = two_years(
        desk,
        "nr | day\n1 | 13/05/2016\n2 | 31/12/2016",
        "nr | day\n3 | 13/05/2017\n2 | 31/12/2016",
    )
    shared(now, before)


def test_a_system_that_numbers_anew_says_so(desk: Any) -> None:
    """Then keys of two years say nothing of each other."""
    desk.put_layout(LAYOUT.replace("key: nr,", "key: nr, numbered_yearly: true,"))
    now, before = two_years(desk, "nr | day\n1 | 13/05/2016", "nr | day\n1 | 13/05/2017")
    shared(now, before)


def test_editions_whose_periods_overlap_share_rows(desk: Any) -> None:
    """The second half of a year beside the year: the same contacts, rightly."""
    desk.put_layout(LAYOUT)
    desk.put("contacts.csv", "nr | day\n1 | 13/05/2017")
    shared(desk.load(), desk.load())


def test_keys_are_kept_as_hashes_that_are_the_same_everywhere(desk: Any) -> None:
    """What is compared can't be read back, and doesn't depend on the process."""
    desk.put_layout(LAYOUT)
    desk.put("contacts.csv", "nr | day\nA1 | 13/05/2017\nB2 | 14/05/2017")
    keys = desk.table("contacts").keys
    assert keys.hashes.dtype == "uint64"
    assert keys.hashes.tolist() == [12510222629351566670, 10962442633850072797]
    assert keys.lines.tolist() == [2, 3]


HASHES = st.lists(st.integers(0, 20), unique=True)


@given(now=HASHES, before=HASHES)
def test_every_key_of_both_years_and_no_other(now: list[int], before: list[int]) -> None:
    """Of any keys those are found that stand in both years."""

    def year(number: int, hashes: list[int]) -> YearKeys:
        period = Period(start=dt.date(number, 1, 1), end=dt.date(number, 12, 31))
        lines = np.arange(2, len(hashes) + 2, dtype=np.int32)
        keys = KeyHashes(np.array(hashes, dtype=np.uint64), lines)
        return YearKeys(str(number), period, {"contacts": "contacts.csv"}, {"contacts": keys})

    due = [line for line, each in enumerate(now, start=2) if each in before]
    try:
        refuse_shared_keys(year(2017, now), year(2016, before))
    except ExportError as error:
        found = error.counts["B57"]
    else:
        found = 0
    assert found == len(due)
