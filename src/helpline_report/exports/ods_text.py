"""The text of an ODS cell: its paragraphs, without its comment and what is drawn over it."""

from __future__ import annotations

import re

from helpline_report.exports.package import Attributes, Elements, too_large

COUNT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 c"
SPACE = re.compile(r"[ \t\r\n]+")
LONGEST = 1 << 16
# What stands in a cell and is no text of it.
APART = (
    "office:annotation",
    "text:note",
    "text:ruby-text",
    *(
        f"drawing:{shape}"
        for shape in ("frame", "custom-shape", "rect", "line", "g", "caption", "control")
    ),
)


class _AsItStands(str):
    """Spaces, tabs and newlines that have elements of their own, and aren't run together."""

    __slots__ = ()


class Paragraphs:
    """Collects the paragraphs of one cell at a time; spaces in a row are one, as in HTML."""

    def __init__(self, elements: Elements) -> None:
        self._elements = elements
        self._done: list[str] = []
        self._length = 0
        self._outer: list[list[str] | None] = []
        elements.on("text:p", self._begin_paragraph, self._end_paragraph)
        elements.on("text:s", self._spaces)
        elements.on("text:tab", lambda _: self._add("\t"))
        elements.on("text:line-break", lambda _: self._add("\n"))
        for name in APART:
            elements.on(name, self._begin_apart, self._end_apart)

    def begin(self) -> None:
        """Begin a cell."""
        self._done.clear()
        self._length = 0

    def whole(self) -> str:
        """The text of the cell since it began."""
        return "\n".join(self._done)

    def _begin_paragraph(self, _: Attributes) -> None:
        if not self._outer:
            self._elements.flow = []

    def _end_paragraph(self) -> None:
        flow = self._elements.flow
        if flow is None:
            return
        self._done.append(_run_together([*flow, *self._elements.text]))
        self._elements.flow = None

    def _spaces(self, attributes: Attributes) -> None:
        self._add(" ", int(attributes.get(COUNT, "1")))

    def _add(self, character: str, number: int = 1) -> None:
        self._length += number
        if self._length > LONGEST:
            raise too_large("a cell holds more text than a cell can")
        if self._elements.flow is not None:
            self._elements.flow.append(_AsItStands(character * number))

    def _begin_apart(self, _: Attributes) -> None:
        self._outer.append(self._elements.flow)
        self._elements.flow = None

    def _end_apart(self) -> None:
        self._elements.text.clear()
        self._elements.flow = self._outer.pop()


def _run_together(pieces: list[str]) -> str:
    """The text of a paragraph: spaces in a row are one, and none at its ends."""
    runs: list[str] = [""]
    for piece in pieces:
        if isinstance(piece, _AsItStands):
            runs += [piece, ""]
        else:
            runs[-1] += piece
    runs[::2] = [SPACE.sub(" ", run) for run in runs[::2]]
    runs[0] = runs[0].lstrip(" ")
    runs[-1] = runs[-1].rstrip(" ")
    return "".join(runs)
