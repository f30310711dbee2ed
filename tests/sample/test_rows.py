"""What the committed rows say is possible."""

from datetime import date, timedelta
from typing import Any

CLOSED = {
    2016: {(1, 1), (3, 28), (5, 5), (7, 21), (8, 15), (11, 1), (11, 11)},
    2017: {(4, 17), (5, 1), (5, 25), (7, 21), (8, 15), (11, 1), (12, 25)},
}


def test_the_telephone_rings_on_exactly_the_open_days(exports: Any) -> None:
    """Rows come in order of time; at weekends, nights and closed days there are e-mails alone."""
    year = int(exports.folder.name)
    moments = [(exports.day(row), row["tijdstip"]) for row in exports.contacts]
    assert moments == sorted(moments)
    calls = [row for row in exports.contacts if row["kanaal"] == "Telefoon"]
    days = [date(year, 1, 1) + timedelta(n) for n in range(366)]
    is_open = (day for day in days if day.year == year and day.weekday() < 5)
    open_days = {day for day in is_open if (day.month, day.day) not in CLOSED[year]}
    assert {exports.day(row) for row in calls} == open_days
    assert {row["tijdstip"][:2] for row in calls} == {f"{hour:02d}" for hour in range(9, 17)}
    weekend = [row for row in exports.contacts if exports.day(row).weekday() >= 5]
    assert {row["kanaal"] for row in weekend} == {"E-mail"}
    skipped = {2016: date(2016, 3, 27), 2017: date(2017, 3, 26)}[year]
    assert not any(day == skipped and time.startswith("02") for day, time in moments)
