"""The registration exports as workbooks give the figures that they give as text."""

import csv
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.sample import generate
from tests.audit.in_process import ledger_of
from tests.conftest import copy_project
from tests.exports.workbook_files import ods, xlsx

FILES = {
    "contacts": "contactnames.csv",
    "persons": "gemelde_personen.csv",
    "followups": "gevolggevingen.csv",
}
YEARS = (2016, 2017)
SAMPLE = "{layout: registration-1712, folder: data/sample/%d%s}"
KNOWN = "\nacknowledged: [{fault: B56, reason: {nl: vragen om raad, en: questions for advice}}]\n"


def _cell(column: str, text: str) -> object:
    """What a spreadsheet makes of a text: a date, a time, a number, or the text."""
    match column:
        case _ if not text:
            return None
        case "datum":
            return dt.datetime.strptime(text, "%d/%m/%Y").date()
        case "tijdstip":
            return dt.time.fromisoformat(text)
        case "leeftijd":
            return int(text)
    return text


def _rows(path: Path) -> list[list[object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    return [
        list(header),
        *([_cell(column, text) for column, text in zip(header, row, strict=True)] for row in rows),
    ]


def _project(root: Path, ending: str, write: Callable[..., bytes] | None) -> Path:
    """A project of sixty contacts a year, whose exports are of some kind."""
    project = copy_project(root)
    for year in YEARS:
        folder = project / "data" / "sample" / str(year)
        shutil.rmtree(folder)
        folder.mkdir()
        generate(folder, year=year, contacts=60)
        names = ""
        if write is not None:
            for name in FILES.values():
                old = folder / name
                old.with_suffix(ending).write_bytes(write(_rows(old)))
                old.unlink()
            pairs = (f"{key}: {Path(name).stem}{ending}" for key, name in FILES.items())
            names = f", files: {{{', '.join(pairs)}}}"
        parameters = project / "params" / f"{year}.yaml"
        text = parameters.read_text(encoding="utf-8")
        assert SAMPLE % (year, "") in text
        text = text.replace(SAMPLE % (year, ""), SAMPLE % (year, names))
        parameters.write_text(text + KNOWN, encoding="utf-8")
    return project


def _values(ledger: Ledger) -> dict[str, object]:
    return {
        name: (figure.value, figure.status, figure.numerator, figure.denominator)
        for name, figure in ledger.figures.items()
    }


@pytest.fixture(scope="module")
def as_text(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The ledger of 2017 from delimited text."""
    return ledger_of(_project(tmp_path_factory.mktemp("text") / "project", ".csv", None))


@pytest.mark.parametrize(
    ("ending", "write"), [(".xlsx", xlsx), pytest.param(".ods", ods, marks=pytest.mark.long)]
)
def test_workbooks_give_the_same_figures(
    tmp_path: Path, as_text: Ledger, ending: str, write: Callable[..., bytes]
) -> None:
    """Each figure of the edition, its status, and what it is a share of."""
    ledger = ledger_of(_project(tmp_path / "project", ending, write))
    assert _values(ledger) == _values(as_text)
    assert {source.file for source in ledger.sources} >= {f"contactnames{ending}"}
