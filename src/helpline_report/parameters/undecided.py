"""What an author of a YAML file still has to decide: values tagged `!todo`, with their questions.

A proposed value stands behind the tag, or none; the question is the comment behind it, or the
comment right above. Who has decided takes the tag away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

TAG = "!todo"

_COMMENT = re.compile(r"[\s,\]}]*#\s*(?P<words>.*\S)")


@dataclass(frozen=True)
class Undecided:
    """A value to decide: its path, its line (1-based), and the question."""

    path: tuple[str | int, ...]
    line: int
    question: str


def undecided(root: yaml.Node, text: str) -> list[Undecided]:
    """Every value of a YAML document that is tagged `!todo`, in the order of the file."""
    lines = text.split("\n")
    return [
        Undecided(path, node.start_mark.line + 1, _question(node, lines))
        for path, node in _nodes(root, ())
        if node.tag == TAG
    ]


def _nodes(
    node: yaml.Node, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], yaml.Node]]:
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _nodes(item, (*path, index))


def _question(node: yaml.Node, lines: Sequence[str]) -> str:
    """The comment behind a value, or the comment lines right above it."""
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if block:
        behind = lines[node.start_mark.line][node.start_mark.column + len(TAG) :]
    else:
        behind = lines[node.end_mark.line][node.end_mark.column :]
    found = _COMMENT.match(behind)
    if found is not None:
        return found["words"]
    above: list[str] = []
    for line in reversed(lines[: node.start_mark.line]):
        if not line.lstrip().startswith("#"):
            break
        above.insert(0, line.strip().lstrip("# "))
    return " ".join(above)
