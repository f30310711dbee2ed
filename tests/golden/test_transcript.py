"""What the sample's edition says is what it said: each word, head and axis, in two languages."""

from pathlib import Path

import pytest

from helpline_report.parameters.project import Project
from helpline_report.prose.numbers import catalogue
from tests.golden.transcript import LANGUAGES, compare, describe, file_of, write
from tests.report.small_projects import chapter, code, copy_few, edit
from tests.without_kernels import build_here

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said(year_2017: Path, tmp_path: Path, language: str) -> None:
    """The first lines that differ are shown, and the command that writes them anew."""
    said = write(describe(Project(year_2017, {}), language, tmp_path))
    assert compare(language, said) == ""


def test_a_line_that_differs() -> None:
    """It is shown as it was and as it is."""
    kept = file_of("nl").read_text("utf-8")
    told = compare("nl", kept.replace("Bel 1712", "Bel 2712", 1))
    assert "-help-for | Bel 1712 |" in told
    assert "+help-for | Bel 2712 |" in told
    assert "python -m tests.golden.transcript" in told


SHARES = """\
contacts = chapter.populations("contacts")
chapter.count("contacts.total", contacts)
shares = chapter.shares("contacts.by_channel.share", contacts, by="channel")
chapter.chart(shares)
"""


def test_what_both_sides_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong label of a code list and a wrong phrase of a catalogue stand in it."""
    root = copy_few(tmp_path / "project")
    chapter(root, code("shares", SHARES))
    build_here(root)
    before = write(describe(Project(root, {}), "nl", tmp_path / "before"))
    edit(root / "data" / "codelists" / "channel.yaml", "nl: telefoon", "nl: radio")
    monkeypatch.setitem(catalogue("nl"), "percent", "{number} promille")
    after = write(describe(Project(root, {}), "nl", tmp_path / "after"))
    new = {*after.splitlines()} - {*before.splitlines()}
    assert [line for line in new if line.startswith("row | Radio")]
    assert [line for line in new if "promille" in line]
