"""Texts that stay texts where a spreadsheet opens them."""

from __future__ import annotations

import unicodedata

# What begins a formula in some spreadsheet, the full-width forms too.
FORMULA = frozenset(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def harmless(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula: an apostrophe stands before it.

    What can't be seen at its beginning (a tab, a mark of direction) hides no formula.
    """
    seen = next((letter for letter in text if not _unseen(letter)), "")
    return f"'{text}" if (seen and seen in FORMULA) or text[:1] in ("\t", "\r") else text


def _unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")
