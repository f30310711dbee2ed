"""Change the text of a YAML file, and leave its comments, order and spacing as they are."""

from typing import Any

import yaml

from helpline_report.parameters.yaml import TAG, KeyPath


class YamlText:
    """A YAML text under change; places are those of the text as it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._edits: list[tuple[int, int, str]] = []
        # Not the loader of libyaml: its marks count otherwise behind a byte order mark.
        self._root: Any = yaml.SafeLoader(text).get_single_node()

    def has(self, *path: str | int) -> bool:
        """Whether there is a value at `path`."""
        return self._find(path) is not None

    def raw(self, *path: str | int) -> str:
        """The value at `path` as it is written."""
        start, end = self._span(path)
        return self.text[start:end]

    def in_flow(self, *path: str | int) -> bool:
        """Whether a value stands within braces or brackets."""
        return any(self._find(path[:length]).flow_style for length in range(len(path)))

    def replace(self, path: KeyPath, value: str) -> None:
        """Replace the value at `path`, if there is one; comments inside a block go with it."""
        if self.has(*path):
            start, end = self._span(path)
            if _is_block(self._find(path)):
                start, value = self._key_end(path), value if value[0] == "\n" else f" {value}"
            self._edits.append((start, end, value))

    def decide(
        self, path: KeyPath, question: str, *, value: str | None = None, after: str = ""
    ) -> None:
        """Tag a value, or `value` in its place, as one to decide, and write the question behind it.

        An earlier question on its line goes. If there is no value at `path`, the key is written
        behind the key `after`, or not at all.
        """
        if not self.has(*path):
            if after:
                self.insert_after((after,), f"{path[-1]}: {TAG} {value}  # {question}\n")
            return
        start, end = self._span(path)
        block = _is_block(self._find(path))
        start = self._key_end(path) if block else start
        end = start if block and value is None else end
        written = self.text[start:end] if value is None else value
        # Within braces a tag needs something behind it.
        written = written or ('""' if self.in_flow(*path) else "")
        self._edits.append((start, end, f"{' ' if block else ''}{TAG} {written}".rstrip()))
        line_end = self._line_end(end)
        rest, mark, comment = self.text[end:line_end].partition("#")
        comment_end = end + len(rest.rstrip()) if mark and comment.endswith("?") else line_end
        self._edits.append((comment_end, line_end, f"  # {question}"))

    def remove_item(self, path: KeyPath) -> None:
        """Leave an item of a block sequence out, with the whole of its lines."""
        start, end = self._span(path)
        first = self.text.rfind("\n", 0, start) + 1
        self._edits.append((first, self._line_end(end) + 1, ""))

    def insert_after(self, path: KeyPath, lines: str) -> None:
        """Write whole lines behind the lines of the value at `path`."""
        at = min(self._line_end(self._span(path)[1]) + 1, len(self.text))
        self._edits.append((at, at, lines))

    def replace_in_heading(self, old: str, new: str) -> None:
        """Replace a word in the comments above the first key."""
        first = self._root.value[0][0].start_mark.index
        self._edits.append((0, first, self.text[:first].replace(old, new)))

    def changed(self) -> str:
        """The text with all changes made, from its end on."""
        text = self.text
        for start, end, new in sorted(self._edits, key=lambda edit: edit[0])[::-1]:
            text = text[:start] + new + text[end:]
        return text

    def _find(self, path: KeyPath) -> Any:
        node: Any = self._root
        for part in path:
            items: Any = {}
            if isinstance(node, yaml.MappingNode):
                items = {key.value: value for key, value in node.value}
            elif isinstance(node, yaml.SequenceNode):
                items = dict(enumerate(node.value))
            node = items.get(part)
        return node

    def _key_end(self, path: KeyPath) -> int:
        """Where the colon of a key ends."""
        key = next(key for key, _ in self._find(path[:-1]).value if key.value == path[-1])
        return self.text.index(":", key.end_mark.index) + 1

    def _span(self, path: KeyPath) -> tuple[int, int]:
        """Where a value begins and ends: a block ends where its last line does."""
        node = last = self._find(path)
        while _is_block(last) and last.value:
            item = last.value[-1]
            last = item[1] if isinstance(item, tuple) else item
        start = node.start_mark.index
        # A text of several lines ends behind its newline.
        return start, start + len(self.text[start : last.end_mark.index].rstrip())

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style
