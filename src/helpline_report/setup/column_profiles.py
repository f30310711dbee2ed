"""Profile a column of an unknown file: its kind, how it writes dates, and its labels."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Literal

import numpy as np

from helpline_report.exports.cell_texts import RANDOM_KEY, personal_kind, plain, shape
from helpline_report.exports.text_tables import TextColumn
from helpline_report.parameters.yaml import read_yaml
from helpline_report.tables.cell_readers import Reader
from helpline_report.tables.date_columns import EPOCH, date_reader, stamp_reader, time_reader

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
SHAPES = 3
SERIAL = "a spreadsheet's numbers of days"
SEPARATORS = ("|", ";", ",", "/", "+", "\n")

_PERSONAL = re.compile(
    r"(?:^|_)(?:\w*(?:naam|name|nom|nombre|apellidos?)|adres\w*|address|street|straat|postcode|zip"
    r"|gemeente|woonplaats|telefoon(?:nummer)?|tel|gsm|phone|e?mail|rijksregister\w*|insz|bsn|dni"
    r"|iban|geboorte\w*|birth\w*|dob|\w*medewerk\w*|\w*hulpverlener|operator|user|opmerking\w*"
    r"|notes?|notitie\w*|comments?|omschrijving|beschrijving|description|verhaal|observacion\w*)(?:_|$)"
)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
# From 1990 to 2064, whether days are counted from 1900 or from 1904.
_DAYS = range(32_874, 60_000)
_CODE = re.compile(r"[^\W\d_]{0,6}[-_/. ]?(?:\d+[-_/.]?)+", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,4}", re.ASCII)
_VALUE = re.compile(r"[\d\s.,:/+-]*\d[\d\s.,:/+-]*|.*@.*|\d+\D.*\d+.*", re.ASCII)

# Of each pair that holds day and month, the first is the likelier one in Europe.
ORDERS = ("dd mm yyyy", "mm dd yyyy", "yyyy mm dd", "dd mm yy", "mm dd yy")
TIMES = ("hh:mm", "hh:mm:ss", "h:mm", "h:mm:ss", "hhhmm", "hhumm", "hh.mm", "h.mm")
CLOCKS = tuple(f"{time}{zone}" for time in TIMES[:4] for zone in ("", "Z"))
YEARS = range(1900, 2101)
ENOUGH = 0.95
TRIED = 20
MINUTES_A_DAY = 1440

Fits = Callable[[str], bool]


@dataclass(frozen=True)
class WrittenForm:
    """A form that fits; `otherwise` fits every value as well: day and month can't be told apart."""

    form: str
    share: float
    otherwise: str = ""


@dataclass(frozen=True)
class ColumnProfile:
    """A column: how many rows hold each text (trimmed, none of them blank), and what it seems.

    `written` is the form of dates and times, `separator` what stands between labels in one cell:
    then `counts` are of the single labels.
    """

    name: str
    rows: int
    blank: int
    counts: Mapping[str, int] = field(repr=False)
    kind: Kind = "text"
    written: WrittenForm | None = None
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
        listed = ", ".join(text for text, _ in shapes.most_common(SHAPES))
        return listed + (", …" if len(shapes) > SHAPES else "")

    def frequent(self) -> list[str]:
        """The labels that may be shown: shared by so many rows that they say nothing of one."""
        labels = [t for t, rows in self.counts.items() if rows >= FREQUENT and len(t) <= LONG_LABEL]
        return sorted(labels, key=lambda text: (-self.counts[text], text))

    def is_named(self, subject: str) -> bool:
        """Whether its name holds one of the words of a subject of `hints`."""
        return not hints()[subject].isdisjoint(words(self.name))


