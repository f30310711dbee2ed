"""Columns of text as an export holds them, by their distinct values."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.signedinteger]
Lines = npt.NDArray[np.int32]
CHUNK = 500_000


def narrowed(texts: int) -> type[np.signedinteger]:
    """The narrowest whole numbers that are the places of so many texts."""
    return next(kind for kind in (np.int8, np.int16, np.int32) if texts <= np.iinfo(kind).max + 1)


@dataclass(frozen=True)
class TextColumn:
    """One column: its distinct texts, and for each row the place of its text among them.

    A year of contacts has 365 dates and a dozen channels: checks and conversions look at the
    distinct texts, and cost the same for a thousand rows and for millions. `codes` are whole
    numbers as wide as they have to be.
    """

    distinct: Sequence[str]
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: npt.NDArray[np.bool_]) -> TextColumn:
        """The column of some rows."""
        return TextColumn(self.distinct, self.codes[rows])

    def below_first(self) -> TextColumn:
        """The column without its first row."""
        return TextColumn(self.distinct, self.codes[1:])

    def holding(self, places: Sequence[int]) -> npt.NDArray[np.bool_]:
        """The rows that hold one of some distinct texts, by their places."""
        if not len(places):
            return np.zeros(len(self), dtype=np.bool_)
        wanted = np.zeros(len(self.distinct), dtype=np.bool_)
        wanted[list(places)] = True
        rows: npt.NDArray[np.bool_] = wanted[self.codes]
        return rows

    def first(self, place: int) -> int:
        """The first row that holds the distinct text at `place`."""
        return int((self.codes == place).argmax())

    def series(self) -> pd.Series[str]:
        """The texts, a row each, as a pandas category."""
        texts = pd.Index(list(self.distinct), dtype="str")
        return pd.Series(pd.Categorical.from_codes(self.codes, categories=texts))


@dataclass(frozen=True)
class TextTable:
    """The rows of one file: named columns of text, and the physical line of each row."""

    columns: dict[str, TextColumn]
    lines: Lines

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, rows: npt.NDArray[np.bool_]) -> TextTable:
        """The table of some rows."""
        columns = {name: column.take(rows) for name, column in self.columns.items()}
        return TextTable(columns, self.lines[rows])

    def frame(self) -> pd.DataFrame:
        """`line` and the columns as text, a row each: what a second engine counts again from."""
        texts = {name: column.series() for name, column in self.columns.items()}
        return pd.DataFrame({"line": self.lines, **texts})


def parse(body: bytes, delimiter: str, width: int, wanted: list[int]) -> dict[int, TextColumn]:
    """Read the fields of rows that are known to have `width` fields each; `wanted` by position.

    Every field stays the text that it is: `NA`, `007` and `1E05` too.
    """
    # pandas takes a byte order mark off the first cell: a row of blanks stands before that.
    marked = body.startswith(codecs.BOM_UTF8)
    if marked:
        body = delimiter.encode() * (width - 1) + b"\n" + body
    # Not dtype="category": pandas 3.1 makes numbers of categories that look like numbers, and
    # then `01`, ` 1` and `1` are one key.
    chunks = pd.read_csv(
        io.BytesIO(body),
        sep=delimiter,
        header=None,
        names=range(width),
        usecols=wanted,
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        index_col=False,
        encoding="utf-8",
        engine="c",
        chunksize=CHUNK,
    )
    growing = {position: _Growing() for position in wanted}
    for chunk in chunks:
        for position, column in growing.items():
            column.add(chunk[position].to_numpy())
    found = {position: column.finished() for position, column in growing.items()}
    return {at: column.below_first() for at, column in found.items()} if marked else found


class _Growing:
    """A column that grows by chunks of rows; its distinct texts stand in order of appearance."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._codes: list[Codes] = []

    def add(self, texts: npt.NDArray[np.object_]) -> None:
        """Add the texts of a chunk."""
        codes, distinct = pd.factorize(texts)
        places = [self._places.setdefault(text, len(self._places)) for text in distinct]
        self._codes.append(np.array(places, dtype=np.int32)[codes])

    def finished(self) -> TextColumn:
        """The column of all chunks."""
        return TextColumn(list(self._places), np.concatenate(self._codes))
