"""The pages in a browser: axe-core, keyboard, accessibility tree, requests, jumps, reflow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.report.contrast import find_violations

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(pages: Path) -> str:
    return (pages / "index.html").as_uri()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        (1280, "light"),
        pytest.param(360, "light", marks=pytest.mark.long),
        pytest.param(1280, "dark", marks=pytest.mark.long),
    ],
)
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
        assert find_violations(page) == []


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


PAGES = (
    "index.html",
    "audit/index.html",
    "audit/evidence.html",
    "audit/summary.html",
    "audit/contacts.html",
)
# What a key must reach: each link, button, summary and scrolling table that is shown.
REACHABLE = "a[href], button, summary, [tabindex='0']"
JUMPS = """window.jumped = 0;
new PerformanceObserver(list => {
  for (const jump of list.getEntries()) window.jumped += jump.value;
}).observe({type: 'layout-shift', buffered: true});"""
SPACING = """const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [sheet];"""
CUT_OFF = """[...document.querySelectorAll('h1, h2, h3, p, li, a, button, dt, dd, caption')]
  .filter(it => it.checkVisibility() && !it.closest('.unseen, .skip, .card, svg'))
  .filter(it => ['hidden', 'clip'].includes(getComputedStyle(it).overflowX)
    && it.scrollWidth > it.clientWidth + 1).map(it => it.outerHTML.slice(0, 80))"""


def opened(browser: Browser, path: Path, width: int = 1280, **given: Any) -> Page:
    """A page in a context of its own."""
    page = browser.new_context(viewport={"width": width, "height": 800}, **given).new_page()
    page.goto(path.as_uri())
    return page


def focused(page: Page) -> str:
    """The text of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_names_every_page(pages: Path) -> None:
    """No kind of page is left out of these tests."""
    made = {path.relative_to(pages).as_posix() for path in pages.rglob("*.html")}
    assert made - {"audit/other-years.html"} == set(PAGES)


@pytest.mark.parametrize(
    "seen", ["desk", *(pytest.param(seen, marks=pytest.mark.long) for seen in ("phone", "print"))]
)
@pytest.mark.parametrize("name", PAGES)
def test_no_violation(browser: Browser, pages: Path, name: str, seen: str) -> None:
    """axe-core finds no violation, nor does our measurement of contrast where it can't decide."""
    scheme: Literal["light", "dark"] = "dark" if seen == "phone" else "light"
    width = 360 if seen == "phone" else 1280
    page = opened(browser, pages / name, width, color_scheme=scheme)
    if seen == "print":
        page.emulate_media(media="print")
    else:
        for detail in page.query_selector_all("summary"):
            detail.click()
    found = find_violations(page, printed=seen == "print")
    page.context.close()
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_keyboard_reaches_everything(browser: Browser, pages: Path, name: str) -> None:
    """The tab key comes by all that can be used, in order, shows where it is, and gets out."""
    page = opened(browser, pages / name)
    wanted = page.evaluate(
        f"""[...document.querySelectorAll("{REACHABLE}")]
          .filter(it => !it.closest('[popover]') && it.checkVisibility() && it.tabIndex >= 0)
          .map((it, at) => (it.dataset.at = at)).length"""
    )
    reached, unseen = [], []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            """[Number(document.activeElement.dataset.at ?? -1),
              getComputedStyle(document.activeElement).outlineStyle]"""
        )
        reached.append(at)
        unseen += [at] if outline == "none" else []
    page.keyboard.press("Tab")
    left = page.evaluate("document.activeElement.dataset.at ?? 'out'")
    page.context.close()
    assert (sorted(reached), unseen) == (list(range(wanted)), [])
    assert left in ("out", "0")


def test_card_gives_the_focus_back(browser: Browser, pages: Path) -> None:
    """A number's card is reached by tab, and Escape in it leads back to the number."""
    page = opened(browser, pages / "index.html")
    number = page.locator("button.number >> nth=0")
    number.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    page.keyboard.press("Escape")
    assert number.evaluate("it => it === document.activeElement")
    page.context.close()


