"""A chapter runs again where something that it read says something else, and else is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpline_report.edition_register import open_register
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import Reading
from helpline_report.report.chapter_cache import chapter_cache
from helpline_report.report.rows_key import rows_key
from helpline_report.run.execution import ChapterParameters, run_chapters
from helpline_report.run.notebooks import read_notebooks
from helpline_report.run.records import collect
from helpline_report.tables.dataset_reader import load_dataset
from helpline_report.tables.store import SAID
from tests.conftest import copy_project
from tests.report.small_projects import (
    chapter,
    code,
    copy_small,
    count,
    parameters,
    write,
)

pytestmark = pytest.mark.slow

ALL = {
    "callers",
    "contacts",
    "followup",
    "helpline",
    "media",
    "method",
    "problems",
    "summary",
    "website",
}
COUNTS_CAMPAIGNS = {"media"}
COUNT_OPEN_DAYS = {"contacts", "media"}


@dataclass(frozen=True)
class Chapters:
    """The chapters of a project, run with what is kept of them or anew."""

    project: Project

    def run(self, *overrides: str, kept: bool = True) -> tuple[Ledger, set[str]]:
        """What all chapters recorded, and which of them ran for it."""
        register = open_register(self.project, "2017", overrides)
        rows = rows_key(self.project, register)
        ran: list[str] = []
        inputs = ChapterParameters("2017", overrides)
        executed = run_chapters(
            self.project,
            read_notebooks(self.project),
            inputs,
            progress=lambda name, _: ran.append(name),
            store=chapter_cache(self.project, register, rows, overrides) if kept else None,
            register=register,
        )
        for node in executed.values():
            (cell,) = [cell for cell in node.cells if cell.id == "injected-parameters"]
            assert f"overrides = {json.dumps(list(overrides))}" in cell.source
        return collect("2017", executed), set(ran)


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> Chapters:
    """The nine chapters of the repository, which ran once."""
    found = Chapters(Project(copy_project(tmp_path_factory.mktemp("whole") / "project")))
    assert found.run()[1] == ALL
    return found


WORDS = (
    "title.nl=Het jaar",
    "helpline.name=1713",
    "publisher.role.nl=maker",
    "facts.phone=1713",
    "printed=[]",
    "trend=null",
    "campaigns.0.name.nl=een campagne",
    "events.0.source=de krant",
    "disclosure.decided_by=iemand",
)
CHANGES: list[tuple[str, tuple[str, ...], set[str] | None]] = [
    ("words", WORDS, set()),
    ("a closing day less", ("calendar.closed=[]",), COUNT_OPEN_DAYS),
    ("a working day more", ("calendar.working_days=[1,2,3,4,5,6]",), COUNT_OPEN_DAYS),
    ("days around a campaign", ("campaigns.0.around_days=14",), COUNTS_CAMPAIGNS),
    ("a campaign's first day", ("campaigns.1.start=2017-11-27",), COUNTS_CAMPAIGNS),
    ("no campaigns", ("campaigns=[]",), COUNTS_CAMPAIGNS),
    ("a campaign for others", ("campaigns.0.target=null",), COUNTS_CAMPAIGNS),
    ("no events", ("events=[]",), COUNTS_CAMPAIGNS),
    ("other ages", ("person_ages.0.to=6", "person_ages.1.from=7"), None),
    ("ages of callers", ("age_classes.0.to=11", "age_classes.1.from=12"), set()),
    ("a line less", ("helpline.lines=[antwerpen,limburg]",), None),
    ("a break more", ("breaks.3.date=2017-02-01",), None),
    ("a draft", ("draft=true",), ALL),
    ("no comparison", ("comparison=null",), ALL),
]


@pytest.mark.parametrize(
    ("overrides", "due"), [item[1:] for item in CHANGES], ids=[item[0] for item in CHANGES]
)
def test_what_is_kept_is_what_would_run(
    chapters: Chapters, overrides: tuple[str, ...], due: set[str] | None
) -> None:
    """Whatever the parameters say, kept chapters record what they would record anew."""
    chapters.run()
    kept, ran = chapters.run(*overrides)
    anew, _ = chapters.run(*overrides, kept=False)
    assert kept == anew
    assert due is None or ran == due


def test_back_again(chapters: Chapters) -> None:
    """Who tries a parameter and takes it back runs nothing."""
    for days in (21, 22):
        chapters.run(f"campaigns.0.around_days={days}")
    assert chapters.run("campaigns.0.around_days=21")[1] == set()
    assert chapters.run("campaigns.0.around_days=22")[1] == set()


def test_tables_are_made_of_nothing_else(chapters: Chapters) -> None:
    """What the key of the tables says of the parameters is all that is read to make them."""
    project, reading = chapters.project, Reading()
    load_dataset(project, reading.watch(project.edition("2017")))
    assert {*reading.read()["2017"]} <= {*SAID, "edition", "period", "sources"}


def test_a_chapter_with_code_of_its_own(tmp_path: Path) -> None:
    """It is kept until a module or a file that it read is another one."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    read = "import plots, pathlib\nrows = pathlib.Path('rows.csv').read_text()"
    chapter(small.project.root, code("own", read), count("contacts.total"))
    chapter(small.project.root, count("other.total"), name="other", number=2)
    files = [small.project.notebooks / name for name in ("plots.py", "rows.csv")]
    for path in files:
        path.write_text("1", encoding="utf-8")
    assert small.run()[1] == {"contacts", "other"}
    assert small.run()[1] == set()
    for path in files:
        path.write_text("2", encoding="utf-8")
        assert small.run()[1] == {"contacts"}
        assert small.run()[1] == set()


