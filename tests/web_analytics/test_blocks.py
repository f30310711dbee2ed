"""An export becomes blocks, told apart by what stands in it and never by where."""

import datetime as dt
import json
from typing import Any

import openpyxl
import pytest

from helpline_report.parameters.values import Period
from helpline_report.web_analytics.web_export import WebExport
from tests.exports.workbook_files import saved
from tests.present import present
from tests.web_analytics.conftest import ReadWeb

YEAR = Period(start=dt.date(2017, 1, 1), end=dt.date(2017, 12, 31))
UA = """\
# ----------------------------------------
# 1712.be - alle sites
# Apparaten
# 20170101-20171231
# ----------------------------------------

Apparaatcategorie,Sessies,Bouncepercentage
mobile,2.546,"99,88%"
desktop,118,"1,50%"
,2.664,"98,00%"

Dagindex,Sessies
01-01-17,25
02-01-17,19
,44
"""
GA4 = """\
# ----------------------------------------
# Reports snapshot
# Account: Vereniging
# Property: Website
# ----------------------------------------
#\x20\x20
# Start date: 20170101
# End date: 20171231
Nth day,Active users
0000,5
0001,7

# Start date: 20170101
# End date: 20171231
Nth day,New users

# Where do your users come from?
# Start date: 20161201
# End date: 20171231
Country,Active users
Belgium,12
"""


def messages(export: WebExport) -> list[str]:
    return [str(problem).replace("\n  → ", " → ") for problem in export.findings.problems]


LINES = [line for line in UA.splitlines() if line]
PERCENT = UA.replace('"99,88%"', "1%").replace('"1,50%"', "1%").replace('"98,00%"', "1%")
SAVED = {
    "by a spreadsheet": "\r\n".join(f"{x},," if x.startswith("#") else x for x in LINES),
    "with semicolons": PERCENT.replace(",", ";"),
    "with tabs": PERCENT.replace(",", "\t"),
    "with columns that are blank": "\n".join(f"{line},," for line in LINES),
    "with a blank line between rows": UA.replace("02-01-17", "\n02-01-17"),
}


@pytest.mark.parametrize("text", SAVED.values(), ids=SAVED)
def test_a_file_that_was_saved_again_is_the_same(read: ReadWeb, text: str) -> None:
    """Comments end in commas, blank lines come or go, another delimiter, no end."""
    export = read(text)
    assert [[row.cells[:2] for row in block.rows] for block in export.blocks] == [
        [("mobile", "2.546"), ("desktop", "118")],
        [("01-01-17", "25"), ("02-01-17", "19")],
    ]
    assert [block.period for block in export.blocks] == [YEAR, YEAR]
    assert export.property_ == "1712.be - alle sites"


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [("Begindatum", "Einddatum", "Property"), ("Date de début", "Date de fin", "Propriété")],
)
def test_dates_are_read_in_any_language(read: ReadWeb, start: str, end: str, named: str) -> None:
    """A word, a colon and a day: the first is the first day."""
    text = GA4.replace("Start date", start).replace("End date", end).replace("Property", named)
    export = read(text)
    assert (export.blocks[0].period, export.property_) == (YEAR, "Website")


@pytest.mark.parametrize(
    ("head", "label", "withheld"),
    [
        ("Page", "/reset?mail=an@example.org", "(withheld)"),
        ("Page", "/x/an%40example.org", "(withheld)"),
        ("Page Title", "Bel 0470 12 34 56", "(withheld)"),
        ("Source / Medium", "an@example.org / referral", "(withheld) / referral"),
        ("Source / Medium", "site.be / an@example.org", "(withheld)"),
        ("Source", "site.be", "site.be"),
        ("Page Title", "#metoo", "#metoo"),
    ],
)
def test_labels_that_name_people_are_withheld(
    read: ReadWeb, head: str, label: str, withheld: str
) -> None:
    """B80: wherever a label stands, it goes no further; a page may be called with a hash."""
    export = read(f"# S\n# P\n# 20170101-20171231\n\n{head},Pageviews\n{label},3\n,3\n")
    assert messages(export) == []
    assert [row.cells[0] for row in export.lines] == [withheld, ""]


