"""Responses of the Data API, with the requests that say what they are of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web_analytics.conftest import ReadWeb
from tests.web_analytics.test_blocks import drawn, told

REQUEST = {
    "property": "properties/1234",
    "dateRanges": [{"startDate": "2017-01-01", "endDate": "2017-12-31"}],
}


def row(*cells: str, dimensions: int = 1) -> dict[str, Any]:
    """A row of a response: the values of its dimensions, then of its metrics."""
    values = [{"value": cell} for cell in cells]
    return {"dimensionValues": values[:dimensions], "metricValues": values[dimensions:]}


def response(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response with active users and sessions by device."""
    return {
        "dimensionHeaders": [{"name": "deviceCategory"}],
        "metricHeaders": [{"name": "activeUsers", "type": "TYPE_INTEGER"}, {"name": "sessions"}],
        "rows": [*rows],
        "rowCount": len(rows),
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Brussels"},
        "propertyQuota": {"tokensPerDay": {"consumed": 1}},
        "kind": "analyticsData#runReport",
        **more,
    }


MOBILE, DESKTOP = row("mobile", "10", "12"), row("desktop", "7", "9")
TOTAL = row("RESERVED_TOTAL", "15", "21")


def save(answered: Any, request: Any = REQUEST) -> str:
    """A response as it is saved, with its request."""
    return json.dumps({"request": request, "response": answered})


def test_a_response_is_a_block(read: ReadWeb) -> None:
    """By its request, which is the only one that says the period."""
    export = read(save(response(MOBILE, DESKTOP, totals=[TOTAL])), "x.json")
    assert drawn(export) == [
        "0: deviceCategory|activeUsers|sessions; ['mobile 10 12', 'desktop 7 9']; "
        "['RESERVED_TOTAL 15 21']; 2017-01-01 2017-12-31"
    ]
    assert (export.property_, export.time_zone) == ("properties/1234", "Europe/Brussels")
    assert (len([*export.lines]), export.concerns, told(export)) == (3, {}, [])


def test_a_response_alone_has_no_period(read: ReadWeb) -> None:
    """It doesn't say which it is of."""
    export = read(json.dumps(response(MOBILE)), "x.json")
    assert export.blocks[0].period is None


def test_a_batch_has_a_request_a_report(read: ReadWeb) -> None:
    """In the same order, of one property."""
    text = json.dumps(
        {
            "request": {"property": "properties/1", "requests": [REQUEST, {"dateRanges": []}]},
            "response": {"reports": [response(MOBILE), response(DESKTOP)]},
        }
    )
    export = read(text, "x.json")
    assert [str(block.period and block.period.start) for block in export.blocks] == [
        "2017-01-01",
        "None",
    ]


def test_two_periods_of_one_response_are_two_blocks(read: ReadWeb) -> None:
    """By the names that their rows give them."""
    request = {
        "dateRanges": [
            {"startDate": "2017-01-01", "endDate": "2017-12-31"},
            {"startDate": "2016-01-01", "endDate": "2016-12-31", "name": "before"},
        ]
    }
    answered = response(
        row("mobile", "date_range_0", "10", "12", dimensions=2),
        row("mobile", "before", "8", "9", dimensions=2),
        dimensionHeaders=[{"name": "deviceCategory"}, {"name": "dateRange"}],
    )
    assert drawn(read(save(answered, request), "x.json")) == [
        "0: deviceCategory|activeUsers|sessions; ['mobile 10 12']; []; 2017-01-01 2017-12-31",
        "0: deviceCategory|activeUsers|sessions; ['mobile 8 9']; []; 2016-01-01 2016-12-31",
    ]


def test_without_dimensions_the_one_row_is_all(read: ReadWeb) -> None:
    """It is no total of anything."""
    answered = response(row("15", "21", dimensions=0), dimensionHeaders=[])
    assert drawn(read(save(answered), "x.json")) == [
        "0: activeUsers|sessions; ['15 21']; []; 2017-01-01 2017-12-31"
    ]


def test_metadata_say_what_makes_figures_something_else_than_a_count(read: ReadWeb) -> None:
    """Sampling, thresholds and rows that were put together."""
    metadata = {
        "samplingMetadatas": [{"samplesReadCount": "1", "samplingSpaceSize": "9"}],
        "subjectToThresholding": True,
        "dataLossFromOtherRow": True,
    }
    export = read(save(response(MOBILE, metadata=metadata)), "x.json")
    assert export.concerns == {"sampled": 1, "thresholded": 1, "collapsed": 1}


def test_a_response_that_lacks_rows_is_refused(read: ReadWeb) -> None:
    """B10: there was a limit."""
    assert told(read(save(response(MOBILE, rowCount=5)), "x.json")) == [
        "[B10] x.json: 1 of 5 rows stand in the response\n"
        "  → ask for the report again, with a limit above its number of rows"
    ]


def test_half_a_response_is_refused(read: ReadWeb) -> None:
    """B09."""
    assert told(read(save(response(MOBILE))[:-9], "x.json")) == [
        "[B09] x.json: the file is cut off, or no JSON\n  → save the response again, whole"
    ]


@pytest.mark.parametrize("text", ["{}", "[]", '{"reports": []}', '{"rows": []}'])
def test_what_is_no_response_is_refused(read: ReadWeb, text: str) -> None:
    """B22."""
    assert told(read(text, "x.json")) == [
        "[B22] x.json: there is no response of the Data API in the file; expected "
        "dimensionHeaders, metricHeaders, rows\n  → save what runReport or batchRunReports answers"
    ]


@pytest.mark.parametrize("broken", [{"rows": [{}]}, {"metricHeaders": [3]}, {"rowCount": []}])
def test_a_broken_response_is_refused(read: ReadWeb, broken: dict[str, Any]) -> None:
    """B22, and no traceback."""
    assert told(read(save(response(MOBILE, **broken)), "x.json")) == [
        "[B22] x.json: a response lacks what each has\n"
        "  → save the response again, as the service gives it"
    ]
