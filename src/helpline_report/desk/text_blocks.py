"""Read a block of a chapter as staff edit it: its text, what comes of it, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from helpline_report.desk.figure_picker import phrase_of
from helpline_report.errors import HelplineError, ProseError
from helpline_report.prose.markdown import (
    WRITTEN_OUT,
    Complaint,
    Place,
    TextError,
    parse,
    split_placeholder,
)
from helpline_report.prose.nodes import ELSE
from helpline_report.prose.photographs import read_photographs
from helpline_report.prose.rendering import html
from helpline_report.prose.texts import Arrangement
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.report.arrangements import check_arrangement
from helpline_report.report.chapters import lacks, with_notes
from helpline_report.report.edition_words import EditionWords

LONGEST_TITLE = 70
CALLED, HIDDEN = Markup("<p>{}</p>"), Markup("<p><del>{}</del></p>")
# The highest heading of a text stands below that of its block.
HIGHEST = 3


@dataclass(frozen=True)
class Chip:
    """A placeholder in a text: how it is written, what the page says for it, and what that is."""

    source: str
    says: str
    about: str = ""


@dataclass(frozen=True)
class EditedBlock:
    """A block of a chapter, and what comes of its text.

    It is the edition's `own` where it takes the place of the chapter's text. `rendered` is None
    where something is wrong with it: `complaints`. `absent` says why the report is without it, as
    far as anything says it.
    """

    name: str
    title: str
    text: str
    own: bool
    rendered: Markup | None
    chips: tuple[Chip, ...]
    complaints: tuple[Complaint, ...] = ()
    absent: str | None = None


def read_block(
    words: EditionWords, cell: NotebookNode, text: str, *, own: bool, folder: Path
) -> EditedBlock:
    """Fill in a block's figures, or find all that is wrong with it; nothing is drawn.

    Its photographs lie in `folder`.
    """
    rendered: Markup | None = None
    complaints: list[Complaint] = []
    place = Place("", cell.id)
    try:
        photographs = read_photographs(parse(text, place), folder, complaints)
        resolved = words.writer.markdown(text, replace(place, photographs=photographs))
        if not complaints:
            shift = HIGHEST - min((each.level for each in resolved.nodes if each.level), default=0)
            nodes = with_notes(cell.id, resolved.nodes)
            back = words.writer.idiom.say("notes.back")
            rendered = html(nodes, shift=shift, prefix=cell.id, back=back)
    except TextError as error:
        complaints += error.complaints
    chips = tuple(_chip(words, match[0], match["inside"]) for match in WRITTEN_OUT.finditer(text))
    says = {chip.source: chip.says for chip in chips}
    lines = (line.lstrip("#>*- ").strip() for line in text.splitlines())
    title = WRITTEN_OUT.sub(lambda match: says[match[0]], next(filter(None, lines), ""))
    if len(title) > LONGEST_TITLE:
        title = f"{title[:LONGEST_TITLE].rpartition(' ')[0]} …"
    return EditedBlock(
        cell.id,
        title,
        text,
        own,
        rendered,
        tuple(dict.fromkeys(chip for chip in chips if chip.says)),
        tuple(complaints),
        lacks(cell, words),
    )


def read_arrangement_block(
    words: EditionWords, name: str, text: str, *, caption: str, places: Sequence[str]
) -> EditedBlock:
    """A block about a chart or table: what this is called then, struck out where it is hidden.

    `caption` is what it is called otherwise, `places` what stands in its chapter.
    """
    arrangement, complaints = Arrangement(), list[Complaint]()
    if text.strip():
        arrangement, complaints = check_arrangement(words, text, places, Place("", name))
    line = HIDDEN if arrangement.hide else CALLED
    rendered = None if complaints else line.format(arrangement.title or caption)
    own = bool(text.strip())
    return EditedBlock(name, caption, text, own, rendered, (), tuple(complaints))


def _chip(words: EditionWords, source: str, inside: str) -> Chip:
    parts = split_placeholder(inside)
    if parts is None or parts[0] == ELSE:
        return Chip(source, "")
    writer = words.writer
    figure = writer.ledger.figures.get(parts[0])
    about = writer.definition(figure) if figure else parts[0]
    try:
        return Chip(source, phrase_of(writer, *parts), about)
    except Unavailable as error:
        return Chip(source, f"({writer.reason(error.reason)})", about)
    except ProseError:
        return Chip(source, "?", about)


def offers_of(words: EditionWords, complaint: Complaint) -> list[Chip]:
    """The figures that a message names in place of what is typed, each that it says once."""
    named = WRITTEN_OUT.finditer(complaint.what)
    chips = [_chip(words, match[0], match["inside"]) for match in named]
    return [*{(chip.says, chip.about): chip for chip in chips if chip.about}.values()]


def say_plainly(wrong: Complaint | HelplineError, phrases: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do in the words of who edits; as it is told where there are none.

    `complaints` of the phrases are patterns of messages (`if`), each with what is said instead
    (`say`) and what to do (`do`), in which `{0}` is the first group.
    """
    for each in phrases["complaints"]:
        match = re.fullmatch(each["if"], wrong.what, re.DOTALL)
        if match:
            groups = [group or "" for group in match.groups()]
            return each["say"].format(*groups), each["do"].format(*groups)
    return wrong.what, wrong.next_step
