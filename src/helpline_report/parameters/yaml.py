"""Read YAML with the place of every key, override values, and check it against a model."""

import datetime as dt
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpline_report.errors import HelplineError, ParametersError, nearest, undecoded, unread

# The mark of a value that an author still has to decide. A proposed value stands behind it, or
# none; the question is the comment behind that. Who has decided takes it away.
TAG = "!todo"
_COMMENT = re.compile(r"[\s,\]}]*#\s*(?P<words>.*\S)")
# Scalars that may have no value, whether they fit their pattern (2017-02-30, 5,000 digits) or have
# a tag of their own (!!float abc).
_CHECKED = {
    "tag:yaml.org,2002:timestamp": "there is no day",
    "tag:yaml.org,2002:int": "this number can't be read:",
    "tag:yaml.org,2002:float": "this number can't be read:",
    "tag:yaml.org,2002:bool": "this is neither true nor false:",
}
YAML_STEP = (
    "put a text with ': ', '#' or brackets in quotes, close what is opened here or above, and "
    "indent with spaces, not tabs"
)
SCALAR_STEP = "correct it, or write it in quotes and without '!!' if it is a text"
# The largest file of the sample has 30 kB and 2,000 values, five levels deep. What is far beyond
# these was made to fill the memory.
MOST_BYTES = 1_000_000
MOST_VALUES = 20_000
DEEPEST = 50
# At most this many complaints are listed in a message.
MOST_COMPLAINTS = 100
# At most this many keys are named if none is like the unknown one.
FEW_KEYS = 12
# At most this many characters of a value.
MOST_SHOWN = 40
# libyaml's loader where PyYAML was built with it: the same rules, eight times as fast.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KeyPath = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
Stop = TypeVar("Stop", bound=HelplineError)
Ordered = TypeVar("Ordered", str, dt.date)


# An example of what fits each pattern of a text: messages show it in place of the pattern.
_EXAMPLES: dict[str, str] = {}


# What is expected of a type, in the words of somebody who writes YAML.
_KEYS = "a mapping of keys was expected"
_EXPECTED = {
    "model": _KEYS,
    "dict": _KEYS,
    "list": "a list was expected: write it in brackets, or a line each behind '- '",
    "int": "a whole number was expected",
    "bool": "true or false was expected",
    "date": "a date is written 2017-05-01",
}


def match_pattern(pattern: str, example: str) -> Any:
    """A field of a model whose text has a pattern, of which messages show an example."""
    _EXAMPLES[pattern] = example
    return Field(pattern=pattern)


class PlacedError(ValueError):
    """Complaints of a model about itself or what lies inside it, each with its path from there."""

    def __init__(self, complaints: Sequence[tuple[KeyPath, str]]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(f"{_dotted(path)}{what}" for path, what in complaints))


class Closed(BaseModel):
    """A frozen model that refuses keys it doesn't know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckedModel(Closed):
    """A closed model whose values must go together."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        complaints = [((), each) if isinstance(each, str) else each for each in self._complaints()]
        if complaints:
            raise PlacedError(complaints)
        return self

    @abstractmethod
    def _complaints(self) -> Iterable[str | tuple[KeyPath, str]]:
        """What can't be: of the model as a whole, or of what lies at a path inside it."""


def find_repeated(values: Iterable[Ordered]) -> Ordered | None:
    """The least of the values that stand twice, if any does."""
    return min((value for value, times in Counter(values).items() if times > 1), default=None)


@dataclass(frozen=True)
class Document:
    """A YAML file: its data, and where each key path stands: `file:line`, or `--set a=b`."""

    path: Path
    label: str
    data: Any
    places: Mapping[KeyPath, str]

    def place(self, path: KeyPath) -> str:
        """The place of the longest known beginning of `path`."""
        beginnings = (path[:length] for length in range(len(path), -1, -1))
        return next((self.places[each] for each in beginnings if each in self.places), self.label)


