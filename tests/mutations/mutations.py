"""What may happen to a file between a registration system and a report, one change a function.

A change either keeps what the file says or breaks it so that it can be noticed. What can't be
noticed in principle is made by none: one valid value in place of another, a row that is gone or
stands twice in a file without keys. A byte of a value never becomes one that a value may hold (a
digit, a letter, a blank). A file that is cut off is held against control totals, for behind a whole
row nothing else notices it.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from tests.mutations.tables import Sheet

# In every text that is put in. No message may hold it.
CANARY = "zeemeeuw"
Change = Callable[[Sheet, random.Random], None]

# No value of any column, whatever locale or form is guessed.
NO_VALUE = [
    CANARY,
    "#N/B",
    "#REF!",
    "<script>zeemeeuw</script>",
    "=HYPERLINK(zeemeeuw)",
    "¤zeemeeuw",
]
NO_DATE = [
    "31/02/2017", "29/02/2017", "00/00/0000", "02/13/2017", "3/4/17", "42797.5", "2017",
    "01/01/1900", "05/03/2071", "NULL", "", "zeemeeuw 3/3/2017",
]  # fmt: skip
NO_TIME = ["25:00", "24:61", "9u15", "0,3854", "-1:00", "NULL?", "zeemeeuw 9:15"]
NO_NUMBER = ["34,5", "1.5", "-1", "999", "1E05", "twaalf", "12-17", "3-jan", "zeemeeuw 12"]
NO_LABEL = [
    "3-jan",
    "1E05",
    "9999",
    "NULL?",
    "Telefoon;zeemeeuw",
    "Zeemeeuw\nzeemeeuw",
    "VerwaarlozingÃ©",
]
KEYS = {"contactnummer", "persoonsnummer"}
KEYED = {"contactnames.csv", "gemelde_personen.csv"}
OTHER_DELIMITERS = [",", "\t", "|", ":", " "]
# Bytes that no value holds and that no reader takes for a blank, in UTF-8 or in Windows-1252.
FLIPPED = [
    *b"~^{}$%&*<>?!_\x00\x01\x02\x07\x08\x7f",
    *(at for at in range(0x80, 0x100) if at != 0xA0),
]
BLANK_LINES = ["", ";;", '"";""', "  ", "\u00a0", ";" * 9, '"";"";""', "\t"]
TITLES = [
    "Export zeemeeuw", "Export zeemeeuw;;;;;;", "Periode;zeemeeuw", "", ";;;;;;;;;", "# zeemeeuw",
    "Zeemeeuw: 01/01/2017 - 31/12/2017", '"Zeemeeuw; zeemeeuw"', "sep=;", "datum", ";zeemeeuw;;",
    "Zeemeeuw;;;Zeemeeuw;;;", "Zeemeeuw;Zeemeeuw;Vogel;Vogel",
]  # fmt: skip
FOOTERS = [
    "Bron: zeemeeuw", "Bron: zeemeeuw;;;;;;", ";;zeemeeuw", "Afgedrukt op;01/02/2018", "- 1 -",
    "zeemeeuw", "\x1a", '"zeemeeuw\nzeemeeuw"', "Totaal", "Totaal;zeemeeuw",
]  # fmt: skip


def faulty_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell that holds what is no value of its column."""
    row, at = _cell(sheet, rng)
    name = sheet.header[at % len(sheet.header)]
    pools = {"datum": NO_DATE, "tijdstip": NO_TIME, "leeftijd": NO_NUMBER}
    pool = [*NO_VALUE, *([] if name in KEYS else pools.get(name, NO_LABEL))]
    row[at] = rng.choice([*pool, *["", "C2016-000001", "P2016-000001"] * (name in KEYS)])


def dressed_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell in other case, among blanks or with its accents taken apart: the same value."""
    row, at = _cell(sheet, rng)
    dresses: list[Callable[[str], str]] = [
        lambda text: f" {text}",
        lambda text: f"{text}\u00a0",
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f"{text}\u200b",
    ]
    if sheet.header[at % len(sheet.header)] not in KEYS:
        dresses += [str.upper, str.lower, lambda text: text.replace(" ", "  ")]
    row[at] = rng.choice(dresses)(row[at])


def spoilt_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell with a sign in it that no value holds, or with a quote."""
    row, at = _cell(sheet, rng)
    place = rng.randint(0, len(row[at]))
    row[at] = row[at][:place] + rng.choice('~^{}$%&*?!_\x01\x07\ufffd☃"') + row[at][place:]


def renamed_column(sheet: Sheet, rng: random.Random) -> None:
    """A name of a column that is mended, or that is another."""
    at = rng.randrange(len(sheet.header))
    name = sheet.header[at]
    sheet.header[at] = rng.choice(
        [
            name.upper(),
            f" {name}",
            f"\ufeff{name}",
            f"{name}\u00a0",
            name[:-1],
            f"{name}x",
            "",
            CANARY,
        ]
    )


