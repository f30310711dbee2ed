"""List what can stand in `{{ }}`, with what the page says for each way of writing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpline_report.errors import ProseError
from helpline_report.prose.edition_values import parameter_forms, parameter_words
from helpline_report.prose.forms import figure_words, fitting_forms
from helpline_report.prose.vocabulary import Unavailable
from helpline_report.prose.writer import Writer
from helpline_report.report.edition_words import EditionWords

# What the parameters say, by the first part of its name; what isn't here is a word of a code list.
GROUPS = {
    **dict.fromkeys(("year", "period"), "year"),
    **dict.fromkeys(("title", "helpline", "publisher", "licence", "n"), "helpline"),
    "fact": "facts",
    **dict.fromkeys(("campaign", "event"), "campaigns"),
}


@dataclass(frozen=True)
class Entry:
    """One name: what it is, and by what one writes in a text, what the page says there.

    `group` is the chapter that counts it, or a kind of parameters. `missing` says why there are no
    phrases.
    """

    name: str
    group: str
    definition: str
    phrases: dict[str, str]
    missing: str = ""

    def has(self, words: Sequence[str]) -> bool:
        """Whether each of some words is in its name, its definition or one of its phrases."""
        text = " ".join((self.name, self.definition, *self.phrases.values())).casefold()
        return all(word in text for word in words)


def phrase_of(writer: Writer, name: str, form: str | None) -> str:
    """What the page says for a placeholder.

    Raises:
        Unavailable: it has no value.
        ProseError: there is no such name or form, or they don't go together.
    """
    figure = writer.ledger.figures.get(name)
    return figure_words(writer, figure, form) if figure else parameter_words(writer, name, form)


def list_entries(words: EditionWords) -> list[Entry]:
    """Every name: facts and figures first, in the order of the report, then words of code lists."""
    writer, publication = words.writer, words.publication
    parameters = [
        _entry(writer, name, GROUPS.get(name.partition(".")[0], "words"), "", forms)
        for name, forms in parameter_forms(writer).items()
    ]
    figures = [
        _entry(writer, name, chapter, writer.definition(figure), fitting_forms(figure))
        for chapter in publication.notebooks
        for name, figure in publication.ledger.figures.items()
        if publication.origins.get(name, ("", ""))[0] == chapter
    ]
    facts = [entry for entry in parameters if entry.group != "words"]
    return [*facts, *figures, *(entry for entry in parameters if entry.group == "words")]


def find_entries(entries: Sequence[Entry], query: str) -> Iterator[Entry]:
    """The entries that hold every word of a query; those first of which a phrase is the query."""
    words, asked = query.casefold().split(), query.casefold().strip()
    matching = [entry for entry in entries if entry.has(words)]
    exact = [e for e in matching if asked in (text.casefold() for text in e.phrases.values())]
    yield from exact
    yield from (entry for entry in matching if entry not in exact)


def _entry(writer: Writer, name: str, group: str, definition: str, forms: Sequence[str]) -> Entry:
    """A name by each form; a form that asks for what a figure doesn't keep is left out."""
    phrases: dict[str, str] = {}
    for form in (None, *forms):
        try:
            written = f"{name} | {form}" if form else name
            phrases[f"{{{{ {written} }}}}"] = phrase_of(writer, name, form)
        except ProseError:
            continue
        except Unavailable as error:
            return Entry(name, group, definition, {}, missing=writer.reason(error.reason))
    return Entry(name, group, definition, phrases)
