"""The sample is what its generator makes, to the byte; another year has its proportions."""

import csv
import os
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from helpline_report.sample import generate, make_reference_contacts
from helpline_report.sample.registration import scale_occurrences, write_registration

Row = dict[str, str]

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
COMMAND = (
    "import sys; from pathlib import Path; from helpline_report.sample import generate;"
    "generate(Path(sys.argv[1]), year=2017); generate(Path(sys.argv[2]), year=2017, contacts=3000)"
)


def files(folder: Path) -> dict[str, bytes]:
    """Every CSV file of a folder by its path in it."""
    return {str(x.relative_to(folder)): x.read_bytes() for x in sorted(folder.rglob("*.csv"))}


@pytest.mark.parametrize("year", [2017, pytest.param(2016, marks=pytest.mark.long)])
def test_the_generator_makes_the_committed_files(year: int, tmp_path: Path) -> None:
    """Each file of data/sample is reproduced to the byte, over what stood there."""
    (tmp_path / "contactnames.csv").write_text("old\n" * 200_000)
    generate(tmp_path, year=year)
    written, committed = files(tmp_path), files(SAMPLE / str(year))
    assert list(written) == list(committed)
    assert [name for name in written if written[name] != committed[name]] == []


@pytest.mark.long
def test_other_surroundings_give_the_same_bytes(tmp_path: Path) -> None:
    """Hash seed, time zone, locale and working directory change nothing."""
    runs = []
    for number, surroundings in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "nl_BE.UTF-8"},
        )
    ):
        run = tmp_path / f"{number}"
        run.mkdir()
        folders = [run / name for name in ("reference", "scaled")]
        command = [sys.executable, "-c", COMMAND, *map(str, folders)]
        subprocess.run(command, env={**os.environ, **surroundings}, cwd=run, check=True)
        runs.append(files(run))
    assert runs[0] == runs[1]


@pytest.mark.long
def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    """Of about the same numbers."""
    generate(tmp_path, year=2017, seed=1)
    names = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
    written, numbers = files(tmp_path), (4812, 6792, 11005)
    assert [written[name].count(b"\n") - 1 for name in names] == pytest.approx(numbers, rel=0.02)
    assert written[names[0]] != files(SAMPLE / "2017")[names[0]]


# A year of any size has the proportions of the reference year, and is made as a stream

CONTACTS = 10_000
COLUMNS = {
    "contacts": ("kanaal", "leeftijdsklasse", "hoedanigheid", "label"),
    "persons": ("problematiek", "vorm", "context"),
    "followups": ("gevolggeving",),
}


@dataclass(frozen=True)
class Exports:
    """One year of the sample as rows of text, read with nothing of the project."""

    contacts: list[Row]
    persons: list[Row]
    followups: list[Row]


@cache
def read_exports(folder: Path) -> Exports:
    names = ("contactnames.csv", "gemelde_personen.csv", "gevolggevingen.csv")
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return Exports(*(list(csv.DictReader(text.splitlines(), delimiter=";")) for text in texts))


def day_of(contact: Row) -> date:
    return datetime.strptime(contact["datum"], "%d/%m/%Y").date()


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    folder = tmp_path_factory.mktemp("scaled")
    generate(folder, year=2017, contacts=CONTACTS)
    return read_exports(folder)


def shares(rows: list[Row], column: str) -> dict[str, float]:
    return {code: 100 * n / len(rows) for code, n in Counter(row[column] for row in rows).items()}


def test_a_scaled_year_has_the_contacts_asked_for(scaled: Exports) -> None:
    """To the one; persons and follow-ups grow with them, and each hangs on a row."""
    contacts = {row["contactnummer"] for row in scaled.contacts}
    assert len(contacts) == len(scaled.contacts) == CONTACTS
    assert len(scaled.persons) / CONTACTS == pytest.approx(6792 / 4812, rel=0.01)
    assert len(scaled.followups) / CONTACTS == pytest.approx(11005 / 4812, rel=0.01)
    assert {row["contactnummer"] for row in scaled.persons} == contacts
    persons = {row["persoonsnummer"] for row in scaled.persons}
    assert {row["persoonsnummer"] for row in scaled.followups} == persons


def test_a_scaled_year_keeps_shares_months_and_closed_days(scaled: Exports) -> None:
    """Each share lies within half a percentage point of the reference year's."""
    reference = read_exports(SAMPLE / "2017")
    for table, columns in COLUMNS.items():
        for column in columns:
            expected = shares(getattr(reference, table), column)
            assert shares(getattr(scaled, table), column) == pytest.approx(expected, abs=0.5)
    months = Counter(day_of(row).month for row in scaled.contacts)
    for month, count in Counter(day_of(row).month for row in reference.contacts).items():
        assert months[month] == pytest.approx(count * CONTACTS / 4812, abs=2)
    days = {day_of(row) for row in scaled.contacts if row["kanaal"] == "Telefoon"}
    assert len(days) == 253
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.long
def test_a_scaled_2016_has_no_context_before_july(tmp_path: Path) -> None:
    """What a year's registration lacked, a scaled year lacks too."""
    generate(tmp_path, year=2016, contacts=2000)
    exports = read_exports(tmp_path)
    months = {row["contactnummer"]: day_of(row).month for row in exports.contacts}
    for row in exports.persons:
        assert bool(row["context"]) == (months[row["contactnummer"]] > 6)


def test_a_year_beyond_the_reference(tmp_path: Path) -> None:
    """Another year gets the proportions of 2017, its own days and keys; it may be very small."""
    generate(tmp_path, year=2020, contacts=13)
    contacts = read_exports(tmp_path).contacts
    assert len(contacts) == 13
    assert {day_of(row).year for row in contacts} == {2020}
    assert contacts[0]["contactnummer"] == "C2020-000001"
    users = (tmp_path / "google-analytics" / "gebruikers.csv").read_text(encoding="utf-8")
    assert "\n2020," in users
    assert len(re.findall(r"(?m)^\d\d-\d\d-20,", users)) == 366


@pytest.mark.long
def test_a_large_year_is_a_stream(tmp_path: Path) -> None:
    """The first of five million contacts come at once, memory holds a day; keys have one width."""
    tracemalloc.start()
    rows = scale_occurrences(make_reference_contacts(2017), year=2017, contacts=5_000_000, seed=1)
    first = [*islice(rows, 9)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024
    write_registration(tmp_path, year=2017, contacts=5_000_000, occurrences=first)
    last = (tmp_path / "contactnames.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("C2017-0000009;")
