"""Read a block of a chapter as staff edit it, and list what can stand in its `{{ }}`."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from helpline_report.errors import HelplineError, ProseError
from helpline_report.prose.forms import list_fitting_forms
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
from helpline_report.prose.texts import Arrangement, find_openings
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import Writer, list_parameter_forms
from helpline_report.report.chapter_steps import append_notes
from helpline_report.report.chapters import check_arrangement, find_lack
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.own_texts import find_lost_title

LONGEST_TITLE = 70
CALLED, HIDDEN = Markup("<p>{}</p>"), Markup("<p><del>{}</del></p>")
# The highest heading of a text stands below that of its block.
HIGHEST = 3
# What the parameters say, by the first part of its name.
GROUPS = {
    **dict.fromkeys(("year", "period"), "year"),
    **dict.fromkeys(("title", "helpline", "publisher", "licence"), "helpline"),
    **dict.fromkeys(("fact", "age", "person_age"), "facts"),
    **dict.fromkeys(("campaign", "event"), "campaigns"),
}


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
    words: EditionWords, cell: NotebookNode, text: str, *, standard: str, own: bool, folder: Path
) -> EditedBlock:
    """Fill in a block's figures, or find all that is wrong with it; nothing is drawn.

    Its photographs lie in `folder`.
    """
    rendered: Markup | None = None
    complaints, place = [*find_openings(text), *find_lost_title(standard, text)], Place("", cell.id)
    try:
        photographs = read_photographs(parse(text, place), folder, complaints)
        resolved = words.writer.markdown(text, replace(place, photographs=photographs))
        if not complaints:
            levels = [node.level for node in resolved.nodes if node.level]
            shift = HIGHEST - min(levels, default=0)
            nodes = append_notes(cell.id, resolved.nodes)
            back = words.writer.idiom.say("notes.back")
            rendered = html(nodes, shift=shift, prefix=cell.id, back=back)
    except TextError as error:
        complaints += error.complaints
    chips = _list_chips(words, text)
    says = {chip.source: chip.says for chip in chips}
    lines = (line.lstrip("#>*- ").strip() for line in text.splitlines())
    title = WRITTEN_OUT.sub(lambda match: says[match[0]], next(filter(None, lines), ""))
    title = textwrap.shorten(title, LONGEST_TITLE, placeholder=" …")
    listed = tuple(dict.fromkeys(chip for chip in chips if chip.says))
    absent, unlike = find_lack(cell, words), tuple(dict.fromkeys(complaints))
    return EditedBlock(cell.id, title, text, own, rendered, listed, unlike, absent)


def read_arrangement_block(
    words: EditionWords, name: str, text: str, *, caption: str, places: Sequence[str]
) -> EditedBlock:
    """A block about a chart or table: what this is called then, struck out where it is hidden.

    `caption` is what it is called otherwise, `places` what stands in its chapter.
    """
    own, arrangement, complaints = bool(text.strip()), Arrangement(), list[Complaint]()
    if own:
        arrangement, complaints = check_arrangement(words, text, places, Place("", name))
    line = HIDDEN if arrangement.hide else CALLED
    rendered = None if complaints else line.format(arrangement.title or caption)
    return EditedBlock(name, caption, text, own, rendered, (), tuple(complaints))


def _list_chips(words: EditionWords, text: str) -> list[Chip]:
    """The placeholders of a text, each as often as it stands there."""
    writer, chips = words.writer, []
    for match in WRITTEN_OUT.finditer(text):
        placeholder, says, about = split_placeholder(match["inside"]), "", ""
        if placeholder is not None and placeholder[0] != ELSE:
            name, form = placeholder
            figure = writer.ledger.figures.get(name)
            about = writer.definition(figure) if figure else name
            try:
                says = writer.value(name, form)
            except Unavailable as error:
                says = f"({writer.reason(error.reason)})"
            except ProseError:
                says = "?"
        chips.append(Chip(match[0], says, about))
    return chips


def offers_of(words: EditionWords, complaint: Complaint) -> list[Chip]:
    """The figures that a message names in place of what is typed, each that it says once."""
    chips = _list_chips(words, complaint.what)
    return [*{(chip.says, chip.about): chip for chip in chips if chip.about}.values()]


def say_plainly(wrong: Complaint | HelplineError, phrases: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong and what to do, in the words of who edits, or else in those of the message.

    `complaints` of the phrases are patterns of messages (`if`), each with what is said instead
    (`say`) and what to do (`do`), in which `{0}` is the first group.
    """
    for complaint in phrases["complaints"]:
        match = re.fullmatch(complaint["if"], wrong.what, re.DOTALL)
        if match:
            groups = [group or "" for group in match.groups()]
            return complaint["say"].format(*groups), complaint["do"].format(*groups)
    return wrong.what, wrong.next_step


@dataclass(frozen=True)
class Entry:
    """One name: what it is, and by what one writes in a text, what the page says there.

    `group` is the chapter that counts it, or a kind of parameters. `missing` says why there are no
    phrases.
    """

    name: str
    group: str
    definition: str
    phrases: Mapping[str, str]
    missing: str = ""


def list_entries(words: EditionWords) -> list[Entry]:
    """Every name: what the parameters say, then figures in the order of the report."""
    writer, publication = words.writer, words.publication
    parameters = [
        _make_entry(writer, name, GROUPS[name.partition(".")[0]], "", forms)
        for name, forms in list_parameter_forms(writer).items()
    ]
    figures = [
        _make_entry(writer, name, chapter, writer.definition(figure), list_fitting_forms(figure))
        for chapter in publication.notebooks
        for name, figure in publication.ledger.figures.items()
        if publication.origins.get(name, ("", ""))[0] == chapter
    ]
    return [*parameters, *figures]


def find_entries(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries that hold every word of a query; those first of which a phrase is the query."""
    words, asked = query.casefold().split(), query.casefold().strip()
    matching = list[tuple[bool, Entry]]()
    for entry in entries:
        phrases = [text.casefold() for text in entry.phrases.values()]
        text = " ".join((entry.name, entry.definition, *phrases)).casefold()
        if all(word in text for word in words):
            matching.append((asked not in phrases, entry))
    return [entry for _, entry in sorted(matching, key=lambda item: item[0])]


def _make_entry(
    writer: Writer, name: str, group: str, definition: str, forms: Sequence[str]
) -> Entry:
    """A name by each form that says something new, of those for which the figure keeps enough."""
    phrases: dict[str, str] = {}
    for form in (None, *forms):
        try:
            written, says = f"{name} | {form}" if form else name, writer.value(name, form)
        except ProseError:
            continue
        except Unavailable as error:
            return Entry(name, group, definition, {}, missing=writer.reason(error.reason))
        if says not in phrases.values():
            phrases[f"{{{{ {written} }}}}"] = says
    return Entry(name, group, definition, phrases)
