"""Say in words what a chart shows, with the figures and the words of the prose."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpline_report.charts.chart_figures import shown_by
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart

# More marks than this are summed up by their highest and lowest.
NAMED = 6


def alternative(chart: Chart, frame: pd.DataFrame, ledger: Ledger, words: Words) -> str:
    """What the chart shows, its extremes, and where it is short enough every value.

    Of a flow, of intervals and of changes every value is said.
    """
    shown = shown_by(chart, ledger)
    now = frame[frame["series"] == chart.series] if "series" in frame else frame
    parts = [words.caption(shown)] if shown is not None else []
    if "level" in frame:
        parts += _branches(frame, words)
    elif shown is None or chart.kind == "changes":
        parts += _estimates(frame, words)
    elif "row" in frame:
        parts += _extremes(frame, frame["row"] + ", " + frame["column"] + ":", words)
    else:
        parts += _marks(now, words)
    if chart.kind == "own":
        parts.append(words.say("points", count=words.number(frame["value"].count(), "count")))
    kind = words.say(f"kind.{chart.kind}")
    return f"{kind}. " + ". ".join(part.rstrip(". ") for part in parts if part) + "."


def _marks(frame: pd.DataFrame, words: Words) -> Iterator[str]:
    known, absent = frame[frame["value"].notna()], frame[frame["value"].isna()]
    if len(known) <= NAMED:
        yield _listed(known)
    else:
        yield from _extremes(known, known["label"], words)
    if 0 < len(absent) <= NAMED:
        yield words.say("absent", what=", ".join(absent["label"]))


def _extremes(frame: pd.DataFrame, names: pd.Series[str], words: Words) -> Iterator[str]:
    """The highest and the lowest, of equal ones the first."""
    if frame["value"].notna().any():
        for key, place in (
            ("highest", frame["value"].argmax()),
            ("lowest", frame["value"].argmin()),
        ):
            yield words.say(key, what=f"{names.iloc[place]} {frame['text'].iloc[place]}")


def _branches(frame: pd.DataFrame, words: Words) -> Iterator[str]:
    """The whole with its parts, and each part that has parts of its own."""
    for level in (0, 1):
        group = frame["level"].eq(level).cumsum()
        for _, rows in frame[group > 0].groupby(group):
            parts = rows[rows["level"] == level + 1]
            whole = rows[rows["level"] == level]
            if len(parts):
                yield words.say("made_of", whole=_listed(whole), parts=_listed(parts))


def _listed(frame: pd.DataFrame) -> str:
    """Labels with their values."""
    return "; ".join(frame["label"] + " " + frame["text"])


def _estimates(frame: pd.DataFrame, words: Words) -> Iterator[str]:
    """Labels with their values and how uncertain these are."""
    unit = frame.attrs["unit"]
    for mark in frame.to_dict("records"):
        value = mark["text"]
        if pd.notna(mark["value"]) and pd.notna(mark["low"]):
            low, high = (words.number(mark[end], unit) for end in ("low", "high"))
            value = words.say("interval", value=value, low=low, high=high)
        yield f"{mark['name'] if 'name' in mark else mark['label']}: {value}"
