"""Markup of texts for the two outputs, and how values become literals of Typst."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from markupsafe import Markup

from helpline_report.charts.draw import Drawing
from helpline_report.edition.cards import anchor
from helpline_report.edition.publication import Publication
from helpline_report.prose.nodes import Block, values


def figures_in(nodes: tuple[Block, ...]) -> Iterator[str]:
    """The figures that a text shows."""
    return (value.figure for value in values(nodes) if value.figure)


def svg_html(drawing: Drawing) -> Markup:
    """A drawing as a part of the page; `charts.svg` has escaped what it holds."""
    return Markup(drawing.svg)


def typst_literal(value: Any) -> str:
    """A value as Typst writes it; text becomes a string, which can't hold markup."""
    if isinstance(value, Markup):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return typst_string(value)
    if isinstance(value, Sequence):
        return "(" + "".join(f"{typst_literal(item)}, " for item in value) + ")"
    raise TypeError(f"a {type(value).__name__} is no value of the report")


def typst_string(text: str) -> str:
    """A Typst string literal of `text`, whatever it holds."""
    made = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(_in_string(character) for character in made) + '"'


def _in_string(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def prose_html(nodes: tuple[Block, ...], publication: Publication) -> Markup:
    """A text as HTML; each figure is a button that opens its card."""
    from helpline_report.prose import render_html

    return Markup(render_html.html(nodes))


def prose_typst(nodes: tuple[Block, ...]) -> Markup:
    """A text as Typst."""
    from helpline_report.prose import render_typst

    return Markup(render_typst.typst(nodes))
