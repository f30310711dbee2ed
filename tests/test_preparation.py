"""What stands before chapters run: what of a text can be told without any figure."""

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError, ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from tests.conftest import copy_project, refusal

TYPED = "=== channel ===\nDat is {{ contacts.share.fone }}, of 412.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project in which a text types a number."""
    root = copy_project(tmp_path / "project")
    (root / "params/2017/nl/contacts.md").write_text(TYPED, encoding="utf-8")
    return Project(root)


def test_a_typed_number_is_told_before_a_run(project: Project) -> None:
    """Nobody waits for a run."""
    place = "params/2017/nl/contacts.md, cell 'channel', line 2, column 38"
    message = refusal(ProseError, check_parameters, project, "2017", to_run=True)
    assert f"{place}: '412' is a number that is typed" in message


def test_where_a_ledger_is_there_it_is_asked(project: Project) -> None:
    """It then tells all that is wrong with a text at once, and offers figures."""
    texts = check_parameters(project, "2017").texts
    text = texts["nl"]["contacts"]["channel"]
    assert (text.markdown, text.line) == (TYPED.partition("\n")[2], 2)


@pytest.mark.parametrize(
    ("key", "text", "what"),
    [
        ("trend.file", "a,b\n", "earlier.csv:1: unknown column 'a'"),
        ("printed", f"{'x' * 140_000}\n", "earlier.csv:1: not CSV"),
        ("printed", "x\n" * 600_000, "earlier.csv: the file has 1,200,000 bytes"),
    ],
)
def test_what_was_printed_is_read_before_a_run(
    tmp_path: Path, key: str, text: str, what: str
) -> None:
    """A wrong file of printed figures or totals costs no run."""
    root = copy_project(tmp_path / "project")
    (root / "earlier.csv").write_text(text, encoding="utf-8")
    value = "[earlier.csv]" if key == "printed" else "earlier.csv"
    assert refusal(
        ParametersError, check_parameters, Project(root), "2017", [f"{key}={value}"], to_run=True
    ).startswith(what)
