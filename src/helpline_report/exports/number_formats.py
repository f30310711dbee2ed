"""Whether a number format of a workbook shows a date, a time, an exponent or a plain number."""

from __future__ import annotations

import re

from helpline_report.exports.cells import Kind

# ECMA-376, part 1, 18.8.30; 27 to 36 and 50 to 58 are dates of East Asian locales.
BUILT_IN = {
    11: Kind.EXPONENT,
    48: Kind.EXPONENT,
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), Kind.DATE),
    **dict.fromkeys((*range(18, 22), *range(32, 36), *range(45, 48)), Kind.TIME),
    22: Kind.MOMENT,
}
# What stands in a format to be shown as it is: quoted, escaped, spaced or filled; and colours,
# conditions and locales in brackets.
SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
EXPONENT = re.compile(r"[0#?]E[+-]", re.IGNORECASE)


def kind_of(number: int, code: str | None) -> Kind:
    """The kind of a number in the format `number`, whose code is `code` unless it is built in."""
    if code is None:
        return BUILT_IN.get(number, Kind.NUMBER)
    section = SHOWN.sub("", code).split(";")[0].lower()
    if "general" in section or "@" in section:
        return Kind.NUMBER
    if EXPONENT.search(section):
        return Kind.EXPONENT
    clock = any(token in section for token in ("h", "s"))
    # A month and minutes are the same letter: minutes stand by hours or seconds.
    dated = any(token in section for token in ("y", "d")) or ("m" in section and not clock)
    if dated:
        return Kind.MOMENT if clock else Kind.DATE
    return Kind.TIME if clock else Kind.NUMBER
