"""Changes of cells and columns."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from tests.mutations.tables import CANARY, Sheet

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


def faulty_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell that holds what is no value of its column."""
    row, at = sheet.some_cell(rng)
    name = sheet.header[at % len(sheet.header)]
    pools = {"datum": NO_DATE, "tijdstip": NO_TIME, "leeftijd": NO_NUMBER}
    pool = [*NO_VALUE, *([] if name in KEYS else pools.get(name, NO_LABEL))]
    row[at] = rng.choice([*pool, *["", "C2016-000001", "P2016-000001"] * (name in KEYS)])


def dressed_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell in other case, among blanks or with its accents taken apart: the same value."""
    row, at = sheet.some_cell(rng)
    dresses: list[Callable[[str], str]] = [
        lambda text: f" {text}",
        lambda text: f"{text}\u00a0",
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f"{text}\u200b",
        lambda text: f"\u200e{text}",
    ]
    if sheet.header[at % len(sheet.header)] not in KEYS:
        dresses += [str.upper, str.lower, lambda text: text.replace(" ", "  ")]
    row[at] = rng.choice(dresses)(row[at])


def spoilt_cell(sheet: Sheet, rng: random.Random) -> None:
    """A cell with a sign in it that no value holds, or with a quote."""
    row, at = sheet.some_cell(rng)
    place = rng.randint(0, len(row[at]))
    row[at] = row[at][:place] + rng.choice('~^{}$%&*?!_\x01\x07\ufffd☃"') + row[at][place:]


def quoted_newline(sheet: Sheet, rng: random.Random) -> None:
    """A newline at the end of a field, in quotes: a blank of the value."""
    row, at = sheet.some_cell(rng)
    row[at] += "\n"


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
