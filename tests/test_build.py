"""A build: how it fails, what stands afterwards, and what is kept for the next one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpline_report import build, commands
from helpline_report.errors import RefusedError, UserError
from helpline_report.parameters.project import Project
from tests.conftest import refusal
from tests.report.small_projects import chapter, code, copy_few, count, edit, fingerprint, text

pytestmark = pytest.mark.slow


@pytest.fixture
def standing(root: Path) -> Iterator[Path]:
    """A project with its last edition, which no failure may change."""
    before = fingerprint(root / "output")
    yield root
    assert fingerprint(root / "output") == before
    assert not [*(root / "output").glob(".*")]


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> None:
        pytest.fail("a kernel was started")

    monkeypatch.setattr(build, "run_chapters", start)


def failure(root: Path, *overrides: str) -> str:
    return refusal(UserError, build.build, Project(root), "2017", overrides)


@pytest.mark.usefixtures("no_kernel")
def test_an_unknown_label_stops_the_build_before_a_chapter(standing: Path) -> None:
    export = standing / "data" / "sample" / "2017" / "contactnames.csv"
    edit(export, ";Telefoon;", ";Telefon;")
    assert "\n[B59] data/sample/2017/contactnames.csv:" in failure(standing)


def test_a_mistake_in_a_text_needs_no_new_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the chapters counted is kept when a text is refused: the next build goes on from it."""
    own = root / "params" / "2017" / "nl" / "contacts.md"
    own.parent.mkdir(parents=True)
    own.write_text("=== said ===\nEr waren {{ contacts.all | change }}.\n", encoding="utf-8")
    chapter(root, count("contacts.all"), text("said", "Er waren {{ contacts.all | noun }}."))
    failure(root)
    own.write_text("=== said ===\nSamen {{ contacts.all | noun }}.\n", encoding="utf-8")
    monkeypatch.setattr("helpline_report.run.execution._execute", None)
    ended = CliRunner().invoke(commands.app, ["build", "2017", "--project", str(root)])
    assert ended.exit_code == 0
    assert "contacts.all" in (root / "output/2017/data/figures.csv").read_text(encoding="utf-8")


def test_counts_that_fail_a_check(standing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that loses nothing with a contact stops the release; the last edition stands."""
    before = fingerprint(standing / "output" / "2017")
    monkeypatch.setattr("helpline_report.figures.soundness._count", lambda *_: 5)
    with pytest.raises(RefusedError, match=r"(?s)lose something else .*nothing was released"):
        build.build(Project(standing), "2017", ["title.nl=Anders"])
    assert [each.name for each in (standing / "output").iterdir()] == ["2017"]
    assert fingerprint(standing / "output" / "2017") == before


# A chapter that the edition leaves out


def test_a_chapter_that_is_left_out(tmp_path: Path) -> None:
    """Its figures are left out of the headlines and the texts, which say why."""
    project = copy_few(tmp_path / "project")
    figures = '"contacts.total", "followup.total", "followup.share.advice"'
    summary = (
        count("contacts.total"),
        text("contacts", "Er waren {{ contacts.total | noun }}."),
        text("followup", "- {{ followup.share.advice | About }} is advies."),
        code("show", f'chapter.highlights("summary.headline", {figures})'),
    )
    chapter(project, *summary, name="summary")
    followup = (
        code("all", 'followups = chapter.populations("followups")'),
        code("whole", 'chapter.count("followup.total", followups)'),
        code("kinds", 'chapter.shares("followup.share", followups, by="followup")'),
    )
    chapter(project, *followup, name="followup", number=7)
    path = project / "params" / "2017.yaml"
    path.write_text(f"{path.read_text('utf-8')}\nchapters: [summary]\n", encoding="utf-8")
    folder = build.build(Project(project), "2017")
    ledger = json.loads((folder / "data" / "ledger.json").read_text("utf-8"))
    assert ledger["elsewhere"] == ["followup.share", "followup.total"]
    page = (folder / "index.html").read_text("utf-8")
    assert "Niet in dit verslag: het hoofdstuk dat dit telt, staat er niet in." in page
    assert "is advies" not in page
    assert "contacts.total" in page
    assert "followup.total" not in page
