"""Read a finished page as its words in their order, and what hangs on them: links, numbers, names.

Nothing of what writes pages is used: their language (HTML) says which element is a heading, a cell
or a link, and the attributes `data-…` which figure a number shows.
"""

import hashlib
import re
from base64 import b64decode
from dataclasses import dataclass, field
from typing import NamedTuple

from helpline_report.audit.expectations import Element

# Elements that stand in a line: their words touch those around them.
FORMATTING = ("b", "code", "em", "i", "kbd", "mark", "s", "samp", "small", "strong", "sub", "sup")
MEANING = ("a", "abbr", "bdi", "bdo", "br", "button", "cite", "data", "dfn", "img", "label", "q")
INLINE = frozenset([*FORMATTING, *MEANING, "span", "time", "u", "var", "wbr"])
# What holds no words that are read. A drawing is read by itself.
SILENT = frozenset(["script", "style", "svg", "template"])
# What a page says to browsers alone.
TECHNICAL = frozenset(["viewport", "referrer", "color-scheme", "robots"])
# Attributes whose words somebody hears, or sees beside what they point at.
HEARD = ("aria-label", "aria-description", "title", "placeholder")
# What a style sheet prints on each sheet of paper.
PRINTED = re.compile(r'@page[^{]*\{[^@]*@[\w-]+\s*\{\s*content:\s*"((?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(r"\\([0-9a-fA-F]{6})")
PICTURE = re.compile(r"data:[\w/+.-]+;base64,(.*)", re.DOTALL)
# Characters that no page holds.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PagePlace(NamedTuple):
    """Where a word stands: the name of its element; in a table its row and column, from 0."""

    tag: str
    row: int = 0
    column: int = 0


class PageMark(NamedTuple):
    """What hangs on words: `kind` says what it is, `form` in which form of words."""

    kind: str
    text: str = ""
    about: str = ""
    target: str = ""
    form: str = ""

    def __str__(self) -> str:
        parts = [f"'{self.text}'" if self.text else "", self.about, self.target, self.form]
        return " ".join(filter(None, (self.kind, *parts)))


@dataclass
class PageText:
    """The words of a page with their places, and its marks with the words before each."""

    words: list[str] = field(default_factory=list)
    places: list[PagePlace] = field(default_factory=list)
    marks: list[PageMark] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)


def split_words(text: str) -> list[str]:
    """The words of a text, without what no page holds."""
    return CONTROLS.sub("", text).split()


def clean(text: str | None) -> str:
    """A text with one space between its words."""
    return " ".join(split_words(text or ""))


def read_page(page: Element) -> PageText:
    """All that a page says, in the order of its elements."""
    reader = _PageReader()
    reader.read(page, PagePlace("html"))
    reader.end_block(PagePlace("html"))
    return reader.text


