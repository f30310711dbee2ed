"""How figures name the files that they are about."""

from __future__ import annotations

from collections.abc import Sequence


def names_of(files: Sequence[tuple[str, str, str]]) -> list[str]:
    """The name of each file, from its edition, its path, and what editions call it.

    Nothing of its path is in the name: that may say whose machine it is on. Where two folders of
    one edition hold files of one name, the second has a number behind it.
    """
    seen: dict[tuple[str, str], list[str]] = {}
    names = []
    for edition, path, name in files:
        paths = seen.setdefault((edition, name), [])
        if path not in paths:
            paths.append(path)
        place = paths.index(path) + 1
        names.append(name if place == 1 else f"{name} ({place})")
    return names
