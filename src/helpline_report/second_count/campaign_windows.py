"""Tell from the parameters alone which days the figures of each campaign are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.parameters.values import Period

# A window; the days around it, as far as the period goes; and the same days of the year before.
WINDOWS = """
SELECT campaign, "start", "end",
  greatest("start" - around_days, this.first), least("end" + around_days, this.last),
  ("start" - to_years(year(this.first) - year(before.first)))::DATE,
  ("end" - to_years(year(this.first) - year(before.first)))::DATE
FROM campaigns
JOIN editions AS this ON this.number = 1
LEFT JOIN editions AS before ON before.number = 2
"""


def count_windows(database: duckdb.DuckDBPyConnection, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The days that each figure of a campaign must be about, by the figure's id."""
    windows = {str(row[0]): row[1:] for row in database.execute(WINDOWS).fetchall()}
    for campaigns in ledger.campaigns.values():
        for each in campaigns.effects:
            start, end, first, last, start_before, end_before = windows[each.campaign]
            inside = describe_days(start, end)
            around = describe_days(first, last, (start, end))
            for name in (each.contacts, each.target):
                yield name or "", inside
            for name in (each.around, each.target_around):
                yield name or "", f"{inside} against {around}"
            if start_before is not None:
                before = describe_days(start_before, end_before)
                for name in (each.previous, each.target_previous):
                    yield name or "", f"{inside} against {before}"


def describe_window(figure: Figure) -> str:
    """The days that a figure is about, and those that it is compared with."""
    days = _describe(figure.population)
    return days if figure.of is None else f"{days} against {_describe(figure.of)}"


def _describe(spec: PopulationSpec) -> str:
    without: Period | None = spec.without
    left_out = (without.start, without.end) if without else None
    return describe_days(spec.period.start, spec.period.end, left_out)


def describe_days(
    first: dt.date, last: dt.date, left_out: tuple[dt.date, dt.date] | None = None
) -> str:
    """Days from one to another, and those between that are left out."""
    text = f"{first} to {last}"
    return f"{text} without {left_out[0]} to {left_out[1]}" if left_out else text