def refuse_large(path: Path, name: str, most: int = MOST_BYTES) -> None:
    """Refuse a file of more than `most` bytes before it is read.

    Raises:
        ParametersError: it has more.
        OSError: there is no such file, or it can't be looked at.
    """
    size = path.stat().st_size
    if size > most:
        what = f"the file has {size:,} bytes; such a file has {most:,} at most"
        raise ParametersError(what, where=name, next_step="see that this is the right file")


def read_text(path: Path, name: str, step: str = "") -> str:
    """The text of a file of the project; `step` is what to do where there is none.

    Raises:
        ParametersError: the file is missing, unreadable, too large or not UTF-8.
    """
    try:
        refuse_large(path, name)
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ParametersError("there is no such file", where=name, next_step=step) from None
    except UnicodeDecodeError as error:
        raise undecoded(error, name, ParametersError) from None
    except OSError as error:
        raise unread(error, name, ParametersError) from None


def read_yaml(path: Path, root: Path | None = None) -> Document:
    """Read a YAML file, refusing what isn't a mapping and keys that stand twice.

    Raises:
        ParametersError: the file is missing, unreadable, not UTF-8 or not YAML, larger or deeper
            than parameters are, or holds values that are still to decide (`!todo`): a line for
            each, with its question.
    """
    inside = root is not None and path.is_relative_to(root)
    name = path.relative_to(root).as_posix() if root is not None and inside else path.name
    data, places = _parse(read_text(path, name), name)
    if not isinstance(data, dict):
        raise ParametersError(_KEYS, where=name)
    return Document(path, name, data, places)


@cache
def read_resource(package: str, name: str) -> Document:
    """A YAML file that stands in a package."""
    with as_file(files(package).joinpath(name)) as path:
        return read_yaml(path)


def make_error(kind: type[Stop], case: str, where: str = "", /, **values: object) -> Stop:
    """An error that stops a command, by the name of its case in `messages.yaml`."""
    messages = read_resource(__package__, "messages.yaml").data
    what, step = (text.format_map(values) for text in messages[case])
    return kind(what, where=where, next_step=step)


def read_phrases(package: str, language: str) -> Mapping[str, str]:
    """The phrases of a language by their key, from the folder `catalogue` of a package.

    Raises:
        ParametersError: there are none in this language.
    """
    phrases: Mapping[str, str] = read_resource(package, f"catalogue/{language}.yaml").data
    return phrases


@lru_cache(maxsize=128)
def _parse(text: str, name: str) -> tuple[Any, dict[KeyPath, str]]:
    """The data of a YAML text, and where each key path stands; nobody changes them."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise ParametersError(
                    f"nested more than {DEEPEST} levels deep",
                    where=f"{name}:{event.start_mark.line + 1 if event.start_mark else 0}",
                    next_step="parameters are ten levels deep at most: take what is nested apart",
                )
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, {}
        places = _locate_values(node, text.split("\n"), name)
        # The node that the places come from: composing a second time takes as long again.
        return loader.construct_document(node), places
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        what = f"not YAML: {error.problem}"
        raise ParametersError(what, where=f"{name}:{line}", next_step=YAML_STEP) from None
    except yaml.YAMLError:
        raise ParametersError("holds a character that no text has", where=name) from None
    except RecursionError:
        raise ParametersError("an alias (*name) stands within what it names", where=name) from None


def _locate_values(root: yaml.Node, texts: Sequence[str], name: str) -> dict[KeyPath, str]:
    """The place of each value; refuses too many, days that don't exist, and what is to decide."""
    places: dict[KeyPath, str] = {}
    undecided: list[str] = []
    constructor = yaml.SafeLoader("")
    for path, line, node in _walk(root, (), root.start_mark.line + 1, name):
        places[path] = where = f"{name}:{line}"
        if len(places) > MOST_VALUES:
            raise ParametersError(
                f"holds more than {MOST_VALUES:,} values, those that aliases (*name) repeat too",
                where=where,
                next_step="see that this is the right file, and write each value where it stands",
            )
        if node.tag == TAG:
            # The question is the comment behind the value, or behind the tag of a block.
            block = isinstance(node, yaml.CollectionNode) and not node.flow_style
            mark, skipped = (node.start_mark, len(TAG)) if block else (node.end_mark, 0)
            comment = _COMMENT.match(texts[mark.line][mark.column + skipped :])
            question = comment["words"] if comment else "its value"
            undecided.append(f"{where}: to decide: {_dotted(path)}{question}")
        if node.tag in _CHECKED:
            try:
                constructor.construct_object(node)
            except (ValueError, LookupError, AttributeError, ArithmeticError):
                what = f"{_CHECKED[node.tag]} '{node.value[:MOST_SHOWN]}'"
                raise ParametersError(what, where=where, next_step=SCALAR_STEP) from None
    if undecided:
        step = f"decide each in the file, and take its '{TAG}' away"
        raise ParametersError("\n".join(undecided), next_step=step)
    return places


