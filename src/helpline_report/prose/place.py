"""Where a text stands: its file, its cell and its line; and complaints about it, told together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpline_report.errors import ProseError


@dataclass(frozen=True)
class Place:
    """A text's file, the cell it stands in or replaces, and the line of the file it begins on."""

    file: str
    cell: str = ""
    line: int = 1

    def at(self, offset: int) -> str:
        """The place of the line `offset` lines further down (0 is the first line of the text)."""
        cell = f", cell '{self.cell}'" if self.cell else ""
        return f"{self.file}{cell}, line {self.line + offset}"


@dataclass(frozen=True, order=True)
class Complaint:
    """One thing that is wrong with a text: the line (0 is its first), what, and the next step."""

    line: int
    what: str
    next_step: str = ""


@dataclass(frozen=True)
class Exemption:
    """A text that the check of findings passes over because its source is given, for the audit."""

    text: str
    source: str
    place: str


class TextError(ProseError):
    """A text is refused; carries every complaint about it."""

    def __init__(self, complaints: Sequence[Complaint], place: Place) -> None:
        self.complaints = tuple(sorted(complaints))
        self.place = place
        lines = [f"{place.at(item.line)}: {item.what}" for item in self.complaints]
        steps = list(dict.fromkeys(c.next_step for c in self.complaints if c.next_step))
        super().__init__("\n".join(lines), next_step="\n  → ".join(steps))
