"""Many texts as bytes: a sequence of texts as any other, and what is told of all of them."""

import numpy as np
import pytest

from helpline_report.exports.many_texts import ManyTexts, hashed, words_of

TEXTS = ["C-10", "", "C-9", " x", "c-9\t", "a key of twenty signs"]


@pytest.fixture
def texts() -> ManyTexts:
    """Some texts of ASCII."""
    return ManyTexts(words_of(TEXTS))


def test_a_sequence(texts: ManyTexts) -> None:
    """It holds what it was made of."""
    assert (list(texts), len(texts), texts[2], texts[4:]) == (TEXTS, 6, "C-9", TEXTS[4:])


def test_what_it_holds(texts: ManyTexts) -> None:
    """The empty text too, where it is there, and no part of a text."""
    assert [text in texts for text in ("", "C-9", "C-", 9)] == [True, True, False, False]


def test_flat(texts: ManyTexts) -> None:
    """All bytes, a newline after each text."""
    assert texts.flat().tobytes() == "\n".join([*TEXTS, ""]).encode()


def test_edges(texts: ManyTexts) -> None:
    """The first and the last byte of each."""
    first, last = texts.edges()
    assert first.tobytes() == b"C\0C ca"
    assert last.tobytes() == b"0\0" + b"9x\ts"


def test_letters() -> None:
    """Whether there are small letters, and capitals."""
    assert ManyTexts(words_of(["A1"])).letters() == (False, True)
    assert ManyTexts(words_of(["a1", "B"])).letters() == (True, True)


def test_by_length(texts: ManyTexts) -> None:
    """Shorter ones first; of those as long by their letters."""
    order = sorted(range(6), key=lambda at: (len(TEXTS[at]), TEXTS[at]))
    assert texts.by_length().tolist() == order


def test_hashes_are_of_the_text() -> None:
    """They are the same beside longer texts, and of other letters than those of ASCII."""
    alone, beside = hashed(words_of(["é-1"])), hashed(words_of(["é-1", "a much longer text"]))
    assert alone[0] == beside[0]


def test_hashes_differ() -> None:
    """Of a hundred thousand keys that are alike, no two have one."""
    keys = [f"P2017-{number:07}" for number in range(100_000)]
    assert len(np.unique(hashed(words_of(keys)))) == len(keys)
