"""Layouts: what they refuse, and the examples of docs/layouts.md."""

import re
from pathlib import Path

import pytest
import yaml

from helpline_report.errors import ParametersError
from helpline_report.parameters.codelists import load_codelists
from helpline_report.parameters.layouts import check_codes
from helpline_report.parameters.project import Project
from helpline_report.parameters.row_layouts import Column, RowFile, TableLayout
from tests.cases import read_cases
from tests.tables.conftest import layout_of_contacts

CASES = read_cases(Path(__file__).with_name("cases.yaml"))

ROOT = Path(__file__).parents[2]
SMALL = layout_of_contacts(
    columns="day: {field: date, kind: date}\n"
    "          channel: {field: channel, codes: {Telefoon: phone}}"
)
CONTACTS = "files.contacts.tables.contacts"
DAY = "{field: date, kind: date}"


def check(folder: Path, text: str) -> str:
    """Which layout a text is, or the message with which it is refused."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        return check_codes(path, load_codelists(ROOT / "data" / "codelists"), folder).layout
    except ParametersError as error:
        return str(error)


def test_shipped_layouts_fit_the_code_lists(tmp_path: Path) -> None:
    """Every field and every code that a layout names is in a list."""
    lists = load_codelists(ROOT / "data" / "codelists")
    for path in (ROOT / "params" / "layouts").glob("*.yaml"):
        assert check_codes(path, lists, ROOT).layout == path.stem
    assert check(tmp_path, SMALL) == "small", "what the tests below break was whole before"


@pytest.mark.parametrize(("before", "after", "message"), CASES["layouts"])
def test_a_wrong_layout_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    """With file, line, key, and the nearest known name where there is one."""
    assert check(tmp_path, SMALL.replace(before, after, 1)) == f"small.yaml:{message}"


@pytest.mark.parametrize(("before", "column", "message"), CASES["columns"])
def test_a_column_says_one_thing(tmp_path: Path, before: str, column: str, message: str) -> None:
    """What belongs to one kind can't stand with another, nor two meanings on one day."""
    line, name = (12, "day") if before == DAY else (13, "channel")
    refusal = check(tmp_path, SMALL.replace(before, column))
    assert refusal.startswith(f"small.yaml:{line}: {CONTACTS}.columns.{name}")
    assert refusal.endswith(f": {message}")


# The examples of docs/layouts.md are layouts, and it tells of every key

TEXT = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")}
CONTACTS_ALONE = {"contacts": {"key": "row", "columns": {"day": {"field": "date", "kind": "date"}}}}
BASE = {"name": "c.csv", "delimiter": ";", "dates": "dd/mm/yyyy", "tables": CONTACTS_ALONE}


def examples(section: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", SECTIONS[section], flags=re.DOTALL)


def test_the_whole_layout_fits_the_code_lists(tmp_path: Path) -> None:
    """The example of the document can be pasted as it is."""
    (text,) = examples("# Layouts")
    assert check(tmp_path, text.replace("small-system", "small")) == "small"


def test_what_is_said_of_files_tables_and_columns() -> None:
    """Each example is a part of a file, or tables of one, or columns with codes of the lists."""
    for text in examples("Of a file"):
        assert RowFile.model_validate(BASE | yaml.safe_load(text))
    for text in examples("Of a table"):
        assert RowFile.model_validate(BASE | {"tables": CONTACTS_ALONE | yaml.safe_load(text)})
    project = Project(ROOT, {})
    lists = project.codelists_of(project.edition("2017"))
    for example in (
        each for text in examples("Of a column") for each in yaml.safe_load(text).values()
    ):
        column = Column.model_validate(example)
        known = lists[column.field].order if column.field in lists else []
        assert set(column.all_codes()) <= set(known)


@pytest.mark.parametrize(
    ("section", "model"),
    [("Of a file", RowFile), ("Of a table", TableLayout), ("Of a column", Column)],
)
def test_every_key_is_told_of(section: str, model: type[RowFile | TableLayout | Column]) -> None:
    """The table of its section has it."""
    keys = set(re.findall(r"`(\w+)`", "".join(re.findall(r"\n(\| [^|]*\|)", SECTIONS[section]))))
    assert {info.alias or name for name, info in model.model_fields.items()} == keys
