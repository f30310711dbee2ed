"""Responses of the Data API become blocks, by the request that is saved beside each."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpline_report.exports.findings import Findings
from helpline_report.exports.web.blocks import by_range, with_totals
from helpline_report.exports.web.model import Block, Line
from helpline_report.exports.web.periods import span
from helpline_report.parameters.values import Period

SAVE = 'save the request with it: {"request": {…}, "response": {…}}'
ASK_AGAIN = "ask for the report again, with a limit above its number of rows"


@dataclass
class Responses:
    """The blocks of a file of responses, and what their metadata say."""

    blocks: list[Block] = field(default_factory=list)
    property_: str | None = None
    time_zone: str | None = None
    left_out: int = 0
    concerns: dict[str, int] = field(default_factory=dict)


def read_responses(text: bytes, findings: Findings) -> Responses:
    """The reports of a file: one response, a batch, or responses with their requests.

    Refuses what is no JSON (B09), what is no response (B22), and responses that lack rows (B10).
    """
    found = Responses()
    try:
        document = json.loads(text.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError):
        step = "save the response again, whole"
        findings.refuse("B09", "the file is cut off, or no JSON", next_step=step)
        return found
    pairs = list(_pairs(document, {}))
    if not pairs:
        what = "there is no response of the Data API in the file"
        step = "save what runReport or batchRunReports answers"
        findings.refuse(
            "B22", what, expected="dimensionHeaders, metricHeaders, rows", next_step=step
        )
    numbers = iter(range(1, 10_000_000))
    for request, response in pairs:
        try:
            _add(found, request, response, numbers, findings)
        except (KeyError, TypeError, AttributeError, IndexError):
            what = "a response lacks what each has"
            step = "save the response again, as the service gives it"
            findings.refuse("B22", what, next_step=step)
    return found


def _pairs(document: Any, request: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every response with its request; an empty one where it stands alone."""
    if isinstance(document, list):
        for item in document:
            yield from _pairs(item, request)
    if not isinstance(document, dict):
        return
    asked = document.get("request", request)
    if "response" in document:
        yield from _pairs(document["response"], asked)
    elif "reports" in document:
        requests = asked.get("requests", []) if isinstance(asked, dict) else []
        shared = {"property": asked.get("property")} if isinstance(asked, dict) else {}
        for place, report in enumerate(document["reports"]):
            own = requests[place] if place < len(requests) else {}
            yield from _pairs(report, shared | own if isinstance(own, dict) else shared)
    elif "metricHeaders" in document:
        yield asked if isinstance(asked, dict) else {}, document


def _add(
    found: Responses,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    numbers: Iterator[int],
    findings: Findings,
) -> None:
    dimensions = [item["name"] for item in response.get("dimensionHeaders", [])]
    metrics = [item["name"] for item in response["metricHeaders"]]
    rows = [_line(row, numbers) for row in response.get("rows", [])]
    totals = [_line(row, numbers) for row in response.get("totals", [])]
    if int(response.get("rowCount", len(rows))) > len(rows):
        what = f"{len(rows)} of {int(response['rowCount'])} rows stand in the response"
        findings.refuse("B10", what, next_step=ASK_AGAIN)
    periods = _periods(request)
    only = next(iter(periods.values())) if len(periods) == 1 else None
    whole = Block((*dimensions, *metrics), 0, only, (*rows, *totals))
    blocks, left_out = by_range(whole, "ga4", periods)
    found.blocks += [_apart(block, totals, bool(dimensions)) for block in blocks]
    found.left_out += left_out
    _metadata(found, request, response.get("metadata") or {}, rows, len(dimensions))


def _apart(block: Block, totals: Sequence[Line], by_dimension: bool) -> Block:  # noqa: FBT001
    """The block with its totals apart; without dimensions its one row is all there is."""
    if by_dimension:
        return with_totals(block, "ga4")
    given = {total.at for total in totals}
    return Block(
        block.names,
        block.line,
        block.period,
        tuple(row for row in block.rows if row.at not in given),
        tuple(row for row in block.rows if row.at in given),
    )


def _line(row: Mapping[str, Any], numbers: Iterator[int]) -> Line:
    number = next(numbers)
    values = [*row.get("dimensionValues", []), *row["metricValues"]]
    return Line(number, number, tuple(str(item.get("value", "")) for item in values))


def _periods(request: Mapping[str, Any]) -> dict[str, Period]:
    """The periods that were asked for, by the names that rows give them."""
    found = {}
    for place, asked in enumerate(request.get("dateRanges") or []):
        period = span(f"{asked.get('startDate', '')} - {asked.get('endDate', '')}")
        if period is not None:
            found[str(asked.get("name") or f"date_range_{place}")] = period
    return found


def _metadata(
    found: Responses,
    request: Mapping[str, Any],
    metadata: Mapping[str, Any],
    rows: Sequence[Line],
    dimensions: int,
) -> None:
    line = rows[0].number if rows else 0
    found.property_ = request.get("property") or found.property_
    found.time_zone = metadata.get("timeZone") or found.time_zone
    if metadata.get("samplingMetadatas"):
        found.concerns.setdefault("sampled", line)
    if metadata.get("subjectToThresholding"):
        found.concerns.setdefault("thresholded", line)
    if metadata.get("dataLossFromOtherRow") and dimensions:
        found.concerns.setdefault("collapsed", line)
