"""Say which figures a chart shows, in which order and in which words; no library draws here."""

from collections.abc import Mapping, Sequence

from babel.dates import get_day_names, get_month_names

from helpline_report.charts.style import write_number
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import (
    Breakdown,
    Chart,
    Figure,
    PopulationSpec,
    Reason,
    Unit,
)
from helpline_report.parameters.row_layouts import UNKNOWN
from helpline_report.parameters.values import Number
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.forms import TABLE, write_decimals
from helpline_report.prose.numbers import fill_phrase, percent
from helpline_report.prose.writer import Writer

# Notes and breaks are marked by these letters, in their order.
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Fields whose codes have an order of their own: they aren't ranked by size.
ORDERED = frozenset(
    {"month", "weekday", "hour", "date", "day", "quarter", "age_class", "caller_age_class"}
)


class ChartWords:
    """Labels, numbers and phrases in the language of a writer, for the figures of its ledger."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.ledger, self.language = writer.ledger, writer.language
        self.locale = writer.idiom.locale
        self.phrases = read_phrases("helpline_report.charts", self.language)
        # The label of a code; what a series or a cross-table shows; what a single figure is of.
        self.label, self.caption, self.name = writer.label, writer.caption, writer.definition

    def say(self, key: str, **values: str) -> str:
        """A phrase.

        Raises:
            KeyError: there is none by that key, or a value in it isn't given.
        """
        return fill_phrase(self.phrases[key], values)

    def short(self, field: str, code: str) -> str:
        """The label of a code where there is little room (`jan`, `ma`)."""
        match field:
            case "month":
                year, _, month = code.rpartition("-")
                names = get_month_names("abbreviated", locale=self.locale)
                return f"{str(names[int(month)]).rstrip('.')} {year}".rstrip()
            case "weekday":
                days = get_day_names("abbreviated", locale=self.locale)
                return str(days[int(code) - 1]).rstrip(".")
            case "hour" if code.isdigit():
                return str(int(code))
        return self.label(field, code)

    def value(self, figure: Figure | None) -> str:
        """A value as it is written in a table; a category that didn't exist wasn't registered."""
        return self.writer.cell_text(figure) if figure else self.say("not_registered")

    def number(self, value: float, unit: Unit) -> str:
        """A number with the decimals it has."""
        return write_number(value, unit, self.locale)

    def decimals(self, value: Number, unit: Unit, decimals: int | None = None) -> str:
        """A number with the decimals that its unit has in a table, or with `decimals`."""
        if decimals is None:
            whole = unit == "count" and float(value).is_integer()
            decimals = TABLE.get(unit, 0 if whole else 2)
        return write_decimals(self.writer, value, unit, decimals)

    def interval(self, key: str, figure: Figure, **values: str) -> str:
        """A phrase with the ends of a figure's interval as a table writes them, and its level.

        Nothing of a figure without one. The interval of a flag is that of the ratio it was made of.
        """
        interval, unit = figure.interval, figure.unit if figure.kind != "flag" else "ratio"
        if interval is None or figure.value is None:
            return ""
        low, high = (
            self.decimals(end, unit, interval.count_decimals(end, TABLE[unit]))
            for end in (interval.low, interval.high)
        )
        level = percent(self.writer.idiom, 100 * interval.level, 0)
        return self.say(key, low=low, high=high, level=level, **values)

    def rows(self, numbers: Sequence[int | None]) -> str:
        """A sum of rows; that it isn't shown, where one of them isn't."""
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return self.writer.short_reason(Reason(code="protected"))
        return self.number(sum(known), "count")

    def counts(self, figure: Figure | None) -> str:
        """The two counts that a change is made of; nothing where it keeps none."""
        if figure is None or figure.numerator is None or figure.denominator is None:
            return ""
        before, now = (self.number(n, "count") for n in (figure.denominator, figure.numerator))
        return self.say("from_to", before=before, now=now)

    def period(self, population: PopulationSpec) -> str:
        """The period of a population."""
        return self.writer.idiom.period(population.period)

    def last(self, field: str, code: str) -> int:
        """1 for a code of all that has none, 2 for one that says that nothing is known, else 0."""
        codelist = self.writer.codelists.get(field)
        entry = codelist.by_code.get(code) if codelist else None
        if entry is None:
            # An hour or an age has no code list.
            return 2 if code == UNKNOWN else 0
        return 2 if entry.missing else int(entry.rest)


def find_breakdown(chart: Chart, ledger: Ledger) -> Breakdown | None:
    """The series or the cross-table that a chart draws; None for single figures."""
    return ledger.breakdowns.get(chart.breakdown or "")


def number_of(figure: Figure | None) -> float | None:
    """The value of a figure as a number, or None where there is none."""
    if figure is None or figure.value is None or isinstance(figure.value, str):
        return None
    return float(figure.value)


def explain_empty_chart(chart: Chart, ledger: Ledger) -> Reason | None:
    """Why nothing that a chart shows has a value; None where something has, so it can be drawn."""
    subject, names = find_breakdown(chart, ledger), chart.figures
    if subject is not None:
        names = tuple(member.figure for member in subject.members)
    figures = [ledger.figures[name] for name in names if name in ledger.figures]
    if any(number_of(figure) is not None for figure in figures):
        return None
    reasons = [figure.reason for figure in figures if figure.reason]
    if subject is not None and subject.reason is not None:
        reasons.append(subject.reason)
    return next(iter(reasons), Reason(code="no_rows"))


def rank_codes(
    codes: Sequence[str], figures: Mapping[str, Figure | None], field: str, words: ChartWords
) -> list[str]:
    """Codes from the largest figure to the smallest; 'other' and 'unknown' come last.

    Fields that have an order (months, ages) keep it. Ties keep the order of the code list.
    """
    if field in ORDERED:
        return list(codes)

    def place(code: str) -> tuple[int, bool, float]:
        value = number_of(figures.get(code))
        return words.last(field, code), value is None, -(value or 0.0)

    return sorted(codes, key=place)


def list_flow_rows(
    chart: Chart, series: Breakdown, words: ChartWords
) -> list[tuple[int, str, Figure]] | None:
    """A flow, depth first: the whole (level 0), its groups and codes (1), codes of groups (2).

    Each with its label. Groups stand where their first code does, and their codes by size; a code
    of no group branches off from the whole. A group without a value is none: its codes stand for
    themselves. None where the whole itself has no value.
    """
    ledger, field = words.ledger, series.by[0]
    figures = [ledger.figures[name] for name in chart.figures if name in ledger.figures]
    whole = next((item for item in figures if item.population == series.population), None)
    if whole is None or number_of(whole) is None:
        return None
    # The group of each code: its name and its figure.
    groups: dict[str, tuple[str, Figure]] = {}
    for item in figures:
        condition = item.population.condition(field)
        if item.id != whole.id and condition and number_of(item) is not None:
            label = ", ".join(words.label(field, code) for code in condition.terms)
            groups |= dict.fromkeys(condition.codes, (label, item))
    members = {member.codes[0]: ledger.figures[member.figure] for member in series.members}
    rows = [(0, words.name(whole), whole)]
    for code, figure in members.items():
        label, group = groups.get(code, (words.label(field, code), figure))
        if any(group is item for _, _, item in rows):
            continue
        rows.append((1, label, group))
        codes = [member for member in members if groups.get(member, ("", None))[1] is group]
        for code_of_group in rank_codes(codes, members, field, words):
            # 'verwijzing naar …' is 'naar …' where it hangs on its group.
            name = words.label(field, code_of_group).removeprefix(f"{label} ")
            rows.append((2, name, members[code_of_group]))
    return rows
