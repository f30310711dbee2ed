from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpline_report.errors import ChapterError, ParametersError
from helpline_report.parameters.project import Project
from helpline_report.run.notebooks import Notebook, read_notebooks
from helpline_report.run.records import node_of
from tests.conftest import ROOT
from tests.report.small_projects import code, opening, parameters, text, write

FILE = "notebooks/01_contacts.ipynb"
SETS = "the cell sets edition, overrides, preview"
MAGIC = "magics and shell commands can't be traced, and don't stand in a chapter"
LEAVE = "a chapter runs to its last cell, in a kernel that it leaves alone"


def read(project: Path, *cells: dict[str, Any], **changes: Any) -> tuple[Notebook, ...]:
    """Read a project with one chapter of these cells."""
    write(project, "01_contacts.ipynb", cells, **changes)
    return read_notebooks(Project(project))


def refused(project: Path, *cells: dict[str, Any], **changes: Any) -> str:
    """The whole message with which such a chapter is refused."""
    with pytest.raises(ChapterError) as caught:
        read(project, *cells, **changes)
    return str(caught.value)


def refused_code(project: Path, source: str) -> str:
    """The message that a cell `step` is refused with, without the place."""
    said = refused(project, parameters(), code("step", source))
    assert said.startswith(f"{FILE}, cell 'step': ")
    return said.removeprefix(f"{FILE}, cell 'step': ")


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
    with pytest.raises(ParametersError) as caught:
        read_notebooks(project, unknown)
    assert str(caught.value) == (
        "params/2017.yaml: chapters: there is no chapter 'lost', did you mean 'last'?\n"
        "  → the chapters are: first, broken, last"
    )


