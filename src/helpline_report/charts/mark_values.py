"""Say what each mark of a chart stands for and where, before it is drawn; nothing is drawn here."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from babel.dates import get_month_names

# The shades of a cross-table after the one of nothing.
SHADES = 5
WEEK = 7
# Fields whose cross-tables are shaded over the whole table: busy is the same on each day.
IN_TIME = ("month", "weekday")


class Weeks(NamedTuple):
    """A series by day or week, added up to weeks: the Monday and the sum of each; `days` it has."""

    mondays: list[dt.date]
    sums: list[float]
    days: list[dt.date]


def split_series(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The series of a frame, this year's first, each with its rows numbered from 0."""
    return [rows.reset_index(drop=True) for _, rows in frame.groupby("series", sort=False)]


def name_places(series: Sequence[pd.DataFrame]) -> list[str]:
    """The figure that the name of each place is tagged with: this year's, or that of the other."""
    columns = [year["figure"] for year in series]
    return [next(filter(None, figures), "") for figures in zip(*columns, strict=True)]


def name_series(series: pd.DataFrame) -> str:
    """The figure that the period of a series is tagged with: its first."""
    return next(filter(None, series["figure"]), "")


def add_up_weeks(series: pd.DataFrame, by: str) -> Weeks:
    """The sums of a series by week; a day without a value adds nothing."""
    # A day, or the first one of a week.
    codes = series[by].astype(str).str[:10]
    days = [dt.date.fromisoformat(code) for code in codes]
    sums: dict[dt.date, float] = {}
    for day, value in zip(days, series["value"].fillna(0), strict=True):
        monday = day - dt.timedelta(days=day.weekday())
        sums[monday] = sums.get(monday, 0) + value
    mondays = sorted(sums)
    return Weeks(mondays, [sums[monday] for monday in mondays], days)


def find_span(weeks: Weeks, marks: Sequence[Mapping[str, str]]) -> tuple[dt.date, dt.date]:
    """The first Monday of a chart by week, and the one after its last: all marks lie between."""
    days = [dt.date.fromisoformat(mark[end]) for mark in marks for end in ("start", "end")]
    first, last = min([weeks.mondays[0], *days]), max([weeks.mondays[-1], *days])
    start, end = (day - dt.timedelta(days=day.weekday()) for day in (first, last))
    return start, end + dt.timedelta(days=WEEK)


def list_months(weeks: Weeks, locale: str) -> list[tuple[dt.date, str]]:
    """The first day of each month of a chart by week, and the month's name."""
    start = weeks.mondays[0]
    # A first week that begins soon after the first of its month stands for it.
    first, last = weeks.days[0] - dt.timedelta(days=6), weeks.days[-1]
    near = (first + dt.timedelta(days=at) for at in range((last - first).days + 1))
    names = get_month_names("abbreviated", locale=locale)
    return [(max(day, start), str(names[day.month]).rstrip(".")) for day in near if day.day == 1]


def shade_squares(frame: pd.DataFrame) -> list[int | None]:
    """The shade of each square of a cross-table: 0 for nothing, then equal parts of the most.

    Each row is shaded by itself, but for days and hours. None where there is no value.
    """
    rows = frame.attrs["rows"]
    most = frame.groupby(rows, sort=False)["value"].transform("max")
    if is_shaded_whole(frame):
        most = most * 0 + frame["value"].max()
    return [
        None if pd.isna(value) else max(math.ceil(value / top * SHADES - 1e-9), 1) if value else 0
        for value, top in zip(frame["value"], most, strict=True)
    ]


def is_shaded_whole(frame: pd.DataFrame) -> bool:
    """Whether the squares of a cross-table are shaded over all of it."""
    return frame.attrs["rows"] in IN_TIME


def list_places(frame: pd.DataFrame, column: str) -> dict[Hashable, int]:
    """The place of each code of a column of a cross-table, in their order."""
    return {code: place for place, code in enumerate(dict.fromkeys(frame[column]))}


def list_parents(levels: Sequence[int]) -> list[int | None]:
    """The row that each row of a flow branches off from; None of the whole."""
    above: dict[int, int] = {}
    parents = []
    for place, level in enumerate(levels):
        parents.append(above.get(level - 1))
        above[level] = place
    return parents


def is_logarithmic(frame: pd.DataFrame) -> bool:
    """Whether estimates stand on a logarithmic scale: ratios do, unless one is 0."""
    return frame.attrs["unit"] == "ratio" and min(list_ends(frame)) > 0


def list_ends(frame: pd.DataFrame) -> list[float]:
    """All numbers that estimates stand for, with that of no difference."""
    numbers = frame.loc[frame["value"].notna(), ["value", "low", "high"]].to_numpy().ravel()
    ends: list[float] = pd.Series([*numbers, frame.attrs["none"]], dtype=float).dropna().tolist()
    return ends


def list_joined_years(frame: pd.DataFrame) -> Iterator[tuple[Mapping[Any, Any], Mapping[Any, Any]]]:
    """The totals that are joined: of two years, each with one that stands, and no break between."""
    breaks = [dt.date.fromisoformat(mark["date"]) for mark in frame.attrs["breaks"]]
    rows: dict[int, Mapping[Any, Any]] = {
        int(str(year)): prints.to_dict("records")[0]
        for year, prints in frame.groupby("year")
        if len(prints) == 1 and prints["standing"].iloc[0] == "final"
    }
    for year, row in rows.items():
        start, end = dt.date(year, 1, 1), dt.date(year + 1, 12, 31)
        if year + 1 in rows and not any(start < day <= end for day in breaks):
            yield row, rows[year + 1]
