"""What is wrong with the names and forms of a text before there is any figure to name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from helpline_report.errors import ProseError, nearest
from helpline_report.prose import markdown, parameters, placeholders
from helpline_report.prose.forms import find
from helpline_report.prose.nodes import Emphasis, Inline, Link, Note, Placeholder, Strong, blocks_of
from helpline_report.prose.place import Complaint, Place, TextError
from helpline_report.prose.words import FORMS

FACT = "fact."
EVERY_FORM: Mapping[str, object] = {
    **FORMS,
    **parameters.PERIOD_FORMS,
    **parameters.DATE_FORMS,
    **parameters.NUMBER_FORMS,
    **parameters.NOUN_FORMS,
    **parameters.TEXT_FORMS,
}


def check_names(text: str, where: Place, facts: Mapping[str, object], parameters_file: str) -> None:
    """Refuse a text that names a fact that isn't given, or a form that nothing has.

    Whether a figure is there, and whether a form fits it, only its ledger can say.

    Raises:
        TextError: with every complaint about the text.
    """
    complaints: list[Complaint] = []
    for block in blocks_of(markdown.parse(text, where)):
        if not isinstance(block, Note):
            for line, name, form in _named(block.children):
                complaints += _complaints(line, name, form, facts, parameters_file)
    if complaints:
        raise TextError(complaints, where)


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
