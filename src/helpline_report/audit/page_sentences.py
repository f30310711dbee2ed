"""Read the sentences of a published page, each with its anchor and the figures in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption")
# What is compared as figures, or says where something stands.
SKIPPED = ("svg", "thead", "tbody", "nav", "aside", "summary")
SKIPPED_CLASSES = ("unseen", "highlights", "files", "past")
VOID = ("img", "br", "hr", "wbr", "meta", "link", "input", "col", "source")
ANCHORS = ("section", "figure", "div", "h1", "h2", "h3", "h4", "h5", "h6")
# Stands before and after the id of a figure, which pages can't hold.
MARK = "\0"
END = re.compile(r"(?<=[.!?])[ \n]+(?=\0|[\"'‘“(]?[A-ZÀ-Þ0-9])")
FIGURE = re.compile(f"{MARK}(.*?){MARK}")


@dataclass(frozen=True)
class Sentence:
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
    """Keeps the open elements, and the text of the block that is being read."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[Sentence] = []
        self.chapter = self.anchor = "title"
        self.open: list[tuple[str, bool]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, follow the anchors, and note a figure."""
        attributes = dict(attrs)
        if tag in VOID:
            self.handle_data(" " if tag == "br" else "")
            return
        classes = (attributes.get("class") or "").split()
        skipped = tag in SKIPPED or any(name in SKIPPED_CLASSES for name in classes)
        self.open.append((tag, skipped or (bool(self.open) and self.open[-1][1])))
        if self.open[-1][1]:
            return
        if tag in BLOCKS:
            self.finish_block()
        name = attributes.get("id")
        if name and tag in ANCHORS:
            self.anchor = name
            sections = sum(open_tag == "section" for open_tag, _ in self.open)
            self.chapter = name if tag == "section" and sections == 1 else self.chapter
        figure = attributes.get("data-figure")
        if figure:
            self.text += f"{MARK}{figure}{MARK}"

    def handle_endtag(self, tag: str) -> None:
        """End a block, and all that is open in it."""
        if not any(name == tag for name, _ in self.open):
            return
        while self.open:
            name, skipped = self.open.pop()
            if name in BLOCKS and not skipped:
                self.finish_block()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Text of a block."""
        if self.open and not self.open[-1][1]:
            self.text += data

    def finish_block(self) -> None:
        """Take the sentences of what was read since the last block."""
        for part in END.split(re.sub(r"[ \t\r\n]+", " ", self.text).strip()):
            text = FIGURE.sub("", part).strip()
            if text:
                figures = tuple(dict.fromkeys(FIGURE.findall(part)))
                self.sentences.append(Sentence(self.chapter, self.anchor, text, figures))
        self.text = ""
