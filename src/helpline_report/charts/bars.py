"""The bars of a series: its members with their figures, in the order they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, Reason, Series

# Fields whose codes have an order of their own: never ranked.
ORDERED = frozenset(
    {"month", "weekday", "hour", "date", "day", "quarter", "age_class", "caller_age_class"}
)


@dataclass(frozen=True)
class Bar:
    """One member of a series beside the same member of the comparison."""

    code: str
    figure: Figure | None
    against: Figure | None

    @property
    def value(self) -> float | None:
        """The value, unless there is none."""
        return number_of(self.figure)

    @property
    def before(self) -> float | None:
        """The value of the comparison, unless there is none."""
        return number_of(self.against)


def shown_by(chart: Chart, ledger: Ledger) -> Series | Crosstab | None:
    """The series or the cross-table that a chart draws; None for single figures."""
    if chart.series is not None:
        return ledger.series.get(chart.series)
    return ledger.crosstabs.get(chart.crosstab) if chart.crosstab is not None else None


def number_of(figure: Figure | None) -> float | None:
    """The value of a figure as a number, or None where there is none."""
    if figure is None or figure.value is None or isinstance(figure.value, str):
        return None
    return float(figure.value)


def bars_of(series: Series, against: Series | None, ledger: Ledger) -> list[Bar]:
    """The members of a series, in the order of its codes, and those only the comparison has."""
    before = _figures(against, ledger) if against else {}
    now = _figures(series, ledger)
    codes = list(dict.fromkeys([*now, *(before if not series.open else ())]))
    return [Bar(code, now.get(code), before.get(code)) for code in codes]


def _figures(series: Series, ledger: Ledger) -> Mapping[str, Figure | None]:
    return {member.code: ledger.figures.get(member.figure) for member in series.members}


def ranked(bars: list[Bar], field: str, words: Words, most: int | None) -> tuple[list[Bar], int]:
    """Bars from most to least, what is unknown last; and how many are left out after `most`.

    Fields that have an order (months, ages) keep it. Ties keep the order of the code list.
    """
    if field not in ORDERED:
        bars = sorted(bars, key=lambda bar: _rank(bar, field, words))
    kept = bars[:most] if most else bars
    return kept, len(bars) - len(kept)


def _rank(bar: Bar, field: str, words: Words) -> tuple[bool, bool, float]:
    value = bar.value
    return words.missing(field, bar.code), value is None, -(value or 0.0)


def why_empty(bars: list[Bar]) -> Reason | None:
    """Why none of the bars can be drawn, or None where one can."""
    if any(bar.value is not None for bar in bars):
        return None
    reasons = [bar.figure.reason for bar in bars if bar.figure and bar.figure.reason]
    return reasons[0] if reasons else Reason(code="no_rows")
