"""Every number of the page leads to its calculation, also in a real browser."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.audit.markup import Element, parse

pytestmark = pytest.mark.slow

LARGEST = 600_000
CLICKED = 8

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


@pytest.fixture(scope="session")
def folder(year_2017: Path) -> Path:
    """The sample's edition of 2017."""
    return year_2017 / "output" / "2017"


@pytest.fixture(scope="module")
def report(folder: Path) -> Element:
    """The page as a tree."""
    return parse((folder / "index.html").read_text("utf-8"))


def test_no_number_is_without_link(report: Element) -> None:
    """Of the cells of tables and the headline figures of the cover."""
    cells = [cell for cell in report.all("td") if "n" in cell.classes]
    groups = [group for group in report.all("ul") if "highlights" in group.classes]
    highlights = [item for group in groups for item in group.all("strong", "small")]
    without = [
        item.text
        for item in (*cells, *highlights)
        if re.search(r"\d", item.text) and [link.text for link in item.all("a")] != [item.text]
    ]
    assert without == []


def test_every_number_of_the_text_has_its_arrow(report: Element) -> None:
    """Beside each marked number a link that leads where its card does."""
    buttons = [item for item in report.all("button") if "number" in item.classes]
    arrows = [item for item in report.all("a") if "way" in item.classes]
    assert [f"figure-{arrow.attributes['href'].split('#')[1]}" for arrow in arrows] == [
        button.attributes["popovertarget"] for button in buttons
    ]


def test_the_headlines_of_charts_lead_to_their_number(report: Element) -> None:
    """'Juni was de drukste maand: 521 contactnames' leads to the 521 of June."""
    links = [a for caption in report.all("figcaption") for a in caption.all("a")]
    addresses = {a.text: a.attributes["href"] for a in links}
    assert addresses["521"] == "audit/contacts.html#contacts.by_month.06"


def test_the_page_is_small(folder: Path) -> None:
    """All the links together leave it below 600 kB."""
    assert (folder / "index.html").stat().st_size < LARGEST


# In a browser


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page on a desk."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        opened.goto((folder / "index.html").as_uri())
        yield opened


def numbers_in(text: str) -> list[tuple[float, int]]:
    """The numbers of a Dutch text, each with its decimals; of a machine's numbers too."""
    numbers = []
    for whole, decimals in re.findall(r"(\d+(?:\.\d{3})*)(?:,(\d+))?", text):
        number = float(f"{whole.replace('.', '')}.{decimals or 0}")
        numbers.append((number, len(decimals)))
    plain = re.findall(r"\d+\.\d+", text)
    return numbers + [(float(number), len(number.partition(".")[2])) for number in plain]


def says(there: str, number: dict[str, str]) -> bool:
    """Whether a calculation has the numbers that are printed, or the label that is."""
    own = [value for value, _ in numbers_in(there)]
    if number["raw"] and re.fullmatch(r"-?[\d.]+", number["raw"]):
        # In the text a number may be said in words, or rounded; its value for machines is exact.
        value = abs(float(number["raw"]))
        if any(abs(value - each) < 0.006 for each in own):
            return True
    printed = numbers_in(number["text"])
    if not printed:
        # A label, or a place in words: 'op de vierde plaats' is the place of something there.
        label, calculation = number["text"].casefold(), there.casefold()
        return label in calculation or any(
            word in calculation for word in label.split() if len(word) > 4
        )
    return all(
        any(abs(each - value) <= 0.5 * 10**-decimals + 1e-9 for each in own)
        for value, decimals in printed
    )


def test_every_number_leads_to_its_calculation(page: Page, folder: Path) -> None:
    """Its target is there and says the same value; another calculation, or none, is noticed."""
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
            nowhere, elsewhere = other.evaluate(THERE, ["no-such-figure", "page-sources"])
            assert nowhere is None
            assert elsewhere is None or not says(elsewhere, items[0])
    assert wrong == []


def test_one_click_leads_there(page: Page, folder: Path) -> None:
    """Some numbers are clicked, all kinds among them: what is marked there says the same."""
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
