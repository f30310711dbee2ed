"""Read large delimited text without quotes with pyarrow, as columns of distinct texts.

pyarrow is an optional part, the extra `large`: without it, csv reads files of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from helpline_report.exports.text_tables import Lines, TextColumn, narrowest

if TYPE_CHECKING:
    import pyarrow as pa

# So many bytes are read by csv in a second or two; pyarrow pays from there on.
LARGE = 16 * 2**20
BLOCK = 1 << 24
# So many distinct texts are held as such, of more the bytes.
FEW = 10_000

TakeOther = Callable[[int, list[str]], None]


class ArrowTexts(Sequence[str]):
    """Many distinct texts, as bytes: a text is made when it is asked for."""

    def __init__(self, array: pa.StringArray) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            texts: list[str] = self.array[at].to_pylist()
            return texts
        text: str = self.array[int(at)].as_py()
        return text

    def series(self) -> pd.Series[str]:
        """The texts as pandas holds them: as bytes too."""
        return pd.Series(pd.array(self.array, dtype="str"))

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), FEW):
            yield from self[start : start + FEW]


def can_read(text: bytes) -> bool:
    """Whether a text is large, without quotes, and pyarrow is there to read it."""
    return len(text) > LARGE and b'"' not in text and find_spec("pyarrow") is not None


def read_columns(
    text: bytes, delimiter: str, *, width: int, above: int, take_other: TakeOther
) -> list[TextColumn]:
    """The columns of all rows below the first `above` that have `width` cells.

    `take_other` is called with the place and the cells of each other row. A blank line is a row of
    blanks.
    """
    import pyarrow as pa  # noqa: PLC0415 - an optional part
    from pyarrow import csv  # noqa: PLC0415

    def invalid(row: Any) -> str:
        take_other(row.number - 1, row.text.split(delimiter))
        return "skip"

    names = [str(at) for at in range(width)]
    texts = pa.dictionary(pa.int32(), pa.string())
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=names, skip_rows=above
        ),
        parse_options=csv.ParseOptions(
            delimiter=delimiter,
            quote_char=False,
            ignore_empty_lines=False,
            invalid_row_handler=invalid,
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, texts), strings_can_be_null=False, check_utf8=False
        ),
    )
    return [_column(table, name) for name in names]


def _column(table: pa.Table, name: str) -> TextColumn:
    """One column of a table, with one list of distinct texts for all its blocks."""
    column = table[name].unify_dictionaries().combine_chunks()
    texts = column.dictionary
    codes: Lines = column.indices.to_numpy()
    distinct = ArrowTexts(texts) if len(texts) > FEW else texts.to_pylist()
    return TextColumn(distinct, codes.astype(narrowest(len(texts)), copy=False))
