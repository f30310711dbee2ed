"""What may happen to a file between a registration system and a report, one change a function.

A change either keeps what the file says or breaks it so that it can be noticed. What can't be
noticed in principle is made by none: one valid value in place of another, a row that is gone or
stands twice in a file without keys. A byte of a value never becomes one that a value may hold (a
digit, a letter, a blank). A file that is cut off is held against control totals, for behind a whole
row nothing else notices it.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.mutations import cells, raw, rows
from tests.mutations.tables import Sheet

Change = Callable[[Sheet, random.Random], None]

CHANGES: list[Change] = [
    cells.faulty_cell,
    cells.dressed_cell,
    cells.spoilt_cell,
    cells.quoted_newline,
    cells.renamed_column,
    cells.moved_columns,
    cells.swapped_names,
    cells.dropped_column,
    cells.added_column,
    rows.lost_cell,
    rows.extra_cell,
    rows.broken_row,
    rows.joined_rows,
    rows.row_again,
    rows.other_delimiter_in_some_rows,
    rows.blank_row,
    rows.title,
    rows.header_again,
    rows.total_row,
    rows.footer,
    raw.encoding,
    raw.two_encodings,
    raw.other_dress,
    raw.mixed_line_ends,
    raw.wrapped_rows,
    raw.stray_quotes,
    raw.nul_bytes,
    raw.flipped_byte,
    raw.emptied,
]
