"""Web analytics as a service really wrote it, read to its right numbers."""

import os
from pathlib import Path

import pytest

from helpline_report.parameters.layouts import WebFolder
from helpline_report.web_analytics.block_figures import parse_count
from helpline_report.web_analytics.web_export import WebExport, read_web_export
from tests.web_analytics.conftest import LAYOUT, WebDesk

DATA = os.environ.get("HELPLINE_REAL_DATA", "")
pytestmark = pytest.mark.skipif(
    not DATA,
    reason="real exports not found: set HELPLINE_REAL_DATA to a folder whose web-analytics/ holds "
    "exports of Google Analytics; docs/web-analytics.md says how to make some",
)


def take(desk: WebDesk, name: str, start: str, end: str) -> None:
    """Put one of the real files, for an edition of its own period."""
    desk.write((Path(DATA) / "web-analytics" / name).read_bytes(), name)
    desk.period = (start, end)


def opened(name: str) -> WebExport:
    layout = WebFolder.model_validate({"users": ["users"]})
    return read_web_export(Path(DATA) / "web-analytics" / name, name, layout)


def test_users_of_days_are_not_those_of_the_month(desk: WebDesk) -> None:
    """Universal Analytics, English: 31 days; their total of 2800 adds them up, and is no figure."""
    take(desk, "ua-en-users.csv", "2019-01-01", "2019-01-31")
    figures = desk.figures()
    assert len(figures) == 31
    assert (figures[0], figures[-1]) == ("users day 0101-0101 38", "users day 0131-0131 92")
    assert sum(int(line.split()[-1]) for line in figures) == 2800
    assert [note.partition(":")[0] for note in desk.notes()] == [
        "the users of the whole period stand nowhere in the web analytics exports; those of months "
        "or days can't be added up, since who comes back counts once",
    ]


def test_page_views_of_days_are_those_of_the_month(desk: WebDesk) -> None:
    """Saved again by a spreadsheet: 17 811 page views in all."""
    take(desk, "ua-en-pageviews-resaved.csv", "2019-01-01", "2019-01-31")
    figures = desk.figures()
    assert len(figures) == 32
    assert figures[-1] == "page_views year 0101-0131 17811"
    assert sum(int(line.split()[-1]) for line in figures[:-1]) == 17811


def test_a_dutch_interface_groups_thousands_with_points() -> None:
    """7374 sessions by browser, and 7374 by day; its period was made unreadable."""
    export = opened("ua-nl-browsers.csv")
    browsers, days = export.blocks
    assert (export.kind, len([*export.lines]), browsers.period) == ("ua", 595, None)
    for block, place in ((browsers, 2), (days, 1)):
        numbers = [parse_count(row.cells[place], ["nl"]) for row in block.rows]
        assert None not in numbers
        assert sum(number or 0 for number in numbers) == 7374
        assert parse_count(block.totals[0].cells[place], ["nl"]) == 7374
    assert parse_count(browsers.rows[0].cells[2], ["nl"]) == 2546


def test_a_year_of_version_4(desk: WebDesk) -> None:
    """365 days of users, 5244 sessions by channel; the year's unique users stand nowhere."""
    take(desk, "ga4-be-year.csv", "2022-01-22", "2023-01-21")
    figures = desk.figures()
    days = [line for line in figures if line.startswith("users day")]
    assert len(days) == 365
    assert (days[0], days[-1]) == ("users day 0122-0122 1", "users day 0121-0121 3")
    sessions = [line for line in figures if line.startswith("sessions")]
    assert sessions == [
        "sessions year 0122-0121 traffic_channel=direct 3159",
        "sessions year 0122-0121 traffic_channel=organic search 1285",
        "sessions year 0122-0121 traffic_channel=unassigned 372",
        "sessions year 0122-0121 traffic_channel=organic social 289",
        "sessions year 0122-0121 traffic_channel=referral 139",
    ]
    assert len(figures) == 370
    assert not any("users year" in line for line in figures)
    assert [note[:50] for note in desk.notes()] == [
        "the users of the whole period stand nowhere in the"
    ]


def test_a_later_version_with_other_names(desk: WebDesk) -> None:
    """Weeks make no months; sessions by channel have their new name."""
    take(desk, "ga4-snapshot-2025.csv", "2025-01-01", "2025-12-31")
    assert desk.figures() == [
        "sessions year 0101-1231 traffic_channel=direct 2451",
        "sessions year 0101-1231 traffic_channel=organic search 1312",
        "sessions year 0101-1231 traffic_channel=referral 820",
        "sessions year 0101-1231 traffic_channel=unassigned 65",
        "sessions year 0101-1231 traffic_channel=organic social 24",
    ]
    assert "figures by week are left out" in desk.notes()[0]


def test_an_exploration_of_visitors_gives_its_totals_alone(desk: WebDesk) -> None:
    """Three users in five sessions; no row of a visitor is read."""
    take(desk, "ga4-explore.csv", "2023-05-15", "2023-05-21")
    assert "[B65]" in desk.problems()[0]
    desk.put_layout(
        LAYOUT.replace("[users, active_users]", "[total_users]") + "  visitors: totals_only\n"
    )
    assert desk.figures() == ["sessions year 0515-0521 5", "users year 0515-0521 3"]
    assert desk.balance("ga4-explore.csv").excluded == {"unused": 3}
