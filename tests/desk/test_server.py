"""The server of the desk: who may ask, what it keeps, and how it begins and ends."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest

from helpline_report.desk.editing import Desk, version_of
from helpline_report.errors import RefusedError
from helpline_report.parameters.project import Project
from tests.conftest import PATIENCE, PROGRAM, run_command, wait_until
from tests.desk.conftest import RunningDesk, photograph
from tests.present import present
from tests.report.small_projects import copy_small, fingerprint

pytestmark = pytest.mark.slow

MAC_OR_LINUX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


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

    before = fingerprint(desk.root)
    names = [("contacts", "nobody"), ("../2016", "how"), ("contacts", "../../x")]
    assert [save(*each)[0] for each in names] == [404, 404, 404]
    assert save("contacts", "part-h", "x" * 1_000_001)[0] == 413
    status, content = save("contacts", "part-h")
    assert (status, json.loads(content)["what"]) == (
        409,
        "Iemand anders veranderde dit blok intussen.",
    )
    assert fingerprint(desk.root) == before


def test_a_text_never_begins_another_block(handed: Path) -> None:
    """It would be lost to its own block, and nobody could take it out again at the desk."""
    desk = Desk(Project(handed), "2017", "nl")
    block = desk.block("contacts", "how", None)
    with pytest.raises(RefusedError, match="a line that begins with '==' would begin another"):
        desk.save("contacts", "how", "Een.\n=== part-b ===\nTwee.", version_of(block.text))
    assert desk.file("contacts").texts() == {}


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


def test_a_package_of_a_draft_is_called_one(desk: RunningDesk) -> None:
    """Whoever packs a correction sees that nobody approved it."""
    headers = {"cookie": desk.begin(), "origin": desk.base}
    assert "Het is een ontwerp" in desk.ask("POST", "/nl/nl/package", "{}", **headers)[2]


# How it begins and ends


def test_its_address_counts_once_and_it_ends_in_good_order(handed: Path, desk: RunningDesk) -> None:
    """The cookie is of this site alone, and no script reads it; Ctrl-C leaves nothing listening.

    A browser gives a cookie to every port of a machine: each desk has its own name for it.
    """
    running = RunningDesk(handed)
    try:
        path = running.address.removeprefix(running.base)
        headers = running.ask("GET", path)[1]
        again = running.ask("GET", path)[0]
        cookie, *about = headers["set-cookie"].split("; ")
        both = f"{desk.begin()}; {cookie}"
        with_both = [each.ask("GET", "/nl/nl/overview", cookie=both)[0] for each in (desk, running)]
    finally:
        running.end()
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(about)
    assert (again, with_both, running.process.returncode) == (403, [200, 200], 130)
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
        port = int(re.findall(r"127.0.0.1:(\d+)", present(shell.stderr).readline())[0])
        own = int((root / "pid").read_text(encoding="ascii"))
        shell.kill()
        shell.wait()
        threading.Thread(target=present(shell.stderr).read, daemon=True).start()

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
    code, lines = run_command(copy_small(tmp_path / "project"), "desk", "2017")
    assert (code, "helpline-report build 2017" in lines) == (2, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, lines = run_command(handed, "desk", "2017", "--port", str(port))
    assert (code, f"--port {port + 1}" in lines) == (2, True)


def test_a_text_that_another_register_has_instead_is_not_offered(handed: Path) -> None:
    """Nobody reads it in this edition, and its figures may not be there."""
    names = [block.name for block in Desk(Project(handed), "2017", "nl").blocks("contacts")]
    assert ("who" in names, "groups" in names) == (True, False)