def _walk(
    node: yaml.Node, path: KeyPath, line: int, name: str
) -> Iterator[tuple[KeyPath, int, yaml.Node]]:
    """A node, its keys and what is inside it, as often as aliases repeat it, with path and line."""
    yield path, line, node
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), item.start_mark.line + 1, name)
    elif isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ParametersError("a key is a word", where=f"{name}:{at}")
            if key.value in names:
                raise ParametersError(f"the key '{key.value}' twice", where=f"{name}:{at}")
            names.add(key.value)
            yield (*path, key.value), at, key
            yield from _walk(value, (*path, key.value), at, name)


def write_scalar(text: str) -> str:
    """A text as YAML writes it within braces or brackets, in quotes where it needs them."""
    written: str = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000)
    return written.strip()[1:-1]


def count_undecided(text: str) -> int:
    """How many values of a YAML text are still to decide."""
    return sum(getattr(event, "tag", None) == TAG for event in yaml.parse(text, Loader=_Loader))


def override(document: Document, overrides: Sequence[str], model: type[BaseModel]) -> Document:
    """A document of `model` with `a.b.0.c=value` set; values are YAML.

    Raises:
        ParametersError: no `=`, a path that leads nowhere, or a value that isn't one of YAML.
    """
    data, places = document.data, dict(document.places)
    for text in overrides:
        key, equals, value = text.partition("=")
        if not equals or not key:
            what = f"--set {text}: 'key=value' was expected"
            raise ParametersError(what, next_step="--set calendar.working_days=[1,2,3,4,5]")
        parts = key.strip().split(".")
        path = tuple(int(p) if p.isascii() and p.isdecimal() else p for p in parts)
        try:
            # 'Two: three' is a title, and no key with its value: keys have small letters.
            is_title = ": " in value and value[:1].isupper()
            parsed = value if is_title else _parse(value, "--set")[0]
        except ParametersError as error:
            raise ParametersError(
                f"--set {text}: {error.what}", next_step=error.next_step
            ) from None
        try:
            data = _with_value(data, path, 0, parsed, model)
        except LookupError as error:
            raise ParametersError(f"--set {text}: {error.args[0]}") from None
        places = {at: place for at, place in places.items() if at[: len(path)] != path}
        new = {path[:length]: f"--set {text}" for length in range(1, len(path) + 1)}
        places = {**new, **places, path: f"--set {text}"}
    return Document(document.path, document.label, data, places)


def _with_value(data: Any, path: KeyPath, at: int, value: Any, model: type[BaseModel]) -> Any:
    """The same data with another value behind the keys of a path from the place `at` on."""
    if at == len(path):
        return value
    part, is_last, known = path[at], at == len(path) - 1, list_known_keys(model, path[:at])
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        inside = _with_value(data[part], path, at + 1, value, model)
        return [*data[:part], inside, *data[part + 1 :]]
    if isinstance(data, dict):
        key = part if part in data else str(part)
        before = {} if data.get(key) is None and part in known else data.get(key)
        if is_last or before is not None:
            return {**data, key: _with_value(before, path, at + 1, value, model)}
    hint = f"; the last is '{len(data) - 1}'" if isinstance(data, list) else ""
    what = f"there is no '{part}' here{hint or nearest(str(part), known)}"
    raise LookupError(f"'{part}' leads nowhere" if is_last else what)


