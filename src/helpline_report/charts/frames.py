"""Make the tidy frame of a chart from the released ledger: a row a mark, with its words.

A frame has the columns of `figures.results`, and what drawing needs besides:

- `short` (of a cross-table `short_row` and `short_column`): the label where there is little room;
- `text`: the value as the page writes it;
- `note`: what a change was made of; `series`: the id of the series.

Its `attrs` are plain values: `by` (the column of codes), `unit`, `locale`, and what a kind needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpline_report.charts.chart_figures import (
    LETTERS,
    ChartWords,
    flow_rows,
    ranked,
    shown_by,
    why_not,
)
from helpline_report.figures.model import Chart, Crosstab, Series
from helpline_report.figures.results import frame_crosstab, frame_figures, frame_series
from helpline_report.parameters.earlier_reports import OtherYears

# More marks than this are summed up by their highest and lowest.
NAMED = 6


def chart_frame(chart: Chart, words: ChartWords) -> pd.DataFrame:
    """The frame of a chart that has something to draw."""
    ledger = words.ledger
    subject = shown_by(chart, ledger)
    if isinstance(subject, Series):
        frame = flow_frame(chart, subject, words) if chart.kind == "flow" else None
        frame = _series_frame(chart, subject, words) if frame is None else frame
    elif subject is not None:
        frame = _crosstab_frame(subject, words)
    else:
        frame = _figures_frame(chart, words)
    figures = [ledger.figures.get(name) for name in frame["figure"]]
    frame["text"] = [words.value(figure) for figure in figures]
    frame["note"] = [words.counts(f) if f and f.kind == "change" else "" for f in figures]
    frame.attrs |= {
        "locale": words.locale,
        "marks": _marks(chart, words),
        "no_difference": words.say("no_difference"),
        "unproven": words.say("unproven"),
    }
    return frame


def _marks(chart: Chart, words: ChartWords) -> list[dict[str, str]]:
    """The campaigns and events of a chart that the edition knows; an event is one day long."""
    edition = words.writer.edition
    days = {("campaign", each.id): (each.name, each.start, each.end) for each in edition.campaigns}
    days |= {("event", each.id): (each.name, each.date, each.date) for each in edition.events}
    names = [(mark.kind, mark.id) for mark in chart.marks]
    windows = [
        (start.isoformat(), name.in_language(words.language), end.isoformat())
        for name, start, end in (days[each] for each in names if each in days)
    ]
    return [{"name": name, "start": start, "end": end} for start, name, end in sorted(windows)]


def _series_frame(chart: Chart, series: Series, words: ChartWords) -> pd.DataFrame:
    """A series, and below it what it is compared with, with the same codes in the same order."""
    ledger = words.ledger
    against = ledger.series.get(chart.against) if chart.against else None
    if against is not None and why_not(chart.model_copy(update={"series": against.id}), ledger):
        against = None
    compared = [series] if against is None else [series, against]
    frame = frame_series(ledger.figures, compared, words.label)
    by = str(frame.columns[0])
    frame["series"] = [item.id for item in compared for _ in item.members]
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
    both = pd.MultiIndex.from_product([[item.id for item in compared], keys], names=["series", by])
    frame = frame.set_index(["series", by]).reindex(both).reset_index()
    frame["short"] = [short[code] for _ in compared for code in codes]
    frame["label"] = [words.label(series.by, code) for _ in compared for code in codes]
    years = {item.id: item.population.edition for item in compared}
    frame["year"] = frame["series"].map(years)
    # A code that one of the two years alone has: the other didn't register it.
    frame = frame.fillna({"status": "unavailable", "figure": ""})
    frame.attrs = {
        "by": by,
        "unit": series.unit,
        "periods": {item.id: words.period(item.population) for item in compared},
        "left_out": left_out,
        "none": 0.0,
    }
    return frame[[by, "label", *frame.columns.drop([by, "label"])]]


def _crosstab_frame(crosstab: Crosstab, words: ChartWords) -> pd.DataFrame:
    frame = frame_crosstab(words.ledger.figures, crosstab, words.label)
    rows, columns = map(str, frame.columns[:2])
    frame["short_row"] = [words.short(crosstab.rows, code) for code in frame[rows]]
    frame["short_column"] = [words.short(crosstab.columns, code) for code in frame[columns]]
    frame.attrs = {"by": columns, "rows": rows, "unit": "count"}
    return frame


def _figures_frame(chart: Chart, words: ChartWords) -> pd.DataFrame:
    """Single figures; one by itself has its name above the chart already."""
    ledger = words.ledger
    figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
    frame = frame_figures(figures, words.name)
    if len(figures) == 1:
        frame["label"] = ""
    nones = (figure.interval.none for figure in figures if figure.interval)
    none = next((value for value in nones if value is not None), None)
    frame.attrs = {"by": "figure", "unit": figures[0].unit, "none": none}
    return frame


def flow_frame(chart: Chart, series: Series, words: ChartWords) -> pd.DataFrame | None:
    """The rows of a flow (`chart_figures.flow_rows`); None where the whole has no value."""
    rows = flow_rows(chart, series, words)
    if rows is None:
        return None
    frame = frame_figures([figure for _, _, figure in rows], words.name)
    frame["label"] = [label for _, label, _ in rows]
    frame["level"] = [level for level, _, _ in rows]
    frame.attrs = {"by": "figure", "unit": "count"}
    return frame


def trend_frame(subject: OtherYears, words: ChartWords) -> pd.DataFrame:
    """Printed totals of one noun, a row a print: `standing` is final or provisional.

    `breaks` of the attributes are days with the letter that stands for each.
    """
    points = subject.points
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
        "locale": words.locale,
        "breaks": [
            {"letter": letter, "date": item.date.isoformat()}
            for letter, item in zip(LETTERS, subject.breaks, strict=False)
        ],
    }
    return frame


def alternative(chart: Chart, frame: pd.DataFrame, words: ChartWords) -> str:
    """What the chart shows, its extremes, and where it is short enough every value.

    Of a flow, of intervals and of changes every value is said.
    """
    subject = shown_by(chart, words.ledger)
    now = frame[frame["series"] == chart.series] if "series" in frame else frame
    parts = [words.caption(subject)] if subject is not None else []
    if "level" in frame:
        parts += _branches(frame, words)
    elif subject is None or chart.kind == "changes":
        parts += _estimates(frame, words)
    elif "row" in frame:
        parts += _extremes(frame, frame["row"] + ", " + frame["column"] + ":", words)
    else:
        parts += _values(now, words)
    if chart.kind == "own":
        parts.append(words.say("points", count=words.number(frame["value"].count(), "count")))
    kind = words.say(f"kind.{chart.kind}")
    return f"{kind}. " + ". ".join(part.rstrip(". ") for part in parts if part) + "."


def _values(frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
    known, absent = frame[frame["value"].notna()], frame[frame["value"].isna()]
    if len(known) <= NAMED:
        yield _listed(known)
    else:
        yield from _extremes(known, known["label"], words)
    if 0 < len(absent) <= NAMED:
        yield words.say("absent", what=", ".join(absent["label"]))


def _extremes(frame: pd.DataFrame, names: pd.Series[str], words: ChartWords) -> Iterator[str]:
    """The highest and the lowest, of equal ones the first."""
    if frame["value"].notna().any():
        for key, place in (
            ("highest", frame["value"].argmax()),
            ("lowest", frame["value"].argmin()),
        ):
            yield words.say(key, what=f"{names.iloc[place]} {frame['text'].iloc[place]}")


def _branches(frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
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


def _estimates(frame: pd.DataFrame, words: ChartWords) -> Iterator[str]:
    """Labels with their values and how uncertain these are."""
    unit = frame.attrs["unit"]
    for mark in frame.to_dict("records"):
        value = mark["text"]
        if pd.notna(mark["value"]) and pd.notna(mark["low"]):
            low, high = (words.number(mark[end], unit) for end in ("low", "high"))
            value = words.say("interval", value=value, low=low, high=high)
        yield f"{mark['name'] if 'name' in mark else mark['label']}: {value}"
