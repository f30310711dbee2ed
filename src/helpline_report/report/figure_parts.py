"""Make the charts and tables of a page: drawings with headline, notes and source, rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from helpline_report.charts.chart_figures import (
    LETTERS,
    ORDERED,
    find_shown,
    list_flow_rows,
    number_of,
    ranked,
)
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, ReportTable, Series, is_protected
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.vocabulary import UNKNOWN
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import themes
from helpline_report.report.views import CellView, ChartView, RowView, TableView

# The kinds of series that have a headline, which names the highest; a change or a rank has none.
WITH_HEADLINE = ("count", "share")
# A headline calls a time the busiest, and a category the first.
TIMES = ("month", "weekday", "date")
# The nouns whose totals of other years are drawn.
NOUNS = ("contacts", "persons")


def list_series(part: Chart | ReportTable, ledger: Ledger) -> list[Series]:
    """The series of a chart or table; a year that there is none of has no column."""
    series = [ledger.series[name] for name in part.columns if name in ledger.series]
    return [item for item in series if item.reason is None] or series


def make_table_view(part: Chart | ReportTable, words: EditionWords) -> TableView | None:
    """A table of the ledger, or that of what a chart shows; None where nothing of it is there.

    Raises:
        KeyError: a chart shows a figure or a cross-table that the ledger doesn't have.
    """
    ledger = words.ledger
    if part.crosstab is not None:
        if isinstance(part, ReportTable) and part.crosstab not in ledger.crosstabs:
            return None
        return _crosstab_view(part.id, ledger.crosstabs[part.crosstab], words)
    if series := list_series(part, ledger):
        return _series_view(part, series, words)
    if isinstance(part, Chart):
        return _intervals_view(part, words) if part.figures else None
    figures = [ledger.figures[name] for name in part.figures if name in ledger.figures]
    return _figures_view(part.id, figures, words) if figures else None


def _series_view(
    part: Chart | ReportTable, series: Sequence[Series], words: EditionWords
) -> TableView | None:
    """Series of one field side by side, a row a code; None where they have no members."""
    first, figures = series[0], words.ledger.figures
    columns = [{m.code: figures.get(m.figure) for m in item.members} for item in series]
    codes = list(dict.fromkeys(code for column in columns for code in column))
    if not codes:
        return None
    notes = collect_break_notes((figure for column in columns for figure in column.values()), words)
    # Of a chart `most` is what is drawn.
    most = part.most if isinstance(part, ReportTable) else None
    if left_out := len(codes[most:]) if most is not None else 0:
        codes = ranked(codes, columns[0], first.by, words)[:most]
        notes = (*notes, words.say("part.left_out", count=str(left_out)))
    of_known = [is_of_known(item, words) for item in series]

    def cells(code: str) -> tuple[CellView, ...]:
        return tuple(
            # A share of what is known: there is none of what isn't.
            CellView("–") if known and code not in column else cell(column.get(code), words)
            for column, known in zip(columns, of_known, strict=True)
        )

    rows = [RowView(capital(words.label(first.by, code)), cells(code)) for code in codes]
    total = figures.get(part.total or "") if isinstance(part, ReportTable) else None
    if total is not None:
        alike = (total.unit, total.population.edition)
        totals = [(item.unit, item.population.edition) == alike for item in series]
        whole = tuple(cell(total, words) if each else CellView("") for each in totals)
        rows.append(RowView(capital(words.say("part.total")), whole, total=True))
    subtitle = words.writer.subtitle(first)
    periods = dict.fromkeys(words.period(item.population) for item in series)
    for period in list(periods)[1:]:
        subtitle = words.say("part.beside", subtitle=subtitle, period=period)
    return TableView(
        id=part.id,
        caption=words.caption(first),
        subtitle=subtitle,
        heads=(capital(words.writer.field(first.by)), *name_columns(series, words)),
        rows=tuple(rows),
        numeric=(True,) * len(series),
        notes=notes,
        source=words.source(first.population),
    )


def name_columns(series: Sequence[Series], words: EditionWords) -> tuple[str, ...]:
    """A head a series: what is counted, and whichever of period and unit tell them apart."""
    parts = []
    for item in series:
        population, kind = item.population, str(item.kind)
        if is_of_known(item, words):
            # That the field is known is said by the kind.
            others = tuple(each for each in population.conditions if each.field != item.by)
            population, kind = population.model_copy(update={"conditions": others}), "share_known"
        noun = words.writer.population(population, period=False)
        parts.append((noun, words.say(f"kind.{kind}"), words.period(item.population)))
    telling = [place for place in range(3) if len({part[place] for part in parts}) > 1]
    telling = telling or [0 if series[0].kind == "count" else 1]
    return tuple(capital(", ".join(part[place] for place in telling)) for part in parts)


def is_of_known(series: Series, words: EditionWords) -> bool:
    """Whether shares are of the rows of which the field that they are broken down by is known."""
    condition = series.population.condition(series.by)
    if series.kind != "share" or condition is None:
        return False
    codelist = words.writer.codelists.get(series.by)
    if codelist is None:
        return condition.negated and condition.terms == (UNKNOWN,)
    return {item.code for item in codelist.codes if not item.missing} == set(condition.codes)


def _crosstab_view(name: str, crosstab: Crosstab, words: EditionWords) -> TableView | None:
    """A cross-table, a row a code of its first field; None where it has no cells."""
    known = words.ledger.figures
    figures = {(item.row, item.column): known.get(item.figure) for item in crosstab.cells}
    columns = dict.fromkeys(column for _, column in figures)
    rows = [
        RowView(
            capital(words.label(crosstab.rows, row)),
            tuple(cell(figures.get((row, column)), words) for column in columns),
        )
        for row in dict.fromkeys(row for row, _ in figures)
    ]
    labels = [capital(words.label(crosstab.columns, column)) for column in columns]
    table = TableView(
        id=name,
        caption=words.caption(crosstab),
        subtitle=words.writer.subtitle(crosstab),
        heads=(capital(words.writer.field(crosstab.rows)), *labels),
        rows=tuple(rows),
        numeric=(True,) * len(columns),
        notes=collect_break_notes(figures.values(), words),
        source=words.source(crosstab.population),
    )
    return table if rows else None


def _figures_view(name: str, figures: Sequence[Figure], words: EditionWords) -> TableView:
    """Figures below each other, with their intervals and the year before where there are any."""
    before = [words.ledger.figures.get(f"{figure.id}.previous") for figure in figures]
    with_interval = any(figure.interval for figure in figures)
    heads = [*words.titles("part.what", "part.value")]
    heads += words.titles("part.interval") if with_interval else ()
    heads += [capital(words.period(item.population)) for item in before if item][:1]
    rows = []
    for figure, earlier in zip(figures, before, strict=True):
        cells = [cell(figure, words)]
        if with_interval:
            cells.append(
                CellView(write_interval_text(figure, words), about=figure.id, parts="low high")
            )
        if any(before):
            cells.append(cell(earlier, words) if earlier else CellView(""))
        rows.append(RowView(capital(words.name(figure)), tuple(cells)))
    return TableView(
        id=name,
        caption=words.say("part.figures"),
        subtitle=words.writer.population(figures[0].population),
        heads=tuple(heads),
        rows=tuple(rows),
        numeric=(True,) * len(heads[1:]),
        notes=collect_break_notes(figures, words),
        source=words.source(figures[0].population),
    )


def _intervals_view(chart: Chart, words: EditionWords) -> TableView:
    """What a chart of intervals shows; a single ratio is named here, not in the drawing."""
    figures = [words.ledger.figures[name] for name in chart.figures]
    subtitle, other = words.say("part.intervals_subtitle"), figures[0].of
    if len(figures) == 1 and other is not None:
        noun, period = words.writer.noun(other.noun), words.period(figures[0].population)
        between = {"noun": noun, "period": period, "other": words.period(other)}
        subtitle = words.say("part.intervals_of", **between)
    table = _figures_view(chart.id, figures, words)
    return replace(table, caption=words.say("part.intervals"), subtitle=subtitle)


def write_interval_text(figure: Figure, words: EditionWords) -> str:
    """A figure's interval as text; empty where it has none."""
    if figure.interval is None or figure.value is None:
        return ""
    ends = (figure.interval.low, figure.interval.high)
    low, high = (words.decimals(end, figure.unit) for end in ends)
    return words.say("part.interval_value", low=low, high=high)


