"""Lines of events and breaks pass behind the names and numbers that they would run through."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from typing import Any, NamedTuple

import pytest

from helpline_report.charts import drawing
from helpline_report.charts.axes import house_axes, text_width
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Mark
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.prose.writer import Writer
from tests.charts.conftest import ChartMaker
from tests.charts.marks import misreadings, parsed
from tests.report.small_publication import edition

Event = tuple[int, str]
Box = tuple[float, float, float, float]
THEMES = pytest.mark.parametrize("theme", [WIDE, NARROW], ids=lambda theme: theme.name)
SHORT, LONG = "#MeToo", "campagne over partnergeweld bij ouderen"
# By day of the year: what each arrangement would have to be if it went wrong.
ARRANGEMENTS: dict[str, list[Event]] = {
    "a late name reaches back over an earlier line": [(152, LONG), (288, SHORT), (332, LONG)],
    "at both ends of the year": [(1, LONG), (365, LONG)],
    "on one day": [(200, "een campagne"), (200, SHORT), (200, "nog een")],
    "day after day": [(day, f"gebeurtenis van dag {day}") for day in range(170, 176)],
    "longer than the drawing is wide": [(40, " ".join([LONG] * 4)), (330, " ".join([LONG] * 4))],
    "words that can't be wrapped": [(100, "campagne" * 9), (180, "campagne" * 9)],
    "eighteen": [(15 + 19 * at, (LONG, SHORT)[at % 2]) for at in range(18)],
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    make = ChartMaker()
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("d", "date", {day.isoformat(): day.day for day in days})
    return make.ledger()


def list_events(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"event_{place}",
            "name": {"nl": name, "en": name},
            "date": dt.date(2017, 1, 1) + dt.timedelta(days=day - 1),
            "source": "een bron",
        }
        for place, (day, name) in enumerate(events)
    ]


def draw_events(ledger: Ledger, events: Sequence[Event], theme: Theme) -> Drawing:
    known = list_events(events)
    marks = tuple(Mark(kind="event", id=each["id"]) for each in known)
    chart = Chart(id="c", kind="daily", breakdown="d", marks=marks)
    words = ChartWords(Writer(ledger, edition(2017, events=known), None, {}, "nl"))
    return drawing.draw(chart, words, (theme,))[0]


def styled(svg: str, tag: str) -> Iterator[tuple[Any, str]]:
    """The elements of a kind, each with its style and that of its group."""
    for outer in parsed(svg):
        for item in (outer, *outer):
            if item.tag.endswith(tag):
                yield item, outer.get("style", "") + item.get("style", "")


def boxes(svg: str, theme: Theme) -> Iterator[Box]:
    """The two corners of each line of the names of events."""
    with house_axes(theme, "measure"):
        for item, style in styled(svg, "text"):
            if "--accent" in style and item.text:
                size = float(re.findall(r"font-size:([\d.]+)", style)[-1])
                x, y, long = float(item.get("x")), float(item.get("y")), text_width(item.text, size)
                x -= long if style.endswith("anchor:end") else 0
                yield x, y - 0.7 * size, x + long, y + 0.2 * size


def list_areas(svg: str, colour: str) -> Iterator[Box]:
    """What is drawn in a colour, by its corners, in the order of the drawing."""
    for item, style in styled(svg, "path"):
        if colour in style:
            places = re.findall(r"[ML](\S+) ([\d.-]+)", item.get("d", ""))
            across, down = zip(*((float(x), float(y)) for x, y in places), strict=True)
            yield min(across), min(down), max(across), max(down)


def overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def covers(ground: Box, box: Box) -> bool:
    """Whether a ground lies behind all of a name, but for the pixel at its edge."""
    low = all(g <= b + 1 for g, b in zip(ground[:2], box[:2], strict=True))
    return low and all(g >= b - 1 for g, b in zip(ground[2:], box[2:], strict=True))


class DrawnEvents(NamedTuple):
    """A drawing of a chart of days with events, and the boxes of the names in it."""

    events: Sequence[Event]
    theme: Theme
    drawing: Drawing
    names: Sequence[Box]


@pytest.fixture(
    scope="module",
    params=product(ARRANGEMENTS, (WIDE, NARROW)),
    ids=lambda case: f"{case[0]}-{case[1].name}",
)
def drawn(ledger: Ledger, request: pytest.FixtureRequest) -> DrawnEvents:
    name, theme = request.param
    one = draw_events(ledger, ARRANGEMENTS[name], theme)
    return DrawnEvents(ARRANGEMENTS[name], theme, one, [*boxes(one.svg, theme)])


def test_no_name_of_an_event_runs_through_another(drawn: DrawnEvents) -> None:
    assert len(drawn.names) >= len(drawn.events)
    assert [pair for pair in combinations(drawn.names, 2) if overlaps(*pair)] == []


def test_names_of_events_are_whole(drawn: DrawnEvents) -> None:
    """Nothing of them lies outside the drawing."""
    width = drawn.theme.width
    cut = [box for box in drawn.names if box[0] < -1 or box[1] < 0 or box[2] > width + 1]
    assert cut == []


def test_lines_of_events_pass_behind_names(drawn: DrawnEvents) -> None:
    """A ground of the page's colour lies between every line and each name."""
    grounds = [*list_areas(drawn.drawing.svg, "fill:var(--page)")]
    bare = [box for box in drawn.names if not any(covers(ground, box) for ground in grounds)]
    assert bare == []
    assert drawn.drawing.svg.rindex("stroke:var(--accent)") < drawn.drawing.svg.index(
        "fill:var(--page)"
    )


def test_each_day_with_events_has_a_line(drawn: DrawnEvents) -> None:
    """Events of one day share it."""
    lines = {left for left, *_ in list_areas(drawn.drawing.svg, "stroke:var(--accent)")}
    assert len(lines) == len({day for day, _ in drawn.events})


def test_events_are_read_back(drawn: DrawnEvents) -> None:
    """By their names and their days."""
    assert misreadings(drawn.drawing) == []


def exchange(svg: str, one: str, other: str) -> str:
    return svg.replace(one, "\0").replace(other, one).replace("\0", other)


@THEMES
def test_totals_of_other_years_are_read_back(ledger: Ledger, theme: Theme) -> None:
    """Each number at its year; where two change places it is seen."""
    facts = {"noun": "contacts", "value": 4000, "standing": "final", "source": "een bron"}
    points = [{"id": f"t.{year}", "year": year, **facts} for year in range(2013, 2022)]
    days = ("2014-03-01", "2016-07-01")
    breaks = [{"date": day, "note": {"nl": "n", "en": "n"}} for day in days]
    totals = OtherYears.model_validate({"points": points, "breaks": breaks})
    ledger = ledger.model_copy(update={"trend": totals})
    words = ChartWords(Writer(ledger, edition(2017), None, {}, "nl"))
    (drawn,) = drawing.draw(Chart(id="trend.contacts", kind="trend"), words, (theme,))
    assert misreadings(drawn) == []
    for years in pairwise(range(2013, 2022)):
        one, other = (f'data-figure="t.{year}">4.000' for year in years)
        assert drawn.svg.count(one) == drawn.svg.count(other) == 1
        misread = {each.figure for each in misreadings(drawn, exchange(drawn.svg, one, other))}
        assert misread & {f"t.{year}" for year in years} != set()
