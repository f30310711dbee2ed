"""The paragraphs and titles of a PDF's page, which has lines and no blank ones between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpline_report.audit.proofreading.document import Line

TITLE = re.compile(r"[A-ZÀ-Ý][^\d.!?;:|]*\??")
FULL = 0.9
SHORT = 0.6


def spaced(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page with a blank one behind each paragraph, and around each title.

    A paragraph ends where a sentence does and the next line's first word had fitted behind it.
    """
    width = _width(lines)
    found: list[Line] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        blank = Line(line.number, "", line.page)
        title = _is_title(line.text, following.text if following else "", width)
        found += [blank, line, blank] if title else [line]
        if following is not None and _ends(line.text.strip(), following.text.split(), width):
            found.append(blank)
    return found


def runs_on(rows: Sequence[str]) -> bool:
    """Whether the last sentence of a page goes on behind it."""
    said = [row.strip() for row in rows if row.strip()]
    return bool(said) and bool(re.search(r"[a-zà-ÿ,-]$", said[-1]))


def _width(lines: Sequence[Line]) -> int:
    """How long a full line of a page is."""
    lengths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
    return lengths[int(len(lengths) * FULL) - 1] if lengths else 0


def _ends(text: str, following: Sequence[str], width: int) -> bool:
    fits = bool(following) and len(text) + 1 + len(following[0]) < FULL * width
    return bool(re.search(r"[.!?…][)”’\"]?$", text)) and fits


def _is_title(text: str, following: str, width: int) -> bool:
    text, following = text.strip(), following.strip()
    alone = bool(TITLE.fullmatch(text)) and len(text) < SHORT * width
    return alone and (not following or bool(re.match(r"[A-ZÀ-Ý0-9‘“]", following)))
