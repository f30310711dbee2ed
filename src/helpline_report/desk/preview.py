"""A preview that follows: each change of a text makes the page again and shows it."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from helpline_report.desk.board import Board
from helpline_report.desk.page_maker import Made, PageMaker
from helpline_report.desk.server import PreviewServer
from helpline_report.desk.watching import changed, stamps, wait_for_change
from helpline_report.parameters.project import Project

Tell = Callable[[str], None]
NAMED = 3


def preview(
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
    seen = stamps(maker.watched())
    names = "page"
    while True:
        started = time.perf_counter()
        made = maker.make()
        board.put(made)
        tell(f"  {names}: {outcome(made)} ({time.perf_counter() - started:.1f} s)")
        before = seen
        seen = wait_for_change(lambda: stamps(maker.watched()), before)
        names = _names(changed(before, seen))


def outcome(made: Made) -> str:
    """How it went, in a few words."""
    count = len(made.troubles)
    if not count:
        return "up to date"
    return f"{count} thing{'s' if count > 1 else ''} to mend, see the page"


def _names(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(path.name for path in paths[:NAMED]) + more
