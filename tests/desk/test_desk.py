"""The desk in a real browser, as staff have it."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, FilePayload, Locator, Page, Route

from helpline_report.desk.editing import Desk, say_plainly
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import read_phrases
from tests.conftest import serve_folder, wait_until
from tests.desk.conftest import RunningDesk, photograph
from tests.present import present

pytestmark = pytest.mark.slow


@contextmanager
def come_in(browser: Browser, desk: RunningDesk, *expected: str) -> Iterator[BrowserContext]:
    """A browser that has come in; its console says what is expected, and nothing else."""
    name, value = desk.begin().split("=", 1)
    messages: list[str] = []
    with browser.new_context(viewport={"width": 1200, "height": 700}) as context:
        context.on("console", lambda message: messages.append(message.text))
        context.on("weberror", lambda error: messages.append(str(error.error)))
        context.add_cookies([{"name": name, "value": value, "url": desk.base}])
        yield context
    # The page's own script is kept out.
    known = ("frame is sandboxed", *expected)
    assert [each for each in messages if not any(words in each for words in known)] == []


@pytest.fixture
def context(browser: Browser, desk: RunningDesk) -> Iterator[BrowserContext]:
    """A browser that has come in, of which the console says nothing that is wrong."""
    with come_in(browser, desk) as context:
        yield context


def open_chapter(context: BrowserContext, desk: RunningDesk, ui: str = "nl") -> Page:
    page = context.new_page()
    page.goto(f"{desk.base}/{ui}/nl/chapter?chapter=contacts")
    return page


def test_a_text_is_tried_while_one_types_and_saved_when_one_says_so(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """The paragraph beside it changes at once, the file and the page once it is saved."""
    page = open_chapter(context, desk)
    block = page.locator("[data-cell=part-a]")
    block.locator("textarea").fill("## Nieuw\n\nDat waren er {{ contacts.total }}.")
    block.get_by_text("Dat waren er 1.203.").wait_for()
    assert not desk.texts.exists()
    assert "part-a" not in page.locator("#state").inner_html()
    save(block)
    assert "=== part-a ===\n## Nieuw\n\nDat waren er {{ contacts.total }}.\n" in (
        desk.texts.read_text(encoding="utf-8")
    )
    page.locator("#state .changed").wait_for()
    page.get_by_role("link", name="Bladzijde", exact=True).click()
    page.frame_locator("#page").get_by_text("Dat waren er").wait_for()


def test_what_no_program_judges_stands_under_its_chapter(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """As readers get the sentence, with its values; and the charts of own functions."""
    page = open_chapter(context, desk)
    block = page.locator("[data-cell=part-a]")
    block.locator("textarea").fill("## Nieuw\n\nHet steeg tot {{ contacts.total }}.")
    save(block)
    page.get_by_role("link", name="Afwerken").click()
    judged = page.locator("[aria-labelledby=claims]")
    judged.get_by_role("heading").get_by_role("link", name="Contacten").wait_for()
    assert "steeg: Het steeg tot 1.203." in judged.inner_text()
    assert "chart contacts.own: plots.bars" in judged.inner_text()


PASTED = "•\teen\u00adpunt\n•\ttwee\u200bpunt\vvan de lijst"


def test_what_a_word_processor_leaves_becomes_text(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """Its bullets make a list, its ends of lines hold, and marks that nobody sees are gone."""
    page = open_chapter(context, desk)
    area = page.locator("[data-cell=part-d] textarea")
    area.fill("")
    area.evaluate(
        """(element, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const how = { clipboardData, bubbles: true, cancelable: true };
            element.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        PASTED,
    )
    assert area.input_value() == "- eenpunt\n- tweepunt\nvan de lijst"
    page.locator("[data-cell=part-d] .rendered li").nth(1).wait_for()


def test_what_is_wrong_stands_beside_its_block(context: BrowserContext, desk: RunningDesk) -> None:
    """In plain words, while the last good page stands where it was being read."""
    page = open_chapter(context, desk)
    tab = context.new_page()
    tab.goto(f"{desk.base}/nl/nl/page")
    heading = tab.frame_locator("#page").get_by_role("heading", name="Deel g")
    heading.evaluate("element => element.scrollIntoView({behavior: 'instant'})")

    def height() -> int:
        return int(heading.evaluate("element => element.getBoundingClientRect().y"))

    before = height()
    block = page.locator("[data-cell=part-b]")
    block.locator("textarea").fill("Er waren 1.203 gesprekken.")
    wrong = block.locator(".wrong")
    wrong.get_by_text("'1.203' is een getal dat getypt is.").wait_for()
    assert block.locator(".rendered").inner_text().startswith("Deel b")
    page.keyboard.press("Control+s")
    page.locator("#state .to_mend").wait_for()
    assert "De laatste goede bladzijde blijft staan." in page.locator("#state").inner_text()
    wrong.get_by_role("button", name="1.203").first.click()
    block.get_by_text("Er waren 1.203 gesprekken.").wait_for()
    page.keyboard.press("Control+s")
    page.locator("#state .to_mend").wait_for(state="detached")
    tab.evaluate("renew()")
    tab.frame_locator("#page").get_by_text("gesprekken.").wait_for(state="attached")
    wait_until(lambda: abs(height() - before) < 2)


