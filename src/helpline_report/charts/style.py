"""Name the colours, sizes and fonts of charts, and write numbers; no library draws here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from babel.numbers import format_decimal

from helpline_report.parameters.house_style import OWN_SANS, FontFile, Palette, tokens
from helpline_report.parameters.yaml import read_phrases

# In light mode, on paper and in a file that stands alone. The page has the same names as custom
# properties (`--ink` and so on), with other values in dark mode.
COLOURS: Palette = MappingProxyType(
    {name: value for name, value in tokens().colours.light.items() if name not in ("page", "soft")}
)
_VARIABLE = re.compile(r"(?<=:)var\(--([a-z0-9-]+)\)")


def _make_inks() -> dict[str, str]:
    """A colour that no other name has for each name, since matplotlib draws in colours.

    It is the name's own in light mode, a hair lighter or darker where two names share one.
    """
    inks: dict[str, str] = {}
    for name, value in COLOURS.items():
        number = int(value.lstrip("#"), 16)
        while f"#{number:06x}" in inks.values():
            number += 1 if number % 256 < 128 else -1  # noqa: PLR2004 - away from the nearer end
        inks[name] = f"#{number:06x}"
    return inks


INK: Mapping[str, str] = MappingProxyType(_make_inks())


@dataclass(frozen=True)
class Theme:
    """The width a chart is drawn at and its sizes of text, in pixels; and its fonts."""

    name: Literal["wide", "narrow"]
    width: float
    text: float
    small: float
    fonts: tuple[FontFile, FontFile] = OWN_SANS


WIDE = Theme(name="wide", width=680, text=15, small=13)
NARROW = Theme(name="narrow", width=320, text=14, small=12.5)


def variable(name: str) -> str:
    """How a drawing names a colour: as a custom property of the page's style sheet.

    What is left open shows the ground: in the page that is the page's own.
    """
    return "var(--page)" if name == "ground" else f"var(--{name})"


def in_colours(svg: str, colours: Palette) -> str:
    """A drawing with its colours themselves in the place of their names."""
    values = {str(name): value for name, value in colours.items()} | {"page": colours["ground"]}
    return _VARIABLE.sub(lambda match: values[match[1]], svg)


@lru_cache(maxsize=10_000)
def _write_digits(value: float, locale: str) -> str:
    return str(format_decimal(value, format="#,##0.####", locale=locale))


def write_number(value: float, unit: str, locale: str) -> str:
    """A number with the decimals it has, four at most."""
    text = _write_digits(round(value, 4) + 0.0, locale)
    if unit not in ("percent", "percent change"):
        return text
    phrases = read_phrases("helpline_report.prose", locale.partition("_")[0])
    return str(phrases["percent"]).format(number=text)
