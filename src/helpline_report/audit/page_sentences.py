"""Read the sentences of a published page, each with its anchor and the figures in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import NamedTuple

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption")
# What is compared as figures, or says where something stands.
SKIPPED = ("svg", "thead", "tbody", "nav", "aside", "summary")
SKIPPED_CLASSES = {"unseen", "highlights", "files", "past"}
VOID = ("img", "br", "hr", "wbr", "meta", "link", "input", "col", "source")
ANCHORS = ("section", "figure", "div", *BLOCKS)
# Stands before and after the id of a figure, which pages can't hold.
MARK = "\0"
END = re.compile(r"(?<=[.!?])[ \n]+(?=\0|[\"'‘“(]?[A-ZÀ-Þ0-9])")
FIGURE = re.compile(f"{MARK}(.*?){MARK}")


class Sentence(NamedTuple):
    """A sentence, where it stands, and the figures whose values are in it."""

    chapter: str
    anchor: str
    text: str
    figures: tuple[str, ...] = ()


def read_sentences(page: str) -> Sequence[Sentence]:
    """The sentences of the main part of a page in their order; captions are sentences too."""
    reader = _Reader()
    reader.feed(page.partition("<main")[2].partition("</main>")[0])
    reader.finish_block()
    return reader.sentences


class _Reader(HTMLParser):
    """Keeps the open elements (each with whether it is skipped), and the text of the block."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[Sentence] = []
        self.chapter = self.anchor = "title"
        self.open: list[tuple[str, bool]] = []
        self.text = ""

    @property
    def skips(self) -> bool:
        """Whether what is read now is left out."""
        return not self.open or self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, follow the anchors, and note a figure."""
        attributes = {name: value or "" for name, value in attrs}
        if tag in VOID:
            self.handle_data(" " if tag == "br" else "")
            return
        skipped = tag in SKIPPED or bool(SKIPPED_CLASSES & {*attributes.get("class", "").split()})
        self.open.append((tag, skipped or (bool(self.open) and self.skips)))
        if self.skips:
            return
        if tag in BLOCKS:
            self.finish_block()
        if tag in ANCHORS and attributes.get("id"):
            self.anchor = attributes["id"]
            if tag == "section" and sum(name == tag for name, _ in self.open) == 1:
                self.chapter = self.anchor
        if figure := attributes.get("data-figure"):
            self.text += f"{MARK}{figure}{MARK}"

    def handle_endtag(self, tag: str) -> None:
        """End a block, and all that is open in it."""
        while any(name == tag for name, _ in self.open):
            name, skipped = self.open.pop()
            if name in BLOCKS and not skipped:
                self.finish_block()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Text of a block."""
        self.text += "" if self.skips else data

    def finish_block(self) -> None:
        """Take the sentences of what was read since the last block."""
        for part in END.split(re.sub(r"[ \t\r\n]+", " ", self.text).strip()):
            if text := FIGURE.sub("", part).strip():
                figures = tuple(dict.fromkeys(FIGURE.findall(part)))
                self.sentences.append(Sentence(self.chapter, self.anchor, text, figures))
        self.text = ""
