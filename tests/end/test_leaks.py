"""Nothing of the rows, the machine or the people who made an edition is in any file of it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest

from tests.conftest import build_whole, run_program
from tests.end.canaries import LEAKING, WORD, planted
from tests.end.carriers import leaks
from tests.report.small_projects import chapter, code, copy_small

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of exports, parameters, notebooks and a machine full of canaries."""
    project, variables = planted(tmp_path_factory.mktemp("planted"))
    build_whole(project, **variables)
    return project / "output" / "2017"


def test_no_canary_is_in_it(edition: Path) -> None:
    """None of them stands in any file, nor in the name of one, however it is packed."""
    assert leaks(edition, WORD) == {}


def test_they_were_there(edition: Path) -> None:
    """The executed notebook, which is private, has what the cells showed; its hash is published."""
    private = edition.parents[1] / ".helpline" / "executed" / "2017" / "04_contacts.ipynb"
    executed = private.read_text(encoding="utf-8")
    manifest = json.loads((edition / "audit" / "manifest.json").read_bytes())
    hashes = {item["file"]: item["sha256"] for item in manifest["executed"]}
    assert hashes[private.name] == sha256(private.read_bytes()).hexdigest()
    shown = ("afdruk", "kader", "fouttekst", "tekening", "metadata", "model", "waarschuwing")
    assert [word for word in (*shown, "thuis") if f"{WORD}{word}" not in executed] == []
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
    root = copy_small(tmp_path / "project")
    key = "C2017-000123"
    counted = (
        'contacts = chapter.populations("contacts")\nchapter.count("contacts.total", contacts)'
    )
    chapter(root, code("count", f"# {key} belt elke week\n{counted}"))
    ended = run_program(root, "build", "2017")
    assert ended.returncode == 2
    assert "notebooks/01_contacts.ipynb, cell 'count'" in ended.stderr
    assert key not in ended.stdout + ended.stderr
    assert not (root / "output" / "2017").exists()


def test_one_more_would_be_found(edition: Path) -> None:
    """The same search finds a canary that is put into a page of it."""
    page = edition / "index.html"
    said = page.read_text(encoding="utf-8")
    try:
        page.write_text(said.replace("</body>", f"<p>{WORD}proef</p></body>"), encoding="utf-8")
        assert leaks(edition, WORD) == {"index.html": [f"{WORD}proef"]}
    finally:
        page.write_text(said, encoding="utf-8")
