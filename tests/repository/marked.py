"""Blocks of commands in documents that are marked to be run: `<!-- run -->` above a fence."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^<!-- run(?:: exit (?P<code>\d+))? -->\n```(?P<kind>console|python)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Marked:
    """A command (its words) or a piece of Python, and the exit code it is to end with."""

    words: tuple[str, ...]
    code: int


def marked(path: Path) -> list[Marked]:
    """What a document says that works, in its order."""
    pieces: list[Marked] = []
    for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
        code = int(block["code"] or 0)
        if block["kind"] == "python":
            pieces.append(Marked(("python", "-c", block["body"]), code))
            continue
        lines = [line[2:] for line in block["body"].splitlines() if line.startswith("$ ")]
        pieces += [Marked(tuple(shlex.split(line, comments=True)), code) for line in lines]
    return pieces
