"""What the comments of an export say of it: its property, and whether it is sampled or cut."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from helpline_report.exports.web.periods import labelled_day, span
from helpline_report.parameters.service import service, simple

RULE = re.compile(r"[-=*\s]*")


def property_of(comments: Sequence[str]) -> str | None:
    """The property that a banner names: by that word, or in its first line beside a period."""
    words = {simple(word) for word in service().property}
    for comment in comments:
        word, _, name = comment.partition(":")
        if simple(word) in words and name.strip():
            return name.strip()
    said = [comment for comment in comments if not RULE.fullmatch(comment)]
    if any(span(comment) for comment in said) and not any(map(labelled_day, said)):
        return said[0] if span(said[0]) is None else None
    return None


def concerns_of(comments: Sequence[tuple[int, str]]) -> Mapping[str, int]:
    """`sampled` and `thresholded` where a comment says so, with its line."""
    found: dict[str, int] = {}
    for line, comment in comments:
        for concern in ("sampled", "thresholded"):
            if any(word in simple(comment) for word in getattr(service(), concern)):
                found.setdefault(concern, line)
    return found


def is_collapsed(label: str) -> bool:
    """Whether a label is what the service calls the values that were too many."""
    return simple(label) in {simple(text) for text in service().collapsed}
