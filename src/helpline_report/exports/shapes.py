"""Texts as messages may show them: the shape of a value, and the plain form of a label."""

from __future__ import annotations

import re
import unicodedata

from helpline_report.parameters.unseen import UNSEEN

SHAPE_LENGTH = 24
NO_WIDTH = dict.fromkeys((*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), *UNSEEN))
# What bytes of UTF-8 look like when they are read as Windows-1252, or as an older code page (which
# makes of `é` a line or a root), and what is left of a letter that a program could not read.
MOJIBAKE = re.compile(
    "[ÂÃÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€‚]|ï»¿|ðŸ|[├√][^\x00-\x7f]|\ufffd"
)


def shape(text: str) -> str:
    """The shape of a value: `9` for digits, `A` and `a` for letters, the rest as it stands.

    Never the value: a name typed in the wrong column must not reach a message or a log.
    """
    if not text.strip():
        return "blank"
    drawn = "".join(_mark(character) for character in text[:SHAPE_LENGTH])
    return f"'{drawn}{'…' if len(text) > SHAPE_LENGTH else ''}'"


def _mark(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    if character.isascii() and character.isprintable():
        return character
    return " " if character.isspace() else "?"


def plain(text: str) -> str:
    """A label without what differs by accident.

    That is: case, spaces at the ends and their kind, characters without width, and the way an
    accent is composed.
    """
    composed = unicodedata.normalize("NFC", text.translate(NO_WIDTH))
    return " ".join(composed.split()).casefold()


def is_mojibake(text: str) -> bool:
    """Whether letters of `text` were lost when a program read them in the wrong encoding."""
    return not text.isascii() and MOJIBAKE.search(text) is not None
