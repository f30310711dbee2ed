"""Changes to the text of a YAML file that leave its comments, order and spacing as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from helpline_report.parameters.yaml import TAG, KeyPath


@dataclass
class Spliced:
    """A YAML text under change; places are those of the text as it was."""

    text: str
    _edits: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Not the loader of libyaml: its marks count otherwise behind a byte order mark.
        self._root: Any = yaml.SafeLoader(self.text).get_single_node()

    def has(self, path: KeyPath) -> bool:
        """Whether there is a value at `path`."""
        return self._find(path) is not None

    def raw(self, path: KeyPath) -> str:
        """The value at `path` as it is written."""
        start, end = self._span(path)
        return self.text[start:end]

    def in_flow(self, path: KeyPath) -> bool:
        """Whether a value stands within braces or brackets."""
        above = (self._found(path[:length]) for length in range(len(path)))
        return any(node.flow_style for node in above)

    def replace(self, path: KeyPath, value: str) -> None:
        """Write another value; what a block held of comments goes with it."""
        start, end = self._span(path)
        block = _is_block(self._found(path))
        start, lead = (self.key_end(path), " ") if block else (start, "")
        self._edits.append((start, end, value if value.startswith("\n") else lead + value))

    def decide(self, path: KeyPath, question: str, *, value: str | None = None) -> None:
        """Tag a value, or another one in its place, as one to decide, and ask the question."""
        node = self._found(path)
        start, end = self._span(path)
        if value is None and _is_block(node):
            line_end = self._line_end(self.key_end(path))
            self._edits.append((line_end, line_end, f" {TAG}  # {question}"))
            return
        if _is_block(node):
            start = self.key_end(path)
        written = self.text[start:end] if value is None else value
        lead = " " if _is_block(node) else ""
        # Within braces a tag needs something behind it.
        written = written or ('""' if self.in_flow(path) else "")
        self._edits.append((start, end, f"{lead}{TAG} {written}".rstrip()))
        line_end = self._line_end(end)
        self._edits.append((line_end, line_end, f"  # {question}"))

    def remove_item(self, path: KeyPath) -> None:
        """Leave an item of a block sequence out, with the whole of its lines."""
        start, end = self._span(path)
        first = self.text.rfind("\n", 0, start) + 1
        self._edits.append((first, self._line_end(end) + 1, ""))

    def insert_after(self, path: KeyPath, lines: str) -> None:
        """Write whole lines behind the lines of the value at `path`."""
        at = min(self._line_end(self._span(path)[1]) + 1, len(self.text))
        self._edits.append((at, at, lines))

    def in_heading(self, old: str, new: str) -> None:
        """Replace a word in the comments above the first key."""
        first = self._root.value[0][0].start_mark.index
        self._edits.append((0, first, self.text[:first].replace(old, new)))

    def key_end(self, path: KeyPath) -> int:
        """Where the colon of a key ends."""
        parent = self._found(path[:-1])
        key = next(key for key, _ in parent.value if key.value == path[-1])
        return self.text.index(":", key.end_mark.index) + 1

    def result(self) -> str:
        """The text with all changes made."""
        done = self.text
        for _, (start, end, new) in sorted(enumerate(self._edits), key=_from_behind):
            done = done[:start] + new + done[end:]
        return done

    def _find(self, path: KeyPath) -> Any:
        node: Any = self._root
        for part in path:
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == part), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                node = node.value[part] if part < len(node.value) else None
            else:
                return None
        return node

    def _found(self, path: KeyPath) -> Any:
        node = self._find(path)
        if node is None:
            raise KeyError(path)
        return node

    def _span(self, path: KeyPath) -> tuple[int, int]:
        node = self._found(path)
        start, end = node.start_mark.index, _last(node).end_mark.index
        # A text of several lines ends behind its newline.
        return start, start + len(self.text[start:end].rstrip())

    def _line_end(self, at: int) -> int:
        """The end of the line, before a comment's newline."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _from_behind(edit: tuple[int, tuple[int, int, str]]) -> tuple[int, int]:
    order, (start, _, _) = edit
    return -start, -order


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _last(node: Any) -> Any:
    """The last thing written of a value: a block ends where its last line does."""
    while _is_block(node) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node