def test_a_banner_may_say_that_a_report_is_sampled(read: ReadWeb) -> None:
    """It may say so in any language, and has its line; a file without a header is B07."""
    words = ("This report is based on sampled data", "Steekproef: 40 %", "Échantillonné")
    for banner, concern in (
        *((each, "sampled") for each in words),
        ("Data threshold applied", "thresholded"),
    ):
        assert read(UA.replace("# Apparaten", f"# {banner}")).concerns == {concern: 3}
    assert read(UA).concerns == {}
    assert messages(read("# Site\n\n")) == [
        "[B07] x.csv: there is no header and no row in the file → export the report again, as CSV"
    ]


def test_messages_about_a_workbook_name_sheet_and_row(read: ReadWeb) -> None:
    """The banner may stand on a sheet of its own."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["# 20170101-20171231"])
    days = book.create_sheet("2")
    for row in (["Dagindex", "Sessies"], [dt.date(2017, 1, 1), 25]):
        days.append(row)
    (block,) = (export := read(saved(book), "x.xlsx")).blocks
    assert (block.rows[0].cells, block.period) == (("2017-01-01", "25"), YEAR)
    assert present(export.findings.cell)(block.rows[0].number, "") == "sheet 2, row 2"


# Responses of the Data API, with the requests that say what they are of

RANGE = {"startDate": "2017-01-01", "endDate": "2017-12-31"}
REQUEST = {"property": "properties/1234", "dateRanges": [RANGE]}


def row(*cells: str) -> dict[str, Any]:
    values = [{"value": cell} for cell in cells]
    return {"dimensionValues": values[:1], "metricValues": values[1:]}


def response(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response with active users and sessions by device."""
    return {
        "dimensionHeaders": [{"name": "deviceCategory"}],
        "metricHeaders": [{"name": "activeUsers", "type": "TYPE_INTEGER"}, {"name": "sessions"}],
        "rows": [*rows],
        "rowCount": len(rows),
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Brussels"},
        "kind": "analyticsData#runReport",
        **more,
    }


def save(answered: Any, request: Any = REQUEST) -> str:
    """A response as it is saved, with its request."""
    return json.dumps({"request": request, "response": answered})


MOBILE, DESKTOP = row("mobile", "10", "12"), row("desktop", "7", "9")


def test_a_response_says_its_property_and_its_request_its_period(read: ReadWeb) -> None:
    """Without the request nobody knows of what time it is."""
    export = read(save(response(MOBILE, DESKTOP)), "x.json")
    assert (export.property_, export.time_zone) == ("properties/1234", "Europe/Brussels")
    assert export.blocks[0].period == YEAR
    assert read(json.dumps(response(MOBILE)), "x.json").blocks[0].period is None


def test_metadata_say_what_makes_figures_something_else_than_a_count(read: ReadWeb) -> None:
    """Samples, thresholds, and rows that were put together."""
    metadata = {
        "samplingMetadatas": [{"samplesReadCount": "1", "samplingSpaceSize": "9"}],
        "subjectToThresholding": True,
        "dataLossFromOtherRow": True,
    }
    export = read(save(response(MOBILE, metadata=metadata)), "x.json")
    assert export.concerns == {"sampled": 1, "thresholded": 1, "collapsed": 1}
    assert read(save(response(MOBILE)), "x.json").concerns == {}


INCOMPLETE: list[dict[str, Any]] = [{"rows": [{}]}, {"metricHeaders": [3]}, {"rowCount": []}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (save(response(MOBILE, rowCount=5)), "[B10] x.json: 1 of 5 rows stand in the response"),
        (save(response(MOBILE))[:-9], "[B09] x.json: the file is cut off, or no JSON"),
        *(
            (text, "[B22] x.json: there is no response of the Data API in the file")
            for text in ("{}", "[]", '{"reports": []}', '{"rows": []}')
        ),
        *(
            (save(response(MOBILE, **broken)), "[B22] x.json: a response lacks what each has")
            for broken in INCOMPLETE
        ),
    ],
)
def test_what_is_no_whole_response_is_refused(read: ReadWeb, text: str, problem: str) -> None:
    """B09, B10, B22, and no traceback."""
    (each,) = messages(read(text, "x.json"))
    assert each.startswith(problem)
