"""Whole numbers as a user interface writes them, by the locale that the layout says."""

from __future__ import annotations

import re
from collections.abc import Callable

from helpline_report.params.written import Numbers


def count_reader(numbers: Numbers) -> Callable[[str], int | None]:
    """A reader of counts: `2.546` is two thousand five hundred and forty-six where points group.

    None for what is no whole number: `2,5`, `1.23`, a percentage.
    """
    mark = re.escape(numbers.thousands)
    whole = re.compile(rf"\d{{1,3}}(?:{mark}\d{{3}})+|\d+", re.ASCII)

    def read(text: str) -> int | None:
        trimmed = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
        if not whole.fullmatch(trimmed):
            return None
        return int(trimmed.replace(numbers.thousands, ""))

    return read
