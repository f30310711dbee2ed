"""Sound drawings of registers that are drawn at random say what is described of them."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import ChartWords, explain_empty_chart
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.model import Chart, Interval, Mark
from helpline_report.parameters.earlier_reports import OtherYears
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication
from tests.charts.conftest import ChartMaker
from tests.charts.marks import derive_nodes, misreadings
from tests.report.small_publication import codelist, edition, make_publication

SEEDS = range(60)
WORDS = (
    *("telefoon", "e-mail", "chat", "school", "van horen zeggen", "'s avonds", 'de "politie"'),
    *("2 tot 5 jaar", "18+", "1.000 meldingen", "100 %", "sociale media (ook anoniem)"),
    *(
        "\N{GRINNING FACE}",
        "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
        "<b>",
        "$x$",
        "a|b; at 3",
    ),
    *("x" * 120, "een heel lange naam van een code die op geen regel past", "…", "12", "\u200f a"),
)


@cache
def make_empty_publication() -> Publication:
    return make_publication()


class Case:
    """A register drawn at random: labels, sizes of codes, and which counts are hidden."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.make = ChartMaker()
        self.labels: dict[str, str] = {}
        self.language = self.chance.choice(["nl", "en"])
        # Names that fit beside each other in lines, or any that there are.
        self.words = self.chance.choice([WORDS, WORDS, ("jaar of ouder", "tot en met", "school")])
        self.most = self.chance.choice([0, 1, 3, 30, 400, 5000])

    def label(self) -> str:
        words = self.chance.choices(self.words, k=self.chance.choice([1, 1, 1, 2, 4]))
        return " ".join([*words, str(len(self.labels))])

    def codes(self, least: int = 1) -> list[str]:
        number = self.chance.choice([1, 2, 3, 7, 12, 13, 25, 64, 104])
        codes = [f"c{at}" for at in range(max(number, least))]
        self.labels |= {code: self.label() for code in codes if code not in self.labels}
        return codes

    def value(self) -> float | None:
        if self.chance.random() < 0.1:
            return None
        return self.chance.choice([0, self.most, self.chance.randint(0, self.most)])

    def by(self, name: str, field: str, codes: Sequence[str], year: int = 2017) -> None:
        self.make.by(name, field, {code: self.value() for code in codes}, year)
        for code in codes:
            if self.chance.random() < 0.1:
                self.make.hide(f"{name}.{code}")

    def draw(self, chart: Chart, theme: Theme, **more: Any) -> Drawing | None:
        """The drawing of a chart, unless it has nothing to show."""
        ledger = self.make.ledger().model_copy(update=more)
        if chart.kind != "trend" and explain_empty_chart(chart, ledger) is not None:
            return None
        lists = {
            field: codelist(field, labels=self.labels or {"x": "x"})
            for field in ("channel", "kind")
        }
        known = edition(2017, campaigns=self.campaigns, events=self.events)
        words = ChartWords(Writer(ledger, known, None, lists, self.language))
        charts = {} if chart.kind == "trend" else {chart.id: chart}
        self.publication = replace(
            make_empty_publication(),
            ledger=ledger.model_copy(update={"charts": charts}),
            edition=known,
            comparison=None,
            codelists=lists,
            language=self.language,
        )
        return drawing.draw(chart, words, (theme,))[0]

    publication: Publication | None = None

    campaigns: Sequence[dict[str, Any]] = ()
    events: Sequence[dict[str, Any]] = ()


