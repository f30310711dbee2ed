"""Many texts as bytes: a sequence of texts as any other, and what is told of all of them."""

import pickle

import numpy as np
import pytest

from helpline_report.exports.many_texts import ManyTexts, ascends, hashed, words_of

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


def test_bytes(texts: ManyTexts) -> None:
    """Which bytes stand in any text: no NUL, though texts are of different lengths."""
    assert "".join(map(chr, np.flatnonzero(texts.bytes_held))) == "".join(sorted({*"".join(TEXTS)}))


def test_lengths_and_digits(texts: ManyTexts) -> None:
    """How many bytes and digits each has; what stands beside the digits in ASCII is none."""
    assert texts.lengths().tolist() == [len(text) for text in TEXTS]
    assert texts.digits().tolist() == [2, 0, 1, 0, 1, 0]
    assert ManyTexts(words_of(["/0:9\x7f~"])).digits().tolist() == [2]


def test_first_bytes(texts: ManyTexts) -> None:
    """A byte by its place; 0 of a text that has none there."""
    assert texts.first(2).tobytes() == b"1\x009\x009k"


def test_numbers_are_in_the_order_of_the_texts() -> None:
    """Of keys that begin alike: as many numbers as texts, of both registers by one measure."""
    known = ManyTexts(words_of(["K2017-0000001", "K2017-00000015", "K2017-0000002", "K2017-10"]))
    asked = ManyTexts(words_of(["K2017-0000002", "K2017-1"]))
    found = known.numbers(asked)
    assert found is not None
    assert found[0].tolist() == sorted(set(found[0].tolist()))
    assert np.searchsorted(found[0], found[1]).tolist() == [2, 3]
    assert found[0][2] == found[1][0]
    assert found[1][1] not in found[0]


@pytest.mark.parametrize("keys", [["K2017-0000001", "K2018-0000001"], ["x" * 17], []])
def test_texts_that_eight_bytes_do_not_tell_apart(keys: list[str]) -> None:
    """They differ too near to their front, are too long, or there are none: no numbers."""
    assert ManyTexts(words_of(keys)).numbers() is None


def test_they_ascend() -> None:
    """By their bytes, over several words; a text that stands twice doesn't."""
    assert ascends(words_of(["", "a", "abcdefgh", "abcdefghi", "b"]))
    assert not ascends(words_of(["abcdefghi", "abcdefgh"]))
    assert not ascends(words_of(["a", "a"]))


def test_as_it_was_when_it_went_to_another_process(texts: ManyTexts) -> None:
    """Its words go, once."""
    sent = pickle.dumps(texts)
    assert list(pickle.loads(sent)) == TEXTS  # noqa: S301
    assert sent.count(b"twenty") == 1


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