def moved_columns(sheet: Sheet, rng: random.Random) -> None:
    """The columns in another order, names and all."""
    order = list(range(len(sheet.header)))
    rng.shuffle(order)
    width = len(order)
    sheet.rows[:] = [[row[at] for at in order] if len(row) == width else row for row in sheet.rows]


def swapped_names(sheet: Sheet, rng: random.Random) -> None:
    """Two names of columns in each other's place."""
    if len(sheet.header) > 1:
        a, b = rng.sample(range(len(sheet.header)), 2)
        sheet.header[a], sheet.header[b] = sheet.header[b], sheet.header[a]


def dropped_column(sheet: Sheet, rng: random.Random) -> None:
    """A column less, perhaps in the header alone."""
    at = rng.randrange(len(sheet.header))
    for row in sheet.rows if rng.random() < 0.5 else sheet.rows[:1]:
        del row[at : at + 1]


def added_column(sheet: Sheet, rng: random.Random) -> None:
    """A column more: another, the same again, or one without a name."""
    at = rng.randint(0, len(sheet.header))
    name = rng.choice([CANARY, rng.choice(sheet.header or [CANARY]), "", "naam"])
    for place, row in enumerate(sheet.rows):
        row.insert(at, CANARY if place else name)


def lost_cell(sheet: Sheet, rng: random.Random) -> None:
    """A row that is a cell too short or more; one without any would be gone."""
    row, at = _cell(sheet, rng)
    lost = min(rng.randint(1, 3), len(row) - 1)
    del row[at : at + lost]


def extra_cell(sheet: Sheet, rng: random.Random) -> None:
    """A row with a cell too many."""
    row, at = _cell(sheet, rng)
    row.insert(at, CANARY)


def broken_row(sheet: Sheet, rng: random.Random) -> None:
    """A newline in the middle of a row: between two fields, or within one that has no quotes."""
    place = rng.randrange(1, len(sheet.rows))
    line = ";".join(sheet.rows[place])
    if len(line) > 2:
        at = rng.randrange(1, len(line))
        sheet.rows[place : place + 1] = [line[:at].split(";"), line[at:].split(";")]


def quoted_newline(sheet: Sheet, rng: random.Random) -> None:
    """A newline at the end of a field, in quotes: a blank of the value."""
    row, at = _cell(sheet, rng)
    row[at] += "\n"


def joined_rows(sheet: Sheet, rng: random.Random) -> None:
    """Two rows in one line."""
    if len(sheet.rows) > 2:
        at = rng.randrange(0, len(sheet.rows) - 1)
        sheet.rows[at : at + 2] = [sheet.rows[at] + sheet.rows[at + 1]]


def row_again(sheet: Sheet, rng: random.Random) -> None:
    """A row of a file with keys, twice to the letter or with other contents."""
    if sheet.name in KEYED:
        again = list(rng.choice(sheet.rows[1:]))
        # With another key it would be another row.
        others = [at for at, cell in enumerate(again) if "2017-" not in cell]
        if others and rng.random() < 0.5:
            again[rng.choice(others)] = rng.choice([CANARY, "¤"])
        sheet.rows.append(again)


def blank_row(sheet: Sheet, rng: random.Random) -> None:
    """Rows that hold nothing, anywhere; also spaces and empty quotes."""
    line = rng.choice(BLANK_LINES)
    at = rng.randint(0, len(sheet.rows))
    if at == 0 or at == len(sheet.rows):
        (sheet.below if at else sheet.above).append(line)
    else:
        sheet.rows.insert(at, [""] * rng.choice([1, 2, len(sheet.header), 30]))


def title(sheet: Sheet, rng: random.Random) -> None:
    """Lines above the header."""
    sheet.above += [rng.choice(TITLES) for _ in range(rng.choice([1, 1, 2, 3, 25]))]


def header_again(sheet: Sheet, rng: random.Random) -> None:
    """The header once more, further down."""
    sheet.rows.insert(rng.randint(1, len(sheet.rows)), list(sheet.header))


def total_row(sheet: Sheet, rng: random.Random) -> None:
    """A total row under the data; its number may be another."""
    number = len(sheet.rows) - 1 + rng.choice([0, 0, 0, 1, -1, 100])
    word = rng.choice(["Totaal", "Eindtotaal", "TOTAL", "Somme", "Grand total:"])
    gap = ";" * rng.choice([1, 1, 2, max(1, len(sheet.header) - 1)])
    sheet.below.append(rng.choice([f"{word}{gap}{number}", f"{word}: {number}", f"{gap}{number}"]))


def footer(sheet: Sheet, rng: random.Random) -> None:
    """Texts under the data."""
    sheet.below += [rng.choice(FOOTERS) for _ in range(rng.choice([1, 1, 2]))]


def encoding(sheet: Sheet, rng: random.Random) -> None:
    """Another encoding, with or without its mark."""
    marks = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    sheet.encoding = rng.choice([*marks, "windows-1252", "cp850", "utf-32-le", "latin-1"])
    sheet.mark = rng.choice([b"", marks.get(sheet.encoding, b"\xef\xbb\xbf")])


