"""Say from the parameters alone which days and codes a comparison must be about.

What the chapters make of a campaign's window, of its target group, of the year before and of a
break is held against this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from helpline_report.figures.ledger import CampaignEffects, Ledger
from helpline_report.figures.model import Condition, Figure, PopulationSpec
from helpline_report.parameters.edition import Break, Campaign, Edition
from helpline_report.parameters.values import Period
from helpline_report.second_count.sql import dated_months

Descriptions = Iterator[tuple[str, str, str]]


def describe_comparisons(ledger: Ledger, editions: Sequence[Edition]) -> Descriptions:
    """Of each figure of a campaign and each change: its id, what it is about, and what it must be.

    `editions` are the one that is reported and, if its exports are there, the one before.
    """
    campaigns = {item.id: item for item in editions[0].campaigns}
    for each in ledger.campaigns.values():
        for effects in each.effects:
            expected = _expect_effects(effects, campaigns[effects.campaign], ledger, editions)
            for name, specs in expected.items():
                figure = ledger.figures[name]
                if figure.status == "ok":
                    free = _free_fields(figure.population, editions)
                    yield name, _describe_both(figure, free), _describe(specs, free)
    for figure in ledger.figures.values():
        years = {spec.edition for spec in (figure.population, figure.of) if spec is not None}
        if figure.kind == "change" and figure.status == "ok" and len(years & _names(editions)) > 1:
            specs = [figure.population, expect_before(figure.population, editions)]
            free = _free_fields(figure.population, editions)
            yield figure.id, _describe_both(figure, free), _describe(specs, free)


def expect_before(spec: PopulationSpec, editions: Sequence[Edition]) -> PopulationSpec:
    """A population in the year before, by the days and codes of that year.

    It begins with the day from which its fields are registered. What one code was before a split
    stands for its parts.
    """
    this, before = editions
    years = this.period.years_to(before.period)
    whole = spec.period == this.period
    period = before.period if whole else _move_period(spec.period, years)
    without = _move_period(spec.without, years) if spec.without else None
    fields, tables, splits = _fields(spec), _tables(spec), []
    for item in _breaks(editions):
        touches = item.field in fields if item.field else bool(tables & set(item.tables))
        if not (touches and period.start < item.date <= spec.period.end):
            continue
        if item.kind == "starts":
            period = Period(start=min(item.date, period.end), end=period.end)
        elif item.kind == "split":
            splits.append(item)
    expected = _expect_conditions(spec, years, splits)
    return expected.model_copy(update={"period": period, "without": without})


def _expect_conditions(spec: PopulationSpec, years: int, splits: Sequence[Break]) -> PopulationSpec:
    """A population whose conditions name the days and the codes of another year."""
    conditions = []
    for each in spec.conditions:
        codes = each.given
        if each.field == "date":
            days = (code and _move_day(dt.date.fromisoformat(code), years) for code in codes)
            codes = tuple(str(day) for day in days)
        for item in splits:
            if item.field == each.field and item.old and set(item.new) <= set(codes):
                others = codes if each.negated else [c for c in codes if c not in item.new]
                codes = tuple(dict.fromkeys([item.old, *others]))
        conditions.append(each.model_copy(update={"given": codes}))
    having = tuple(_expect_conditions(lower, years, splits) for lower in spec.having)
    return spec.model_copy(update={"conditions": tuple(conditions), "having": having})


def _expect_effects(
    effects: CampaignEffects, campaign: Campaign, ledger: Ledger, editions: Sequence[Edition]
) -> Mapping[str, Sequence[PopulationSpec]]:
    """The populations of each figure of a campaign, by its id."""
    year, margin, day = editions[0].period, dt.timedelta(campaign.around_days), dt.timedelta(1)
    window = Period(start=campaign.start, end=campaign.end)
    contacts = ledger.figures[effects.contacts].population
    inside = {"": contacts.model_copy(update={"period": window})}
    if campaign.target is not None:
        conditions = tuple(
            Condition(field=field, codes=tuple(codes), given=tuple(codes))
            for field, codes in sorted(campaign.target.persons.items())
        )
        target = {"table": "persons", "noun": "persons", "conditions": conditions}
        persons = contacts.model_copy(update={**target, "having": ()})
        inside["target_"] = inside[""].model_copy(update={"having": (*contacts.having, persons)})
    expected: dict[str, Sequence[PopulationSpec]] = {}
    for group, spec in inside.items():
        days = {
            "before": (max(year.start, window.start - margin), window.start - day),
            "after": (window.end + day, min(year.end, window.end + margin)),
        }
        expected[(effects.target if group else effects.contacts) or ""] = [spec]
        for side, (start, end) in days.items():
            if start <= end:
                other = spec.model_copy(update={"period": Period(start=start, end=end)})
                expected[getattr(effects, f"{group}{side}")] = [spec, other]
        if len(editions) > 1:
            expected[getattr(effects, f"{group}relative")] = [spec, expect_before(spec, editions)]
    return expected


def _describe_both(figure: Figure, free: frozenset[str]) -> str:
    return _describe([spec for spec in (figure.population, figure.of) if spec], free)


def _describe(specs: Sequence[PopulationSpec], free: frozenset[str]) -> str:
    """Days and conditions, without those on `free` fields."""
    texts = []
    for spec in specs:
        days = f"{spec.period.start} to {spec.period.end}"
        days += f" without {spec.without.start} to {spec.without.end}" if spec.without else ""
        texts.append(" ".join([days, *_describe_conditions(spec, free)]))
    return " against ".join(texts)


def _describe_conditions(spec: PopulationSpec, free: frozenset[str]) -> Iterator[str]:
    for each in spec.conditions:
        if each.field not in free:
            sign = "≠" if each.negated else "="
            yield f"{each.field} {sign} {' '.join(sorted(set(each.given)))}"
    for lower in spec.having:
        yield f"with {lower.table} ({' '.join(_describe_conditions(lower, free))})"


def _free_fields(spec: PopulationSpec, editions: Sequence[Edition]) -> frozenset[str]:
    """Fields whose codes in the other year the parameters alone don't say.

    That is: months with their year, and a group of codes over a field that was split.
    """
    split = {item.field for item in _breaks(editions) if item.kind == "split" and item.field}
    free = {"month"} if dated_months(editions) else set()
    for each in (spec, *spec.having):
        groups = (c for c in each.conditions if not c.negated and set(c.given) != set(c.codes))
        free |= {condition.field for condition in groups} & split
    return frozenset(free)


def _breaks(editions: Sequence[Edition]) -> list[Break]:
    breaks = {item.id: item for each in reversed(editions) for item in each.breaks}
    return list(breaks.values())


def _names(editions: Sequence[Edition]) -> set[str]:
    return {each.edition for each in editions}


def _fields(spec: PopulationSpec) -> set[str]:
    return {each.field for each in spec.conditions}.union(*map(_fields, spec.having))


def _tables(spec: PopulationSpec) -> set[str]:
    return {spec.table}.union(*map(_tables, spec.having))


def _move_period(period: Period, years: int) -> Period:
    return Period(start=_move_day(period.start, years), end=_move_day(period.end, years))


def _move_day(day: dt.date, years: int) -> dt.date:
    """The same day of another year; of the leap day the one before it."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)
