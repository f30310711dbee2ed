"""The edits that lie between a proposed layout, taken as it stands, and the one in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.setup.deciding import decided


def edits(proposed: str, path: Path, files: dict[str, str]) -> list[str]:
    """Each value that was to write, to mend or to delete; `files` are ids in use by proposed ones.

    What differs in no meaning is no edit: the order, and a default that is written out.
    """
    ours = yaml.safe_load(decided(proposed, {}))
    theirs = yaml.safe_load(path.read_text(encoding="utf-8"))
    ours["files"] = {files.get(name, name): file for name, file in ours["files"].items()}
    one, other = dict(_flat(ours, ())), dict(_flat(theirs, ()))
    return sorted(
        f"{'.'.join(at)}: {one.get(at, 'nothing')} → {other.get(at, 'nothing')}"
        for at in one.keys() | other.keys()
        if one.get(at) != other.get(at)
    )


def _flat(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _flat(inside, (*at, str(key)))
    else:
        yield at, str(value)
