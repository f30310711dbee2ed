from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from helpline_report.report.publication import Publication
from helpline_report.report.publish import publish

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("edition")
    publish(publication, folder)
    return (folder / "index.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_accessible(browser: Browser, address: str, width: int, scheme: str) -> None:
    """axe-core finds no violation, on a phone and on a desk, in light and in dark."""
    with browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        page = context.new_page()
        page.goto(address)
        for detail in page.query_selector_all("summary"):
            detail.click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_requests_nothing(browser: Browser, address: str) -> None:
    """Opening the page asks for the page alone, and says nothing in the console."""
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(address)
        assert [url for url in asked if not url.startswith("data:")] == [address]
        assert said == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_fits(browser: Browser, address: str, width: int) -> None:
    """The page never scrolls sideways, and one drawing of each chart is seen."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        seen = [svg.is_visible() for svg in page.query_selector_all(".drawing svg")]
        assert seen.count(True) * 2 == len(seen)


def test_text_of_drawings_can_be_read(browser: Browser, address: str) -> None:
    """On a phone no text of a drawing is smaller than 10 pixels."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        smallest = page.evaluate(
            """Math.min(...[...document.querySelectorAll('.drawing svg')]
              .filter(svg => svg.getBoundingClientRect().width > 0)
              .flatMap(svg => [...svg.querySelectorAll('text')].map(text =>
                parseFloat(getComputedStyle(text).fontSize)
                * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""
        )
        assert smallest >= 10


def test_number_opens_its_card(browser: Browser, address: str) -> None:
    """A number opens its card from the keyboard, and Escape closes it."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.focus("button.number >> nth=0")
        page.keyboard.press("Enter")
        card = page.locator(".card:popover-open")
        assert card.is_visible()
        page.keyboard.press("Escape")
        assert card.count() == 0