def draw_series(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """Columns, bars or lines of a year, or two; by month or by a code list."""
    months = [f"{month:02d}" for month in range(1, 13)]
    is_by_month = case.chance.random() < 0.4
    field, codes = ("month", months) if is_by_month else ("channel", case.codes())
    case.by("now", field, codes)
    against = case.chance.random() < 0.5
    if against:
        others = [code for code in codes if case.chance.random() < 0.9] or codes
        case.by("then", field, [*others, *(["old"] if not is_by_month else [])], 2016)
        case.labels.setdefault("old", "een oude")
    most = case.chance.choice([None, 3]) if kind == "bars" else None
    chart = {"id": "c.chart", "kind": kind, "breakdown": "now", "most": most}
    return case.draw(Chart.model_validate(chart | ({"against": "then"} if against else {})), theme)


def draw_days(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """A year, a season or a day of it, with campaigns and events."""
    first = dt.date(2017, case.chance.choice([1, 1, 9]), case.chance.choice([1, 2, 15]))
    long = case.chance.choice([1, 9, 40, 365, 365])
    step = 7 if kind == "weeks" else 1
    start = first - dt.timedelta(days=first.weekday() if kind == "weeks" else 0)
    days = [start + dt.timedelta(days=at) for at in range(0, long, step)]
    days = [day for day in days if day.year == first.year or step > 1]
    case.by("now", "week" if kind == "weeks" else "date", [day.isoformat() for day in days])
    end = (days[-1] - days[0]).days
    marks = []
    for at in range(case.chance.choice([0, 0, 1, 3])):
        name = case.label()
        day = max(days[0] + dt.timedelta(days=case.chance.randint(0, end)), first)
        day = min(day, dt.date(2017, 12, 31))
        last = min(day + dt.timedelta(days=case.chance.randint(0, 40)), dt.date(2017, 12, 31))
        facts: dict[str, Any] = {"id": f"m{at}", "name": {"nl": name, "en": name}}
        if case.chance.random() < 0.5:
            goal = {"nl": "doel", "en": "goal"}
            case.campaigns = [
                *case.campaigns,
                facts | {"start": day, "end": last, "goal": goal, "means": goal},
            ]
            marks.append(Mark(kind="campaign", id=f"m{at}"))
        else:
            case.events = [*case.events, facts | {"date": day, "source": "een bron"}]
            marks.append(Mark(kind="event", id=f"m{at}"))
    chart = Chart(id="c.chart", kind=kind, breakdown="now", marks=tuple(marks))  # type: ignore[arg-type]
    return case.draw(chart, theme)


def draw_squares(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """A cross-table of days and hours, or of two fields; the smallest counts may be hidden."""
    rows = [str(day) for day in range(1, case.chance.choice([2, 6, 8]))]
    columns = [str(hour) for hour in range(case.chance.choice([1, 2, 12, 24]))]
    by = ("weekday", "hour")
    if case.chance.random() < 0.4:
        rows, columns, by = case.codes()[:20], case.codes()[:20], ("channel", "kind")
    values = {(row, column): case.value() for row in rows for column in columns}
    case.make.tab("now", values, by)
    for (row, column), value in values.items():
        if value is not None and value < 3 and case.chance.random() < 0.3:
            case.make.hide(f"now.{row}.{column}")
    return case.draw(Chart(id="c.chart", kind=kind, breakdown="now"), theme)  # type: ignore[arg-type]


def draw_changes(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """Changes or ratios with their intervals, up and down; some without a value."""
    codes = case.codes()[:13]
    if kind == "changes":
        ends = [(case.chance.uniform(-90, 20), case.chance.uniform(20, 400)) for _ in codes]
        pairs = {
            code: end if case.chance.random() < 0.9 else None
            for code, end in zip(codes, ends, strict=True)
        }
        case.make.changes("now", pairs)
        for code, pair in pairs.items():
            figure = case.make.figures[f"now.{code}"]
            if pair is not None:
                value = case.chance.choice([0.0, case.chance.uniform(*pair)])
                case.make.figures[f"now.{code}"] = figure.model_copy(update={"value": value})
        return case.draw(Chart(id="c.chart", kind="changes", breakdown="now"), theme)
    names = []
    for at in range(case.chance.choice([1, 2, 5])):
        low = case.chance.choice([0, 0.3, 0.8, 0.99996, 1.2])
        high = low + case.chance.choice([0.1, 1, 12])
        interval = Interval(low=low, high=high, method="exact_conditional", null_value=1)
        value = case.chance.uniform(low, high)
        facts: dict[str, Any] = {"kind": "rate_ratio", "unit": "ratio", "interval": interval}
        names.append(case.make.figure(f"r{at}", value, **facts, of=case.make.population(2016)))
    return case.draw(Chart(id="c.chart", kind="intervals", figures=tuple(names)), theme)


def draw_flow(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """A whole with its parts, of which some belong to a group, and some are hidden."""
    del kind
    number = case.chance.choice([1, 2, 5, 9])
    values = {f"{case.chance.choice(['sent', 'told'])}.{at}": case.value() for at in range(number)}
    case.labels |= {code: case.label() for code in (*values, "sent")}
    sent = sum(value or 0 for code, value in values.items() if code.startswith("sent"))
    whole = sum(value or 0 for value in values.values())
    hidden = case.chance.random() < 0.2
    case.make.flow("f", values, sent=None if hidden else sent, whole=whole)
    for code, value in values.items():
        if value is not None and value < 3:
            case.make.hide(f"f.{code}")
    chart = Chart(id="c.chart", kind="flow", breakdown="f", figures=("f.whole", "f.all_sent"))
    return case.draw(chart, theme)


def draw_years(case: Case, kind: str, theme: Theme) -> Drawing | None:
    """Totals of other years, with breaks, and years with two prints or none."""
    del kind
    points = []
    for year in range(2010, 2010 + case.chance.choice([1, 2, 8, 14])):
        for number in range(case.chance.choice([0, 1, 1, 1, 2])):
            standing = case.chance.choice(["final", "final", "provisional"])
            value = case.chance.choice([0, case.most, 4000 + 7 * number])
            name = f"t{year}.{number}"
            point = {"id": name, "year": year, "noun": "contacts", "value": value}
            points.append(point | {"standing": standing, "source": "een bron"})
    days = [f"{case.chance.randint(2010, 2020)}-{month:02d}-01" for month in (1, 7)]
    breaks = [
        {"date": day, "note": {"nl": "n", "en": "n"}}
        for day in sorted(days)[: case.chance.choice([0, 1, 2])]
    ]
    if not points:
        return None
    years = OtherYears.model_validate({"points": points, "breaks": breaks})
    return case.draw(Chart(id="trend.contacts", kind="trend"), theme, trend=years)


Draw = Callable[[Case, str, Theme], Drawing | None]
KINDS: dict[str, Draw] = {
    **dict.fromkeys(("columns", "bars", "lines"), draw_series),
    **dict.fromkeys(("daily", "weeks"), draw_days),
    "heatmap": draw_squares,
    **dict.fromkeys(("changes", "intervals"), draw_changes),
    "flow": draw_flow,
    "trend": draw_years,
}


@pytest.mark.parametrize("seed", SEEDS)
def test_sound_drawings(seed: int) -> None:
    """At both widths: whatever the labels are, how many codes, and which counts are hidden."""
    kind = [*KINDS][seed % len(KINDS)]
    for theme in (WIDE, NARROW):
        case = Case(seed)
        drawn = KINDS[kind](case, kind, theme)
        if drawn is not None and case.publication is not None:
            assert misreadings(drawn) == []
            assert derive_nodes(case.publication, drawn.nodes[0].place) == list(drawn.nodes)
