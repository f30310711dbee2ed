"""Make the charts and tables of a page: drawings with headline, notes and source, rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import repeat
from typing import NamedTuple

from helpline_report.charts.chart_figures import (
    LETTERS,
    ORDERED,
    find_breakdown,
    list_flow_rows,
    number_of,
    rank_codes,
)
from helpline_report.charts.drawing_steps import Drawing, Drawings
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Breakdown,
    Chart,
    Exhibit,
    Figure,
    Reason,
    ReportTable,
    is_protected,
)
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.prose.vocabulary import UNKNOWN
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import colours
from helpline_report.report.views import CellView, ChartView, Left, Note, Row, TableView

# Series of these kinds have a headline that names their highest value.
WITH_HEADLINE = ("count", "share")
# The headline of a series over time says when it was busiest; another one says which code leads.
TIMES = ("month", "weekday", "date")
# The nouns whose totals of other years are drawn.
NOUNS = ("contacts", "persons")
# Kinds of charts that show a hidden count as a hatched cell or a gap, and the phrase that says so.
HIDDEN_NOTES = {"heatmap": "part.hatched", "daily": "part.gap", "weeks": "part.gap"}


def list_breakdowns(exhibit: Exhibit, ledger: Ledger) -> list[Breakdown]:
    """The breakdowns of a chart or table that a source gives; all of them if it gives none."""
    breakdowns = [ledger.breakdowns[name] for name in exhibit.breakdowns]
    return [breakdown for breakdown in breakdowns if breakdown.reason is None] or breakdowns


def make_table_view(exhibit: Exhibit, words: EditionWords) -> TableView | None:
    """A table of the ledger, or that of what a chart shows; None where nothing of it is there.

    Raises:
        KeyError: a chart shows what the ledger doesn't have.
    """
    ledger = words.ledger
    if breakdowns := list_breakdowns(exhibit, ledger):
        return _make_breakdown_view(exhibit, breakdowns, words)
    if isinstance(exhibit, Chart):
        return _make_intervals_view(exhibit, words) if exhibit.figures else None
    figures = [ledger.figures[name] for name in exhibit.figures if name in ledger.figures]
    return _make_figures_view(exhibit.id, figures, words) if figures else None


def _make_breakdown_view(
    exhibit: Exhibit, breakdowns: Sequence[Breakdown], words: EditionWords
) -> TableView | None:
    """Series of one field side by side, or a cross-table; None where they have no members."""
    first, figures = breakdowns[0], words.ledger.figures
    cells = {place: figures.get(name) for place, name in _arrange_cells(breakdowns).items()}
    codes = list(dict.fromkeys(code for code, _ in cells))
    if not codes:
        return None
    if first.is_crossed:
        columns = list(dict.fromkeys(column for _, column in cells))
        heads = tuple(capital(words.label(first.by[1], column)) for column in columns)
        held = [f"{first.by[1]}={column}" for column in columns]
    else:
        held = columns = [series.id for series in breakdowns]
        heads = name_columns(breakdowns, words)
    notes = [*collect_break_notes(cells.values(), words)]
    # A chart's own `most` limits what is drawn, and not the table below it.
    most = exhibit.most if isinstance(exhibit, ReportTable) else None
    if left_out := len(codes[most:]) if most is not None else 0:
        of_first = {code: cells.get((code, columns[0])) for code in codes}
        codes = rank_codes(codes, of_first, first.by[0], words)[:most]
        notes.append(Note(words.say("part.left_out", count=str(left_out)), about="left_out"))
    # `make_chart_view` adds the note of a chart, which depends on its kind.
    if isinstance(exhibit, ReportTable) and any(map(is_protected, cells.values())):
        reason = words.writer.reason(Reason(code="protected"))
        text = words.say("part.hidden", reason=reason)
        notes.append(Note(text, about="hidden=protected"))
    of_known = [series.id for series in breakdowns if is_of_known(series, words)]

    def write_cell(code: str, column: str) -> CellView:
        # In a share of known values, the unknown ones have no share.
        if column in of_known and (code, column) not in cells:
            return CellView("–", code="no_share")
        return make_cell(cells.get((code, column)), words)

    rows = []
    for code in codes:
        label = CellView(capital(words.label(first.by[0], code)), code=f"{first.by[0]}={code}")
        rows.append((label, *(write_cell(code, column) for column in columns)))
    subtitle = words.writer.subtitle(first)
    periods = dict.fromkeys(words.period(item.population) for item in breakdowns)
    for period in list(periods)[1:]:
        subtitle = words.say("part.beside", subtitle=subtitle, period=period)
    return TableView(
        id=exhibit.id,
        caption=words.caption(first),
        subtitle=subtitle,
        heads=(capital(words.writer.field(first.by[0])), *heads),
        rows=tuple(rows),
        numeric=(True,) * len(columns),
        notes=tuple(note.text for note in notes),
        source=words.source(first.population),
        columns=(f"field={first.by[0]}", *held),
        notes_about=tuple(note.about for note in notes),
    )


def _arrange_cells(breakdowns: Iterable[Breakdown]) -> dict[tuple[str, str], str]:
    """The figures of a table by row (a code) and column (a series, or a code of a second field)."""
    cells = {}
    for item in breakdowns:
        for member in item.members:
            column = member.codes[1] if item.is_crossed else item.id
            cells[member.codes[0], column] = member.figure
    return cells


def name_columns(series: Sequence[Breakdown], words: EditionWords) -> tuple[str, ...]:
    """The head of each series: those of noun, unit and period in which the series differ."""
    nouns, kinds, periods = list[str](), list[str](), list[str]()
    for item in series:
        population, kind = item.population, str(item.kind)
        if is_of_known(item, words):
            # The words for `share_known` say this condition.
            others = tuple(c for c in population.conditions if c.field not in item.by)
            population, kind = population.model_copy(update={"conditions": others}), "share_known"
        nouns.append(words.writer.population(population, period=False))
        kinds.append(words.say(f"kind.{kind}"))
        periods.append(words.period(item.population))
    different = [texts for texts in (nouns, kinds, periods) if len({*texts}) > 1]
    parts = different or [nouns if series[0].kind == "count" else kinds]
    return tuple(capital(", ".join(texts)) for texts in zip(*parts, strict=True))


def is_of_known(series: Breakdown, words: EditionWords) -> bool:
    """Whether the whole of shares by a field is the rows of which that field is known."""
    condition = series.population.condition(series.by[0])
    if series.kind != "share" or condition is None:
        return False
    codelist = words.writer.codelists.get(series.by[0])
    if codelist is None:
        return condition.negated and condition.terms == (UNKNOWN,)
    return {item.code for item in codelist.codes if not item.missing} == set(condition.codes)


def _make_figures_view(name: str, figures: Sequence[Figure], words: EditionWords) -> TableView:
    """Figures below each other, with their intervals and the year before where there are any."""
    before = [words.ledger.figures.get(f"{figure.id}.previous") for figure in figures]
    with_interval = any(figure.interval for figure in figures)
    heads = [*words.titles("part.what", "column.value")]
    heads += words.titles("part.interval") if with_interval else ()
    heads += [capital(words.period(item.population)) for item in before if item][:1]
    columns = ["figure", "value", *["interval"] * with_interval, *["previous"] * any(before)]
    rows = []
    for figure, earlier in zip(figures, before, strict=True):
        name_of = CellView(capital(words.name(figure)), code=f"figure={figure.id}")
        cells = [name_of, make_cell(figure, words)]
        if with_interval:
            interval = words.interval("part.interval_value", figure)
            cells.append(CellView(interval, about=figure.id, parts="low high"))
        if any(before):
            cells.append(make_cell(earlier, words) if earlier else CellView(""))
        rows.append(tuple(cells))
    notes = collect_break_notes(figures, words)
    return TableView(
        id=name,
        caption=words.say("part.figures"),
        subtitle=words.writer.population(figures[0].population),
        heads=tuple(heads),
        rows=tuple(rows),
        numeric=(True,) * len(heads[1:]),
        notes=tuple(note.text for note in notes),
        source=words.source(figures[0].population),
        columns=tuple(columns),
        notes_about=tuple(note.about for note in notes),
    )


def _make_intervals_view(chart: Chart, words: EditionWords) -> TableView:
    """What a chart of intervals shows; a single ratio is named here, not in the drawing."""
    figures = [words.ledger.figures[name] for name in chart.figures]
    subtitle, other = words.say("part.intervals_subtitle"), figures[0].of
    if len(figures) == 1 and other is not None:
        noun, period = words.writer.noun(other.noun), words.period(figures[0].population)
        between = {"noun": noun, "period": period, "other": words.period(other)}
        subtitle = words.say("part.intervals_of", **between)
    table = _make_figures_view(chart.id, figures, words)
    return replace(table, caption=words.say("part.intervals"), subtitle=subtitle)


def make_line(reason: Reason, words: EditionWords) -> Left:
    """The line that stands for what is left out for a reason."""
    return Left(words.writer.note(reason), "=".join(filter(None, (reason.code, reason.about))))


def make_cell(
    figure: Figure | None, words: EditionWords, *, with_interval: bool = False
) -> CellView:
    """A figure in a cell, or 'not registered' where a series has none.

    A change has its interval behind it: counts are exact, what a change says of the world isn't.
    """
    text = words.value(figure)
    if figure is not None and (with_interval or figure.kind == "change"):
        interval = words.interval("part.interval_value", figure)
        text = f"{text} ({interval})" if interval else text
    return CellView(text, figure.id) if figure else CellView(text, code="not_registered")


def collect_break_notes(figures: Iterable[Figure | None], words: EditionWords) -> tuple[Note, ...]:
    """The notes of the breaks that figures are marked with, each once."""
    breaks = dict.fromkeys(name for figure in figures if figure for name in figure.breaks)
    return tuple(
        Note(words.sentence(words.writer.break_note(name)), about=f"break={name}")
        for name in breaks
    )


def make_chart_view(
    chart: Chart, table: TableView, drawings: Sequence[Drawing], words: EditionWords
) -> ChartView:
    """A drawn chart with the table of what it shows.

    `drawings` are the wide one and, unless its table takes its place, the narrow one.
    """
    wide, *narrow = drawings
    ledger = words.ledger
    notes = list(map(Note, table.notes, repeat(""), repeat(""), table.notes_about))
    if wide.left_out:
        text = words.say("part.left_out_chart", count=str(wide.left_out))
        notes.append(Note(text, about="left_out_chart"))
    figures = [ledger.figures[name] for name in table.figures]
    hidden = [f.reason for f in figures if f.status == "suppressed" and f.reason]
    reasons = {words.writer.reason(reason): reason.code for reason in hidden}
    key = HIDDEN_NOTES.get(chart.kind, "part.hidden")
    for text, code in reasons.items():
        about = f"{key.removeprefix('part.')}={code}"
        notes.append(Note(words.say(key, reason=text), about=about))
    (finding, named), highest = find_headline(chart, words), _find_highest(chart, words)
    caption, breakdown = table.caption, find_breakdown(chart, ledger)
    if chart.kind == "daily" and breakdown is not None:
        # Its table has the days.
        caption = words.caption(breakdown.model_copy(update={"by": ("week",)}))
    subject = breakdown or ledger.figures[chart.figures[0]]
    what = words.say("part.shown", caption=caption, subtitle=table.subtitle)
    return ChartView(
        id=chart.id,
        caption=finding or caption,
        subtitle=what if finding else table.subtitle,
        source=words.source(subject.population),
        wide=wide,
        narrow=narrow[0] if narrow else None,
        paper=wide.in_colours(colours(words.publication).light),
        # The chart above it has the source.
        table=replace(table, source=""),
        notes=tuple(note.text for note in notes),
        number=CellView(words.writer.value(highest.figure), highest.figure.id) if highest else None,
        headline=named,
        notes_about=tuple(note.about for note in notes),
        # A sentence says what a single ratio is.
        folded=chart.kind == "intervals" and len(chart.figures) == 1,
    )


class _Category(NamedTuple):
    """A code of a series, or two of a cross-table, with the figure; `missing` are the unknown."""

    label: str
    figure: Figure
    missing: bool


def find_headline(chart: Chart, words: EditionWords) -> tuple[str, str]:
    """The highest of what a chart shows, in one phrase, and its figure; both may be empty.

    Nothing stands out if the highest is unknown, if two are equal, or if the figures aren't counts.
    """
    breakdown = find_breakdown(chart, words.ledger)
    if breakdown is not None and chart.kind == "changes":
        if words.ledger.is_artefact(breakdown):
            return "", ""
        return _find_change_headline(breakdown, words)
    highest = _find_highest(chart, words)
    if breakdown is None or highest is None:
        return "", ""
    if breakdown.is_crossed:
        key = "time" if breakdown.by == ("weekday", "hour") else "most"
    elif breakdown.by[0] in TIMES:
        key = breakdown.by[0]
    else:
        key = "most" if breakdown.by[0] in ORDERED else "first"
    value = words.writer.value(highest.figure)
    if breakdown.kind != "share":
        noun = words.writer.noun(breakdown.population.noun, one=number_of(highest.figure) == 1)
        value = words.say("headline.count", value=value, noun=noun)
    text = words.say(f"headline.{key}", label=highest.label, what=value)
    return capital(text), highest.figure.id


def _find_change_headline(series: Breakdown, words: EditionWords) -> tuple[str, str]:
    """The code whose count differs most, and by how much; nothing where two differ as much."""
    differences = []
    for category in _list_categories(series, words):
        after, before = category.figure.numerator, category.figure.denominator
        if after is not None and before is not None:
            differences.append((abs(after - before), category))
    largest = _find_largest(differences)
    if largest is None or largest.figure.value is None or largest.figure.of is None:
        return "", ""
    what, then = words.writer.value(largest.figure, "more_less"), words.period(largest.figure.of)
    text = words.say("headline.change", label=largest.label, then=then, what=what)
    return capital(text), largest.figure.id


def _find_highest(chart: Chart, words: EditionWords) -> _Category | None:
    """The category with the highest value; None if two are equal, or nobody can know it."""
    breakdown = find_breakdown(chart, words.ledger)
    # A chart of days shows weeks, and a week has no figure.
    if breakdown is None or chart.kind in ("daily", "changes"):
        return None
    if breakdown.kind not in WITH_HEADLINE or words.ledger.is_artefact(breakdown):
        return None
    categories = _list_categories(breakdown, words)
    if chart.kind == "flow":
        # The parts that the whole branches into, unless the whole has no value.
        rows = list_flow_rows(chart, breakdown, words) or ()
        branches = [
            _Category(label, figure, words.last(breakdown.by[0], figure.code or "") > 0)
            for level, label, figure in rows
            if level == 1
        ]
        categories = branches or categories
    if any(is_protected(category.figure) for category in categories):
        # A hidden count may be the highest.
        return None
    numbers = [(number_of(category.figure), category) for category in categories]
    known = [(number, category) for number, category in numbers if number is not None]
    return _find_largest(known) if any(number > 0 for number, _ in known) else None


def _find_largest(categories: Sequence[tuple[float, _Category]]) -> _Category | None:
    """The category with the largest number; None if two are equal, or if it is the unknown one."""
    ranking = sorted(categories, key=lambda item: item[0], reverse=True)
    if len(ranking) < 2 or ranking[0][0] == ranking[1][0]:  # noqa: PLR2004 - two are equal
        return None
    return None if ranking[0][1].missing else ranking[0][1]


def _list_categories(breakdown: Breakdown, words: EditionWords) -> list[_Category]:
    categories = []
    for member in breakdown.members:
        if figure := words.ledger.figures.get(member.figure):
            label, *second = map(words.label, breakdown.by, member.codes)
            if second:
                label = words.say("headline.cell", row=label, column=second[0])
            missing = any(map(words.last, breakdown.by, member.codes))
            categories.append(_Category(label, figure, missing))
    return categories


def make_trend_views(words: EditionWords, drawings: Drawings) -> list[ChartView]:
    """The totals of other years as they were printed: a chart of each noun, with its table."""
    trend = words.ledger.trend or OtherYears()
    return [_make_trend_view(noun, words, drawings) for noun in NOUNS if trend.of(noun).points]


def _make_trend_view(noun: str, words: EditionWords, drawings: Drawings) -> ChartView:
    trend = (words.ledger.trend or OtherYears()).of(noun)
    name, subtitle = f"trend.{noun}", words.say("trend.subtitle")
    caption = capital(words.say("trend.caption", noun=words.writer.noun(noun)))
    rows = list[Row]()
    for point in trend.points:
        value = words.number(point.value, "count")
        code, quoted = f"trend={point.id}", words.publication.quoted_language
        total = CellView(value, address=f"audit/other-years.html#{point.id}", code=code)
        # The title of what was printed is quoted.
        source = CellView(point.source, language=quoted, code=code)
        standing = CellView(describe_standing(point, words), code=code)
        rows.append((CellView(str(point.year), code=code), total, standing, source))
    wide, narrow = drawings.of_chart(Chart(id=name, kind="trend"))
    heads = words.titles("column.year", "reconciliation.printed", "trend.standing", "trend.source")
    numeric, columns = (True, False, False), ("year", "printed", "standing", "source")
    notes = _list_trend_notes(trend, words)
    return ChartView(
        id=name,
        caption=caption,
        subtitle=subtitle,
        wide=wide,
        narrow=narrow,
        paper=wide.in_colours(colours(words.publication).light),
        table=TableView(
            f"{name}.table", caption, subtitle, heads, tuple(rows), numeric, columns=columns
        ),
        notes=tuple(note.text for note in notes),
        notes_about=tuple(note.about for note in notes),
        audit=f"audit/other-years.html#{trend.points[0].id}",
        folded=noun != NOUNS[0],
    )


def describe_standing(point: PrintedYear, words: EditionWords) -> str:
    """How a total stands: as it was printed, or provisional, and why."""
    if point.standing == "final":
        return words.say("trend.final")
    why = words.translated(point.why) if point.why else ""
    return words.say("trend.provisional_why", why=why) if why else words.say("trend.provisional")


def _list_trend_notes(trend: OtherYears, words: EditionWords) -> list[Note]:
    """The notes on the marks, on each break by its letter, and on totals that contradict others."""
    notes = [Note(words.say("trend.marks"), about="marks")]
    for letter, item in zip(LETTERS, trend.breaks, strict=False):
        note = words.translated(item.note).rstrip(".")
        text = words.say("trend.break", letter=letter, note=note)
        notes.append(Note(text, about=f"trend_break={letter}"))
    final = [point for point in trend.points if point.standing == "final"]
    for year in dict.fromkeys(point.year for point in final):
        prints = [point for point in final if point.year == year]
        if len({point.value for point in prints}) > 1:
            values = [f"{words.number(p.value, 'count')} ({p.source})" for p in prints]
            listed = words.writer.idiom.join(values)
            text = words.say("trend.contradiction", year=str(year), prints=listed)
            notes.append(Note(text, about=f"contradiction={year}"))
    return notes
