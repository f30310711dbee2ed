"""Words of the parameters that stand on a source's word: `[honderd](<bron:het persbericht>)`.

The mark is that of the texts. It is for who checks and who audits; readers get the words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SOURCES = ("bron:", "source:")

_HEAD = "|".join(map(re.escape, SOURCES))
_MARK = re.compile(
    r"\[(?P<words>[^\[\]]+)\]"
    rf"\((?:<(?:{_HEAD})(?P<wide>[^<>]*)>|(?:{_HEAD})(?P<narrow>[^\s()<>]*))\)"
)
_HALF = re.compile(rf"\]\s*\(\s*<?\s*(?:{_HEAD})", re.IGNORECASE)


def parts_of(text: str) -> Iterator[tuple[str, str | None]]:
    """The pieces of a text in order, each with its source; None where none is marked."""
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None
        yield match["words"], (match["wide"] or match["narrow"] or "").strip()
        end = match.end()
    if end < len(text):
        yield text[end:], None


def unmarked(text: str) -> str:
    """The text as readers get it: without the marks."""
    return "".join(words for words, _ in parts_of(text))


def is_broken(text: str) -> bool:
    """Whether a mark names no source, or something that begins like a mark is none."""
    return any(
        _HALF.search(words) is not None if source is None else not source
        for words, source in parts_of(text)
    )
