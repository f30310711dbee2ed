"""Compare both counts: a difference stops the release, and names its rows.

The chapters' windows of campaigns, target groups, years before and breaks are compared with what
the parameters alone say.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpline_report.errors import RefusedError, list_first
from helpline_report.figures.ledger import CampaignEffects, Check, Ledger
from helpline_report.figures.model import Condition, Figure, PopulationSpec, Value
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Campaign, Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.values import Period
from helpline_report.parameters.yaml import make_error
from helpline_report.private_files import write_private
from helpline_report.second_count.database import LinesLeftOut, open_database
from helpline_report.second_count.recount import (
    TIED,
    VALUE,
    CountedNumbers,
    lacks_comparison_rows,
    list_figures_due,
)
from helpline_report.second_count.row_tables import list_fields
from helpline_report.second_count.sql import KEYS
from helpline_report.second_count.statements import select_lines

# Sums and quotients of whole numbers: the two counts differ by the rounding of one division.
PRECISION = 1e-12
# Quantiles of two distributions, and sums of many quotients.
PRECISIONS = {"low": 1e-7, "high": 1e-7, "dispersion": 1e-9}
COMPARISON = "comparison"
MOST_DIFFERENCES = 20
MOST_LINES = 5
FIELDS = ("figure", "what", "first_count", "second_count", "table", "counted_by", "line")
Lines = Callable[[PopulationSpec], Sequence[int]]
Lists = Mapping[str, CodeList]
DAY = dt.timedelta(1)


@dataclass(frozen=True)
class Difference:
    """A number on which the two counts differ, and the lines of the rows that only one counts.

    `what` is `value`, or which number of the figure it is, as in `Query.gives`.
    """

    figure: str
    what: str
    first: Value | None
    second: Value | None
    table: str
    only_first: tuple[int, ...] = ()
    only_second: tuple[int, ...] = ()


@dataclass(frozen=True)
class Recounted:
    """How many figures were counted again, and what differs."""

    figures: int
    differences: tuple[Difference, ...]


def check_counts(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    second: CountedNumbers,
    *,
    lines: Lines,
    output: str,
    left_out: LinesLeftOut | None = None,
) -> tuple[Check, ...]:
    """The checks that a ledger and its second count pass.

    `lines` gives the lines of a population in the first count; the file of differences is named
    after `output`.

    Raises:
        RefusedError: the two counts differ; a private file names the rows that differ.
    """
    lists = project.codelists_of(editions[0])
    recounted = compare_counts(ledger, second, editions, lists)
    place = project.private / "recount" / f"{output}.csv"
    if recounted.differences:
        recounted = find_lines(project, editions, ledger, recounted, lines=lines, left_out=left_out)
        write_private(place, list_rows(recounted.differences))
        raise refuse(recounted, project.label(place))
    place.unlink(missing_ok=True)
    # Other figures are of a chapter's own code, or stand on the released ledger of another year.
    with_value = sum(figure.status == "ok" for figure in ledger.figures.values())
    checks = {"second_count": recounted.figures, "counted_once": ledger.counted_once}
    checks["taken_over"] = with_value - sum(checks.values())
    return tuple(
        Check(name=name, passed=True, of=of)
        for name, of in checks.items()
        if of or name == "second_count"
    )


def compare_counts(
    ledger: Ledger, numbers: CountedNumbers, editions: Sequence[Edition], lists: Lists
) -> Recounted:
    """What the second count gives otherwise than the first; `editions` are those with rows."""
    with_rows = {each.edition for each in editions}
    due = list_figures_due(ledger, with_rows)
    whole = sum(not lacks_comparison_rows(figure, with_rows) for figure in due)
    differences = [each for figure in due for each in _differences(figure, numbers[figure.id])]
    differences += [
        Difference(name, COMPARISON, first, second, ledger.figures[name].population.table)
        for name, first, second in describe_comparisons(ledger, editions, lists)
        if first != second
    ]
    return Recounted(whole, tuple(differences))


def _differences(figure: Figure, numbers: Mapping[str, Value | None]) -> Iterator[Difference]:
    """Which numbers of a figure differ: its parts or, if none does, its value."""
    table, interval = figure.population.table, figure.interval
    if not numbers:
        yield Difference(figure.id, VALUE, figure.value, None, table)
        return
    exposure = figure.exposure
    counted: dict[str, Value | None] = {
        **dict.fromkeys(("count", "numerator", "maximum"), figure.numerator),
        **dict.fromkeys(("denominator", "against", "divisor"), figure.denominator),
        **({"observed": exposure.own, "observed_against": exposure.other} if exposure else {}),
        TIED: " ".join(sorted(figure.tied)),
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        **({"dispersion": interval.dispersion} if interval else {}),
    }
    parts = [
        Difference(figure.id, gives, first, numbers[gives], table)
        for gives, first in counted.items()
        if gives in numbers and not _same(first, numbers[gives], PRECISIONS.get(gives, PRECISION))
    ]
    yield from parts
    if interval is not None:
        # The interval holds the value; that of a flag holds the ratio that it is about.
        value = interval.low if figure.kind == "flag" else figure.number
        above, below = figure.numerator, figure.denominator
        if figure.kind == "flag" and exposure and exposure.other and below and above is not None:
            value = above * exposure.other / (below * exposure.own)
        slack = 1e-9 * max(1, abs(value))
        if not interval.low - slack <= value <= interval.high + slack:
            text = f"{interval.low} to {interval.high}"
            yield Difference(figure.id, "interval", text, "an interval that holds the value", table)
    if not parts and not _same(figure.value, numbers[VALUE]):
        yield Difference(figure.id, VALUE, figure.value, numbers[VALUE], table)


def _same(first: Value | None, second: Value | None, precision: float = PRECISION) -> bool:
    if isinstance(first, str) or isinstance(second, str) or first is None or second is None:
        return first == second
    return math.isclose(first, second, rel_tol=precision, abs_tol=precision)


def find_lines(
    project: Project,
    editions: Sequence[Edition],
    ledger: Ledger,
    recounted: Recounted,
    *,
    lines: Lines,
    left_out: LinesLeftOut | None = None,
) -> Recounted:
    """The differences with the rows that make them; `lines` are those of the first count."""
    fields = list_fields(editions, project.layouts(editions), project.codelists_of(editions[0]))
    differences: list[Difference] = []
    with open_database(project, editions, left_out) as database:
        for each in recounted.differences:
            figure = ledger.figures[each.figure]
            specs = dict.fromkeys(("count", "numerator", "maximum"), figure.population)
            specs |= dict.fromkeys(("denominator", "against"), figure.of or figure.population)
            spec, only = specs.get(each.what), dict[str, Any]()
            if spec is not None and spec.table in KEYS:
                rows = database.execute(select_lines(spec, fields)).fetchall()
                first, second = {*lines(spec)}, {int(row[0]) for row in rows}
                only["only_first"] = tuple(sorted(first - second))
                only["only_second"] = tuple(sorted(second - first))
            differences.append(replace(each, **only))
    return replace(recounted, differences=tuple(differences))


def refuse(recounted: Recounted, where: str) -> RefusedError:
    """The error that names each figure, both its numbers, and some of the rows that differ.

    `where` is the private file that holds all of them.
    """
    differences = recounted.differences
    lines = []
    for each in differences:
        first, second = _write(each.first), _write(each.second)
        line = f"{each.figure}, {each.what}: {first} by the chapters, {second} by SQL"
        sides = {"the chapters count": each.only_first, "SQL counts": each.only_second}
        for who, rows in sides.items():
            some = ", ".join(map(str, rows[:MOST_LINES]))
            more = f" and {len(rows) - MOST_LINES} more" if len(rows) > MOST_LINES else ""
            line += f"; only {who} {each.table} of line {some}{more}" if rows else ""
        lines.append(line)
    listed = "\n".join(list_first(lines, MOST_DIFFERENCES))
    numbers = {"places": len(differences), "figures": recounted.figures}
    return make_error(RefusedError, "counts_differ", lines=listed, file=where, **numbers)


def _write(value: Value | None) -> str:
    if value is None:
        return "nothing"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def list_rows(differences: Sequence[Difference]) -> str:
    """Every difference and every row that makes it, as CSV: places, never what stands there."""
    rows = []
    for each in differences:
        lines: list[tuple[str, object]] = [("chapters", line) for line in each.only_first]
        lines += [("sql", line) for line in each.only_second]
        counts = (_write(each.first), _write(each.second))
        about = (each.figure, each.what, *counts, each.table)
        rows += [(*about, *line) for line in lines or [("", "")]]
    return pd.DataFrame(rows, columns=FIELDS).to_csv(index=False, lineterminator="\n")


# What a comparison must be about


def describe_comparisons(
    ledger: Ledger, editions: Sequence[Edition], lists: Lists
) -> Iterator[tuple[str, str, str]]:
    """The id of each figure that compares, what it is about, and what it must be about.

    These are the figures of campaigns, changes and ratios against the year before, and figures with
    the name of one of this year and `previous`. `editions` are the reported one and, if its exports
    are there, the one before.
    """
    expected: dict[str, Sequence[PopulationSpec]] = {}
    years = {each.edition for each in editions}
    for figure in ledger.figures.values() if len(editions) > 1 else ():
        population, of = figure.population, figure.of
        if of is not None and {population.edition, of.edition} == years:
            expected[figure.id] = [population, expect_before(population, editions, lists)]
        # A file is one of its year: another year's may have another name.
        elif population.edition == editions[1].edition and population.table != "files":
            now = ledger.figures.get(figure.id.replace(".previous", "", 1))
            if now is not None and now.population.edition == editions[0].edition:
                both = [now.population, *([now.of] if now.of else [])]
                expected[figure.id] = [expect_before(each, editions, lists) for each in both]
    campaigns = {item.id: item for item in editions[0].campaigns}
    for each in ledger.campaigns.values():
        for effects in each.effects:
            campaign = campaigns[effects.campaign]
            expected |= _expect_effects(effects, campaign, ledger, editions, lists)
    for name, specs in expected.items():
        figure = ledger.figures[name]
        if figure.status == "ok":
            own = [figure.population, *([figure.of] if figure.of else [])]
            yield name, _describe(own, editions, lists), _describe(specs, editions, lists)


def expect_before(
    spec: PopulationSpec, editions: Sequence[Edition], lists: Lists
) -> PopulationSpec:
    """A population in the year before, by the days and codes of that year.

    It begins with the day from which its fields are registered. The parts of a code that was split
    are that code.
    """
    this, before = editions
    years = this.period.years_to(before.period)

    def move(period: Period) -> Period:
        return Period(start=_move_day(period.start, years), end=_move_day(period.end, years))

    period = before.period if spec.period == this.period else move(spec.period)
    fields = {each.field for part in spec.list_nested() for each in part.conditions}
    tables, splits = {part.table for part in spec.list_nested()}, list[Break]()
    for item in {item.id: item for each in reversed(editions) for item in each.breaks}.values():
        touches = item.field in fields if item.field else bool(tables & set(item.tables))
        if touches and period.start < item.date <= spec.period.end:
            if item.kind == "starts":
                period = Period(start=min(item.date, period.end), end=period.end)
            elif item.kind == "split":
                splits.append(item)

    def change(part: PopulationSpec) -> dict[str, Any]:
        return {
            "edition": before.edition,
            "period": period,
            "without": part.without and move(part.without),
            "conditions": tuple(
                _expect_condition(each, editions, splits, lists) for each in part.conditions
            ),
        }

    return spec.update_each(change)


def _expect_condition(
    condition: Condition, editions: Sequence[Edition], splits: Iterable[Break], lists: Lists
) -> Condition:
    """A condition that names the days, months and codes of the year before."""
    this, before = (each.period for each in editions)
    years = this.years_to(before)
    codes = sorted(_codes_of(condition, lists, this))
    if condition.field == "date":
        days = (code and _move_day(dt.date.fromisoformat(code), years) for code in condition.terms)
        return condition.model_copy(update={"terms": tuple(map(str, days))})
    if condition.field == "month":
        later = {before.month_code(day): (day.year - years, day.month) for day in before.each_day()}
        months = {(day.year, day.month): this.month_code(day) for day in this.each_day()}
        named = tuple(code for code, month in later.items() if months.get(month) in codes)
        return Condition(field="month", codes=named, terms=named)
    for item in splits if condition.form == "codes" else ():
        if item.field == condition.field and item.old and set(item.new) <= set(codes):
            others = codes if condition.negated else [c for c in codes if c not in item.new]
            codes = sorted({item.old, *others})
    named = tuple(codes) if condition.form == "codes" else condition.terms
    return condition.model_copy(update={"terms": named})


def _codes_of(condition: Condition, lists: Lists, period: Period) -> set[str]:
    """The codes that a condition names; a group stands for the codes below it."""
    if condition.field == "month":
        months, asked = set(period.month_codes()), set(condition.terms)
        if condition.form == "between":
            low, high = condition.terms
            asked = {month for month in months if (low or month) <= month <= (high or month)}
        return months - asked if condition.negated else months & asked
    known = lists.get(condition.field)
    groups: dict[str, list[str]] = {}
    for code in known.codes if known else ():
        groups.setdefault(code.parent or "", []).append(code.code)
    return {code for each in condition.terms for code in groups.get(each, [each])}


def _expect_effects(
    effects: CampaignEffects,
    campaign: Campaign,
    ledger: Ledger,
    editions: Sequence[Edition],
    lists: Lists,
) -> Mapping[str, Sequence[PopulationSpec]]:
    """The populations of each figure of a campaign, by its id."""
    year, margin = editions[0].period, dt.timedelta(campaign.around_days)
    window = Period(start=campaign.start, end=campaign.end)
    contacts = ledger.figures[effects.contacts].population
    inside = {"": contacts.model_copy(update={"period": window})}
    if campaign.target is not None:
        conditions = tuple(
            Condition(field=field, codes=tuple(codes), terms=tuple(codes))
            for field, codes in sorted(campaign.target.persons.items())
        )
        target = {"table": "persons", "noun": "persons", "conditions": conditions, "having": ()}
        persons = inside[""].model_copy(update=target)
        inside["target_"] = inside[""].model_copy(update={"having": (*contacts.having, persons)})
    expected: dict[str, Sequence[PopulationSpec]] = {}
    for group, spec in inside.items():
        days = {
            "before": (max(year.start, window.start - margin), window.start - DAY),
            "after": (window.end + DAY, min(year.end, window.end + margin)),
        }
        expected[(effects.target if group else effects.contacts) or ""] = [spec]
        for side, (start, end) in days.items():
            if start <= end:
                other = spec.model_copy(update={"period": Period(start=start, end=end)})
                expected[getattr(effects, f"{group}{side}")] = [spec, other]
        if len(editions) > 1:
            before = expect_before(spec, editions, lists)
            expected[getattr(effects, f"{group}relative")] = [spec, before]
    return expected


def _describe(specs: Sequence[PopulationSpec], editions: Sequence[Edition], lists: Lists) -> str:
    periods = {each.edition: each.period for each in editions}

    def describe(spec: PopulationSpec, period: Period) -> Iterator[str]:
        for each in spec.conditions:
            codes = " ".join(sorted(_codes_of(each, lists, period)))
            if each.form == "between" and each.field != "month":
                codes = "…".join(each.terms)
            sign = "≠" if each.negated and each.field != "month" else "="
            yield f"{each.field} {sign} {codes}"
        for lower in spec.having:
            yield f"with {lower.table} ({' '.join(describe(lower, period))})"

    texts = []
    for spec in specs:
        days = f"{spec.period.start} to {spec.period.end}"
        days += f" without {spec.without.start} to {spec.without.end}" if spec.without else ""
        texts.append(" ".join([days, *describe(spec, periods[spec.edition])]))
    return " against ".join(texts)


def _move_day(day: dt.date, years: int) -> dt.date:
    """The same day of another year; of the leap day the one before it."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)
