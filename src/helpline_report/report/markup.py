"""Where text becomes markup: the one place that says of a string that it needs no escaping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.figures.model import Figure
from helpline_report.prose import rendering
from helpline_report.prose.nodes import Element, Value, values
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication


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
        made_of=_made_of(figure, words, publication.origins.get(name, ("", ""))[0]),
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


def _made_of(figure: Figure, words: EditionWords, chapter: str) -> str:
    if figure.kind == "own":
        return words.say("figure.own", chapter=chapter)
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


# Below the chapter's own heading, which is an h2.
SHIFT = 1

# A number with what touches it, such as brackets and a full stop: a browser may break a line around
# a button, and would leave them behind.
TOUCHING = re.compile(
    r"(?P<before>[^\s<>]*)<button type=\"button\" class=\"number\".*?</button><a .*?</a>"
    r"(?P<after>[^\s<>]*)"
)


def figures_in(nodes: tuple[Element, ...]) -> Iterator[str]:
    """The figures that a text shows."""
    return (value.figure for value in values(nodes) if value.figure)


def prose_html(nodes: tuple[Element, ...], prefix: str, address: Callable[[str], str]) -> Markup:
    """A text as HTML, in which each figure is a button that opens its card.

    `address` says where the audit traces a figure.
    """

    def figure(value: Value) -> Markup:
        return _button(value, address(value.figure or ""))

    text = rendering.html(nodes, shift=SHIFT, prefix=prefix, figure=figure)
    return Markup(TOUCHING.sub(_kept, text))


def _kept(match: re.Match[str]) -> str:
    touches = match["before"] or match["after"]
    return f'<span class="keep">{match[0]}</span>' if touches else match[0]


def _button(value: Value, address: str) -> Markup:
    """A number, and beside it the shortest way to its calculation for who points at it.

    It is for a pointer alone: a keyboard and a screen reader have the same link in the card.
    """
    said = Markup('<data value="{}">{}</data>').format(value.raw, value.text)
    pattern = Markup(
        '<button type="button" class="number" popovertarget="{}">{}</button>'
        '<a class="way" href="{}" tabindex="-1" aria-hidden="true"></a>'
    )
    return pattern.format(anchor(value.figure or ""), said, address)


def prose_typst(nodes: tuple[Element, ...]) -> Markup:
    """A text as Typst."""
    return Markup(rendering.typst(nodes))


def svg_html(drawing: Drawing) -> Markup:
    """A drawing as a part of the page; `charts.svg` has escaped what it holds."""
    return Markup(drawing.svg)


def every_sheet(text: str, colour: str) -> Markup:
    """A rule of a style sheet that prints a text at the foot of every sheet of paper.

    Every letter that could end it is written by its number; `colour` is one of the tokens.
    """
    safe = "".join(c if c.isalnum() or c in " .,:;" else f"\\{ord(c):06x}" for c in text)
    foot = f'content: "{safe}"; color: {colour}; font: 600 10pt sans-serif'
    return Markup(f"@page {{ margin-bottom: 20mm; @bottom-center {{ {foot} }} }}")


def made(text: str) -> Markup:
    """What a template of this package made, or a style sheet of it: markup already."""
    return Markup(text)


def typst_literal(value: Any) -> str:
    """A value as Typst writes it; text becomes a string, which can't hold markup.

    Raises:
        TypeError: it is nothing that a template may write.
    """
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return rendering.literal(value)
    if isinstance(value, Sequence):
        return "(" + "".join(f"{typst_literal(item)}, " for item in value) + ")"
    raise TypeError(f"a {type(value).__name__} is no value of the report")
