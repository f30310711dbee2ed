"""In a real browser: from every number to its calculation, and back to that number."""

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

CLICKED = 60

# Every number of the page: its anchor, what is read, its value for machines, and where it leads.
NUMBERS = """() => [...document.querySelectorAll('[id]')]
  .filter(item => /^n\\d+-\\d+$/.test(item.id))
  .map(item => ({
    id: item.id, text: item.textContent, raw: item.getAttribute('value') ?? '',
    href: (item.closest('button')?.nextElementSibling ?? item).getAttribute('href'),
  }))"""

# What stands at an address of the audit, and where in the page it says that it is used.
THERE = """ids => ids.map(id => {
  const item = document.getElementById(id);
  return item && {
    text: item.innerText,
    back: [...item.querySelectorAll('a')].map(a => a.getAttribute('href')),
  };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, with_trend: Publication) -> Path:
    """The sample's edition of 2017."""
    made = tmp_path_factory.mktemp("edition")
    write_audit(with_trend, made, publish(with_trend, made))
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


def test_every_number_leads_to_its_calculation_and_back(page: Page, folder: Path) -> None:
    """Its target is there, says the same value, and leads back to that very number."""
    numbers = page.evaluate(NUMBERS)
    assert len(numbers) > 1000
    by_file: dict[str, list[dict[str, str]]] = {}
    for number in numbers:
        by_file.setdefault(number["href"].split("#")[0], []).append(number)
    wrong = []
    with page.context.new_page() as other:
        for file, items in by_file.items():
            other.goto((folder / file).as_uri())
            found = other.evaluate(THERE, [item["href"].split("#")[1] for item in items])
            for item, there in zip(items, found, strict=True):
                back = f"../index.html#{item['id']}"
                if there is None or back not in there["back"] or not says(there["text"], item):
                    wrong.append((item["id"], item["text"], item["href"]))
    assert wrong == []


def test_one_click_there_and_one_back(browser: Browser, folder: Path) -> None:
    """Sixty numbers are clicked, all kinds among them, and so is the way back of each."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        numbers = page.evaluate(NUMBERS)
        for number in random.Random(1712).sample(numbers, CLICKED):
            there_and_back(page, number)


def there_and_back(page: Page, number: dict[str, str]) -> None:
    """Click a number, or the arrow beside it; then the link that leads back to it."""
    shown = page.locator(f'[id="{number["id"]}"]')
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    if number["raw"]:
        shown.hover()
        page.locator(f'button:has([id="{number["id"]}"]) + a.way').click()
    else:
        shown.click()
    assert page.url.endswith(number["href"])
    target = page.locator(":target")
    assert says(target.inner_text(), number)
    target.locator(f'a[href="../index.html#{number["id"]}"]').click()
    assert page.url.endswith(f"index.html#{number['id']}")
    arrived = page.locator(":target")
    assert arrived.text_content() == number["text"]
    assert arrived.is_visible()


def test_a_broken_link_is_found(page: Page, folder: Path) -> None:
    """A number that leads to another calculation, and one that leads nowhere."""
    (number,) = [item for item in page.evaluate(NUMBERS) if item["id"] == "n1-1"]
    with page.context.new_page() as other:
        other.goto((folder / number["href"].split("#")[0]).as_uri())
        nowhere, elsewhere = other.evaluate(THERE, ["no-such-figure", "page-sources"])
    assert nowhere is None
    assert not says(elsewhere["text"], number)
    assert elsewhere["back"] == []
