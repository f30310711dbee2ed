"""Errors of a tired developer in what describes and draws charts are refused, one at a time.

Where only the drawing has one, it differs from its description; where the description has it too,
that differs from what ledger, code lists and catalogues say.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes

from helpline_report.charts import (
    axes,
    chart_figures,
    drawing,
    drawing_nodes,
    frames,
    kinds,
    mark_values,
)
from helpline_report.charts.alternatives import write_alternative
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.report.publication import Publication
from tests.charts.conftest import every_kind_of_chart
from tests.charts.marks import derive_nodes, draw, misreadings
from tests.report.small_publication import CAMPAIGN, edition, make_publication

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


@cache
def charted() -> tuple[Ledger, dict[str, Chart]]:
    ledger, charts = every_kind_of_chart()
    known = {chart.id: chart for chart in charts}
    return ledger.model_copy(update={"charts": known}), known


@cache
def published() -> Publication:
    ledger, _ = charted()
    known = edition(2017, campaigns=[CAMPAIGN])
    return replace(make_publication(), ledger=ledger, edition=known, comparison=None, codelists={})


def find_faults(name: str, theme: Theme) -> list[str]:
    """What the two comparisons say of the drawing of a chart."""
    ledger, charts = charted()
    drawn = draw(charts[name], ledger, theme)
    faults = [str(misread) for misread in misreadings(drawn)]
    wanted = derive_nodes(published(), name)
    faults += [
        f"{node}, expected {other}"
        for node, other in zip(drawn.nodes, wanted, strict=False)
        if node != other
    ]
    return faults + [f"{len(drawn.nodes)} nodes"] * (len(drawn.nodes) != len(wanted))


@pytest.mark.parametrize("theme", [WIDE, NARROW])
@pytest.mark.parametrize("name", [*charted()[1]])
def test_sound_charts(name: str, theme: Theme) -> None:
    """Nothing is found in a drawing of any kind."""
    assert find_faults(name, theme) == []


# What is planted


def change_frame(patch: Patch, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change the frame from which a drawing is described and drawn."""
    make = frames.make_chart_frame

    def make_changed(chart: Chart, words: ChartWords) -> pd.DataFrame:
        frame = make(chart, words)
        changed = change(frame)
        changed.attrs = changed.attrs or frame.attrs
        return changed

    patch.setattr(drawing, "make_chart_frame", make_changed)


def another_alternative(patch: Patch) -> None:
    first = charted()[1]["channels"]

    def write(_: Chart, __: pd.DataFrame, words: ChartWords) -> str:
        return write_alternative(first, frames.make_chart_frame(first, words), words)

    patch.setattr(drawing, "write_alternative", write)


def axis_from_nine_tenths(patch: Patch) -> None:
    patch.setattr(kinds, "_limits_from_zero", lambda each: (0.9 * each.min(), each.max()))


def described_from_nine_tenths(patch: Patch) -> None:
    axis_from_nine_tenths(patch)
    scale = drawing_nodes._describe_scale

    def describe(frame: pd.DataFrame, **facts: Any) -> Any:
        return scale(frame, **{**facts, "from_": float(0.9 * frame["value"].min())})

    patch.setattr(drawing_nodes, "_describe_scale", describe)


def months_by_name(patch: Patch) -> None:
    change_frame(patch, lambda f: f.sort_values(["series", "label"], ascending=[False, True]))


def values_of_next_month(patch: Patch) -> None:
    change_frame(patch, lambda f: f.assign(value=f["value"].shift(-1).ffill()))


def years_exchanged(patch: Patch) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs["periods"] = dict(
            zip(frame.attrs["periods"], reversed(frame.attrs["periods"].values()), strict=True)
        )
        return frame

    change_frame(patch, change)


def hours_too_late(patch: Patch) -> None:
    short = ChartWords.short

    def write(words: ChartWords, field: str, code: str) -> str:
        return short(words, field, str(int(code) + 1) if field == "hour" else code)

    patch.setattr(ChartWords, "short", write)


def hours_named_too_late(patch: Patch) -> None:
    change_frame(patch, lambda f: f.assign(column=f["column"].shift(-1).fillna("23 uur")))


def colours_exchanged(patch: Patch) -> None:
    names = {"var(--main)": "var(--compare)", "var(--compare)": "var(--main)"}
    changed = {ink: names.get(name, name) for ink, name in drawing.COLOURS.items()}
    patch.setattr(drawing, "COLOURS", changed)


def meanings_exchanged(patch: Patch) -> None:
    colours_exchanged(patch)
    patch.setattr(drawing_nodes, "YEARS", ("year-before", "this-year"))


def band_a_week_late(patch: Patch) -> None:
    span = Axes.axvspan
    patch.setattr(Axes, "axvspan", lambda ax, a, b, **more: span(ax, a + 7, b + 7, **more))