def cell(figure: Figure | None, words: EditionWords, *, with_interval: bool = False) -> CellView:
    """A figure in a cell; one that a series doesn't have was not registered.

    A change stands with its interval: what was counted is exact, a difference in the world isn't.
    """
    text = words.value(figure)
    if figure is not None and (with_interval or figure.kind == "change"):
        interval = write_interval_text(figure, words)
        text = f"{text} ({interval})" if interval else text
    return CellView(text, figure.id if figure else None)


def collect_break_notes(figures: Iterable[Figure | None], words: EditionWords) -> tuple[str, ...]:
    """The notes of the breaks that figures are marked with, each once."""
    breaks = dict.fromkeys(name for figure in figures if figure for name in figure.breaks)
    return tuple(words.sentence(words.writer.break_note(name)) for name in breaks)


def make_chart_view(
    chart: Chart, table: TableView, drawings: Sequence[Drawing], words: EditionWords
) -> ChartView:
    """A drawn chart with the table of what it shows.

    `drawings` are the wide one and, unless its table takes its place, the narrow one.
    """
    wide, *narrow = drawings
    ledger, notes = words.ledger, list(table.notes)
    if wide.left_out:
        notes.append(words.say("part.left_out_chart", count=str(wide.left_out)))
    figures = [ledger.figures[each.figure] for each in table.cells if each.figure]
    hidden = [each.reason for each in figures if each.status == "suppressed" and each.reason]
    # In a cross-table these are squares with strokes.
    hatched = chart.kind == "heatmap"
    for reason in dict.fromkeys(map(words.writer.reason, hidden)):
        strokes = words.say("part.hatched", reason=reason)
        notes.append(strokes if hatched else words.sentence(reason))
    finding, highest = write_headline(chart, words), _find_highest(chart, words)
    caption, series = table.caption, ledger.series.get(chart.series or "")
    if chart.kind == "daily" and series is not None:
        # Its table has the days.
        caption = words.caption(series.model_copy(update={"by": "week"}))
    subject = find_shown(chart, ledger) or ledger.figures[chart.figures[0]]
    what = words.say("part.shown", caption=caption, subtitle=table.subtitle)
    return ChartView(
        id=chart.id,
        caption=finding or caption,
        subtitle=what if finding else table.subtitle,
        source=words.source(subject.population),
        wide=wide,
        narrow=narrow[0] if narrow else None,
        paper=wide.in_colours(themes(words.publication)[0].colours),
        # The chart above it has the source.
        table=replace(table, source=""),
        notes=tuple(notes),
        number=CellView(words.writer.value(highest.figure), highest.figure.id) if highest else None,
        # A sentence says what a single ratio is.
        folded=chart.kind == "intervals" and len(chart.figures) == 1,
    )


