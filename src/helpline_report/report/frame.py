"""Make what every page of an edition has: its head, and the way out with its script."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup, escape

from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import colours

SCRIPT = (Path(__file__).parent / "assets" / "page.js").read_text(encoding="utf-8")
# This one script runs, and nothing is loaded. It never connects: `connect-src` lets a checker of
# pages ask for robots.txt.
POLICY = (
    "default-src 'none'; connect-src 'self'; script-src 'sha256-{hash}'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="{main}"/>'
    '<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="bold" '
    'font-size="20" fill="{on_main}">{letter}</text></svg>'
)


@dataclass(frozen=True)
class Frame:
    """The parts of a page that are the same on each; `hidden` is it from search engines.

    `leave` is where the way out leads, which the helpline chooses.
    """

    policy: str
    hidden: bool
    icon: str
    leave: str
    leave_text: str
    leave_key: str
    script: Markup


def frame_of(words: EditionWords, *, hidden: bool | None = None) -> Frame:
    """What every page of a publication has; a page may be hidden though its edition isn't."""
    publication, light = words.publication, colours(words.publication).light
    icon = ICON.format(
        main=light["main"],
        on_main=light["on-main"],
        letter=escape(publication.edition.helpline.name[:1]),
    )
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode("ascii")
    return Frame(
        policy=POLICY.format(hash=digest),
        hidden=publication.draft if hidden is None else hidden,
        icon=f"data:image/svg+xml;base64,{b64encode(icon.encode()).decode('ascii')}",
        leave=publication.help.leave,
        leave_text=words.say("page.leave"),
        leave_key=words.say("page.leave_key"),
        script=Markup(SCRIPT),
    )
