"""A form: a way of writing figures of certain units, named behind a bar in a placeholder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from helpline_report.errors import ProseError, nearest
from helpline_report.figures.model import Figure, Unit
from helpline_report.prose.names import Names

Write = Callable[[Names, Figure], str]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Form:
    """A way of writing; `units` are those it fits, `example` shows it in Dutch."""

    write: Write
    units: tuple[Unit, ...]
    example: str


def find(forms: Mapping[str, Found], form: str, of: str) -> tuple[Found, bool]:
    """A form by its name, and whether it is to begin with a capital: 'Change' is 'change'.

    Raises:
        ProseError: there is no such form.
    """
    if form in forms:
        return forms[form], False
    lower = form[:1].lower() + form[1:]
    if lower in forms:
        return forms[lower], True
    close = nearest(form, list(forms))
    listed = f"the forms of {of} are: {', '.join(sorted(forms))}"
    raise ProseError(f"there is no form '{form}'{close}", next_step=listed)
