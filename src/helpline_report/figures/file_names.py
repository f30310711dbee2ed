"""How figures name the files that they are about."""

from __future__ import annotations

from collections.abc import Sequence


def names_of(files: Sequence[tuple[str, str]]) -> list[str]:
    """The name of each file, from its edition and its path.

    That is the name alone: its folder may say whose machine it is on. Where two folders of one
    edition hold files of one name, the second has a number behind it.
    """
    seen: dict[tuple[str, str], list[str]] = {}
    names = []
    for edition, path in files:
        name = path.rpartition("/")[2]
        paths = seen.setdefault((edition, name), [])
        if path not in paths:
            paths.append(path)
        place = paths.index(path) + 1
        names.append(name if place == 1 else f"{name} ({place})")
    return names
