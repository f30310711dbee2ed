"""Notebooks converted by hand, and released copies opened and run as any other notebook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbconvert.utils.exceptions import ConversionException
from traitlets.config import Config

from helpline_report import build
from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.parameters.project import VARIABLE, Project
from helpline_report.report.notebook_exporters import NotebookHtmlExporter, NotebookTypstExporter
from tests.report.small_projects import chapter, code, copy_small, text

pytestmark = pytest.mark.slow

UNRELEASED = "NIET VRIJGEGEVEN"
COPY = "output/2017/audit/notebooks/01_contacts.ipynb"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two chapters with its edition."""
    root = copy_small(tmp_path_factory.mktemp("by hand") / "project")
    chapter(
        root,
        text("said", "Er waren {{ contacts.total | noun }} in {{ period }}.<!-- nog nazien -->"),
        code("count", 'contacts = chapter.populations("contacts")'),
        code("total", 'chapter.count("contacts.total", contacts)'),
        code("months", 'monthly = chapter.counts("contacts.by_month", contacts, by="month")'),
        code("chart", "chapter.chart(monthly)"),
        code("table", "chapter.table(monthly)"),
    )
    chapter(
        root,
        text("said", "Er waren {{ contacts.total | noun }}."),
        code("show", 'chapter.highlights("main", "contacts.total")'),
        name="summary",
        number=2,
    )
    build.build(Project(root), "2017")
    return root


@pytest.fixture(scope="module")
def executed(project: Path) -> Path:
    """A chapter as papermill leaves it."""
    path = project / "02_summary.ipynb"
    stored = project / "notebooks" / "02_summary.ipynb"
    papermill.execute_notebook(
        stored, path, cwd=stored.parent, parameters={"edition": "2017"}, progress_bar=False
    )
    return path


def nbconvert(project: Path, kind: str, file: str | Path, folder: Path) -> int:
    """Run nbconvert's own command."""
    program = Path(sys.executable).with_name("jupyter-nbconvert")
    command = [program, "--to", kind, "--output-dir", folder, file]
    return subprocess.run(command, cwd=project, capture_output=True, check=False).returncode


def page(path: Path, folder: Path | None = None) -> str:
    """What a notebook is converted to in this process, to be written into a folder."""
    settings = Config({"FilesWriter": {"build_directory": str(folder)}}) if folder else None
    return str(NotebookHtmlExporter(config=settings).from_filename(str(path))[0])


def test_the_command_converts_a_released_copy(project: Path, tmp_path: Path) -> None:
    """As a page with its numbers and its chart, which doesn't say that it isn't released."""
    assert nbconvert(project, "helpline-html", COPY, tmp_path) == 0
    made = (tmp_path / "01_contacts.html").read_text(encoding="utf-8")
    assert "4.812 contactnames</data>" in made
    assert '<figure class="chart" id="contacts.by_month.chart">' in made
    assert UNRELEASED not in made


def test_a_book_is_made_too(project: Path) -> None:
    """As Typst, for who sets it."""
    made, _ = NotebookTypstExporter().from_filename(str(project / COPY))
    assert '#heading(level: 1, "Contacts")' in made
    assert "#chart(" in made


def test_what_is_not_released_says_so(executed: Path) -> None:
    """On the page and on each sheet; another chapter's figure is shown by its name."""
    made = page(executed)
    assert f'<p class="warning" role="note">{UNRELEASED}</p>' in made
    assert "@page" in made
    assert "Er waren <em>contacts.total</em>." in made
    assert '<p class="left">highlights main</p>' in made
    assert "4.812" not in made


def test_a_book_that_is_not_released_says_so(executed: Path) -> None:
    """On each of its pages."""
    made, _ = NotebookTypstExporter().from_filename(str(executed))
    assert f'warning: "{UNRELEASED}"' in made


def test_a_copy_that_somebody_changed_is_not_released(project: Path, tmp_path: Path) -> None:
    """The manifest of its edition knows it as it was."""
    root = tmp_path / "project"
    shutil.copytree(project, root)
    copy = root / COPY
    copy.write_text(copy.read_text(encoding="utf-8").replace("Er waren", "Wel"), encoding="utf-8")
    assert UNRELEASED in page(copy, tmp_path)


@pytest.mark.parametrize("folder", ["output", "output/2017/audit"])
def test_nothing_unreleased_is_written_into_output(
    project: Path, executed: Path, folder: str
) -> None:
    """The command fails, and no file is there."""
    assert nbconvert(project, "helpline-html", executed, project / folder) != 0
    assert not list((project / "output").rglob("02_summary.html"))


def test_a_notebook_elsewhere_is_of_the_project_that_one_is_in(
    project: Path, executed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What papermill wrote to another folder is converted from the project's own."""
    (tmp_path / "elsewhere").mkdir()
    alone = tmp_path / "elsewhere" / executed.name
    shutil.copy(executed, alone)
    monkeypatch.chdir(project)
    assert UNRELEASED in page(alone)


def test_a_notebook_outside_a_project_is_refused(
    executed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words and its look are those of a project; the message says where was looked."""
    alone = tmp_path / executed.name
    shutil.copy(executed, alone)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConversionException, match="there is no folder 'params'"):
        page(alone)


def test_a_released_copy_has_its_outputs(project: Path) -> None:
    """A valid notebook: tables as HTML, charts as SVG, both as text; comments are gone."""
    node = nbformat.read(project / COPY, as_version=4)
    nbformat.validate(node)
    cells = {cell.id: cell for cell in node.cells}
    kinds = {name: set(cells[name].outputs[0].data) for name in ("total", "chart", "table")}
    assert kinds == {
        "total": {RECORD_MIME, "text/html", "text/plain"},
        "chart": {RECORD_MIME, "text/html", "text/plain"},
        "table": {RECORD_MIME, "text/html", "text/plain"},
    }
    assert "4.812" in cells["total"].outputs[0].data["text/html"]
    assert cells["total"].outputs[0].metadata == {"helpline_report": "released"}
    assert "nazien" not in cells["said"].source


def test_a_released_copy_runs_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the exports gets the same figures from it."""
    monkeypatch.setenv(VARIABLE, str(project))
    again = papermill.execute_notebook(
        project / COPY, tmp_path / "again.ipynb", progress_bar=False, kernel_name="python3"
    )
    (total,) = next(cell.outputs for cell in again.cells if cell.id == "total")
    assert total.data[RECORD_MIME]["ledger"]["figures"]["contacts.total"]["value"] == 4812


def test_the_manifest_has_the_hash_of_what_was_executed(project: Path) -> None:
    """Of each chapter, by the name of its file."""
    manifest = json.loads((project / "output/2017/audit/manifest.json").read_bytes())
    assert [item["file"] for item in manifest["executed"]] == [
        "01_contacts.ipynb",
        "02_summary.ipynb",
    ]
    assert all(len(item["sha256"]) == 64 for item in manifest["executed"])


def test_published_again_from_what_is_published(project: Path, tmp_path: Path) -> None:
    """Without exports and without anything private, the copies give the same bytes."""
    root = tmp_path / "project"
    shutil.copytree(project, root)
    shutil.rmtree(root / "data" / "sample")
    shutil.rmtree(root / ".helpline")
    program = [sys.executable, "-c", "from helpline_report.cli import main; main()"]
    subprocess.run([*program, "publish", "2017"], cwd=root, env=os.environ, check=True)
    for path in sorted((project / "output" / "2017").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (root / path.relative_to(project)).read_bytes(), path
