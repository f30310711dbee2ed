"""The desk as staff have it: a real server in a hand-over folder, in a real browser."""

import datetime as dt
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route

from helpline_report.build import build
from helpline_report.desk.editing import Desk
from helpline_report.desk.text_blocks import say_plainly
from helpline_report.hand_over import write_hand_over
from helpline_report.parameters.project import Project
from helpline_report.parameters.yaml import read_phrases
from helpline_report.prose.photographs import MOST_BYTES
from tests.conftest import PATIENCE, PROGRAM, run_program, wait_until
from tests.report.small_projects import (
    chapter,
    code,
    copy_small,
    opening,
    parameters,
    say_rows,
    text,
    write,
)

pytestmark = pytest.mark.slow

COUNTS = (
    'contacts = chapter.populations("contacts")\n'
    'phone = contacts.where(channel="phone")\n'
    'chapter.count("contacts.total", contacts)\n'
    'chapter.share("contacts.share.phone", phone, of=contacts)'
)
CHART = 'chapter.chart(chapter.counts("contacts.by_channel", contacts, by="channel"))'
TEXTS = "params/2017/nl/contacts.md"
MAC_OR_LINUX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that staff are given of a small edition of public rows; nobody changes it."""
    folder = tmp_path_factory.mktemp("staff")
    root = copy_small(folder / "project")
    filling = [
        text(f"part-{n}", f"## Deel {n}\n\n{'Woorden en zinnen. ' * 60}") for n in "abcdefgh"
    ]
    write(
        root,
        "01_contacts.ipynb",
        [
            text("title", "# Contacten"),
            parameters(),
            opening("contacts"),
            code("count", COUNTS),
            text("how", "Er waren {{ contacts.total | noun }}."),
            text("who", "Bel gerust met je vraag."),
            text("groups", "Dit zegt een ander register.", "when:groups.gender"),
            code("draw", CHART),
            *filling,
        ],
    )
    chapter(root, text("site", "Iedereen vindt ons."), name="method", number=2)
    say_rows(root, "public")
    # Who approves today has checked the help numbers lately.
    file = root / "params" / "help" / "1712.yaml"
    checked = re.sub(r"checked_on: \S+", f"checked_on: {dt.date.today()}", file.read_text("utf-8"))
    file.write_text(checked, encoding="utf-8")
    build(Project(root), "2017")
    write_hand_over(Project(root), "2017", folder / "2017")
    return folder / "2017"


class RunningDesk:
    """A desk that runs in a folder of its own, and what it said."""

    def __init__(self, root: Path, *before: str) -> None:
        self.root, self.texts = root, root / TEXTS
        self.process = subprocess.Popen(
            [*before, *PROGRAM, "desk", "2017"], cwd=root, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        self.address = str(re.findall(r"http://\S+", self.process.stderr.readline())[0])
        self.base = self.address.partition("/?")[0]
        self.port = int(self.base.rpartition(":")[2])
        self.cookie = ""

    def begin(self) -> str:
        """The cookie that the first address gives, once."""
        if not self.cookie:
            headers = self.ask("GET", self.address.removeprefix(self.base))[1]
            self.cookie = headers["set-cookie"].partition(";")[0]
        return self.cookie

    def ask(
        self, method: str, path: str, body: str | bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Ask for a path as it is written: the status, the headers and what came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        answered = {name.lower(): value for name, value in answer.headers.items()}
        content = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, answered, content

    def end(self) -> None:
        """End it as one ends it."""
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def desk(handed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk that many tests ask, each of a block of its own."""
    root = tmp_path_factory.mktemp("desk") / "2017"
    running = RunningDesk(Path(shutil.copytree(handed, root)))
    try:
        running.begin()
        yield running
    finally:
        running.end()


