"""In a real browser: from every number to its calculation."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from helpline_report.audit.pages import write_audit
from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish

pytestmark = pytest.mark.slow

CLICKED = 20

# Every number of the page: what is read, its value for machines, and where it leads.
NUMBERS = """() => [...document.querySelectorAll('a[href^="audit/"]')]
  .filter(item => item.matches('.way, td a, figcaption a, .highlights a'))
  .map((item, at) => {
    item.dataset.at = at;
    const shown = item.matches('.way') ? item.previousElementSibling.firstElementChild : item;
    return {
      at: at, text: shown.textContent, raw: shown.getAttribute('value') ?? '',
      href: item.getAttribute('href'),
    };
  })"""

# What stands at an address of the audit.
THERE = "ids => ids.map(id => document.getElementById(id)?.innerText ?? null)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, with_trend: Publication) -> Path:
    """The sample's edition of 2017."""
    made = tmp_path_factory.mktemp("edition")
    write_audit(publish(with_trend, made).reader, made)
    return made


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page on a desk."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        opened.goto((folder / "index.html").as_uri())
        yield opened


def numbers_in(text: str) -> list[tuple[float, int]]:
    """The numbers of a Dutch text, each with its decimals; of a machine's numbers too."""
    found = []
    for whole, decimals in re.findall(r"(\d+(?:\.\d{3})*)(?:,(\d+))?", text):
        number = float(f"{whole.replace('.', '')}.{decimals or 0}")
        found.append((number, len(decimals)))
    plain = re.findall(r"\d+\.\d+", text)
    return found + [(float(number), len(number.partition(".")[2])) for number in plain]


def says(there: str, number: dict[str, str]) -> bool:
    """Whether a calculation has the numbers that are printed, or the label that is."""
    own = [value for value, _ in numbers_in(there)]
    if number["raw"] and re.fullmatch(r"-?[\d.]+", number["raw"]):
        # In the text a number may be said in words, or rounded; its value for machines is exact.
        value = abs(float(number["raw"]))
        if any(abs(value - each) < 0.006 for each in own):
            return True
    shown = numbers_in(number["text"])
    if not shown:
        return number["text"].casefold() in there.casefold()
    return all(
        any(abs(each - value) <= 0.5 * 10**-decimals + 1e-9 for each in own)
        for value, decimals in shown
    )


def test_every_number_leads_to_its_calculation(page: Page, folder: Path) -> None:
    """Its target is there, and says the same value."""
    numbers = page.evaluate(NUMBERS)
    assert len(numbers) > 1000
    by_file: dict[str, list[dict[str, str]]] = {}
    for number in numbers:
        by_file.setdefault(number["href"].split("#")[0], []).append(number)
    wrong = []
    with page.context.new_page() as other:
        for file, items in by_file.items():
            other.goto((folder / file).as_uri())
            texts = other.evaluate(THERE, [item["href"].split("#")[1] for item in items])
            for item, text in zip(items, texts, strict=True):
                if text is None or not says(text, item):
                    wrong.append((item["text"], item["href"]))
    assert wrong == []


def test_one_click_leads_there(browser: Browser, folder: Path) -> None:
    """Twenty numbers are clicked, all kinds among them: what is marked there says the same."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        for number in random.Random(1712).sample(page.evaluate(NUMBERS), CLICKED):
            page.goto((folder / "index.html").as_uri())
            page.evaluate(NUMBERS)
            page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
            link = page.locator(f'[data-at="{number["at"]}"]')
            if number["raw"]:
                link.locator("xpath=preceding-sibling::button[1]").hover()
            link.click()
            assert page.url.endswith(number["href"])
            assert says(page.locator(":target").inner_text(), number)


def test_a_broken_link_is_found(page: Page, folder: Path) -> None:
    """A number that leads to another calculation, and one that leads nowhere."""
    number = page.evaluate(NUMBERS)[0]
    with page.context.new_page() as other:
        other.goto((folder / number["href"].split("#")[0]).as_uri())
        nowhere, elsewhere = other.evaluate(THERE, ["no-such-figure", "page-sources"])
    assert nowhere is None
    assert not says(elsewhere, number)
