"""The marks of charts: as long as their values, at their places, and said in words."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpline_report.charts.chart_figures import flow_rows
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.model import Chart, Reason
from tests.charts.conftest import every_kind_of_chart
from tests.charts.marks import draw, in_order, marks, parsed, shapes, strokes, texts, words_of

THEMES = pytest.mark.parametrize("theme", [WIDE, NARROW], ids=["wide", "narrow"])
KINDS = pytest.mark.parametrize("kind", ["columns", "bars"])
HUNDREDTH = 0.011


def chart(kind: str, *, against: bool = True, **more: Any) -> Chart:
    values = {"id": "c", "kind": kind, "series": "now", "against": "then" if against else None}
    return Chart.model_validate(values | more)


def two_years(make: Any, now: list[float | None], then: list[float | None]) -> None:
    for name, values, year in (("now", now, 2017), ("then", then, 2016)):
        make.by(name, "month", {f"{at:02d}": value for at, value in enumerate(values, 1)}, year)


def length(mark: Any, kind: str) -> float:
    return float(mark.tall if kind == "columns" else mark.wide)


@KINDS
@THEMES
def test_a_bar_is_as_long_as_its_value(make: Any, labels: Any, theme: Theme, kind: str) -> None:
    """The length of each bar over its value is one number in its chart, of both years.

    All stand on one line; those below zero hang from it. Grey with an edge are the bars of the year
    before, and the main colour is this year's; the periods stand above, this year's first.
    """
    two_years(make, [425, 401, 0, 521, -40], [398, 446, 12, None, 345])
    ledger = make.ledger()
    svg = draw(chart(kind), ledger, labels, theme).svg
    drawn = shapes(svg)
    scale = length(drawn["now.04"], kind) / 521
    for name, mark in drawn.items():
        value = abs(ledger.figures[name].number)
        assert length(mark, kind) == pytest.approx(value * scale, abs=2 * HUNDREDTH), name
        before = name.startswith("then")
        assert ("var(--compare)" in mark.style) == before
        assert ("stroke:var(--axis)" in mark.style) == before
        assert ("var(--main)" in mark.style) != before
    assert set(drawn) == set(ledger.figures) - {"then.04"}
    below = drawn.pop("now.05")
    (foot,) = {mark.bottom if kind == "columns" else mark.left for mark in drawn.values()}
    assert (below.top if kind == "columns" else below.right) == foot
    assert texts(svg)[:2] == ["2017", "2016"]


@THEMES
def test_each_value_stands_at_its_own_bar(make: Any, labels: Any, theme: Theme) -> None:
    """Beside a lying bar stands its value; on the wide page its name too."""
    make.by("now", "channel", {"aap": 11, "noot": 44, "mies": 22})
    svg = draw(chart("bars", against=False), make.ledger(), labels, theme).svg
    drawn, words = (shapes(svg), {mark.name: mark for mark in marks(svg) if mark.shape == "text"})
    for code, value in (("aap", "11"), ("noot", "44"), ("mies", "22")):
        bar = drawn[f"now.{code}"]
        assert bar.top < words[value].y < bar.bottom
        assert words[value].x == pytest.approx(bar.right + 6, abs=1)
        name = words[code.capitalize()]
        near = bar.y + 5 if theme is WIDE else bar.top - 5
        assert name.y == pytest.approx(near, abs=4)


@THEMES
def test_each_month_stands_below_its_column(make: Any, labels: Any, theme: Theme) -> None:
    """Names are in the middle of their columns, and these in the order of their codes."""
    two_years(make, list(range(1, 13)), [])
    svg = draw(chart("columns", against=False), make.ledger(), labels, theme).svg
    drawn, words = (shapes(svg), {mark.name: mark for mark in marks(svg) if mark.shape == "text"})
    assert in_order([drawn[f"now.{month:02d}"].x for month in range(1, 13)])
    names = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    for month, name in enumerate(names, 1):
        label = words.get(name) or words[f"{month:02d}"]
        assert label.x == pytest.approx(drawn[f"now.{month:02d}"].x, abs=0.1)


@THEMES
@pytest.mark.parametrize(("kind", "name"), [("daily", "d"), ("weeks", "w")])
def test_a_stroke_a_week(labels: Any, theme: Theme, kind: str, name: str) -> None:
    """Each week has a stroke, in order, as long as its days together."""
    ledger, charts = every_kind_of_chart()
    one = next(chart for chart in charts if chart.kind == kind)
    drawn = strokes(draw(one, ledger, labels, theme).svg, name)
    weeks = dict[tuple[int, int], float]()
    for member in ledger.series[name].members:
        week = dt.date.fromisoformat(member.code).isocalendar()[:2]
        weeks[week] = weeks.get(week, 0) + ledger.figures[member.figure].number
    values = list(weeks.values())
    scale = max(tall for _, tall in drawn) / max(values)
    assert [tall for _, tall in drawn] == pytest.approx([v * scale for v in values], abs=0.03)
    assert in_order([x for x, _ in drawn])


def test_a_week_without_value_has_no_length(make: Any, labels: Any) -> None:
    """The strokes after it still belong to their own weeks."""
    make.by("now", "date", {"2017-01-01": 4, "2017-01-02": None, "2017-01-09": 2})
    drawn = strokes(draw(chart("daily", against=False), make.ledger(), labels).svg, "now")
    assert [tall / drawn[0][1] for _, tall in drawn] == pytest.approx([1, 0, 0.5], abs=0.01)


@THEMES
def test_dots_of_lines_lie_as_high_as_their_values(labels: Any, theme: Theme) -> None:
    """A line goes by a dot a code, and each lies in proportion to its value."""
    ledger, charts = every_kind_of_chart()
    one = next(chart for chart in charts if chart.kind == "lines")
    drawn = shapes(draw(one, ledger, labels, theme).svg, "circle")
    low, high = (ledger.figures[name].number for name in ("m.01", "before.01"))
    scale = (drawn["m.01"].y - drawn["before.01"].y) / (high - low)
    for name, mark in drawn.items():
        above = ledger.figures[name].number - low
        assert drawn["m.01"].y - mark.y == pytest.approx(above * scale, abs=0.05)


def test_a_line_stops_where_there_is_no_value(make: Any, labels: Any) -> None:
    """What wasn't registered is no point between its neighbours."""
    two_years(make, [1, 2, None, 4, 5], [])
    svg = draw(chart("lines", against=False), make.ledger(), labels).svg
    assert len(shapes(svg, "circle")) == 4
    (line,) = [item for item in parsed(svg).iter() if "stroke-width:2" in item.get("style", "")]
    assert line.attrib["d"].count("M") == 2