def test_arrows_lead_from_number_to_number(browser: Browser, pages: Path) -> None:
    """The numbers of a table are one stop of the tab key; arrows lead to the others, and back."""
    page = opened(browser, pages / "index.html")
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    numbers = page.locator("[id='by_channel.table.rows'] button.number")
    stops = numbers.evaluate_all("all => all.filter(it => it.tabIndex === 0).length")
    numbers.nth(0).focus()
    page.keyboard.press("ArrowRight")
    at = [numbers.nth(1).evaluate("it => it === document.activeElement")]
    page.keyboard.press("ArrowLeft")
    at.append(numbers.nth(0).evaluate("it => it === document.activeElement"))
    page.context.close()
    assert (stops, at) == (1, [True, True])


@pytest.mark.parametrize("width", [360, 1280])
def test_leaves_and_helps_by_keyboard(browser: Browser, pages: Path, width: int) -> None:
    """The way out is within the first tabs; the link to the help leads to its number."""
    page = opened(browser, pages / "index.html", width)
    first = []
    for _ in range(3):
        page.keyboard.press("Tab")
        first.append(page.evaluate("document.activeElement.className"))
    assert "leave" in first
    page.locator(".contents a[href='#help']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Bel 1712"
    page.context.close()


def test_help_is_in_sight_on_a_phone(browser: Browser, pages: Path) -> None:
    """Each number, each address and the words about traces are seen without scrolling."""
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto((pages / "index.html").as_uri())
    bottoms = page.evaluate(
        """[...document.querySelectorAll('.help a, .traces > p, .leave')]
          .map(it => it.getBoundingClientRect().bottom)"""
    )
    page.context.close()
    assert len(bottoms) == 4
    assert max(bottoms) <= 740


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which the target of the way out, and a page before ours, can be opened."""
    with browser.new_context() as context:
        context.route("https://**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
        yield context


def press_shift(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("leave", [lambda page: page.click(".leave"), press_shift])
def test_the_way_out_leaves_no_way_back(
    elsewhere: BrowserContext, pages: Path, name: str, leave: Callable[[Page], None]
) -> None:
    """By a click or by three presses of Shift: the page before ours is the one to go back to."""
    page = elsewhere.new_page()
    page.goto("https://before.example.org/")
    page.goto((pages / name).as_uri())
    if name == "index.html":
        page.click(".contents a[href='#chapter-contacts']")
    leave(page)
    page.wait_for_url("https://www.example.org/")
    page.go_back()
    assert page.url == "https://before.example.org/"


@pytest.mark.parametrize("script", [True, False])
def test_the_way_out_leads_out_of_a_frame(
    browser: Browser, pages: Path, tmp_path: Path, *, script: bool
) -> None:
    """With the script and without it, where it is an ordinary link and no key is promised."""
    shutil.copy(pages / "index.html", tmp_path / "index.html")
    (tmp_path / "around.html").write_text('<iframe src="index.html" width=900 height=500>')
    with browser.new_context(java_script_enabled=script) as context:
        context.route("https://**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
        page = context.new_page()
        page.goto((tmp_path / "around.html").as_uri())
        frame = page.frame_locator("iframe")
        assert frame.locator(".leave-key").is_visible() == script
        frame.locator(".leave").click()
        page.wait_for_url("https://www.example.org/")


def test_works_alone(browser: Browser, pages: Path, tmp_path: Path) -> None:
    """In an empty folder every link leads somewhere in it, calls, or names a public address.

    Every card opens, and says what its figure is. Nothing is asked of any server.
    """
    alone = Path(shutil.copy(pages / "index.html", tmp_path / "index.html"))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(alone.as_uri())
    links = page.evaluate("[...document.links].map(it => it.getAttribute('href'))")
    broken = page.evaluate(
        """[...document.querySelectorAll("a[href^='#']")].filter(it => {
          it.click(); return !document.querySelector(':target')}).map(it => it.hash)"""
    )
    silent = page.evaluate(
        """[...document.querySelectorAll('.number')].filter(it => {
          const card = document.getElementById(it.getAttribute('popovertarget'));
          card.showPopover();
          const text = card.innerText;
          card.hidePopover();
          return text.length < 20}).length"""
    )
    page.close()
    kinds = ("#", "tel:", "https://", "mailto:")
    assert [link for link in links if not link.startswith(kinds)] == []
    assert (broken, silent) == ([], 0)
    assert {url.partition("#")[0] for url in asked if url[:5] != "data:"} == {alone.as_uri()}


@pytest.mark.parametrize("name", PAGES)
def test_tree(browser: Browser, pages: Path, name: str) -> None:
    """A screen reader meets one title, no skipped level, one main part, and a name for each."""
    page = opened(browser, pages / name)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    page.context.close()
    told = [node for node in nodes if not node["ignored"]]
    roles = [node["role"]["value"] for node in told]
    levels = [
        item["value"]["value"]
        for node in told
        if node["role"]["value"] == "heading"
        for item in node["properties"]
        if item["name"] == "level"
    ]
    named = {"link", "button", "table", "navigation", "region", "image", "DisclosureTriangle"}
    nameless = [
        node["role"]["value"]
        for node in told
        if node["role"]["value"] in named and not node["name"]["value"].strip()
    ]
    assert (levels.count(1), levels[0]) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [roles.count(role) for role in ("main", "banner", "contentinfo")] == [1, 1, 1]
    assert nameless == []


@pytest.mark.parametrize("name", PAGES)
def test_tables(browser: Browser, pages: Path, name: str) -> None:
    """Each table has a caption, heads of columns, and a head in each row where rows have one."""
    page = opened(browser, pages / name)
    lacking = page.evaluate(
        """[...document.querySelectorAll('table')].filter(table =>
          !table.caption?.textContent.trim()
          || [...table.querySelectorAll('thead th')].some(head => head.scope !== 'col')
          || [...table.querySelectorAll('tbody th')].some(head => head.scope !== 'row')
          || !table.querySelector('thead th')).length"""
    )
    page.context.close()
    assert lacking == 0


@pytest.mark.parametrize("name", PAGES)
def test_asks_for_nothing(browser: Browser, pages: Path, name: str) -> None:
    """No page asks for anything but itself, not even when all that opens is open."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((pages / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    page.evaluate("document.querySelectorAll('[popover]').forEach(it => it.showPopover())")
    page.wait_for_load_state("networkidle")
    page.close()
    assert [url for url in asked if not url.startswith("data:")] == [(pages / name).as_uri()]


@pytest.mark.parametrize("width", [320, 360, 412, 1280])
def test_nothing_jumps(browser: Browser, pages: Path, width: int) -> None:
    """While a slow phone puts the page together, nothing that is seen moves away."""
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(JUMPS)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto((pages / "index.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.wait_for_timeout(300)
    jumped = page.evaluate("window.jumped")
    page.context.close()
    assert jumped < 0.05


@pytest.mark.parametrize("name", PAGES)
def test_reflows(browser: Browser, pages: Path, name: str) -> None:
    """At 320 pixels (400 % of 1280), also with wide text spacing, nothing is lost or scrolls."""
    page = opened(browser, pages / name, 320)
    plain = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate(SPACING)
    spaced = page.evaluate("document.documentElement.scrollWidth")
    cut = page.evaluate(CUT_OFF)
    page.context.close()
    assert (plain, spaced, cut) == (320, 320, [])


def test_motion_and_colours_of_the_reader(browser: Browser, pages: Path) -> None:
    """With a reader's own colours and without motion, axe-core finds no violation either."""
    page = opened(browser, pages / "index.html", forced_colors="active", reduced_motion="reduce")
    moving = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    found = find_violations(page)
    page.context.close()
    assert (moving, found) == ("auto", [])


@pytest.mark.parametrize("name", PAGES[:1])
def test_says_what_it_is(browser: Browser, pages: Path, name: str) -> None:
    """A page has a title, a language, a description, and fits the width of a device."""
    page = opened(browser, pages / name, 360)
    said = page.evaluate(
        """[document.title, document.documentElement.lang,
          document.querySelector('meta[name=description]').content,
          document.querySelector('meta[name=viewport]').content]"""
    )
    page.context.close()
    assert all(said)
    assert said[1:4:2] == ["nl", "width=device-width, initial-scale=1"]
