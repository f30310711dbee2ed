"""A released ledger is a contract: a schema, a version, and what is said of others."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from helpline_report.errors import ParametersError
from helpline_report.figures.ledger import Ledger, read_ledger, write_ledger_schema

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = DOCS / "ledger.schema.json"


@pytest.fixture(scope="module")
def released(year_2017: Path) -> dict[str, Any]:
    """The ledger of the sample, as anybody reads it."""
    file = year_2017 / "output" / "2017" / "data" / "ledger.json"
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read


def find_faults(ledger: dict[str, Any]) -> list[str]:
    """Where a ledger isn't as the schema says."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    return [error.json_path for error in validator.iter_errors(ledger)]


def test_the_schema_in_the_documents_is_that_of_the_program() -> None:
    assert SCHEMA.read_text("utf-8") == write_ledger_schema(), "helpline-report schema --ledger"


@pytest.mark.slow
def test_the_sample_is_as_the_schema_says(released: dict[str, Any]) -> None:
    assert find_faults(released) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "value", "place"),
    [
        ("schema_version", 2, "$.schema_version"),
        ("figures", {"a": {"id": "a"}}, "$.figures.a"),
        ("series", {"a": {"id": "a", "by": 1}}, "$.series.a"),
        ("rows", [], "$"),
    ],
)
def test_another_shape(released: dict[str, Any], part: str, value: Any, place: str) -> None:
    """It is no ledger: the schema says where."""
    assert find_faults({**released, part: value})[0].startswith(place)


def write(folder: Path, **parts: Any) -> Path:
    file = folder / "ledger.json"
    file.write_text(json.dumps(parts), encoding="utf-8")
    return file


def test_a_ledger_without_a_version_is_read(tmp_path: Path) -> None:
    """It is of the time before there were any."""
    assert read_ledger(write(tmp_path, edition="2016"), "x", "y") == Ledger(edition="2016")


def test_a_newer_ledger_is_refused_by_its_version(tmp_path: Path) -> None:
    newer = write(tmp_path, edition="2030", schema_version=7)
    message = "x: is a ledger of version 7; this program reads up to version 1"
    with pytest.raises(ParametersError, match=re.escape(message)) as refused:
        read_ledger(newer, "x", "y")
    assert refused.value.next_step == (
        "use the version of helpline-report that wrote it, or a newer one"
    )


@pytest.mark.parametrize(
    "content", ["[]", '{"schema_version": "one"}', "{", '{"schema_version": 1}']
)
def test_what_is_no_ledger(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ledger.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ParametersError, match="is no ledger of this version"):
        read_ledger(file, "x", "y")


@pytest.mark.slow
def test_a_page_in_ten_lines_of_pandas(
    year_2017: Path, released: dict[str, Any], tmp_path: Path
) -> None:
    """As the documents have them."""
    (block,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "open-data.md").read_text("utf-8"), re.DOTALL
    )
    assert len([line for line in block.splitlines() if line.strip()]) <= 10
    here = year_2017 / "output" / "2017" / "data" / "ledger.json"
    code = block.replace("output/2017/data/ledger.json", str(here))
    page = tmp_path / "page.html"
    exec(compile(code.replace("page.html", str(page)), "open-data.md", "exec"), {})  # noqa: S102
    june = released["figures"]["contacts.by_month.06"]["value"]
    assert re.search(rf"<td>06</td>\s*<td>{june}(\.0)?</td>", page.read_text("utf-8"))
