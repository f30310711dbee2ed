"""The headline of a chart on our own page: what it says stands out is what the chart draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from helpline_report.audit.proofreading.changes import Way, way_of
from helpline_report.audit.proofreading.ledger_tables import Cells
from helpline_report.audit.proofreading.printed_as import NUMBER, strangers
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Figure


def is_drawn(
    headline: str, chart: Chart, ledger: Ledger, table: tuple[Sequence[str], Sequence[Cells]]
) -> bool:
    """Whether a headline says of a chart what it draws; `table` are its labels and their cells."""
    labels, rows = table
    own = None if chart.crosstab else 1
    drawn = [[cell for cell in row[:own] if isinstance(cell, Figure)] for row in rows]
    if chart.kind == "changes":
        by_label = {label: row[0] for label, row in zip(labels, drawn, strict=False) if row}
        return names_what_changed(headline, by_label)
    groups = chart.figures[1:] if chart.kind == "flow" else ()
    flat = [ledger.figures[name] for name in groups] or [cell for row in drawn for cell in row]
    return names_the_highest(headline, flat)


def names_the_highest(headline: str, drawn: Sequence[Figure]) -> bool:
    """Whether the number that a headline ends with, if any, is the highest of what is drawn."""
    # The label of what stands out may hold numbers of its own: '14 uur: 153 contactnames'.
    last = [match.start() for match in NUMBER.finditer(headline)][-1:]
    if not last:
        return True
    numbers = [figure for figure in drawn if isinstance(figure.value, int | float)]
    highest = max(numbers, key=lambda figure: figure.number, default=None)
    return highest is not None and not strangers(headline[last[0] :], highest)


def names_what_changed(headline: str, drawn: Mapping[str, Figure]) -> bool:
    """Whether a headline names all that rose and fell, and nothing else, against the right year.

    `drawn` are the changes by the label of their line. A rise is one whose interval holds no fall.
    """
    said = dict(_said(headline, drawn))
    proven = {label: way for label, figure in drawn.items() if (way := _proven(figure))}
    return said == proven and _years(headline, drawn) <= _before(drawn.values())


def _said(headline: str, labels: Iterable[str]) -> Iterator[tuple[str, Way | None]]:
    """Each label in a headline, the longest first, with the way that its clause says."""
    for clause in headline.split(";"):
        rest = clause
        for label in sorted(labels, key=len, reverse=True):
            rest, found = re.subn(
                rf"(?<!\w){re.escape(label)}(?!\w)", "", rest, flags=re.IGNORECASE
            )
            if found:
                yield label, way_of(clause)


def _proven(figure: Figure) -> Way | None:
    """What the figures bear out; traffic has no interval, and is told as it was counted."""
    interval, value = figure.interval, figure.value
    told = interval is not None or figure.population.table == "traffic"
    if not told or not isinstance(value, int | float) or value == 0:
        return None
    if interval is not None and interval.low <= 0 <= interval.high:
        return None
    return "rise" if value > 0 else "fall"


def _years(headline: str, labels: Iterable[str]) -> set[str]:
    """The numbers of a headline, but for those that are part of a label."""
    text = headline
    for label in sorted(labels, key=len, reverse=True):
        text = re.sub(re.escape(label), "", text, flags=re.IGNORECASE)
    return set(re.findall(r"\d+", text))


def _before(figures: Iterable[Figure]) -> set[str]:
    """The numbers that tell the earlier period: its year, and the days that it may start or end."""
    periods = [figure.of.period for figure in figures if figure.of is not None]
    days = [day for period in periods for day in (period.start, period.end)]
    return {str(part) for day in days for part in (day.year, day.day)}
