import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpline_report.errors import MachineError
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from tests.report.small_projects import ROOT, fingerprint

ELSEWHERE = """
import sys
from pathlib import Path
from helpline_report.report.publish import publish
from tests.report.small_publication import make_publication
publish(make_publication(), Path(sys.argv[1]))
"""


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of an edition but those of its audit."""
    return {name: digest for name, digest in fingerprint(folder).items() if name[:6] != "audit/"}


def test_writes_what_the_contract_names(publication: Publication, pages: Path) -> None:
    """Page, PDF, open data and the released ledger are there, and a CSV for each part."""
    written = set(digests(pages))
    parts = {*publication.ledger.charts, *publication.ledger.tables}
    drawn = {*publication.ledger.charts} - {"by_nothing.chart"}
    assert written == {
        "index.html",
        "report.pdf",
        "data/figures.csv",
        "data/ledger.json",
        "data/datapackage.json",
        "data/tabellen.xlsx",
        "data/charts/index.csv",
        "data/cover.png",
        *(f"data/{name}.csv" for name in parts),
        *(f"data/charts/{name}.png" for name in drawn),
    }


@pytest.mark.long
@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "nl_BE.UTF-8"},
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"},
    ],
)
def test_same_bytes_elsewhere(pages: Path, tmp_path: Path, settings: dict[str, str]) -> None:
    """Another hash seed, time zone and locale give the same bytes."""
    command = [sys.executable, "-c", ELSEWHERE, str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **settings})
    assert digests(pages) == digests(tmp_path)


def test_ledger_is_enough_to_publish_again(publication: Publication, pages: Path) -> None:
    """The released ledger that is published is the one that was given."""
    text = (pages / "data/ledger.json").read_text(encoding="utf-8")
    assert type(publication.ledger).model_validate_json(text) == publication.ledger


def test_says_what_cannot_be_written(publication: Publication, tmp_path: Path) -> None:
    """A place that can't be written is named."""
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(MachineError, match="data/"):
        publish(publication, tmp_path)
