"""What is wrong with the names and forms of a text before there is any figure to name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline_report.errors import ProseError, nearest
from helpline_report.prose import markdown, parameters, placeholders
from helpline_report.prose.forms import find
from helpline_report.prose.nodes import Emphasis, Inline, Link, Note, Placeholder, Strong, blocks_of
from helpline_report.prose.place import Complaint, Place, TextError
from helpline_report.prose.words import FORMS

FACT = "fact."
NAMES_STEP = "the cheat sheet names every figure; a new one is counted in a cell of a chapter first"
EVERY_FORM: Mapping[str, object] = {
    **FORMS,
    **parameters.PERIOD_FORMS,
    **parameters.DATE_FORMS,
    **parameters.NUMBER_FORMS,
    **parameters.NOUN_FORMS,
    **parameters.TEXT_FORMS,
}


@dataclass(frozen=True)
class FigureNames:
    """The names that figures can have: those of `one` each, and those that begin like `more`."""

    one: frozenset[str]
    more: frozenset[str]

    def may_be(self, name: str) -> bool:
        """Whether a figure, or something of the parameters, can have this name."""
        parts = name.split(".")
        begins = {".".join(parts[:length]) for length in range(1, len(parts))}
        return name in self.one or parts[0] in parameters.HEADS or not self.more.isdisjoint(begins)


def check_names(
    text: str,
    where: Place,
    facts: Mapping[str, object],
    parameters_file: str,
    figures: FigureNames | None = None,
) -> None:
    """Refuse a text that names a fact that isn't given, or a form or a figure that can't be there.

    Whether a figure is there, and whether a form fits it, only its ledger can say; `figures` are
    the names that it can have, if they are known.

    Raises:
        TextError: with every complaint about the text.
    """
    complaints: list[Complaint] = []
    for block in blocks_of(markdown.parse(text, where)):
        if not isinstance(block, Note):
            for line, name, form in _named(block.children):
                complaints += _complaints(line, name, form, facts, parameters_file)
                if figures is not None and not figures.may_be(name):
                    complaints.append(_no_figure(line, name, figures))
    if complaints:
        raise TextError(complaints, where)


def _no_figure(line: int, name: str, figures: FigureNames) -> Complaint:
    close = nearest(name, sorted(figures.one | figures.more))
    return Complaint(line, f"there is no figure and no parameter '{name}'{close}", NAMES_STEP)


def _complaints(
    line: int, name: str, form: str | None, facts: Mapping[str, object], file: str
) -> Iterator[Complaint]:
    fact = name.removeprefix(FACT)
    if name.startswith(FACT) and fact not in facts:
        close = nearest(fact, list(facts))
        step = f"add it under 'facts:' in {file}, or name one that stands there"
        yield Complaint(line, f"there is no fact '{fact}'{close}", step)
    if form is not None:
        try:
            find(EVERY_FORM, form, f"'{name}'")
        except ProseError as error:
            yield Complaint(
                line, error.what, "the cheat sheet names the forms that fit each figure"
            )


def _named(children: tuple[Inline, ...]) -> Iterator[tuple[int, str, str | None]]:
    for child in children:
        match child:
            case Placeholder():
                yield child.line, child.name, child.form
            case Link():
                for written in placeholders.WRITTEN_OUT.finditer(child.href):
                    found = placeholders.parse(written["inside"])
                    if found:
                        yield child.line, *found
                yield from _named(child.children)
            case Emphasis() | Strong():
                yield from _named(child.children)
