"""The cheat sheet: a page of all that can stand in `{{ }}`, with ready-made phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpline_report.errors import ProseError
from helpline_report.parameters.project import Project
from helpline_report.preparation import check_parameters
from helpline_report.private_files import write_private
from helpline_report.prose.edition_values import parameter_forms, parameter_words
from helpline_report.prose.forms import figure_words, fitting_forms
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import Writer
from helpline_report.publishing import newest_release, publication_of
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
    """One name: what it is, and what stands in the page by what one writes between the braces.

    `missing` says why there are no phrases.
    """

    name: str
    definition: str
    phrases: dict[str, str]
    missing: str = ""


@dataclass(frozen=True)
class SheetSection:
    """A chapter, or a kind of parameters: its entries by what their names begin with."""

    anchor: str
    title: str
    groups: tuple[tuple[str, Sequence[Entry]], ...]


def write_sheet(project: Project, edition: str) -> Path:
    """Write the cheat sheet of an edition to a file that its owner alone can read; returns it.

    Raises:
        HelplineError: the edition was never built, or its texts aren't sound.
    """
    project.edition(edition)
    released = newest_release(project, edition)
    checked = check_parameters(project, edition, released.ledger.overrides)
    place = project.private / "cheat-sheets" / f"{edition}.html"
    write_private(place, cheat_sheet(publication_of(project, checked, released)))
    return place


def cheat_sheet(publication: Publication) -> str:
    """The page: one file that requests nothing. It is for who edits, and isn't published."""
    writer = EditionWords(publication).writer
    sections = [*_parameters(writer), *_chapters(publication, writer)]
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("cheat_sheet.html.j2").render(
        language=publication.language,
        title=publication.title,
        edition=publication.edition.edition,
        style=made(variables(publication) + OWN_STYLE.read_text(encoding="utf-8")),
        sections=sections,
    )
    return CONTROLS.sub("", text) + "\n"


def _parameters(writer: Writer) -> Iterator[SheetSection]:
    """What the parameters say, by each form that fits."""
    titled = {head: title for title, heads in HEADINGS.items() for head in heads}
    entries = [
        _entry(writer, name, "", forms, partial(parameter_words, writer, name))
        for name, forms in parameter_forms(writer).items()
    ]
    for number, title in enumerate([*HEADINGS, OTHERS], 1):
        of_title = [
            entry for entry in entries if titled.get(entry.name.partition(".")[0], OTHERS) == title
        ]
        if of_title:
            yield SheetSection(f"parameters-{number}", title, tuple(_groups(of_title)))


def _chapters(publication: Publication, writer: Writer) -> Iterator[SheetSection]:
    """The figures by the chapter that counts them, in the order of the report."""
    for chapter in publication.notebooks:
        entries = [
            _entry(
                writer,
                name,
                writer.definition(figure),
                fitting_forms(figure),
                partial(figure_words, writer, figure),
            )
            for name, figure in publication.ledger.figures.items()
            if publication.origins.get(name, ("", ""))[0] == chapter
        ]
        if entries:
            yield SheetSection(f"chapter-{chapter}", f"Chapter {chapter}", tuple(_groups(entries)))


def _entry(
    writer: Writer,
    name: str,
    definition: str,
    forms: Sequence[str],
    write: Callable[[str | None], str],
) -> Entry:
    """A name by each form; a form that asks for what a figure doesn't keep is left out."""
    phrases = {}
    for form in (None, *forms):
        try:
            phrases[f"{{{{ {name} | {form} }}}}" if form else f"{{{{ {name} }}}}"] = write(form)
        except ProseError:
            continue
        except Unavailable as error:
            return Entry(name, definition, {}, missing=writer.reason(error.reason))
    return Entry(name, definition, phrases)


def _groups(entries: Iterable[Entry]) -> Iterator[tuple[str, Sequence[Entry]]]:
    """Entries by the first two parts of their names."""
    by_stem: dict[str, list[Entry]] = {}
    for entry in entries:
        by_stem.setdefault(".".join(entry.name.split(".")[:2]), []).append(entry)
    for alone, stems in groupby(by_stem, key=lambda stem: len(by_stem[stem]) == 1):
        if alone:
            # What stands alone needs no heading of its own.
            yield "", [by_stem[stem][0] for stem in stems]
        else:
            yield from ((stem, by_stem[stem]) for stem in stems)