class _Category(NamedTuple):
    """A category, or two of them, with its figure; one that is `missing` has no name of its own."""

    label: str
    figure: Figure
    missing: bool


def write_headline(chart: Chart, words: EditionWords) -> str:
    """The highest of what a chart shows, in one phrase; nothing where none stands out.

    Nothing is said of what is unknown, of a draw, or of figures that aren't counted.
    """
    source = find_shown(chart, words.ledger)
    if isinstance(source, Series) and chart.kind == "changes":
        return "" if words.ledger.is_artefact(source) else capital(_changes(source, words))
    highest = _find_highest(chart, words)
    if source is None or highest is None:
        return ""
    if isinstance(source, Crosstab):
        key = "time" if (source.rows, source.columns) == ("weekday", "hour") else "most"
    else:
        key = "most" if source.by in ORDERED else "first"
        key = source.by if source.by in TIMES else key
    value = words.writer.value(highest.figure)
    if isinstance(source, Crosstab) or source.kind != "share":
        noun = words.writer.noun(source.population.noun, one=number_of(highest.figure) == 1)
        value = words.say("headline.count", value=value, noun=noun)
    return capital(words.say(f"headline.{key}", label=highest.label, what=value))


def _changes(series: Series, words: EditionWords) -> str:
    """The code whose count differs most, and by how much; nothing where two differ as much."""
    largest = _largest(
        [
            (abs(place.figure.numerator - place.figure.denominator), place)
            for place in _categories(series, words)
            if place.figure.numerator is not None and place.figure.denominator is not None
        ]
    )
    if largest is None or largest.figure.value is None or largest.figure.of is None:
        return ""
    what, then = words.writer.value(largest.figure, "more_less"), words.period(largest.figure.of)
    return words.say("headline.change", label=largest.label, then=then, what=what)


