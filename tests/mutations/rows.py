"""Changes of rows, and lines above and below them."""

from __future__ import annotations

import random

from tests.mutations.tables import CANARY, Sheet

KEYED = {"contactnames.csv", "gemelde_personen.csv"}
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


def lost_cell(sheet: Sheet, rng: random.Random) -> None:
    """A row that is a cell too short or more; one without any would be gone."""
    row, at = sheet.some_cell(rng)
    lost = min(rng.randint(1, 3), len(row) - 1)
    del row[at : at + lost]


def extra_cell(sheet: Sheet, rng: random.Random) -> None:
    """A row with a cell too many."""
    row, at = sheet.some_cell(rng)
    row.insert(at, CANARY)


def broken_row(sheet: Sheet, rng: random.Random) -> None:
    """A newline in the middle of a row: between two fields, or within one that has no quotes."""
    place = rng.randrange(1, len(sheet.rows))
    line = ";".join(sheet.rows[place])
    if len(line) > 2:
        at = rng.randrange(1, len(line))
        sheet.rows[place : place + 1] = [line[:at].split(";"), line[at:].split(";")]


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


def other_delimiter_in_some_rows(sheet: Sheet, rng: random.Random) -> None:
    """A row whose fields are separated in another way."""
    place = rng.randrange(len(sheet.rows))
    sheet.rows[place] = [rng.choice([",", "\t"]).join(sheet.rows[place])]


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
