"""A chapter as the documents say that one is made: built, and what of it is published."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.report.small_projects import code, copy_small, text, write

pytestmark = pytest.mark.slow

PROGRAM = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
PLOTS = """
import seaborn as sns


def stairs(df, ax):
    sns.lineplot(df, x="short", y="value", hue="year", drawstyle="steps-mid", ax=ax)
    ax.set_title("drawn by stairs")
"""
# What is computed and shown, and stands so in no source: it must not leave.
LOOKING = (
    'print("shown" + "-to-nobody")\n'
    'display(persons.df[["age", "problem"]].head(3).rename(columns={"age": "age" + "-of-rows"}))'
)


def blocks(page: Path) -> list[str]:
    """The Python of a document."""
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The examples of both documents, with a chart by a function of one's own, built."""
    root = copy_small(tmp_path_factory.mktemp("own") / "project")
    chapter = blocks(repository / "docs" / "add-a-chapter.md")
    share, conditions, monthly, median = blocks(repository / "docs" / "add-a-figure.md")
    parameters, opening, counting, showing = chapter
    cells: list[dict[str, Any]] = [
        text("title", "# De avond"),
        code("parameters", parameters, "parameters"),
        code("open", opening),
        code("count", counting),
        code("show", showing),
        text("said", "De hulplijn kreeg {{ evenings.total | noun }} in de avond."),
        text("own", "De mediaan van het uur is {{ evenings.hour.median }}."),
        code("look", LOOKING),
        code("names", "from helpline_report.chapter import between, not_"),
        code("share", share),
        code("conditions", conditions),
        code("monthly", monthly),
        code(
            "stairs",
            "import plots\n\n"
            'by_month = chapter.counts("stairs", evenings, by="month")\n'
            "chapter.chart(by_month, plots.stairs)",
        ),
        code("median", median),
    ]
    write(root, "10_evenings.ipynb", cells)
    (root / "notebooks" / "plots.py").write_text(PLOTS, encoding="utf-8")
    ended = subprocess.run(
        [*PROGRAM, "build", "2017"], cwd=root, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return root


@pytest.fixture(scope="module")
def ledger(project: Path) -> dict[str, Any]:
    """What was released."""
    released: dict[str, Any] = json.loads(
        (project / "output" / "2017" / "data" / "ledger.json").read_text("utf-8")
    )
    return released


def test_figures_and_numbers_of_ones_own_are_published(
    project: Path, ledger: dict[str, Any]
) -> None:
    """In the text, on a card that says who counted it, and in the audit."""
    figures = ledger["figures"]
    assert {"contacts.share.evening", "contacts.evening.by_month.01"} <= set(figures)
    assert figures["persons.age.median"]["kind"] == "own"
    page = (project / "output" / "2017" / "index.html").read_text(encoding="utf-8")
    median = figures["evenings.hour.median"]["value"]
    sentence = page[page.index("De mediaan van het uur is") :].partition("</p>")[0]
    assert f"{median:g}".replace(".", ",") in re.sub(r"<[^>]+>", "", sentence)
    assert "één keer geteld, door de eigen code van het hoofdstuk" in page
    trace = (project / "output" / "2017" / "audit" / "evenings.html").read_text(encoding="utf-8")
    assert "cel &#39;show&#39;" in trace


def test_the_count_of_what_was_counted_twice_leaves_them_out(ledger: dict[str, Any]) -> None:
    """A check says how many were counted once."""
    checks = {check["name"]: check["of"] for check in ledger["checks"]}
    own = [figure for figure in ledger["figures"].values() if figure["kind"] == "own"]
    assert checks["counted_once"] == len(own) == 2
    with_value = [each for each in ledger["figures"].values() if each.get("status", "ok") == "ok"]
    assert checks["second_count"] == len(with_value) - len(own)


def test_a_chart_by_a_function_of_ones_own_is_published(project: Path) -> None:
    """It stands in the page, as the function drew it."""
    page = (project / "output" / "2017" / "index.html").read_text(encoding="utf-8")
    assert "drawn by stairs" in page


def test_nothing_of_the_rest_is_published(project: Path) -> None:
    """What was printed, a frame and a chart of seaborn's lie in the private notebook alone."""
    executed = next((project / ".helpline").rglob("*evenings.ipynb"))
    private = executed.read_text(encoding="utf-8")
    assert "shown-to-nobody" in private
    assert "age-of-rows" in private
    assert "image/png" in private
    for path in sorted((project / "output").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            assert b"shown-to-nobody" not in content, path
            assert b"age-of-rows" not in content, path
    public = nbformat.read(
        project / "output" / "2017" / "audit" / "notebooks" / "10_evenings.ipynb", as_version=4
    )
    kinds = {
        kind
        for cell in public.cells
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    }
    assert "image/png" not in kinds
    assert "look" not in {cell.id for cell in public.cells if cell.cell_type == "code"}
