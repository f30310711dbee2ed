"""Say in words what a chart shows, for who doesn't see it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpline_report.charts.chart_figures import ChartWords, find_breakdown
from helpline_report.figures.model import Chart
from helpline_report.prose.forms import MOST_TIED, write_draw
from helpline_report.prose.numbers import capitalised

# More marks than this are summed up by their highest and lowest.
NAMED = 6


def write_alternative(chart: Chart, frame: pd.DataFrame, words: ChartWords) -> str:
    """The chart and its extremes, or where it is short every value.

    For a flow, for intervals and for changes it says every value.
    """
    first, *others = filter(None, _list_sentences(chart, frame, words))
    return f"{first}. {'. '.join(capitalised(other.rstrip('. ')) for other in others)}."


def _list_sentences(chart: Chart, frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
    subject = find_breakdown(chart, words.ledger)
    now = frame[frame["series"] == chart.breakdown] if "series" in frame else frame
    yield words.say(f"kind.{chart.kind}")
    if subject is not None:
        yield words.caption(subject)
    if chart.kind == "trend":
        standing = {"final": "", "provisional": f" ({words.say('trend.provisional')})"}
        values = frame["year"].astype(str) + ": " + frame["text"] + frame["standing"].map(standing)
        yield from (frame.attrs["caption"], "; ".join(values))
    elif "level" in frame:
        yield from _list_branches(frame, words)
    elif subject is None or chart.kind == "changes":
        yield from _list_estimates(frame, words)
    elif "row" in frame:
        yield from _list_extremes(frame, frame["row"] + ", " + frame["column"], words)
    else:
        known, absent = now[now["value"].notna()], now[now["value"].isna()]
        if len(known) <= NAMED:
            yield _write_values(known)
        else:
            yield from _list_extremes(now, now["label"], words)
        if 0 < len(absent) <= NAMED:
            yield words.say("absent", what=", ".join(absent["label"]))
    if chart.kind == "own":
        yield words.say("points", count=words.number(frame["value"].count(), "count"))


def _list_extremes(frame: pd.DataFrame, names: pd.Series[str], words: ChartWords) -> Iterator[str]:
    """The highest and the lowest, with those that equal it; none where a value isn't shown.

    If a chart leaves codes out, the lowest of the others is of no interest.
    """
    value = frame["value"]
    if value.isna().all() or frame["status"].eq("suppressed").any():
        return
    extremes = {"highest": value.max()}
    if not frame.attrs.get("left_out"):
        extremes["lowest"] = value.min()
    for key, extreme in extremes.items():
        first, *others = names[value == extreme]
        # Squares of a cross-table have two names each: in a list nobody could tell them apart.
        most = 1 if "row" in frame else MOST_TIED
        draw = write_draw(words.writer, others, most=most)
        text = frame["text"][value == extreme].iloc[0]
        yield words.say(key, name=first, value=f"{text}{draw}")


def _list_branches(frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
    """The whole with its parts, and each part that has parts of its own."""
    for level in (0, 1):
        group = frame["level"].eq(level).cumsum()
        for _, rows in frame[group > 0].groupby(group):
            whole, parts = (rows[rows["level"] == deep] for deep in (level, level + 1))
            if len(parts):
                yield words.say("made_of", whole=_write_values(whole), parts=_write_values(parts))


def _write_values(frame: pd.DataFrame) -> str:
    return "; ".join(frame["label"] + ": " + frame["text"])


def _list_estimates(frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
    """Names with their values and how uncertain these are, rounded as in a table."""
    for mark in frame.to_dict("records"):
        name, value = mark["label"], mark["text"]
        if figure := words.ledger.figures.get(mark["figure"]):
            value = words.interval("interval", figure, value=value) or value
            # One by itself has its name above the chart alone.
            name = name or words.name(figure)
        yield f"{name}: {value}"