def validate(model: type[Model], document: Document) -> Model:
    """Make `model` of a document; every complaint with file, line and the nearest known key.

    Raises:
        ParametersError: with one line for each complaint.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        errors = error.errors()
    # For each complaint: its path, its words, and whether a model of ours makes it.
    placed: list[tuple[KeyPath, str, bool]] = []
    for item in errors[:MOST_COMPLAINTS]:
        path, inner = _find_path(document.data, item), item.get("ctx", {}).get("error")
        if isinstance(inner, PlacedError):
            inside = (((*path, *at), what) for at, what in inner.complaints)
            placed += [(at, f"{_dotted(at)}{what}", True) for at, what in inside]
        else:
            placed.append((path, _describe(model, path, item), item["type"] == "value_error"))
    complaints = [
        f"{_locate(document, path, ours=ours)}: {what}"
        for path, what, ours in placed
        # A complaint about something inside the same value explains this one.
        if ours or not any(len(at) > len(path) and at[: len(path)] == path for at, *_ in placed)
    ]
    if len(errors) > MOST_COMPLAINTS:
        complaints.append(f"{document.label}: and {len(errors) - MOST_COMPLAINTS} more")
    raise ParametersError("\n".join(dict.fromkeys(complaints)))


def _locate(document: Document, path: KeyPath, *, ours: bool) -> str:
    """The place of a complaint: if a model of ours made it, perhaps an override within `path`."""
    inside = [place for at, place in document.places.items() if path and at[: len(path)] == path]
    overrides = [place for place in inside if ours and place.startswith("--set")]
    return overrides[-1] if overrides else document.place(path)


def _find_path(data: Any, item: Mapping[str, Any]) -> KeyPath:
    """The place of a complaint, without the names of the types that a value may have."""
    parts: list[str | int] = []
    path = item["loc"]
    for index, part in enumerate(path):
        missing = item["type"] == "missing" and index == len(path) - 1
        if isinstance(data, dict) and (part in data or missing):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        parts.append(part)
    return tuple(parts)


def _describe(model: type[BaseModel], path: KeyPath, item: Mapping[str, Any]) -> str:
    """A complaint of pydantic in the words of somebody who writes YAML."""
    key, dotted = ".".join(map(str, path)), _dotted(path)
    message, value = item["msg"], item["input"]
    match item["type"]:
        case "extra_forbidden":
            known = list_known_keys(model, path[:-1])
            few = f"; there are: {', '.join(known)}" if len(known) <= FEW_KEYS else ""
            return f"unknown key '{key}'{nearest(str(path[-1]), known) or few}"
        case "missing":
            return f"the key '{key}' is missing"
        case "value_error":
            return f"{dotted}{message.removeprefix('Value error, ')}"
        case kind if value not in (None, "") and (of := kind.partition("_")[0]) in _EXPECTED:
            keys = f": {', '.join(list_known_keys(model, path))}" if of == "model" else ""
            return f"{dotted}{_EXPECTED[of]}{keys}"
        case "string_type" if isinstance(value, int | float | dt.date):
            return f"{dotted}text was expected: write it in quotes"
        case "string_pattern_mismatch" if value:
            return f"{dotted}write it like '{_EXAMPLES[item['ctx']['pattern']]}'"
    if value in (None, ""):
        return f"{dotted}is blank: give it a value, or leave the key out"
    return f"{dotted}{message[:1].lower()}{message[1:]}"


def _dotted(path: KeyPath) -> str:
    """A path as messages begin with it; nothing for the whole of a file."""
    return ".".join(map(str, path)) + ": " if path else ""


def list_known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that `model` knows at `path`, through lists, mappings and optional models."""
    inner: type[BaseModel] | None = model
    for part in path:
        # A place in a list, or a key of a mapping, leads to the model inside.
        if inner is not None and part in inner.model_fields:
            inner = _model_in(inner.model_fields[str(part)].annotation)
    return [info.alias or name for name, info in inner.model_fields.items()] if inner else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = map(_model_in, getattr(annotation, "__args__", ()))
    return next((model for model in models if model is not None), None)
