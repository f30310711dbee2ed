"""A chapter as the documents say that one is made: built, and what of it is published."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter

from tests.conftest import build_whole, run_command
from tests.end.carriers import leaks
from tests.report.small_projects import code, copy_few, text, write

pytestmark = pytest.mark.slow

DOCUMENTS = ("add-a-chapter.md", "add-a-figure.md", "charts.md")
PLOTS = '''

def stairs(df, ax):
    """A stairway a year, with a title of its own, and what a cell left in its module."""
    steps(df, ax)
    ax.set_title("drawn by stairs")
    ax.text(0, 0, globals().get("REMARK", "no remark"))
'''
# What is computed and shown, and stands so in no source: it must not leave.
LOOKING = (
    'word = lambda: "shown" + "-to-nobody"\n'
    "print(word())\n"
    'persons.df[["age", "problem"]].head(3).rename(columns={"age": "age" + "-of-rows"})'
)
COMMENT = "a-remark-of-mine"


def blocks(page: Path) -> list[str]:
    """The Python of a document."""
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """All examples of the three documents in one chapter, built."""
    root = copy_few(tmp_path_factory.mktemp("own") / "project")
    parameters, *examples = (
        block for document in DOCUMENTS for block in blocks(repository / "docs" / document)
    )
    (plots,) = [
        block for block in examples if block.startswith("import seaborn") and "ax)" in block
    ]
    examples.remove(plots)
    cells: list[dict[str, Any]] = [
        text("title", "# De avond"),
        code("parameters", parameters, "parameters"),
        *(code(f"example-{number}", source) for number, source in enumerate(examples, start=1)),
        text("said", "De hulplijn kreeg {{ evenings.total | noun }} in de avond."),
        text("own", "De mediaan van het uur is {{ evenings.hour.median }}."),
        code("look", f"# {COMMENT}\n{LOOKING}"),
        code(
            "stairs",
            'plots.REMARK = "remark" + "-of-a-row"\n'
            'chapter.chart(monthly, plots.stairs, name="contacts.monthly.stairs")',
        ),
    ]
    write(root, "11_evenings.ipynb", cells)
    (root / "notebooks" / "plots.py").write_text(plots + PLOTS, encoding="utf-8")
    build_whole(root)
    return root


@pytest.fixture(scope="module")
def ledger(project: Path) -> dict[str, Any]:
    released: dict[str, Any] = json.loads(
        (project / "output" / "2017" / "data" / "ledger.json").read_text("utf-8")
    )
    return released


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "output" / "2017" / "index.html").read_text(encoding="utf-8")


def test_figures_and_numbers_of_ones_own_are_published(
    project: Path, ledger: dict[str, Any], page: str
) -> None:
    """In the text, on a card that says who counted it, and in the audit; once, as a check says."""
    figures = ledger["figures"]
    assert {"contacts.share.evening", "contacts.evening.by_month.01"} <= set(figures)
    assert figures["persons.age.median"]["kind"] == "own"
    median = figures["evenings.hour.median"]["value"]
    sentence = page[page.index("De mediaan van het uur is") :].partition("</p>")[0]
    assert f"{median:g}".replace(".", ",") in re.sub(r"<[^>]+>", "", sentence)
    assert "Eén keer geteld, door de eigen code van het hoofdstuk" in page
    trace = (project / "output" / "2017" / "audit" / "evenings.html").read_text(encoding="utf-8")
    assert "cel &#39;example-3&#39;" in trace
    checks = {check["name"]: check["of"] for check in ledger["checks"]}
    own = [figure for figure in ledger["figures"].values() if figure["kind"] == "own"]
    assert checks["counted_once"] == len(own) == 2
    with_value = [each for each in ledger["figures"].values() if each.get("status", "ok") == "ok"]
    assert checks["second_count"] == len(with_value) - len(own)


def test_charts_of_a_kind_and_by_functions_of_ones_own_are_published(
    page: str, ledger: dict[str, Any]
) -> None:
    """Each with the house's alternative text; one as its function alone draws it."""
    kinds = {name: chart["kind"] for name, chart in ledger["charts"].items()}
    assert kinds == {
        "evenings.by_month.chart": "columns",
        "contacts.monthly.chart": "lines",
        "contacts.monthly.steps": "own",
        "contacts.monthly.stairs": "own",
    }
    for name in kinds:
        assert f'id="{name}"' in page
    for drawn in ("drawn by stairs", "no remark"):
        assert page.count(drawn) == 2  # wide, and for a telephone


def test_nothing_of_the_rest_is_published(project: Path) -> None:
    """What was printed, a frame, a chart of seaborn's and the cells that leave no result."""
    executed = next((project / ".helpline").rglob("*evenings.ipynb"))
    private = executed.read_text(encoding="utf-8")
    hidden = ("shown-to-nobody", "age-of-rows", COMMENT)
    assert [word for word in (*hidden, "image/png") if word not in private] == []
    assert leaks(project / "output", "|".join((*hidden, "remark-of-a-row"))) == {}
    public = nbformat.read(
        project / "output" / "2017" / "audit" / "notebooks" / "11_evenings.ipynb", as_version=4
    )
    kinds = {
        kind
        for cell in public.cells
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    }
    assert "image/png" not in kinds
    assert "look" not in {cell.id for cell in public.cells if cell.cell_type == "code"}


def test_the_published_notebook_opens_as_any_other(project: Path) -> None:
    """It is a valid notebook, and nbconvert's own page of it shows its charts and tables."""
    path = project / "output" / "2017" / "audit" / "notebooks" / "11_evenings.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    drawings = re.findall(r'<img alt="[^"]+" src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(drawings) == 4  # two of a kind, and two by functions of one's own
    assert "drawn by stairs" in "".join(base64.b64decode(each).decode() for each in drawings)
    assert "<table" in page


def test_a_second_build_has_nothing_to_do(project: Path) -> None:
    """A chapter with functions of its own is kept like the others, and so is the edition."""
    assert "nothing changed since it was made" in run_command(project, "build", "2017")[1]
