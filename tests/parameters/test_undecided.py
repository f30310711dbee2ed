"""Values still to decide are told with their question, and nothing goes on without them."""

from pathlib import Path

import pytest

from helpline_report.errors import ParametersError
from helpline_report.parameters.yaml import read_yaml

STEP = "\n  → decide each in the file, and take its '!todo' away"


def refused(folder: Path, text: str) -> str:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParametersError) as error:
        read_yaml(path, folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("who: !todo  # who decides?\n", "x.yaml:1: to decide: who: who decides?"),
        ("a: 1\nwho: !todo me  # is it you?\n", "x.yaml:2: to decide: who: is it you?"),
        ('who: !todo "a # b"  # is it you?\n', "x.yaml:1: to decide: who: is it you?"),
        ("days: !todo [1, 2]  # all?\n", "x.yaml:1: to decide: days: all?"),
        ("days: {first: !todo 1}  # so early?\n", "x.yaml:1: to decide: days.first: so early?"),
        ("days:\n  - !todo {a: 1}  # open?\n", "x.yaml:2: to decide: days.0: open?"),
        ("days: !todo  # the same?\n  - {a: 1}\n", "x.yaml:1: to decide: days: the same?"),
        ("# Is it\n# you?\nwho: !todo me\n", "x.yaml:3: to decide: who: Is it you?"),
        ("who: !todo me\n", "x.yaml:1: to decide: who: its value"),
        (
            "a: !todo  # one?\nb: {c: !todo 2}  # two?\n",
            "x.yaml:1: to decide: a: one?\nx.yaml:2: to decide: b.c: two?",
        ),
    ],
)
def test_what_is_to_decide_is_told_with_its_question(
    tmp_path: Path, text: str, message: str
) -> None:
    """Each on its own line; the question is the comment behind the value, or above it."""
    assert refused(tmp_path, text) == message + STEP


def test_a_text_that_speaks_of_the_tag_is_no_question(tmp_path: Path) -> None:
    """Only a tag is one, in front of a value."""
    path = tmp_path / "x.yaml"
    path.write_text('a: "!todo"  # !todo\n', encoding="utf-8")
    assert read_yaml(path).data == {"a": "!todo"}
