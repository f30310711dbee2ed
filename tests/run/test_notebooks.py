"""Chapters are read as a run takes them, and refused before any of them runs."""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpline_report.errors import ChapterError, ParametersError
from helpline_report.figures.ledger import RECORD_MIME
from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import Notebook, read_notebooks
from helpline_report.run.records import RUN, collect, strip_outputs
from tests.conftest import ROOT, refusal
from tests.report.small_projects import code, opening, parameters, text, write

FILE = "notebooks/01_contacts.ipynb"
SETS = "the cell sets edition, overrides, preview"
MAGIC = "mend it; magics and shell commands can't be traced, and don't stand in a chapter"
LEAVE = "a chapter runs to its last cell, in a kernel that it leaves alone"
TAGGED = "without it papermill would run the chapter with its defaults, unsaid"
AGAIN = "only the cell that is tagged 'parameters' sets it, and a build replaces it"
ID = "figures and texts name cells by their id: give each its own"
DUE = "open_chapter('contacts', edition, overrides=overrides, preview=preview)"


def read(project: Path, *cells: dict[str, Any], **changes: Any) -> tuple[Notebook, ...]:
    write(project, "01_contacts.ipynb", cells, **changes)
    return read_notebooks(Project(project))


def test_chapters_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    """The two digits of a file's name give the order; the rest is the chapter's name."""
    write(tmp_path, "10_last.ipynb", [parameters()])
    write(tmp_path, "02_first_one.ipynb", [parameters()])
    names = [notebook.name for notebook in read_notebooks(Project(tmp_path))]
    assert names == ["first_one", "last"]


def test_an_edition_names_its_chapters(tmp_path: Path) -> None:
    """In its own order; another chapter isn't read, and an unknown one is told with the nearest."""
    write(tmp_path, "01_first.ipynb", [parameters()])
    write(tmp_path, "02_broken.ipynb", [])
    write(tmp_path, "03_last.ipynb", [parameters()])
    project, edition = Project(tmp_path), Project(ROOT).edition("2017")
    named = edition.model_copy(update={"chapters": ["last", "first"]})
    assert [notebook.name for notebook in read_notebooks(project, named)] == ["last", "first"]
    unknown = edition.model_copy(update={"chapters": ["lost"]})
    assert refusal(ParametersError, read_notebooks, project, unknown) == (
        "params/2017.yaml: chapters: there is no chapter 'lost', did you mean 'last'?\n"
        "  → the chapters are: first, broken, last"
    )


