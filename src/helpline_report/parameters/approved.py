"""Whether somebody answers for an edition that stands in `output/`, as its manifest says."""

from __future__ import annotations

import json
from pathlib import Path


def approved(folder: Path) -> bool:
    """Whether the edition in a folder was approved; a draft is nobody's word."""
    try:
        manifest = json.loads((folder / "audit" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("status") in ("provisional", "final")
