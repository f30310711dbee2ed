"""YAML with the place of every key, and complaints told with that place."""

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import Field

from helpline_report.errors import ParametersError
from helpline_report.parameters.yaml import (
    CheckedModel,
    Closed,
    Document,
    list_known_keys,
    override,
    read_yaml,
    validate,
)
from tests.cases import read_cases
from tests.conftest import refusal

CASES = read_cases(Path(__file__).with_name("cases.yaml"))


class Room(Closed):
    """A room."""

    seats: int = Field(ge=1)
    painted: dt.date | None = None
    colour: str = "white"


class House(Closed):
    """A house with rooms."""

    name: str
    rooms: list[Room] = []
    garden: Room | None = None
    owners: dict[str, Room | int] = {}


def put(folder: Path, text: str | bytes) -> Path:
    path = folder / "house.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> str:
    path = put(folder, text)
    return refusal(ParametersError, lambda: validate(House, read_yaml(path, folder)))


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise("abcdef")
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: 1\n" * 400_000, "house.yaml: the file has 2,000,000 bytes; such a file has 1,000,000"),
        ("- " * 400_000, "house.yaml:1: nested more than 50 levels deep"),
        ("{a: " * 900 + "1" + "}" * 900, "house.yaml:1: nested more than 50 levels deep"),
        ("[" + "x," * 100_000 + "]", "house.yaml:1: holds more than 20,000 values"),
        (ALIASES, "house.yaml:1: holds more than 20,000 values, those that aliases (*name) repeat"),
    ],
)
def test_a_file_that_would_fill_the_memory(tmp_path: Path, text: str, message: str) -> None:
    """Too large, too deep, or repeating itself: refused before it is unfolded."""
    assert refused(tmp_path, text).startswith(message)


def test_the_first_hundred_unknown_keys_are_listed(tmp_path: Path) -> None:
    lines = refused(tmp_path, "".join(f"k{n}: 1\n" for n in range(1_000))).splitlines()
    assert len(lines) == 101
    assert lines[-1] == "house.yaml: and 901 more"


def test_a_file_is_read_with_the_lines_of_its_keys(tmp_path: Path) -> None:
    """A byte order mark is no part of the first key; a text that speaks of a tag is no question."""
    document = read_yaml(put(tmp_path, "\ufeffname: x\nrooms:\n  - seats: 3\n"), tmp_path)
    assert document.data == {"name": "x", "rooms": [{"seats": 3}]}
    assert document.place(("rooms", 0, "seats")) == "house.yaml:3"
    assert document.place(("rooms", 0, "colour")) == "house.yaml:3"
    assert read_yaml(put(tmp_path, 'a: "!todo"  # !todo\n')).data == {"a": "!todo"}


def test_what_was_read_stays_as_it_was_read(tmp_path: Path) -> None:
    """A text is read once: whoever reads it later gets the same values, which nobody changes."""
    path = put(tmp_path, "name: x\nrooms: [{seats: 3}]\nowners: {she: {seats: 1}}\n")
    before = deepcopy(read_yaml(path).data)
    changes = ("name=y", "rooms.0.seats=4", "garden.seats=2", "owners.she.colour=red")
    assert validate(House, override(read_yaml(path), changes, House)).rooms[0].seats == 4
    validate(House, read_yaml(path))
    assert read_yaml(path).data == before


@pytest.mark.parametrize(
    ("garden", "place"),
    [("garden:\n  colour: red\n", "house.yaml:2"), ("", "--set garden.colour=blue")],
)
def test_an_override_is_to_blame_for_a_missing_key_of_what_it_makes(
    tmp_path: Path, garden: str, place: str
) -> None:
    """If the file has the mapping, the file lacks the key."""
    document = read_yaml(put(tmp_path, f"name: x\n{garden}"), tmp_path)
    assert (
        refusal(ParametersError, validate, House, override(document, ["garden.colour=blue"], House))
        == f"{place}: the key 'garden.seats' is missing"
    )


@pytest.mark.parametrize(("text", "message"), CASES["mistakes"])
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    """The message has file and line, and the nearest known key."""
    assert refused(tmp_path, text) == message


def test_a_model_tells_what_lies_deeper_by_its_own_place() -> None:
    """A complaint about one item of a list stands on the line of that item."""

    class Street(CheckedModel):
        houses: list[int]

        def _complaints(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
            for at, number in enumerate(self.houses):
                if number % 2 == 0:
                    yield ("houses", at), f"{number} is even"

    document = Document(
        Path("x"), "x.yaml", {"houses": [1, 2, 4]}, {("houses", 2): "x.yaml:4", (): "x.yaml:1"}
    )
    assert (
        refusal(ParametersError, validate, Street, document)
        == "x.yaml:1: houses.1: 2 is even\nx.yaml:4: houses.2: 4 is even"
    )


def test_a_file_that_cant_be_read_is_told_without_its_folder(tmp_path: Path) -> None:
    """Which may say whose machine it is on."""
    gone = refusal(ParametersError, read_yaml, tmp_path / "nothing.yaml")
    assert gone == "nothing.yaml: there is no such file"
    assert refusal(ParametersError, read_yaml, tmp_path, tmp_path.parent) == (
        f"{tmp_path.name}: can't be read (Is a directory)\n"
        "  → see that it is a file, on a disk that is there and sound, and run again"
    )


def test_keys_are_known_at_any_depth() -> None:
    """Through lists, mappings and what may be absent."""
    for path in (("rooms", 0), ("garden",), ("owners", "she")):
        assert list_known_keys(House, path) == ["seats", "painted", "colour"]
    assert list_known_keys(House, ("name", "x")) == []


# What is still to decide

DECIDE = "\n  → decide each in the file, and take its '!todo' away"


@pytest.mark.parametrize(("text", "message"), CASES["undecided"])
def test_what_is_to_decide_is_told_with_its_question(
    tmp_path: Path, text: str, message: str
) -> None:
    """Each on its own line; the question is the comment behind the value, or above it."""
    assert refused(tmp_path, text) == message + DECIDE
