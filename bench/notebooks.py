"""The chapters as anybody would write them: pandas, and the floor's charts, a cell each."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import floor
from bench.cases import ROOT

OPEN = """\
%config InlineBackend.figure_formats = ["svg"]
from pathlib import Path

from bench import floor

tables = floor.read(Path({data!r}))"""


def write_notebooks(folder: Path, data: Path) -> list[Path]:
    """Write one notebook a chapter into a folder: the chapter's own prose, its charts, no output.

    They have the code of the floor and nothing of the program: no placeholder, no reference.
    """
    folder.mkdir(parents=True)
    written = []
    for chapter in sorted((ROOT / "notebooks").glob("*.ipynb")):
        prose = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        charts = floor.CHARTS.get(chapter.stem[3:], ())
        place = folder / chapter.name
        place.write_text(json.dumps(_notebook(prose, charts, data)), encoding="utf-8")
        written.append(place)
    return written


def _notebook(
    chapter: Sequence[Any], charts: Sequence[floor.Chart], data: Path
) -> dict[str, object]:
    prose = [_prose(cell) for cell in chapter if cell["cell_type"] == "markdown"]
    code = [_code('edition = "2017"', tags=["parameters"])]
    if charts:
        code.append(_code(OPEN.format(data=str(data))))
        code += [_code(f"floor.{chart.__name__}(tables);") for chart in charts]
    cells = [prose[0], *code, *prose[1:]]
    return {
        "cells": [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _prose(cell: Any) -> dict[str, object]:
    text = re.sub(r"\{\{.*?\}\}", "…", "".join(cell["source"]))
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(source: str, tags: Sequence[str] = ()) -> dict[str, object]:
    metadata = {"tags": list(tags)} if tags else {}
    cell = {"cell_type": "code", "metadata": metadata, "source": source}
    return {**cell, "outputs": [], "execution_count": None}