def test_saved_outputs_do_not_count(tmp_path: Path) -> None:
    """What JupyterLab saved in a notebook is left out."""
    saved = code("step", "1 + 1")
    saved["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "a row"}]
    saved["execution_count"] = 7
    (notebook,) = read(tmp_path, parameters(), saved)
    assert strip_outputs(notebook).cells[1].outputs == []
    assert strip_outputs(notebook).cells[1].execution_count is None


FOLDERS: dict[str, tuple[list[str], str]] = {
    "no notebooks": ([], "notebooks: there are no notebooks"),
    **{
        name: (
            [name],
            f"notebooks/{name}: a chapter's file is named like '03_website.ipynb'\n"
            "  → rename it: two digits, an underscore, and a name in lower case; or move it "
            "elsewhere if it is what papermill wrote",
        )
        for name in ("contacts.ipynb", "1_contacts.ipynb", "01_Contacts.ipynb")
    },
    "two of one name": (
        ["01_contacts.ipynb", "02_contacts.ipynb"],
        "notebooks: two notebooks are named 'contacts'",
    ),
}


@pytest.mark.parametrize(("files", "message"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_of_other_files(tmp_path: Path, files: list[str], message: str) -> None:
    """It is an error, and no file is left out; without a folder it says where to run."""
    with pytest.raises(ChapterError, match="there is no folder 'notebooks'") as caught:
        read_notebooks(Project(tmp_path))
    assert caught.value.next_step == "run in the folder of the project, or give it with --project"
    (tmp_path / "notebooks").mkdir()
    for file in files:
        write(tmp_path, file, [parameters()])
    assert refusal(ChapterError, read_notebooks, Project(tmp_path)) == message


ANEW = "take an earlier version of it, or make it anew in JupyterLab"


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5}', "[" * 200_000],
    ids=lambda content: content[:9],
)
def test_no_notebook(tmp_path: Path, content: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that isn't a notebook is named, and nothing else is said."""
    write(tmp_path, "01_contacts.ipynb", []).write_text(content, encoding="utf-8")
    with pytest.raises(ChapterError, match=f": is no valid notebook\n  → {ANEW}$"):
        read_notebooks(Project(tmp_path))
    assert capfd.readouterr() == ("", "")


def test_jupyter_reads_what_is_run(repository: Path) -> None:
    """What is run of a chapter is as its file is, and valid by Jupyter's own reading."""
    for notebook in read_notebooks(Project(repository)):
        node = strip_outputs(notebook)
        nbformat.validate(node)
        assert node == nbformat.read(repository / notebook.where, as_version=4)


def of_step(source: str, *tags: str) -> list[dict[str, Any]]:
    return [parameters(), code("step", source, *tags)]


COUNTED = ": {} cells are tagged 'parameters', and one code cell is due\n  → " + TAGGED
OF_PARAMETERS, OF_STEP = ", cell 'parameters': ", ", cell 'step': "
SET, PREVIEW = 'edition = "2017"\n', "\npreview = True"
TAGS = "\n  → tags are: parameters, cover, finding, folded, needs:…, when:…, unless:…"
OTHERWISE = "the chapter isn't opened with what it is given: {}\n  → write: chapter = " + DUE
CELLS: list[tuple[list[dict[str, Any]], str]] = [
    (
        [parameters(), {"cell_type": "code", "id": "a", "source": "1"}],
        f": is no valid notebook (at cells.1)\n  → {ANEW}",
    ),
    (
        [parameters(), code("twice", "1"), text("twice", "one")],
        f": the cell id 'twice' stands 2 times\n  → {ID}",
    ),
    # papermill runs a chapter without the tag, or with a misspelt parameter, on its defaults.
    ([code("parameters", parameters()["source"])], COUNTED.format(0)),
    ([parameters(), {**parameters(), "id": "second"}], COUNTED.format(2)),
    ([text("parameters", "edition", "parameters")], COUNTED.format(1)),
    (
        [parameters(f"{SET}overide = []{PREVIEW}")],
        f"{OF_PARAMETERS}unknown parameter 'overide', did you mean 'overrides'?\n  → {SETS}",
    ),
    *(
        (
            [parameters(f"{parameters()['source']}\n{more}")],
            f"{OF_PARAMETERS}unknown parameter 'a'\n  → {SETS}",
        )
        for more in ("a: int = 1", "a, b = 1, 2", "(a := 1)")
    ),
    (
        [parameters(SET + PREVIEW)],
        f"{OF_PARAMETERS}the parameter 'overrides' is missing\n  → {SETS}",
    ),
    (
        of_step('edition = "2016"'),
        f"{OF_STEP}the cell sets the parameter 'edition' again\n  → {AGAIN}",
    ),
    (
        [parameters(), opening("contacts"), {**opening("contacts"), "id": "again"}],
        ": open_chapter is called 2 times, and once is due",
    ),
    # A chapter that drops a parameter would count on the default.
    *(
        (of_step(f"chapter = {call}"), OF_STEP + OTHERWISE.format(call))
        for call in (
            "open_chapter('contacts', edition)",
            "open_chapter('contacts', '2016', overrides=overrides, preview=preview)",
            "open_chapter('callers', edition, overrides=overrides, preview=preview)",
            "helpline_report.chapter.open_chapter('contacts', edition, preview=preview)",
        )
    ),
    # papermill calls magics and shell commands a success when they fail.
    *(
        (of_step(source), f"{OF_STEP}line 1 is no Python (invalid syntax)\n  → {MAGIC}")
        for source in ("!false", "%matplotlib inline", "%%bash\nfalse")
    ),
    (
        of_step("count(1"),
        f"{OF_STEP}line 1 is no Python ('(' was never closed)\n  → {MAGIC}",
    ),
    # So it is with a cell that ends its kernel from within.
    *(
        (of_step(source), f"{OF_STEP}line 1 reaches for its kernel ({name})\n  → {LEAVE}")
        for source, name in (
            ("exit()", "exit"),
            ("quit", "quit"),
            ("from IPython import get_ipython as own", "get_ipython"),
            ("import IPython; IPython.get_ipython().system('false')", "get_ipython"),
        )
    ),
    # A misspelt tag is read by nobody; by others nbclient leaves a cell out or lets it fail.
    *(
        (of_step("1", tag), f"{OF_STEP}unknown tag '{tag}'{hint}{TAGS}")
        for tag, hint in (
            ("need:previous", ", did you mean 'needs:'?"),
            ("parameter", ", did you mean 'parameters'?"),
            ("skip-execution", ""),
            ("raises-exception", ""),
        )
    ),
]


@pytest.mark.parametrize(("cells", "message"), CELLS)
def test_what_cant_be_run_is_refused(
    tmp_path: Path, cells: list[dict[str, Any]], message: str
) -> None:
    """With file, cell, what is wrong and what to do; nothing is mended."""
    assert refusal(ChapterError, read, tmp_path, *cells) == f"{FILE}{message}"


def test_an_older_notebook(tmp_path: Path) -> None:
    """A notebook of an older format has no names of cells, and says how to get them."""
    assert refusal(ChapterError, read, tmp_path, parameters(), nbformat_minor=4) == (
        f"{FILE}: is a notebook of format 4.4, whose cells have no ids\n"
        "  → open it in JupyterLab ('make lab') and save it"
    )


def test_code_of_any_kind(tmp_path: Path) -> None:
    """Functions, loops, branches and any import may stand in a chapter."""
    sources = (
        "def double(number):\n    return 2 * number",
        "for month in months:\n    if preview:\n        1",
        "try:\n    1\nexcept ValueError:\n    2",
        "import seaborn as sns",
    )
    cells = [code(f"step-{at}", source) for at, source in enumerate(sources)]
    assert len(read(tmp_path, parameters(), *cells)) == 1


# What the cells of executed chapters recorded becomes one ledger, with each name once

CHART = {"charts": {"one": {"id": "one", "kind": "trend"}}}
TABLE = {"tables": {"one": {"id": "one"}}}


def executed(file: str, *records: dict[str, Any]) -> NotebookNode:
    outputs = [
        new_output("display_data", {RECORD_MIME: {"ledger": {"edition": "2017"} | record}})
        for record in records
    ]
    cell = new_code_cell(id="count", outputs=outputs)
    return NotebookNode(new_notebook(cells=[cell], metadata={RUN: {"file": file}}))


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ([{"breakdown": 1}], [], "the cell leaves a record that is none of this program"),
        ([{"edition": "2016"}], [], "the cell counts the edition '2016', and '2017' is made"),
        ([TABLE, TABLE], [], "the table 'one' is computed twice in this cell"),
        ([CHART, CHART], [], "the chart 'one' is computed twice in this cell"),
        ([CHART], [CHART], "the chart 'one' is computed twice"),
    ],
)
def test_what_is_no_part_of_one_ledger(
    first: list[dict[str, Any]], second: list[dict[str, Any]], what: str
) -> None:
    """It is told at its cell, and a chart with how it gets another name."""
    chapters = {"contacts": executed("01_contacts.ipynb", *first)}
    chapters["callers"] = executed("02_callers.ipynb", *second)
    with pytest.raises(ChapterError) as caught:
        collect("2017", chapters)
    file = "02_callers" if second else "01_contacts"
    assert caught.value.where == f"notebooks/{file}.ipynb, cell 'count'"
    assert caught.value.what == what
    assert ("chapter.chart(…, name='…')" in caught.value.next_step) == (first[0] is CHART)
    other = "it stands in notebooks/01_contacts.ipynb, cell 'count' already: "
    assert caught.value.next_step.startswith(other) == bool(second)


# What `make lab` lets JupyterLab do when it saves a chapter


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
