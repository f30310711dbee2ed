"""Totals that others printed of other years: taken over with their source, never counted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from helpline_report.errors import ParametersError
from helpline_report.parameters.values import Text, Translated
from helpline_report.parameters.yaml import Closed

COLUMNS = ("year", "noun", "value", "standing", "why_nl", "why_en", "source", "address")


class PrintedYear(Closed):
    """One total of one year as somebody printed it.

    It is `provisional` where the print is a rounding, is derived from another number, or doesn't
    say what it counts; `why` says which.
    """

    id: str
    year: Annotated[int, Field(ge=1900, le=2200)]
    noun: Literal["contacts", "persons"]
    value: Annotated[int, Field(ge=0)]
    standing: Literal["final", "provisional"]
    why: Translated | None = None
    source: Text
    address: str = ""


class TrendBreak(Closed):
    """A day on which something changed that makes years before and after it other years."""

    date: dt.date
    note: Translated


class Trend(Closed):
    """The file of totals of other years, and the breaks that lie among them."""

    file: Text
    breaks: list[TrendBreak] = []


class OtherYears(Closed):
    """The totals of a trend and its breaks, as an edition shows them."""

    points: tuple[PrintedYear, ...]
    breaks: tuple[TrendBreak, ...]


def read_other_years(path: Path, shown: str) -> tuple[PrintedYear, ...]:
    """The totals of a file, in its order; each has an id of its year, noun and place.

    The file is comma-separated UTF-8 with the columns year, noun, value, standing, why_nl, why_en,
    source and address.

    Raises:
        ParametersError: the file can't be read, or a line of it isn't such a total.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ParametersError(
            "can't be read as UTF-8 text",
            where=shown,
            next_step="name the file of totals under 'trend.file', or leave 'trend' out",
        ) from None
    rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(rows, [])) != COLUMNS:
        raise ParametersError(
            "has another header",
            where=f"{shown}:1",
            next_step=f"the header is: {','.join(COLUMNS)}",
        )
    return tuple(_points(rows, shown))


def _points(rows: Iterator[list[str]], shown: str) -> Iterator[PrintedYear]:
    seen: dict[tuple[str, str], int] = {}
    for line, cells in enumerate(rows, start=2):
        if len(cells) != len(COLUMNS):
            what = f"{len(cells)} cells, and {len(COLUMNS)} were expected"
            raise ParametersError(what, where=f"{shown}:{line}")
        row = dict(zip(COLUMNS, cells, strict=True))
        place = seen[row["noun"], row["year"]] = seen.get((row["noun"], row["year"]), 0) + 1
        yield _point(row, place, f"{shown}:{line}")


def _point(row: dict[str, str], place: int, where: str) -> PrintedYear:
    nl, en = row.pop("why_nl"), row.pop("why_en")
    name = f"trend.{row['noun']}.{row['year']}.{place}"
    why = {"nl": nl, "en": en} if nl or en else None
    try:
        return PrintedYear.model_validate({**row, "id": name, "why": why})
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(str(part) for part in first["loc"])
        raise ParametersError(f"column {column}: {first['msg']}", where=where) from None
