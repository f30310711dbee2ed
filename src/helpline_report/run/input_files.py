"""The files that a chapter read of its own accord: is each still what it was?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from helpline_report.parameters.digests import digest

GONE = ""


def unchanged(files: Mapping[str, str], root: Path) -> bool:
    """Whether files and folders are as they were: each path, from `root`, with its digest."""
    return all(digest_of(root / path) == known for path, known in files.items())


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, or of the names in a folder; empty where there is neither."""
    try:
        if path.is_dir():
            names = sorted(entry.name for entry in path.iterdir())
            return hashlib.sha256(repr(names).encode()).hexdigest()
        return digest(path)
    except OSError:
        return GONE
