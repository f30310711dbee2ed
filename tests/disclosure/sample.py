"""The sample as a real year would be: its rows are confidential, and nothing was printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from helpline_report.figures.ledger import Ledger
from tests.figures.drawn import NAME

ROOT = Path(__file__).resolve().parents[2]
THRESHOLD = 5
DECISION = {"threshold": 5, "decided_by": "x", "decided_on": "2018-01-01", "reason": NAME}
IN_YAML = f"disclosure: {json.dumps(DECISION)}\n"


def copy_confidential(folder: Path) -> Path:
    """Copy the project into a folder, with its rows as confidential ones."""
    for name in ("params", "notebooks", "data"):
        shutil.copytree(ROOT / name, folder / name)
    # A row that stands twice is left out: how few such rows there are, nobody may read.
    contacts = folder / "data" / "sample" / "2017" / "contactnames.csv"
    text = contacts.read_text("utf-8")
    contacts.write_text(f"{text}{text.splitlines()[1]}\n", "utf-8")
    return make_confidential(folder)


def copy_attacked(folder: Path) -> Path:
    """The same with what an attack on files needs."""
    copy_confidential(folder)
    # A chart of so few people that a pixel of a bar says how many.
    notebook = folder / "notebooks" / "08_media.ipynb"
    source = notebook.read_text("utf-8")
    counted = r"chapter.counts(\"sectors.culture.problems\", from_culture, by=\"problem\")"
    assert source.count(counted) == 1
    notebook.write_text(source.replace(counted, f"chapter.chart({counted})"), "utf-8")
    # The year to compare with isn't published, and needs no threshold.
    earlier = folder / "params" / "2016.yaml"
    parameters = earlier.read_text("utf-8")
    assert IN_YAML in parameters
    earlier.write_text(parameters.replace(IN_YAML, ""), "utf-8")
    return folder


def make_confidential(folder: Path) -> Path:
    """Let the parameters of a project say that the rows are confidential, with a threshold of 5."""
    publisher = _section((ROOT / "params" / "2017.yaml").read_text("utf-8"), "publisher")
    # An edition about real people says how to reach who answers for it.
    publisher = publisher.replace("publisher:\n", "publisher:\n  address: x\n", 1)
    for year in ("2016", "2017"):
        path = folder / "params" / f"{year}.yaml"
        text = path.read_text("utf-8").replace("rows: synthetic", "rows: confidential")
        text = text.replace("printed: [data/printed/2017.csv]\n", "")
        text = text.replace(_section(text, "publisher"), publisher)
        old = _section(text, "disclosure")
        path.write_text(text.replace(old, IN_YAML) if old else text + IN_YAML, "utf-8")
    return folder


def _section(text: str, key: str) -> str:
    """A key of the parameters with all that stands below it."""
    lines = text.splitlines(keepends=True)
    if f"{key}:\n" not in lines:
        return ""
    start = end = lines.index(f"{key}:\n")
    while end + 1 < len(lines) and lines[end + 1][:1] in (" ", "#", "\n"):
        end += 1
    return "".join(lines[start : end + 1])


def figures_of(ledger: Ledger) -> dict[str, Any]:
    """The figures of a ledger as everybody can read them."""
    figures: dict[str, Any] = ledger.model_dump(mode="json")["figures"]
    return figures


def small_counts(figures: dict[str, Any]) -> set[str]:
    """The small counts of people among the figures."""
    return {
        name
        for name, figure in figures.items()
        if figure["kind"] == "count"
        and figure["population"]["table"] in ("contacts", "persons", "followups")
        and 0 < (figure["value"] or 0) < THRESHOLD
    }