@contextmanager
def come_in(browser: Browser, desk: RunningDesk, *expected: str) -> Iterator[BrowserContext]:
    """A browser that has come in; its console says what is expected, and nothing else."""
    name, value = desk.begin().split("=", 1)
    messages: list[str] = []
    with browser.new_context(viewport={"width": 1200, "height": 700}) as context:
        context.set_default_timeout(PATIENCE * 1000)
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
    """The page of the only chapter."""
    page = context.new_page()
    page.goto(f"{desk.base}/{ui}/nl/chapter?chapter=contacts")
    return page


# Who may ask


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 403),
        ("GET", {"cookie": "helpline-desk=guessed"}, 403),
        ("GET", {"host": "example.org"}, 421),
        ("GET", {"host": "127.0.0.1"}, 421),
        ("POST", {"origin": "http://example.org"}, 403),
        ("POST", {}, 403),
    ],
)
def test_who_gets_nothing(
    desk: RunningDesk, method: str, headers: dict[str, str], status: int
) -> None:
    """No cookie or another; this machine by another name; another site, even with the cookie."""
    if method == "POST" or "host" in headers:
        headers = {"cookie": desk.begin(), **headers}
    answered, _, content = desk.ask(method, "/nl/nl/overview", "{}", **headers)
    assert answered == status
    assert "Jaarverslag" not in content


def test_nothing_is_kept_or_asked_elsewhere(desk: RunningDesk) -> None:
    """Every answer says so, and may be framed by the desk alone."""
    for path in ("/nl/nl/overview", "/nl.html", "/assets/desk.js", "/nothing"):
        headers = desk.ask("GET", path, cookie=desk.begin())[1]
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "frame-ancestors" in policy
        assert path == "/nl.html" or "default-src 'none'" in policy


@pytest.mark.parametrize(
    "path",
    [
        *("/assets/", "/assets/..%2fediting.py", "/../editing.py", "//etc/passwd", "/2016.zip"),
        *("/nl/nl/chapter?chapter=..%2f2016", "/nl/fr/overview", "/nl/nl/message", "/nl/nl/desk"),
    ],
)
def test_no_path_leads_elsewhere(desk: RunningDesk, path: str) -> None:
    """No listing, no way up, no other chapter: nothing but the few pages that there are."""
    assert desk.ask("GET", path, cookie=desk.begin())[0] == 404


def test_nothing_is_written_but_blocks_that_there_are(desk: RunningDesk) -> None:
    """A chapter or block of another name is none, a megabyte is too much for a text.

    A text that was begun with another one than stands there is refused, in plain words.
    """
    headers = {"cookie": desk.begin(), "origin": desk.base}

    def save(chapter: str, cell: str, text: str = "x") -> tuple[int, str]:
        asked = {"chapter": chapter, "cell": cell, "text": text, "version": "x", "save": True}
        status, _, content = desk.ask("POST", "/nl/nl/block", json.dumps(asked), **headers)
        return status, content

    before = sorted(desk.root.rglob("*.md"))
    names = [("contacts", "nobody"), ("../2016", "how"), ("contacts", "../../x")]
    assert [save(*each)[0] for each in names] == [404, 404, 404]
    assert save("contacts", "part-h", "x" * 1_000_001)[0] == 413
    status, content = save("contacts", "part-h")
    assert (status, json.loads(content)["what"]) == (
        409,
        "Iemand anders veranderde dit blok intussen.",
    )
    assert sorted(desk.root.rglob("*.md")) == before


