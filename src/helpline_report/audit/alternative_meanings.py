"""Derive what the alternative text of a drawing says: the chart, and its values or extremes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpline_report.audit.code_labels import begin
from helpline_report.audit.exhibits import Exhibits, read_number
from helpline_report.audit.part_meanings import TrendMeaning
from helpline_report.figures.model import Breakdown, Chart, Figure

# A series of more values is summed up by its highest and its lowest.
MOST_VALUES = 6
RANKED = ("bars", "flow")


class DrawnValue(NamedTuple):
    """A name with its figure, which a year may lack."""

    name: str
    figure: Figure | None

    @property
    def number(self) -> float | None:
        """Its value, if it has any."""
        return read_number(self.figure)


def derive_alternative(exhibits: Exhibits, chart: Chart) -> str:
    """All that the alternative text of a chart says."""
    say = exhibits.words.say
    sentences = [say(f"kind.{chart.kind}")]
    series = exhibits.ledger.breakdowns.get(chart.breakdown or "")
    if series is not None:
        sentences.append(exhibits.words.caption(series))
    sentences += filter(None, _list_sentences(exhibits, chart, series))
    if chart.kind == "own":
        count = sum(value.number is not None for value in _list_all(exhibits, chart, series))
        sentences.append(say("points", count=exhibits.words.number(count)))
    return _join(sentences)


def derive_trend_alternative(exhibits: Exhibits, trend: TrendMeaning) -> str:
    """That of the printed totals of a noun."""
    words = exhibits.words
    values = []
    for point in trend.points:
        standing = f" ({words.say('trend.provisional')})" if point.standing != "final" else ""
        values.append(f"{point.year}: {words.number(point.value)}{standing}")
    return _join([words.say("kind.trend"), trend.caption, "; ".join(values)])


def _join(sentences: Sequence[str]) -> str:
    first, *others = sentences
    return ". ".join([first, *(begin(other.rstrip(". ")) for other in others)]) + "."


def _list_sentences(exhibits: Exhibits, chart: Chart, series: Breakdown | None) -> Iterator[str]:
    flow = exhibits.derive_flow(chart) if series is not None and chart.kind == "flow" else []
    if flow:
        yield from _list_branches(exhibits, chart)
    elif series is None or chart.kind == "changes":
        yield from _list_estimates(exhibits, chart, series)
    else:
        values = _list_values(exhibits, chart, series)
        known = [value for value in values if value.number is not None]
        if series.is_crossed:
            yield from _list_extremes(exhibits, values, most=1)
            return
        if len(known) <= MOST_VALUES:
            yield "; ".join(f"{value.name}: {_write(exhibits, value)}" for value in known)
        else:
            is_cut = exhibits.count_not_drawn(chart) > 0
            yield from _list_extremes(exhibits, values, has_lowest=not is_cut)
        absent = [value.name for value in values if value.number is None]
        if 0 < len(absent) <= MOST_VALUES:
            yield exhibits.words.say("absent", what=", ".join(absent))


def _write(exhibits: Exhibits, value: DrawnValue) -> str:
    """A value as a table has it, without its interval."""
    if value.figure is None:
        return exhibits.words.say("not_registered")
    return exhibits.words.write_in_table(value.figure)


def list_codes(exhibits: Exhibits, chart: Chart, series: Breakdown) -> list[str]:
    """The codes that are drawn, in their order: also those of the year before alone."""
    if chart.kind in RANKED:
        return exhibits.list_drawn_codes(chart)[: chart.most]
    against = exhibits.find_against(chart)
    both = [series] if against is None or series.open else [series, against]
    return list(dict.fromkeys(member.codes[0] for item in both for member in item.members))


def _list_values(exhibits: Exhibits, chart: Chart, series: Breakdown) -> list[DrawnValue]:
    """What is drawn of a series, or of a cross-table, in its order."""
    words, known = exhibits.words, exhibits.ledger.figures
    if series.is_crossed:
        return [
            DrawnValue(", ".join(map(words.label, series.by, member.codes)), known[member.figure])
            for member in series.members
            if member.figure in known
        ]
    figures = {member.codes[0]: known.get(member.figure) for member in series.members}
    codes = list_codes(exhibits, chart, series)
    return [DrawnValue(words.label(series.by[0], code), figures.get(code)) for code in codes]


def _list_all(exhibits: Exhibits, chart: Chart, series: Breakdown | None) -> list[DrawnValue]:
    """All values of a chart, those of the year before too."""
    known = exhibits.ledger.figures
    if series is None:
        return [DrawnValue("", known[name]) for name in chart.figures if name in known]
    values = _list_values(exhibits, chart, series)
    against = None if series.is_crossed else exhibits.find_against(chart)
    if against is not None:
        figures = {member.codes[0]: known.get(member.figure) for member in against.members}
        codes = list_codes(exhibits, chart, series)
        values += [DrawnValue("", figures.get(code)) for code in codes]
    return values


def _list_extremes(
    exhibits: Exhibits, values: Sequence[DrawnValue], *, most: int = 3, has_lowest: bool = True
) -> Iterator[str]:
    """The highest and the lowest with those that equal it; none where a value isn't shown."""
    numbers = [value.number for value in values if value.number is not None]
    is_hidden = any(value.figure and value.figure.status == "suppressed" for value in values)
    if not numbers or is_hidden:
        return
    for key, extreme in {"highest": max(numbers), "lowest": min(numbers)}.items():
        if key == "highest" or has_lowest:
            first, *others = [value for value in values if value.number == extreme]
            draw = exhibits.words.write_draw([other.name for other in others], most=most)
            text = f"{_write(exhibits, first)}{draw}"
            yield exhibits.words.say(key, name=first.name, value=text)


def _list_estimates(exhibits: Exhibits, chart: Chart, series: Breakdown | None) -> Iterator[str]:
    """Each value with its name and its interval."""
    words, known = exhibits.words, exhibits.ledger.figures
    if series is not None:
        values = _list_values(exhibits, chart, series)
    else:
        figures = [known[name] for name in chart.figures if name in known]
        values = [DrawnValue(words.definition(figure), figure) for figure in figures]
    for value in values:
        text = _write(exhibits, value)
        if value.figure is not None:
            text = words.write_interval(value.figure, "interval", value=text) or text
        yield f"{value.name}: {text}"


def _list_branches(exhibits: Exhibits, chart: Chart) -> Iterator[str]:
    """The whole with its parts, and each part that has parts of its own."""
    rows = exhibits.derive_flow(chart)

    def write(level: int, start: int) -> str:
        """The parts one level lower, up to the next that is as high."""
        parts = []
        for row in rows[start:]:
            if row.level < level:
                break
            if row.level == level:
                value = exhibits.words.write_in_table(row.figure)
                parts.append(f"{row.label}: {value}")
        return "; ".join(parts)

    for level in (0, 1):
        for place, row in enumerate(rows):
            if row.level == level and (parts := write(level + 1, place + 1)):
                whole = f"{row.label}: {exhibits.words.write_in_table(row.figure)}"
                yield exhibits.words.say("made_of", whole=whole, parts=parts)
