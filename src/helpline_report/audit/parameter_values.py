"""Find what a name in a text stands for that is no figure: a value of the parameters."""

import datetime as dt

from helpline_report.audit.value_spellings import Thing, ValueSpellings
from helpline_report.figures.model import Reason
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.values import Period, Translated

NO_COMPARISON = Reason(code="no_comparison")


def find_parameter(name: str, words: ValueSpellings) -> Thing | Reason | None:
    """What the parameters say by a name; a reason where it has no value, None if nothing does.

    A free text keeps the marks of its sources.
    """
    edition = words.edition
    kind, _, rest = name.partition(".")
    if kind in ("year", "period"):
        of = edition if not rest else words.comparison
        if rest not in ("", "previous"):
            return None
        if of is None:
            return NO_COMPARISON
        return words.year(of.period) if kind == "year" else of.period
    if kind == "fact":
        return _translate(edition.facts.get(rest), words)
    if kind in ("campaign", "event"):
        identifier, _, part = rest.rpartition(".")
        return _find_part(edition, kind, identifier, part, words)
    if kind in ("age", "person_age"):
        classes = edition.age_classes if kind == "age" else edition.person_ages
        return next((words.ages(each) for each in classes if each.code == rest), None)
    named: dict[str, str | Translated] = {
        "title": edition.title,
        "helpline": edition.helpline.name,
        "helpline.full_name": edition.helpline.full_name,
        "publisher": edition.publisher.name,
        "licence": edition.publisher.licence,
    }
    return _translate(named.get(name), words)


def _find_part(
    edition: Edition, kind: str, identifier: str, part: str, words: ValueSpellings
) -> Thing | None:
    """A part of a campaign or an event."""
    if kind == "event":
        event = next((each for each in edition.events if each.id == identifier), None)
        is_known = event is not None and part in ("name", "date", "source")
        return _translate(getattr(event, part), words) if is_known else None
    campaign = next((each for each in edition.campaigns if each.id == identifier), None)
    if campaign is None:
        return None
    if part == "window":
        return words.span(Period(start=campaign.start, end=campaign.end))
    if part == "target":
        return _translate(campaign.target.name if campaign.target else None, words)
    is_known = part in ("name", "goal", "means", "start", "end")
    return _translate(getattr(campaign, part), words) if is_known else None


def _translate(value: Translated | dt.date | str | None, words: ValueSpellings) -> Thing | None:
    return value.with_marks(words.language) if isinstance(value, Translated) else value
