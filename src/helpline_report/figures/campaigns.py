"""What a campaign's window shows: its contacts against the days around it and the year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from helpline_report.errors import PopulationError
from helpline_report.figures import measures, rates
from helpline_report.figures.comparison import crossed_breaks
from helpline_report.figures.ledger import CampaignEffects
from helpline_report.figures.model import Figure, Reason
from helpline_report.figures.population import Population
from helpline_report.parameters.edition import Campaign
from helpline_report.parameters.values import Period

Record = Callable[[Figure], None]


def effects(name: str, contacts: Population, campaign: Campaign, record: Record) -> CampaignEffects:
    """Count a campaign's window, and its rate per open day against two others.

    Against the days around it (as many on each side as the campaign says, as far as the period
    goes), and against the same window of the comparison year: for all contacts, and for those of
    the campaign's target group. What it shows proves no cause.
    """
    names = _names(f"{name}.{campaign.id}", contacts, campaign)
    for prefix, population in names.items():
        inside = population.during(campaign.start, campaign.end)
        record(measures.count(f"{prefix}.contacts", inside))
        record(_against_around(f"{prefix}.around", inside, population, campaign))
        record(_against_previous(f"{prefix}.previous", inside))
    own, *target = names
    return CampaignEffects(
        campaign=campaign.id,
        contacts=f"{own}.contacts",
        around=f"{own}.around",
        previous=f"{own}.previous",
        target=f"{target[0]}.contacts" if target else None,
        target_around=f"{target[0]}.around" if target else None,
        target_previous=f"{target[0]}.previous" if target else None,
    )


def _names(prefix: str, contacts: Population, campaign: Campaign) -> dict[str, Population]:
    found = {prefix: contacts}
    if campaign.target:
        persons = Population.whole(contacts.register, "persons")
        conditions = {field: list(codes) for field, codes in campaign.target.persons.items()}
        try:
            target = contacts.having(persons.where(**conditions))
        except PopulationError as error:
            raise PopulationError(
                f"the target group of campaign '{campaign.id}': {error}"
            ) from None
        found[f"{prefix}.target"] = target
    return found


def _against_around(name: str, inside: Population, whole: Population, campaign: Campaign) -> Figure:
    """The window against the days before and after it, as far as the period goes."""
    period = whole.register.edition.period
    margin = dt.timedelta(days=campaign.around_days)
    start, end = max(period.start, campaign.start - margin), min(period.end, campaign.end + margin)
    around = whole.during(start, end, without=Period(start=campaign.start, end=campaign.end))
    return rates.rate_ratio(name, inside, around, exposure=measures.OPEN_DAY)


def _against_previous(name: str, inside: Population) -> Figure:
    crossed = crossed_breaks(inside)
    if crossed:
        reason = Reason(code="break", about=crossed[0].id)
        return measures.unavailable(name, inside, reason, kind="rate_ratio", unit="ratio")
    return rates.rate_ratio(name, inside, inside.previous(), exposure=measures.OPEN_DAY)
