"""Whole numbers as a user interface writes them, by the locale that the layout says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from helpline_report.parameters.written import Numbers

# How the user interface of each language groups thousands; a service's interface never does.
GROUPED = {
    "nl": Numbers(thousands=".", decimal=","),
    "en": Numbers(thousands=",", decimal="."),
    "fr": Numbers(thousands=" ", decimal=","),
}
PLAIN = re.compile(r"\d{1,15}", re.ASCII)


def count_reader(numbers: Numbers) -> Callable[[str], int | None]:
    """A reader of counts: `2.546` is two thousand five hundred and forty-six where points group.

    None for what is no whole number: `2,5`, `1.23`, a percentage.
    """
    mark = re.escape(numbers.thousands)
    whole = re.compile(rf"\d{{1,3}}(?:{mark}\d{{3}}){{1,4}}|\d{{1,15}}", re.ASCII)

    def read(text: str) -> int | None:
        trimmed = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
        if not whole.fullmatch(trimmed):
            return None
        return int(trimmed.replace(numbers.thousands, ""))

    return read


def whole_number(text: str, languages: Iterable[str]) -> int | None:
    """A count as one of the languages writes it, where all that can read it read the same.

    `2.546` of a Dutch header is a count, and of an English one it is not.
    """
    if PLAIN.fullmatch(text.strip()):
        return int(text)
    found = {count_reader(GROUPED[name])(text) for name in languages if name in GROUPED} - {None}
    return found.pop() if len(found) == 1 else None
