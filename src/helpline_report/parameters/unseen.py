"""Characters that nobody sees: controls, and marks that turn the direction of what follows."""

from __future__ import annotations

import re

# Controls that are no kind of space, and the marks of direction of Unicode (UAX 9).
UNSEEN = (
    *(*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)),
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
)
_NONE = dict.fromkeys(UNSEEN)

# What ends a line or moves on in one; other spaces, such as the one that doesn't break, are kept.
_BLANKS = re.compile("[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")


def seen(text: str) -> str:
    """`text` without the characters that nobody sees."""
    return text.translate(_NONE)


def one_line(text: str) -> str:
    """What is seen of `text`, in one line."""
    return _BLANKS.sub(" ", seen(text)).strip(" ")
