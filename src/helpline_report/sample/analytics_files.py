"""Write a report of the web analytics service in the form of its Dutch export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_RULE = "# ----------------------------------------"


@dataclass(frozen=True, slots=True)
class Report:
    """One export: its banner, its table with a total row, and its index by day with another."""

    file: str
    view: str
    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]
    daily_metric: str
    daily: dict[date, int]


def number(count: int) -> str:
    """`2546` → `2.546`."""
    return f"{count:,}".replace(",", ".")


def decimal(part: int, whole: int) -> str:
    """`part / whole` with two decimals, rounded half up: `2,16`."""
    hundredths = (200 * part + whole) // (2 * whole) if whole else 0
    return f"{number(hundredths // 100)},{hundredths % 100:02d}"


def percent(part: int, whole: int) -> str:
    """`part` of `whole` as a percentage with two decimals: `61,20%`."""
    return decimal(100 * part, whole) + "%"


def duration(seconds: int) -> str:
    """`91` → `00:01:31`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def write_report(folder: Path, report: Report) -> None:
    """Write one report as the service does."""
    days = sorted(report.daily)
    lines = [
        _RULE,
        f"# {report.view}",
        f"# {report.name}",
        f"# {days[0]:%Y%m%d}-{days[-1]:%Y%m%d}",
        _RULE,
        "",
        _line(report.header),
        *(_line(row) for row in report.rows),
        _line(["", *report.total]),
        "",
        _line(["Dagindex", report.daily_metric]),
        *(_line([f"{day:%d-%m-%y}", number(report.daily[day])]) for day in days),
        _line(["", number(sum(report.daily.values()))]),
        "",
    ]
    (folder / report.file).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _line(cells: Sequence[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)