@THEMES
def test_cells_carry_their_values(make: Any, labels: Any, theme: Theme) -> None:
    """In each square stands its value, and the shade is that of its part of the most."""
    values = {(str(row), str(col)): 10 * row + col for row in range(1, 6) for col in range(8, 12)}
    make.tab("t", values)
    svg = draw(Chart(id="t", kind="heatmap", crosstab="t"), make.ledger(), labels, theme).svg
    drawn = shapes(svg)
    words = [mark for mark in marks(svg) if mark.shape == "text"]
    for (row, col), value in values.items():
        cell = drawn[f"t.{row}.{col}"]
        inside = [
            mark.name
            for mark in words
            if cell.left < mark.x < cell.right and cell.top < mark.y < cell.bottom
        ]
        assert inside == [str(value)]
        assert f"--seq{-(-value * 5 // 61)}" in cell.style


def test_rows_of_a_cross_table_are_shaded_by_themselves(make: Any, labels: Any) -> None:
    """The most of each row is darkest, however few it holds beside another row."""
    make.tab("t", {("elder_abuse", "sexual"): 1, ("elder_abuse", "physical"): 4})
    make.tab("u", {("child_abuse", "sexual"): 900, ("child_abuse", "physical"): 90})
    cells = (*make.crosstabs["t"].cells, *make.crosstabs["u"].cells)
    update = {"rows": "problem", "columns": "form", "cells": cells}
    make.crosstabs["t"] = make.crosstabs["t"].model_copy(update=update)
    svg = draw(Chart(id="t", kind="heatmap", crosstab="t"), make.ledger(), labels).svg
    shades = {name.split(".", 1)[1]: cell.style for name, cell in shapes(svg).items()}
    assert "--seq5" in shades["elder_abuse.physical"]
    assert "--seq5" in shades["child_abuse.sexual"]
    assert "--seq1" in shades["child_abuse.physical"]


