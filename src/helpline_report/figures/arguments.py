"""Check the arguments of a chapter's methods against their types, and say what is possible."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial, wraps
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from helpline_report.errors import ChapterError, nearest
from helpline_report.figures.conditions import hint
from helpline_report.parameters.codelists import CODE_PATTERN

Checked = TypeVar("Checked")

# What an argument of a class is called, and where one comes from.
KINDS = {
    "Population": "a population, such as contacts = chapter.populations('contacts')",
    "FigureResult": "a figure, such as share = chapter.share(…)",
    "SeriesResult": "a series, such as monthly = chapter.counts(…, by='month')",
    "CrosstabResult": "a cross-table, such as chapter.counts(…, by=('problem', 'form'))",
    "str": "a text",
    "int": "a whole number",
    "bool": "True or False",
}


def check_arguments(chapter: type[Checked]) -> type[Checked]:
    """Give each public method of a class the check of its arguments."""
    for name, member in list(vars(chapter).items()):
        if inspect.isfunction(member) and not name.startswith("_"):
            setattr(chapter, name, _checked(member))
    return chapter


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    name, signature = f"chapter.{method.__name__}", inspect.signature(method)
    types = cache(partial(get_type_hints, method))

    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            bound = signature.bind(*arguments, **named)
        except TypeError as error:
            raise _unfit(name, signature, named, error) from None
        for argument, value in bound.arguments.items():
            several = signature.parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL
            for each in value if several else [value]:
                if argument in types() and not _fits(each, types()[argument]):
                    raise _wrong(name, argument, each, types()[argument])
                if argument == "name" and each is not None and not re.match(CODE_PATTERN, each):
                    raise ChapterError(
                        f"{name}: '{each}' can't be the name of a figure",
                        next_step="use a–z, 0–9, _ and ., as in contacts.by_month",
                    )
        return method(*arguments, **named)

    return call


def _unfit(
    name: str, signature: inspect.Signature, named: Mapping[str, Any], error: TypeError
) -> ChapterError:
    """An argument too many or too few, or one by a name that there isn't."""
    known = {each: item for each, item in signature.parameters.items() if each != "self"}
    unknown = next((each for each in named if each not in known), None)
    what = f"{name}: {error}"
    if unknown is not None:
        what = f"{name} has no argument '{unknown}'{nearest(unknown, list(known))}"
    by_name = inspect.Parameter.KEYWORD_ONLY
    listed = [f"{each}=…" if item.kind is by_name else each for each, item in known.items()]
    return ChapterError(what, next_step=f"its arguments are: {', '.join(listed)}")


def _alternatives(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, UnionType):
        return [each for part in get_args(kind) for each in _alternatives(part)]
    return [kind]


def _fits(value: Any, kind: Any) -> bool:
    for each in _alternatives(kind):
        origin, inner = get_origin(each), get_args(each)
        if origin is Literal:
            fits = value in inner
        elif origin is tuple:
            pair = isinstance(value, (tuple, list)) and len(value) == len(inner)
            fits = pair and all(map(_fits, value, inner))
        elif origin in (Sequence, Iterable):
            listed = isinstance(value, Sequence) and not isinstance(value, str)
            fits = listed and all(_fits(item, inner[0]) for item in value)
        else:
            fits = isinstance(value, origin or each)
            fits = fits and not (each is int and isinstance(value, bool))
        if fits:
            return True
    return False


def _wrong(name: str, argument: str, value: Any, kind: Any) -> ChapterError:
    choices = _choices(kind)
    if isinstance(value, str) and choices:
        return ChapterError(f"{name}: '{argument}' can't be '{value}'{hint(value, choices)}")
    kinds = [words for each in _alternatives(kind) if (words := _called(each))]
    kinds = list(dict.fromkeys(kinds)) or [f"'{choice}'" for choice in choices]
    return ChapterError(
        f"{name}: '{argument}' is of the type {type(value).__name__}",
        next_step=f"give {' or '.join(kinds)}",
    )


def _choices(kind: Any) -> list[str]:
    literals = [each for each in _alternatives(kind) if get_origin(each) is Literal]
    return [choice for each in literals for choice in get_args(each)]


def _called(kind: Any) -> str:
    """What values of a type are called in a message."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return "a pair of texts"
    if origin in (Sequence, Iterable):
        choices = ", ".join(map(repr, _choices(inner[0])))
        texts = "a list of texts" if inner[0] is str else "a list of series"
        return f"one or several of {choices}" if choices else texts
    if origin is not None:
        return "" if origin is Literal else "a function (df, ax) of notebooks/plots.py"
    return "" if kind is type(None) else KINDS.get(kind.__name__, f"a {kind.__name__}")
