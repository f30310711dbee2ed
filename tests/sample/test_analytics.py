"""The analytics exports have the form of the service, and add up as it adds up."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

FILES = (
    "apparaten.csv",
    "gebruikers-per-maand.csv",
    "gebruikers.csv",
    "geslacht.csv",
    "kanalen.csv",
    "paginaweergaven.csv",
    "sites.csv",
    "verwijzende-sites-kinderen.csv",
    "verwijzende-sites.csv",
)
EXCLUSIVE = tuple(name for name in FILES if name != "gebruikers-per-maand.csv")
RULE = "# ----------------------------------------"
USERS = {"Gebruikers", "Nieuwe gebruikers", "Sessies"}
COUNTS = {*USERS, "Paginaweergaven", "Unieke paginaweergaven"}
FORMS = re.compile(r"\d{1,3}(\.\d{3})*|\d+,\d{2}|\d{1,3},\d{2}%|\d{2}:\d{2}:\d{2}")


@pytest.mark.parametrize("name", FILES)
def test_an_export_has_the_form_of_the_service(name: str, exports: Any) -> None:
    """A banner; `2.546` for thousands, quoted decimals and percentages; an index of every day."""
    folder, year = exports.folder / "google-analytics", exports.folder.name
    assert tuple(sorted(path.name for path in folder.iterdir())) == FILES
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    assert (lines[0], lines[4], lines[5]) == (RULE, RULE, "")
    assert lines[1].startswith("# 1712.be - ")
    assert lines[3] == f"# {year}0101-{year}1231"
    assert all(len(list(csv.reader([line], strict=True))) <= 1 for line in lines)
    table, index = exports.analytics(name)
    for block in (table, index):
        for row in [*block.rows, block.total]:
            assert len(row) == len(block.header)
            assert all(FORMS.fullmatch(cell) for cell in row[1:])
    days = [date(int(year), 1, 1) + timedelta(days=n) for n in range(len(index.rows))]
    assert [row[0] for row in index.rows] == [f"{day:%d-%m-%y}" for day in days]
    assert (days[-1].month, days[-1].day) == (12, 31)
    metric = index.header[1]
    assert index.total_of(metric) == sum(index.column(metric).values())
    if not name.startswith("gebruikers"):
        assert index.total_of(metric) == table.total_of(metric)


@pytest.mark.parametrize("name", EXCLUSIVE)
def test_rows_add_up_to_their_total_row(name: str, exports: Any) -> None:
    """Rows exclude each other; users are at most as many as their sessions."""
    table, _ = exports.analytics(name)
    assert table.total[0] == ""
    for column in COUNTS & set(table.header):
        assert table.total_of(column) == sum(table.column(column).values())
    if "Sessies" in table.header:
        users, sessions = (table.column(column) for column in ("Gebruikers", "Sessies"))
        new = table.column("Nieuwe gebruikers")
        assert all(new[key] <= users[key] <= sessions[key] for key in users)


def test_tables_are_of_the_same_visits(exports: Any) -> None:
    """Sites, devices and channels split all users; months add up to more."""
    year, _ = exports.analytics("gebruikers.csv")
    months, _ = exports.analytics("gebruikers-per-maand.csv")
    assert months.total_of("Gebruikers") == year.total_of("Gebruikers")
    assert sum(months.column("Gebruikers").values()) > months.total_of("Gebruikers")
    assert sum(months.column("Sessies").values()) == months.total_of("Sessies")
    sources, _ = exports.analytics("verwijzende-sites.csv")
    channels, _ = exports.analytics("kanalen.csv")
    for column in USERS:
        for name in ("apparaten.csv", "kanalen.csv", "sites.csv"):
            assert exports.analytics(name)[0].total_of(column) == year.total_of(column)
        assert sources.total_of(column) == channels.column(column)["Referral"]
    known, _ = exports.analytics("geslacht.csv")
    assert 0.4 < known.total_of("Gebruikers") / year.total_of("Gebruikers") < 0.6
    table, index = exports.analytics("paginaweergaven.csv")
    of_months: Counter[str] = Counter()
    for day, views in index.column("Paginaweergaven").items():
        of_months[exports.folder.name + day[3:5]] += views
    assert of_months == table.column("Paginaweergaven")


def test_nobody_came_to_the_childrens_site_before_it_was_there(sample: Any) -> None:
    """The children's site started in 2016: the days before have no sessions, then nearly all do."""
    _, index = sample(2016).analytics("verwijzende-sites-kinderen.csv")
    days = list(index.column("Sessies").values())
    assert set(days[:91]) == {0}
    assert days[91:].count(0) < len(days[91:]) / 2
