"""Tell whether what is written in a drawing stands for a name, and where a place is."""

import datetime as dt
import re

# What a shortened text ends with.
CUT = "…"


def squash(text: str) -> str:
    """A text without its spaces, which a drawing breaks into lines."""
    return "".join(text.split())


def fold_first(text: str) -> str:
    """A text whose first letter is no capital, behind a bracket too."""
    return text[:2].casefold() + text[2:]


def stands_for(text: str, name: str) -> bool:
    """Whether a text is a name, or as much of it as there is room for.

    What is shortened ends with `…`: a word, or all that comes after it.
    """
    if squash(text) == squash(name):
        return True
    while text.startswith(CUT) and name.startswith(CUT):
        text, name = text[1:].lstrip(), name[1:].lstrip()
    *pieces, last = text.split(CUT)
    if not pieces or not squash(pieces[0]):
        return False
    # Each piece goes on where the word ends that the one before it began, or at a `…` of the name.
    within = "".join(f"{_escape(piece)}(?:\\s*{CUT}|\\S*)\\s*" for piece in pieces)
    end = _escape(last) if squash(last) else ".*"
    return re.fullmatch(within + end, " ".join(name.split()), re.DOTALL) is not None


def _escape(piece: str) -> str:
    """A pattern of a piece, whatever spaces are in it."""
    return r"\s*".join(map(re.escape, squash(piece)))


def read_place(text: str) -> tuple[float, ...]:
    """A place as numbers: a count, a year, a row and a column; a day by its number."""
    try:
        return (float(dt.date.fromisoformat(text).toordinal()),)
    except ValueError:
        return tuple(map(float, text.split()))
