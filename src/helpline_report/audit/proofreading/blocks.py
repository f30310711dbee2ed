"""From lines to a document: headings, tables, paragraphs, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from helpline_report.audit.proofreading.document import (
    Document,
    Line,
    Paragraph,
    Place,
    Sentence,
)
from helpline_report.audit.proofreading.no_counts import named_numbers
from helpline_report.audit.proofreading.text_tables import find_tables
from helpline_report.audit.proofreading.vocabulary import dutch

HEADING = re.compile(r"^\s*\d{1,2}(?:(?:\.\d{1,2})+\.?|\.)\s+[A-ZÀ-Ý0-9‘“'].{0,90}$")
MARKED = re.compile(r"^\s*#{1,6}\s+\S")
BULLET = re.compile(r"^\s*(?:[•▪◦‣*–-]|\d{1,2}[.)])\s+")
END = re.compile(r"[.!?…:;,]\s*$")
LONGEST_TITLE = 70
# A line with wide gaps is laid out in columns, and no prose.
COLUMNS = re.compile(r"\S\s{3,}\S")


def document_of(lines: Sequence[Line]) -> Document:
    """What a report's lines say."""
    names = named_numbers("\n".join(line.text for line in lines))
    sections = _sections(lines)
    tables, taken = find_tables(lines, sections, names)
    paragraphs = tuple(_paragraphs(lines, sections, taken))
    return Document(paragraphs, tables, names)


def _sections(lines: Sequence[Line]) -> list[int]:
    """The number of the section each line stands in; a heading begins one."""
    found, current = [], 0
    for index in range(len(lines)):
        if is_heading(lines, index):
            current += 1
        found.append(current)
    return found


def is_heading(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a numbered heading, or stands alone like one."""
    text = lines[index].text.strip()
    if HEADING.match(text) or MARKED.match(text):
        return not END.search(text.rstrip("?"))
    alone = _blank(lines, index - 1) and _blank(lines, index + 1)
    words = bool(re.match(r"[A-ZÀ-Ý]", text)) and not re.search(r"\d", text)
    return bool(alone and words and len(text) <= LONGEST_TITLE and not END.search(text))


def _blank(lines: Sequence[Line], index: int) -> bool:
    return not 0 <= index < len(lines) or not lines[index].text.strip()


def _paragraphs(
    lines: Sequence[Line], sections: Sequence[int], taken: Iterable[int]
) -> Iterator[Paragraph]:
    skip = set(taken)
    held: list[Line] = []
    for index, line in enumerate(lines):
        heading = is_heading(lines, index)
        aside = index in skip or heading or COLUMNS.search(line.text.strip())
        ends = not line.text.strip() or aside or BULLET.match(line.text)
        if ends and held:
            yield Paragraph(tuple(_sentences(held)), sections[index - 1])
            held = []
        if line.text.strip() and not aside:
            held.append(line)
    if held:
        yield Paragraph(tuple(_sentences(held)), sections[-1])


def _sentences(lines: Sequence[Line]) -> Iterator[Sentence]:
    text, places = _joined(lines)
    yield from split(text, places)


def _joined(lines: Sequence[Line]) -> tuple[str, list[Place]]:
    """Lines as one text; a word that was broken at the end of a line is whole again."""
    text, places = "", list[Place]()
    for line in lines:
        more = re.sub(r"\s+", " ", line.text.strip().replace("\N{ZERO WIDTH SPACE}", ""))
        if re.search(r"[^\W\d]-$", text) and re.match(r"[a-zà-ÿ]", more):
            if not re.match(r"(?:en|of)\b", more):
                text, places = text[:-1], places[:-1]
        elif text:
            text, places = f"{text} ", [*places, line.place]
        text += more
        places += [line.place] * len(more)
    return text, places


def split(text: str, places: Sequence[Place]) -> Iterator[Sentence]:
    """The sentences of a text; an abbreviation ends none."""
    start = 0
    for match in re.finditer(r"[.!?…][)”’\"]?\s+(?=[A-ZÀ-Ý0-9(“‘\"•])", text):
        if _abbreviation().search(text[start : match.start()]):
            continue
        yield Sentence(text[start : match.end()].rstrip(), tuple(places[start : match.end()]))
        start = match.end()
    if text[start:].strip():
        yield Sentence(text[start:], tuple(places[start:]))


@cache
def _abbreviation() -> re.Pattern[str]:
    body = "|".join(re.escape(item) for item in dutch().abbreviations)
    return re.compile(rf"(?<!\w)(?:{body})$", re.IGNORECASE)
