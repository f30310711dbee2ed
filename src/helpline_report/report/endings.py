"""What an engine is given to run, and how a chapter ended: the same words for every engine."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Literal

from nbformat import NotebookNode

How = Literal["ran", "raised", "too_long", "flooded", "died", "no_start"]


@dataclass(frozen=True)
class Due:
    """A chapter that is to run, with what stands in the place of its parameters."""

    name: str
    node: NotebookNode
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Task:
    """What a worker is handed: a chapter, the folder that it runs in, and where it may write.

    `own` is a folder for what IPython keeps; `printed` are files that take what goes to standard
    output and to standard error; through `told` it says how it goes.
    """

    due: Due
    folder: Path
    own: Path
    printed: tuple[IO[bytes], IO[bytes]]
    told: Connection


@dataclass(frozen=True)
class Ending:
    """How a chapter ended, after how many seconds, and the cell that it had come to.

    One that `ran` leaves its `node` as it was executed; of one that `raised`, `kind` and `text`
    are the class of the exception and what it says. Of one that didn't start, `kind` says why.
    """

    name: str
    how: How
    seconds: float
    cell: str = ""
    node: NotebookNode | None = None
    kind: str = ""
    text: str = ""


# Chapters, the folder they run in, and how many at a time: each ending as it comes. Closed before
# its end, an engine ends what runs.
Engine = Callable[[Sequence[Due], Path, int], Generator[Ending]]
