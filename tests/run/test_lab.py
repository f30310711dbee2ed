"""What `make lab` lets JupyterLab do when it saves a chapter."""

import runpy
from types import SimpleNamespace
from typing import Any

from tests.conftest import ROOT
from tests.report.small_projects import code, text


def saved(model: dict[str, Any]) -> dict[str, Any]:
    config = SimpleNamespace(ContentsManager=SimpleNamespace())
    file = ROOT / "lab" / "jupyter_server_config.py"
    runpy.run_path(str(file), {"get_config": lambda: config})
    config.ContentsManager.pre_save_hook(model=model, path="04_contacts.ipynb")
    return model


def test_a_chapter_is_saved_without_outputs() -> None:
    """Neither what its cells show nor in which order they ran is written; all else is."""
    ran = {**code("a", "1 + 1"), "outputs": [{"output_type": "stream"}], "execution_count": 7}
    notebook = {"cells": [text("said", "Tekst"), ran]}
    stripped = {"cells": [text("said", "Tekst"), code("a", "1 + 1")]}
    assert saved({"type": "notebook", "content": notebook})["content"] == stripped


def test_another_file_is_saved_as_it_is() -> None:
    """A module beside the chapters is no notebook."""
    assert saved({"type": "file", "content": "NAME = 1"})["content"] == "NAME = 1"
