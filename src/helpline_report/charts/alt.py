"""The alternative text of a chart, made of the same figures and words as the prose."""

from __future__ import annotations

from helpline_report.charts.bars import Bar, number_of, shown_by
from helpline_report.charts.branches import Branch
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, Series

# More members than this are summed up by their highest and lowest.
NAMED = 6


def alternative(
    chart: Chart, bars: list[Bar], ledger: Ledger, words: Words, whole: Branch | None = None
) -> str:
    """What the chart shows, its extremes, and where it is short enough every value.

    Of a flow, whose `whole` is given, and of changes every value is said.
    """
    kind = words.say(f"kind.{chart.kind}")
    shown = shown_by(chart, ledger)
    if isinstance(shown, Crosstab):
        parts = [words.caption(shown), *_cells(shown, ledger, words)]
    elif shown is not None and whole is not None:
        parts = [words.caption(shown), *_branches(whole, words)]
    elif shown is not None and chart.kind == "changes":
        parts = [words.caption(shown), *_changes(bars, shown, words)]
    elif shown is not None:
        parts = [words.caption(shown), *_members(bars, shown, words)]
    else:
        figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
        parts = [f"{words.name(figure)}: {_with_interval(figure, words)}" for figure in figures]
    return f"{kind}. " + ". ".join(part.rstrip(". ") for part in parts if part) + "."


def _members(bars: list[Bar], series: Series, words: Words) -> list[str]:
    known = [bar for bar in bars if bar.value is not None]
    named = [(words.label(series.by, bar.code), bar.figure) for bar in known]
    absent = [words.label(series.by, bar.code) for bar in bars if bar.value is None]
    if len(known) <= NAMED:
        parts = ["; ".join(_pair(name, figure, words) for name, figure in named)]
    else:
        values = [bar.value or 0.0 for bar in known]
        high, low = values.index(max(values)), values.index(min(values))
        parts = [
            words.say("highest", what=_pair(*named[high], words)),
            words.say("lowest", what=_pair(*named[low], words)),
        ]
    if absent and len(absent) <= NAMED:
        parts.append(words.say("absent", what=", ".join(absent)))
    return parts


def _branches(whole: Branch, words: Words) -> list[str]:
    """The whole with its parts, and each part that has parts of its own."""
    return [_made_of(part, words) for part in (whole, *whole.parts) if part.parts]


def _made_of(branch: Branch, words: Words) -> str:
    parts = "; ".join(_pair(part.label, part.figure, words) for part in branch.parts)
    return words.say("made_of", whole=_pair(branch.label, branch.figure, words), parts=parts)


def _changes(bars: list[Bar], series: Series, words: Words) -> list[str]:
    return [
        f"{words.label(series.by, bar.code)}: {_with_interval(bar.figure, words)}"
        for bar in bars
        if bar.figure is not None
    ]


def _pair(name: str, figure: Figure | None, words: Words) -> str:
    return f"{name} {words.value(figure)}" if figure else name


def _cells(crosstab: Crosstab, ledger: Ledger, words: Words) -> list[str]:
    known = [
        (cell, figure, number_of(figure) or 0.0)
        for cell in crosstab.cells
        if (figure := ledger.figures.get(cell.figure)) and number_of(figure) is not None
    ]
    if not known:
        return []
    parts = []
    for key, extreme in (("highest", max), ("lowest", min)):
        cell, figure, _ = extreme(known, key=lambda item: item[2])
        row, column = (
            words.label(crosstab.rows, cell.row),
            words.label(crosstab.columns, cell.column),
        )
        parts.append(words.say(key, what=_pair(f"{row}, {column}:", figure, words)))
    return parts


def _with_interval(figure: Figure, words: Words) -> str:
    if figure.interval is None or number_of(figure) is None:
        return words.value(figure)
    low = words.number(figure.interval.low, figure.unit)
    high = words.number(figure.interval.high, figure.unit)
    return words.say("interval", value=words.value(figure), low=low, high=high)
