import re
from pathlib import Path

import pytest

from helpline_report.parameters.yaml import read_phrases

TEMPLATES = Path(__file__).parents[2] / "src/helpline_report/report/templates"


@pytest.mark.parametrize("part", ["report", "charts", "audit"])
def test_languages_have_the_same_keys(part: str) -> None:
    """Every phrase is there in both languages, with the same values in it."""
    dutch, english = (read_phrases(f"helpline_report.{part}", name) for name in ("nl", "en"))
    assert dutch.keys() == english.keys()
    for key in dutch:
        assert set(re.findall(r"\{\w+\}", dutch[key])) == set(re.findall(r"\{\w+\}", english[key]))


# How keys begin that the code puts together.
BY_NAME = (
    "trend. help. verdict. quality. missing. reconciliation. campaign. kind. cite.approv cite.cite "
    "chart. column. headline. part.source_ texts.preamble page.left_out_ sheet. unit. statement."
)


def test_every_phrase_is_used() -> None:
    """No phrase of the catalogue is left over: each key, or its beginning, is in the code."""
    folders = (TEMPLATES.parent, TEMPLATES.parents[1] / "audit")
    files = [
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".j2")
    ]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    keys = read_phrases("helpline_report.report", "nl")
    by_name = tuple(BY_NAME.split())
    assert [key for key in keys if not key.startswith(by_name) and key not in code] == []


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.j2")), ids=lambda path: path.name)
def test_templates_hold_no_words(template: Path) -> None:
    """Templates hold markup alone; what a reader reads comes from the catalogue."""
    text = template.read_text(encoding="utf-8")
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)
    if template.name.endswith(".html.j2"):
        assert re.findall(r"[a-zA-Z]{2,}", bare) == []
    else:
        assert re.findall(r'"[^"]*[a-z]+ [a-z]+[^"]*"', bare) == []