def two_encodings(sheet: Sheet, rng: random.Random) -> None:
    """A cell in another encoding than the file."""
    row, at = _cell(sheet, rng)
    row[at] += "é"
    sheet.bytewise.append(
        lambda raw: raw.replace("é".encode(), rng.choice([b"\xe9", b"\x82", "Ã©".encode()]), 1)
    )


def other_dress(sheet: Sheet, rng: random.Random) -> None:
    """Another delimiter, quotes around every field, other line ends, none at the end."""
    kind = rng.randrange(5)
    if kind == 0:
        sheet.delimiter = rng.choice(OTHER_DELIMITERS)
    elif kind == 1:
        sheet.quoted = True
    elif kind in (2, 3):
        sheet.line_end = rng.choice(
            ["\r\n", "\r", "\r\r\n", "\n\r", "\n\n", "\u2028", "\x0b", "\x85"]
        )
    else:
        sheet.last_end = False


def mixed_line_ends(sheet: Sheet, rng: random.Random) -> None:
    """Some lines end in another way than others."""
    end = rng.choice([b"\r\n", b"\r"])
    number = rng.randint(1, 20)
    sheet.bytewise.append(lambda raw: raw.replace(b"\n", end, number))


def wrapped_rows(sheet: Sheet, rng: random.Random) -> None:
    """Whole rows in quotes: some, or all with the header."""
    places = range(len(sheet.rows))
    some = rng.sample(places, rng.randint(1, len(places)))
    sheet.wrapped = frozenset(rng.choice([some, places, places[1:]]))


def other_delimiter_in_some_rows(sheet: Sheet, rng: random.Random) -> None:
    """A row whose fields are separated in another way."""
    place = rng.randrange(len(sheet.rows))
    sheet.rows[place] = [rng.choice([",", "\t"]).join(sheet.rows[place])]


def stray_quotes(sheet: Sheet, rng: random.Random) -> None:
    """One quote or two where there were none, anywhere or beside a delimiter."""
    number = rng.choice([1, 1, 2, 3])
    at_borders = rng.random() < 0.5
    sheet.bytewise.append(lambda raw: _with_quotes(raw, number, rng, at_borders=at_borders))


def _with_quotes(raw: bytes, number: int, rng: random.Random, *, at_borders: bool) -> bytes:
    for _ in range(number):
        places = [at for at, byte in enumerate(raw) if byte in b";\n"] if at_borders else []
        at = rng.choice(places) + rng.randint(0, 1) if places else rng.randint(0, len(raw))
        raw = raw[:at] + b'"' + raw[at:]
    return raw


def nul_bytes(sheet: Sheet, rng: random.Random) -> None:
    """NUL bytes in the file, or at its end."""
    run = b"\0" * rng.choice([1, 2, 512])
    where = rng.choice([rng.random(), 1.0])
    sheet.bytewise.append(
        lambda raw: raw[: int(where * len(raw))] + run + raw[int(where * len(raw)) :]
    )


def flipped_byte(sheet: Sheet, rng: random.Random) -> None:
    """A byte that became one that no value holds."""
    where, byte = rng.random(), bytes([rng.choice(FLIPPED)])

    def flip(raw: bytes) -> bytes:
        at = int(where * len(raw))
        return raw[:at] + byte + raw[at + 1 :]

    sheet.bytewise.append(flip)


def emptied(sheet: Sheet, rng: random.Random) -> None:
    """Nothing, blanks, or the header alone; or another kind of file."""
    raw = rng.choice(
        [
            b"", b"\n\n", b"  ", b"\xef\xbb\xbf", b"\xff\xfe", ";".join(sheet.header).encode(),
            b"<!DOCTYPE html><table>zeemeeuw", b"\xef\xbb\xbf\n<table>", b'[{"zeemeeuw": 1}]',
            b"PK\x03\x04zeemeeuw", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b"\x1f\x8b\x08",
        ]
    )  # fmt: skip
    sheet.bytewise.append(lambda _: raw)


CHANGES: list[Change] = [
    faulty_cell, dressed_cell, spoilt_cell, renamed_column, moved_columns, swapped_names,
    dropped_column, added_column, lost_cell, extra_cell, broken_row, quoted_newline, joined_rows,
    row_again, blank_row, title, header_again, total_row, footer, encoding, two_encodings,
    other_dress, mixed_line_ends, wrapped_rows, other_delimiter_in_some_rows, stray_quotes,
    nul_bytes, flipped_byte, emptied,
]  # fmt: skip


def cut_off(sheet: Sheet, where: float) -> None:
    """The file ends somewhere: only control totals notice it behind a whole row."""
    sheet.bytewise.append(lambda raw: raw[: int(where * len(raw))])


def _cell(sheet: Sheet, rng: random.Random) -> tuple[list[str], int]:
    """A row of data and the place of a cell in it."""
    rows = [row for row in sheet.rows[1:] if row]
    row = rng.choice(rows)
    return row, rng.randrange(len(row))
