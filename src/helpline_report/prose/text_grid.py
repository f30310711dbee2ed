"""Write a small table as HTML and as text in columns."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import zip_longest
from typing import NamedTuple


class TextGrid(NamedTuple):
    """A caption, and rows of text, of which the first cell is a head; both may be missing."""

    caption: str = ""
    rows: Sequence[Sequence[str]] = ()
    heads: Sequence[str] = ()

    @property
    def html(self) -> str:
        """As HTML, every text escaped."""
        if not self.rows:
            return f"<p>{escape(self.caption)}</p>" if self.caption else ""
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        heads = "".join(f"<th>{escape(head)}</th>" for head in self.heads)
        lines = [f"<tr>{heads}</tr>"] if heads else []
        for first, *cells in self.rows:
            inside = "".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in cells)
            lines.append(f"<tr><th style='text-align:left'>{escape(first)}</th>{inside}</tr>")
        return f"<table>{caption}{''.join(lines)}</table>"

    @property
    def text(self) -> str:
        """As text in columns."""
        lines = [*([self.heads] if self.heads else []), *self.rows]
        widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
        padded = [
            "  ".join(map(str.ljust, line, widths)).rstrip()  # a row that says 'more' has one cell
            for line in lines
        ]
        return "\n".join(filter(None, (self.caption, *padded)))
