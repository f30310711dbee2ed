"""What happens to a delimited file on its way: to its cells, its rows, its bytes."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.cases import read_cases

# In every text that is put in. No message may hold it.
CANARY = "zeemeeuw"
KEYS = {"contactnummer", "persoonsnummer"}
TEXTS = read_cases(Path(__file__).with_name("texts.yaml"))
POOLS = {"datum": "no date", "tijdstip": "no time", "leeftijd": "no number"}
OTHER_KINDS = [
    *(b"", b"\n\n", b"  ", b"\xef\xbb\xbf", b"\xff\xfe", b"<!DOCTYPE html><table>zeemeeuw"),
    *(b"\xef\xbb\xbf\n<table>", b'[{"zeemeeuw": 1}]', b"PK\x03\x04zeemeeuw", b"%PDF"),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08"),
]
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
LINE_ENDS = ["\r\n", "\r", "\r\r\n", "\n\r", "\n\n", "\u2028", "\x0b", "\x85"]
# Bytes that no value holds and that no reader takes for a blank, in UTF-8 or in Windows-1252.
FLIPPED = [*b"~^{}$%&*<>?!_\x00\x01\x02\x07\x08\x7f", *range(0x80, 0xA0), *range(0xA1, 0x100)]


@dataclass
class Sheet:
    """A file in the making: `rows` with the header first, lines above and below, and its dress."""

    name: str
    rows: list[list[str]]
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    delimiter: str = ";"
    quoted: bool = False
    line_end: str = "\n"
    last_end: bool = True
    wrapped: frozenset[int] = frozenset()
    encoding: str = "utf-8"
    mark: bytes = b""
    bytewise: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @property
    def header(self) -> list[str]:
        return self.rows[0]

    def some_cell(self, rng: random.Random) -> tuple[list[str], int, str]:
        """A row of data, the place of a cell in it, and the name of its column."""
        row = rng.choice([row for row in self.rows[1:] if row])
        at = rng.randrange(len(row))
        return row, at, self.header[at % len(self.header)]

    def written(self) -> bytes:
        lines = []
        for at, row in enumerate(self.rows):
            line = self.delimiter.join(map(self._write_cell, row))
            lines.append('"' + line.replace('"', '""') + '"' if at in self.wrapped else line)
        text = self.line_end.join([*self.above, *lines, *self.below])
        text += self.line_end if self.last_end else ""
        raw = self.mark + text.encode(self.encoding, errors="replace")
        for change in self.bytewise:
            raw = change(raw)
        return raw

    def _write_cell(self, cell: str) -> str:
        if self.quoted or any(mark in cell for mark in ('"', self.delimiter, "\n", "\r")):
            return '"' + cell.replace('"', '""') + '"'
        return cell


Change = Callable[[Sheet, random.Random], None]


def _faulty_cell(sheet: Sheet, rng: random.Random) -> None:
    row, at, name = sheet.some_cell(rng)
    of_keys = ["", "C2016-000001", "P2016-000001"]
    of_column = of_keys if name in KEYS else TEXTS[POOLS.get(name, "no label")]
    row[at] = rng.choice([*TEXTS["no value"], *of_column])


def _dressed_cell(sheet: Sheet, rng: random.Random) -> None:
    """The same value in other case, among blanks or with its accents taken apart."""
    row, at, name = sheet.some_cell(rng)
    text = row[at]
    dresses = [f" {text}", f"{text}\u00a0", f"{text}\u200b", f"\u200e{text}"]
    dresses.append(unicodedata.normalize("NFD", text))
    if name not in KEYS:
        dresses += [text.upper(), text.lower(), text.replace(" ", "  ")]
    row[at] = rng.choice(dresses)


def _spoilt_cell(sheet: Sheet, rng: random.Random) -> None:
    row, at, _ = sheet.some_cell(rng)
    place = rng.randint(0, len(row[at]))
    row[at] = row[at][:place] + rng.choice('~^{}$%&*?!_\x01\x07\ufffd☃"') + row[at][place:]


def quoted_newline(sheet: Sheet, rng: random.Random) -> None:
    """A newline at the end of a field, in quotes: a blank of the value."""
    row, at, _ = sheet.some_cell(rng)
    row[at] += "\n"


def _renamed_column(sheet: Sheet, rng: random.Random) -> None:
    at = rng.randrange(len(sheet.header))
    name = sheet.header[at]
    mended = [name.upper(), f" {name}", f"\ufeff{name}", f"{name}\u00a0"]
    sheet.header[at] = rng.choice([*mended, name[:-1], f"{name}x", "", CANARY])


def moved_columns(sheet: Sheet, rng: random.Random) -> None:
    """The columns in another order, names and all."""
    width = len(sheet.header)
    order = rng.sample(range(width), width)
    sheet.rows[:] = [[row[at] for at in order] if len(row) == width else row for row in sheet.rows]


def _swapped_names(sheet: Sheet, rng: random.Random) -> None:
    if len(sheet.header) > 1:
        a, b = rng.sample(range(len(sheet.header)), 2)
        sheet.header[a], sheet.header[b] = sheet.header[b], sheet.header[a]


def _dropped_column(sheet: Sheet, rng: random.Random) -> None:
    """Perhaps in the header alone."""
    at = rng.randrange(len(sheet.header))
    for row in sheet.rows if rng.random() < 0.5 else sheet.rows[:1]:
        del row[at : at + 1]


def _added_column(sheet: Sheet, rng: random.Random) -> None:
    at = rng.randint(0, len(sheet.header))
    name = rng.choice([CANARY, rng.choice(sheet.header or [CANARY]), "", "naam"])
    for place, row in enumerate(sheet.rows):
        row.insert(at, CANARY if place else name)


def _lost_cell(sheet: Sheet, rng: random.Random) -> None:
    """A row without any cell would be gone."""
    row, at, _ = sheet.some_cell(rng)
    del row[at : at + min(rng.randint(1, 3), len(row) - 1)]


def _extra_cell(sheet: Sheet, rng: random.Random) -> None:
    row, at, _ = sheet.some_cell(rng)
    row.insert(at, CANARY)


def _broken_row(sheet: Sheet, rng: random.Random) -> None:
    """A newline between two fields, or within one that has no quotes."""
    place = rng.randrange(1, len(sheet.rows))
    line = ";".join(sheet.rows[place])
    if len(line) > 2:
        at = rng.randrange(1, len(line))
        sheet.rows[place : place + 1] = [line[:at].split(";"), line[at:].split(";")]


def _joined_rows(sheet: Sheet, rng: random.Random) -> None:
    if len(sheet.rows) > 2:
        at = rng.randrange(0, len(sheet.rows) - 1)
        sheet.rows[at : at + 2] = [sheet.rows[at] + sheet.rows[at + 1]]


def _row_again(sheet: Sheet, rng: random.Random) -> None:
    """A row of a file with keys, twice to the letter or with other contents."""
    if sheet.name != "gevolggevingen.csv":
        again = list(rng.choice(sheet.rows[1:]))
        # With another key it would be another row.
        others = [at for at, cell in enumerate(again) if "2017-" not in cell]
        if others and rng.random() < 0.5:
            again[rng.choice(others)] = rng.choice([CANARY, "¤"])
        sheet.rows.append(again)


def _other_delimiter_in_a_row(sheet: Sheet, rng: random.Random) -> None:
    place = rng.randrange(len(sheet.rows))
    sheet.rows[place] = [rng.choice([",", "\t"]).join(sheet.rows[place])]


def _blank_row(sheet: Sheet, rng: random.Random) -> None:
    line, at = rng.choice(TEXTS["blank lines"]), rng.randint(0, len(sheet.rows))
    if at in (0, len(sheet.rows)):
        (sheet.below if at else sheet.above).append(line)
    else:
        sheet.rows.insert(at, [""] * rng.choice([1, 2, len(sheet.header), 30]))


def _title(sheet: Sheet, rng: random.Random) -> None:
    sheet.above += [rng.choice(TEXTS["titles"]) for _ in range(rng.choice([1, 1, 2, 3, 25]))]


def header_again(sheet: Sheet, rng: random.Random) -> None:
    sheet.rows.insert(rng.randint(1, len(sheet.rows)), list(sheet.header))


def _total_row(sheet: Sheet, rng: random.Random) -> None:
    """Its number may be another."""
    number = len(sheet.rows) - 1 + rng.choice([0, 0, 0, 1, -1, 100])
    word = rng.choice(["Totaal", "Eindtotaal", "TOTAL", "Somme", "Grand total:"])
    gap = ";" * rng.choice([1, 1, 2, max(1, len(sheet.header) - 1)])
    sheet.below.append(rng.choice([f"{word}{gap}{number}", f"{word}: {number}", f"{gap}{number}"]))


def _footer(sheet: Sheet, rng: random.Random) -> None:
    sheet.below += [rng.choice(TEXTS["footers"]) for _ in range(rng.choice([1, 1, 2]))]


def _encoding(sheet: Sheet, rng: random.Random) -> None:
    """Another encoding, with or without its mark."""
    others = ["windows-1252", "cp850", "utf-32-le", "latin-1"]
    sheet.encoding = rng.choice([*MARKS, *others])
    sheet.mark = rng.choice([b"", MARKS.get(sheet.encoding, b"\xef\xbb\xbf")])


def _two_encodings(sheet: Sheet, rng: random.Random) -> None:
    row, at, _ = sheet.some_cell(rng)
    row[at] += "é"
    other = rng.choice([b"\xe9", b"\x82", "Ã©".encode()])
    sheet.bytewise.append(lambda raw: raw.replace("é".encode(), other, 1))


def _other_dress(sheet: Sheet, rng: random.Random) -> None:
    """Another delimiter, quotes around every field, other line ends, none at the end."""
    match rng.randrange(5):
        case 0:
            sheet.delimiter = rng.choice([",", "\t", "|", ":", " "])
        case 1:
            sheet.quoted = True
        case 2 | 3:
            sheet.line_end = rng.choice(LINE_ENDS)
        case _:
            sheet.last_end = False


def mixed_line_ends(sheet: Sheet, rng: random.Random) -> None:
    """Some lines end in another way than others."""
    end, number = rng.choice([b"\r\n", b"\r"]), rng.randint(1, 20)
    sheet.bytewise.append(lambda raw: raw.replace(b"\n", end, number))


def wrapped_rows(sheet: Sheet, rng: random.Random) -> None:
    """Whole rows in quotes: some, or all with the header."""
    places = range(len(sheet.rows))
    some = rng.sample(places, rng.randint(1, len(places)))
    sheet.wrapped = frozenset(rng.choice([some, places, places[1:]]))


def _stray_quotes(sheet: Sheet, rng: random.Random) -> None:
    """One quote or more where there were none, anywhere or beside a delimiter."""
    number, at_borders = rng.choice([1, 1, 2, 3]), rng.random() < 0.5

    def put(raw: bytes) -> bytes:
        for _ in range(number):
            places = [at for at, byte in enumerate(raw) if byte in b";\n"] if at_borders else []
            at = rng.choice(places) + rng.randint(0, 1) if places else rng.randint(0, len(raw))
            raw = raw[:at] + b'"' + raw[at:]
        return raw

    sheet.bytewise.append(put)


def _nul_bytes(sheet: Sheet, rng: random.Random) -> None:
    run, where = b"\0" * rng.choice([1, 2, 512]), rng.choice([rng.random(), 1.0])
    sheet.bytewise.append(
        lambda raw: raw[: int(where * len(raw))] + run + raw[int(where * len(raw)) :]
    )


def _flipped_byte(sheet: Sheet, rng: random.Random) -> None:
    """A byte that became one that no value holds."""
    where, byte = rng.random(), bytes([rng.choice(FLIPPED)])

    def flip(raw: bytes) -> bytes:
        at = int(where * len(raw))
        return raw[:at] + byte + raw[at + 1 :]

    sheet.bytewise.append(flip)


def _emptied(sheet: Sheet, rng: random.Random) -> None:
    """Nothing, blanks, or the header alone; or another kind of file."""
    raw = rng.choice([*OTHER_KINDS, ";".join(sheet.header).encode()])
    sheet.bytewise.append(lambda _: raw)


MENDED: list[Change] = [
    *(moved_columns, header_again, mixed_line_ends, wrapped_rows, quoted_newline)
]
CHANGES: list[Change] = [
    *MENDED,
    *(_faulty_cell, _dressed_cell, _spoilt_cell, _renamed_column, _swapped_names),
    *(_dropped_column, _added_column, _lost_cell, _extra_cell, _broken_row, _joined_rows),
    *(_row_again, _other_delimiter_in_a_row, _blank_row, _title, _total_row, _footer, _encoding),
    *(_two_encodings, _other_dress, _stray_quotes, _nul_bytes, _flipped_byte, _emptied),
]
