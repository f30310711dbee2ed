"""Totals of other years as they were printed: charts with breaks, tables, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

from helpline_report.charts.chart_figures import LETTERS
from helpline_report.charts.drawing_steps import Drawings
from helpline_report.parameters.earlier_reports import OtherYears, PrintedYear
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.views import CellView, ChartView, RowView, TableView, View

NOUNS = ("contacts", "persons")


def trend_views(
    publication: Publication, words: EditionWords, drawings: Drawings
) -> Sequence[View]:
    """A chart of each noun with its table."""
    shown = publication.ledger.trend
    if shown is None:
        return []
    return [
        _chart(noun, _of(shown, noun), words, drawings)
        for noun in NOUNS
        if any(point.noun == noun for point in shown.points)
    ]


def _of(shown: OtherYears, noun: str) -> OtherYears:
    """The totals of one noun, by year, and the breaks that lie among their years."""
    points = sorted(
        (point for point in shown.points if point.noun == noun), key=lambda point: point.year
    )
    first, last = points[0].year, points[-1].year
    breaks = sorted(shown.breaks, key=lambda item: item.date)
    within = tuple(item for item in breaks if first <= item.date.year <= last)
    return OtherYears(points=tuple(points), breaks=within)


def _chart(noun: str, shown: OtherYears, words: EditionWords, drawings: Drawings) -> ChartView:
    name = f"trend.{noun}"
    counted = words.writer.noun(noun)
    caption = capital(words.say("trend.caption", noun=counted))
    alt = f"{words.say('trend.kind')}. {caption}. {_said(shown, words)}"
    wide, narrow = drawings.of_trend(name, shown, alt)
    subtitle = words.say("trend.subtitle")
    table = TableView(
        id=f"{name}.table",
        caption=caption,
        subtitle=subtitle,
        heads=tuple(
            capital(words.say(f"trend.{key}")) for key in ("year", "value", "standing", "source")
        ),
        rows=tuple(_row(point, words) for point in shown.points),
        numeric=(True, False, False),
    )
    return ChartView(
        id=name,
        caption=caption,
        subtitle=subtitle,
        wide=wide,
        narrow=narrow,
        paper=wide.in_colours(drawings.themes[0].colours),
        table=table,
        notes=tuple(_notes(shown, words)),
        audit=f"audit/trend.html#{shown.points[0].id}",
    )


def _row(point: PrintedYear, words: EditionWords) -> RowView:
    cells = (
        CellView(words.number(point.value, "count"), address=f"audit/trend.html#{point.id}"),
        CellView(standing(point, words)),
        CellView(point.source),
    )
    return RowView(str(point.year), cells)


def standing(point: PrintedYear, words: EditionWords) -> str:
    """How a total stands: as it was printed, or provisional, and why."""
    if point.standing == "final":
        return words.say("trend.final")
    why = words.translated(point.why) if point.why else ""
    return words.say("trend.provisional_why", why=why) if why else words.say("trend.provisional")


def _said(shown: OtherYears, words: EditionWords) -> str:
    """Every value in words, for who doesn't see the drawing."""
    parts = []
    for point in shown.points:
        value = words.number(point.value, "count")
        hollow = f" ({words.say('trend.provisional')})" if point.standing != "final" else ""
        parts.append(f"{point.year}: {value}{hollow}")
    return "; ".join(parts) + "."


def _notes(shown: OtherYears, words: EditionWords) -> list[str]:
    """That nothing was counted, what the letters are, and where prints contradict each other."""
    notes = [words.say("trend.not_counted")]
    notes += [
        words.say("trend.break", letter=letter, note=words.translated(item.note).rstrip("."))
        for letter, item in zip(LETTERS, shown.breaks, strict=False)
    ]
    years = dict.fromkeys(point.year for point in shown.points if point.standing == "final")
    for year in years:
        prints = [p for p in shown.points if p.year == year and p.standing == "final"]
        if len({point.value for point in prints}) > 1:
            told = [f"{words.number(p.value, 'count')} ({p.source})" for p in prints]
            both = words.writer.joined(told)
            notes.append(words.say("trend.contradiction", year=str(year), prints=both))
    return notes
