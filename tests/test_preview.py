"""What a researcher sees where a cell stands, without any row in it."""

import re
from typing import Any

import pytest

from helpline_report.chapter import Chapter
from tests.figures.drawn import register

CONTACTS = "nr | date | channel | role\na | 01-02 | phone | victim\nb | 02-03 | email | parent"
TRAFFIC = "measure | when | referrer | value\nusers | year | <b>x</b> | 3"
Bundles = list[dict[str, Any]]


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> Bundles:
    bundles: Bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, **_: bundles.append(bundle))
    return bundles


@pytest.fixture
def chapter() -> Chapter:
    """A chapter of two contacts and a site, as a researcher opens it."""
    registered = register(contacts=CONTACTS, traffic=TRAFFIC, language="en")
    return Chapter("contacts", registered, preview=True)


def cells(bundle: dict[str, Any]) -> list[list[str]]:
    rows = re.findall(r"<tr.*?</tr>", bundle["text/html"], re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_figures_series_and_tables(chapter: Chapter, displayed: Bundles) -> None:
    """The tidy frame of each: a figure with its definition, a code a row, series below another."""
    contacts = chapter.populations("contacts")
    chapter.count("n", contacts)
    facts = ["year", "value", "low", "high", "status", "figure"]
    heads, row = cells(displayed[-1])
    assert heads == ["code", "label", *facts]
    assert row[1:4] == ["contacts in 2017", "2017", "2"]
    assert displayed[-1]["text/plain"].split()[:2] == ["code", "label"]
    one = chapter.counts("x", contacts, by="channel")
    heads, *rows = cells(displayed[-1])
    assert heads == ["channel", "label", *facts]
    counts = [["phone", "1"], ["email", "1"], ["chat", "0"], ["unknown", "0"]]
    assert [[row[0], row[3]] for row in rows] == counts
    other = chapter.counts("y", contacts.where(month="01"), by="channel")
    chapter.table(one, other)
    assert [row[-1] for row in cells(displayed[-1])[1::4]] == ["x.phone", "y.phone"]
    known = contacts.where(channel=["phone", "email"])
    chapter.table(chapter.counts("t", known, by=("channel", "role")))
    assert cells(displayed[-1])[0] == ["channel", "role", "row", "column", *facts]


def test_a_script_prints_the_text(chapter: Chapter, capsys: pytest.CaptureFixture[str]) -> None:
    """It has no cells that could show a table."""
    chapter.count("n", chapter.populations("contacts"))
    assert "contacts in 2017" in capsys.readouterr().out


def test_a_series_that_shows_nothing_is_a_line(chapter: Chapter, displayed: Bundles) -> None:
    """It says why it can't be drawn; and a name from the web is text."""
    chapter.chart(chapter.counts("x", chapter.populations("persons"), by="problem"))
    line = r"<p>x\.chart can’t be drawn: [^<]+</p>"
    assert re.fullmatch(line, displayed[-1]["text/html"])
    chapter.counts("u", chapter.populations("users"), by="referrer")
    assert "<b>" not in displayed[-1]["text/html"]
