"""The pages in a browser: axe-core, keyboard, accessibility tree, requests, jumps, reflow."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.slow

PAGES = (
    "index.html",
    "audit/index.html",
    "audit/evidence.html",
    "audit/summary.html",
    "audit/contacts.html",
)
# All rules of WCAG 2.2 AA and good practice; without tags axe leaves the size of targets out.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
# Nobody taps paper, or follows a link on it.
OF_SCREENS = {rule: {"enabled": False} for rule in ("target-size", "link-in-text-block")}
# The same: report and audit in the ordinary tests, the others in `make test-long`.
LONG = [pytest.param(name, marks=[pytest.mark.long][: at > 1]) for at, name in enumerate(PAGES)]
# What a key must reach: each link, button, summary and scrolling table that is shown.
REACHABLE = "a[href], button, summary, [tabindex='0']"
JUMPS = """window.jumped = 0;
new PerformanceObserver(list => {
  for (const jump of list.getEntries()) window.jumped += jump.value;
}).observe({type: 'layout-shift', buffered: true});"""
DRAWN = """document.fonts.ready.then(() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(done))))"""
SPACING = """const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
document.adoptedStyleSheets = [sheet];"""
CUT_OFF = """[...document.querySelectorAll('h1, h2, h3, p, li, a, button, dt, dd, caption')]
  .filter(it => it.checkVisibility() && !it.closest('.unseen, .skip, .card, svg'))
  .filter(it => ['hidden', 'clip'].includes(getComputedStyle(it).overflowX)
    && it.scrollWidth > it.clientWidth + 1).map(it => it.outerHTML.slice(0, 80))"""


@dataclass
class Visit:
    """A page, and what it asked for and said while it was opened."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=LONG)
def visit(request: pytest.FixtureRequest, browser: Browser, pages: Path) -> Iterator[Visit]:
    """Each kind of page in turn on a desk, with all that opens open."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    opened = Visit(page, (pages / request.param).as_uri())
    page.on("request", lambda request: opened.asked.append(request.url))
    page.on("console", lambda message: opened.console.append(message.text))
    page.goto(opened.address)
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    yield opened
    page.context.close()


@pytest.fixture
def index(browser: Browser, pages: Path) -> Iterator[Page]:
    """The report itself, fresh."""
    page = browser.new_context().new_page()
    page.goto((pages / "index.html").as_uri())
    yield page
    page.context.close()


def opened(browser: Browser, path: Path, width: int = 1280, **settings: Any) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, **settings).new_page()
    page.goto(path.as_uri())
    return page


def test_names_every_page(pages: Path) -> None:
    """No kind of page is left out of these tests."""
    names = {path.relative_to(pages).as_posix() for path in pages.rglob("*.html")}
    assert names - {"audit/other-years.html"} == set(PAGES)


def test_asks_for_nothing(visit: Visit) -> None:
    """No page asks for anything but itself, or complains, not even when all cards are open."""
    visit.page.evaluate("document.querySelectorAll('[popover]').forEach(it => it.showPopover())")
    visit.page.evaluate("document.querySelectorAll('[popover]').forEach(it => it.hidePopover())")
    assert [url for url in visit.asked if not url.startswith("data:")] == [visit.address]
    assert visit.console == []
    # Nor could it.
    policy = """meta[http-equiv=Content-Security-Policy][content^="default-src 'none'; "]"""
    assert visit.page.locator(policy).count() == 1


def find_violations(page: Page, *, printed: bool = False) -> list[str]:
    """What axe-core finds, and what it can't decide, but for contrast over a drawing.

    The colours of drawings are held to each other where the palettes are read.
    """
    options = {**RULES, "rules": OF_SCREENS if printed else {}}
    results: Any = Axe().run(page, options=options).response
    rules = [each for each in results["incomplete"] if each["id"] != "color-contrast"]
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in (*results["violations"], *rules)
        for node in rule["nodes"]
    ]


def test_no_violation(visit: Visit) -> None:
    """axe-core finds none."""
    assert find_violations(visit.page) == []


def test_tree(visit: Visit) -> None:
    """A screen reader meets one title, no skipped level, one main part, and a name for each."""
    session = visit.page.context.new_cdp_session(visit.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    seen = [(each["role"]["value"], each) for each in nodes if not each["ignored"]]
    properties = [item for role, each in seen if role == "heading" for item in each["properties"]]
    levels = [item["value"]["value"] for item in properties if item["name"] == "level"]
    assert (levels.count(1), levels[0]) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    roles = [role for role, _ in seen]
    assert [roles.count(role) for role in ("main", "banner", "contentinfo")] == [1, 1, 1]
    named = {"link", "button", "table", "navigation", "region", "image", "DisclosureTriangle"}
    names = [(role, each["name"]["value"].strip()) for role, each in seen if role in named]
    assert [role for role, name in names if not name] == []


@pytest.mark.parametrize(
    ("name", "seen"), [(name, seen) for name in PAGES for seen in ("phone", "print", "own colours")]
)
@pytest.mark.long
def test_no_violation_elsewhere(browser: Browser, pages: Path, name: str, seen: str) -> None:
    """Nor on a phone in the dark, on paper, or in the reader's own colours without motion."""
    own: dict[str, Any] = {"forced_colors": "active", "reduced_motion": "reduce"}
    settings = {"phone": {"color_scheme": "dark"}, "print": {}, "own colours": own}[seen]
    page = opened(browser, pages / name, 360 if seen == "phone" else 1280, **settings)
    if seen == "print":
        page.emulate_media(media="print")
    else:
        page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    moving = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    violations = find_violations(page, printed=seen == "print")
    page.context.close()
    assert (violations, seen != "own colours" or moving == "auto") == ([], True)


