"""How unknown files hang together: which column is a key, which holds keys of another file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpline_report.exports.cell_texts import plain
from helpline_report.exports.text_tables import TextColumn
from helpline_report.setup.looks import MANY_KEYS, Look

ALMOST = 0.95


@dataclass(frozen=True)
class Joint:
    """The key of a file, and of which other file a column of it holds keys; empty where none."""

    key: str = ""
    parent: str = ""
    parent_file: str = ""
    lost: int = 0


def joints(files: Mapping[str, Sequence[Look]]) -> dict[str, Joint]:
    """The joint of each file by its name, the first that fits."""
    found: dict[str, Joint] = {}
    for name, looks in files.items():
        parent = _parent(name, files)
        own = [look for look in _keys(looks) if look.name != parent.parent]
        key = own[0].name if own else ""
        found[name] = Joint(key, parent.parent, parent.parent_file, parent.lost)
    return found


def _parent(name: str, files: Mapping[str, Sequence[Look]]) -> Joint:
    """The column that holds keys of another file: nearly all of its texts, the most of any."""
    best, score = Joint(), (0.0, False)
    for other, key, look in _pairs(name, files):
        share = sum(text in key.counts for text in look.counts) / len(look.counts)
        same = plain(look.name) == plain(key.name)
        if share >= ALMOST and (share, same) > score:
            lost = round(len(look.counts) * (1 - share))
            best, score = Joint("", look.name, other, lost), (share, same)
    return best


def _pairs(name: str, files: Mapping[str, Sequence[Look]]) -> Iterator[tuple[str, Look, Look]]:
    """Keys of other files, and columns of this one that may hold them."""
    for other, looks in files.items():
        for key in _keys(looks) if other != name else ():
            for look in files[name]:
                # Where both are keys, the file with fewer rows, or without a date, stands below.
                below = not look.unique or (key.rows, _dated(looks)) > (
                    look.rows,
                    _dated(files[name]),
                )
                if look.kind in ("key", "text", "coded") and look.counts and below:
                    yield other, key, look


def _keys(looks: Sequence[Look]) -> list[Look]:
    return [look for look in looks if look.kind == "key" and look.unique]


def _dated(looks: Sequence[Look]) -> bool:
    return any(look.kind in ("date", "datetime") for look in looks)


def repeated_key(looks: Sequence[Look], columns: Mapping[str, TextColumn], date: str) -> str:
    """The column of keys that stand again for each person of a contact, or nothing.

    Many of them, none blank, and on all rows of one key the same date.
    """
    for look in looks:
        many = MANY_KEYS * look.rows < len(look.counts) < look.rows
        if look.kind == "key" and many and not look.blank:
            pairs = np.stack([columns[look.name].codes, columns[date].codes])
            if np.unique(pairs, axis=1).shape[1] == len(look.counts):
                return look.name
    return ""
