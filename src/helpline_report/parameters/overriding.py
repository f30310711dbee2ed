"""Overrides of parameters, `key=value`: set in a document before the schema sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from helpline_report.errors import ParametersError, nearest
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.yaml import Document, KeyPath, known_keys

# Where exports lie is nobody's business: an override of one is shown by its name alone.
PLACES = ("sources", "printed", "comparison_ledger")
HIDDEN = "…"


def override(document: Document, overrides: Sequence[str]) -> Document:
    """A document with `a.b.0.c=value` set; values are YAML.

    Raises:
        ParametersError: no `=`, or a path that leads nowhere.
    """
    data = _copy(document.data)
    lines, given = dict(document.lines), dict(document.given)
    for text in overrides:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise ParametersError(f"--set {text}: 'key=value' was expected")
        path: KeyPath = tuple(_part(part) for part in key.strip().split("."))
        try:
            parsed = yaml.safe_load(value)
        except (yaml.YAMLError, ValueError):
            raise ParametersError(f"--set {text}: the value can't be read as YAML") from None
        _set(data, path, parsed, text)
        lines = {at: line for at, line in lines.items() if at[: len(path)] != path}
        given[path] = f"--set {text}"
    return Document(document.path, document.shown, data, lines, given)


def _part(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdecimal() else text


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(item) for item in data] if isinstance(data, list) else data


def _set(data: Any, path: KeyPath, value: Any, text: str) -> None:
    at = data
    for index, part in enumerate(path[:-1]):
        inside = _step(at, part)
        known = known_keys(Edition, path[:index])
        if inside is None and isinstance(at, dict) and part in known:
            inside = at[part] = {}
        if inside is None:
            close = nearest(str(part), known)
            raise ParametersError(f"--set {text}: there is no '{part}' here{close}")
        at = inside
    last = path[-1]
    if isinstance(at, dict):
        at[str(last)] = value
    elif isinstance(at, list) and isinstance(last, int) and last < len(at):
        at[last] = value
    else:
        raise ParametersError(f"--set {text}: '{last}' leads nowhere")


def _step(at: Any, part: str | int) -> Any:
    if isinstance(at, dict):
        return at.get(part if part in at else str(part))
    if isinstance(at, list) and isinstance(part, int) and part < len(at):
        return at[part]
    return None


def shown_overrides(overrides: Sequence[str]) -> tuple[str, ...]:
    """Overrides as they were given; of one that names a place, its key alone."""
    return tuple(_shown(text) for text in overrides)


def _shown(text: str) -> str:
    key = text.partition("=")[0].strip()
    return f"{key}={HIDDEN}" if key.split(".")[0] in PLACES else text
