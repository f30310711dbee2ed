"""The analytics exports have the form of the service, and add up as it adds up."""

from __future__ import annotations

import csv
import re
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


def test_there_are_nine_files(exports: Any) -> None:
    """One for each table that the report needs."""
    found = sorted(path.name for path in (exports.folder / "google-analytics").iterdir())
    assert tuple(found) == FILES


@pytest.mark.parametrize("name", FILES)
def test_banner(name: str, exports: Any) -> None:
    """Rule, view, report, dates, rule, and a blank line."""
    path = exports.folder / "google-analytics" / name
    lines = path.read_text(encoding="utf-8").split("\n")
    year = exports.folder.name
    assert (lines[0], lines[4], lines[5]) == (RULE, RULE, "")
    assert lines[1].startswith("# 1712.be - ")
    assert lines[3] == f"# {year}0101-{year}1231"


@pytest.mark.parametrize("name", FILES)
def test_numbers_are_written_the_dutch_way(name: str, exports: Any) -> None:
    """`2.546` for thousands, quoted decimals and percentages, and no cell lost to a comma."""
    forms = r"\d{1,3}(\.\d{3})*|\d+,\d{2}|\d{1,3},\d{2}%|\d{2}:\d{2}:\d{2}"
    for block in exports.analytics(name):
        for row in [*block.rows, block.total]:
            assert len(row) == len(block.header)
            assert all(re.fullmatch(forms, cell) for cell in row[1:])
    for line in (exports.folder / "google-analytics" / name).read_text("utf-8").splitlines():
        assert len(list(csv.reader([line], strict=True))) <= 1


@pytest.mark.parametrize("name", EXCLUSIVE)
def test_total_row_is_the_sum(name: str, exports: Any) -> None:
    """Rows that exclude each other add up to their total row, in each column of counts."""
    table, _ = exports.analytics(name)
    assert table.total[0] == ""
    for column in COUNTS & set(table.header):
        assert table.total_of(column) == sum(table.column(column).values())


def test_users_of_the_months_are_no_users_of_the_year(exports: Any) -> None:
    """People come back: the months add up to more than the year. Sessions are counted once."""
    table, _ = exports.analytics("gebruikers-per-maand.csv")
    year, _ = exports.analytics("gebruikers.csv")
    assert table.total_of("Gebruikers") == year.total_of("Gebruikers")
    assert sum(table.column("Gebruikers").values()) > table.total_of("Gebruikers")
    assert sum(table.column("Sessies").values()) == table.total_of("Sessies")


@pytest.mark.parametrize("name", FILES)
def test_day_index_has_every_day_and_adds_up(name: str, exports: Any) -> None:
    """One line a day, dd-mm-yy; sessions and page views of the days are those of the table."""
    table, index = exports.analytics(name)
    start, metric = date(int(exports.folder.name), 1, 1), index.header[1]
    days = [start + timedelta(days=n) for n in range(len(index.rows))]
    assert [row[0] for row in index.rows] == [f"{day:%d-%m-%y}" for day in days]
    assert (days[-1].month, days[-1].day) == (12, 31)
    assert index.total_of(metric) == sum(index.column(metric).values())
    if not name.startswith("gebruikers"):
        assert index.total_of(metric) == table.total_of(metric)


def test_page_views_of_the_days_are_those_of_the_months(exports: Any) -> None:
    """The day index adds up month by month."""
    table, index = exports.analytics("paginaweergaven.csv")
    months: dict[str, int] = {}
    for day, views in index.column("Paginaweergaven").items():
        key = exports.folder.name + day[3:5]
        months[key] = months.get(key, 0) + views
    assert months == table.column("Paginaweergaven")


def test_tables_of_all_visits_have_all_users(exports: Any) -> None:
    """Sites, devices and channels split all users; referring sites are the channel Referral."""
    year, _ = exports.analytics("gebruikers.csv")
    sources, _ = exports.analytics("verwijzende-sites.csv")
    channels, _ = exports.analytics("kanalen.csv")
    for column in USERS:
        for name in ("apparaten.csv", "kanalen.csv", "sites.csv"):
            assert exports.analytics(name)[0].total_of(column) == year.total_of(column)
        assert sources.total_of(column) == channels.column(column)["Referral"]


def test_gender_is_known_of_some_only(exports: Any) -> None:
    """The service knows the gender of about half of the users."""
    known, _ = exports.analytics("geslacht.csv")
    year, _ = exports.analytics("gebruikers.csv")
    assert 0.4 < known.total_of("Gebruikers") / year.total_of("Gebruikers") < 0.6


def test_nobody_came_to_the_childrens_site_before_it_was_there(sample: Any) -> None:
    """The children's site started in 2016: the days before have no sessions, then nearly all do."""
    _, index = sample(2016).analytics("verwijzende-sites-kinderen.csv")
    days = list(index.column("Sessies").values())
    assert set(days[:91]) == {0}
    assert days[91:].count(0) < len(days[91:]) / 2


def test_visits_were_made_by_fewer_users(exports: Any) -> None:
    """Users are at most as many as their sessions, new users at most as many as users."""
    for name in EXCLUSIVE:
        path = exports.folder / "google-analytics" / name
        table, _ = exports.analytics(path.name)
        if "Sessies" in table.header:
            users, sessions = (table.column(x) for x in ("Gebruikers", "Sessies"))
            new = table.column("Nieuwe gebruikers")
            assert all(new[key] <= users[key] <= sessions[key] for key in users)
