"""Save notebooks without what their cells show: it may hold rows, and git would keep it."""

from __future__ import annotations

from typing import Any


def strip_outputs(model: dict[str, Any], **_: object) -> None:
    """Take outputs and numbers out of a notebook that is about to be saved."""
    if model["type"] != "notebook":
        return
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None


get_config().ContentsManager.pre_save_hook = strip_outputs  # noqa: F821 - jupyter_server gives it
