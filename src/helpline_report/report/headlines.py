"""The headline of a chart: what it found, made of the figures that it draws."""

from __future__ import annotations

from dataclasses import dataclass

from helpline_report.charts.chart_figures import ORDERED, flow_rows, number_of, shown_by
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Crosstab, Figure, Series
from helpline_report.prose.forms import direction
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords

# What a headline may say of: counts, and shares of a whole. A change or a rank has none.
TOLD = ("count", "share")

# More names than this make no headline.
MOST_NAMED = 3


@dataclass(frozen=True)
class _Place:
    """A category, or two of them, with its figure."""

    label: str
    figure: Figure
    missing: bool


def headline(chart: Chart, ledger: Ledger, words: EditionWords) -> str:
    """The highest of what a chart shows, in one phrase; nothing where none stands out.

    Nothing is said of what is unknown, of a draw, or of figures that aren't counted.
    """
    shown = shown_by(chart, ledger)
    if isinstance(shown, Series) and chart.kind == "changes":
        return capital(_changed(shown, ledger, words))
    highest = _standing_out(chart, ledger, words)
    if shown is None or highest is None:
        return ""
    if isinstance(shown, Crosstab):
        key = "time" if (shown.rows, shown.columns) == ("weekday", "hour") else "most"
    else:
        key = _key(shown.by)
    return capital(
        words.say(f"headline.{key}", label=highest.label, what=_what(highest.figure, shown, words))
    )


def told(chart: Chart, ledger: Ledger, words: EditionWords) -> Figure | None:
    """The figure whose value the headline ends with, if it tells one."""
    highest = _standing_out(chart, ledger, words)
    return highest.figure if highest else None


def _standing_out(chart: Chart, ledger: Ledger, words: EditionWords) -> _Place | None:
    shown = shown_by(chart, ledger)
    if isinstance(shown, Crosstab):
        return _highest(_cells(shown, ledger, words))
    if isinstance(shown, Series) and shown.kind in TOLD and chart.kind != "changes":
        groups = _groups(chart, shown, ledger, words) if chart.kind == "flow" else []
        return _highest(groups or _members(shown, ledger, words))
    return None


def _changed(series: Series, ledger: Ledger, words: EditionWords) -> str:
    """Which codes rose and fell, as far as the figures bear it out; nothing of what has none."""
    found: dict[str, list[str]] = {"rise": [], "fall": [], "same": [], "unproven": []}
    then = ""
    for place in _members(series, ledger, words):
        if number_of(place.figure) is not None:
            found[direction(place.figure)].append(place.label)
            then = words.period(place.figure.of) if place.figure.of else then
    told = {key: words.writer.joined(found[key]) for key in ("rise", "fall") if found[key]}
    if any(len(found[key]) > MOST_NAMED for key in told) or not any(found.values()):
        return ""
    if not told:
        return words.say("headline.unproven", then=then)
    return words.say(f"headline.{'_'.join(told)}", then=then, **told)


def _groups(chart: Chart, series: Series, ledger: Ledger, words: EditionWords) -> list[_Place]:
    """The parts that a flow's whole branches into; none where the whole has no value."""
    return [
        _Place(label, figure, words.chart.missing(series.by, figure.code or ""))
        for level, label, figure in flow_rows(chart, series, ledger, words.chart) or ()
        if level == 1
    ]


def _key(field: str) -> str:
    """Which sentence fits a field: a time is busy, a category stands first."""
    if field in ("month", "weekday", "date"):
        return field
    return "most" if field in ORDERED else "first"


def _what(figure: Figure, shown: Series | Crosstab, words: EditionWords) -> str:
    value = words.value(figure)
    if isinstance(shown, Series) and shown.kind == "share":
        return value
    noun = words.writer.noun(shown.population.noun, one=number_of(figure) == 1)
    return words.say("headline.count", value=value, noun=noun)


def _members(series: Series, ledger: Ledger, words: EditionWords) -> list[_Place]:
    return [
        _Place(
            words.label(series.by, member.code),
            ledger.figures[member.figure],
            words.chart.missing(series.by, member.code),
        )
        for member in series.members
        if member.figure in ledger.figures
    ]


def _cells(crosstab: Crosstab, ledger: Ledger, words: EditionWords) -> list[_Place]:
    return [
        _Place(
            words.say(
                "headline.cell",
                row=words.label(crosstab.rows, cell.row),
                column=words.label(crosstab.columns, cell.column),
            ),
            ledger.figures[cell.figure],
            words.chart.missing(crosstab.rows, cell.row)
            or words.chart.missing(crosstab.columns, cell.column),
        )
        for cell in crosstab.cells
        if cell.figure in ledger.figures
    ]


def _highest(places: list[_Place]) -> _Place | None:
    known = [(number_of(place.figure), place) for place in places]
    values = sorted((value for value, _ in known if value is not None), reverse=True)
    if len(values) < 2 or values[0] <= 0 or values[0] == values[1]:  # noqa: PLR2004 - a draw of two
        return None
    place = next(place for value, place in known if value == values[0])
    return None if place.missing else place
