"""The data package is valid by Frictionless, the program of those who wrote the standard."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpline_report.report.publish import publish
from tests.report import labels_edition
from tests.report.conftest import make_publication

PROGRAM = (sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json")


@pytest.fixture(scope="module", params=[make_publication, labels_edition.make_publication])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The open data of an edition with everything there is, and of one with hostile labels."""
    folder = tmp_path_factory.mktemp("edition")
    publish(request.param(), folder)
    return folder / "data"


def tasks(data: Path) -> list[dict[str, Any]]:
    """What the program says of each file that the descriptor names."""
    done = subprocess.run(PROGRAM, cwd=data, capture_output=True, text=True, check=False)
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["errors"] == []
    found: list[dict[str, Any]] = said["tasks"]
    return found


def test_valid_by_its_own_program(data: Path) -> None:
    """Every file with its columns, types, size and hash; also of labels that break out."""
    found = tasks(data)
    assert {task["place"] for task in found} == {
        path.relative_to(data).as_posix() for path in data.rglob("*.csv")
    }
    assert [error for task in found for error in task["errors"]] == []


def test_a_value_of_another_type_is_found(data: Path) -> None:
    """The program reads the rows, and not the descriptor alone."""
    path = data / "by_channel.table.csv"
    whole = path.read_text("utf-8")
    try:
        path.write_text(f"{whole}x,y,veel\n", encoding="utf-8")
        found = {error["type"] for task in tasks(data) for error in task["errors"]}
        assert {"type-error", "hash-count"} <= found
    finally:
        path.write_text(whole, encoding="utf-8")
