"""Make the tidy frame of a chart from the released ledger: a row a mark, with its words.

A frame has the columns of `figures.results`, and what drawing needs besides:

- `short` (of a cross-table `short_row` and `short_column`): the label where there is little room;
- `text`: the value as the page writes it;
- `note`: what a change was made of; `series`: the id of the series.

Its `attrs` are plain values: `by` (the column of codes), `unit`, `locale`, and what a kind needs.
"""

from __future__ import annotations

import pandas as pd

from helpline_report.charts.chart_figures import LETTERS, flow_rows, ranked, shown_by, why_not
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Series
from helpline_report.figures.results import frame_crosstab, frame_figures, frame_series
from helpline_report.parameters.earlier_reports import OtherYears


def chart_frame(chart: Chart, ledger: Ledger, words: Words) -> pd.DataFrame:
    """The frame of a chart that has something to draw."""
    shown = shown_by(chart, ledger)
    if isinstance(shown, Series):
        frame = flow_frame(chart, shown, ledger, words) if chart.kind == "flow" else None
        frame = _series_frame(chart, shown, ledger, words) if frame is None else frame
    elif shown is not None:
        frame = _crosstab_frame(shown, ledger, words)
    else:
        frame = _figures_frame(chart, ledger, words)
    figures = [ledger.figures.get(name) for name in frame["figure"]]
    frame["text"] = [words.value(figure) for figure in figures]
    frame["note"] = [words.counts(f) if f and f.kind == "change" else "" for f in figures]
    windows = [window for mark in chart.marks if (window := words.window(mark))]
    frame.attrs |= {
        "locale": words.writer.idiom.locale,
        "marks": [
            {"name": window.name, "start": window.start.isoformat(), "end": window.end.isoformat()}
            for window in sorted(windows, key=lambda window: (window.start, window.name))
        ],
        "no_difference": words.say("no_difference"),
        "unproven": words.say("unproven"),
    }
    return frame


def _series_frame(chart: Chart, series: Series, ledger: Ledger, words: Words) -> pd.DataFrame:
    """A series, and below it what it is compared with, with the same codes in the same order."""
    against = ledger.series.get(chart.against) if chart.against else None
    if against is not None and why_not(chart.model_copy(update={"series": against.id}), ledger):
        against = None
    shown = [series] if against is None else [series, against]
    frame = frame_series(ledger.figures, shown, words.label)
    by = str(frame.columns[0])
    frame["series"] = [item.id for item in shown for _ in item.members]
    codes: list[str] = list(dict.fromkeys(member.code for member in series.members))
    if against is not None and not series.open:
        codes = list(dict.fromkeys([*codes, *(member.code for member in against.members)]))
    left_out = 0
    if chart.kind in ("bars", "flow"):
        figures = {member.code: ledger.figures.get(member.figure) for member in series.members}
        codes = ranked(codes, figures, series.by, words)
        left_out = len(codes) - len(codes[: chart.most])
        codes = codes[: chart.most]
    short = {code: words.short(series.by, code) for code in codes}
    keys = codes if series.by != "date" else list(pd.to_datetime(codes))
    both = pd.MultiIndex.from_product([[item.id for item in shown], keys], names=["series", by])
    frame = frame.set_index(["series", by]).reindex(both).reset_index()
    frame["short"] = [short[code] for _ in shown for code in codes]
    frame["label"] = [words.label(series.by, code) for _ in shown for code in codes]
    years = {item.id: item.population.edition for item in shown}
    frame["year"] = frame["series"].map(years)
    # A code that one of the two years alone has: the other didn't register it.
    frame = frame.fillna({"status": "unavailable", "figure": ""})
    frame.attrs = {
        "by": by,
        "unit": series.unit,
        "periods": {item.id: words.period(item.population) for item in shown},
        "left_out": left_out,
        "none": 0.0,
    }
    return frame[[by, "label", *frame.columns.drop([by, "label"])]]


def _crosstab_frame(crosstab: Crosstab, ledger: Ledger, words: Words) -> pd.DataFrame:
    frame = frame_crosstab(ledger.figures, crosstab, words.label)
    rows, columns = map(str, frame.columns[:2])
    frame["short_row"] = [words.short(crosstab.rows, code) for code in frame[rows]]
    frame["short_column"] = [words.short(crosstab.columns, code) for code in frame[columns]]
    frame.attrs = {"by": columns, "rows": rows, "unit": "count"}
    return frame


def _figures_frame(chart: Chart, ledger: Ledger, words: Words) -> pd.DataFrame:
    """Single figures; one by itself has its name above the chart already."""
    figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
    frame = frame_figures(figures, words.name)
    if len(figures) == 1:
        frame["label"] = ""
    nones = (figure.interval.none for figure in figures if figure.interval)
    none = next((value for value in nones if value is not None), None)
    frame.attrs = {"by": "figure", "unit": figures[0].unit, "none": none}
    return frame


def flow_frame(chart: Chart, series: Series, ledger: Ledger, words: Words) -> pd.DataFrame | None:
    """The rows of a flow (`chart_figures.flow_rows`); None where the whole has no value."""
    rows = flow_rows(chart, series, ledger, words)
    if rows is None:
        return None
    frame = frame_figures([figure for _, _, figure in rows], words.name)
    frame["label"] = [label for _, label, _ in rows]
    frame["level"] = [level for level, _, _ in rows]
    frame.attrs = {"by": "figure", "unit": "count"}
    return frame


def trend_frame(shown: OtherYears, words: Words) -> pd.DataFrame:
    """Printed totals of one noun, a row a print: `standing` is final or provisional.

    `breaks` of the attributes are days with the letter that stands for each.
    """
    points = shown.points
    frame = pd.DataFrame(
        {
            "year": [point.year for point in points],
            "value": [float(point.value) for point in points],
            "standing": [point.standing for point in points],
            "figure": [point.id for point in points],
            "text": [words.number(point.value, "count") for point in points],
        }
    )
    frame.attrs = {
        "unit": "count",
        "locale": words.writer.idiom.locale,
        "breaks": [
            {"letter": letter, "date": item.date.isoformat()}
            for letter, item in zip(LETTERS, shown.breaks, strict=False)
        ],
    }
    return frame
