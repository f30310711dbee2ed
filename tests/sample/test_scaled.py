"""A year of any size has the proportions of the reference year, and is made as a stream."""

import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from helpline_report.sample import generate, make_reference_contacts
from helpline_report.sample.registration import scale_occurrences, write_registration

CONTACTS = 10_000
COLUMNS = {
    "contacts": ("kanaal", "leeftijdsklasse", "hoedanigheid", "label"),
    "persons": ("problematiek", "vorm", "context"),
    "followups": ("gevolggeving",),
}


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory, reader: Callable[[Path], Any]) -> Any:
    folder = tmp_path_factory.mktemp("scaled")
    generate(folder, year=2017, contacts=CONTACTS)
    return reader(folder)


def shares(rows: list[Any], column: str) -> dict[str, float]:
    return {code: 100 * n / len(rows) for code, n in Counter(row[column] for row in rows).items()}


def test_a_scaled_year_has_the_contacts_asked_for(scaled: Any) -> None:
    """To the one; persons and follow-ups grow with them, and each hangs on a row."""
    assert len(scaled.contact_of) == len(scaled.contacts) == CONTACTS
    assert len(scaled.persons) / CONTACTS == pytest.approx(6792 / 4812, rel=0.01)
    assert len(scaled.followups) / CONTACTS == pytest.approx(11005 / 4812, rel=0.01)
    assert {row["contactnummer"] for row in scaled.persons} == set(scaled.contact_of)
    assert {row["persoonsnummer"] for row in scaled.followups} == set(scaled.person_of)


def test_a_scaled_year_keeps_shares_months_and_closed_days(
    scaled: Any, sample: Callable[[int], Any]
) -> None:
    """Each share lies within half a percentage point of the reference year's."""
    reference = sample(2017)
    for table, columns in COLUMNS.items():
        for column in columns:
            expected = shares(getattr(reference, table), column)
            assert shares(getattr(scaled, table), column) == pytest.approx(expected, abs=0.5)
    months = Counter(scaled.day(row).month for row in scaled.contacts)
    for month, count in Counter(reference.day(row).month for row in reference.contacts).items():
        assert months[month] == pytest.approx(count * CONTACTS / 4812, abs=2)
    days = {scaled.day(row) for row in scaled.contacts if row["kanaal"] == "Telefoon"}
    assert len(days) == 253
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.long
def test_a_scaled_2016_has_no_context_before_july(
    tmp_path: Path, reader: Callable[[Path], Any]
) -> None:
    """What a year's registration lacked, a scaled year lacks too."""
    generate(tmp_path, year=2016, contacts=2000)
    exports = reader(tmp_path)
    assert all(bool(row["context"]) == (exports.day(row).month > 6) for row in exports.persons)


def test_a_year_beyond_the_reference(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    """Another year gets the proportions of 2017, its own days and keys; it may be very small."""
    generate(tmp_path, year=2020, contacts=13)
    exports = reader(tmp_path)
    assert len(exports.contacts) == 13
    assert {exports.day(row).year for row in exports.contacts} == {2020}
    assert exports.contacts[0]["contactnummer"] == "C2020-000001"
    users = (tmp_path / "google-analytics" / "gebruikers.csv").read_text(encoding="utf-8")
    assert "\n2020," in users
    assert len(re.findall(r"(?m)^\d\d-\d\d-20,", users)) == 366


@pytest.mark.long
def test_a_large_year_is_a_stream(tmp_path: Path) -> None:
    """The first of five million contacts come at once, memory holds a day; keys have one width."""
    tracemalloc.start()
    rows = scale_occurrences(
        make_reference_contacts(2017, 1), year=2017, contacts=5_000_000, seed=1
    )
    first = [*islice(rows, 9)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024
    write_registration(tmp_path, year=2017, contacts=5_000_000, occurrences=first)
    last = (tmp_path / "contactnames.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("C2017-0000009;")
