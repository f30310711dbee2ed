"""The preview as staff have it: a real server, real files that change, a real browser."""

from __future__ import annotations

import ctypes
import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from helpline_report.desk.page_maker import PreviewPage, Trouble
from helpline_report.desk.preview_server import Board, PreviewServer
from helpline_report.errors import UserError
from tests.conftest import PATIENCE, PROGRAM, wait_until
from tests.report.conftest import make_publication
from tests.report.small_projects import code, copy_small, opening, parameters, text, write

PR_SET_PDEATHSIG = 1

# The server alone


@pytest.fixture
def board() -> Board:
    """A board with a page on it."""
    board = Board()
    board.put(PreviewPage("<p>een bladzijde</p>", make_publication()))
    return board


@pytest.fixture
def server(board: Board) -> Iterator[PreviewServer]:
    """A server of that board, on a port that is free."""
    with PreviewServer(board, 0, lambda line: None) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: PreviewServer, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Ask for a path as it is written, without a library that would tidy it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = (answer.status, dict(answer.headers.items()), answer.read().decode())
    connection.close()
    return found


@pytest.mark.parametrize("path", ["/", "/page.html", "/frame.js", "/cheat-sheet.html"])
def test_nothing_is_kept_by_the_browser(server: PreviewServer, path: str) -> None:
    """What is shown is never a page of before; nothing is put into the page that is published."""
    status, headers, content = ask(server, path)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    if path == "/page.html":
        assert content == "<p>een bladzijde</p>"


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "127.0.0.1.example.org:80", ""])
def test_another_name_is_refused(server: PreviewServer, host: str) -> None:
    """Another site's name may be made to lead to this machine: it gets nothing to read."""
    status, _, said = ask(server, "/page.html", Host=host)
    assert (status, said) == (421, "this server answers to this machine alone\n")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_it_answers_on_this_machine_alone(server: PreviewServer, name: str) -> None:
    """On the loopback address, by its number or as localhost, with its port."""
    assert server.server_address[0] == "127.0.0.1"
    assert ask(server, "/", Host=f"{name}:{server.server_port}")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/../page_maker.py",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/frame.html",
        "/audit/index.html",
    ],
)
def test_no_path_leads_to_a_file(server: PreviewServer, path: str) -> None:
    """No listing, no way up, nothing but the few pages that there are; a reader is told why."""
    status, _, said = ask(server, path)
    assert status == 404
    assert "This isn't in the preview" in said


def test_no_site_may_frame_it(server: PreviewServer) -> None:
    """Neither the frame nor the page can be put into another site's page."""
    assert "frame-ancestors 'none'" in ask(server, "/")[1]["Content-Security-Policy"]
    assert ask(server, "/page.html")[1]["X-Frame-Options"] == "SAMEORIGIN"


def test_a_port_in_use_is_told(server: PreviewServer) -> None:
    """With the next one to try."""
    port = server.server_port
    with pytest.raises(UserError) as refused:
        PreviewServer(Board(), port, lambda line: None)
    assert str(refused.value) == (
        f"port {port} can't be used (Address already in use)\n"
        f"  → name another one, --port {port + 1}; or 0, for any that is free"
    )


def test_faults_are_told_beside_the_last_good_page(board: Board, server: PreviewServer) -> None:
    """The page stays, and who listens hears what is wrong."""
    board.put(PreviewPage(troubles=(Trouble("a.md, line 3", "'62' is a number", "call it"),)))
    connection = socket.create_connection(("127.0.0.1", server.server_port), timeout=PATIENCE)
    with connection, connection.makefile("rw", encoding="utf-8", newline="") as stream:
        host = f"127.0.0.1:{server.server_port}"
        stream.write(f"GET /events HTTP/1.0\r\nHost: {host}\r\n\r\n")
        stream.flush()
        told = next(line for line in stream if line.startswith("data: "))
    assert json.loads(told.removeprefix("data: ")) == {
        "version": 2,
        "troubles": [{"where": "a.md, line 3", "what": "'62' is a number", "next": "call it"}],
    }
    assert ask(server, "/page.html")[2] == "<p>een bladzijde</p>"


