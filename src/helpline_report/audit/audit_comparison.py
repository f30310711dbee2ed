"""Hold the audit's pages and notebooks to their description: what they say, and nothing more.

A difference is a mistake of what wrote the file. What the nodes mean isn't looked at here.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import html

from helpline_report.audit.expectations import Misreading
from helpline_report.description import Node

# At most this many differences of a file are named where lines are missing or too many.
MOST_NAMED = 3
# How much of the SHA-256 of a picture tells it from others.
DIGEST = 16
PICTURE = re.compile(r'<img alt="([^"]*)" src="data:image/svg\+xml;base64,([^"]*)">')


def compare_nodes(
    file: str,
    found: Sequence[Node],
    expected: Sequence[Node],
    is_same: Callable[[Node, Node], bool],
) -> Iterator[Misreading]:
    """Each node that says something else than expected, stands elsewhere, or is too many."""
    if len(found) != len(expected):
        yield Misreading(
            file, "the whole file", "", f"{len(found)} texts", f"{len(expected)} of them"
        )
    named = 0
    for node, wanted in zip(found, expected, strict=False):
        if not is_same(node, wanted):
            yield Misreading(file, wanted.place, wanted.about, str(node), str(wanted))
            named += 1
            if len(found) != len(expected) and named == MOST_NAMED:
                return


# Notebooks


def compare_notebook(file: str, path: Path, nodes: Sequence[Node]) -> Iterator[Misreading]:
    """A released notebook: its cells in order, and what was released of each."""
    found = [*read_notebook_nodes(json.loads(path.read_bytes()))]
    yield from compare_nodes(file, found, nodes, _is_same_in_notebook)


def _is_same_in_notebook(node: Node, wanted: Node) -> bool:
    return node == wanted._replace(about="")


def read_notebook_nodes(notebook: Mapping[str, Any]) -> Iterator[Node]:
    """What a notebook says, cell by cell; an output says the same as a page and as plain text."""
    for cell in notebook["cells"]:
        is_code = cell["cell_type"] == "code"
        number = str(cell.get("execution_count") or "") if is_code else ""
        source = "".join(cell["source"])
        yield Node(cell["id"], "code" if is_code else "text", source, form=number)
        for output in cell.get("outputs", ()):
            data = {kind: "".join(text) for kind, text in output["data"].items()}
            yield from _read_output(cell["id"], data)


def _read_output(cell: str, data: dict[str, str]) -> Iterator[Node]:
    text, markup = data.pop("text/plain", ""), data.pop("text/html", None)
    if data:
        yield Node(cell, "other", ", ".join(data))
    elif markup is None:
        yield Node(cell, "line", text)
    elif picture := PICTURE.fullmatch(markup):
        alternative = html.fromstring(markup).get("alt")
        svg = base64.b64decode(picture[2])
        digest = hashlib.sha256(svg).hexdigest()[:DIGEST]
        same = text if alternative == text else f"{text} / {alternative}"
        yield Node(cell, "picture", same, form=digest)
    else:
        yield from _read_table(cell, text, markup)


def _read_table(cell: str, text: str, markup: str) -> Iterator[Node]:
    rows = html.fromstring(markup).findall(".//tr")
    lines = ["\t".join(each.text or "" for each in row) for row in rows]
    if "\n".join(lines) != text:
        yield Node(cell, "other", text)
    for row, line in zip(rows, lines, strict=True):
        yield Node(cell, "heads" if row.find("th") is not None else "row", line)
    yield Node(cell, "end")


def list_others(files: Iterable[str], described: Mapping[str, Any]) -> Iterator[Misreading]:
    """Files that no description has, and descriptions of files that aren't there."""
    there = {*files}
    for name in sorted(there - described.keys()):
        yield Misreading(name, "the whole file", "", "a file", "none")
    for name in sorted(described.keys() - there):
        yield Misreading(name, "the whole file", "", "no file", "one")
