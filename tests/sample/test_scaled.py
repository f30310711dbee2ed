"""A year of any size has the proportions of the reference year, and is made as a stream."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from helpline_report.sample import generate, reference_contacts
from helpline_report.sample.registration import scaled_occurrences

CONTACTS = 20_000


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory, reader: Callable[[Path], Any]) -> Any:
    """Twenty thousand contacts of 2017."""
    folder = tmp_path_factory.mktemp("scaled")
    generate(folder, year=2017, contacts=CONTACTS)
    return reader(folder)


def shares(rows: list[Any], column: str) -> dict[str, float]:
    """The percentage of each code."""
    return {code: 100 * n / len(rows) for code, n in Counter(row[column] for row in rows).items()}


def test_a_scaled_year_has_the_contacts_asked_for(scaled: Any) -> None:
    """To the one; persons and follow-ups grow with them, and each hangs on a row."""
    assert len(scaled.contact_of) == len(scaled.contacts) == CONTACTS
    assert len(scaled.persons) / CONTACTS == pytest.approx(6792 / 4812, rel=0.01)
    assert len(scaled.followups) / CONTACTS == pytest.approx(11005 / 4812, rel=0.01)
    assert {row["contactnummer"] for row in scaled.persons} == set(scaled.contact_of)
    assert {row["persoonsnummer"] for row in scaled.followups} == set(scaled.person_of)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("contacts", "kanaal"),
        ("contacts", "leeftijdsklasse"),
        ("contacts", "hoedanigheid"),
        ("contacts", "label"),
        ("persons", "problematiek"),
        ("persons", "vorm"),
        ("persons", "context"),
        ("followups", "gevolggeving"),
    ],
)
def test_a_scaled_year_keeps_the_shares(
    table: str, column: str, scaled: Any, sample: Callable[[int], Any]
) -> None:
    """The share of every code lies within half a percentage point of the reference year's."""
    expected = shares(getattr(sample(2017), table), column)
    assert shares(getattr(scaled, table), column) == pytest.approx(expected, abs=0.5)


def test_a_scaled_year_keeps_the_months(scaled: Any, sample: Callable[[int], Any]) -> None:
    """Each month has its share of the contacts."""
    expected = Counter(sample(2017).day(row).month for row in sample(2017).contacts)
    months = Counter(scaled.day(row).month for row in scaled.contacts)
    for month, count in expected.items():
        assert months[month] == pytest.approx(count * CONTACTS / 4812, abs=2)


def test_a_scaled_year_keeps_the_closed_days(scaled: Any) -> None:
    """No telephone contact on a day on which the helpline was closed."""
    calls = [row for row in scaled.contacts if row["kanaal"] == "Telefoon"]
    days = {scaled.day(row) for row in calls}
    assert len(days) == 253
    assert all(day.weekday() < 5 for day in days)


def test_a_scaled_2016_has_no_context_before_july(
    tmp_path: Path, reader: Callable[[Path], Any]
) -> None:
    """What a year's registration lacked, a scaled year lacks too."""
    generate(tmp_path, year=2016, contacts=2000)
    exports = reader(tmp_path)
    assert all(bool(row["context"]) == (exports.day(row).month > 6) for row in exports.persons)


def test_a_year_beyond_the_reference(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    """Another year gets the proportions of 2017, 4812 contacts and its own days and keys."""
    generate(tmp_path, year=2020)
    exports = reader(tmp_path)
    assert len(exports.contacts) == 4812
    assert {exports.day(row).year for row in exports.contacts} == {2020}
    assert exports.contacts[0]["contactnummer"] == "C2020-000001"
    assert exports.analytics("gebruikers.csv")[0].rows[0][0] == "2020"
    assert len(exports.analytics("gebruikers.csv")[1].rows) == 366


@pytest.mark.parametrize("contacts", [1, 2, 13])
def test_a_very_small_year(contacts: int, tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    """A handful of contacts is a year too."""
    generate(tmp_path, year=2017, contacts=contacts)
    assert len(reader(tmp_path).contacts) == contacts


@pytest.mark.long
def test_keys_of_a_large_year_are_of_one_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The width of a key is that of the last one."""
    module = "helpline_report.sample.scaled_occurrences"
    few = list(
        islice(scaled_occurrences(reference_contacts(2017, 1), year=2017, contacts=9, seed=1), 9)
    )
    monkeypatch.setattr(module, lambda *_, **__: iter(few))
    generate(tmp_path, year=2017, contacts=5_000_000)
    last = (tmp_path / "contactnames.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("C2017-0000009;")


def test_the_rows_are_a_stream() -> None:
    """The first of five million contacts come at once, and memory holds a day, not the year."""
    reference = reference_contacts(2017, 1)
    tracemalloc.start()
    rows = scaled_occurrences(reference, year=2017, contacts=5_000_000, seed=1)
    for _ in islice(rows, 30_000):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024