def test_a_figure_is_chosen_by_keyboard_alone(context: BrowserContext, desk: RunningDesk) -> None:
    """From the text to the picker, through what it says, and back behind the caret; then saved."""
    page = open_chapter(context, desk)
    area = page.locator("[data-cell=who] textarea")
    area.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Ruim ")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("contactnames telefoon")
    page.locator("#names button", has_text="86 %").first.wait_for()
    for _ in range(50):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.source") == "{{ contacts.share.phone }}":
            break
    page.keyboard.press("Enter")
    assert area.input_value() == "Bel gerust met je vraag. Ruim {{ contacts.share.phone }}"
    assert page.evaluate("document.activeElement.id") == "text-who"
    # A placeholder is a unit: nothing is typed into it, and one key takes all of it.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("x")
    assert area.input_value() == "Bel gerust met je vraag. Ruim {{ contacts.share.phone }}x"
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert area.input_value() == "Bel gerust met je vraag. Ruim "
    page.keyboard.press("Control+z")
    assert area.input_value() == "Bel gerust met je vraag. Ruim {{ contacts.share.phone }}"
    page.keyboard.press("Control+Enter")
    page.locator("[data-cell=who]").get_by_text("Bewaard.", exact=True).wait_for()
    assert "Ruim {{ contacts.share.phone }}" in desk.texts.read_text(encoding="utf-8")
    page.locator("[data-cell=who]").get_by_role("button", name="Terug").click()
    wait_until(lambda: area.input_value() == "Bel gerust met je vraag.")
    assert "=== who ===" not in desk.texts.read_text(encoding="utf-8")


def save(block: Locator) -> None:
    block.get_by_role("button", name="Bewaren").click()
    block.get_by_text("Bewaard.", exact=True).wait_for()


def insert_photograph(
    page: Page, cell: str, name: str, data: bytes, what: str = "Een muur"
) -> None:
    """Insert a photograph into a block, as far as pressing the button."""
    page.locator(f"[data-cell={cell}]").get_by_role("button", name="Foto invoegen").click()
    picture = FilePayload(name=name, mimeType="image/jpeg", buffer=data)
    page.get_by_label("Foto (JPEG of PNG)").set_input_files(picture)
    page.get_by_label("Wat is er te zien?").fill(what)
    page.get_by_label("Wie maakte de foto?").fill("An Peeters")
    page.get_by_role("button", name="Voeg de foto in").click()


def change(page: Page, cell: str, text: str) -> Locator:
    block = page.locator(f"[data-cell={cell}]")
    block.locator("textarea").fill(text)
    block.get_by_text("Nog niet bewaard.").wait_for()
    return block


