"""Real open data of another helpline, whose truths are known: Argentina's Línea 144."""

import os

import pytest

from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from tests.tables.conftest import REPOSITORY, an_edition

DATA = os.environ.get("HELPLINE_REAL_DATA", "")
pytestmark = pytest.mark.skipif(
    not DATA,
    reason="real data not found: download 'Base de datos Línea 144' of 2020 and 2021 from "
    "datos.gob.ar as linea144/linea144-2020.csv and -2021.csv, and set HELPLINE_REAL_DATA to the "
    "folder that holds linea144/",
)
BY_MONTH = {
    "2020": "2465 1993 2550 2996 2875 2435 2648 2645 2270 2267 2334 2228",
    "2021": "2124 2168 2304 2018 2027 1869 2104 2219 1950 2141 2163 2214",
}


@pytest.fixture(scope="module")
def years() -> dict[str, Dataset]:
    """Both years, by the shipped layout."""
    return {year: _load(year) for year in BY_MONTH}


def _load(year: str) -> Dataset:
    source = {"layout": "linea144", "folder": "${HELPLINE_REAL_DATA}/linea144"}
    files = {"files": {"consultations": f"linea144-{year}.csv"}}
    edition = an_edition(year, [{**source, **files}], rows="public")
    return load_dataset(Project(REPOSITORY, {"HELPLINE_REAL_DATA": DATA}), edition)


def test_consultations(years: dict[str, Dataset]) -> None:
    """By month as the source counts them, by weekday; equal rows are different people."""
    for year, dataset in years.items():
        months = dataset.tables["contacts"].frame["date"].dt.month.value_counts().sort_index()
        assert " ".join(map(str, months)) == BY_MONTH[year]
    days = years["2020"].tables["contacts"].frame["date"].dt.day_of_week.value_counts()
    assert days.sort_index().tolist() == [4444, 3865, 3730, 3853, 3840, 4922, 5052]
    sizes = {year: [*map(len, dataset.tables.values())] for year, dataset in years.items()}
    assert sizes == {"2020": [29706, 29706], "2021": [25301, 25301]}


def test_persons(years: dict[str, Dataset]) -> None:
    """Several forms in both spellings of yes; genders with accents; ages that nobody reaches."""
    persons = years["2020"].tables["persons"]
    assert persons.multiple == {"form", "context"}
    assert persons.frame["context:domestic"].sum() == 26642
    assert "form:domestic" not in persons.frame
    assert persons.frame["form:sexual"].sum() == 3824
    assert persons.frame["form:symbolic"].sum() == 9553 + 427
    assert persons.frame.filter(like="form:").sum(axis=1).max() == 5
    frame = years["2021"].tables["persons"].frame
    counts = frame["gender"].value_counts()
    assert (counts["trans_man"], counts["female"], counts["unknown"]) == (12, 24670, 443)
    assert ((frame["age"] == -1).sum(), frame["age"].max() <= 110) == (4757 + 1, True)


def test_what_was_mended_is_counted(years: dict[str, Dataset]) -> None:
    """438 rows of 2020 hold `SI`, an age of 2021 is above 110; a byte order mark."""
    contacts, persons = years["2020"].balances
    assert (contacts.noted, persons.repaired) == ({"B01": 1}, {"B61": 438})
    assert years["2021"].balances[1].repaired["B39"] == 1