def hide(make: Any, name: str) -> None:
    """Hide a count: its value is small, or protects a small one."""
    hidden = {"value": None, "status": "suppressed", "reason": Reason(code="protected")}
    make.figures[name] = make.figures[name].model_copy(update=hidden)


@THEMES
def test_a_hidden_square_is_a_gap_with_strokes(make: Any, labels: Any, theme: Theme) -> None:
    """It has no mark, no fill and no number, and diagonal strokes where it would stand."""
    make.tab("t", {(str(row), str(col)): 10 * row + col for row in (1, 2) for col in (8, 9)})
    hide(make, "t.1.9")
    svg = draw(Chart(id="t", kind="heatmap", crosstab="t"), make.ledger(), labels, theme).svg
    drawn = shapes(svg)
    assert set(drawn) == {"t.1.8", "t.2.8", "t.2.9"}
    assert "–" not in texts(svg)
    (strokes,) = [
        item
        for item in parsed(svg).iter()
        if item.get("d", "").count("M") == 3 and "fill:none" in item.get("style", "")
    ]
    places = [float(each) for each in re.findall(r"-?[\d.]+", strokes.attrib["d"])]
    across, down = places[::2], places[1::2]
    beside, under = drawn["t.1.8"], drawn["t.2.9"]
    assert (min(across), max(across)) == pytest.approx((under.left, under.right), abs=0.02)
    assert (min(down), max(down)) == pytest.approx((beside.top, beside.bottom), abs=0.02)


@KINDS
@THEMES
def test_a_hidden_bar_is_told_in_words(make: Any, labels: Any, theme: Theme, kind: str) -> None:
    """It has no mark; what its cell in the table says stands in its place."""
    two_years(make, [4, 3, 5], [])
    hide(make, "now.02")
    svg = draw(chart(kind, against=False), make.ledger(), labels, theme).svg
    assert set(shapes(svg)) == {"now.01", "now.03"}
    assert texts(svg).count("niets") == 1
    assert "0" not in texts(svg)


@THEMES
def test_intervals_hold_their_figures(labels: Any, theme: Theme) -> None:
    """The dot lies between the ends of its interval, as far as its value says."""
    ledger, charts = every_kind_of_chart()
    one = next(chart for chart in charts if chart.kind == "changes")
    svg = draw(one, ledger, labels, theme).svg
    lines, dots = shapes(svg), shapes(svg, "circle")
    for name in ("s.a", "s.b"):
        found = ledger.figures[name].interval
        assert found is not None
        line, dot = lines[name], dots[name]
        assert line.left < dot.x < line.right
        part = (10 - found.low) / (found.high - found.low)
        assert dot.x == pytest.approx(line.left + part * line.wide, abs=0.05)


SCRIPT = """
from tests.charts.conftest import Labels, every_kind_of_chart
from tests.charts.test_marks import digest
print(digest(Labels()))
"""


def digest(labels: Any) -> str:
    """A SHA-256 of a drawing of each kind."""
    ledger, charts = every_kind_of_chart()
    drawn = [draw(one, ledger, labels).svg for one in charts]
    return hashlib.sha256("".join(drawn).encode()).hexdigest()


@pytest.mark.slow
def test_same_bytes_elsewhere(labels: Any, repository: Path) -> None:
    """Another hash seed, locale or time zone draws the same bytes."""
    world = {"PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Pacific/Auckland"}
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=repository,
        env=os.environ | world,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == digest(labels)


