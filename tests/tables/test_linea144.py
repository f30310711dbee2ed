"""Real open data of another helpline, whose truths are known: Argentina's Línea 144."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.tables.dataset import Dataset
from helpline_report.tables.dataset_reader import load_dataset
from tests.tables.table_schemas import check_tables

REPOSITORY = Path(__file__).parents[2]
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
    name = {"nl": "x", "en": "x"}
    classes = [{"code": "all", "from": 0, "label": name}]
    source: dict[str, Any] = {
        "layout": "linea144",
        "folder": "${HELPLINE_REAL_DATA}/linea144",
        "files": {"consultations": f"linea144-{year}.csv"},
    }
    edition = Edition.model_validate(
        {
            "edition": year,
            "title": name,
            "rows": "public",
            "period": {"start": f"{year}-01-01", "end": f"{year}-12-31"},
            "helpline": {"name": "x", "full_name": name, "website": "x"},
            "publisher": {"name": name, "licence": "x"},
            "sources": [source],
            "calendar": {"working_days": [1, 2, 3, 4, 5]},
            "age_classes": classes,
            "person_ages": classes,
        }
    )
    return load_dataset(Project(REPOSITORY, {"HELPLINE_REAL_DATA": DATA}), edition)


@pytest.mark.parametrize("year", BY_MONTH)
def test_consultations_by_month(years: dict[str, Dataset], year: str) -> None:
    """As the source counts them, in both years."""
    months = years[year].tables["contacts"].frame["date"].dt.month.value_counts().sort_index()
    assert " ".join(str(count) for count in months) == BY_MONTH[year]


def test_consultations_by_weekday(years: dict[str, Dataset]) -> None:
    """2020, Monday first."""
    days = years["2020"].tables["contacts"].frame["date"].dt.day_of_week.value_counts()
    assert days.sort_index().tolist() == [4444, 3865, 3730, 3853, 3840, 4922, 5052]


def test_equal_rows_are_different_people(years: dict[str, Dataset]) -> None:
    """There is no key, so no row is taken for another."""
    sizes = {
        year: [len(table) for table in dataset.tables.values()] for year, dataset in years.items()
    }
    assert sizes == {"2020": [29706, 29706], "2021": [25301, 25301]}


def test_a_person_may_suffer_several_forms(years: dict[str, Dataset]) -> None:
    """Yes and no columns in both spellings: 3,823 times `Si` and once `SI` is 3,824."""
    frame = years["2020"].tables["persons"].frame
    assert frame["form:sexual"].sum() == 3824
    assert frame["form:symbolic"].sum() == 9553 + 427
    assert frame.filter(like="form:").sum(axis=1).max() == 5


def test_domestic_is_a_context_and_no_form(years: dict[str, Dataset]) -> None:
    """Its column is named like the forms."""
    persons = years["2020"].tables["persons"]
    assert persons.multiple == {"form", "context"}
    assert persons.frame["context:domestic"].sum() == 26642
    assert "form:domestic" not in persons.frame


def test_spellings_of_a_gender_are_one_code(years: dict[str, Dataset]) -> None:
    """`Varón Trans` with its accent; blanks are unknown."""
    counts = years["2021"].tables["persons"].frame["gender"].value_counts()
    assert (counts["trans_man"], counts["female"], counts["unknown"]) == (12, 24670, 443)


def test_ages_that_nobody_reaches_are_unknown_and_counted(years: dict[str, Dataset]) -> None:
    """Above 110, once in 2021; blanks are a fifth of the ages."""
    persons = years["2021"].tables["persons"].frame
    assert (persons["age"] == -1).sum() == 4757 + 1
    assert persons["age"].max() <= 110
    balance = next(item for item in years["2021"].balances if item.table == "persons")
    assert balance.repaired["B39"] == 1


def test_what_was_mended_is_counted(years: dict[str, Dataset]) -> None:
    """438 rows of 2020 hold `SI`; the files begin with a byte order mark."""
    contacts, persons = years["2020"].balances
    assert contacts.noted == {"B01": 1}
    assert persons.repaired == {"B61": 438}
    assert contacts.balances
    assert persons.balances


def test_fields_that_the_line_does_not_register_are_not_there(years: dict[str, Dataset]) -> None:
    """No channel, caller or hour, and no follow-ups: those chapters have no source."""
    assert set(years["2020"].tables) == {"contacts", "persons"}
    assert years["2020"].tables["contacts"].fields == {"date"}


def test_its_tables_keep_to_their_schemas(years: dict[str, Dataset]) -> None:
    """Several codes a cell, ages and dates alike."""
    lists = Project(REPOSITORY).codelists()
    for dataset in years.values():
        check_tables(dataset, lists)
