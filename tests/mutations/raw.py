"""Changes of bytes: how a file is written, and what happens to it on its way."""

from __future__ import annotations

import random

from tests.mutations.tables import Sheet

OTHER_DELIMITERS = [",", "\t", "|", ":", " "]
# Bytes that no value holds and that no reader takes for a blank, in UTF-8 or in Windows-1252.
FLIPPED = [
    *b"~^{}$%&*<>?!_\x00\x01\x02\x07\x08\x7f",
    *(at for at in range(0x80, 0x100) if at != 0xA0),
]


def encoding(sheet: Sheet, rng: random.Random) -> None:
    """Another encoding, with or without its mark."""
    marks = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    sheet.encoding = rng.choice([*marks, "windows-1252", "cp850", "utf-32-le", "latin-1"])
    sheet.mark = rng.choice([b"", marks.get(sheet.encoding, b"\xef\xbb\xbf")])


def two_encodings(sheet: Sheet, rng: random.Random) -> None:
    """A cell in another encoding than the file."""
    row, at = sheet.some_cell(rng)
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


def cut_off(sheet: Sheet, where: float) -> None:
    """The file ends somewhere: only control totals notice it behind a whole row."""
    sheet.bytewise.append(lambda raw: raw[: int(where * len(raw))])
