"""Hold what the files of an edition say, as data: who renders it adds no word, number or order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Node(NamedTuple):
    """One thing that a file says, draws or leads to.

    `place` is the part of the edition that it belongs to, such as `contacts` (a chapter) or
    `by_month.chart` (a chart of the ledger). `kind` says what it is there: a title, a head, a
    value, a mark. `text` has its words as they are read. `about` names what they are bound to: the
    id of a figure, a code (`channel=phone`), a break, a campaign, a fact. `target` is where it
    leads: an address, a file of the edition, or an anchor of the page. `form` is the form of words
    or the format of a number; of a mark its shape, the meaning of its colour, and what it stands
    for.
    """

    place: str
    kind: str
    text: str = ""
    about: str = ""
    target: str = ""
    form: str = ""

    def __str__(self) -> str:
        cells = (" ".join(cell.split()) for cell in self)
        return " | ".join(cells).rstrip(" |")


@dataclass(frozen=True)
class Description:
    """What each file of an edition in one language says, in the order in which it is read.

    A file is named by its path in the folder of the edition. What several files say is the same
    node in each.
    """

    language: str
    files: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)

    def write_transcript(self) -> str:
        """A line for each node below its file; what an earlier file says too isn't repeated."""
        written: set[Node] = set()
        lines = []
        for file, nodes in self.files.items():
            own = [node for node in nodes if node not in written]
            written.update(own)
            lines += [f"# {file}", *map(str, own)]
        return "\n".join(lines) + "\n"
