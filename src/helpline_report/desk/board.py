"""What the preview shows at the moment, and word to those who wait for the next."""

from __future__ import annotations

import json
from threading import Condition

from helpline_report.desk.page_maker import Made, Trouble
from helpline_report.report.publication import Publication

NOTHING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>No page yet</title><p>There is no page yet: first mend what stands beside it.</p></html>
"""


class Board:
    """The last good page, what is wrong since, and how often either changed."""

    def __init__(self) -> None:
        self._changed = Condition()
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

    def put(self, made: Made) -> None:
        """Show what came of the last change: another page, or the last good one and its faults."""
        with self._changed:
            if not made.troubles:
                self._page, self._publication = made.page, made.publication
            self._troubles = made.troubles
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