def photograph() -> bytes:
    """A JPEG."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "credit", "status", "what"),
    [
        (b"no picture", "An", 409, "a.jpg"),
        (b"\xff\xd8\xff half a picture", "An", 409, "a.jpg"),
        (photograph(), " ", 409, "Er is een veld leeg."),
        (b"x" * 20_000_001, "An", 409, "te groot"),
        (b"x" * 40_000_001, "An", 413, ""),
    ],
    ids=["no picture", "half a picture", "no credit", "too large", "far too large"],
)
def test_an_upload_that_is_refused(
    desk: RunningDesk, content: bytes, credit: str, status: int, what: str
) -> None:
    """It says why, and no file stands beside the texts."""
    query = urlencode({"name": "a.jpg", "what": "Een muur", "credit": credit})
    headers = {"cookie": desk.begin(), "origin": desk.base}
    answer = desk.ask("POST", f"/nl/nl/photograph?{query}", content, **headers)
    assert answer[0] == status
    assert what in answer[2]
    assert not [*desk.root.rglob("a*.jpg")]


# How it begins and ends


def test_its_address_counts_once_and_it_ends_in_good_order(handed: Path) -> None:
    """The cookie is of this site alone, and no script reads it; Ctrl-C leaves nothing listening."""
    running = RunningDesk(handed)
    try:
        path = running.address.removeprefix(running.base)
        headers = running.ask("GET", path)[1]
        again = running.ask("GET", path)[0]
    finally:
        running.end()
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(headers["set-cookie"].split("; "))
    assert (again, running.process.returncode) == (403, 130)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE)


@MAC_OR_LINUX
def test_it_ends_with_what_started_it(handed: Path, tmp_path: Path) -> None:
    """Also in the background, where it was told to hear no signal of the terminal."""
    root = shutil.copytree(handed, tmp_path / "2017")
    program = " ".join(f"'{part}'" for part in (*PROGRAM, "desk", "2017"))
    script = f"trap '' INT HUP; {program} & echo $! >pid; wait"
    with subprocess.Popen(
        ["sh", "-c", script], cwd=root, stderr=subprocess.PIPE, text=True
    ) as shell:
        assert shell.stderr is not None
        port = int(re.findall(r"127.0.0.1:(\d+)", shell.stderr.readline())[0])
        own = int((root / "pid").read_text(encoding="ascii"))
        shell.kill()
        shell.wait()
        threading.Thread(target=shell.stderr.read, daemon=True).start()

        def ended() -> bool:
            try:
                os.kill(own, 0)
            except ProcessLookupError:
                return True
            return Path(f"/proc/{own}/stat").read_text(encoding="ascii").split()[2] == "Z"

        wait_until(ended)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_without_a_build_or_a_port_it_says_so(handed: Path, tmp_path: Path) -> None:
    """There is nothing to edit before the first build; a port that is in use has a neighbour."""
    ended = run_program(copy_small(tmp_path / "project"), "desk", "2017")
    assert (ended.returncode, "helpline-report build 2017" in ended.stderr) == (2, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run_program(handed, "desk", "2017", "--port", str(port))
    assert (ended.returncode, f"--port {port + 1}" in ended.stderr) == (2, True)


def test_a_text_that_another_register_has_instead_is_not_offered(handed: Path) -> None:
    """Nobody reads it in this edition, and its figures may not be there."""
    names = [block.name for block in Desk(Project(handed), "2017", "nl").blocks("contacts")]
    assert ("who" in names, "groups" in names) == (True, False)


# In a browser


def test_a_text_is_tried_while_one_types_and_saved_when_one_says_so(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """The paragraph beside it changes at once, the file and the page once it is saved."""
    page = open_chapter(context, desk)
    block = page.locator("[data-cell=part-a]")
    block.locator("textarea").fill("## Nieuw\n\nDat waren er {{ contacts.total }}.")
    block.get_by_text("Dat waren er 4.812.").wait_for()
    assert not desk.texts.exists()
    assert "part-a" not in page.locator("#state").inner_html()
    block.get_by_role("button", name="Bewaren").click()
    block.get_by_text("Bewaard.", exact=True).wait_for()
    assert "=== part-a ===\n## Nieuw\n\nDat waren er {{ contacts.total }}.\n" in (
        desk.texts.read_text(encoding="utf-8")
    )
    page.locator("#state .changed").wait_for()
    page.get_by_role("link", name="Bladzijde", exact=True).click()
    page.frame_locator("#page").get_by_text("Dat waren er").wait_for()


PASTED = "•\teen\u00adpunt\n•\ttwee\u200bpunt"


def test_what_a_word_processor_leaves_becomes_text(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """Its bullets make a list, and marks that nobody sees are gone."""
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
    assert area.input_value() == "- eenpunt\n- tweepunt"
    page.locator("[data-cell=part-d] .rendered li").nth(1).wait_for()


def test_a_photograph_far_too_large_is_refused_before_it_is_sent(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """In plain words; the server wouldn't read it, and couldn't say why."""
    page = open_chapter(context, desk)
    page.locator("[data-cell=part-d]").get_by_role("button", name="Foto invoegen").click()
    large = {"name": "x.png", "mimeType": "image/png", "buffer": bytes(MOST_BYTES + 1)}
    page.get_by_label("Foto (JPEG of PNG)").set_input_files(large)
    page.get_by_label("Wat is er te zien?").fill("Een muur")
    page.get_by_label("Wie maakte de foto?").fill("An Peeters")
    page.get_by_role("button", name="Voeg de foto in").click()
    page.get_by_text("De foto is te groot.").wait_for()
    assert page.get_by_role("dialog").is_visible()


def test_a_photograph_that_the_server_does_not_take_is_told_so(
    browser: Browser, desk: RunningDesk
) -> None:
    """By the message of a photograph, not by that of a text."""
    with come_in(browser, desk, "status of 413") as context:
        page = open_chapter(context, desk)
        page.route("**/photograph?**", lambda route: route.fulfill(status=413))
        page.locator("[data-cell=part-d]").get_by_role("button", name="Foto invoegen").click()
        picture = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        page.get_by_label("Foto (JPEG of PNG)").set_input_files(picture)
        page.get_by_label("Wat is er te zien?").fill("Een muur")
        page.get_by_label("Wie maakte de foto?").fill("An Peeters")
        page.get_by_role("button", name="Voeg de foto in").click()
        page.get_by_text("De foto is te groot.").wait_for()
        assert page.get_by_text("te lang om te bewaren").count() == 0


def test_what_is_wrong_stands_beside_its_block(context: BrowserContext, desk: RunningDesk) -> None:
    """In plain words, while the last good page stands where it was being read."""
    page = open_chapter(context, desk)
    tab = context.new_page()
    tab.goto(f"{desk.base}/nl/nl/page")
    heading = tab.frame_locator("#page").get_by_role("heading", name="Deel g")
    heading.evaluate("element => element.scrollIntoView({behavior: 'instant'})")
    before = heading.bounding_box()
    block = page.locator("[data-cell=part-b]")
    block.locator("textarea").fill("Er waren 4.812 gesprekken.")
    wrong = block.locator(".wrong")
    wrong.get_by_text("'4.812' is een getal dat getypt is.").wait_for()
    assert block.locator(".rendered").inner_text().startswith("Deel b")
    page.keyboard.press("Control+s")
    page.locator("#state .to_mend").wait_for()
    assert "De laatste goede bladzijde blijft staan." in page.locator("#state").inner_text()
    wrong.get_by_role("button", name="4.812").first.click()
    block.get_by_text("Er waren 4.812 gesprekken.").wait_for()
    page.keyboard.press("Control+s")
    page.locator("#state .to_mend").wait_for(state="detached")
    tab.evaluate("renew()")
    tab.frame_locator("#page").get_by_text("gesprekken.").wait_for(state="attached")
    after = heading.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2


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


def change(page: Page, cell: str, text: str) -> Locator:
    """A block whose text somebody changed, and didn't save."""
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


