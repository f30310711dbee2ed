"""A chapter runs again where something that it is executed from changed, and else is kept."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpline_report.edition_register import open_register
from helpline_report.figures.ledger import Ledger
from helpline_report.inputs import list_inputs, list_table_inputs
from helpline_report.parameters.project import Project
from helpline_report.run import execution
from helpline_report.run.execution import list_parameters, run_chapters
from helpline_report.run.notebooks import read_notebooks
from helpline_report.run.records import ChapterStore, collect
from tests.conftest import copy_project
from tests.report.small_projects import chapter, code, copy_few, count

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Chapters:
    """The chapters of a project, run with what is kept of them or anew."""

    project: Project

    def run(self, *overrides: str, stored: bool = True) -> tuple[Ledger, set[str]]:
        """What all chapters recorded, and which of them ran for it."""
        register = open_register(self.project, "2017", overrides)
        years = [each.edition for each in (register, register.previous) if each is not None]
        made_from = list_table_inputs(years, list_inputs(self.project, "2017", overrides))
        ran: set[str] = set()
        inputs = list_parameters("2017", overrides)
        store = ChapterStore(self.project, [made_from, inputs]) if stored else None
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(execution.log, "info", lambda _, name, *__: ran.add(name))
            executed = run_chapters(
                self.project,
                read_notebooks(self.project),
                inputs,
                "2017",
                store=store,
                register=register,
            )
        for node in executed.values():
            (cell,) = [cell for cell in node.cells if cell.id == "injected-parameters"]
            assert f"overrides = {json.dumps(list(overrides))}" in cell.source
        return collect("2017", executed), ran


MONTHS = 'chapter.counts("a.b", chapter.populations("contacts"), by="month", against="previous")'
SMALL = [
    code("months", MONTHS),
    code("days", 'chapter.open_days("days", chapter.populations("contacts"))'),
]


@pytest.mark.parametrize("which", ["small", pytest.param("real", marks=pytest.mark.long)])
def test_what_is_kept_is_what_would_run(tmp_path: Path, which: str) -> None:
    """Kept chapters record what they would record anew, and run where that is another thing."""
    if which == "small":
        root = copy_few(tmp_path / "project")
        chapter(root, *SMALL)
        chapter(root, count("other.total"), name="other", number=2)
    else:
        root = copy_project(tmp_path / "project")
    chapters = Chapters(Project(root))
    whole = {notebook.name for notebook in read_notebooks(chapters.project)}
    before, ran = chapters.run()
    assert ran == whole
    assert chapters.run() == (before, set())
    for overrides in (("calendar.closed=[]",), ("comparison=null",)):
        stored, ran = chapters.run(*overrides)
        assert ran == whole
        assert chapters.run(*overrides, stored=False)[0] == stored != before


def test_back_again(tmp_path: Path) -> None:
    """Who tries a parameter and takes it back runs nothing."""
    small = Chapters(Project(copy_few(tmp_path / "project")))
    chapter(small.project.root, count("contacts.total"))
    for days in (21, 22):
        assert small.run(f"campaigns.0.around_days={days}")[1] == {"contacts"}
    assert small.run("campaigns.0.around_days=21")[1] == set()


def test_a_chapter_with_code_of_its_own(tmp_path: Path) -> None:
    """It is kept until a module beside the notebooks is another one."""
    small = Chapters(Project(copy_few(tmp_path / "project")))
    chapter(small.project.root, code("own", "import plots"), count("contacts.total"))
    path = small.project.notebooks / "plots.py"
    # An editor's lock.
    path.with_name(".#plots.py").symlink_to("nobody@nowhere.1")
    for number in range(2):
        path.write_text(str(number), encoding="utf-8")
        assert small.run()[1] == {"contacts"}
        assert small.run()[1] == set()
    # Nobody knows which of the two it took where a module changes while it runs.
    change = "import plots, pathlib\npathlib.Path(plots.__file__).write_text('3');"
    chapter(small.project.root, code("own", change), count("contacts.total"))
    assert small.run()[1] == {"contacts"}
    path.write_text("1", encoding="utf-8")
    assert small.run()[1] == {"contacts"}


def test_a_chapter_that_looks_elsewhere(tmp_path: Path) -> None:
    """One that asks outside, opens a file or takes a module from elsewhere runs every time."""
    small = Chapters(Project(copy_few(tmp_path / "project")))
    for file in ("rows.csv", "lib/plots.py"):
        (small.project.root / file).parent.mkdir(exist_ok=True)
        (small.project.root / file).write_text("1", encoding="utf-8")
    small.project.notebooks.mkdir(exist_ok=True)
    (small.project.notebooks / "linked").symlink_to("../lib")
    for look in (
        "import subprocess\nsubprocess.run(['true']);",
        "open('../rows.csv').read();",
        "import sys\nsys.path.append('../lib')\nimport plots",
        "import linked.plots",
        "from importlib.util import spec_from_file_location, module_from_spec\n"
        "spec = spec_from_file_location('lib', '../lib/plots.py')\n"
        "spec.loader.exec_module(module_from_spec(spec));",
    ):
        chapter(small.project.root, code("look", look), count("contacts.total"))
        for _ in range(2):
            assert small.run()[1] == {"contacts"}
