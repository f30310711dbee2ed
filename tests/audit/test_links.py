"""Every number of a packed page leads to its calculation, also in a real browser."""

import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page

from helpline_report.audit.expectations import Element, get_text, parse_page
from helpline_report.figures.ledger import Ledger
from helpline_report.parameters.project import Project
from helpline_report.publishing import pack_edition
from tests.conftest import MakeOnce

pytestmark = pytest.mark.slow

LARGEST = 1_400_000
CLICKED = 8

# Every number of the page, and where its card leads.
NUMBERS = """() => [...document.querySelectorAll('button.number')].map((item, at) => {
    item.dataset.at = at;
    const card = document.getElementById(item.getAttribute('popovertarget'));
    return {
      at: at, text: item.textContent,
      href: card.querySelector('a').getAttribute('href'),
    };
  })"""


@pytest.fixture(scope="session")
def folder(year_2017: Path, make_once: MakeOnce) -> Path:
    """The sample's edition of 2017 as its package has it: the page beside its files."""

    def make(root: Path) -> None:
        shutil.copytree(year_2017, root)
        package, _ = pack_edition(Project(root), "2017")
        with zipfile.ZipFile(package) as packed:
            packed.extractall(root / "unpacked")

    return make_once("packed", make) / "unpacked" / "2017"


@pytest.fixture(scope="module")
def report(folder: Path) -> Element:
    return parse_page((folder / "index.html").read_text("utf-8"))


def test_no_number_is_without_card(report: Element) -> None:
    """Of the cells of tables and the headline figures of the cover; some lead to an overview."""
    highlights = "//ul[@class='highlights']//*[self::strong or self::small]"
    without = [
        get_text(item)
        for item in report.xpath(f"//td[@class='n']|{highlights}")
        if re.search(r"\d", get_text(item))
        and get_text(item).strip()
        not in [get_text(each).strip() for each in item.xpath(".//button|.//span|.//a")]
    ]
    assert without == []


def test_the_headlines_of_charts_open_their_number(report: Element) -> None:
    """'Juni was de drukste maand: 521 contactnames' opens the card of June's 521."""
    numbers = report.xpath("//figcaption//button")
    figures = {get_text(number): number.get("data-figure") for number in numbers}
    assert figures["521"] == "contacts.by_month.06"


def test_the_page_is_small(folder: Path) -> None:
    """All the cards together leave it below 1.4 MB; compressed it is a ninth of that."""
    assert (folder / "index.html").stat().st_size < LARGEST


def test_a_printed_total_leads_to_its_chart(folder: Path) -> None:
    """The page of other years links to it."""
    page = (folder / "audit" / "other-years.html").read_text("utf-8")
    assert 'href="../index.html#trend.contacts"' in page


def test_every_link_of_the_package_leads_somewhere(folder: Path) -> None:
    """To a file that is there, and to a place in it; the page links to book, data and audit."""
    pages = {path: parse_page(path.read_text("utf-8")) for path in folder.rglob("*.html")}
    ids = {path: {item.get("id") for item in root.iter()} for path, root in pages.items()}
    broken, files = [], set()
    for path, root in pages.items():
        for link in (item.get("href", "") for item in root.iter() if item.tag in ("a", "link")):
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            if re.match("[a-z]+:", name):
                continue
            files.add(target.relative_to(folder).as_posix())
            if not target.is_file() or (anchor and anchor not in ids[target]):
                broken.append((path.name, link))
    assert broken == []
    assert {"report.pdf", "data/figures.csv", "data/tabellen.xlsx", "audit/index.html"} <= files


@pytest.fixture(scope="module")
def audit(folder: Path) -> dict[str, Element]:
    paths = (folder / "audit").glob("*.html")
    return {path.stem: parse_page(path.read_text("utf-8")) for path in paths}


def test_every_figure_has_its_place(audit: dict[str, Element], folder: Path) -> None:
    """On the page of its chapter each trace stands once, as all that has an anchor."""
    ids = {name: Counter(page.xpath("//@id")) for name, page in audit.items()}
    origins = Ledger.model_validate_json((folder / "data/ledger.json").read_bytes()).origins()
    assert len(origins) > 1000
    assert [name for name, (chapter, _) in origins.items() if ids[chapter][name] != 1] == []
    assert [(name, i) for name, each in ids.items() for i, times in each.items() if times > 1] == []


# In a browser


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        opened.goto((folder / "index.html").as_uri())
        yield opened


def test_few_stops_of_the_tab_key(page: Page) -> None:
    """Fewer than 150 before a table is opened: who uses the keyboard comes to the end."""
    stops = page.evaluate(
        """[...document.querySelectorAll("a[href], button, summary, [tabindex='0']")]
          .filter(it => !it.closest('[popover]') && it.checkVisibility() && it.tabIndex >= 0)
          .length"""
    )
    assert stops < 150


def test_its_card_leads_to_its_calculation(page: Page, folder: Path) -> None:
    """Some numbers are clicked, then the link of their card: what is marked there says the same."""
    numbers = page.evaluate(NUMBERS)
    assert len(numbers) > 1000
    counts = [each for each in numbers if re.fullmatch(r"[\d.]+", each["text"])]
    for number in random.Random(1712).sample(counts, CLICKED):
        page.goto((folder / "index.html").as_uri())
        page.evaluate(NUMBERS)
        page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        page.locator(f'[data-at="{number["at"]}"]').click()
        page.locator(".card:popover-open a").click()
        assert page.url.endswith(number["href"])
        assert number["text"] in page.locator(":target").inner_text()
