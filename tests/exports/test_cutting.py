"""Rows cut at their delimiters all at once: the same columns as reading them one by one gives."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from helpline_report.exports import cutting, growing
from helpline_report.exports.cutting import cut
from helpline_report.exports.many_texts import ManyTexts
from helpline_report.exports.structure import scan
from helpline_report.exports.text import TextColumn, parse

CELLS = ["", " ", "a", "C-1", "01/02/2017", "Oost-Vlaanderen", "éénouder", "x" * 40, "NULL", "007"]


def columns(text: bytes, width: int, wanted: Sequence[int]) -> dict[int, TextColumn] | None:
    """Columns of all rows of a text."""
    found = scan(text, ";")
    return cut(text, found.starts, found.ends, delimiter=";", width=width, wanted=wanted)


def drawn(rows: int, seed: int) -> bytes:
    """Rows of four cells, of which the first is a key."""
    random = Random(seed)
    lines = [
        ";".join([f"K{random.randrange(rows):07}", *random.choices(CELLS, k=3)])
        for _ in range(rows)
    ]
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("few", [0, 20_000])
def test_the_same_as_reading_them(seed: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts in the order in which they appear, and their places, over several chunks."""
    monkeypatch.setattr(cutting, "CHUNK", 300)
    monkeypatch.setattr(growing, "FEW", few)
    text = drawn(1000, seed)
    found, read = columns(text, 4, [0, 1, 3]), parse(text, ";", 4, [0, 1, 3])
    assert found is not None
    for at, column in read.items():
        assert list(found[at].distinct) == list(column.distinct)
        assert np.array_equal(found[at].codes, column.codes)


def test_many_texts_stay_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of keys is made of bytes; one with letters beyond ASCII is made of texts."""
    monkeypatch.setattr(growing, "FEW", 2)
    found = columns("k1;é\nk2;b\nk3;c\n".encode(), 2, [0, 1])
    assert found is not None
    assert isinstance(found[0].distinct, ManyTexts)
    assert found[1].distinct == ["é", "b", "c"]


def test_some_rows_of_a_text() -> None:
    """Rows between them, of whatever width, are passed over."""
    text = b"a;b\nc\nd;e\nf;g;h\ni;j\n"
    found = scan(text, ";")
    two = found.fields == 2
    columns = cut(text, found.starts[two], found.ends[two], delimiter=";", width=2, wanted=[1])
    assert columns is not None
    assert columns[1].distinct == ["b", "e", "j"]


def test_no_newline_at_the_end() -> None:
    """The last cell ends with the text."""
    found = columns(b"a;b\nc;d", 2, [0, 1])
    assert found is not None
    assert found[1].distinct == ["b", "d"]


@pytest.mark.parametrize("text", [b'a;"b"\n', b"a;" + b"x" * 65 + b"\n"])
def test_what_is_read_one_by_one(text: bytes) -> None:
    """Cells in quotes, and long ones, are left to another reader."""
    assert columns(text, 2, [0, 1]) is None


def test_two_texts_with_one_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """They aren't taken for one: another reader takes the rows."""
    monkeypatch.setattr(growing, "hashed", lambda words: np.zeros(len(words), dtype=np.uint64))
    assert columns(b"one more text;1\na long text;2\n", 2, [0, 1]) is None
