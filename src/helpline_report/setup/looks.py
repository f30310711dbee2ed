"""What a column of an unknown file looks like: its kind, and what can be said of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from helpline_report.exports.cell_texts import RANDOM_KEY, personal_kind, plain, shape
from helpline_report.exports.text_tables import TextColumn
from helpline_report.setup.nearness import words
from helpline_report.setup.writing import Written, find_dates, find_stamps, find_times

Kind = Literal[
    "empty", "personal", "date", "datetime", "time", "flag", "age", "coded", "key", "text"
]

# A label that so many rows share says nothing about any of them.
FREQUENT = 5
FEW_LABELS = 60
LONG_LABEL = 80
OLDEST = 120
MANY_KEYS = 0.3
LOOKED_AT = 5_000
SERIAL = "a spreadsheet's numbers of days"
DATE_WORDS = (
    "datum",
    "date",
    "fecha",
    "dag",
    "day",
    "tijdstip",
    "registratie",
    "contact",
    "oproep",
)
UNKNOWN_NUMBERS = ("999", "9999", "99", "-1", "-9", "-99", "888", "777")
SEPARATORS = ("|", ";", ",", "/", "+", "\n")

YES = frozenset({"ja", "j", "yes", "y", "oui", "si", "sí", "s", "true", "waar", "1", "x"})
NO = frozenset({"nee", "n", "no", "non", "false", "onwaar", "0", ""})

_PERSONAL = re.compile(
    r"(?:^|_)(?:\w*(?:naam|name|nom|nombre|apellidos?)|adres\w*|address|street|straat|postcode|zip"
    r"|gemeente|woonplaats|telefoon(?:nummer)?|tel|gsm|phone|e?mail|rijksregister\w*|insz|bsn|dni"
    r"|iban|geboorte\w*|birth\w*|dob|\w*medewerk\w*|\w*hulpverlener|operator|user|opmerking\w*"
    r"|notes?|notitie\w*|comments?|omschrijving|beschrijving|description|verhaal|observacion\w*)(?:_|$)"
)
_AGE = ("leeftijd", "age", "edad", "alter", "ages")
_TIME = ("tijd", "tijdstip", "uur", "time", "hour", "hora", "heure")
_SERIAL = re.compile(r"\d{5}", re.ASCII)
# From 1990 to 2064, whether days are counted from 1900 or from 1904.
_DAYS = range(32_874, 60_000)
_CODE = re.compile(r"[^\W\d_]{0,6}[-_/. ]?(?:\d+[-_/.]?)+", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,4}", re.ASCII)


@dataclass(frozen=True)
class Look:
    """A column: how many rows hold each text (trimmed, none of them blank), and what it seems.

    `written` is the form of dates and times, `separator` what stands between labels in one cell:
    then `counts` are of the single labels.
    """

    name: str
    rows: int
    blank: int
    counts: Mapping[str, int] = field(repr=False)
    kind: Kind = "text"
    written: Written | None = None
    separator: str = ""
    why: str = ""

    @property
    def unique(self) -> bool:
        """Whether no two rows hold the same, and none is blank."""
        return not self.blank and len(self.counts) == self.rows

    @property
    def shapes(self) -> str:
        """The commonest shapes of its texts, by rows; never a text."""
        shapes: Counter[str] = Counter()
        for text, rows in self.counts.items():
            shapes[shape(text)] += rows
        told = ", ".join(text for text, _ in shapes.most_common(3))
        return told + (", …" if len(shapes) > 3 else "")  # noqa: PLR2004 - three are told

    def frequent(self) -> list[str]:
        """The labels that may be shown: shared by so many rows that they say nothing of one."""
        shown = [t for t, rows in self.counts.items() if rows >= FREQUENT and len(t) <= LONG_LABEL]
        return sorted(shown, key=lambda text: (-self.counts[text], text))


def look_at(name: str, column: TextColumn) -> Look:
    """What one column looks like."""
    numbers = np.bincount(column.codes, minlength=len(column.distinct))
    counts: Counter[str] = Counter()
    for text, rows in zip(column.distinct, numbers.tolist(), strict=True):
        counts[text.strip()] += rows
    blank = counts.pop("", 0)
    counts = Counter({text: rows for text, rows in counts.items() if rows})
    return _kinded(Look(name, len(column), blank, counts))


def _kinded(look: Look) -> Look:
    """The first kind that fits, the ones that people can be known by first."""
    counts = look.counts
    if not counts:
        return _as(look, "empty", why="empty in every row")
    personal = _personal(look)
    if personal:
        return _as(look, "personal", why=personal)
    dated = _dated(look)
    if dated is not None:
        return dated
    if _is_flag(look):
        return _as(look, "flag")
    if _is_age(look):
        return _as(look, "age")
    if look.unique and _are_codes(counts):
        return _as(look, "key")
    split = _split(look)
    if split is not None:
        return split
    few = len(counts) <= FEW_LABELS and len(counts) * 2 <= look.rows
    few = few and not (_are_codes(counts) and len(counts) > MANY_KEYS * look.rows)
    if few and all(len(text) <= LONG_LABEL for text in counts):
        return _as(look, "coded")
    return _as(look, "key" if _are_codes(counts) else "text")


def _dated(look: Look) -> Look | None:
    """A column of dates, of times, or of both."""
    stamps = find_stamps(look.counts)
    if stamps is not None:
        return _as(look, "datetime", written=stamps)
    dates = find_dates(look.counts)
    if dates is not None:
        return _as(look, "date", written=dates)
    if _is_serial(look):
        return _as(look, "date", written=Written("yyyy-mm-dd", 1.0), why=SERIAL)
    times = find_times(look.counts, named=_is_named(look.name, _TIME))
    return _as(look, "time", written=times) if times is not None else None


def _as(look: Look, kind: Kind, *, written: Written | None = None, why: str = "") -> Look:
    return Look(look.name, look.rows, look.blank, look.counts, kind, written, "", why)


def _personal(look: Look) -> str:
    """Why a column may identify somebody, by its name or by the form of its texts."""
    texts = list(look.counts)[:LOOKED_AT]
    kinds = [kind for kind in map(personal_kind, texts) if kind]
    # Among numbers of a system some look like a telephone number, and mean nothing by it.
    if kinds and (len(kinds) * 2 > len(texts) or not _are_codes(look.counts)):
        return f"it holds {min(kinds)}"
    if _PERSONAL.search("_".join(words(look.name))):
        return "its name says that it may identify somebody"
    return ""


def _is_named(name: str, subjects: tuple[str, ...]) -> bool:
    return bool(set(words(name)) & set(subjects))


def _is_serial(look: Look) -> bool:
    """Whether a column that is named after a day holds a spreadsheet's numbers of days."""
    days = all(_SERIAL.fullmatch(text) and int(text) in _DAYS for text in look.counts)
    return days and _is_named(look.name, DATE_WORDS)