def profile_column(name: str, column: TextColumn) -> ColumnProfile:
    """Profile one column; of the kinds that fit the first, those that people are known by first."""
    numbers = np.bincount(column.codes, minlength=len(column.distinct))
    counts: Counter[str] = Counter()
    for text, rows in zip(column.distinct, numbers.tolist(), strict=True):
        counts[text.strip()] += rows
    blank = counts.pop("", 0)
    counts = +counts
    profile = ColumnProfile(name, len(column), blank, counts)
    if not counts:
        return replace(profile, kind="empty", why="empty in every row")
    personal = _personal(profile)
    if personal:
        return replace(profile, kind="personal", why=personal)
    special = _dated(profile) or _special(profile)
    return special or replace(profile, kind=_coded_kind(profile))


@cache
def hints() -> Mapping[str, frozenset[str]]:
    """The words by which columns and labels are told, by subject."""
    with as_file(files(__package__).joinpath("hints.yaml")) as path:
        return {subject: frozenset(each) for subject, each in read_yaml(path).data.items()}


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a label that matter, in lower case and without accents."""
    folded = unicodedata.normalize("NFD", plain(text))
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    # What a word may hold, or not, belongs to it: ouderenmis(be)handeling.
    whole = re.sub(r"(?<=[a-z0-9])\(([a-z0-9]+)\)(?=[a-z0-9])", r"\1", bare)
    every = re.findall(r"[a-z0-9]+", whole)
    return tuple(word for word in every if word not in hints()["empty"]) or tuple(every)


def looks_like_value(text: str) -> bool:
    """Whether a text is a date, a number, a code or an address rather than a name."""
    return _VALUE.fullmatch(text.strip()) is not None


def _personal(profile: ColumnProfile) -> str:
    """Why a column may identify somebody, by its name or by the form of its texts."""
    texts = list(profile.counts)[:LOOKED_AT]
    kinds = [kind for kind in map(personal_kind, texts) if kind]
    # Among numbers of a system some look like a telephone number, and mean nothing by it.
    if kinds and (len(kinds) * 2 > len(texts) or not _are_codes(profile.counts)):
        return f"it holds {min(kinds)}"
    if _PERSONAL.search("_".join(words(profile.name))):
        return "its name says that it may identify somebody"
    return ""


def _dated(profile: ColumnProfile) -> ColumnProfile | None:
    """A column of dates, of times, or of both."""
    counts = profile.counts
    stamps = _best_form(_stamp_readers(), counts)
    if stamps is not None:
        return replace(profile, kind="datetime", written=stamps)
    dates = _best_form(_date_readers(), counts)
    if dates is not None:
        return replace(profile, kind="date", written=dates)
    days = all(_SERIAL.fullmatch(text) and int(text) in _DAYS for text in counts)
    if days and profile.is_named("date"):
        return replace(profile, kind="date", written=WrittenForm("yyyy-mm-dd", 1.0), why=SERIAL)
    # `12.30` is a time only in a column that is named so.
    named = profile.is_named("time")
    times = _best_form(
        {form: fits for form, fits in _time_readers().items() if named or "." not in form}, counts
    )
    return replace(profile, kind="time", written=times) if times is not None else None


def _special(profile: ColumnProfile) -> ColumnProfile | None:
    """Yes and no, ages and keys, before a column with several labels a cell."""
    counts = profile.counts
    texts = {plain(text) for text in counts}
    yes, no = hints()["yes"], hints()["no"]
    flags = texts <= yes | no and bool(texts & yes)
    if flags and (len(texts) > 1 or (profile.blank and texts == {"x"})):
        return replace(profile, kind="flag")
    whole = sum(rows for text, rows in counts.items() if _INTEGER.fullmatch(text))
    # Some say 'onbekend'.
    if profile.is_named("age") and whole * 2 > profile.rows - profile.blank:
        return replace(profile, kind="age")
    if profile.unique and _are_codes(counts):
        return replace(profile, kind="key")
    return _split(profile)


def _coded_kind(profile: ColumnProfile) -> Kind:
    counts, codes = profile.counts, _are_codes(profile.counts)
    few = len(counts) <= FEW_LABELS and len(counts) * 2 <= profile.rows
    few = few and not (codes and len(counts) > MANY_KEYS * profile.rows)
    if few and all(len(text) <= LONG_LABEL for text in counts):
        return "coded"
    return "key" if codes else "text"


def _are_codes(counts: Mapping[str, int]) -> bool:
    return all(_CODE.fullmatch(text) or RANDOM_KEY.fullmatch(text) for text in counts)


def _split(profile: ColumnProfile) -> ColumnProfile | None:
    """A column with several labels a cell: most parts of its longer cells stand in others too."""
    for separator in SEPARATORS:
        longer = [text for text in profile.counts if separator in text]
        if not longer or len(longer) > 20 * FEW_LABELS:
            continue
        counts: Counter[str] = Counter()
        cells: Counter[str] = Counter()
        for text, rows in profile.counts.items():
            for part in {part.strip() for part in text.split(separator)}:
                counts[part] += rows
                cells[part] += 1
        parts = {part.strip() for text in longer for part in text.split(separator)}
        shared = sum(cells[part] > 1 for part in parts)
        # Two parts that never part are one label with a comma in it.
        enough = shared > 0.8 * len(parts) and "" not in parts
        if enough and len(parts) > 2 and len(counts) <= FEW_LABELS:  # noqa: PLR2004
            return replace(profile, kind="coded", counts=counts, separator=separator)
    return None


# How dates and times are written


def _date_forms() -> Iterator[str]:
    for separator in "/-.":
        for order in ORDERS:
            form = order.replace(" ", separator)
            yield form
            yield form.replace("dd", "d").replace("mm", "m")
    yield "yyyymmdd"
    yield "ddmmyyyy"


@cache
def _date_readers() -> dict[str, Fits]:
    return {form: _fits_date(date_reader(form), 1) for form in _date_forms()}


@cache
def _stamp_readers() -> dict[str, Fits]:
    forms = (f"{date}{t}{clock}" for date in _date_forms() for t in " T" for clock in CLOCKS)
    return {form: _fits_date(stamp_reader(form), MINUTES_A_DAY, form) for form in forms}


@cache
def _time_readers() -> dict[str, Fits]:
    return {form: _fits_time(time_reader(form, None), form) for form in TIMES}


def _fits_time(reader: Reader, form: str) -> Fits:
    return lambda text: _has_hours(form, text) and not reader(text).fault


def _fits_date(reader: Reader, units_a_day: int, form: str = "") -> Fits:
    """Whether a text is a date; `units_a_day` is how many units of the reader's value are one."""

    def fits(text: str) -> bool:
        reading = reader(text)
        if reading.fault or not _has_hours(form, re.split("[ T]", text)[-1]):
            return False
        return (EPOCH + dt.timedelta(days=int(reading.value) // units_a_day)).year in YEARS

    return fits


def _has_hours(form: str, time: str) -> bool:
    """Whether hours have the zero that `hh:` and `hh.` ask for; a layout's `hhumm` reads 9u30."""
    return not re.search("hh[:.]", form) or time[1:2].isdigit()


def _best_form(forms: Mapping[str, Fits], texts: Mapping[str, int]) -> WrittenForm | None:
    """The form that fits the most rows: the strictest of them, and the first among equals."""
    total, first = sum(texts.values()), list(texts)[:TRIED]
    shares = {
        form: sum(rows for text, rows in texts.items() if fits(text)) / total
        for form, fits in forms.items()
        # Most forms don't fit the first few texts, and need not be tried on thousands.
        if sum(map(fits, first)) * 2 >= len(first)
    }
    good = {form: share for form, share in shares.items() if share >= ENOUGH}
    if not good:
        return None
    best = max(good, key=lambda form: good[form])
    # The form with day and month the other way round, where both stand before the year.
    turned = re.sub(r"^(dd?|mm?)([-/.])(dd?|mm?)(?=\2yy)", r"\3\2\1", best)
    either = turned if turned != best and good.get(turned, 0.0) == good[best] else ""
    return WrittenForm(best, good[best], either)
