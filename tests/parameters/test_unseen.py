"""What of a text of the parameters a reader sees."""

from __future__ import annotations

import unicodedata

import pytest

from helpline_report.parameters.codelists import Code
from helpline_report.parameters.values import Translated, one_line, remove_unseen

LETTERS = [chr(number) for number in range(0x3000)]


def test_controls_are_left_out() -> None:
    """All of Unicode's, but those that are a kind of space."""
    controls = [letter for letter in LETTERS if unicodedata.category(letter) == "Cc"]
    assert {letter for letter in controls if remove_unseen(letter)} == set(
        "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
    )


def test_marks_of_direction_are_left_out() -> None:
    """Those that open or close a direction, and those that have one themselves and no form."""
    turning = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    marks = [c for c in LETTERS if unicodedata.bidirectional(c) in turning]
    assert len(marks) == len(turning)
    assert remove_unseen("".join(marks) + "\u200e\u200f\u061c") == ""


@pytest.mark.parametrize(
    "text", ["Élan", "a\u00a0b", "\N{HEBREW LETTER ALEF}", "a\u200db", "€ <b>"]
)
def test_what_is_seen_stays(text: str) -> None:
    """Letters of any direction, spaces that don't break, and joiners."""
    assert one_line(text) == text


def test_a_label_is_one_line() -> None:
    """Tabs and line ends are a space, none at the ends."""
    assert one_line("\t=1\r\n+ 1\n") == "=1 + 1"


def test_parameters_hold_what_is_seen() -> None:
    """A label of a code is one line; a longer text keeps its lines."""
    code = Code(code="x", nl="\u202ea\x00\tb ", en="a")
    assert code.label("nl") == "a b"
    assert Translated(nl="een\u200f\ntwee\x07", en="x").nl == "een\ntwee"