# The command


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project of one chapter, built once."""
    root = copy_small(tmp_path_factory.mktemp("editing") / "project")
    long = "\n\n".join(
        f"## Deel {'abcdefghij'[n]}\n\n{'Woorden en zinnen. ' * 60}" for n in range(8)
    )
    write(
        root,
        "01_contacts.ipynb",
        [
            text("title", "# Contacten"),
            parameters(),
            opening("contacts"),
            code("count", 'chapter.count("contacts.total", chapter.populations("contacts"))'),
            text("how", "Er waren {{ contacts.total | noun }}."),
            text("long", long),
        ],
    )
    subprocess.run([*PROGRAM, "build", "2017"], cwd=root, check=True, capture_output=True)
    return root


def end_with_parent() -> None:
    """Let a process that is about to begin end with this one, however this one ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Running:
    """A preview that runs, and the lines it told so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.texts = root / "params" / "2017" / "nl" / "contacts.md"
        self.process = subprocess.Popen(
            [*PROGRAM, "preview", "2017", "--port", "0"],
            cwd=root,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - it takes no lock
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @property
    def address(self) -> str:
        """Where it serves."""
        return str(re.findall(r"http://\S+", self.told(1)[0])[0])

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            for line in stream:
                self.lines.append(line.rstrip())

    def told(self, count: int) -> list[str]:
        """So many lines, waited for."""
        wait_until(lambda: len(self.lines) >= count)
        return [re.sub(r" \(\d+\.\d s\)$", "", line) for line in self.lines]

    def write(self, how: str) -> None:
        """Save a text as staff would."""
        self.texts.parent.mkdir(parents=True, exist_ok=True)
        self.texts.write_text(f"=== how ===\n{how}\n", encoding="utf-8")


@pytest.fixture
def running(built: Path, tmp_path: Path) -> Iterator[Running]:
    """A preview of a copy of the built project; it is ended as one ends it, by Ctrl-C."""
    root = tmp_path / "project"
    shutil.copytree(built, root)
    preview = Running(root)
    try:
        yield preview
        preview.process.send_signal(signal.SIGINT)
        preview.process.wait(timeout=PATIENCE)
    finally:
        preview.process.kill()
        preview.reader.join()


@pytest.mark.slow
def test_a_change_a_mistake_and_an_end(running: Running) -> None:
    """Each change has one quiet line, a mistake too; output/ stays as it was, and Ctrl-C ends it.

    With the code of an interruption, a calm line, and nothing left that listens.
    """
    published = (running.root / "output" / "2017" / "index.html").read_bytes()
    assert running.told(2)[1] == "  page: up to date"
    running.write("Dat waren er {{ contacts.total }}.")
    assert running.told(3)[2] == "  contacts.md: up to date"
    running.write("Dat waren er 62, en {{ contacts.totaal }}.")
    assert running.told(4)[3] == "  contacts.md: 2 things to mend, see the page"
    assert (running.root / "output" / "2017" / "index.html").read_bytes() == published
    port = int(running.address.rstrip("/").rpartition(":")[2])
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=PATIENCE) == 130
    wait_until(lambda: "interrupted" in running.lines[-1])
    assert running.lines[-1] == "helpline-report: interrupted; the last edition stands"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def test_without_a_build_it_says_so(tmp_path: Path) -> None:
    """There is nothing to show before the first build."""
    root = copy_small(tmp_path / "project")
    ended = subprocess.run(
        [*PROGRAM, "preview", "2017", "--port", "0"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (
        2,
        "helpline-report: output/2017/data/ledger.json: there is no released ledger of '2017'\n"
        "  → make it from the exports: helpline-report build 2017\n",
    )


# In a browser


@pytest.mark.slow
def test_the_browser_follows(browser: Browser, running: Running) -> None:
    """A saved text is seen without a hand at the browser, at the place that was being read.

    A misspelt figure is told with the nearest name, file and line; mended, the list goes.
    """
    running.told(2)
    with browser.new_context(viewport={"width": 1200, "height": 700}) as context:
        page = context.new_page()
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.goto(running.address)
        inner = page.frame_locator("iframe:not(.coming)")
        # Not by wait_for_function: it evaluates a text, which the page's policy forbids.
        page.locator("#state", has_text="up to date").wait_for(state="attached")
        heading = inner.get_by_role("heading", name="Deel h")
        heading.evaluate("element => window.scrollTo(0, element.offsetTop - 5)")
        heading.evaluate("element => element.scrollIntoView({behavior: 'instant'})")
        before = heading.bounding_box()
        running.write("Nieuw: {{ contacts.total }}.\n\nNog een alinea.\n\nEn nog een.")
        inner.get_by_text("Nog een alinea.").wait_for(state="attached")
        after = heading.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(before["y"] - after["y"]) < 2
        running.write("Dat waren er {{ contacts.totaal }}.")
        panel = page.locator("#troubles")
        panel.wait_for(state="visible")
        lines = [line for line in panel.inner_text().splitlines() if line]
        assert lines[:4] == [
            "One thing to mend",
            "Beside it stands the last page that was right.",
            "there is no figure and no parameter 'contacts.totaal', did you mean 'contacts.total'?",
            "params/2017/nl/contacts.md, cell 'how', line 2",
        ]
        running.write("Dat waren er {{ contacts.total }}.")
        panel.wait_for(state="hidden")
        assert messages == []
