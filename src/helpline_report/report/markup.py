"""Turn text into markup: the one place that says of a string that it needs no escaping."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib.metadata import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.filters import DataTypeFilter

from helpline_report.charts.drawing_steps import Drawing
from helpline_report.figures.model import Figure, Unit
from helpline_report.prose import rendering
from helpline_report.prose.nodes import Element, Value, values
from helpline_report.prose.numbers import capitalised as capital
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import colours
from helpline_report.report.publication import Publication

TEMPLATES = Path(__file__).parent / "templates"
HTML, TYPST = "text/html", "text/x-typst"

# Below the chapter's own heading, which is an h2.
SHIFT = 1
# What says of a figure that is no share what its two numbers are.
MADE_OF = {"mean": "figure.divided", "change": "figure.against", "rate_ratio": "figure.against"}

# A number with what touches it, such as brackets and a full stop: a browser may break a line around
# a button, and would leave them behind.
TOUCHING = re.compile(
    r"(?P<before>[^\s<>]*)<button type=\"button\" class=\"number\".*?</button><a .*?</a>"
    r"(?P<after>[^\s<>]*)"
)
# It is for a pointer alone: a keyboard and a screen reader have the same link in the card.
NUMBER = Markup(
    '<button type="button" class="number" popovertarget="{anchor}">'
    '<data value="{value.raw}">{value.text}</data></button>'
    '<a class="way" href="{address}" tabindex="-1" aria-hidden="true"></a>'
)


class Card(NamedTuple):
    """What a reader sees who taps a number."""

    anchor: str
    definition: str
    made_of: str
    margin: str
    before: str
    audit: str


def card_of(name: str, words: EditionWords) -> Card:
    """The card of a figure of the ledger.

    Raises:
        KeyError: there is no such figure.
    """
    publication, figures = words.publication, words.ledger.figures
    figure, before = figures[name], figures.get(f"{name}.previous")
    made_of = earlier = ""
    if figure.kind == "own":
        made_of = words.say("figure.own", chapter=publication.origins.get(name, ("", ""))[0])
    elif figure.numerator is not None and figure.denominator is not None:
        numbers = (words.number(n, "count") for n in (figure.numerator, figure.denominator))
        both = dict(zip(("numerator", "denominator"), numbers, strict=True))
        made_of = words.say(MADE_OF.get(figure.kind, "figure.of"), **both)
    # Half a year beside a year would be read as a rise.
    days = [each.population.period.days for each in (figure, before) if each is not None]
    if before is not None and before.value is not None and max(days) - min(days) <= 1:
        earlier = words.say("figure.before", value=words.value(before))
    definition = capital(words.name(figure)) + "."
    margin = _margin(figure, words)
    audit = audit_address(name, publication)
    return Card(anchor(name), definition, made_of, margin, earlier, audit)


def _margin(figure: Figure, words: EditionWords) -> str:
    """The interval of a comparison with its dispersion factor; nothing of another figure."""
    interval = figure.interval
    if interval is None or interval.dispersion is None or figure.value is None:
        return ""
    unit: Unit = "ratio" if figure.kind == "flag" else figure.unit
    low, high = (words.decimals(end, unit) for end in (interval.low, interval.high))
    phi = words.decimals(interval.dispersion, "ratio")
    return words.say("figure.dispersion", low=low, high=high, phi=phi)


def anchor(name: str) -> str:
    """The id of a figure's card in the page."""
    return f"figure-{name}"


def audit_address(name: str, publication: Publication) -> str:
    """Where the audit traces a figure, relative to the page."""
    chapter = publication.origins.get(name, ("index", ""))[0]
    return f"audit/{chapter}.html#{name}"


def figures_in(nodes: tuple[Element, ...]) -> Iterator[str]:
    """The figures that a text shows."""
    return (value.figure for value in values(nodes) if value.figure)


def prose_html(nodes: tuple[Element, ...], prefix: str, address: Callable[[str], str]) -> Markup:
    """A text as HTML, in which each figure is a button that opens its card.

    `address` says where the audit traces a figure; a pointer has that way beside the number.
    """

    def button(value: Value) -> Markup:
        name = value.figure or ""
        return NUMBER.format(anchor=anchor(name), value=value, address=address(name))

    def keep(match: re.Match[str]) -> str:
        touches = match["before"] or match["after"]
        return f'<span class="keep">{match[0]}</span>' if touches else match[0]

    text = rendering.html(nodes, shift=SHIFT, prefix=prefix, figure=button)
    return Markup(TOUCHING.sub(keep, text))


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


@cache
def nbconvert_templates() -> Path:
    """The folder of templates that nbconvert itself brought, whatever else the host has."""
    for file in files("nbconvert") or ():
        if file.match("templates/base/null.j2"):
            return Path(str(file.locate())).resolve().parents[1]
    return Path(sys.prefix) / "share" / "jupyter" / "nbconvert" / "templates"


def cells_environment(templates: Path, **options: Any) -> Environment:
    """Templates of a folder, which may extend those that nbconvert brought."""
    return Environment(
        loader=FileSystemLoader([templates, nbconvert_templates()]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )


def html_environment(words: EditionWords) -> Environment:
    """Templates of pages: autoescaped, and an unknown name is an error."""
    environment = cells_environment(TEMPLATES, autoescape=True)
    traced = partial(audit_address, publication=words.publication)
    environment.filters |= {
        "every_sheet": partial(every_sheet, colour=colours(words.publication).light["accent"]),
        "filter_data_type": DataTypeFilter(display_data_priority=[HTML]),
        "prose": partial(prose_html, address=traced),
        "address": lambda cell: cell.address or traced(cell.figure or cell.about),
        "svg": svg_html,
    }
    environment.globals["say"] = words.say
    return environment


def typst_environment(words: EditionWords) -> Environment:
    """Templates of the PDF: each expression is written as a Typst literal."""
    environment = cells_environment(TEMPLATES, autoescape=False, finalize=typst_literal)
    environment.filters |= {
        "filter_data_type": DataTypeFilter(display_data_priority=[TYPST]),
        "prose": prose_typst,
        "made": made,
    }
    environment.globals["say"] = words.say
    return environment


def macros(environment: Environment, file: str = "parts.html.j2") -> Any:
    """The macros of a template, as functions that give markup."""
    return environment.get_template(file).module
