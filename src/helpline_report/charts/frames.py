"""Make the tidy frame of a chart from the released ledger: a row a mark, with its words.

A frame has the columns of `figures.results`, and what drawing needs besides:

- `short` (of a cross-table `short_row` and `short_column`): the label where there is little room;
- `text`: the value as the page writes it;
- `note`: what a change was made of; `series`: the id of the series;
- `unproven`: whether its interval holds 'no difference'.

Its `attrs` are plain values: `by` (the column of codes), `unit`, `locale`, and what a kind needs.
"""

from __future__ import annotations

import pandas as pd

from helpline_report.charts.chart_figures import (
    LETTERS,
    ChartWords,
    explain_empty_chart,
    find_breakdown,
    list_flow_rows,
    rank_codes,
)
from helpline_report.figures.model import Breakdown, Chart
from helpline_report.figures.results import frame_breakdowns, frame_figures
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.prose.numbers import capitalised


def make_chart_frame(chart: Chart, words: ChartWords) -> pd.DataFrame:
    """The frame of a chart that has something to draw."""
    if chart.kind == "trend":
        return _make_trend_frame(chart, words)
    ledger = words.ledger
    subject = find_breakdown(chart, ledger)
    rows = list_flow_rows(chart, subject, words) if subject and chart.kind == "flow" else None
    if rows is not None:
        levels, labels, figures_of_flow = zip(*rows, strict=True)
        frame = frame_figures(figures_of_flow, words.name).assign(label=labels, level=levels)
        frame.attrs = {"by": "figure", "unit": "count"}
    elif subject is None:
        frame = _make_figures_frame(chart, words)
    elif subject.is_crossed:
        frame = frame_breakdowns(ledger.figures, [subject], words.label)
        by_row, by_column = map(str, frame.columns[:2])
        frame["short_row"] = [words.short(subject.by[0], code) for code in frame[by_row]]
        frame["short_column"] = [words.short(subject.by[1], code) for code in frame[by_column]]
        frame.attrs = {"by": by_column, "rows": by_row, "unit": "count"}
        frame.attrs["fields"] = dict(zip((by_row, by_column), subject.by, strict=True))
    else:
        frame = _make_series_frame(chart, subject, words)
    figures = [ledger.figures.get(name) for name in frame["figure"]]
    frame["text"] = [words.value(figure) for figure in figures]
    frame["note"] = [words.counts(f) if f and f.kind == "change" else "" for f in figures]
    frame["unproven"] = [bool(f and f.interval and f.interval.includes_null_value) for f in figures]
    frame.attrs |= {
        "locale": words.locale,
        "marks": _list_marks(chart, words),
        "no_difference": words.say("no_difference"),
        "unproven": words.say("unproven"),
    }
    return frame


def _list_marks(chart: Chart, words: ChartWords) -> list[dict[str, str]]:
    """The campaigns and events of a chart that the edition knows; an event is one day long."""
    edition = words.writer.edition
    days = {
        **{("campaign", item.id): (item.start, item.end, item.name) for item in edition.campaigns},
        **{("event", item.id): (item.date, item.date, item.name) for item in edition.events},
    }
    marks = []
    for mark in chart.marks:
        if (mark.kind, mark.id) in days:
            start, end, name = days[mark.kind, mark.id]
            marks.append(
                {
                    "id": f"{mark.kind}s.{mark.id}",
                    "name": name.in_language(words.language),
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                }
            )
    return sorted(marks, key=lambda mark: (mark["start"], mark["name"], mark["end"]))


def _make_series_frame(chart: Chart, series: Breakdown, words: ChartWords) -> pd.DataFrame:
    """A series, and below it what it is compared with, with the same codes in the same order."""
    ledger, field = words.ledger, series.by[0]
    against = ledger.breakdowns.get(chart.against or "")
    if explain_empty_chart(chart.model_copy(update={"breakdown": chart.against}), ledger):
        against = None
    compared = [series] if against is None else [series, against]
    frame = frame_breakdowns(ledger.figures, compared, words.label)
    by = str(frame.columns[0])
    frame["series"] = [item.id for item in compared for _ in item.members]
    with_codes = compared if not series.open else [series]
    codes = list(dict.fromkeys(member.codes[0] for item in with_codes for member in item.members))
    left_out = 0
    if chart.kind in ("bars", "flow"):
        figures = {member.codes[0]: ledger.figures.get(member.figure) for member in series.members}
        codes = rank_codes(codes, figures, field, words)
        left_out = len(codes[chart.most :]) if chart.most is not None else 0
        codes = codes[: chart.most]
    keys = codes if field != "date" else list(pd.to_datetime(codes))
    both = pd.MultiIndex.from_product([[item.id for item in compared], keys], names=["series", by])
    frame = frame.set_index(["series", by]).reindex(both).reset_index()
    frame["short"] = [words.short(field, code) for code in codes] * len(compared)
    frame["label"] = [words.label(field, code) for code in codes] * len(compared)
    frame["year"] = frame["series"].map({item.id: item.population.edition for item in compared})
    # A code that one of the two years alone has: the other didn't register it.
    frame = frame.fillna({"status": "unavailable", "figure": ""})
    frame.attrs = {
        "by": by,
        "fields": {by: field},
        "unit": series.unit,
        "periods": {item.id: words.period(item.population) for item in compared},
        "left_out": left_out,
        "none": 0.0,
    }
    return frame[[by, "label", *frame.columns.drop([by, "label"])]]


def _make_figures_frame(chart: Chart, words: ChartWords) -> pd.DataFrame:
    """Single figures; one by itself has its name above the chart already."""
    ledger = words.ledger
    figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
    frame = frame_figures(figures, words.name)
    if len(figures) == 1:
        frame["label"] = ""
    nones = (figure.interval.null_value for figure in figures if figure.interval)
    none = next((value for value in nones if value is not None), None)
    frame.attrs = {"by": "figure", "unit": figures[0].unit, "none": none}
    return frame


def _make_trend_frame(chart: Chart, words: ChartWords) -> pd.DataFrame:
    """Printed totals of one noun, a row a print: `standing` is final or provisional.

    `breaks` of the attributes are days with the letter that stands for each.
    """
    noun = chart.id.removeprefix("trend.")
    subject = (words.ledger.trend or OtherYears()).of(noun)
    points = [
        (p.year, float(p.value), p.standing, p.id, words.number(p.value, "count"))
        for p in subject.points
    ]
    frame = pd.DataFrame(points, columns=["year", "value", "standing", "figure", "text"])
    breaks = zip(LETTERS, subject.breaks, strict=False)
    frame.attrs = {
        "caption": capitalised(words.say("trend.caption", noun=words.writer.noun(noun))),
        "unit": "count",
        "locale": words.locale,
        "breaks": [{"letter": letter, "date": day.date.isoformat()} for letter, day in breaks],
    }
    return frame
