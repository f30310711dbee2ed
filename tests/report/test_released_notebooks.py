"""What of an executed notebook may be published: what the allowlist names, and nothing else."""

from typing import Any

import nbformat
import nbformat.v4 as nb
import pytest
from nbformat import NotebookNode

from helpline_report.errors import ChapterError
from helpline_report.figures.ledger import RECORD_MIME, CellRecord, ChapterRecord, Reference
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import (
    insert_texts,
    is_left_out,
    release_notebook,
)
from helpline_report.run.notebooks import Notebook
from tests.released import recorded
from tests.report.small_publication import cell, change_ledger

CANARY = "geheim"


def code(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    """A cell of code named `code` that left these outputs, full of what nobody may see."""
    released = cell("code", "code", source, *tags)
    released.outputs = list(outputs)
    released.execution_count = 3
    released.metadata |= {"collapsed_by": CANARY, "widget": {"state": CANARY}}
    return released


def stream() -> NotebookNode:
    return NotebookNode(nb.new_output("stream", name="stdout", text=CANARY))


def release(publication: Publication, *cells: NotebookNode) -> list[NotebookNode]:
    """The cells of a notebook that had these, released."""
    executed = nb.new_notebook(
        cells=list(cells), metadata={"authors": [{"name": CANARY}], "widgets": {"state": CANARY}}
    )
    node = release_notebook(executed, publication.ledger)
    assert CANARY not in nbformat.writes(node)
    nbformat.validate(node)
    return list(node.cells)


def spoiled(output: NotebookNode) -> NotebookNode:
    """A record beside which a cell showed something of its own."""
    output.data |= {"text/html": CANARY, "image/png": CANARY}
    output.metadata["note"] = CANARY
    output.data[RECORD_MIME]["ledger"]["row"] = CANARY
    return output


def test_of_outputs_nothing_stays(publication: Publication) -> None:
    """What a cell shows beside a record, says in its metadata or prints is gone.

    So is the record itself: what of it may be published, the released ledger says.
    """
    record = recorded(("contacts.total",), Reference(kind="chart", id="by_month.chart"))
    (released,) = release(publication, code("chapter.chart(x)", stream(), spoiled(record)))
    assert (released.source, released.outputs) == ("chapter.chart(x)", [])
    assert released.execution_count is None
    assert released.metadata == {}


@pytest.mark.parametrize(
    "source",
    [
        f"print(contacts.df.loc['{CANARY}'])",
        f"# {CANARY}",
        f"contacts = chapter.populations('contacts'); print('{CANARY}')",
        f"name = '{CANARY}'",
        f"{CANARY} (",
    ],
)
def test_a_cell_without_result_goes_with_its_source(publication: Publication, source: str) -> None:
    """What it printed and what stands in it: a cell without a word stands there instead."""
    (released,) = release(publication, code(source, stream()))
    assert is_left_out(released)
    assert (released.cell_type, released.id, released.source) == ("markdown", "code", "")


@pytest.mark.parametrize(
    "source",
    [
        "from helpline_report.chapter import open_chapter\n\nchapter = open_chapter('a', edition)",
        "import numpy as np\nfrom scipy import stats",
        "contacts, persons = chapter.populations('contacts', 'persons')",
        "by_phone, by_email = contacts.where(channel='phone'), contacts.where(channel='email')",
        "before = chapter.previous(contacts.where(channel='phone'))",
    ],
)
def test_what_prepares_stays(publication: Publication, source: str) -> None:
    """Imports, the opening and populations are what the following cells need to run again."""
    (released,) = release(publication, code(source, stream()))
    assert (released.source, released.outputs) == (source, [])


def test_parameters_stand_as_they_were_given(publication: Publication) -> None:
    """By a cell made anew, in which an override that names a place doesn't say it."""
    overrides = (f"sources.0.folder=/{CANARY}", "calendar.closed=[]")
    ledger = publication.ledger.model_copy(update={"overrides": overrides})
    executed = nb.new_notebook(
        cells=[
            code("edition = '2016'", tags=("parameters",)),
            cell("code", "papermill", f"overrides = ['{CANARY}']", "injected-parameters"),
        ]
    )
    defaults, injected = release_notebook(executed, ledger).cells
    assert defaults.source == "edition = '2016'"
    assert injected.id == "injected-parameters"
    assert injected.source == (
        "edition = \"2017\"\noverrides = ['sources.0.folder=…', 'calendar.closed=[]']"
    )


def test_texts_lose_comments_attachments_and_raw_cells(publication: Publication) -> None:
    """What no page shows isn't in the copy either."""
    text = cell("text", "text", f"Tekst.<!-- {CANARY} --> Meer.<!-- {CANARY}", "needs:channel")
    text.attachments = {"a.png": {"image/png": CANARY}}
    raw = nb.new_raw_cell(CANARY)
    (released,) = release(publication, text, raw)
    assert released.source == "Tekst. Meer."
    assert released.metadata == {"tags": ["needs:channel"]}
    assert "attachments" not in released


def stored(*cells: NotebookNode) -> list[Notebook]:
    """A chapter as it stands in the project."""
    return [Notebook("contacts", "01_contacts.ipynb", nb.new_notebook(cells=list(cells)))]


def test_texts_are_those_of_now(publication: Publication) -> None:
    """A sentence that was changed needs no run."""
    before = nb.new_notebook(cells=[cell("text", "a", "Oud."), code("chapter.count(x)")])
    released = {"contacts": release_notebook(before, publication.ledger)}
    now = stored(cell("text", "a", "Nieuw."), code("chapter.count(x)"), cell("text", "b", "Meer."))
    sources = [each.source for each in insert_texts(released, now, "2017")["contacts"].cells]
    assert (sources[0], sources[-1]) == ("Nieuw.", "Meer.")


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ([code("chapter.count(y)")], "notebooks/01_contacts.ipynb, cell 'code'"),
        ([code("chapter.count(x)"), cell("code", "more", "1")], "cell 'more'"),
        ([], "cell 'code'"),
    ],
    ids=["changed", "added", "taken out"],
)
def test_code_that_did_not_run_is_refused(
    publication: Publication, now: list[Any], where: str
) -> None:
    """An audit that shows other code than what counted would be no audit."""
    before = nb.new_notebook(cells=[code("chapter.count(x)", recorded(("contacts.total",)))])
    released = {"contacts": release_notebook(before, publication.ledger)}
    with pytest.raises(ChapterError, match=where) as refused:
        insert_texts(released, stored(*now), "2017")
    assert refused.value.next_step == "run it: helpline-report build 2017"
    with pytest.raises(ChapterError, match=r"01_contacts\.ipynb.*didn't run"):
        insert_texts({}, stored(), "2017")


def test_a_cell_shows_released_figures_alone(publication: Publication) -> None:
    """A figure of a finer class stands as that of its wider one; the name of another says much."""
    cells = (CellRecord(id="code", figures=("contacts.total", "fine", "contacts." + CANARY)),)
    update = {
        "chapters": (ChapterRecord(name="contacts", cells=cells),),
        "figures": publication.ledger.figures
        | {"fine": publication.ledger.figures["contacts.total"]},
        "merged": {"fine": "contacts.total"},
    }
    record = change_ledger(publication, **update).record_of("contacts", "code")
    assert record.figures == ("contacts.total",)