def campaign_a_week_late(patch: Patch) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for mark in frame.attrs["marks"]:
            for end in ("start", "end"):
                day = dt.date.fromisoformat(mark[end]) + dt.timedelta(days=7)
                mark[end] = day.isoformat()
        return frame

    change_frame(patch, change)


def band_of_the_first_day(patch: Patch) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for mark in frame.attrs["marks"]:
            mark["end"] = mark["start"]
        return frame

    change_frame(patch, change)


def ticks_off_by_one(patch: Patch) -> None:
    places = axes.write_places

    def write(ax: Axes, names: tuple[Any, Any], *others: Any, **more: Any) -> float:
        later = [pd.Series(each).shift(1).fillna("x") for each in names]
        return places(ax, (later[0], later[1]), *others, **more)

    patch.setattr(kinds, "write_places", write)


def ticks_shifted(patch: Patch) -> None:
    ticks = Axes.set_xticks
    patch.setattr(
        Axes,
        "set_xticks",
        lambda ax, at, *more, **look: ticks(ax, [x + 1 for x in at], *more, **look),
    )


def months_off_by_one(patch: Patch) -> None:
    months = mark_values.list_months

    def shift(*arguments: Any) -> list[tuple[dt.date, str]]:
        days = months(*arguments)
        return [(day, name) for (day, _), (_, name) in pairwise(days)]

    for module in (kinds, mark_values):
        patch.setattr(module, "list_months", shift)


def numbers_of_the_axis_doubled(patch: Patch) -> None:
    def write(axis: Any, frame: pd.DataFrame) -> None:
        axes.draw_values(axis, frame)
        written = axis.get_major_formatter()
        axis.set_major_formatter(lambda value, place: written(2 * value, place))

    patch.setattr(kinds, "draw_values", write)


def chance_for_sure(patch: Patch) -> None:
    change_frame(patch, lambda f: f.assign(unproven=~f["unproven"]))


def margins_of_another(patch: Patch) -> None:
    change_frame(patch, lambda f: f.assign(low=f["low"].iloc[::-1].to_numpy()))


def smallest_first(patch: Patch) -> None:
    rank = chart_figures.rank_codes
    patch.setattr(frames, "rank_codes", lambda *each: rank(*each)[::-1])


def parts_without_group(patch: Patch) -> None:
    change_frame(patch, lambda f: f.assign(level=[0] + [1] * (len(f) - 1)))


def shaded_in_rows(patch: Patch) -> None:
    patch.setattr(mark_values, "IN_TIME", ())


def shades_exchanged(patch: Patch) -> None:
    change = mark_values.shade_squares
    patch.setattr(kinds, "shade_squares", lambda f: [5 - (s or 0) for s in change(f)])


def no_baseline(patch: Patch) -> None:
    patch.setattr(Axes, "axhline", lambda *_, **__: None)
    patch.setattr(Axes, "axvline", lambda *_, **__: None)


PLANTED: tuple[tuple[Plant, str], ...] = (
    *((another_alternative, name) for name in ("months", "ranked", "hours", "sent")),
    *((axis_from_nine_tenths, name) for name in ("months", "years", "ranked", "channels")),
    *((described_from_nine_tenths, name) for name in ("months", "ranked")),
    *((months_by_name, name) for name in ("months", "years")),
    *((values_of_next_month, name) for name in ("months", "years", "hours")),
    *((years_exchanged, name) for name in ("months", "years", "ranked")),
    *((plant, "hours") for plant in (hours_too_late, hours_named_too_late)),
    *((colours_exchanged, name) for name in ("months", "ranked", "days", "sent")),
    *((meanings_exchanged, name) for name in ("months", "ranked")),
    *((band_a_week_late, name) for name in ("days", "per_week")),
    *((campaign_a_week_late, name) for name in ("days", "per_week")),
    (band_of_the_first_day, "days"),
    *((ticks_off_by_one, name) for name in ("months", "years", "hours")),
    (ticks_shifted, "days"),
    *((months_off_by_one, name) for name in ("days", "per_week")),
    *((numbers_of_the_axis_doubled, name) for name in ("years", "days", "rises")),
    *((chance_for_sure, name) for name in ("ratios", "rises")),
    (margins_of_another, "rises"),
    (smallest_first, "channels"),
    (parts_without_group, "sent"),
    (shaded_in_rows, "hours"),
    (shades_exchanged, "hours"),
    *((no_baseline, name) for name in ("months", "ranked", "days")),
)


def name_planted(value: object) -> str:
    return str(getattr(value, "__name__", value))


@pytest.mark.parametrize(("plant", "name"), PLANTED, ids=name_planted)
def test_planted_errors(plant: Plant, name: str, monkeypatch: Patch) -> None:
    """Each is found, in the drawing of a page and in that of a phone or in one of them."""
    plant(monkeypatch)
    assert [*list_faults(name)]


def list_faults(name: str) -> Iterator[str]:
    for theme in (WIDE, NARROW):
        yield from find_faults(name, theme)