@pytest.mark.parametrize("lost", ["server", "cookie"])
def test_a_desk_that_ended_leaves_the_text_and_says_what_to_do(
    browser: Browser, handed: Path, tmp_path: Path, lost: str
) -> None:
    """In plain words, whether it ended or another one took its place."""
    running = RunningDesk(Path(shutil.copytree(handed, tmp_path / "2017")))
    try:
        with browser.new_context() as context:
            context.set_default_timeout(PATIENCE * 1000)
            page = context.new_page()
            page.goto(running.address)
            page.goto(f"{running.base}/nl/nl/chapter?chapter=contacts")
            block = change(page, "part-e", "Wat ik nog niet bewaarde.")
            block.locator(".rendered").get_by_text("Wat ik nog niet").wait_for()
            if lost == "cookie":
                context.clear_cookies()
            else:
                running.end()
            block.get_by_role("button", name="Bewaren").click()
            said = {"server": "antwoordt niet meer", "cookie": "intussen opnieuw begonnen"}[lost]
            block.get_by_text(said).wait_for()
            assert block.locator("textarea").input_value() == "Wat ik nog niet bewaarde."
            assert page.locator(".unsaved").count() == 1
    finally:
        running.end()


def test_two_tabs_and_an_editor_never_write_over_each_other(
    browser: Browser, desk: RunningDesk
) -> None:
    """Who saves second is told, keeps the text, and saves it once the page was loaded again."""
    with come_in(browser, desk, "status of 409") as context:
        first, second = open_chapter(context, desk), open_chapter(context, desk)
        mine = change(first, "part-f", "Van het eerste tabblad.")
        yours = change(second, "part-f", "Van het tweede tabblad.")
        mine.get_by_role("button", name="Bewaren").click()
        mine.get_by_text("Bewaard.", exact=True).wait_for()
        yours.get_by_role("button", name="Bewaren").click()
        yours.get_by_text("Iemand anders veranderde dit blok intussen.").wait_for()
        assert yours.locator("textarea").input_value() == "Van het tweede tabblad."
        text = desk.texts.read_text(encoding="utf-8")
        assert ("Van het eerste tabblad." in text, "Van het tweede" in text) == (True, False)
        desk.texts.write_text(text.replace("het eerste tabblad", "een ander programma"), "utf-8")
        mine.locator("textarea").fill("Nog eens van het eerste.")
        mine.get_by_role("button", name="Bewaren").click()
        mine.get_by_text("Iemand anders veranderde dit blok intussen.").wait_for()
        assert "Van een ander programma." in desk.texts.read_text(encoding="utf-8")


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
    block.get_by_role("button", name="Bewaren").click()
    block.get_by_text("Bewaard.", exact=True).wait_for()
    assert "Eerst dit. Dan dat." in desk.texts.read_text(encoding="utf-8")


