"""Say in words what a chart shows, for who doesn't see it: a node for each sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from helpline_report.charts.chart_figures import ChartWords, find_breakdown
from helpline_report.charts.svg import printable
from helpline_report.description import Node
from helpline_report.figures.model import Chart
from helpline_report.prose.forms import MOST_TIED, write_draw
from helpline_report.prose.numbers import capitalised

# More marks than this are summed up by their highest and lowest.
NAMED = 6


def write_alternative(chart: Chart, frame: pd.DataFrame, words: ChartWords) -> list[Node]:
    """The alternative, then its sentences: the chart and its extremes, or if short every value.

    For a flow, for intervals and for changes it says every value. A sentence is about figures.
    """
    sentences = [
        Node(chart.id, f"alternative-{kind}", printable(text), " ".join(about))
        for kind, text, about in _list_sentences(chart, frame, words)
        if text
    ]
    first, *others = (sentence.text for sentence in sentences)
    text = f"{first}. {'. '.join(capitalised(other.rstrip('. ')) for other in others)}."
    return [Node(chart.id, "alternative", text), *sentences]


# What a sentence is (a caption, a list of values, the highest), its words, and what it is about.
_Sentence = tuple[str, str, Iterable[str]]


def _list_sentences(chart: Chart, frame: pd.DataFrame, words: ChartWords) -> Iterator[_Sentence]:
    subject = find_breakdown(chart, words.ledger)
    now = frame[frame["series"] == chart.breakdown] if "series" in frame else frame
    yield "kind", words.say(f"kind.{chart.kind}"), [chart.kind]
    if subject is not None:
        yield "caption", words.caption(subject), [subject.id]
    if chart.kind == "trend":
        standing = {"final": "", "provisional": f" ({words.say('trend.provisional')})"}
        values = frame["year"].astype(str) + ": " + frame["text"] + frame["standing"].map(standing)
        yield "caption", frame.attrs["caption"], [chart.id]
        yield "values", "; ".join(values), frame["figure"]
    elif "level" in frame:
        yield from _list_branches(frame, words)
    elif subject is None or chart.kind == "changes":
        yield from _list_estimates(frame, words)
    elif "row" in frame:
        yield from _list_extremes(frame, frame["row"] + ", " + frame["column"], words)
    else:
        known, absent = now[now["value"].notna()], now[now["value"].isna()]
        if len(known) <= NAMED:
            yield "values", _write_values(known), known["figure"]
        else:
            yield from _list_extremes(now, now["label"], words)
        if 0 < len(absent) <= NAMED:
            what = ", ".join(absent["label"])
            yield "absent", words.say("absent", what=what), filter(None, absent["figure"])
    if chart.kind == "own":
        count = int(frame["value"].count())
        yield "points", words.say("points", count=words.number(count, "count")), [str(count)]


def _list_extremes(
    frame: pd.DataFrame, names: pd.Series[str], words: ChartWords
) -> Iterator[_Sentence]:
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
        about = frame["figure"][value == extreme].iloc[:1]
        yield key, words.say(key, name=first, value=f"{text}{draw}"), about


def _list_branches(frame: pd.DataFrame, words: ChartWords) -> Iterator[_Sentence]:
    """The whole with its parts, and each part that has parts of its own."""
    for level in (0, 1):
        group = frame["level"].eq(level).cumsum()
        for _, rows in frame[group > 0].groupby(group):
            whole, parts = (rows[rows["level"] == deep] for deep in (level, level + 1))
            if len(parts):
                text = words.say("made_of", whole=_write_values(whole), parts=_write_values(parts))
                yield "branch", text, [*whole["figure"], *parts["figure"]]


def _write_values(frame: pd.DataFrame) -> str:
    return "; ".join(frame["label"] + ": " + frame["text"])


def _list_estimates(frame: pd.DataFrame, words: ChartWords) -> Iterator[_Sentence]:
    """Names with their values and how uncertain these are, rounded as in a table."""
    for mark in frame.to_dict("records"):
        name, value = mark["label"], mark["text"]
        if figure := words.ledger.figures.get(mark["figure"]):
            value = words.interval("interval", figure, value=value) or value
            # One by itself has its name above the chart alone.
            name = name or words.name(figure)
        yield "estimate", f"{name}: {value}", [mark["figure"]]
