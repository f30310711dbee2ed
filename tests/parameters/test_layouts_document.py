"""The examples of docs/layouts.md are layouts, and it tells of every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from helpline_report.parameters.codelists import load_codelists
from helpline_report.parameters.layouts import check_codes
from helpline_report.parameters.row_layouts import Column, RowFile, TableLayout

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")}
BASE = {
    "name": "contacts.csv",
    "delimiter": ";",
    "dates": "dd/mm/yyyy",
    "tables": {"contacts": {"key": "row", "columns": {"day": {"field": "date", "kind": "date"}}}},
}


def examples(section: str) -> list[str]:
    """The YAML blocks of a section."""
    return re.findall(r"```yaml\n(.*?)```", SECTIONS[section], flags=re.DOTALL)


def test_the_whole_layout_fits_the_code_lists(tmp_path: Path) -> None:
    """As somebody would paste it."""
    (text,) = examples("# Layouts")
    path = tmp_path / "small-system.yaml"
    path.write_text(text, encoding="utf-8")
    lists = load_codelists(ROOT / "data" / "codelists")
    assert check_codes(path, lists, tmp_path).layout == "small-system"


@pytest.mark.parametrize("text", examples("Of a file"))
def test_what_is_said_of_a_file(text: str) -> None:
    """Each example is a part of a file."""
    assert RowFile.model_validate(BASE | yaml.safe_load(text))


@pytest.mark.parametrize("text", examples("Of a table"))
def test_what_is_said_of_tables(text: str) -> None:
    """Each example is one table, or tables of one file."""
    tables = yaml.safe_load(text)
    contacts = BASE["tables"] if "contacts" not in tables else {}
    assert RowFile.model_validate(BASE | {"tables": contacts | tables})


@pytest.mark.parametrize("text", examples("Of a column"))
def test_what_is_said_of_columns(text: str) -> None:
    """Each example is one or more columns, with codes that the lists know."""
    lists = load_codelists(ROOT / "data" / "codelists")
    for given in yaml.safe_load(text).values():
        column = Column.model_validate(given)
        known = lists[column.field].order if column.field in lists else []
        assert set(column.all_codes()) <= set(known)


@pytest.mark.parametrize(
    ("section", "model"),
    [("Of a file", RowFile), ("Of a table", TableLayout), ("Of a column", Column)],
)
def test_every_key_is_told_of(section: str, model: type[RowFile | TableLayout | Column]) -> None:
    """In the table of its section."""
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"\n(\| [^|]*\|)", SECTIONS[section]))))
    assert {info.alias or name for name, info in model.model_fields.items()} == told