def test_what_is_typed_while_the_standard_text_comes_back_stays(
    context: BrowserContext, desk: RunningDesk
) -> None:
    """And isn't saved yet, however soon it is typed before the answer."""
    page = open_chapter(context, desk)
    block = change(page, "part-g", "Een eigen tekst.")
    block.get_by_role("button", name="Bewaren").click()
    block.get_by_text("Bewaard.", exact=True).wait_for()
    saves = hold_first_save(page)
    block.get_by_role("button", name="Terug").click()
    wait_until(lambda: (page.title(), len(saves))[1] == 1)
    block.locator("textarea").fill("Toch iets anders.")
    with page.expect_response("**/block"):
        saves[0].continue_()
    block.locator(".rendered").get_by_text("Toch iets anders.").wait_for()
    assert block.locator("textarea").input_value() == "Toch iets anders."
    assert block.get_by_text("Nog niet bewaard.").is_visible()
    assert page.locator(".unsaved").count() == 1
    assert "=== part-g ===" not in desk.texts.read_text(encoding="utf-8")
    block.get_by_role("button", name="Bewaren").click()
    block.get_by_text("Bewaard.", exact=True).wait_for()


def test_a_text_that_is_far_too_long_is_told_so(browser: Browser, desk: RunningDesk) -> None:
    """A long one is tried as any other; one of a megabyte isn't, and stays where it is."""
    with come_in(browser, desk, "status of 413") as context:
        page = open_chapter(context, desk)
        block = change(page, "part-h", "Een zin van een lange tekst. " * 3_000)
        block.locator(".rendered").get_by_text("Een zin van een lange tekst.").wait_for()
        change(page, "part-h", "x" * 1_000_001).get_by_role("button", name="Bewaren").click()
        block.get_by_text("te lang om te bewaren").wait_for()
        assert len(block.locator("textarea").input_value()) == 1_000_001


