"""What of an edition's parameters is asked for, noted as it is, so that the rest may change.

An edition that is watched says what it says unwatched, through its own properties and methods too.
Where its parts can't be told from one another, all of it counts as asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import isfunction
from types import MethodType
from typing import Any, cast

from pydantic import BaseModel

from helpline_report.parameters.edition import Campaign, Edition, Event, Helpline

# What is asked for part by part, since words stand in it beside what moves a number. Anything else
# is asked for as a whole: a calendar, a period, the list of breaks.
IN_PARTS = (Edition, Helpline, Campaign, Event)
WHOLE, LENGTH, GONE = "", "#", "(gone)"

Note = Callable[[str], None]
# Of each edition the paths that were asked for, and what stood there.
Read = dict[str, dict[str, str]]


class Reading:
    """What a process asks of editions."""

    def __init__(self) -> None:
        self._asked: dict[str, tuple[Edition, set[str]]] = {}

    def watch(self, edition: Edition) -> Edition:
        """The edition, of which is noted what is asked for from now on."""
        _, paths = self._asked.setdefault(edition.edition, (edition, set()))
        return cast("Edition", _Watched(edition, WHOLE, paths.add))

    def read(self) -> Read:
        """What was asked for so far, and what the editions said."""
        return {name: said(edition, paths) for name, (edition, paths) in self._asked.items()}

    def forget(self) -> None:
        """Begin anew: a process that was forked hasn't asked what its parent did."""
        self._asked.clear()


def said(edition: Edition, paths: Iterable[str]) -> dict[str, str]:
    """What an edition says at each path: another text where it says anything else."""
    whole = edition.model_dump()
    return {path: _at(whole, path) for path in sorted(paths)}


def says_the_same(read: Read, editions: Mapping[str, Edition]) -> bool:
    """Whether the editions of these names say what others said where they were asked."""
    return all(
        name in editions and said(editions[name], asked) == dict(asked)
        for name, asked in read.items()
    )


def _at(whole: Any, path: str) -> str:
    at = whole
    for part in path.split(".") if path else ():
        try:
            at = len(at) if part == LENGTH else at[int(part) if isinstance(at, list) else part]
        except LookupError:
            return GONE
    return repr(at)


class _Watched:
    """A part of an edition, `path` from its top, which notes what it is asked for."""

    __slots__ = ("_known", "_model", "_note", "_path")

    def __init__(self, model: BaseModel, path: str, note: Note) -> None:
        self._model = model
        self._path = path
        self._note = note
        self._known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """A field; or what the model's own properties and methods make of its fields.

        Python's own names are none of the model's.
        """
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._known:
            self._known[name] = self._asked(name)
        return self._known[name]

    def _asked(self, name: str) -> Any:
        kind = type(self._model)
        if name in kind.model_fields:
            return self._field(name)
        own = vars(kind).get(name)
        if isinstance(own, property) and own.fget is not None:
            return own.fget(self)
        if isfunction(own):
            return MethodType(own, self)
        return getattr(self._all(), name)

    def _field(self, name: str) -> Any:
        value = getattr(self._model, name)
        path = f"{self._path}.{name}" if self._path else name
        if isinstance(value, IN_PARTS):
            return _Watched(value, path, self._note)
        if isinstance(value, list) and any(isinstance(item, IN_PARTS) for item in value):
            self._note(f"{path}.{LENGTH}")
            return [
                _Watched(item, f"{path}.{place}", self._note) for place, item in enumerate(value)
            ]
        self._note(path)
        return value

    def _all(self) -> BaseModel:
        """The model itself, for what looks at all of it."""
        self._note(self._path)
        return self._model

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, _Watched) else other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __iter__(self) -> Any:
        return iter(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


# What this very process asks: of a chapter's, what its chapter does.
READING = Reading()