def _find_highest(chart: Chart, words: EditionWords) -> _Category | None:
    """The category with the highest value; None of a draw, or where nobody can know it."""
    source = find_shown(chart, words.ledger)
    # Of days it is weeks that stand out, and the figures are those of days.
    if source is None or words.ledger.is_artefact(source) or chart.kind in ("daily", "changes"):
        return None
    if isinstance(source, Series) and source.kind not in WITH_HEADLINE:
        return None
    places = _categories(source, words)
    if isinstance(source, Series) and chart.kind == "flow":
        # Of a flow the parts that the whole branches into; none where it has no value.
        rows = list_flow_rows(chart, source, words) or ()
        places = [
            _Category(label, figure, words.last(source.by, figure.code or "") > 0)
            for level, label, figure in rows
            if level == 1
        ] or places
    if any(is_protected(place.figure) for place in places):
        # What isn't shown may be higher.
        return None
    numbers = [(number_of(place.figure), place) for place in places]
    known = [(number, place) for number, place in numbers if number is not None]
    return _largest(known) if any(number > 0 for number, _ in known) else None


def _largest(places: Sequence[tuple[float, _Category]]) -> _Category | None:
    """The one of several places with the largest number; none of a draw, or where it is missing."""
    ranking = sorted(places, key=lambda item: item[0], reverse=True)
    if len(ranking) < 2 or ranking[0][0] == ranking[1][0]:  # noqa: PLR2004 - a draw of two
        return None
    return None if ranking[0][1].missing else ranking[0][1]


def _categories(source: Series | Crosstab, words: EditionWords) -> list[_Category]:
    """The codes of a series, or each two of a cross-table, that have a figure."""
    if isinstance(source, Series):
        places = [([(source.by, each.code)], each.figure) for each in source.members]
    else:
        rows, columns = source.rows, source.columns
        places = [([(rows, at.row), (columns, at.column)], at.figure) for at in source.cells]
    categories = []
    for codes, name in places:
        if name in words.ledger.figures:
            label, *second = (words.label(*code) for code in codes)
            if second:
                label = words.say("headline.cell", row=label, column=second[0])
            missing = any(words.last(*code) for code in codes)
            categories.append(_Category(label, words.ledger.figures[name], missing))
    return categories


def make_trend_views(words: EditionWords, drawings: Drawings) -> list[ChartView]:
    """The totals of other years as they were printed: a chart of each noun, with its table."""
    trend = words.ledger.trend or OtherYears()
    totals = {noun: trend.of(noun) for noun in NOUNS}
    return [_trend_view(noun, own, words, drawings) for noun, own in totals.items() if own.points]


def _trend_view(noun: str, trend: OtherYears, words: EditionWords, drawings: Drawings) -> ChartView:
    name, subtitle = f"trend.{noun}", words.say("trend.subtitle")
    caption = capital(words.say("trend.caption", noun=words.writer.noun(noun)))
    rows = []
    for point in trend.points:
        value = words.number(point.value, "count")
        total = CellView(value, address=f"audit/other-years.html#{point.id}")
        cells = (total, CellView(describe_standing(point, words)), CellView(point.source))
        rows.append(RowView(str(point.year), cells))
    wide, narrow = drawings.of_chart(Chart(id=name, kind="trend"))
    heads = words.titles("trend.year", "trend.value", "trend.standing", "trend.source")
    numeric = (True, False, False)
    return ChartView(
        id=name,
        caption=caption,
        subtitle=subtitle,
        wide=wide,
        narrow=narrow,
        paper=wide.in_colours(drawings.themes[0].colours),
        table=TableView(f"{name}.table", caption, subtitle, heads, tuple(rows), numeric),
        notes=tuple(_trend_notes(trend, words)),
        audit=f"audit/other-years.html#{trend.points[0].id}",
        folded=noun != NOUNS[0],
    )


def describe_standing(point: PrintedYear, words: EditionWords) -> str:
    """How a total stands: as it was printed, or provisional, and why."""
    if point.standing == "final":
        return words.say("trend.final")
    why = words.translated(point.why) if point.why else ""
    return words.say("trend.provisional_why", why=why) if why else words.say("trend.provisional")


def _trend_notes(trend: OtherYears, words: EditionWords) -> list[str]:
    """What the dots and lines are, what the letters are, and where prints contradict each other."""
    notes = [words.say("trend.marks")]
    notes += [
        words.say("trend.break", letter=letter, note=words.translated(item.note).rstrip("."))
        for letter, item in zip(LETTERS, trend.breaks, strict=False)
    ]
    final = [point for point in trend.points if point.standing == "final"]
    for year in dict.fromkeys(point.year for point in final):
        prints = [point for point in final if point.year == year]
        if len({point.value for point in prints}) > 1:
            values = [f"{words.number(p.value, 'count')} ({p.source})" for p in prints]
            both = words.writer.idiom.join(values)
            notes.append(words.say("trend.contradiction", year=str(year), prints=both))
    return notes
