"""Texts of the parameters as readers see them: without marks, controls and line ends."""

from __future__ import annotations

import unicodedata

import pytest

from helpline_report.parameters.codelists import Code
from helpline_report.parameters.values import (
    Translated,
    has_broken_mark,
    one_line,
    remove_marks,
    remove_unseen,
    split_marks,
)

# What of a text of the parameters a reader sees

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


MARKED = "op [honderd bussen](<bron:het persbericht>), overal"


def test_readers_get_the_words() -> None:
    """A mark is for who checks: what is published has the words alone."""
    assert remove_marks(MARKED) == "op honderd bussen, overal"


def test_words_have_their_source() -> None:
    """The pieces of a text, each with the source that it stands on."""
    assert list(split_marks(MARKED)) == [
        ("op ", None),
        ("honderd bussen", "het persbericht"),
        (", overal", None),
    ]


@pytest.mark.parametrize("mark", ["(<bron:wet>)", "(bron:wet)", "(<source: wet >)"])
def test_mark_is_that_of_the_texts(mark: str) -> None:
    """Dutch or English, in angle brackets or not, as Markdown has it."""
    assert list(split_marks(f"[62]{mark}")) == [("62", "wet")]


@pytest.mark.parametrize("text", ["[sic] (bron: ons)", "een [woord](https://x.be)", "a < b", ""])
def test_other_brackets_are_text(text: str) -> None:
    """What marks no source stays as it was written."""
    assert remove_marks(text) == text


@pytest.mark.parametrize(
    "text", ["[62](<bron:>)", "[62](<bron: >)", "[62](<bron:de wet)", "[[6]](bron:x y)"]
)
def test_broken_mark(text: str) -> None:
    """A source that says nothing, and a mark that isn't closed."""
    assert has_broken_mark(text)


def test_sound_mark() -> None:
    """Marks and other brackets are no fault."""
    assert not has_broken_mark(f"{MARKED} [sic]")


def test_translation_without_its_marks() -> None:
    """A text in the languages of the report is as readers get it; `given` keeps the marks."""
    text = Translated(nl=MARKED, en="everywhere")
    assert text.in_language("nl") == "op honderd bussen, overal"
    assert text.given("nl") == MARKED
