"""The look of an edition: the tokens with its house style, for page, audit, charts and PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from helpline_report.charts.style import NARROW, SOURCE_SANS, WIDE, Font, Theme
from helpline_report.parameters.tokens import ColourName, Palette, Palettes, tokens
from helpline_report.prose.rendering import literal
from helpline_report.report.fonts import SANS, SERIF, faces, first_families
from helpline_report.report.publication import Publication

SANS_BEHIND = f'"Source Sans Pro", "Source Sans 3", {first_families(SANS)}, system-ui, sans-serif'
SERIF_BEHIND = f'"Source Serif Pro", "Source Serif 4", {first_families(SERIF)}, Georgia, serif'

# The colours that the book is set in; some of the others have names that Typst gives to its own.
ON_PAPER: tuple[ColourName, ...] = ("ink", "muted", "ground", "soft", "main", "accent", "compare")


def colours(publication: Publication) -> Palettes:
    """The colours of an edition."""
    return publication.edition.house_style.palettes()


def themes(publication: Publication) -> tuple[Theme, Theme]:
    """How charts are drawn: wide for page and paper, narrow for a phone."""
    font, own = SOURCE_SANS, publication.house.sans
    if own is not None:
        font = Font(own[0].family, own[0].file, own[1].file)
    light = {str(name): value for name, value in colours(publication).light.items()}
    wide, narrow = (replace(theme, colours=light, font=font) for theme in (WIDE, NARROW))
    return wide, narrow


def variables(publication: Publication) -> str:
    """The tokens as custom properties of a style sheet, in light and in dark."""
    made = colours(publication)
    sans, _, serif = faces(publication.house)
    fonts = {
        "sans": f'"{sans.family}", {SANS_BEHIND}',
        "serif": f'"{serif.family}", {SERIF_BEHIND}',
    }
    always = _declared(made.light) + _declared(tokens().screen) + _declared(fonts)
    dark = _declared(made.dark)
    query = "@media screen and (prefers-color-scheme: dark)"
    return f":root {{\n{always}}}\n{query} {{\n:root {{\n{dark}}}\n}}\n"


def _declared(values: Palette | Mapping[str, str]) -> str:
    return "".join(f"  --{name}: {value};\n" for name, value in values.items())


def constants(publication: Publication) -> str:
    """The tokens as constants of a Typst file: `main`, `size-body` and so on."""
    sans, _, serif = faces(publication.house)
    light = colours(publication).light
    lines = [f"#let {name} = rgb({literal(light[name])})" for name in ON_PAPER]
    lines += [f"#let size-{name} = {value}" for name, value in tokens().paper.items()]
    lines += [f"#let sans = {literal(sans.family)}", f"#let serif = {literal(serif.family)}"]
    return "\n".join(lines) + "\n"


def logo_address(publication: Publication) -> str:
    """The logo as a data URI; nothing without one. A picture can't run what it holds."""
    logo = publication.house.logo
    if logo is None:
        return ""
    return f"data:{logo.kind};base64,{b64encode(logo.data).decode('ascii')}"


def logo_literal(publication: Publication) -> Markup:
    """The logo as Typst bytes; `none` without one."""
    logo = publication.house.logo
    if logo is None:
        return Markup("none")
    if logo.kind == "image/png":
        return Markup("bytes((" + ",".join(map(str, logo.data)) + ",))")
    return Markup(f"bytes({literal(logo.data.decode('utf-8', 'replace'))})")


def logo_alternative(publication: Publication) -> str:
    """What the logo says to who can't see it; nothing without one."""
    logo = publication.house.logo
    return logo.alternative.in_language(publication.language) if logo else ""