def test_the_back_button_asks_first_and_loses_nothing_unseen(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """Who stays has the text; who goes back and comes again sees none that seems to be saved."""
    page = context.new_page()
    page.goto(f"{desk.base}/nl/nl/overview")
    page.goto(f"{desk.base}/nl/nl/chapter?chapter=contacts")
    block = change(page, "part-e", "Wat ik nog niet bewaarde.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("history.back()")
    wait_until(lambda: (page.title(), asked)[1] == ["beforeunload"])
    assert block.locator("textarea").input_value() == "Wat ik nog niet bewaarde."
    page.once("dialog", lambda dialog: dialog.accept())
    page.go_back()
    page.go_forward()
    text = block.locator("textarea").input_value()
    assert text.startswith("## Deel e") or block.get_by_text("Nog niet bewaard.").is_visible()


def test_a_desk_that_ended_leaves_the_text_and_says_what_to_do(
    browser: Browser, handed: Path, tmp_path: Path
) -> None:
    """In plain words, whether another one took its place or it ended."""
    running = RunningDesk(Path(shutil.copytree(handed, tmp_path / "2017")))
    try:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(running.address)
            page.goto(f"{running.base}/nl/nl/chapter?chapter=contacts")
            block = change(page, "part-e", "Wat ik nog niet bewaarde.")
            block.locator(".rendered").get_by_text("Wat ik nog niet").wait_for()
            context.clear_cookies()
            block.get_by_role("button", name="Bewaren").click()
            block.get_by_text("intussen opnieuw begonnen").wait_for()
            running.end()
            block.get_by_role("button", name="Bewaren").click()
            block.get_by_text("antwoordt niet meer").wait_for()
            assert block.locator("textarea").input_value() == "Wat ik nog niet bewaarde."
            assert page.locator(".unsaved").count() == 1
    finally:
        running.end()


def test_two_tabs_never_write_over_each_other(browser: Browser, desk: RunningDesk) -> None:
    """Who saves second is told, and keeps the text."""
    with come_in(browser, desk, "status of 409") as context:
        first, second = open_chapter(context, desk), open_chapter(context, desk)
        mine = change(first, "part-f", "Van het eerste tabblad.")
        yours = change(second, "part-f", "Van het tweede tabblad.")
        save(mine)
        yours.get_by_role("button", name="Bewaren").click()
        yours.get_by_text("Iemand anders veranderde dit blok intussen.").wait_for()
        assert yours.locator("textarea").input_value() == "Van het tweede tabblad."
        text = desk.texts.read_text(encoding="utf-8")
        assert ("Van het eerste tabblad." in text, "Van het tweede" in text) == (True, False)


def hold_first_save(page: Page) -> list[Route]:
    """The requests that save a text; the first waits until the test lets it go on."""
    saves: list[Route] = []

    def handle(route: Route) -> None:
        saves.append(route)
        if len(saves) > 1:
            route.continue_()

    page.route("**/block", handle)
    return saves


def test_what_is_typed_while_it_is_saved_is_not_saved_yet(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """And is nobody else's change when it is saved afterwards."""
    page = open_chapter(context, desk)
    block = change(page, "part-g", "Eerst dit.")
    block.locator(".rendered").get_by_text("Eerst dit.").wait_for()
    saves = hold_first_save(page)
    block.get_by_role("button", name="Bewaren").click()
    wait_until(lambda: (page.title(), len(saves))[1] == 1)
    block.locator("textarea").fill("Eerst dit. Dan dat.")
    saves[0].continue_()
    block.locator(".rendered").get_by_text("Dan dat.").wait_for()
    block.get_by_text("Nog niet bewaard.").wait_for()
    save(block)
    assert "Eerst dit. Dan dat." in desk.texts.read_text(encoding="utf-8")


def test_what_staff_make_is_a_package_that_works(  # noqa: PLR0915 - one walk from end to end
    browser: Browser, handed: Path, tmp_path: Path
) -> None:
    """Three chapters, a photograph, a quotation, a footnote and a chart's title; served alone.

    What changed stands sentence by sentence before it is approved, the name in the report.
    """
    running = RunningDesk(Path(shutil.copytree(handed, tmp_path / "2017")))
    try:
        page = browser.new_page()
        page.goto(running.address)

        def open_block(name: str, cell: str) -> Locator:
            page.goto(f"{running.base}/nl/nl/chapter?chapter={name}")
            return page.locator(f"[data-cell='{cell}']")

        block = open_block("foreword", "foreword")
        block.locator("textarea").fill("# Een woord vooraf\n\nDank je wel.")
        name, what = "Ons bureau!.JPG", "Een [groene] muur"
        insert_photograph(page, "foreword", name, photograph(), what)
        block.locator(".rendered img[alt='Een (groene) muur']").wait_for()
        save(block)
        block = open_block("contacts", "who")
        block.get_by_role("button", name="Citaat invoegen").click()
        block.locator(".rendered .credit").wait_for()
        save(block)
        block = open_block("contacts", "chart contacts.by_channel.chart")
        page.locator("summary").first.click()
        block.locator("textarea").fill("title: Zo bereikt men ons")
        block.locator(".rendered").get_by_text("Zo bereikt men ons").wait_for()
        save(block)
        block = open_block("method", "site")
        block.get_by_role("button", name="Voetnoot invoegen").click()
        block.locator(".rendered").get_by_text("Wat de voetnoot zegt.").wait_for()
        save(block)
        page.get_by_role("link", name="Afwerken").click()
        assert "Wat iemand zei." in page.locator("tbody").inner_text()
        page.get_by_label("Naam").fill(" ")
        page.get_by_label("Functie").fill("coördinator")
        page.get_by_role("button", name="Keur goed").click()
        page.get_by_text("Er is een veld leeg.").wait_for()
        page.get_by_label("Naam").fill("An Peeters")
        page.get_by_role("button", name="Keur goed").click()
        page.get_by_text("Goedgekeurd door An Peeters.").wait_for()
        page.get_by_role("button", name="Maak het pakket").click()
        page.get_by_text("output/2017.zip is klaar").wait_for()
        with page.expect_download() as download:
            page.get_by_role("link", name="Pakket ophalen").click()
        with zipfile.ZipFile(download.value.path()) as package:
            package.extractall(tmp_path / "site")
        page.close()
    finally:
        running.end()
    files = {path.name for path in running.texts.parent.iterdir()}
    assert files == {"foreword.md", "ons-bureau.jpg", "contacts.md", "method.md"}
    assert (running.root / "params" / "2017" / "sign-off.yaml").exists()
    report = (tmp_path / "site" / "2017" / "index.html").read_text("utf-8")
    assert "Goedgekeurd door An Peeters (coördinator)" in report
    check_served(browser, tmp_path / "site")


def check_served(browser: Browser, folder: Path) -> None:
    """No page of a folder that is served has a link to nothing, or asks another server."""
    with serve_folder(folder) as base:
        asked: list[str] = []
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        answer = tab.goto(f"{base}2017/index.html")
        assert present(answer).ok
        for words in ("Een woord vooraf", "Wat iemand zei.", "Zo bereikt men ons", "voetnoot zegt"):
            assert words in tab.content()
        assert tab.locator("img[alt='Een (groene) muur']").count() == 1
        tab.close()
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    for path in folder.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"]+)"', path.read_text("utf-8")):
            file, _, anchor = unquote(unescape(link)).partition("#")
            if ":" not in file:
                target = path.parent / file if file else path
                assert target.exists(), f"{path.name}: {link}"
                if anchor and target.suffix == ".html":
                    assert f'id="{anchor}"' in target.read_text("utf-8"), link


@pytest.mark.parametrize(
    ("ui", "scheme"), [("en", "dark"), pytest.param("nl", "light", marks=pytest.mark.long)]
)
def test_axe_finds_nothing(
    browser: Browser, desk: RunningDesk, ui: str, scheme: Literal["light", "dark"]
) -> None:
    """On each view, with the picker open too; on a phone nothing scrolls sideways."""
    name, value = desk.begin().split("=", 1)
    width = 1200 if scheme == "light" else 360
    with browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    ) as context:
        context.add_cookies([{"name": name, "value": value, "url": desk.base}])
        page = open_chapter(context, desk, ui)
        page.locator("[data-cell=part-c] textarea").fill("Het waren er 86.")
        page.locator("[data-cell=part-c] .wrong li").wait_for()
        for view in ("chapter", "picker", "overview", "finish"):
            if view == "picker":
                page.locator(".insert").first.click()
                page.locator("#query").fill("4")
                page.locator("#names li").first.wait_for()
            elif view != "chapter":
                page.evaluate(
                    "document.querySelectorAll('.unsaved').forEach(e => e.className = '')"
                )
                page.goto(f"{desk.base}/{ui}/nl/{view}")
            violations = Axe().run(page)
            assert violations.violations_count == 0, f"{view}: {violations.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width


# What it says


def test_languages_have_the_same_keys() -> None:
    """What the desk says in one language it says in the other, of the same messages."""
    dutch, english = (read_phrases("helpline_report.desk", each) for each in ("nl", "en"))
    assert dutch.keys() == english.keys()
    listed: list[Any] = [dutch["complaints"], english["complaints"]]
    messages = [[each["if"] for each in complaints] for complaints in listed]
    assert messages[0] == messages[1]


def test_a_figure_is_offered_once_for_what_it_says(handed: Path) -> None:
    """Forms that say the same are one button."""
    entries = Desk(Project(handed), "2017", "nl").entries()
    (total,) = (entry for entry in entries if entry.name == "contacts.total")
    assert len(set(total.phrases.values())) == len(total.phrases) > 1


WRONG = (
    *("Het waren er 62.", "Bijna 63 %.", "{{ contacts.totaal }}", "{{ fact.nothing }}"),
    *("{{ contacts.total | interval }}", "{{ contacts.total | nonsense }}", "{{ a b }}", "{{ a"),
    *("{{ contacts.total }} slachtoffers", "<b>x</b>", "[x](ftp://x)", "    code", "---"),
    *("1.000 en {{ contacts.share.phone }} van de oproepen", "![x](x.jpg)", "Een zin.[^1]"),
    *(
        "Een.\n=== chart ===\nTwee.",
        "2. Twee",
        "[x](<bron:>)",
        "[x](#chapter-nothing)",
        "[^1]: Een noot.",
    ),
)


def test_each_message_is_said_in_plain_words(handed: Path) -> None:
    """In Dutch too, and each with what to do."""
    desk, phrases = Desk(Project(handed), "2017", "nl"), read_phrases("helpline_report.desk", "nl")
    for wrong in WRONG:
        block = desk.block("contacts", "how", wrong)
        assert block.complaints, wrong
        for complaint in block.complaints:
            what, step = say_plainly(complaint, phrases)
            assert what != complaint.what
            assert step not in ("", complaint.next_step)
    (lost,) = desk.block("contacts", "title", "Zonder titel.").complaints
    assert "geen titel meer. Begin het blok" in " ".join(say_plainly(lost, phrases))
    assert say_plainly(lost, phrases)[1].endswith("# De titel.")
