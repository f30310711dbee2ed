"""YAML read with the place of every key, and pydantic's complaints told with that place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from helpline_report.errors import ParametersError, nearest, to_read
from helpline_report.parameters.undecided import TAG, undecided

# libyaml's loader where PyYAML was built with it: the same rules, eight times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class PlacedError(ValueError):
    """Complaints of a model about what lies deeper inside it, each with its path from there."""

    def __init__(self, *complaints: tuple[KeyPath, str]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(f"{_dotted(path)}: {what}" for path, what in complaints))


class Closed(BaseModel):
    """A frozen model that refuses keys it doesn't know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Document:
    """A YAML file: its data, and the line of each key path (1-based).

    `given` says of a key path that no line holds where it comes from: `--set rows=public`.
    """

    path: Path
    shown: str
    data: Any
    lines: Mapping[KeyPath, int]
    given: Mapping[KeyPath, str] = field(default_factory=dict)

    def place(self, path: KeyPath) -> str:
        """`file:line` of the longest known beginning of `path`."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.given:
                return self.given[path[:length]]
            line = self.lines.get(path[:length])
            if line is not None:
                return f"{self.shown}:{line}"
        return self.shown


def read_yaml(path: Path, root: Path | None = None) -> Document:
    """Read a YAML file, refusing what isn't a mapping and keys that stand twice.

    Raises:
        ParametersError: the file is missing, unreadable, not UTF-8 or not YAML, or holds values
            that are still to decide (`!todo`): a line for each, with its question.
    """
    shown = _shown(path, root)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParametersError("there is no such file", where=shown) from None
    except UnicodeDecodeError as error:
        raise ParametersError(f"byte {error.start} is not UTF-8", where=shown) from None
    except OSError as error:
        raise ParametersError(
            f"can't be read ({error.strerror})", where=shown, next_step=to_read(error)
        ) from None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines: dict[KeyPath, int] = {}
        if node is not None:
            _walk(node, (), lines, shown)
            _refuse_undecided(node, text, shown)
        # The node that the lines come from: composing a second time takes as long again.
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ParametersError(f"not YAML: {error.problem}", where=f"{shown}:{line}") from None
    except yaml.YAMLError:
        raise ParametersError("holds a character that no text has", where=shown) from None
    except RecursionError:
        raise ParametersError("an alias (*name) stands within what it names", where=shown) from None
    if not isinstance(data, dict):
        raise ParametersError("a mapping of keys was expected", where=shown)
    return Document(path=path, shown=shown, data=data, lines=lines)


def _shown(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def _walk(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int], shown: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ParametersError("a key is a word", where=f"{shown}:{line}")
            if key.value in seen:
                raise ParametersError(f"the key '{key.value}' twice", where=f"{shown}:{line}")
            seen.add(key.value)
            lines[(*path, key.value)] = line
            _walk(value, (*path, key.value), lines, shown)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines, shown)
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
        _refuse_no_day(node, f"{shown}:{node.start_mark.line + 1}")


def _refuse_no_day(node: yaml.ScalarNode, where: str) -> None:
    try:
        yaml.SafeLoader("").construct_yaml_timestamp(node)
    except ValueError:
        raise ParametersError(f"there is no day '{node.value}'", where=where) from None


def _refuse_undecided(node: yaml.Node, text: str, shown: str) -> None:
    if TAG not in text:
        return
    found = [
        f"{shown}:{item.line}: to decide: {_dotted(item.path)}: {item.question or 'its value'}"
        for item in undecided(node, text)
    ]
    if found:
        raise ParametersError(
            "\n".join(found),
            next_step=f"decide each in the file, and take its '{TAG}' away",
        )


def validate(model: type[Model], document: Document) -> Model:
    """Make `model` of a document; every complaint with file, line and the nearest known key.

    Raises:
        ParametersError: with one line for each complaint.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = [
            (path, item)
            for each in error.errors()
            for path, item in _placed(_in_document(document.data, each), dict(each))
        ]
        complaints = [_complaint(model, document, *item) for item in _deepest(found)]
        raise ParametersError("\n".join(dict.fromkeys(complaints))) from None


Found = tuple[KeyPath, dict[str, Any]]


def _placed(path: KeyPath, item: dict[str, Any]) -> list[Found]:
    """A complaint, or what it holds of complaints about places deeper inside."""
    error = item.get("ctx", {}).get("error")
    if not isinstance(error, PlacedError):
        return [(path, item)]
    return [
        ((*path, *inside), {"type": "value_error", "msg": what})
        for inside, what in error.complaints
    ]


def _in_document(data: Any, item: Mapping[str, Any]) -> KeyPath:
    """The place of a complaint, without the names of the types that a value may have."""
    kept: list[str | int] = []
    path = item["loc"]
    for index, part in enumerate(path):
        last = index == len(path) - 1
        if isinstance(data, dict) and (part in data or (last and item["type"] == "missing")):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        kept.append(part)
    return tuple(kept)


def _deepest(found: Iterable[Found]) -> list[Found]:
    """Complaints without those that another one, deeper inside the same value, explains."""
    items = list(found)
    paths = [path for path, _ in items]
    return [
        (path, item)
        for path, item in items
        if item["type"] == "value_error"
        or not any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    ]


def _complaint(
    model: type[BaseModel], document: Document, path: KeyPath, item: dict[str, Any]
) -> str:
    place = document.place(path)
    dotted = _dotted(path)
    match item["type"]:
        case "extra_forbidden":
            close = nearest(str(path[-1]), known_keys(model, path[:-1]))
            return f"{place}: unknown key '{dotted}'{close}"
        case "missing":
            return f"{place}: the key '{dotted}' is missing"
        case "value_error":
            reason = str(item["ctx"]["error"]) if "ctx" in item else item["msg"]
            return f"{place}: {dotted + ': ' if dotted else ''}{reason}"
        case "date_from_datetime_parsing" | "date_parsing":
            return f"{place}: {dotted}: a date is written 2017-05-01"
    if item["input"] in (None, ""):
        return f"{place}: {dotted}: is blank: give it a value, or leave the key out"
    return f"{place}: {dotted}: {_lower_first(item['msg'])}"


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part) for part in path)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that `model` knows at `path`, through lists, mappings and optional models."""
    at: Any = model
    for part in path:
        at = _inside(at, part)
        if at is None:
            return []
    found = _model_in(at)
    return [info.alias or name for name, info in found.model_fields.items()] if found else []


def _inside(annotation: Any, part: str | int) -> Any:
    found = _model_in(annotation)
    if found is not None and isinstance(part, str) and part in found.model_fields:
        return found.model_fields[part].annotation
    if found is not None and isinstance(part, int):
        return annotation
    return annotation if found is not None else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
