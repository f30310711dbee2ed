"""A whole draft of a year without a year before: what it says, and nothing of a row in it."""

from __future__ import annotations

import csv

import pytest

from helpline_report.figures.ledger import Ledger
from tests.conftest import copy_project, run_program

TOLD = "Ontwerp met weggelaten rijen: 1 rij met fouten telt niet mee"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a draft of 2016 with a canary in a faulty cell, and one in a correction."""
    root = copy_project(tmp_path_factory.mktemp("draft") / "project")
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
    ended = run_program(root, "build", "2016", "--draft")
    assert ended.returncode == 0, ended.stderr
    assert "        1 an unknown code [B59]\n" in ended.stderr
    folder = root / "output" / "2016"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_a_draft_is_marked_and_holds_no_value_of_a_row(draft: dict[str, bytes]) -> None:
    """Neither the faulty cell, the corrected one nor its key is in any file; each says what is."""
    for canary in (b"Zwijgmaar", b"Kanariegeel", b"C2016-000002"):
        assert [name for name, content in draft.items() if canary in content] == []
    pages = [name for name in draft if name.endswith(".html")]
    assert [name for name in pages if TOLD.encode() not in draft[name]] == []
    tables = [name for name in draft if name.startswith("data/") and name.endswith(".csv")]
    heads = {name: draft[name].split(b"\n")[0] for name in tables}
    assert [n for n, head in heads.items() if not head.endswith(b",draft_left_out_rows")] == []
    assert b"draft_left_out_rows" in draft["data/datapackage.json"]
    assert not Ledger.model_validate_json(draft["data/ledger.json"]).may_be_released
    assert "tikfout (1)" in draft["index.html"].decode()


def test_a_year_without_a_year_before(draft: dict[str, bytes]) -> None:
    """It counts, and says of each comparison why there is none."""
    table = csv.DictReader(draft["data/figures.csv"].decode().splitlines())
    figures = {row["id"]: row for row in table}
    assert figures["contacts.total"]["value"] == "4595"
    change = figures["contacts.total.change"]
    assert (change["value"], change["status"]) == ("", "unavailable")
    assert change["reason"] == "no_comparison"
