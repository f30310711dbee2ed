"""A difference between the two counts stops the release, and says which rows make it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from helpline_report.audit.recount.count import Difference, Recounted
from helpline_report.errors import RefusedError
from helpline_report.figures.model import Value

SHOWN = 20
LINES = 5
FIELDS = ("figure", "what", "first_count", "second_count", "table", "counted_by", "line")


def refuse(recounted: Recounted, where: str) -> RefusedError:
    """The error that names each figure, both its numbers, and some of the rows that differ.

    `where` is the private file that holds all of them.
    """
    found = recounted.differences
    what = f"in {len(found)} place(s) of {recounted.figures} figures; nothing was released"
    lines = [f"the second count differs from the first {what}"]
    lines += [_line(difference) for difference in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  and {len(found) - SHOWN} more")
    return RefusedError(
        "\n".join(lines),
        next_step=f"look at these rows: {where} names all of them. One of the two counts reads a "
        "code, a date or a condition wrongly; please report it",
    )


def _line(found: Difference) -> str:
    text = f"  {found.figure}, {found.what}: {_said(found.first)} by the chapters, "
    text += f"{_said(found.second)} by SQL"
    if found.only_first:
        text += f"; only the chapters count {found.table} of line {_some(found.only_first)}"
    if found.only_second:
        text += f"; only SQL counts {found.table} of line {_some(found.only_second)}"
    return text


def _said(value: Value | None) -> str:
    return "nothing" if value is None else str(value)


def _some(lines: Sequence[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:LINES])
    return shown if len(lines) <= LINES else f"{shown} and {len(lines) - LINES} more"


def all_differences(found: Sequence[Difference]) -> str:
    """Every difference and every row that makes it, as CSV: places, never what stands there."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for difference in found:
        for counted_by, line in _rows(difference):
            writer.writerow(
                [
                    difference.figure,
                    difference.what,
                    _said(difference.first),
                    _said(difference.second),
                    difference.table,
                    counted_by,
                    line,
                ]
            )
    return text.getvalue()


def _rows(found: Difference) -> Iterator[tuple[str, int | str]]:
    yield from (("chapters", line) for line in found.only_first)
    yield from (("sql", line) for line in found.only_second)
    if not (found.only_first or found.only_second):
        yield "", ""
