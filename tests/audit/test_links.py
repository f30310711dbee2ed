"""Every number of the page leads to its calculation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpline_report.audit.pages import write_audit
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish
from tests.audit.markup import Element, parse

LARGEST = 600_000


@dataclass(frozen=True)
class Pages:
    """The page and the audit as trees, and the files' names."""

    report: Element
    audit: dict[str, Element]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, with_trend: Publication) -> Path:
    """The sample's edition of 2017."""
    made = tmp_path_factory.mktemp("edition")
    write_audit(publish(with_trend, made).reader, made)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> Pages:
    """The page and the audit."""
    audit = {path.name: parse(path.read_text("utf-8")) for path in folder.glob("audit/*.html")}
    return Pages(parse((folder / "index.html").read_text("utf-8")), audit)


def dead_links(pages: Pages) -> list[str]:
    """Links from the page into the audit, and from the audit into the page, that lead nowhere."""
    ids = {
        name: {item.attributes.get("id") for item in root.all()}
        for name, root in {**pages.audit, "../index.html": pages.report}.items()
    }
    links = [
        item.attributes["href"].removeprefix("audit/")
        for root in (pages.report, *pages.audit.values())
        for item in root.all()
        if re.match(r"(audit|\.\.)/\w+\.html#", item.attributes.get("href", ""))
    ]
    return [link for link in links if link.split("#")[1] not in ids[link.split("#")[0]]]


def without_link(pages: Pages) -> list[str]:
    """Numbers in cells, headlines and highlights, and marked numbers, that lead nowhere."""
    cells = [cell for cell in pages.report.all("td") if "n" in cell.classes]
    highlights = [
        item
        for group in pages.report.all("ul")
        if "highlights" in group.classes
        for item in group.all("strong", "small")
    ]
    return [
        item.text
        for item in (*cells, *highlights)
        if re.search(r"\d", item.text) and [link.text for link in item.all("a")] != [item.text]
    ]


def test_no_number_is_without_link(pages: Pages) -> None:
    """Of the cells of tables and the headline figures of the cover."""
    assert without_link(pages) == []


def test_every_number_of_the_text_has_its_arrow(pages: Pages) -> None:
    """Beside each marked number a link that leads where its card does."""
    buttons = [item for item in pages.report.all("button") if "number" in item.classes]
    arrows = [item for item in pages.report.all("a") if "way" in item.classes]
    assert [f"figure-{arrow.attributes['href'].split('#')[1]}" for arrow in arrows] == [
        button.attributes["popovertarget"] for button in buttons
    ]


def test_no_link_is_dead(pages: Pages) -> None:
    """Neither there nor back."""
    assert dead_links(pages) == []


def test_the_headlines_of_charts_lead_to_their_number(pages: Pages) -> None:
    """'Juni was de drukste maand: 521 contactnames' leads to the 521 of June."""
    links = [a for caption in pages.report.all("figcaption") for a in caption.all("a")]
    found = {a.text: a.attributes["href"] for a in links}
    assert found["521"] == "audit/contacts.html#contacts.by_month.06"


def test_the_page_is_small(folder: Path) -> None:
    """All the links together leave it below 600 kB."""
    assert (folder / "index.html").stat().st_size < LARGEST
