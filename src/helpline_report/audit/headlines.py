"""Derive the headline of a chart: which of its figures stands out, and in which words."""

from collections.abc import Iterator
from typing import NamedTuple

from helpline_report.audit.code_labels import begin
from helpline_report.audit.exhibits import IN_ORDER, Exhibits, Said, read_number
from helpline_report.figures.model import Breakdown, Chart, Figure, is_protected

# Kinds of figures of which the highest is a headline.
KINDS = ("count", "share")
# Fields of time: a headline says when it was busiest.
OF_TIME = ("month", "weekday", "date")
# A week has no figure; of changes that of the largest difference stands out.
WITHOUT_HIGHEST = ("daily", "changes")


class Candidate(NamedTuple):
    """What a headline may name: its words, its figure, whether it says that nothing is known."""

    label: str
    figure: Figure
    is_last: bool


def derive_headline(exhibits: Exhibits, chart: Chart) -> Said:
    """The figure that a headline names, and its words; both are empty where none stands out."""
    words, series = exhibits.words, exhibits.ledger.breakdowns.get(chart.breakdown or "")
    if series is None or exhibits.ledger.is_artefact(series):
        return Said("", "")
    if chart.kind == "changes":
        return _derive_change(exhibits, series)
    highest = find_highest(exhibits, chart)
    if highest is None:
        return Said("", "")
    field = series.by[0]
    if series.is_crossed:
        key = "time" if series.by == ("weekday", "hour") else "most"
    else:
        key = field if field in OF_TIME else "most" if field in IN_ORDER else "first"
    what = words.spell(highest.figure)
    if series.kind != "share":
        noun = words.noun(series.population.noun, one=highest.figure.number == 1)
        what = words.say("headline.count", value=what, noun=noun)
    text = words.say(f"headline.{key}", label=highest.label, what=what)
    return Said(highest.figure.id, begin(text))


def find_highest(exhibits: Exhibits, chart: Chart) -> Candidate | None:
    """The highest of what a chart shows; None if two are equal, or nobody can know it."""
    series = exhibits.ledger.breakdowns.get(chart.breakdown or "")
    if series is None or series.kind not in KINDS or chart.kind in WITHOUT_HIGHEST:
        return None
    if exhibits.ledger.is_artefact(series):
        return None
    candidates = list(_list_candidates(exhibits, series))
    if chart.kind == "flow":
        # What the whole branches into.
        rows = exhibits.derive_flow(chart)
        branches = [Candidate(row.label, row.figure, row.is_last) for row in rows if row.level == 1]
        candidates = branches or candidates
    if any(is_protected(candidate.figure) for candidate in candidates):
        return None
    numbers = [(read_number(candidate.figure), candidate) for candidate in candidates]
    known = [(number, candidate) for number, candidate in numbers if number is not None]
    return _find_first(known) if any(number > 0 for number, _ in known) else None


def _list_candidates(exhibits: Exhibits, series: Breakdown) -> Iterator[Candidate]:
    words = exhibits.words
    for member in series.members:
        figure = exhibits.ledger.figures.get(member.figure)
        if figure is None:
            continue
        labels = [*map(words.label, series.by, member.codes)]
        label = labels[0]
        if len(labels) > 1:
            label = words.say("headline.cell", row=labels[0], column=labels[1])
        is_last = any(map(words.is_last, series.by, member.codes))
        yield Candidate(label, figure, is_last)


def _find_first(candidates: list[tuple[float, Candidate]]) -> Candidate | None:
    """The one with the largest number; None if another has as much, or it isn't known."""
    if len(candidates) <= 1:
        return None
    most = max(number for number, _ in candidates)
    first = [candidate for number, candidate in candidates if number == most]
    return first[0] if len(first) == 1 and not first[0].is_last else None


def _derive_change(exhibits: Exhibits, series: Breakdown) -> Said:
    """The code whose count differs most from the year before."""
    words = exhibits.words
    differences = []
    for candidate in _list_candidates(exhibits, series):
        now, before = candidate.figure.numerator, candidate.figure.denominator
        if now is not None and before is not None:
            differences.append((abs(now - before), candidate))
    first = _find_first(differences)
    if first is None or first.figure.value is None or first.figure.of is None:
        return Said("", "")
    what = words.spell(first.figure, "more_less")
    then = words.period(first.figure.of.period)
    text = words.say("headline.change", label=first.label, then=then, what=what)
    return Said(first.figure.id, begin(text))
