"""The card of a figure: what it is and is made of, last year's value, and where it is traced."""

from __future__ import annotations

from dataclasses import dataclass

from helpline_report.figures.model import Figure
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.publication import Publication
from helpline_report.report.words import EditionWords


@dataclass(frozen=True)
class Card:
    """What a reader sees who taps a number."""

    anchor: str
    definition: str
    made_of: str
    before: str
    audit: str


def card_of(name: str, publication: Publication, words: EditionWords) -> Card:
    """The card of a figure of the ledger.

    Raises:
        KeyError: there is no such figure.
    """
    figure = publication.ledger.figures[name]
    before = publication.ledger.figures.get(f"{name}.previous")
    said = ""
    if before is not None and before.value is not None and _as_long(figure, before):
        said = words.say("figure.before", value=words.value(before))
    return Card(
        anchor=anchor(name),
        definition=capital(words.name(figure)) + ".",
        made_of=_made_of(figure, words),
        before=said,
        audit=audit_address(name, publication),
    )


def anchor(name: str) -> str:
    """The id of a figure's card in the page."""
    return f"figure-{name}"


def audit_address(name: str, publication: Publication) -> str:
    """Where the audit traces a figure, relative to the page."""
    chapter = publication.origins.get(name, ("index", ""))[0]
    return f"audit/{chapter}.html#{name}"


def _made_of(figure: Figure, words: EditionWords) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    keys = {"mean": "figure.divided", "change": "figure.against", "rate_ratio": "figure.against"}
    key = keys.get(figure.kind, "figure.of")
    numerator = words.number(figure.numerator, "count")
    return words.say(
        key, numerator=numerator, denominator=words.number(figure.denominator, "count")
    )


def _as_long(figure: Figure, before: Figure) -> bool:
    """Half a year beside a year would be read as a rise."""
    days = figure.population.period.days, before.population.period.days
    return abs(days[0] - days[1]) <= 1
