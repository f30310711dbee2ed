"""Refuse a catalogue with a phrase that can't be filled in, or would say less than it has to."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from helpline_report.errors import ParametersError, list_first
from helpline_report.parameters.values import LANGUAGES
from helpline_report.parameters.yaml import Document, KeyPath, read_resource

PACKAGES = ("prose", "charts", "report", "audit")
# Words that texts may use, and patterns of these: no values stand in them.
WITHOUT = "texts"
MOST_LISTED = 10
KINDS = {str: "a phrase", list: "a list", int: "a whole number", type(None): "nothing"}


def refuse_unfit_catalogues(language: str) -> None:
    """Refuse the catalogues of a language that say less, or other values, than another language.

    Raises:
        ParametersError: a line for each phrase, with its file and key.
    """
    unfit = [line for package in PACKAGES for line in _list_unfit(package, language)]
    if unfit:
        what = f"{len(unfit)} phrase(s) of the catalogues can't be used"
        step = "write each with the values that the phrase of the other language has at this key"
        lines = "\n".join([what, *list_first(unfit, MOST_LISTED)])
        raise ParametersError(lines, next_step=step)


def _list_unfit(package: str, language: str) -> Iterator[str]:
    """Every phrase of a catalogue that differs in what it is filled in with."""
    document = read_resource(f"helpline_report.{package}", f"catalogue/{language}.yaml")
    own = dict(_list_phrases(document.data))
    for path, phrase in own.items():
        if isinstance(phrase, str) and (fault := _find_fault(phrase)):
            yield f"{_name(package, document, path)}: {fault}"
            own[path] = None
    for other in LANGUAGES:
        catalogue = read_resource(f"helpline_report.{package}", f"catalogue/{other}.yaml")
        for path, theirs in _list_phrases(catalogue.data):
            for what in _compare(own, path, theirs):
                yield f"{_name(package, document, path)}: {what}"


def _name(package: str, document: Document, path: KeyPath) -> str:
    """Where a phrase stands: its file, its line and its key."""
    key = ".".join(map(str, path))
    return f"src/helpline_report/{package}/catalogue/{document.place(path)}, key {key}"


def _find_fault(phrase: str) -> str:
    """What is wrong with a phrase by itself; '' if nothing is."""
    try:
        pieces = [*Formatter().parse(phrase)]
    except ValueError as error:
        return f"the phrase has a brace too many or too few ({error})"
    for _, name, form, conversion in pieces:
        if name is not None and (not name.isidentifier() or form or conversion):
            return f"a value is written by its name alone: {{{name or 'number'}}}"
    return ""


def _compare(own: Mapping[KeyPath, Any], path: KeyPath, theirs: Any) -> Iterator[str]:
    """What is wrong with the phrase at a key, by that of another language."""
    if path not in own:
        yield "there is no such phrase"
        return
    phrase = own[path]
    # One that has a fault is named already; one of the other language may have one.
    if phrase is None or (isinstance(theirs, str) and _find_fault(theirs)):
        return
    if type(phrase) is not type(theirs):
        yield f"{_name_kind(theirs)} was expected, not {_name_kind(phrase)}"
    elif isinstance(phrase, str):
        has, needs = _list_blanks(phrase), _list_blanks(theirs)
        yield from (f"the phrase has no {{{name}}}" for name in needs if name not in has)
        yield from (f"there is no value {{{name}}} here" for name in has if name not in needs)


def _name_kind(value: object) -> str:
    return KINDS.get(type(value), "a value of this kind")


def _list_blanks(phrase: str) -> list[str]:
    """The values of a phrase, each once."""
    return [*dict.fromkeys(name for _, name, *_ in Formatter().parse(phrase) if name)]


def _list_phrases(words: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """The phrases of a catalogue by their paths."""
    for name, value in words.items():
        path = (*above, name)
        if path == (WITHOUT,):
            continue
        if isinstance(value, Mapping):
            yield from _list_phrases(value, path)
        else:
            yield path, value