def _is_flag(look: Look) -> bool:
    texts = {plain(text) for text in look.counts}
    said = texts <= YES | NO and bool(texts & YES)
    return said and (len(texts) > 1 or (bool(look.blank) and texts == {"x"}))


def _is_age(look: Look) -> bool:
    whole = {t: rows for t, rows in look.counts.items() if _INTEGER.fullmatch(t)}
    share = sum(whole.values()) / (look.rows - look.blank)
    return _is_named(look.name, _AGE) and share > 0.5  # noqa: PLR2004 - some say 'onbekend'


def _are_codes(counts: Mapping[str, int]) -> bool:
    return all(_CODE.fullmatch(text) or RANDOM_KEY.fullmatch(text) for text in counts)


def _split(look: Look) -> Look | None:
    """A column with several labels a cell: most parts of its longer cells stand in others too."""
    for separator in SEPARATORS:
        longer = [text for text in look.counts if separator in text]
        if not longer or len(longer) > 20 * FEW_LABELS:
            continue
        counts: Counter[str] = Counter()
        cells: Counter[str] = Counter()
        for text, rows in look.counts.items():
            for part in {part.strip() for part in text.split(separator)}:
                counts[part] += rows
                cells[part] += 1
        parts = {part.strip() for text in longer for part in text.split(separator)}
        shared = sum(cells[part] > 1 for part in parts)
        # Two parts that never part are one label with a comma in it.
        enough = shared > 0.8 * len(parts) and "" not in parts
        if enough and len(parts) > 2 and len(counts) <= FEW_LABELS:  # noqa: PLR2004
            return Look(look.name, look.rows, look.blank, counts, "coded", None, separator)
    return None
