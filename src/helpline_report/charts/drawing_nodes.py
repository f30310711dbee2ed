"""Describe what a chart draws, as nodes, from its tidy frame: before anything is drawn.

The form of a node is a list of facts, each a word and what it says: `as bar; in this-year; from 0;
to 521; at 6`. `as` is a shape, `in` what its colour means, `from` and `to` the numbers that it
reaches between, and `at` its place: a count from 0, a day, a year, or a row and a column. `room`
says what may be left out where there is none: `every` second or third, all but the `highest`, or
all of them (`none`). `short` is what may stand in the place of a name, and where it says `capital`
the name may begin with one: on a phone it begins a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from helpline_report.charts import mark_values
from helpline_report.charts.style import write_number
from helpline_report.charts.svg import printable
from helpline_report.description import Node
from helpline_report.prose.numbers import capitalised

# What the numbers of an axis are spelled like: the thousands, the decimals, and what stands around.
SPELLED = 12345.5
# What the colours of a series, and of the one that it is compared with, mean.
YEARS = ("this-year", "year-before")


def describe_drawing(
    name: str, kind: str, frame: pd.DataFrame, alternative: str
) -> tuple[Node, ...]:
    """What the drawing of a chart says: its scale, marks, names, values, lines and legend.

    Of what a function of the project's own draws nothing but the alternative is known.
    """
    first = Node(name, "alternative", alternative, f"chart={name}")
    nodes = DESCRIPTIONS[kind](frame) if kind in DESCRIPTIONS else ()
    return tuple(node._replace(place=name, text=printable(node.text)) for node in (first, *nodes))


def _write_form(**facts: Any) -> str:
    texts = {name.strip("_"): _write_fact(fact) for name, fact in facts.items()}
    return "; ".join(f"{name} {text}" for name, text in texts.items() if text)


def _write_fact(fact: Any) -> str:
    match fact:
        case None:
            return ""
        case dt.date():
            return fact.isoformat()
        case tuple():
            return " ".join(map(str, fact))
        case float():
            return f"{fact:.15g}"
    return str(fact)


def _make_node(kind: str, text: str = "", about: str = "", target: str = "", **facts: Any) -> Node:
    return Node("", kind, text, about, target, _write_form(**facts))


def _describe_scale(frame: pd.DataFrame, **facts: Any) -> Node:
    """Along which way numbers grow, from which baseline if any, and how they are written."""
    unit = frame.attrs["unit"]
    spelled = write_number(SPELLED, unit, frame.attrs["locale"])
    return _make_node("scale", spelled, unit, **facts)


def _describe_code(frame: pd.DataFrame, code: Hashable, column: str = "by") -> str:
    """The field of a column of codes, and a code of it: `month=06`."""
    text = code.date().isoformat() if isinstance(code, pd.Timestamp) else str(code)
    # A field with the name of another column has a column of another name.
    name = frame.attrs[column]
    return f"{frame.attrs.get('fields', {}).get(name, name)}={text}"


def _list_rows(frame: pd.DataFrame) -> Iterator[tuple[int, Mapping[Any, Any]]]:
    return enumerate(frame.to_dict("records"))


# Columns, bars and lines


def _describe_series(
    frame: pd.DataFrame, shape: str, along: str, *, values: str | None, capital: bool = False
) -> Iterator[Node]:
    """Two series, or one: marks by place, then the names and values of places.

    `values` says which values are written: all of them, or as many as find room (`highest`).
    """
    series, by = mark_values.split_series(frame), frame.attrs["by"]
    yield _describe_scale(frame, along=along, from_=0)
    yield from _describe_periods(frame, series, "beside" if shape == "bar" else "end")
    for year, meaning in zip(series, YEARS, strict=False):
        for place, row in _list_rows(year):
            if pd.notna(row["value"]):
                ends: dict[str, Any] = {"to": float(row["value"])}
                if shape == "bar":
                    ends = {
                        "from_": min(ends["to"], 0.0),
                        "to": max(ends["to"], 0.0),
                    }
                facts: dict[str, Any] = {"as_": shape, "in_": meaning, **ends, "at": place}
                yield _make_node("mark", row["label"], row["figure"], **facts)
    tags = mark_values.name_places(series)
    for place, row in _list_rows(series[0]):
        label, code = row["label"], _describe_code(frame, row[by])
        if capital:
            facts = {"at": place}
            yield _make_node("tick-name", capitalised(label), code, tags[place], **facts)
        else:
            short = row["short"] if row["short"] != label else None
            # Above a bar a name begins a line of its own.
            may = "yes" if along != "up" else None
            facts = {"at": place, "room": "every", "capital": may, "short": short}
            yield _make_node("tick-name", label, code, tags[place], **facts)
    if values is not None:
        for place, row in _list_rows(series[0]):
            room = values if pd.notna(row["value"]) and values else None
            yield _describe_value(row, frame, place, room)


def _describe_value(
    row: Mapping[Any, Any], frame: pd.DataFrame, place: Any, room: str | None = None
) -> Node:
    unit = frame.attrs["unit"] if pd.notna(row["value"]) else "missing"
    return _make_node("mark-value", row["text"], row["figure"], as_=unit, at=place, room=room)


def _describe_periods(
    frame: pd.DataFrame, series: list[pd.DataFrame], where: str
) -> Iterator[Node]:
    """The periods of two series, each with the colour of its marks; a line has its own always."""
    if len(series) > 1 or where == "end":
        for year, meaning in zip(series, YEARS, strict=False):
            name, tag = year["series"][0], mark_values.name_series(year)
            facts: dict[str, Any] = {"in_": meaning, "stands": where}
            yield _make_node("legend", frame.attrs["periods"][name], name, tag, **facts)


def _describe_columns(frame: pd.DataFrame) -> Iterator[Node]:
    """On a phone columns may become bars."""
    return _describe_series(frame, "bar", "up or across", values="highest")


def _describe_bars(frame: pd.DataFrame) -> Iterator[Node]:
    return _describe_series(frame, "bar", "across", values="", capital=True)


def _describe_lines(frame: pd.DataFrame) -> Iterator[Node]:
    yield from _describe_series(frame, "dot", "up", values=None)
    for year, meaning in zip(mark_values.split_series(frame), YEARS, strict=False):
        # A line stops where there is no value.
        known = year["value"].notna()
        for place in year.index[known & known.shift(-1, fill_value=False)]:
            one, other = year["figure"][place], year["figure"][place + 1]
            yield _make_node("join", "", one, other, in_=meaning)


# Days and years


def _describe_weeks(frame: pd.DataFrame) -> Iterator[Node]:
    series = mark_values.split_series(frame)[0]
    weeks, name = mark_values.add_up_weeks(series, frame.attrs["by"]), series["series"][0]
    yield _describe_scale(frame, along="up", from_=0)
    for monday, total in zip(weeks.mondays, weeks.sums, strict=True):
        ends: dict[str, Any] = {"from_": min(total, 0.0), "to": max(total, 0.0)}
        yield _make_node("mark", "", name, as_="stroke", in_=YEARS[0], **ends, at=monday)
    for day, text in mark_values.list_months(weeks, frame.attrs["locale"]):
        yield _make_node("tick-name", text, f"month={day:%Y-%m}", at=day, room="every")
    for mark in frame.attrs["marks"]:
        if mark["start"] != mark["end"]:
            yield _make_node("band", "", mark["id"], from_=mark["start"], to=mark["end"])
        yield _make_node("event", mark["name"], mark["id"], at=mark["start"])


def _describe_trend(frame: pd.DataFrame) -> Iterator[Node]:
    yield _describe_scale(frame, along="up", from_=0)
    for _, row in _list_rows(frame):
        facts: dict[str, Any] = {
            "as_": "dot",
            "in_": row["standing"],
            "to": float(row["value"]),
            "at": row["year"],
        }
        yield _make_node("mark", "", row["figure"], **facts)
    for year in range(int(frame["year"].min()), int(frame["year"].max()) + 1):
        yield _make_node("tick-name", str(year), f"year={year}", at=year, room="every")
    ordered = frame.sort_values(["value", "figure"], ascending=[False, True])
    for printed, prints in ordered.groupby("year"):
        for up, row in _list_rows(prints):
            # Without room the highest total of a year alone is written.
            yield _describe_value(row, frame, printed, "none" if up else None)
    for one, other in mark_values.list_joined_years(frame):
        yield _make_node("join", "", one["figure"], other["figure"], in_="final")
    for mark in frame.attrs["breaks"]:
        yield _make_node("break-line", mark["letter"], mark["letter"], at=mark["date"])


# Estimates, cross-tables and flows


def _describe_estimates(frame: pd.DataFrame) -> Iterator[Node]:
    none, curved = frame.attrs["none"], mark_values.is_logarithmic(frame)
    yield _describe_scale(frame, along="across", logarithmic="yes" if curved else None)
    if frame["unproven"].any():
        facts: dict[str, Any] = {"in_": "may-be-chance", "stands": "beside"}
        yield _make_node("legend", frame.attrs["unproven"], **facts)
    if none is not None:
        yield _make_node("reference-line", frame.attrs["no_difference"], at=float(none))
    for place, row in _list_rows(frame):
        name, figure, facts = capitalised(row["label"]), row["figure"], {"at": place}
        if pd.notna(row["value"]):
            dot = "may-be-chance" if row["unproven"] else "sure"
            ends: dict[str, Any] = {"to": float(row["value"])}
            yield _make_node("mark", name, figure, as_="dot", in_=dot, **ends, **facts)
            if pd.notna(row["low"]):
                ends = {"from_": float(row["low"]), "to": float(row["high"])}
                yield _make_node("mark", name, figure, as_="line", in_="margin", **ends, **facts)
        if name:
            about = _describe_code(frame, row[frame.attrs["by"]])
            yield _make_node("tick-name", name, about, figure, **facts)
        if row["note"]:
            yield _make_node("mark-counts", row["note"], figure, **facts)
        yield _describe_value(row, frame, place)


def _describe_squares(frame: pd.DataFrame) -> Iterator[Node]:
    rows, columns = frame.attrs["rows"], frame.attrs["by"]
    is_whole = mark_values.is_shaded_whole(frame)
    yield _describe_scale(frame, along="shade", shaded="whole" if is_whole else "row")
    tops = mark_values.list_places(frame, rows)
    lefts = mark_values.list_places(frame, columns)
    shades = mark_values.shade_squares(frame)
    for place, row in _list_rows(frame):
        at, shade = (tops[row[rows]], lefts[row[columns]]), shades[place]
        if row["status"] == "suppressed":
            yield _make_node("gap", "", row["figure"], at=at)
        elif shade is None:
            dash = {**row, "text": "–", "figure": ""}
            yield _describe_value(dash, frame, at)
        else:
            name, ends = f"{row['row']}, {row['column']}", {"to": float(row["value"])}
            facts: dict[str, Any] = {"as_": "square", "in_": f"shade-{shade}", **ends, "at": at}
            yield _make_node("mark", name, row["figure"], **facts)
            yield _describe_value(row, frame, at, "none")
    for place, row in _list_rows(frame.drop_duplicates(rows)):
        code = _describe_code(frame, row[rows], "rows")
        yield _make_node("row-name", row["row"], code, row["figure"], at=place)
    for place, row in _list_rows(frame.drop_duplicates(columns)):
        code, label = _describe_code(frame, row[columns]), row["column"]
        short = row["short_column"] if row["short_column"] != label else None
        facts = {"at": place, "room": "every", "short": short}
        yield _make_node("tick-name", label, code, row["figure"], **facts)


def _describe_flow(frame: pd.DataFrame) -> Iterator[Node]:
    yield _describe_scale(frame, along="size", from_=0)
    rows, parents = frame.to_dict("records"), mark_values.list_parents(list(frame["level"]))
    for place, (row, parent) in enumerate(zip(rows, parents, strict=True)):
        name, figure = row["label"], row["figure"]
        facts: dict[str, Any] = {"at": place, "level": row["level"]}
        if pd.notna(row["value"]) and row["value"]:
            ends: dict[str, Any] = {"from_": 0, "to": float(row["value"])}
            yield _make_node("mark", name, figure, as_="block", in_="part", **ends, **facts)
            if parent is not None:
                yield _make_node("branch", "", figure, rows[parent]["figure"])
        yield _make_node("tick-name", name, f"figure={figure}", figure, **facts, capital="yes")
        yield _describe_value(row, frame, place)


DESCRIPTIONS: dict[str, Callable[[pd.DataFrame], Iterator[Node]]] = {
    "columns": _describe_columns,
    "bars": _describe_bars,
    "lines": _describe_lines,
    "daily": _describe_weeks,
    "weeks": _describe_weeks,
    "trend": _describe_trend,
    "intervals": _describe_estimates,
    "changes": _describe_estimates,
    "heatmap": _describe_squares,
    "flow": _describe_flow,
}
