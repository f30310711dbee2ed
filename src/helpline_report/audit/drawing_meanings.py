"""Derive what a drawing shows: scale and baseline, marks in their order, names, values, lines.

All of it follows from the ids and codes of the ledger, the code lists and the catalogues. The form
of a node has the facts of the description: a word and what it says, `as bar; in this-year; to 5`.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpline_report.audit.alternative_meanings import list_codes
from helpline_report.audit.code_labels import begin
from helpline_report.audit.exhibits import read_number
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.part_meanings import LETTERS
from helpline_report.description import Node
from helpline_report.figures.model import Breakdown, Chart, Figure
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear

# What a shape of a year is filled with: this one's, and the one that it is compared with.
MEANINGS = ("this-year", "year-before")
# How an axis spells numbers is said by one that has all there is to it.
SPELLED = 12345.5
# A cross-table is shaded in so many equal parts; where its rows are of time, over all of it.
SHADES = 5
SHADED_WHOLE = ("month", "weekday")
WEEK = dt.timedelta(days=7)

Facts = Sequence[tuple[str, object]]


class DrawnSeries(NamedTuple):
    """A series with a figure, or none, for each code that is drawn."""

    breakdown: Breakdown
    figures: tuple[Figure | None, ...]

    @property
    def tag(self) -> str:
        """The first figure that it has."""
        return next((figure.id for figure in self.figures if figure), "")


class DrawingMeanings:
    """The drawings of the charts of an edition in one language."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self.exhibits = meanings, meanings.exhibits
        self.words, self.ledger = meanings.words, meanings.ledger

    def list_nodes(self, place: str) -> list[Node]:
        """All that the drawing of a chart has to say; a function of one's own says the rest."""
        nodes = [Node("", "alternative", self.meanings.write_alternative(place), f"chart={place}")]
        chart = self.meanings.find_chart(place)
        if chart is not None:
            nodes += self._list_chart(chart)
        elif place in self.meanings.trends:
            nodes += self._list_trend(place)
        return [node._replace(place=place) for node in nodes]

    def _list_chart(self, chart: Chart) -> Iterator[Node]:
        derive = {
            "columns": self._list_columns,
            "bars": self._list_bars,
            "lines": self._list_lines,
            "daily": self._list_weeks,
            "weeks": self._list_weeks,
            "intervals": self._list_intervals,
            "changes": self._list_changes,
            "heatmap": self._list_squares,
            "flow": self._list_flow,
        }.get(chart.kind)
        return derive(chart) if derive else iter(())

    # What each drawing has

    def _scale(self, unit: str, *facts: tuple[str, object]) -> Node:
        return _make("scale", self.words.decimals(SPELLED, unit, 1).lstrip("+"), unit, "", facts)

    def _value(self, figure: Figure | None, place: object, room: str = "") -> Node:
        """What is written at a mark, or in its place."""
        text = self.words.say("not_registered")
        if figure is not None:
            text = self.words.write_in_table(figure)
        known = figure is not None and read_number(figure) is not None
        unit = figure.unit if figure is not None and known else "missing"
        facts = (("as", unit), ("at", place), ("room", room if known else ""))
        return _make("mark-value", text, figure.id if figure else "", "", facts)

    def _derive_series(self, chart: Chart) -> tuple[Sequence[str], list[DrawnSeries]]:
        """The codes of a chart in their order, and its series: this year's first."""
        series, against = self._find_series(chart), self.exhibits.find_against(chart)
        codes = list_codes(self.exhibits, chart, series)
        both = [series] if against is None else [series, against]
        drawn = []
        for each in both:
            known = {m.codes[0]: self.ledger.figures.get(m.figure) for m in each.members}
            drawn.append(DrawnSeries(each, tuple(known.get(code) for code in codes)))
        return codes, drawn

    def _find_series(self, chart: Chart) -> Breakdown:
        return self.ledger.breakdowns[chart.breakdown or ""]

    # Columns, bars and lines

    def _list_columns(self, chart: Chart) -> Iterator[Node]:
        yield from self._list_series(chart, "bar", "up or across")
        yield from self._list_values(chart, "highest")

    def _list_bars(self, chart: Chart) -> Iterator[Node]:
        yield from self._list_series(chart, "bar", "across")
        yield from self._list_values(chart, "")

    def _list_lines(self, chart: Chart) -> Iterator[Node]:
        yield from self._list_series(chart, "dot", "up")
        for series, meaning in zip(self._derive_series(chart)[1], MEANINGS, strict=False):
            for one, other in zip(series.figures, series.figures[1:], strict=False):
                if one and other and None not in (read_number(one), read_number(other)):
                    yield _make("join", "", one.id, other.id, [("in", meaning)])

    def _list_values(self, chart: Chart, room: str) -> Iterator[Node]:
        """The values of this year, each at its place."""
        for place, figure in enumerate(self._derive_series(chart)[1][0].figures):
            yield self._value(figure, place, room)

    def _list_series(self, chart: Chart, shape: str, along: str) -> Iterator[Node]:
        """Marks of one series or two, from a baseline of 0, and the names of their places."""
        codes, drawn = self._derive_series(chart)
        field = drawn[0].breakdown.by[0]
        yield self._scale(drawn[0].breakdown.unit, ("along", along), ("from", 0))
        stands = "beside" if shape == "bar" else "end"
        for series, meaning in zip(drawn, MEANINGS, strict=False):
            if len(drawn) > 1 or stands == "end":
                text = self.words.period(series.breakdown.population.period)
                facts: Facts = [("in", meaning), ("stands", stands)]
                yield _make("legend", text, series.breakdown.id, series.tag, facts)
        for series, meaning in zip(drawn, MEANINGS, strict=False):
            for place, (code, figure) in enumerate(zip(codes, series.figures, strict=True)):
                number = read_number(figure)
                if figure is None or number is None:
                    continue
                ends: Facts = [("to", number)]
                if shape == "bar":
                    ends = [("from", min(number, 0)), ("to", max(number, 0))]
                facts = [("as", shape), ("in", meaning), *ends, ("at", place)]
                yield _make("mark", self.words.label(field, code), figure.id, "", facts)
        for place, code in enumerate(codes):
            label, short = self.words.label(field, code), self.words.short_label(field, code)
            figures = [series.figures[place] for series in drawn]
            tag = next((figure.id for figure in figures if figure), "")
            if along == "across":
                yield _make("tick-name", begin(label), f"{field}={code}", tag, [("at", place)])
                continue
            capital = "yes" if along != "up" else ""
            shorter = short if short != label else ""
            facts = [("at", place), ("room", "every"), ("capital", capital), ("short", shorter)]
            yield _make("tick-name", label, f"{field}={code}", tag, facts)

    # Weeks and years

    def _list_weeks(self, chart: Chart) -> Iterator[Node]:
        """A stroke for the sum of each week, from its Monday."""
        series, sums = self._find_series(chart), defaultdict[dt.date, float](float)
        days = [dt.date.fromisoformat(member.codes[0][:10]) for member in series.members]
        for day, member in zip(days, series.members, strict=True):
            monday = day - dt.timedelta(days=day.weekday())
            sums[monday] += read_number(self.ledger.figures.get(member.figure)) or 0
        yield self._scale(series.unit, ("along", "up"), ("from", 0))
        for monday, number in sorted(sums.items()):
            ends = [("from", min(number, 0)), ("to", max(number, 0)), ("at", monday)]
            facts = [("as", "stroke"), ("in", MEANINGS[0]), *ends]
            yield _make("mark", "", series.id, "", facts)
        # The month in which a first week began has its name too.
        first, last = days[0] - WEEK + dt.timedelta(days=1), days[-1]
        for at in range((last - first).days + 1):
            day = first + dt.timedelta(days=at)
            if day.day == 1:
                facts = [("at", max(day, min(sums))), ("room", "every")]
                name = self.words.month(day.month, "abbreviated")
                yield _make("tick-name", name, f"month={day:%Y-%m}", "", facts)
        yield from self._list_events(chart)

    def _list_events(self, chart: Chart) -> Iterator[Node]:
        """The campaigns and events that a chart marks: a band from the first day to the last."""
        edition, language = self.meanings.data.edition, self.words.language
        known: dict[tuple[str, str], tuple[dt.date, dt.date, str]] = {}
        for campaign in edition.campaigns:
            name = campaign.name.in_language(language)
            known["campaign", campaign.id] = campaign.start, campaign.end, name
        for event in edition.events:
            name = event.name.in_language(language)
            known["event", event.id] = event.date, event.date, name
        keys = [(mark.kind, mark.id) for mark in chart.marks if (mark.kind, mark.id) in known]
        for key in sorted(keys, key=lambda key: (known[key][0], known[key][2], known[key][1])):
            (start, end, name), about = known[key], f"{key[0]}s.{key[1]}"
            if start != end:
                yield _make("band", "", about, "", [("from", start), ("to", end)])
            yield _make("event", name, about, "", [("at", start)])

    def _list_trend(self, place: str) -> Iterator[Node]:
        """The printed totals of other years, and lines between those that can be compared."""
        points = self.meanings.trends[place].points
        years = range(points[0].year, points[-1].year + 1)
        yield self._scale("count", ("along", "up"), ("from", 0))
        for point in points:
            facts = [("as", "dot"), ("in", point.standing), ("to", point.value)]
            yield _make("mark", "", point.id, "", [*facts, ("at", point.year)])
        for year in years:
            facts = [("at", year), ("room", "every")]
            yield _make("tick-name", str(year), f"year={year}", "", facts)
        prints = {year: [point for point in points if point.year == year] for year in years}
        for year in years:
            of_year = sorted(prints[year], key=lambda point: (-point.value, point.id))
            for number, point in enumerate(of_year):
                facts = [("as", "count"), ("at", year), ("room", "none" if number else "")]
                yield _make("mark-value", self.words.number(point.value), point.id, "", facts)
        every = self.ledger.trend or OtherYears()
        days = sorted(each.date for each in every.breaks if each.date.year in years)
        for one, other in zip(prints.values(), list(prints.values())[1:], strict=False):
            if _stands(one) and _stands(other):
                start, end = dt.date(one[0].year, 1, 1), dt.date(other[0].year, 12, 31)
                if not any(start < day <= end for day in days):
                    yield _make("join", "", one[0].id, other[0].id, [("in", "final")])
        for letter, day in zip(LETTERS, days, strict=False):
            yield _make("break-line", letter, letter, "", [("at", day)])

    # Estimates

    def _list_intervals(self, chart: Chart) -> Iterator[Node]:
        """Figures by themselves; one alone is named above its chart."""
        known = self.ledger.figures
        figures = [known[name] for name in chart.figures if name in known]
        names = [self.words.definition(figure) if len(figures) > 1 else "" for figure in figures]
        codes = [f"figure={figure.id}" for figure in figures]
        nones = [figure.interval.null_value for figure in figures if figure.interval]
        none = next((float(value) for value in nones if value is not None), None)
        yield from self._list_estimates(figures[0].unit, none, codes, names, figures)

    def _list_changes(self, chart: Chart) -> Iterator[Node]:
        codes, drawn = self._derive_series(chart)
        field, names, figures = drawn[0].breakdown.by[0], list[str](), list[Figure | None]()
        for series in drawn:
            names += [self.words.label(field, code) for code in codes]
            figures += series.figures
        abouts = [f"{field}={code}" for _ in drawn for code in codes]
        yield from self._list_estimates(drawn[0].breakdown.unit, 0.0, abouts, names, figures)

    def _list_estimates(
        self,
        unit: str,
        none: float | None,
        codes: Sequence[str],
        names: Sequence[str],
        figures: Sequence[Figure | None],
    ) -> Iterator[Node]:
        """Dots with their margins; hollow where nothing but chance may be."""
        ends = [*([] if none is None else [none]), *_list_ends(figures)]
        curved = "yes" if unit == "ratio" and min(ends) > 0 else ""
        yield self._scale(unit, ("along", "across"), ("logarithmic", curved))
        if any(map(_may_be_chance, figures)):
            beside: Facts = [("in", "may-be-chance"), ("stands", "beside")]
            yield _make("legend", self.words.say("unproven"), "", "", beside)
        if none is not None:
            text = self.words.say("no_difference")
            yield _make("reference-line", text, "", "", [("at", none)])
        for place, (code, label, figure) in enumerate(zip(codes, names, figures, strict=True)):
            name, tag, at = begin(label), figure.id if figure else "", ("at", place)
            number = read_number(figure)
            if figure is not None and number is not None:
                dot = "may-be-chance" if _may_be_chance(figure) else "sure"
                facts: Facts = [("as", "dot"), ("in", dot), ("to", number), at]
                yield _make("mark", name, tag, "", facts)
                if figure.interval is not None:
                    low, high = figure.interval.low, figure.interval.high
                    facts = [("as", "line"), ("in", "margin"), ("from", low), ("to", high), at]
                    yield _make("mark", name, tag, "", facts)
            if name:
                yield _make("tick-name", name, code, tag, [at])
            if counts := self._write_counts(figure):
                yield _make("mark-counts", counts, tag, "", [at])
            yield self._value(figure, place)

    def _write_counts(self, figure: Figure | None) -> str:
        """From which number to which a change goes: the year before is the first."""
        if figure is None or figure.kind != "change":
            return ""
        before, now = figure.denominator, figure.numerator
        if before is None or now is None:
            return ""
        count = self.words.count_exactly
        return self.words.say("from_to", before=count(before), now=count(now))

    # Cross-tables and flows

    def _list_squares(self, chart: Chart) -> Iterator[Node]:
        """A square for each pair of codes, as dark as its count is large in its row, or in all."""
        series, known = self._find_series(chart), self.ledger.figures
        rows, columns = series.by
        is_whole = rows in SHADED_WHOLE
        yield self._scale("count", ("along", "shade"), ("shaded", "whole" if is_whole else "row"))
        tops: dict[str, int] = {}
        lefts: dict[str, int] = {}
        tags: dict[tuple[str, str], str] = {}
        most: dict[str, float] = {}
        for member in series.members:
            row, column = member.codes
            for place, code in ((tops, row), (lefts, column)):
                place.setdefault(code, len(place))
            tags.setdefault((rows, row), member.figure)
            tags.setdefault((columns, column), member.figure)
            part = "" if is_whole else row
            most[part] = max(most.get(part, 0), read_number(known.get(member.figure)) or 0)
        for member in series.members:
            row, column = member.codes
            figure, at = known.get(member.figure), (tops[row], lefts[column])
            number = read_number(figure)
            if figure is not None and figure.status == "suppressed":
                yield _make("gap", "", figure.id, "", [("at", at)])
            elif figure is None or number is None:
                yield _make("mark-value", "–", "", "", [("as", "missing"), ("at", at)])
            else:
                top = most["" if is_whole else row]
                shade = max(math.ceil(number / top * SHADES - 1e-9), 1) if number else 0
                name = f"{self.words.label(rows, row)}, {self.words.label(columns, column)}"
                looks = [("as", "square"), ("in", f"shade-{shade}")]
                yield _make("mark", name, figure.id, "", [*looks, ("to", number), ("at", at)])
                facts = [("as", "count"), ("at", at), ("room", "none")]
                text = self.words.write_in_table(figure)
                yield _make("mark-value", text, figure.id, "", facts)
        for code, top in tops.items():
            label, tag = self.words.label(rows, code), tags[rows, code]
            yield _make("row-name", label, f"{rows}={code}", tag, [("at", top)])
        for code, left in lefts.items():
            label, short = self.words.label(columns, code), self.words.short_label(columns, code)
            shorter = short if short != label else ""
            named = [("at", left), ("room", "every"), ("short", shorter)]
            yield _make("tick-name", label, f"{columns}={code}", tags[columns, code], named)

    def _list_flow(self, chart: Chart) -> Iterator[Node]:
        """A block for each part, below what it is a part of; without a whole it is bars."""
        rows = self.exhibits.derive_flow(chart)
        if not rows:
            yield from self._list_bars(chart)
            return
        yield self._scale("count", ("along", "size"), ("from", 0))
        above: dict[int, Figure] = {}
        for place, row in enumerate(rows):
            figure, number = row.figure, read_number(row.figure)
            above[row.level] = figure
            where: Facts = [("at", place), ("level", row.level)]
            if number:
                ends: Facts = [("as", "block"), ("in", "part"), ("from", 0), ("to", number)]
                yield _make("mark", row.label, figure.id, "", [*ends, *where])
                if row.level:
                    yield _make("branch", "", figure.id, above[row.level - 1].id, [])
            named: Facts = [*where, ("capital", "yes")]
            yield _make("tick-name", row.label, f"figure={figure.id}", figure.id, named)
            value = self._value(figure, place)
            yield value if number is None else value._replace(form=f"as count; at {place}")


