"""Reports as a web analytics service really wrote them, read without a change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpline_report.exports.reports import read_report
from helpline_report.parameters.report_layouts import ReportFile
from helpline_report.parameters.written import Numbers
from helpline_report.tables.numbers import count_reader

DATA = os.environ.get("HELPLINE_REAL_DATA", "")

pytestmark = pytest.mark.skipif(
    not DATA,
    reason="real reports not found: export any audience report of Google Analytics in its Dutch "
    "user interface as web-analytics/ua-nl-browsers.csv, and set HELPLINE_REAL_DATA to the folder "
    "that holds web-analytics/",
)


def block(column: str, measured: str, ignored: list[str]) -> dict[str, object]:
    """A block of sessions by day, as far as reading needs to know."""
    return {
        "column": column,
        "grain": "day",
        "dates": "dd-mm-yy",
        "measures": {measured: {"measure": "sessions", "total": "sum"}},
        "ignored": dict.fromkeys(ignored, "not of interest here"),
    }


def layout(delimiter: str, thousands: str, blocks: list[dict[str, object]]) -> ReportFile:
    """A layout that is right about the form of a report."""
    return ReportFile.model_validate(
        {
            "name": "x.csv",
            "delimiter": delimiter,
            "period": "yyyymmdd",
            "numbers": {"thousands": thousands, "decimal": "," if thousands == "." else "."},
            "blocks": blocks,
        }
    )


BROWSERS = [
    block(
        "Browser",
        "Sessies",
        [
            "Browserversie",
            "% nieuwe sessies",
            "Nieuwe gebruikers",
            "Bouncepercentage",
            "Pagina's/sessie",
            "Gem. sessieduur",
            "Doelconversieratio",
            "Behaalde doelen",
            "Doelwaarde",
        ],
    ),
    block("Dagindex", "Sessies", []),
]


@pytest.mark.parametrize(
    ("name", "thousands", "blocks", "totals"),
    [
        ("ua-nl-browsers.csv", ".", BROWSERS, {"Browser": 7374, "Dagindex": 7374}),
        ("ua-en-users.csv", ",", [block("Day Index", "Users", [])], {"Day Index": 2800}),
        (
            "ua-en-pageviews-resaved.csv",
            ",",
            [block("Day Index", "Pageviews", [])],
            {"Day Index": 17811},
        ),
    ],
)
def test_rows_add_up_to_the_total_that_the_service_wrote(
    name: str, thousands: str, blocks: list[dict[str, object]], totals: dict[str, int]
) -> None:
    """Sessions by browser and by day; users by day, whose total is the sum of daily users."""
    shape = layout(",", thousands, blocks)
    report = read_report(Path(DATA) / "web-analytics" / name, name, shape)
    count = count_reader(Numbers.model_validate(shape.numbers))
    assert report.findings.problems == []
    for column, total in totals.items():
        found = report.blocks[column]
        (measured,) = [measure for measure in found.columns if measure != column]
        assert found.total is not None
        assert count(found.total[measured]) == total
        assert sum(count(text) or 0 for text in found.columns[measured]) == total
