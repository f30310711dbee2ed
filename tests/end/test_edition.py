"""Whole editions, made by the command as a user makes them, and what holds for each of them."""

import csv
import getpass
import json
import os
import re
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.end.carriers import containers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def edition(year_2017: Path) -> Path:
    return year_2017 / "output" / "2017"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def test_nothing_else_is_published(year_2017: Path, edition: Path) -> None:
    """An edition consists of what other tools rely on; beside it nothing is left."""
    assert [path.name for path in (year_2017 / "output").iterdir()] == ["2017"]
    names = {path.name for path in edition.iterdir()}
    assert names == {"index.html", "report.pdf", "data", "audit", "ro-crate-metadata.json"}


def test_every_count_was_checked(edition: Path) -> None:
    """In another order, without one contact, and as sums: the ledger says over how many."""
    ledger = json.loads((edition / "data" / "ledger.json").read_text(encoding="utf-8"))
    checked = {each["name"] for each in ledger["checks"] if each["passed"] and each["of"] > 0}
    assert checked >= {"other_order", "one_contact_less", "sums"}


def test_every_printed_figure_has_its_verdict(edition: Path) -> None:
    """Each of the 162 has the verdict it deserves, and fifteen of them are mistakes."""
    deserved = {
        row["id"]: row["status"] for row in rows(ROOT / "tests" / "audit" / "verdicts-2017.csv")
    }
    verdicts = {
        row["id"]: row["verdict"].removesuffix("_rounded")
        for row in rows(edition / "audit" / "reconciliation.csv")
    }
    assert verdicts == deserved
    assert sum(verdict != "agrees" for verdict in verdicts.values()) == 15


# What an edition gives away


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything in an edition as text: streams of the PDF, parts of the workbook, pictures."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        parts = [content, *containers(content)]
        yield path.relative_to(folder).as_posix(), b"\n".join(parts).decode("latin-1")


def test_nothing_of_the_machine_is_in_it(year_2017: Path, edition: Path) -> None:
    """No path, user or machine that made an edition is in any of its files."""
    folders = {year_2017, ROOT, Path(tempfile.gettempdir()), Path.home(), Path(sys.prefix)}
    secrets = [re.escape(path.as_posix()) + r"\b" for path in folders if len(path.parts) > 1]
    names = {socket.gethostname(), getpass.getuser()} - {"root", "localhost"}
    secrets += [rf"\b{re.escape(name)}\b" for name in names if len(name) > 3]
    secret = re.compile("|".join([*secrets, year_2017.name]))
    given_away = {name: word[0] for name, text in texts(edition) if (word := secret.search(text))}
    assert given_away == {}


# The pages


def test_what_stands_on_a_source_says_so(edition: Path) -> None:
    """Words of the parameters have their source in the page and in the audit, and no mark."""
    audit = (edition / "audit" / "index.html").read_text(encoding="utf-8")
    row_of_source = r"<tr><td>honderd bussen</td><td>gedrukt jaarverslag[^<]*</td>"
    assert re.search(
        rf"{row_of_source}<td><code>params/2017\.yaml, campaigns\.1\.means</code></td></tr>", audit
    )
    assert "honderd bussen (bron: gedrukt jaarverslag 2017 van 1712), verspreid" in page(edition)
    assert "bron:gedrukt" not in page(edition)


# Another helpline


def test_another_helpline_is_counted(linea: Path) -> None:
    """From parameters alone, and the folder of its rows is nowhere."""
    folder = os.environ["HELPLINE_REAL_DATA"]
    assert [name for name, text in texts(linea) if folder in text] == []


def test_another_helpline_says_what_it_lacks(linea: Path) -> None:
    """What its source doesn't hold is left out, with a line that says so; nothing is 0."""
    text = page(linea)
    assert "Not in this report: the source does not record the channel." in text
    assert "Not in this report: there are no source files with follow-ups." in text
    assert "Not in this report: there are no source files with website figures." in text
    lacking = [r for r in rows(linea / "data" / "figures.csv") if r["status"] == "unavailable"]
    assert {"no_field", "no_source"} <= {row["reason"] for row in lacking}
    assert {row["value"] for row in lacking} == {""}
