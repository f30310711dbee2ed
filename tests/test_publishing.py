"""What making pages again loads, what a check of texts says, and what there is no trace of."""

import shutil
from pathlib import Path

import pytest

from helpline_report import build, publishing
from helpline_report.errors import ParametersError, ProseError
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from helpline_report.publishing import check_texts
from tests.conftest import list_loaded, refusal
from tests.report.small_projects import chapter, count, text

# What pages are made without: what counts, reads exports, runs chapters, or draws by itself.
HEAVY = ("pandas", "numpy", "scipy", "duckdb", "pandera", "papermill", "matplotlib")


@pytest.mark.slow
def test_a_sentence_loads_what_pages_need(root: Path) -> None:
    """Pages made again load nothing that counts, reads exports or runs chapters."""
    chapter(root, count("contacts.total"), text("said", "In al: {{ contacts.total | noun }}."))
    shutil.rmtree(root / "data" / "sample")
    assert list_loaded(root, "publish", "2017", of=HEAVY) == []
    assert "In al: " in (root / "output" / "2017" / "index.html").read_text(encoding="utf-8")


FAULTS = """\
=== said ===
Er waren 4.812 oproepen, en {{ contacts.totl }}.
`x`

=== sed ===
Tekst.

=== chart a.b ===
hide
"""


@pytest.mark.slow
def test_a_check_says_every_fault_of_every_text(root: Path) -> None:
    """At once and once, with file, line and column, beside what a build released.

    No chapter runs.
    """
    folder = root / "params" / "2017" / "nl"
    folder.mkdir(parents=True, exist_ok=True)
    foreword = 'Het waren er 12.\n\n![x](y.jpg "z")\n\n{{ fact.lijn }}, {{ year | yeer }}.\n'
    (folder / "foreword.md").write_text(f"=== foreword ===\n{foreword}", encoding="utf-8")
    (folder / "contacts.md").write_text(FAULTS, encoding="utf-8")
    with pytest.raises(ProseError) as caught:
        check_texts(Project(root), "2017")
    assert [line.split(": ")[0] for line in caught.value.what.splitlines()] == [
        "params/2017/nl/contacts.md, cell 'said', line 3",
        "params/2017/nl/contacts.md, line 5",
        "params/2017/nl/contacts.md, cell 'chart a.b', line 8",
        "params/2017/nl/foreword.md, cell 'foreword', line 2, column 14",
        "params/2017/nl/foreword.md, cell 'foreword', line 4",
        "params/2017/nl/foreword.md, cell 'foreword', line 6, column 1",
        "params/2017/nl/foreword.md, cell 'foreword', line 6, column 18",
    ]


# Traces of what there is not


@pytest.fixture
def built(project: Path) -> Project:
    """A project whose edition was built: its released ledger is there, and holds no figure."""
    ledger_file = project / "output" / "2017" / "data" / "ledger.json"
    ledger_file.parent.mkdir(parents=True)
    ledger_file.write_text(Ledger(edition="2017").to_json(), encoding="utf-8")
    return Project(project)


def test_a_figure_that_there_is_not(built: Project) -> None:
    """An unknown figure is told, with the file in which all of them stand."""
    assert refusal(ParametersError, publishing.trace, built, "2017", "contacts.totl") == (
        "the edition '2017' has no figure 'contacts.totl'\n"
        "  → the card of a number on the page names its figure; all of them stand in "
        "output/2017/data/figures.csv"
    )


def test_rows_of_what_nobody_counted(built: Project) -> None:
    """Behind a number that others printed there are no rows, and none are written."""
    assert "was printed elsewhere and isn't counted: no rows stand behind it" in refusal(
        ParametersError, build.trace_rows, built, "2017", "trend.contacts.2012.1"
    )
    assert not (built.private / "rows").exists()
