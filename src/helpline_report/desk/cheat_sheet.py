"""The cheat sheet: a page of all that can stand in `{{ }}`, with ready-made phrases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from helpline_report.prose.phrases import Phrases, figure_phrases, parameter_phrases
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.house import variables
from helpline_report.report.markup import made
from helpline_report.report.page import CONTROLS
from helpline_report.report.publication import Publication

HERE = Path(__file__).parent
OWN_STYLE = HERE / "assets" / "cheat_sheet.css"

# What the parameters say, under headings; the rest are words of code lists and breaks.
HEADINGS = {
    "The year": ("year", "period"),
    "The helpline": ("title", "helpline", "publisher", "licence", "n"),
    "Facts": ("fact",),
    "Campaigns and events": ("campaign", "event"),
}
OTHERS = "Words"


@dataclass(frozen=True)
class Entry:
    """One name: what it is, and its phrases."""

    name: str
    definition: str
    phrases: Phrases


@dataclass(frozen=True)
class Group:
    """Names that begin alike."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """A chapter, or a kind of parameters."""

    anchor: str
    title: str
    groups: tuple[Group, ...]


def cheat_sheet(publication: Publication) -> str:
    """The page: one file that requests nothing. It is for who edits, and isn't published."""
    words = EditionWords(publication)
    sections = [*_parameters(words), *_chapters(publication, words)]
    style = variables(publication) + OWN_STYLE.read_text(encoding="utf-8")
    text = _template().render(
        language=publication.language,
        title=publication.title,
        edition=publication.edition.edition,
        style=made(style),
        sections=sections,
    )
    return CONTROLS.sub("", text) + "\n"


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("cheat_sheet.html.j2")


def _parameters(words: EditionWords) -> Iterator[Section]:
    found = list(parameter_phrases(words.writer.names))
    titled = {head: title for title, heads in HEADINGS.items() for head in heads}
    for number, title in enumerate([*HEADINGS, OTHERS], 1):
        mine = [
            Entry(item.name, "", item)
            for item in found
            if titled.get(item.name.partition(".")[0], OTHERS) == title
        ]
        if mine:
            yield Section(f"parameters-{number}", title, tuple(_groups(mine)))


def _chapters(publication: Publication, words: EditionWords) -> Iterator[Section]:
    """The figures by the chapter that counts them, in the order of the report."""
    for chapter in publication.notebooks:
        mine = [
            Entry(
                name,
                words.writer.definition(figure),
                figure_phrases(words.writer.names, figure),
            )
            for name, figure in publication.ledger.figures.items()
            if publication.origins.get(name, ("", ""))[0] == chapter
        ]
        if mine:
            yield Section(f"chapter-{chapter}", f"Chapter {chapter}", tuple(_groups(mine)))


def _groups(entries: Iterable[Entry]) -> Iterator[Group]:
    """Entries by the first two parts of their names."""
    by_stem: dict[str, list[Entry]] = {}
    for entry in entries:
        by_stem.setdefault(".".join(entry.name.split(".")[:2]), []).append(entry)
    for alone, stems in groupby(by_stem, key=lambda stem: len(by_stem[stem]) == 1):
        if not alone:
            yield from (Group(stem, tuple(by_stem[stem])) for stem in stems)
            continue
        # What stands alone needs no heading of its own.
        yield Group("", tuple(by_stem[stem][0] for stem in stems))