@THEMES
def test_changes(make: Any, labels: Any, theme: Theme) -> None:
    """Both counts stand under the name; a hollow dot is explained; no value has no dot."""
    one = Chart(id="c", kind="changes", series="c")
    make.changes("c", {"a": (2, 18), "b": (3, 19)})
    sure = draw(one, make.ledger(), labels, theme)
    assert texts(sure.svg).count("van 100 naar 110") == 2
    hollow = "open punt: dit verschil kan toeval zijn"
    assert hollow not in texts(sure.svg)
    make.changes("c", {"a": (-2, 22), "b": None})
    doubtful = draw(one, make.ledger(), labels, theme)
    assert hollow in texts(doubtful.svg)
    assert "niets" in texts(doubtful.svg)
    assert "niets" in doubtful.alt
    assert set(shapes(doubtful.svg)) == {"c.a"}


FLOW = Chart(id="f", kind="flow", series="f", figures=("f.whole", "f.all_sent"))
VALUES: dict[str, float | None] = {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}


@pytest.mark.parametrize(
    ("sent", "tree"),
    [
        (4, ["1 told", "1 sent", "2 sent.b", "2 sent.a", "1 left"]),
        (None, ["1 told", "1 sent.a", "1 sent.b", "1 left"]),
    ],
)
def test_codes_hang_on_their_group(
    make: Any, labels: Any, sent: float | None, tree: list[str]
) -> None:
    """A group stands where its first code does, its codes by size; others hang on the whole.

    The codes of a group that may not be told stand for themselves.
    """
    make.flow("f", VALUES, sent=sent, whole=11)
    ledger = make.ledger()
    rows = flow_rows(FLOW, ledger.series["f"], words_of(ledger, labels)) or []
    assert [f"{level} {label}" for level, label, _ in rows[1:]] == tree


def test_whole_without_value_is_drawn_as_bars(make: Any, labels: Any) -> None:
    """Without a whole nothing flows: the codes are ranked bars."""
    make.flow("f", VALUES, sent=4, whole=None)
    drawn = texts(draw(FLOW, make.ledger(), labels).svg)
    assert [text for text in drawn if text.isalpha()] == ["Told", "Left"]


def test_a_label_of_two_lines_stays_within(make: Any, labels: Any) -> None:
    """What hangs on the whole by itself may have a long name too: the last line has its room."""
    long = "een vorm die heel wat meer letters heeft dan er naast elkaar kunnen staan"
    make.flow("f", {**VALUES, long: 1}, sent=4, whole=12)
    drawn = draw(FLOW, make.ledger(), labels, WIDE)
    lines = [item for item in parsed(drawn.svg).iter() if item.tag.endswith("text")]
    assert max(float(line.attrib["y"]) for line in lines) <= drawn.height - 3


@THEMES
def test_parts_of_a_flow_add_up(make: Any, labels: Any, theme: Theme) -> None:
    """The heights of nodes, and on a phone the lengths of bars, are to one scale.

    Each part stands with its value in words; one that is hidden has neither node nor band, and its
    words stand where its number would.
    """
    make.flow("f", VALUES, sent=4, whole=11)
    hide(make, "f.left")
    ledger = make.ledger()
    drawing = draw(FLOW, ledger, labels, theme)
    drawn, side = shapes(drawing.svg), "tall" if theme is WIDE else "wide"
    assert set(drawn) == {"f.whole", "f.told", "f.all_sent", "f.sent.a", "f.sent.b"}
    scale = getattr(drawn["f.whole"], side) / 11
    for name, mark in drawn.items():
        value = ledger.figures[name].number
        assert getattr(mark, side) == pytest.approx(value * scale, abs=0.05)
    assert {"11", "5", "4", "3", "1", "niets"} <= set(texts(drawing.svg))
    assert "sent 4, waarvan: sent.b 3; sent.a 1" in drawing.alt
