"""A whole draft: marked everywhere, and nothing of a row that was left out or corrected in it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from helpline_report.build import build
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from helpline_report.private_files import private_folder

REPOSITORY = Path(__file__).parents[2]
SAID = "Ontwerp met weggelaten rijen: 1 rij met fouten telt niet mee"

pytestmark = pytest.mark.slow


def test_a_draft_is_marked_and_holds_no_value_of_a_row(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A canary in a faulty cell and one in a correction reach no file and no line."""
    for part in ("data", "notebooks", "params"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    private_folder(tmp_path / ".helpline")
    export = tmp_path / "data" / "sample" / "2016" / "contactnames.csv"
    lines = export.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("E-mail", "Zwijgmaar")
    lines[2] = lines[2].replace("E-mail", "Kanariegeel")
    export.write_text("\n".join(lines), encoding="utf-8")
    (export.parent / "corrections.csv").write_text(
        "file,key,column,stands,becomes,reason\n"
        "contactnames.csv,C2016-000002,kanaal,Kanariegeel,Telefoon,tikfout\n",
        encoding="utf-8",
    )
    with caplog.at_level(logging.INFO, "helpline_report.build"):
        folder = build(Project(tmp_path), "2016", ["draft=true"])
    assert "        1 an unknown code [B59]" in caplog.messages
    made = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    for canary in (b"Zwijgmaar", b"Kanariegeel", b"C2016-000002"):
        assert [name for name, content in made.items() if canary in content] == []
    pages = [name for name in made if name.endswith(".html")]
    assert [name for name in pages if SAID.encode() not in made[name]] == []
    tables = [name for name in made if name.startswith("data/") and name.endswith(".csv")]
    heads = {name: made[name].split(b"\n")[0] for name in tables}
    assert [n for n, head in heads.items() if not head.endswith(b",draft_left_out_rows")] == []
    assert b"draft_left_out_rows" in made["data/datapackage.json"]
    ledger = Ledger.model_validate_json(made["data/ledger.json"])
    assert not ledger.may_be_released
    assert "tikfout (1)" in made["index.html"].decode()
