from __future__ import annotations

import pytest

from helpline_report.parameters.values import Translated, has_broken_mark, remove_marks, split_marks

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