def _make(kind: str, text: str, about: str, target: str, facts: Facts) -> Node:
    """A node with its facts; one that says nothing isn't there."""
    written = [(word, _write(fact)) for word, fact in facts]
    form = "; ".join(f"{word} {fact}" for word, fact in written if fact)
    return Node("", kind, text, about, target, form)


def _write(fact: object) -> str:
    if isinstance(fact, dt.date):
        return fact.isoformat()
    if isinstance(fact, tuple):
        return " ".join(map(_write, fact))
    return f"{fact:.15g}" if isinstance(fact, int | float) else str(fact)


def _stands(prints: Sequence[PrintedYear]) -> bool:
    """Whether a year has one total, and that is final."""
    return len(prints) == 1 and prints[0].standing == "final"


def _may_be_chance(figure: Figure | None) -> bool:
    """Whether the margin of an estimate holds what it would be without any difference."""
    return bool(figure and figure.interval and figure.interval.includes_null_value)


def _list_ends(figures: Sequence[Figure | None]) -> Iterator[float]:
    """The estimates that have a value, and the ends of their margins."""
    for figure in figures:
        number = read_number(figure)
        if figure is not None and number is not None:
            yield number
            if figure.interval is not None:
                yield from (float(figure.interval.low), float(figure.interval.high))
