"""Chapters are rendered by nbconvert, and by nothing that a host brings along."""

from pathlib import Path
from typing import Any

import pytest
from nbconvert.exporters.templateexporter import TemplateExporter

from helpline_report.report.chapters import ChapterReader
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.page import write_page
from helpline_report.report.publication import Publication
from helpline_report.report.typesetting import write_book


def reader(publication: Publication) -> ChapterReader:
    return ChapterReader(EditionWords(publication))


def test_without_nbconvert_there_is_no_chapter(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it renders nothing, neither the page nor the book has a text, a table or a chart."""

    def nothing(_: Any, node: Any, resources: Any) -> tuple[str, Any]:
        return "", {**resources, "title": "", "node": node}

    monkeypatch.setattr(TemplateExporter, "from_notebook_node", nothing)
    text = write_page(reader(publication), [])
    assert 'class="chapter"' not in text
    assert "<figure" not in text
    assert "<table" not in text
    assert "#chart(" not in write_book(reader(publication)).partition("#contents(")[2]


def test_templates_and_settings_of_the_host_change_nothing(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a template by the same name as nbconvert's own, nor a setting of its exporters."""
    before = write_page(reader(publication), [])
    base = tmp_path / "nbconvert" / "templates" / "base"
    base.mkdir(parents=True)
    for name in ("null.j2", "display_priority.j2"):
        (base / name).write_text("van de machine", encoding="utf-8")
    settings = "c.TemplateExporter.exclude_markdown = True\n"
    (tmp_path / "jupyter_nbconvert_config.py").write_text(settings, encoding="utf-8")
    for name in ("JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert write_page(reader(publication), []) == before
