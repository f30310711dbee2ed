"""Chapters run as any other notebook does: by papermill, jupyter and nbconvert, from a shell."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from papermill import inspect_notebook

from helpline_report.figures.ledger import RECORD_MIME
from tests.conftest import ROOT
from tests.report.small_projects import chapter, code, copy_few

pytestmark = pytest.mark.slow

SERIES = """import plots
contacts = chapter.populations("contacts")
monthly = chapter.counts("contacts.by_month", contacts, by="month")"""
CELLS = (
    code("count", SERIES),
    code("chart", "chapter.chart(monthly)"),
    code("table", "chapter.table(monthly)"),
    code("own", 'chapter.chart(monthly, plots.dots, name="contacts.dots")'),
    code("look", 'import seaborn as sns\nsns.lineplot(monthly.df, x="month", y="value")'),
)
DAYS = code("days", "print(chapter.register.edition.calendar.working_days)")
PLOTS = 'def dots(df, ax):\n    ax.plot(df["short"], df["value"], "o")\n'
FILE, LIGHT = "01_contacts.ipynb", "02_days.ipynb"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a chapter, and a module beside it."""
    root = copy_few(tmp_path_factory.mktemp("shell") / "project")
    chapter(root, *CELLS)
    chapter(root, DAYS, name="days", number=2)
    (root / "notebooks" / "plots.py").write_text(PLOTS, encoding="utf-8")
    return root


def run(*command: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    name, *arguments = map(str, command)
    program = Path(sys.executable).with_name(name)
    environment = {**os.environ, **variables}
    environment.pop("PYTEST_CURRENT_TEST", None)
    return subprocess.run(
        [program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def outputs(path: Path) -> dict[str, list[NotebookNode]]:
    cells = nbformat.read(path, as_version=4).cells
    return {cell.id: cell.outputs for cell in cells if cell.cell_type == "code"}


def assert_shown(path: Path) -> None:
    """Figures, charts and table stand where their cells do, each beside its record.

    What seaborn draws is a picture, of which no record says anything.
    """
    left = outputs(path)
    tags = {"count": "<table", "chart": "<svg", "table": "<table", "own": "<svg"}
    for cell, tag in tags.items():
        (output,) = left[cell]
        assert RECORD_MIME in output.data
        assert tag in output.data["text/html"]
    looks = [output.data for output in left["look"] if "image/png" in output.data]
    assert len(looks) == 1
    assert RECORD_MIME not in looks[0]


Command = Callable[[Path, Path], tuple[Path, list[object]]]
FROM: dict[str, Command] = {
    "the root": lambda root, out: (root, [f"notebooks/{FILE}", out, "-p", "edition", 2017]),
    "notebooks": lambda root, out: (root / "notebooks", [LIGHT, out, "-r", "edition", 2017]),
    "elsewhere": lambda root, out: (
        out.parent,
        [root / "notebooks" / LIGHT, out, "-p", "edition", 2017, "--cwd", root],
    ),
    "a variable": lambda root, out: (
        out.parent,
        [root / "notebooks" / LIGHT, out, "-y", 'overrides: ["calendar.working_days=[1, 2, 6]"]'],
    ),
}


# One of them in the ordinary tests, the others in `make test-long`, as other programs are.
EACH = [pytest.param(where, marks=[pytest.mark.long][: where != "the root"]) for where in FROM]


@pytest.mark.parametrize("where", EACH)
def test_papermill(where: str, project: Path, tmp_path: Path) -> None:
    """A year is given as a number or a text, overrides as a list of YAML; all is shown."""
    folder, arguments = FROM[where](project, tmp_path / "out.ipynb")
    variables = {"HELPLINE_PROJECT": str(project)} if where == "a variable" else {}
    ended = run("papermill", *arguments, cwd=folder, **variables)
    assert ended.returncode == 0, ended.stderr
    if where == "the root":
        assert_shown(tmp_path / "out.ipynb")
    else:
        days = "[1, 2, 6]\n" if variables else "[1, 2, 3, 4, 5]\n"
        assert outputs(tmp_path / "out.ipynb")["days"][0].text == days


@pytest.mark.long
def test_jupyter_execute(project: Path, tmp_path: Path) -> None:
    path, out = project / "notebooks" / LIGHT, tmp_path / "out.ipynb"
    ended = run("jupyter", "execute", path, f"--output={out}", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert outputs(out)["days"][0].text == "[1, 2, 3, 4, 5]\n"


@pytest.mark.long
def test_nbconvert(project: Path, tmp_path: Path) -> None:
    """`jupyter nbconvert --execute --to html` makes a page that shows chart and table."""
    path = project / "notebooks" / FILE
    convert = ("jupyter", "nbconvert", "--execute", "--to", "html", path, "--output-dir", tmp_path)
    ended = run(*convert, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    page = (tmp_path / "01_contacts.html").read_text(encoding="utf-8")
    places = [
        page.index(f'id="cell-id={name}"') for name in ("count", "chart", "table", "own", "look")
    ]
    assert places == sorted(places)
    chart = page.index("<svg")
    assert page.index("<table", chart) > chart


def test_papermill_with_a_misspelt_name(project: Path, tmp_path: Path) -> None:
    """Its default would be in force: the chapter of another year, and no word of it."""
    arguments = [f"notebooks/{LIGHT}", tmp_path / "out.ipynb", "-p", "editions", 2017]
    ended = run("papermill", *arguments, cwd=project)
    assert ended.returncode != 0
    assert (
        "the chapter 'days': unknown parameter 'editions', did you mean 'edition'?" in ended.stderr
    )


def test_papermill_lists_all_parameters() -> None:
    """What `papermill --help-notebook` reads: a line with two equal signs is none to it."""
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        listed = inspect_notebook(str(path))
        assert set(listed) == {"edition", "overrides", "preview"}, path.name
        assert all(parameter["help"] for parameter in listed.values()), path.name
        types = {name: listed[name]["inferred_type_name"] for name in listed}
        assert types == {"edition": "str", "overrides": "list[str]", "preview": "bool"}
