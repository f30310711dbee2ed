"""Read responses of the Data API into blocks, by the request that is saved beside each."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, zip_longest
from typing import Any

from helpline_report.exports.faults import Findings
from helpline_report.parameters.values import Period
from helpline_report.parameters.web_service import Kind
from helpline_report.web_analytics.blocks import (
    Block,
    WebLine,
    parse_period,
    set_totals_apart,
    split_by_range,
)

Json = Mapping[str, Any]


@dataclass
class Responses:
    """The blocks of a file of responses, and what their metadata say."""

    kind: Kind = "ga4"
    blocks: list[Block] = field(default_factory=list)
    property_: str | None = None
    time_zone: str | None = None
    comparing: int = 0
    concerns: dict[str, int] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, request: Json, response: Json, findings: Findings) -> None:
        """Add the blocks of one response.

        Raises:
            KeyError, TypeError, AttributeError, IndexError: it lacks what each response has.
        """
        dimensions = [item["name"] for item in response.get("dimensionHeaders", [])]
        metrics = [item["name"] for item in response["metricHeaders"]]
        rows = tuple(map(self._line, response.get("rows", [])))
        totals = tuple(map(self._line, response.get("totals", [])))
        if int(response.get("rowCount", len(rows))) > len(rows):
            findings.add("B10", "response", rows=len(rows), total=int(response["rowCount"]))
        periods = _periods(request)
        period = next(iter(periods.values())) if len(periods) == 1 else None
        whole = Block((*dimensions, *metrics), 0, period, (*rows, *totals))
        blocks, comparing = split_by_range(whole, "ga4", periods)
        if dimensions:
            self.blocks += [set_totals_apart(block, "ga4") for block in blocks]
        else:  # its one row is all there is, and no total of anything
            self.blocks += [replace(block, rows=rows, totals=totals) for block in blocks]
        self.comparing += comparing
        metadata = response.get("metadata") or {}
        self.property_ = request.get("property") or self.property_
        self.time_zone = metadata.get("timeZone") or self.time_zone
        line = rows[0].number if rows else 0
        for concern, says_so in (
            ("sampled", metadata.get("samplingMetadatas")),
            ("thresholded", metadata.get("subjectToThresholding")),
            ("collapsed", metadata.get("dataLossFromOtherRow") and dimensions),
        ):
            if says_so:
                self.concerns.setdefault(concern, line)

    def _line(self, row: Json) -> WebLine:
        values = [*row.get("dimensionValues", []), *row["metricValues"]]
        return WebLine(next(self._numbers), tuple(str(item.get("value", "")) for item in values))


def read_responses(text: bytes, findings: Findings) -> Responses:
    """The reports of a file: one response, a batch, or responses with their requests.

    Refuses what is no JSON (B09), what is no response (B22), and responses that lack rows (B10).
    """
    responses = Responses()
    try:
        document = json.loads(text.removeprefix(BOM_UTF8))
    except (ValueError, RecursionError):
        findings.add("B09", "no_json")
        return responses
    there_is_one = False
    try:
        for request, response in _pairs(document, {}):
            there_is_one = True
            responses.add(request, response, findings)
    except (KeyError, TypeError, AttributeError, IndexError):
        findings.add("B22", "broken_response")
        return responses
    if not there_is_one:
        findings.add("B22", "no_response")
    return responses


def _pairs(document: Any, request: Any) -> Iterator[tuple[Json, Json]]:
    """Every response with its request; an empty one where it stands alone."""
    if isinstance(document, list):
        for item in document:
            yield from _pairs(item, request)
    if not isinstance(document, dict):
        return
    request = document.get("request", request)
    request = request if isinstance(request, dict) else {}
    if "response" in document:
        yield from _pairs(document["response"], request)
    elif "reports" in document:
        asked: Sequence[Any] = request.get("requests") or []
        for report, own in zip_longest(document["reports"], asked):
            of_all = {"property": request.get("property")}
            yield from _pairs(report, of_all | own if isinstance(own, dict) else of_all)
    elif "metricHeaders" in document:
        yield request, document


def _periods(request: Json) -> dict[str, Period]:
    """The periods that were asked for, by the names that rows give them."""
    periods = {}
    for place, span in enumerate(request.get("dateRanges") or []):
        period = parse_period(f"{span.get('startDate', '')} - {span.get('endDate', '')}")
        if period is not None:
            periods[str(span.get("name") or f"date_range_{place}")] = period
    return periods
