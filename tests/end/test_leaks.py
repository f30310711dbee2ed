"""Nothing of the rows, the machine or the people who made an edition is in any file of it."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest

from helpline_report.figures.ledger import Ledger
from tests.conftest import build_whole, run_command
from tests.end.canaries import LEAKING, WORD, planted
from tests.end.carriers import leaks
from tests.report.small_projects import COUNT, chapter, code, copy_few, copy_small

pytestmark = pytest.mark.slow


FIVE = "chapters: [summary, website, contacts, media, method]"


@pytest.fixture(scope="module", params=[FIVE, pytest.param("", marks=pytest.mark.long)])
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of exports, parameters, notebooks and a machine full of canaries."""
    project, variables = planted(tmp_path_factory.mktemp("planted"), request.param)
    build_whole(project, **variables)
    return project / "output" / "2017"


def test_no_canary_is_in_it(edition: Path, tmp_path: Path) -> None:
    """None of them stands in any file, nor in the name of one, however it is packed.

    The same search finds one that is put into a page of it.
    """
    assert leaks(edition, WORD) == {}
    text = (edition / "index.html").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(text.replace("</body>", f"<p>{WORD}proef</p></body>"))
    assert leaks(tmp_path, WORD) == {"index.html": [f"{WORD}proef"]}


def test_they_were_there(edition: Path) -> None:
    """The executed notebook, which is private, has what the cells showed; its hash is published."""
    private = edition.parents[1] / ".helpline" / "executed" / "2017" / "04_contacts.ipynb"
    executed = private.read_text(encoding="utf-8")
    manifest = json.loads((edition / "audit" / "manifest.json").read_bytes())
    hashes = {item["file"]: item["sha256"] for item in manifest["executed"]}
    assert hashes[private.name] == sha256(private.read_bytes()).hexdigest()
    outputs = ("afdruk", "kader", "fouttekst", "tekening", "metadata", "model", "waarschuwing")
    assert [word for word in (*outputs, "thuis") if f"{WORD}{word}" not in executed] == []
    assert '"image/png"' in executed


def test_what_counted_is_published_without_what_it_printed(edition: Path) -> None:
    """The cell's source and its figure, and a line for each cell that left no result."""
    copy = nbformat.read(edition / "audit" / "notebooks" / "04_contacts.ipynb", as_version=4)
    cells = {cell.id: cell for cell in copy.cells}
    assert cells["beside"].source == LEAKING["beside"]
    (output,) = cells["beside"].outputs
    assert "4.812" in output.data["text/plain"]
    dropped = [name for name in LEAKING if name != "beside"]
    assert {cells[name].cell_type for name in dropped} == {"markdown"}
    page = (edition / "audit" / "contacts.html").read_text(encoding="utf-8")
    assert page.count("Hier stond een cel") == len(dropped)


def test_a_key_in_a_source_is_refused(tmp_path: Path) -> None:
    """By the name of its cell; nothing is published, and no message says the key."""
    root = copy_few(tmp_path / "project")
    key = "C2017-000125"
    counting = COUNT.format(figure="contacts.total")
    chapter(root, code("count", f"# {key} belt elke week\n{counting}"))
    code_, lines = run_command(root, "build", "2017")
    assert (code_, "notebooks/01_contacts.ipynb, cell 'count'" in lines) == (2, True)
    assert key not in lines
    assert not (root / "output" / "2017").exists()


NOTICE = "Ontwerp met weggelaten rijen: 9"
COUNTS = """contacts = chapter.populations("contacts")
chapter.count("contacts.total", contacts)
chapter.change("contacts.total.change", contacts)
chapter.table(chapter.counts("by_channel", contacts, by="channel"))"""


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a draft of 2016 with a canary in a faulty cell, and one in a correction."""
    root = copy_small(tmp_path_factory.mktemp("draft") / "project")
    chapter(root, code("count", COUNTS))
    chapter(root, code("quality", 'chapter.quality("quality")'), name="method", number=2)
    export = root / "data" / "sample" / "2016" / "contactnames.csv"
    lines = export.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("E-mail", "Zwijgmaar")
    lines[2] = lines[2].replace("E-mail", "Kanariegeel")
    export.write_text("\n".join(lines), encoding="utf-8")
    (export.parent / "corrections.csv").write_text(
        "file,key,column,stands,becomes,reason\n"
        "contactnames.csv,C2016-000002,kanaal,Kanariegeel,Telefoon,tikfout\n",
        encoding="utf-8",
    )
    code_, messages = run_command(root, "build", "2016", "--draft")
    assert (code_, "  a draft: 9 row(s) are left out, for faults" in messages) == (0, True), (
        messages
    )
    return root / "output" / "2016"


def test_a_draft_is_marked_and_holds_no_value_of_a_row(draft: Path) -> None:
    """Neither the faulty cell, the corrected one nor its key is in any file; each says what is."""
    assert leaks(draft, "Zwijgmaar|Kanariegeel|C2016-000002") == {}
    assert [page for page in draft.rglob("*.html") if NOTICE not in page.read_text("utf-8")] == []
    heads = {path: path.read_text("utf-8").split("\n")[0] for path in draft.glob("data/*.csv")}
    assert [p for p, head in heads.items() if not head.endswith(",draft_left_out_rows")] == []
    assert "draft_left_out_rows" in (draft / "data" / "datapackage.json").read_text("utf-8")
    ledger = (draft / "data" / "ledger.json").read_text("utf-8")
    assert Ledger.model_validate_json(ledger).draft
    assert "tikfout (1)" in (draft / "index.html").read_text("utf-8")


def test_a_year_without_a_year_before(draft: Path) -> None:
    """It counts, and says of each comparison why there is none."""
    table = csv.DictReader((draft / "data" / "figures.csv").read_text("utf-8").splitlines())
    figures = {row["id"]: row for row in table}
    assert figures["contacts.total"]["value"] == "4595"
    change = figures["contacts.total.change"]
    assert (change["value"], change["status"]) == ("", "unavailable")
    assert change["reason"] == "no_comparison"