def test_saved_outputs_do_not_count(tmp_path: Path) -> None:
    """What JupyterLab saved in a notebook is left out."""
    saved = code("step", "1 + 1")
    saved["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "a row"}]
    saved["execution_count"] = 7
    (notebook,) = read(tmp_path, parameters(), saved)
    assert node_of(notebook).cells[1].outputs == []
    assert node_of(notebook).cells[1].execution_count is None


def test_no_folder(tmp_path: Path) -> None:
    """Without a folder of chapters the message says where to run."""
    with pytest.raises(ChapterError, match="there is no folder 'notebooks'") as caught:
        read_notebooks(Project(tmp_path))
    assert caught.value.next_step == "run in the folder of the project, or give it with --project"


def test_no_notebooks(tmp_path: Path) -> None:
    """An empty folder of chapters is an error."""
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(ChapterError, match="notebooks: there are no notebooks"):
        read_notebooks(Project(tmp_path))


@pytest.mark.parametrize("name", ["contacts.ipynb", "1_contacts.ipynb", "01_Contacts.ipynb"])
def test_a_file_s_name(tmp_path: Path, name: str) -> None:
    """A file that isn't named as a chapter is an error, and not left out."""
    write(tmp_path, name, [parameters()])
    with pytest.raises(ChapterError) as caught:
        read_notebooks(Project(tmp_path))
    assert str(caught.value) == (
        f"notebooks/{name}: a chapter's file is named like '03_website.ipynb'\n"
        "  → rename it: two digits, an underscore, and a name in lower case"
    )


def test_two_chapters_of_one_name(tmp_path: Path) -> None:
    """Two files that give one chapter are an error."""
    for number in ("01", "02"):
        write(tmp_path, f"{number}_contacts.ipynb", [parameters()])
    with pytest.raises(ChapterError, match="two notebooks are named 'contacts'"):
        read_notebooks(Project(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5}'])
def test_no_notebook(tmp_path: Path, content: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that isn't a notebook is named, and nothing else is said."""
    write(tmp_path, "01_contacts.ipynb", []).write_text(content, encoding="utf-8")
    with pytest.raises(ChapterError, match=r"^notebooks/01_contacts\.ipynb: is no valid notebook"):
        read_notebooks(Project(tmp_path))
    assert capfd.readouterr() == ("", "")


def test_a_broken_cell(tmp_path: Path) -> None:
    """A notebook that breaks the format is refused, not mended."""
    said = refused(tmp_path, parameters(), {"cell_type": "code", "id": "a", "source": "1"})
    assert said == f"{FILE}: is no valid notebook (at cells.1.metadata)"


def test_jupyter_reads_what_is_run(repository: Path) -> None:
    """What is run of a chapter is as its file is, and valid by Jupyter's own reading."""
    for notebook in read_notebooks(Project(repository)):
        node = node_of(notebook)
        nbformat.validate(node)
        assert node == nbformat.read(repository / notebook.where, as_version=4)


def test_an_older_notebook(tmp_path: Path) -> None:
    """A notebook of an older format has no names of cells, and says how to get them."""
    assert refused(tmp_path, parameters(), nbformat_minor=4) == (
        f"{FILE}: is a notebook of format 4.4, whose cells have no ids\n"
        "  → open it in JupyterLab ('make lab') and save it"
    )


def test_two_cells_of_one_id(tmp_path: Path) -> None:
    """Two cells that share an id are refused."""
    said = refused(tmp_path, parameters(), code("twice", "1"), text("twice", "one"))
    assert said.startswith(f"{FILE}: the cell id 'twice' stands 2 times")


def test_no_parameters(tmp_path: Path) -> None:
    """A chapter without the tag, which papermill runs on its defaults, is refused."""
    assert refused(tmp_path, code("parameters", parameters()["source"])) == (
        f"{FILE}: 0 cells are tagged 'parameters', and one code cell is due\n"
        "  → without it papermill would run the chapter with its defaults, unsaid"
    )


def test_parameters_twice(tmp_path: Path) -> None:
    """So is one with two cells of parameters."""
    second = {**parameters(), "id": "second"}
    said = refused(tmp_path, parameters(), second)
    assert said.startswith(f"{FILE}: 2 cells are tagged 'parameters', and one code cell is due")


def test_parameters_in_a_text(tmp_path: Path) -> None:
    """A text can't hold the parameters."""
    said = refused(tmp_path, text("parameters", "edition", "parameters"))
    assert said.startswith(f"{FILE}: 1 cells are tagged 'parameters', and one code cell is due")


def test_a_misspelt_parameter(tmp_path: Path) -> None:
    """A misspelt parameter, which papermill runs on its default, is told with the nearest one."""
    cell = parameters('edition = "2017"\noveride = []\npreview = True')
    assert refused(tmp_path, cell) == (
        f"{FILE}, cell 'parameters': unknown parameter 'overide', did you mean 'overrides'?\n"
        f"  → {SETS}"
    )


@pytest.mark.parametrize("more", ["a: int = 1", "a, b = 1, 2", "(a := 1)"])
def test_a_parameter_too_many(tmp_path: Path, more: str) -> None:
    """A parameter that no build gives is refused, however it is written."""
    said = refused(tmp_path, parameters(f"{parameters()['source']}\n{more}"))
    assert said == f"{FILE}, cell 'parameters': unknown parameter 'a'\n  → {SETS}"


def test_a_missing_parameter(tmp_path: Path) -> None:
    """A parameter that a build gives has to stand in the cell."""
    said = refused(tmp_path, parameters('edition = "2017"\npreview = True'))
    assert said == f"{FILE}, cell 'parameters': the parameter 'overrides' is missing\n  → {SETS}"


def test_a_parameter_that_is_set_again(tmp_path: Path) -> None:
    """A cell that sets a parameter after the build has given it is refused."""
    assert refused_code(tmp_path, 'edition = "2016"') == (
        "the cell sets the parameter 'edition' again\n"
        "  → only the cell that is tagged 'parameters' sets it, and a build replaces it"
    )


@pytest.mark.parametrize(
    "call",
    [
        "open_chapter('contacts', edition)",
        "open_chapter('contacts', '2016', overrides=overrides, preview=preview)",
        "open_chapter('callers', edition, overrides=overrides, preview=preview)",
        "open_chapter('contacts', edition, overrides=[], preview=preview)",
        "helpline_report.chapter.open_chapter('contacts', edition, preview=preview)",
    ],
)
def test_a_chapter_is_opened_with_what_it_is_given(tmp_path: Path, call: str) -> None:
    """A chapter that drops a parameter, which would count on the default, is refused."""
    write_it = "open_chapter('contacts', edition, overrides=overrides, preview=preview)"
    assert refused_code(tmp_path, f"chapter = {call}") == (
        f"the chapter isn't opened with what it is given: {call}\n  → write: chapter = {write_it}"
    )


def test_a_chapter_is_opened_once(tmp_path: Path) -> None:
    """A chapter that is opened a second time is refused."""
    again = {**opening("contacts"), "id": "again"}
    said = refused(tmp_path, parameters(), opening("contacts"), again)
    assert said == f"{FILE}: open_chapter is called 2 times, and once is due"


@pytest.mark.parametrize(
    "source",
    [
        "def double(number):\n    return 2 * number",
        "for month in months:\n    if preview:\n        1",
        "double = lambda number: 2 * number",
        "try:\n    1\nexcept ValueError:\n    2",
        "import seaborn as sns",
    ],
)
def test_code_of_any_kind(tmp_path: Path, source: str) -> None:
    """Functions, loops, branches and any import may stand in a chapter."""
    assert len(read(tmp_path, parameters(), code("step", source))) == 1


@pytest.mark.parametrize("value", ["[*range(3)]", "[edition]", "open('x')"])
def test_a_parameter_that_is_no_plain_value(tmp_path: Path, value: str) -> None:
    """papermill can neither list nor replace a parameter that is computed."""
    cell = parameters(f'edition = "2017"\noverrides = {value}\npreview = True')
    assert refused(tmp_path, cell) == (
        f"{FILE}, cell 'parameters': line 2 of the parameters is no plain value\n"
        "  → write name = value, so that papermill can list and replace it"
    )


@pytest.mark.parametrize("source", ["!false", "%matplotlib inline", "%%bash\nfalse", "1 +"])
def test_no_python(tmp_path: Path, source: str) -> None:
    """Magics and shell commands, which papermill calls a success when they fail, are refused."""
    assert refused_code(tmp_path, source) == f"line 1 is no Python\n  → {MAGIC}"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("exit()", "exit"),
        ("quit", "quit"),
        ("get_ipython().kernel.do_shutdown(False)", "get_ipython"),
        ("from IPython import get_ipython as given", "get_ipython"),
        ("import IPython; IPython.get_ipython().system('false')", "get_ipython"),
    ],
)
def test_a_kernel_is_left_alone(tmp_path: Path, source: str, name: str) -> None:
    """A cell that ends its kernel from within, a success to papermill, is refused."""
    assert refused_code(tmp_path, source) == f"line 1 reaches for its kernel ({name})\n  → {LEAVE}"


@pytest.mark.parametrize("tag", ["need:previous", "parameter"])
def test_a_misspelt_tag(tmp_path: Path, tag: str) -> None:
    """A tag that nobody reads is told with the nearest one."""
    said = refused(tmp_path, parameters(), text("said", "Tekst.", tag))
    assert said.startswith(f"{FILE}, cell 'said': unknown tag '{tag}', did you mean '")


@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
def test_a_tag_of_the_runner(tmp_path: Path, tag: str) -> None:
    """Tags by which nbclient leaves a cell out or lets it fail are refused."""
    said = refused(tmp_path, parameters(), code("step", "1", tag))
    assert said.startswith(f"{FILE}, cell 'step': unknown tag '{tag}'")
