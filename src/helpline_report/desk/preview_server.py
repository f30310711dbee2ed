"""Serve the page of an edition to a browser on this machine, and anew at every change."""

from __future__ import annotations

import json
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from helpline_report.desk.cheat_sheet import cheat_sheet
from helpline_report.desk.page_maker import PageMaker, PreviewPage, Trouble, wait_for_change
from helpline_report.errors import UserError
from helpline_report.parameters.project import Project
from helpline_report.report.house import variables
from helpline_report.report.publication import Publication

ADDRESS = "127.0.0.1"
ASSETS = Path(__file__).parent / "assets"
HEARTBEAT = 15.0

# The published page says of itself that it may load nothing; this goes for the frame around it.
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ELSEWHERE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Not in the preview</title>
<p>This isn't in the preview, which holds the page alone. The PDF, the data and the audit are made
by <code>helpline-report publish</code>.</p>
<p><a href="/page.html">Back to the page</a></p></html>
"""
NOTHING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>No page yet</title><p>There is no page yet: first mend what stands beside it.</p></html>
"""
NAMED = 3

Tell = Callable[[str], None]


def serve_preview(
    project: Project,
    edition: str,
    overrides: Sequence[str] = (),
    *,
    port: int,
    browse: bool = False,
    tell: Tell = lambda line: None,
) -> None:
    """Serve the page of an edition until somebody ends it, and make it again at every change.

    Nothing is written, and no export is read.

    Raises:
        ParametersError: there is no such edition, or it was never built.
        UserError: the port can't be used.
    """
    project.edition(edition, overrides)
    maker = PageMaker(project, edition, overrides)
    maker.ready()
    board = Board()
    with PreviewServer(board, port, tell) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            tell(f"preview of {edition}: {server.address} (Ctrl-C ends it)")
            if browse:
                webbrowser.open(server.address)
            follow(maker, board, tell)
        finally:
            server.shutdown()


def follow(maker: PageMaker, board: Board, tell: Tell) -> None:
    """Make the page now, and again at every change, for ever."""
    stamps, names = maker.stamps(), "page"
    while True:
        started = time.perf_counter()
        page = maker.make()
        board.put(page)
        count = len(page.troubles)
        things = f"{count} thing{'s' if count > 1 else ''} to mend, see the page"
        seconds = time.perf_counter() - started
        tell(f"  {names}: {things if count else 'up to date'} ({seconds:.1f} s)")
        before, stamps = stamps, wait_for_change(maker.stamps, stamps)
        paths = sorted(
            path for path in before.keys() | stamps if before.get(path) != stamps.get(path)
        )
        more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
        names = ", ".join(path.name for path in paths[:NAMED]) + more


class Board:
    """The last good page, what is wrong since, and how often either changed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._page = NOTHING
        self._publication: Publication | None = None
        self._troubles: tuple[Trouble, ...] = ()
        self._version = 0

    @property
    def page(self) -> str:
        """The last good page."""
        return self._page

    @property
    def publication(self) -> Publication | None:
        """What the last good page was made from."""
        return self._publication

    def put(self, page: PreviewPage) -> None:
        """Show what came of the last change: another page, or the last good one and its faults."""
        with self._changed:
            if not page.troubles:
                self._page, self._publication = page.page, page.publication
            self._troubles = page.troubles
            self._version += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> tuple[int, str] | None:
        """The next version after one that was seen, and what to tell of it; None if none comes."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._version > seen, seconds):
                return None
            troubles = [
                {"where": item.where, "what": item.what, "next": item.next_step}
                for item in self._troubles
            ]
            return self._version, json.dumps({"version": self._version, "troubles": troubles})


class PreviewServer(ThreadingHTTPServer):
    """Serves a board on the loopback address; a thread a request, none of which outlives it."""

    daemon_threads = True
    # On Windows this would let two programs have one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, board: Board, port: int, tell: Tell) -> None:
        self._tell = tell
        try:
            super().__init__((ADDRESS, port), partial(_Handler, board))
        except OSError as error:
            raise UserError(
                f"port {port} can't be used ({error.strerror})",
                next_step=f"name another one, --port {port + 1}; or 0, for any that is free",
            ) from None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that a request may call it by: another site's name may lead here too."""
        return (f"{ADDRESS}:{self.server_port}", f"localhost:{self.server_port}")

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - theirs
        """A browser that has gone away is no error; of any other one its class is told."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            self._tell(f"  a request failed: {type(error).__name__}")


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    server_version = "helpline-report"
    sys_version = ""
    timeout = 60

    def __init__(self, board: Board, *arguments: Any) -> None:
        self._board = board
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer with one of the pages that there are; no path leads to a file."""
        if self.headers.get("Host") not in self.server.hosts:
            self._send("this server answers to this machine alone\n", "text/plain", refused=True)
            return
        path = self.path.partition("?")[0]
        pages: Mapping[str, Callable[[], None]] = {
            "/": partial(self._asset, "frame.html", "text/html"),
            "/frame.js": partial(self._asset, "frame.js", "text/javascript"),
            "/frame.css": partial(self._asset, "frame.css", "text/css"),
            "/tokens.css": self._tokens,
            "/page.html": lambda: self._send(self._board.page, "text/html"),
            "/cheat-sheet.html": self._cheat_sheet,
            "/events": self._events,
        }
        pages.get(path, self._nothing)()

    def _asset(self, name: str, kind: str) -> None:
        policy = FRAME_POLICY if kind == "text/html" else ""
        self._send((ASSETS / name).read_text(encoding="utf-8"), kind, policy=policy)

    def _tokens(self) -> None:
        publication = self._board.publication
        self._send(variables(publication) if publication else "", "text/css")

    def _cheat_sheet(self) -> None:
        publication = self._board.publication
        self._send(cheat_sheet(publication) if publication else self._board.page, "text/html")

    def _nothing(self) -> None:
        self._send(ELSEWHERE, "text/html", status=HTTPStatus.NOT_FOUND)

    def _events(self) -> None:
        """Tell of each new version until the browser goes away."""
        self._head(HTTPStatus.OK, "text/event-stream")
        seen = 0
        while True:
            news = self._board.wait(seen, HEARTBEAT)
            seen = news[0] if news else seen
            self.wfile.write(f"data: {news[1]}\n\n".encode() if news else b": still here\n\n")
            self.wfile.flush()

    def _send(
        self,
        text: str,
        kind: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        policy: str = "",
        refused: bool = False,
    ) -> None:
        body = text.encode()
        more = {"Content-Length": str(len(body))}
        more |= {"Content-Security-Policy": policy} if policy else {"X-Frame-Options": "SAMEORIGIN"}
        self._head(HTTPStatus.MISDIRECTED_REQUEST if refused else status, kind, more)
        self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, more: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        for name, value in {**ALWAYS, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is called
        """Keep quiet: the terminal has a line for each change, and none for each request."""
