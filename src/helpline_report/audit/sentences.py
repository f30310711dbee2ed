"""Take the sentences of a finished page, each with its place and the figures in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree, html

BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "figcaption", "caption"}
ANCHORS = {"section", "figure", "div", *BLOCKS}
# What is compared as figures, or says where something stands.
SKIPPED = """.//*[self::svg or self::thead or self::tbody or self::nav or self::aside
    or self::summary or @class='unseen' or @class='highlights' or @class='files']"""
# Stands before and after the id of a figure, which pages can't hold.
MARK = "\0"
END = re.compile(r"(?<=[.!?])[ \n]+(?=\0|[\"'‘“(]?[A-ZÀ-Þ0-9])")
FIGURE = re.compile(f"{MARK}(.*?){MARK}")


class Sentence(NamedTuple):
    """A sentence, where it stands, the figures whose values are in it, and its language."""

    chapter: str
    anchor: str
    text: str
    figures: tuple[str, ...] = ()
    language: str = ""


def read_sentences(page: str) -> list[Sentence]:
    """The sentences of the main part of a page in their order; captions are sentences too."""
    sentences: list[Sentence] = []
    document = html.document_fromstring(page)
    main, language = document.find(".//main"), document.get("lang", "")
    for item in main.xpath(SKIPPED) if main is not None else ():
        item.drop_tree()
    chapter = anchor = "title"
    text = ""
    for event, item in etree.iterwalk(main, events=("start", "end")) if main is not None else ():
        if item.tag in BLOCKS:
            sentences += _split_sentences(text, chapter, anchor, language)
            text = ""
        if event == "end":
            text += item.tail or ""
            continue
        if item.tag in ANCHORS and item.get("id"):
            anchor = item.get("id")
            if item.tag == "section" and next(item.iterancestors("section"), None) is None:
                chapter = anchor
        figure = item.get("data-figure")
        text += f"{MARK}{figure}{MARK}" if figure else ""
        text += " " if item.tag == "br" else item.text or ""
    return [*sentences, *_split_sentences(text, chapter, anchor, language)]


def _split_sentences(text: str, chapter: str, anchor: str, language: str) -> Iterator[Sentence]:
    for part in END.split(re.sub(r"[ \t\r\n]+", " ", text).strip()):
        if sentence := FIGURE.sub("", part).strip():
            figures = tuple(dict.fromkeys(FIGURE.findall(part)))
            yield Sentence(chapter, anchor, sentence, figures, language)
