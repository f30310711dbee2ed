"""Check the arguments of a chapter's methods against their types, and say what is possible."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, wraps
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
    "NoneType": "None",
    "Callable": "a function (df, ax) of notebooks/plots.py",
}


def check_arguments(chapter: type[Checked]) -> type[Checked]:
    """Give each public method of a class the check of its arguments."""
    for name, member in list(vars(chapter).items()):
        if inspect.isfunction(member) and not name.startswith("_"):
            setattr(chapter, name, _checked(member))
    return chapter


def _checked(method: Callable[..., Any]) -> Callable[..., Any]:
    name = f"chapter.{method.__name__}"
    signature = inspect.signature(method)

    @cache
    def types() -> Mapping[str, Any]:
        return get_type_hints(method)

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
    unknown = [each for each in named if each not in known]
    what = f"{name}: {error}"
    if unknown:
        what = f"{name} has no argument '{unknown[0]}'{nearest(unknown[0], list(known))}"
    by_name = inspect.Parameter.KEYWORD_ONLY
    listed = [f"{each}=…" if item.kind is by_name else each for each, item in known.items()]
    return ChapterError(what, next_step=f"its arguments are: {', '.join(listed)}")


def _fits(value: Any, kind: Any) -> bool:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any or isinstance(kind, TypeVar):
        return True
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        pair = isinstance(value, (tuple, list)) and len(value) == len(inner)
        return pair and all(map(_fits, value, inner))
    if origin in (Sequence, Iterable):
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        return listed and all(_fits(each, inner[0]) for each in value)
    if origin is not None:
        return isinstance(value, origin)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _wrong(name: str, argument: str, value: Any, kind: Any) -> ChapterError:
    choices = [each for each in _choices(kind) if isinstance(each, str)]
    if isinstance(value, str) and choices:
        return ChapterError(f"{name}: '{argument}' can't be '{value}'{hint(value, choices)}")
    kinds = [each for each in dict.fromkeys(_called(kind)) if each != "None"]
    kinds = kinds or [f"'{choice}'" for choice in choices]
    return ChapterError(
        f"{name}: '{argument}' is of the type {type(value).__name__}",
        next_step=f"give {' or '.join(kinds)}",
    )


def _choices(kind: Any) -> Iterable[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from _choices(each)


def _called(kind: Any) -> Iterable[str]:
    """What values of a type are called in a message."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        for each in inner:
            yield from _called(each)
    elif origin is Literal:
        return
    elif origin is tuple:
        yield "a pair of texts"
    elif origin is not None:
        choices = list(_choices(inner[0])) if inner else []
        listed = f"one or several of {', '.join(map(repr, choices))}"
        yield listed if choices else "a list of texts"
    else:
        yield KINDS.get(kind.__name__, f"a {kind.__name__}")
