"""Parse a finished page into a tree, and take its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

VOID = {"meta", "img", "br", "hr", "link", "input", "wbr", "col", "source"}
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption"}
# What is compared as figures, or says where something stands.
SKIPPED = {"svg", "thead", "tbody", "nav", "aside", "summary"}
SKIPPED_CLASSES = {"unseen", "highlights", "files", "past"}
ANCHORS = {"section", "figure", "div", *BLOCKS}
# Stands before and after the id of a figure, which pages can't hold.
MARK = "\0"
END = re.compile(r"(?<=[.!?])[ \n]+(?=\0|[\"'‘“(]?[A-ZÀ-Þ0-9])")
FIGURE = re.compile(f"{MARK}(.*?){MARK}")

Element = ET.Element


class PageTree(NamedTuple):
    """A page as a tree, and its drawings as texts, in whose place the tree has their number."""

    root: Element
    drawings: Sequence[str]


class Sentence(NamedTuple):
    """A sentence, where it stands, and the figures whose values are in it."""

    chapter: str
    anchor: str
    text: str
    figures: tuple[str, ...] = ()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = ET.TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def parse_page(text: str) -> PageTree:
    """A page, or a part of one in a single element, as a tree."""
    drawings = DRAWING.findall(text)
    numbers = iter(range(len(drawings)))
    parser = _Parser()
    bare = DRAWING.sub(lambda _: f'<svg n="{next(numbers)}"></svg>', STYLE.sub("", text))
    parser.feed(bare.removeprefix("<!doctype html>").strip())
    return PageTree(parser.builder.close(), drawings)


def text_of(item: Element | None) -> str:
    """All text of an element; nothing where there is none."""
    return "" if item is None else "".join(item.itertext())


def read_sentences(page: str) -> list[Sentence]:
    """The sentences of the main part of a page in their order; captions are sentences too."""
    main = page.partition("<main")[2].partition("</main>")[0]
    reader = _SentenceReader()
    reader.read(parse_page(f"<main{main or '>'}</main>").root, inside=False)
    reader.finish_block()
    return reader.sentences


class _SentenceReader:
    """Keeps the place, and the text of the block that is read."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.chapter = self.anchor = "title"
        self.text = ""

    def read(self, item: Element, *, inside: bool) -> None:
        """Read an element; `inside` says that it stands in a section."""
        tag, name = item.tag, item.get("id", "")
        if tag in SKIPPED or SKIPPED_CLASSES & {*item.get("class", "").split()}:
            return
        if tag in BLOCKS:
            self.finish_block()
        if tag in ANCHORS and name:
            self.anchor = name
            if tag == "section" and not inside:
                self.chapter = name
        if figure := item.get("data-figure"):
            self.text += f"{MARK}{figure}{MARK}"
        self.text += " " if tag == "br" else item.text or ""
        for child in item:
            self.read(child, inside=inside or tag == "section")
            self.text += child.tail or ""
        if tag in BLOCKS:
            self.finish_block()

    def finish_block(self) -> None:
        """Take the sentences of what was read since the last block."""
        for part in END.split(re.sub(r"[ \t\r\n]+", " ", self.text).strip()):
            if text := FIGURE.sub("", part).strip():
                figures = tuple(dict.fromkeys(FIGURE.findall(part)))
                self.sentences.append(Sentence(self.chapter, self.anchor, text, figures))
        self.text = ""