class _PageReader:
    """Walks the elements of a page; `_line` is the text of the block that it is in."""

    def __init__(self) -> None:
        self.text = PageText()
        self._line: list[str] = []
        self._row = self._column = -1

    def end_block(self, place: PagePlace) -> None:
        """End a block of words that stood at a place."""
        if self._line:
            words = split_words("".join(self._line))
            self.text.words += words
            self.text.places += [place] * len(words)
            self._line.clear()

    def read(self, element: Element, around: PagePlace) -> None:
        """Read an element whose words stand, where it is none of a kind itself, `around` it."""
        tag = element.tag
        if not isinstance(tag, str):  # a comment
            return
        if tag in SILENT:
            self._read_silent(element, tag)
            return
        is_block = tag not in INLINE
        place = around
        if is_block:
            self.end_block(around)
            place = self._find_place(tag, around)
        self._mark(element, tag)
        if element.text:
            self._line.append(element.text)
        for child in element:
            self.read(child, place)
            if child.tail:
                self._line.append(child.tail)
        if is_block:
            self.end_block(place)

    def _find_place(self, tag: str, around: PagePlace) -> PagePlace:
        """The place of words in a block; what is in a cell is at the place of the cell."""
        if tag == "table":
            self._row = -1
            self._add(PageMark("table"))
        elif tag == "tr":
            self._row, self._column = self._row + 1, -1
        elif tag in ("th", "td"):
            self._column += 1
            return PagePlace(tag, self._row, self._column)
        return around if around.tag in ("th", "td") else PagePlace(tag)

    def _read_silent(self, element: Element, tag: str) -> None:
        if tag == "svg":
            parent = element.getparent()
            chart = "" if parent is None else parent.get("data-chart", "")
            self._add(PageMark("alternative", clean(element.get("aria-label")), f"chart={chart}"))
        elif tag == "style":
            for text in PRINTED.findall(element.text or ""):
                plain = ESCAPED.sub(lambda letter: chr(int(letter[1], 16)), text)
                self._add(PageMark("sheet-foot", clean(plain)))

    def _add(self, mark: PageMark) -> None:
        self.text.marks.append(mark)
        before = len(split_words("".join(self._line))) if self._line else 0
        self.text.positions.append(len(self.text.words) + before)

    def _mark(self, element: Element, tag: str) -> None:
        """Add what hangs on an element, in an order of its own."""
        if not element.attrib and tag != "title":
            return
        get = element.get
        if tag in ("meta", "link"):
            self._mark_head(element, tag)
            return
        if get("id") is not None:
            self._add(PageMark("anchor", about=get("id")))
        if tag == "a" and get("href") is not None:
            self._add(
                PageMark("link", clean(element.text_content()), get("hreflang", ""), get("href"))
            )
        elif tag == "img":
            self._mark_picture(element)
        self._mark_number(element, tag)
        for name in HEARD:
            if get(name) is not None:
                self._add(PageMark("label", clean(get(name))))
        if get("lang") is not None:
            self._add(PageMark("language", get("lang")))
        if get("hidden") is not None:
            self._add(PageMark("hidden", clean(element.text_content())))

    def _mark_head(self, element: Element, tag: str) -> None:
        get = element.get
        if tag == "link":
            if get("rel") != "icon":
                self._add(PageMark(get("rel", ""), "", get("hreflang", ""), get("href", "")))
            return
        name = get("name") or get("property")
        if name and name not in TECHNICAL:
            self._add(PageMark("meta", clean(get("content")), name))

    def _mark_picture(self, element: Element) -> None:
        data = PICTURE.fullmatch(element.get("src", ""))
        content = b64decode(data[1]) if data else b""
        form = hashlib.sha256(content).hexdigest()[:12]
        self._add(PageMark("alternative", clean(element.get("alt")), form=form))

    def _mark_number(self, element: Element, tag: str) -> None:
        """Add what a number shows or is about, and the card that it opens."""
        get = element.get
        name = get("data-figure") or get("data-about")
        target = get("popovertarget")
        if name is not None:
            if target is None:
                buttons = element.xpath("(ancestor::button|descendant::button)/@popovertarget")
                target = buttons[0] if buttons else None
            form = get("data-form", get("data-parts", ""))
            card = "" if target is None else f"#{target}"
            self._add(PageMark("value", clean(element.text_content()), name, card, form))
            if tag == "data":
                self._add(PageMark("raw", clean(get("value")), name))
        elif target is not None and not element.xpath(
            "boolean(ancestor::*[@data-figure]|descendant::*[@data-figure])"
        ):
            self._add(PageMark("link", clean(element.text_content()), "", f"#{target}"))
        for kind in ("missing", "parameter"):
            if get(f"data-{kind}") is not None:
                words = clean(element.text_content())
                form = get("data-form", "")
                self._add(PageMark(kind, words, clean(get(f"data-{kind}")), "", form))
        if get("data-source") is not None:
            self._add(PageMark("sourced", clean(element.text_content()), clean(get("data-source"))))
