"""Texts of the parameters as readers see them: without marks, controls and line ends."""

import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpline_report.parameters.codelists import Code
from helpline_report.parameters.values import (
    Translated,
    has_broken_mark,
    one_line,
    remove_marks,
    remove_unseen,
    split_marks,
)
from tests.cases import read_cases

CASES = read_cases(Path(__file__).with_name("cases.yaml"))

# What of a text of the parameters a reader sees

LETTERS = [chr(number) for number in range(0x3000)]


def test_what_nobody_sees_is_left_out() -> None:
    """Controls but those that are a kind of space, and marks of direction that have no form."""
    controls = [letter for letter in LETTERS if unicodedata.category(letter) == "Cc"]
    assert {letter for letter in controls if remove_unseen(letter)} == set(
        "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
    )
    turning = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    marks = [c for c in LETTERS if unicodedata.bidirectional(c) in turning]
    assert len(marks) == len(turning)
    assert remove_unseen("".join(marks) + "\u200e\u200f\u061c") == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # Letters of any direction, spaces that don't break, and joiners stay.
        *(
            (text, text)
            for text in ("Élan", "a\u00a0b", "\N{HEBREW LETTER ALEF}", "a\u200db", "€ <b>")
        ),
        # Tabs and line ends are a space, none at the ends.
        ("\t=1\r\n+ 1\n", "=1 + 1"),
    ],
)
def test_a_label_is_what_is_seen_in_one_line(text: str, line: str) -> None:
    """No more and no less."""
    assert one_line(text) == line


def test_parameters_hold_what_is_seen() -> None:
    """In one line, as pages and PDF have it: YAML knows texts of several."""
    code = Code(code="x", nl="\u202ea\x00\tb ", en="a")
    assert code.label("nl") == "a b"
    assert Translated(nl="een\u200f\ntwee\x07", en="x").nl == "een twee"


@pytest.mark.parametrize("text", ["\u200b", "\u00a0 ", "\u200e", "\n"])
def test_a_text_that_nobody_sees_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"nl\n.*says nothing; write the words"):
        Translated(nl=text, en="x")
    with pytest.raises(ValidationError, match=r"nl\n.*says nothing; write the words"):
        Code(code="x", nl=text, en="a")


MARKED = "op [honderd bussen](<bron:het persbericht>), overal"


def test_words_have_their_source() -> None:
    """Each piece has the source that it stands on; readers get the words, `given` keeps marks."""
    assert list(split_marks(MARKED)) == [
        ("op ", None),
        ("honderd bussen", "het persbericht"),
        (", overal", None),
    ]
    assert remove_marks(MARKED) == "op honderd bussen, overal"
    text = Translated(nl=MARKED, en="everywhere")
    assert text.in_language("nl") == "op honderd bussen, overal"
    assert text.with_marks("nl") == MARKED


def test_mark_is_that_of_the_texts() -> None:
    """Dutch or English, in angle brackets or not, as Markdown has it; other brackets are text."""
    for mark in ("(<bron:wet>)", "(bron:wet)", "(<source: wet >)"):
        assert list(split_marks(f"[62]{mark}")) == [("62", "wet")]
    for text in ("[sic] (bron: ons)", "een [woord](https://x.be)", "a < b", ""):
        assert remove_marks(text) == text


@pytest.mark.parametrize(("text", "broken"), CASES["marks"])
def test_a_mark_without_source_or_end_is_broken(text: str, *, broken: bool) -> None:
    """A source that says nothing, and a mark that isn't closed; other brackets are no fault."""
    assert has_broken_mark(text) is broken