@pytest.mark.parametrize("name", LONG)
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


def test_reflows(browser: Browser, pages: Path) -> None:
    """At 320 pixels (400 % of 1280), also with wide text spacing, nothing is lost or scrolls."""
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    for name in PAGES:
        page.goto((pages / name).as_uri())
        plain = page.evaluate("document.documentElement.scrollWidth")
        page.evaluate(SPACING)
        spaced = page.evaluate("document.documentElement.scrollWidth")
        assert (name, plain, spaced, page.evaluate(CUT_OFF)) == (name, 320, 320, [])
    page.context.close()


def test_a_table_that_fits_a_phone_stays_in_place(browser: Browser, pages: Path) -> None:
    """No button of a number reaches past the edge of its table by a few pixels."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto((pages / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    over = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(it => it.scrollWidth - it.clientWidth)"
    )
    page.context.close()
    assert (0 in over, {*over} & {*range(1, 8)}) == (True, set())


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps(browser: Browser, pages: Path, width: int) -> None:
    """While a slow phone puts the page together, nothing that is seen moves away.

    One drawing of each chart is seen then, of which no text is smaller than 10 pixels. On a phone
    a cross-table has none: its table is open instead.
    """
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(JUMPS)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto((pages / "index.html").as_uri())
    page.evaluate(DRAWN)
    jumped = page.evaluate("window.jumped")
    charts = page.evaluate(
        """[...document.querySelectorAll('figure.chart')].map(chart =>
          [...chart.querySelectorAll('.drawing svg, table')]
            .filter(it => it.checkVisibility()).length)"""
    )
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('.drawing svg')]
          .filter(svg => svg.getBoundingClientRect().width > 0)
          .flatMap(svg => [...svg.querySelectorAll('text')].map(text =>
            parseFloat(getComputedStyle(text).fontSize)
            * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""
    )
    page.context.close()
    assert jumped < 0.05
    assert set(charts) == {1}
    assert smallest >= 10


def test_a_card_is_opened_and_closed_by_key(index: Page) -> None:
    """A number's card is reached by tab, and Escape in it leads back to the number."""
    number = index.locator("button.number >> nth=0")
    number.focus()
    index.keyboard.press("Enter")
    assert index.locator(".card:popover-open").is_visible()
    index.keyboard.press("Tab")
    assert index.evaluate("document.activeElement.closest('.card') !== null")
    index.keyboard.press("Escape")
    assert index.locator(".card:popover-open").count() == 0
    assert number.evaluate("it => it === document.activeElement")


def test_arrows_lead_from_number_to_number(index: Page) -> None:
    """The numbers of a table are one stop of the tab key; arrows lead to the others, and back."""
    index.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    numbers = index.locator("[id='by_channel.table.rows'] button.number")
    assert numbers.evaluate_all("all => all.filter(it => it.tabIndex === 0).length") == 1
    numbers.nth(0).focus()
    for key, at in (("ArrowRight", 1), ("ArrowLeft", 0)):
        index.keyboard.press(key)
        assert numbers.nth(at).evaluate("it => it === document.activeElement")


def test_leaves_and_helps_by_keyboard(index: Page) -> None:
    """The way out is within the first tabs; the link to the help leads to its number."""
    first = []
    for _ in range(3):
        index.keyboard.press("Tab")
        first.append(index.evaluate("document.activeElement.className"))
    assert "leave" in first
    index.locator(".contents a[href='#help']").focus()
    index.keyboard.press("Enter")
    index.keyboard.press("Tab")
    assert index.evaluate("document.activeElement.textContent.trim()") == "Bel 1712"


def test_help_is_in_sight_on_a_phone(index: Page) -> None:
    """Each number, each address and the words about traces are seen without scrolling."""
    index.set_viewport_size({"width": 360, "height": 740})
    bottoms = index.evaluate(
        """[...document.querySelectorAll('.help a, .traces > p, .leave')]
          .map(it => it.getBoundingClientRect().bottom)"""
    )
    assert len(bottoms) == 4
    assert max(bottoms) <= 740


@pytest.fixture(scope="module")
def elsewhere(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which the target of the way out, and a page before ours, can be opened."""
    with browser.new_context() as context:
        context.route("https://**", lambda route: route.fulfill(body="<title>elsewhere</title>"))
        yield context


@pytest.mark.parametrize("name", LONG)
def test_the_way_out_leaves_no_way_back(elsewhere: BrowserContext, pages: Path, name: str) -> None:
    """By a click or by three presses of Shift: the page before ours is the one to go back to."""
    for by_key in (False, True):
        page = elsewhere.new_page()
        page.goto("https://before.example.org/")
        page.goto((pages / name).as_uri())
        if name == "index.html":
            page.click(".contents a[href='#chapter-contacts']")
        if by_key:
            for _ in range(3):
                page.keyboard.press("Shift")
        else:
            page.click(".leave")
        page.wait_for_url("https://www.example.org/")
        page.go_back()
        assert page.url == "https://before.example.org/"
        page.close()


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
