"""Say from the parameters alone which days and codes a comparison must be about.

The chapters' windows of campaigns, target groups, years before and breaks are compared with this.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from helpline_report.figures.ledger import CampaignEffects, Ledger
from helpline_report.figures.model import Condition, PopulationSpec
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Break, Campaign, Edition
from helpline_report.parameters.values import Period

DAY = dt.timedelta(1)
Lists = Mapping[str, CodeList]


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