def test_two_desks_are_open_in_one_browser(desk: RunningDesk, handed: Path, tmp_path: Path) -> None:
    """A browser gives a cookie to every port of a machine: each desk has its own name for it."""
    other = RunningDesk(Path(shutil.copytree(handed, tmp_path / "2017")))
    try:
        both = f"{desk.begin()}; {other.begin()}"
        assert desk.ask("GET", "/nl/nl/overview", cookie=both)[0] == 200
        assert other.ask("GET", "/nl/nl/overview", cookie=both)[0] == 200
        assert desk.begin().partition("=")[0] != other.begin().partition("=")[0]
    finally:
        other.end()


def test_what_staff_make_is_a_package_that_works(  # noqa: PLR0915 - one walk from end to end
    browser: Browser, handed: Path, tmp_path: Path
) -> None:
    """Three chapters, a photograph, a quotation, a footnote and a chart's title; served alone.

    What changed stands sentence by sentence before it is approved, the name in the report.
    """
    running = RunningDesk(Path(shutil.copytree(handed, tmp_path / "2017")))
    try:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(running.address)

        def open_block(name: str, cell: str) -> Locator:
            page.goto(f"{running.base}/nl/nl/chapter?chapter={name}")
            return page.locator(f"[data-cell='{cell}']")

        def save(block: Locator) -> None:
            block.get_by_role("button", name="Bewaren").click()
            block.get_by_text("Bewaard.", exact=True).wait_for()

        block = open_block("foreword", "foreword")
        block.locator("textarea").fill("# Een woord vooraf\n\nDank je wel.")
        block.get_by_role("button", name="Foto invoegen").click()
        page.get_by_label("Foto (JPEG of PNG)").set_input_files(
            {"name": "Ons bureau!.JPG", "mimeType": "image/jpeg", "buffer": photograph()}
        )
        page.get_by_label("Wat is er te zien?").fill("Een [groene] muur")
        page.get_by_label("Wie maakte de foto?").fill("An Peeters")
        page.get_by_role("button", name="Voeg de foto in").click()
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


class SilentHandler(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def check_served(browser: Browser, folder: Path) -> None:
    """No page of a folder that is served has a link to nothing, or asks another server."""
    handler = partial(SilentHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        asked: list[str] = []
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        answer = tab.goto(f"{base}2017/index.html")
        assert answer is not None
        assert answer.ok
        for words in ("Een woord vooraf", "Wat iemand zei.", "Zo bereikt men ons", "voetnoot zegt"):
            assert words in tab.content()
        assert tab.locator("img[alt='Een (groene) muur']").count() == 1
        tab.close()
        server.shutdown()
    assert [url for url in asked if not url.startswith((base, "data:"))] == []
    for path in folder.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"]+)"', path.read_text("utf-8")):
            file, _, anchor = unquote(unescape(link)).partition("#")
            if ":" not in file:
                target = path.parent / file if file else path
                assert target.exists(), f"{path.name}: {link}"
                if anchor and target.suffix == ".html":
                    assert f'id="{anchor}"' in target.read_text("utf-8"), link


@pytest.mark.parametrize(("ui", "scheme"), [("nl", "light"), ("en", "dark")])
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
    messages = [[each["if"] for each in phrases["complaints"]] for phrases in (dutch, english)]
    assert messages[0] == messages[1]


WRONG = (
    *("Het waren er 62.", "Bijna 63 %.", "{{ contacts.totaal }}", "{{ fact.nothing }}"),
    *("{{ contacts.total | interval }}", "{{ contacts.total | nonsense }}", "{{ a b }}", "{{ a"),
    *("{{ contacts.total }} slachtoffers", "<b>x</b>", "[x](ftp://x)", "    code", "---"),
    *("1.000 en {{ contacts.share.phone }} van de oproepen", "![x](x.jpg)", "Een zin.[^1]"),
    *("2. Twee", "[x](<bron:>)", "[x](#chapter-nothing)", "[^1]: Een noot."),
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
