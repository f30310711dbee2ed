"""No line of a drawing runs through a name, however events and campaigns lie."""

import datetime as dt
import random
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

import pytest

from helpline_report.audit.chart_marks import ChartReader
from helpline_report.audit.expectations import Expectations, parse_page
from helpline_report.charts import drawing
from helpline_report.charts.axes import house_axes, text_width
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Mark
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.prose.writer import Writer
from tests.charts.conftest import ChartMaker
from tests.charts.marks import parsed, texts
from tests.report.small_publication import edition

Event = tuple[int, str]
Box = tuple[float, float, float, float]
Drawn = tuple[str, Expectations]
SIZES = {"wide": WIDE, "narrow": NARROW}
THEMES = pytest.mark.parametrize("theme", SIZES.values(), ids=SIZES)
SHORT, LONG = "#MeToo", "campagne over partnergeweld bij ouderen"
# By day of the year: what each arrangement would have to be if it went wrong.
ARRANGEMENTS: dict[str, list[Event]] = {
    "a late name that reaches back over an earlier line": [
        (152, LONG),
        (288, SHORT),
        (332, "vermelding op bussen van De Lijn"),
    ],
    "one event": [(180, LONG)],
    "at both ends of the year": [(1, LONG), (365, LONG)],
    "on one day": [(200, "een campagne"), (200, SHORT), (200, "nog een")],
    "day after day": [(day, f"gebeurtenis van dag {day}") for day in range(170, 176)],
    "long names that reach into each other": [(120, LONG), (190, LONG), (260, LONG)],
    "longer than the drawing is wide": [(40, " ".join([LONG] * 4)), (330, " ".join([LONG] * 4))],
    "words that can't be wrapped": [(100, "campagne" * 9), (180, "campagne" * 9)],
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    make = ChartMaker()
    days = [dt.date(2017, 1, 1) + dt.timedelta(days=at) for at in range(365)]
    make.by("d", "date", {day.isoformat(): day.day for day in days})
    return make.ledger()


def list_events(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events as parameters have them."""
    return [
        {
            "id": f"event_{place}",
            "name": {"nl": name, "en": name},
            "date": dt.date(2017, 1, 1) + dt.timedelta(days=day - 1),
            "source": "een bron",
        }
        for place, (day, name) in enumerate(events)
    ]


def make_chart(events: Sequence[Event]) -> Chart:
    """A chart of days with these events."""
    marks = tuple(Mark(kind="event", id=each["id"]) for each in list_events(events))
    return Chart(id="c", kind="daily", breakdown="d", marks=marks)


def draw_events(ledger: Ledger, events: Sequence[Event], theme: Theme) -> str:
    """The drawing of a chart of days with these events."""
    known = list_events(events)
    words = ChartWords(Writer(ledger, edition(2017, events=known), None, {}, "nl"))
    return drawing.draw(make_chart(events), words, (theme,))[0].svg


def styled(svg: str, tag: str) -> Iterator[tuple[Any, str]]:
    """The elements of a kind, each with its style and that of its group."""
    for outer in parsed(svg):
        for item in (outer, *outer):
            if item.tag.endswith(tag):
                yield item, outer.get("style", "") + item.get("style", "")


def boxes(svg: str, theme: Theme, colour: str = "accent") -> Iterator[tuple[str, Box]]:
    """The texts of a colour, as names of events have it, with their boxes: two corners."""
    with house_axes(theme, "measure"):
        for item, style in styled(svg, "text"):
            if f"--{colour}" in style and item.text:
                size = float(re.findall(r"font-size:([\d.]+)", style)[-1])
                x, y = float(item.get("x")), float(item.get("y"))
                long = text_width(item.text, size)
                start = {"middle": long / 2, "end": long}.get(style.rpartition("anchor:")[2], 0)
                if "rotate(-90" in item.get("transform", ""):
                    box = (x - 0.7 * size, y + start - long, x + 0.2 * size, y + start)
                else:
                    box = (x - start, y - 0.7 * size, x - start + long, y + 0.2 * size)
                yield item.text, box


def lines(svg: str, *, with_strokes: bool = False) -> list[Box]:
    """The lines of events and breaks; the strokes of weeks too, where asked for."""
    drawn = []
    for item, style in styled(svg, "path"):
        if "--accent" in style or (with_strokes and item.get("data-figure")):
            for start, end in re.findall(r"M(\S+ \S+?)L(\S+ [-\d.]+)", item.get("d", "")):
                (x, y), (to, up) = (map(float, each.split()) for each in (start, end))
                drawn.append((min(x, to), min(y, up), max(x, to), max(y, up)))
    return drawn


def overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def grounds(svg: str) -> Iterator[Box]:
    """What is drawn behind a name, in the colour of the page: all lines of events lie below it."""
    drawn = [*styled(svg, "path")]
    last = max(at for at, (_, style) in enumerate(drawn) if "stroke:var(--accent)" in style)
    for item, style in drawn[last + 1 :]:
        if "fill:var(--page)" in style:
            places = re.findall(r"[ML](\S+) ([\d.-]+)", item.get("d", ""))
            across, down = zip(*((float(x), float(y)) for x, y in places), strict=True)
            yield min(across), min(down), max(across), max(down)


def covers(ground: Box, box: Box) -> bool:
    """Whether a ground lies behind all of a name, but for the pixel at its edge."""
    return all(g <= b + 1 for g, b in zip(ground[:2], box[:2], strict=True)) and all(
        g >= b - 1 for g, b in zip(ground[2:], box[2:], strict=True)
    )


def faults(svg: str, theme: Theme) -> list[str]:
    """The names that a line or another name runs through, or that aren't whole in the drawing."""
    named = [*boxes(svg, theme)]
    hidden = [*grounds(svg)]
    wrong = [
        name
        for name, box in named
        for line in lines(svg, with_strokes=True)
        if overlaps(box, line) and not any(covers(ground, box) for ground in hidden)
    ]
    for place, (name, box) in enumerate(named):
        wrong += [name for _, other in named[:place] if overlaps(box, other)]
        wrong += [name] if box[0] < -1 or box[2] > theme.width + 1 or box[1] < 0 else []
    return wrong


class Arranged(NamedTuple):
    """Events and what is drawn of them."""

    events: list[Event]
    theme: Theme
    svg: str


@pytest.fixture(scope="module", params=product(ARRANGEMENTS, SIZES), ids=": ".join)
def arranged(ledger: Ledger, request: pytest.FixtureRequest) -> Arranged:
    """An arrangement, drawn once for all that is looked at."""
    name, size = request.param
    events, theme = ARRANGEMENTS[name], SIZES[size]
    return Arranged(events, theme, draw_events(ledger, events, theme))


def test_no_line_runs_through_a_name(arranged: Arranged) -> None:
    """Nothing touches the name of an event."""
    assert faults(arranged.svg, arranged.theme) == []


def test_each_event_has_its_line_and_its_name(arranged: Arranged) -> None:
    """A line a day, a name or more lines of it, and at least the shortest name whole."""
    events, theme, svg = arranged
    assert len({line[0] for line in lines(svg)}) == len({day for day, _ in events})
    assert len([*boxes(svg, theme)]) >= len(events)
    shortest = min((name for _, name in events), key=len)
    if len(shortest) > len(LONG):
        shortest = "…"
    assert shortest in " ".join(texts(svg))


@THEMES
def test_nor_on_any_other_days(ledger: Ledger, theme: Theme) -> None:
    """Up to five events on days at random, the same each time."""
    chance = random.Random(7)
    for _ in range(10):
        count = chance.randint(2, 5)
        events = [(chance.randint(1, 365), chance.choice([SHORT, LONG])) for _ in range(count)]
        svg = draw_events(ledger, events, theme)
        assert (events, faults(svg, theme)) == (events, [])
        assert (events, len({line[0] for line in lines(svg)})) == (events, len(dict(events)))
        assert (events, len([*boxes(svg, theme)]) >= count) == (events, True)


def draw_totals(ledger: Ledger, years: range, *days: str, theme: Theme = WIDE) -> Drawn:
    """A chart of 4.000 contacts in each year with breaks on these days."""
    facts = {"noun": "contacts", "value": 4000, "standing": "final", "source": "een bron"}
    points = [{"id": f"t.{year}", "year": year, **facts} for year in years]
    breaks = [{"date": each, "note": {"nl": "n", "en": "n"}} for each in days]
    totals = OtherYears.model_validate({"points": points, "breaks": breaks})
    ledger = ledger.model_copy(update={"trend": totals})
    words = ChartWords(Writer(ledger, edition(2017), None, {}, "nl"))
    svg = drawing.draw(Chart(id="trend.contacts", kind="trend"), words, (theme,))[0].svg
    return svg, Expectations(ledger, "nl")


BREAKS = ("2015-12-20", "2016-03-01", "2016-07-01", "2016-09-30")


@pytest.fixture(scope="module", params=product(BREAKS, SIZES), ids=": ".join)
def nine_years(ledger: Ledger, request: pytest.FixtureRequest) -> tuple[Theme, *Drawn]:
    """Totals of nine years with two breaks, drawn once, and what is expected of the drawing."""
    day, size = request.param
    years, theme = range(2013, 2022), SIZES[size]
    return theme, *draw_totals(ledger, years, day, "2017-01-01", theme=theme)


def test_the_number_of_another_year_is_misread(nine_years: tuple[Theme, *Drawn]) -> None:
    """Where those of two years change places, that of the one, or of the other, is too far away."""
    _, svg, expected = nine_years
    for years in pairwise(range(2013, 2022)):
        one, other = (f'data-figure="t.{year}">4.000' for year in years)
        assert svg.count(one) == svg.count(other) == 1
        names = {f"t.{year}" for year in years}
        assert misread(exchange(svg, one, other), expected) & names != set()


def expect_events(ledger: Ledger, events: Sequence[Event]) -> Expectations:
    """What the parameters say of events."""
    expected = Expectations(ledger, "nl")
    for each in list_events(events):
        for key, text in (("date", each["date"].isoformat()), ("name", each["name"]["nl"])):
            expected.parameters[f"events.{each['id']}.{key}"] = text
    return expected


def test_another_name_of_an_event_is_misread(ledger: Ledger, arranged: Arranged) -> None:
    """Where two names change places, or the only one is another's."""
    events, _, svg = arranged
    expected = expect_events(ledger, events)
    one, other = (rf'(<text [^>]*data-event="events.event_){each}' for each in (0, 1))
    swapped = re.sub(other, r"\g<1>0", re.sub(one, r"\g<1>-", svg)).replace("event_-", "event_1")
    assert misread(swapped, expected, make_chart(events)) != set()


def test_no_break_runs_through_a_total(nine_years: tuple[Theme, *Drawn]) -> None:
    """A total of the year in which a break lies stands beside the line."""
    theme, svg, expected = nine_years
    assert len(lines(svg)) == 2
    named = [box for text, box in boxes(svg, theme, "ink") if text == "4.000"]
    assert len(named) == 9
    assert [line for box in named for line in lines(svg) if overlaps(box, line)] == []
    assert misread(svg, expected) == set()


def exchange(svg: str, one: str, other: str) -> str:
    """A drawing in which two texts stand in each other's place."""
    return svg.replace(one, "\0").replace(other, one).replace("\0", other)


def misread(svg: str, expected: Expectations, chart: Chart | None = None) -> set[str]:
    """What a drawing says otherwise, by the reader of published pages: of other years, or a chart.

    Of a chart it is what is said of its events.
    """
    (drawn,) = parse_page(svg).iter("svg")
    names = {each.figure for each in ChartReader(drawn, chart, expected, ("p", "c")).read()}
    return {name for name in names if chart is None or name.startswith("events.")}


def test_events_are_read_back(ledger: Ledger, arranged: Arranged) -> None:
    """By their names, their days and their lines."""
    events, _, svg = arranged
    assert misread(svg, expect_events(ledger, events), make_chart(events)) == set()


def test_a_name_with_a_source_is_read_back(ledger: Ledger) -> None:
    """A drawing has no links, and the name alone."""
    events = [(40, "[vermelding](<bron:krant>)")]
    svg = draw_events(ledger, events, WIDE)
    assert misread(svg, expect_events(ledger, events), make_chart(events)) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [(">a</text>", ">b</text>"), ('event="a"', 'event="b"')],
    ids=["letters", "names"],
)
def test_a_letter_at_another_break(ledger: Ledger, one: str, other: str) -> None:
    """Each stands at the line of its day."""
    svg, expected = draw_totals(ledger, range(2013, 2018), "2014-03-01", "2016-03-01")
    assert misread(svg, expected) == set()
    assert misread(exchange(svg, one, other), expected) == {"a", "b"}


def test_the_measure_sees_a_line_through_a_name(ledger: Ledger) -> None:
    """A line that is drawn higher than it may be is a fault."""
    events = ARRANGEMENTS["a late name that reaches back over an earlier line"]
    svg = draw_events(ledger, events, WIDE)
    ((_, box), *_) = boxes(svg, WIDE)
    longer = f'<path d="M{box[0] + 9} 200L{box[0] + 9} 0" style="stroke:var(--accent)"/>'
    assert faults(svg.replace("</svg>", f"{longer}</svg>"), WIDE) != []


NAMES = [LONG, "vermelding op bussen", "herdenking van kindermisbruik"]
SIX = 6


@THEMES
@pytest.mark.parametrize("count", [3, 18])
def test_names_spread_over_the_year_stay_readable(ledger: Ledger, count: int, theme: Theme) -> None:
    """A word that is shortened keeps six letters; lines that cross a name pass behind it.

    Eighteen names are placed as quickly as three: no order of them all is tried.
    """
    events = [(15 + 350 * at // count, NAMES[at % len(NAMES)]) for at in range(count)]
    svg = draw_events(ledger, events, theme)
    assert faults(svg, theme) == []
    written = " ".join(text for text, _ in boxes(svg, theme)).split()
    assert len(written) >= count
    whole = set(" ".join(NAMES).split())
    cut = {word for word in (each.rstrip("…") for each in written) if word not in whole}
    assert [word for word in cut if len(word) < SIX] == []