def test_a_chapter_that_looks_at_the_overrides(tmp_path: Path) -> None:
    """It runs for others, also where the edition says the same to it."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    chapter(small.project.root, code("look", "len(overrides);"), count("contacts.total"))
    assert small.run()[1] == {"contacts"}
    assert small.run("title.nl=Het jaar")[1] == {"contacts"}
    assert small.run()[1] == set()


def test_a_chapter_that_asks_outside(tmp_path: Path) -> None:
    """One that asks a program, a server or a database runs every time."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    asks = code("ask", "import subprocess\nsubprocess.run(['true']);")
    chapter(small.project.root, asks, count("contacts.total"))
    assert small.run()[1] == {"contacts"}
    assert small.run()[1] == {"contacts"}


def test_a_chapter_that_opens_nothing_reads_nothing(tmp_path: Path) -> None:
    """It is kept whatever the parameters say."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    write(small.project.root, "01_contacts.ipynb", [parameters(), code("step", "1;")])
    assert small.run()[1] == {"contacts"}
    assert small.run("calendar.closed=[]")[1] == set()


DAMAGES: list[tuple[str, Callable[[str], str]]] = [
    ("empty", lambda _: ""),
    ("half", lambda text: text[: len(text) // 2]),
    ("another's", lambda _: json.dumps([{"id": "count", "outputs": []}])),
    ("another number", lambda text: text.replace("4812", "4813")),
    ("of bytes that are no text", lambda text: text + "\udcff"),
]


@pytest.mark.parametrize("damage", [item[1] for item in DAMAGES], ids=[i[0] for i in DAMAGES])
def test_what_is_damaged_runs(tmp_path: Path, damage: Callable[[str], str]) -> None:
    """A kept file that isn't whole is read past."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    chapter(small.project.root, count("contacts.total"))
    before, _ = small.run()
    for path in (small.project.private / "chapters" / "2017").iterdir():
        damaged = damage(path.read_text("utf-8"))
        path.write_text(damaged, encoding="utf-8", errors="surrogateescape")
    assert small.run() == (before, {"contacts"})


def test_a_chapter_s_latest_are_kept(tmp_path: Path) -> None:
    """Of a chapter under many parameters the last few; another chapter's stay."""
    small = Chapters(Project(copy_small(tmp_path / "project")))
    days = "contacts = chapter.populations('contacts')\nchapter.open_days('days', contacts)"
    chapter(small.project.root, code("count", days))
    chapter(small.project.root, count("other.total"), name="other", number=2)
    for place in range(9):
        small.run(f"calendar.closed.0.reason.nl=reden {place}")
        # One that is of use stays, however old.
        assert small.run("calendar.closed.0.reason.nl=reden 0")[1] == set()
    names = [path.name for path in (small.project.private / "chapters" / "2017").iterdir()]
    assert sorted(name.partition("-")[0] for name in names) == ["contacts"] * 8 + ["other"]
    assert small.run("calendar.closed.0.reason.nl=reden 1")[1] == {"contacts"}
