"""Profile a column of an unknown file: its kind, how it writes dates, and its labels."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from helpline_report.exports.cell_texts import (
    NO_WIDTH,
    RANDOM_KEY,
    find_personal_kind,
    plain,
    shape,
)
from helpline_report.parameters.yaml import read_resource
from helpline_report.tables.cell_readers import (
    MINUTES_A_DAY,
    Reader,
    make_date_reader,
    make_stamp_reader,
    make_time_reader,
)

Kind = Literal[
    "empty", "personal", "date", "datetime", "time", "flag", "age", "coded", "key", "text"
]
# A label that at least this many rows share says nothing about any of them.
FREQUENT = 5
FEW_LABELS = 60
LONG_LABEL = 80
OLDEST_AGE = 120
MANY_KEYS = 0.3
ALMOST = 0.95
MOST_EXAMINED = 5_000
SHAPES = 3
# What a column that isn't read may hold, by its kind.
HOLDS = {
    "text": "free text or names",
    "key": "codes or numbers",
    "flag": "yes and no",
    "age": "ages; those of callers are classes, 'A range of whole numbers' in docs/layouts.md",
    "coded": "few labels, none like a code list's; of codes, say --coded COLUMN=FIELD",
}
_CODE = re.compile(r"[^\W\d_]{0,6}[-_/. ]?(?:\d+[-_/.]?)+", re.ASCII)
# A spreadsheet's number of a day from 1982 to 2036.
_SERIAL = re.compile(r"[34]\d{4}", re.ASCII)
_INTEGER = re.compile(r"(-?\d{1,4})(?:[.,]0{1,2})?", re.ASCII)


@dataclass(frozen=True)
class ColumnProfile:
    """A column: how many rows hold each text (trimmed and not blank), and what it seems to hold.

    A share `fitting` of its dates or times has the `form`; all fit `other_form` as well, if day and
    month may be swapped. With `is_serial` dates are a spreadsheet's numbers of days.
    """

    name: str
    rows: int
    blank: int
    counts: Mapping[str, int] = field(repr=False)
    kind: Kind = "text"
    form: str = ""
    fitting: float = 1.0
    other_form: str = ""
    is_serial: bool = False
    why: str = ""

    @property
    def unique(self) -> bool:
        """Whether no two rows have the same text, and none is blank."""
        return not self.blank and len(self.counts) == self.rows

    @property
    def is_key(self) -> bool:
        """Whether it holds keys; some may be blank or repeated by mistake."""
        return self.kind == "key" and len(self.counts) >= ALMOST * self.rows

    @property
    def repeats(self) -> int:
        """The number of rows with the text of an earlier row."""
        return self.rows - self.blank - len(self.counts)

    @property
    def is_dated(self) -> bool:
        """Whether it holds days."""
        return self.kind in ("date", "datetime")

    @property
    def shapes(self) -> str:
        """The commonest shapes of its texts, by rows; never a text."""
        shapes: Counter[str] = Counter()
        for text, rows in self.counts.items():
            shapes[shape(text)] += rows
        listed = ", ".join(text for text, _ in shapes.most_common(SHAPES))
        return listed + (", …" if len(shapes) > SHAPES else "")

    @property
    def doubts(self) -> str:
        """What isn't certain about the form of its dates or times."""
        wrong = round((1 - self.fitting) * (self.rows - self.blank))
        doubts = {
            f"every date could be {self.other_form} as well: which?": self.other_form,
            f"{wrong} row(s) hold something else": wrong,
        }
        return " ".join(doubt for doubt, holds in doubts.items() if holds)

    @property
    def reason(self) -> str:
        """Why it isn't read, for the user to confirm, with the shapes of its texts."""
        if self.kind == "empty":
            return "it is empty"
        identifying = self.kind in ("personal", "text")
        reason = "it may identify somebody" if identifying else "no figure uses it"
        what = self.why or HOLDS.get(self.kind, f"a column of kind {self.kind}")
        return f"{reason}  # {what}: {len(self.counts)} different, {self.shapes}"

    def frequent(self) -> list[str]:
        """The labels that may be shown: those that enough rows share."""
        labels = [t for t, rows in self.counts.items() if rows >= FREQUENT and len(t) <= LONG_LABEL]
        return sorted(labels, key=lambda text: (-self.counts[text], text))

    def is_named(self, subject: str) -> bool:
        """Whether its name holds one of the words of a subject of `read_hints`."""
        named = frozenset(words(self.name))
        if subject == "victim" and not named.isdisjoint(read_hints()["caller"]):
            named -= read_hints()["person"]
        return not named.isdisjoint(read_hints()[subject])


def parse_whole_number(text: str) -> int | None:
    """The number in a text such as `34` or `34,00`; None if it is none."""
    match = _INTEGER.fullmatch(text)
    return int(match[1]) if match else None


@cache
def read_hints() -> Mapping[str, frozenset[str]]:
    """The words by which columns and labels are recognised, by subject."""
    data = read_resource(__package__, "hints.yaml").data
    return {subject: frozenset(each) for subject, each in data.items()}


PERSONAL = re.compile(rf"(?:^|_)(?:{'|'.join(sorted(read_hints()['personal']))})(?:_|$)")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a label that matter, in lower case and without accents."""
    every = _list_words(text)
    return tuple(word for word in every if word not in read_hints()["empty"]) or tuple(every)


def _list_words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFD", plain(text))
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    # Letters in brackets inside a word belong to it: ouderenmis(be)handeling.
    whole = re.sub(r"(?<=[a-z0-9])\(([a-z0-9]+)\)(?=[a-z0-9])", r"\1", bare)
    return re.findall(r"[a-z0-9]+", whole)


def guess_language(columns: Sequence[ColumnProfile]) -> str:
    """The language of names and labels: `nl`, `en`, or `other`; '' if it isn't clear."""
    texts = [column.name for column in columns]
    texts += [label for column in columns if column.kind == "coded" for label in column.counts]
    every = [word for text in texts for word in _list_words(text)]
    numbers = {
        sum(word in read_hints()[f"language_{language}"] for word in every): language
        for language in ("other", "en", "nl")
    }
    return numbers[max(numbers)] if len(numbers) > 1 else ""


def profile_column(name: str, column: pd.Categorical) -> ColumnProfile:
    """Profile one column by the first kind that fits; personal data is tried first."""
    numbers = np.bincount(column.codes, minlength=len(column.categories))
    counts: Counter[str] = Counter()
    for text, rows in zip(column.categories, numbers.tolist(), strict=True):
        counts[text.strip()] += rows
    blank = counts.pop("", 0)
    profile = ColumnProfile(name, len(column), blank, +counts)
    if not profile.counts:
        return replace(profile, kind="empty")
    personal = _explain_personal(profile)
    if personal:
        return replace(profile, kind="personal", why=personal)
    dated = _profile_dates(profile)
    if dated is not None:
        return dated
    return _merge_spellings(replace(profile, kind=_find_kind(profile)))


def _merge_spellings(profile: ColumnProfile) -> ColumnProfile:
    """The profile with labels that differ in case, blanks or accents alone as one."""
    if profile.kind != "coded":
        return profile
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, rows in profile.counts.items():
        spellings[plain(text)][text.translate(NO_WIDTH).strip()] += rows
    counts = {each.most_common(1)[0][0]: each.total() for each in spellings.values()}
    return replace(profile, counts=counts)


def _explain_personal(profile: ColumnProfile) -> str:
    """Why a column may identify somebody, by its name or by the form of its texts."""
    texts = list(profile.counts)[:MOST_EXAMINED]
    kinds = [kind for kind in map(find_personal_kind, texts) if kind]
    # Some numbers of a system look like a telephone number by chance.
    if kinds and (len(kinds) * 2 > len(texts) or not _are_codes(profile.counts)):
        return f"it holds {min(kinds)}"
    if PERSONAL.search("_".join(words(profile.name))):
        return "its name says that it may identify somebody"
    return ""


def _find_kind(profile: ColumnProfile) -> Kind:
    """The kind of a column without dates: yes and no, ages, keys, labels or free text."""
    counts, codes = profile.counts, _are_codes(profile.counts)
    texts = {plain(text) for text in counts}
    flags = texts <= read_hints()["yes"] | read_hints()["no"] and bool(texts & read_hints()["yes"])
    if flags and (len(texts) > 1 or (profile.blank and texts == {"x"})):
        return "flag"
    whole = sum(rows for text, rows in counts.items() if parse_whole_number(text) is not None)
    # Other texts of such a column say 'unknown'.
    if profile.is_named("age") and whole * 2 > profile.rows - profile.blank:
        return "age"
    if profile.unique and codes:
        return "key"
    few = len(counts) <= FEW_LABELS and len(counts) * 2 <= profile.rows
    many_codes = codes and len(counts) > MANY_KEYS * profile.rows
    if few and not many_codes and all(len(text) <= LONG_LABEL for text in counts):
        return "coded"
    return "key" if codes else "text"


def _are_codes(counts: Mapping[str, int]) -> bool:
    return all(_CODE.fullmatch(text) or RANDOM_KEY.fullmatch(text) for text in counts)


# How dates and times are written

# If a date fits two orders, the earlier one in this list is likelier in Europe.
ORDERS = ("dd mm yyyy", "mm dd yyyy", "yyyy mm dd", "dd mm yy", "mm dd yy")
ORDERED = [order.replace(" ", separator) for separator in "/-." for order in ORDERS]
SHORT = {form: form.replace("dd", "d").replace("mm", "m") for form in ORDERED}
DATES = [*(each for pair in SHORT.items() for each in pair), "yyyymmdd", "ddmmyyyy"]
TIMES = ("hh:mm", "hh:mm:ss", "h:mm", "h:mm:ss", "hhhmm", "hhumm", "hh.mm", "h.mm")
CLOCKS = [f"{time}{zone}" for time in TIMES[:4] for zone in ("", "Z")]
STAMPS = [f"{date}{between}{clock}" for date in DATES for between in " T" for clock in CLOCKS]
FORMS: Mapping[Kind, Sequence[str]] = {"datetime": STAMPS, "date": DATES, "time": TIMES}
# The days from 1900 to 2100, counted from 1970.
DAYS = range(-25_567, 47_847)
FIRST_TEXTS = 20


def _profile_dates(profile: ColumnProfile) -> ColumnProfile | None:
    """The profile of a column of dates, times or both; None if it holds something else."""
    counts = profile.counts
    if profile.is_named("date") and all(map(_SERIAL.fullmatch, counts)):
        return replace(profile, kind="date", form="yyyy-mm-dd", is_serial=True)
    for kind in FORMS:
        form, fitting, other = _find_best_form(kind, counts, dotted=profile.is_named("time"))
        if form:
            return replace(profile, kind=kind, form=form, fitting=fitting, other_form=other)
    return None


@cache
def _make_reader(kind: Kind, form: str) -> Reader:
    if kind == "time":
        return make_time_reader(form, None)
    return make_date_reader(form) if kind == "date" else make_stamp_reader(form)


def _fits(text: str, kind: Kind, form: str) -> bool:
    """Whether a text has a form of moments of some kind."""
    reading = _make_reader(kind, form)(text)
    # `hh:` and `hh.` need two digits; `hhumm` is also the form of 9u30.
    clock = re.split("[ T]", text)[-1]
    if reading.fault or (re.search("hh[:.]", form) and not clock[1:2].isdigit()):
        return False
    return reading.value // (1 if kind == "date" else MINUTES_A_DAY) in DAYS


def _find_best_form(
    kind: Kind, texts: Mapping[str, int], *, dotted: bool
) -> tuple[str, float, str]:
    """The first form that fits the most rows, its share, and a form with day and month swapped.

    Both are '' if they don't fit nearly all rows. Times with a dot (`12.30`) have to be `dotted`:
    else they may be numbers.
    """
    total, first = sum(texts.values()), list(texts)[:FIRST_TEXTS]
    # Each form begins with a digit: labels and most keys need not be tried.
    if sum(text.strip()[:1].isdigit() for text in first) * 2 < len(first):
        return "", 0.0, ""
    shares = {
        form: sum(rows for text, rows in texts.items() if _fits(text, kind, form)) / total
        for form in FORMS[kind]
        if dotted or kind != "time" or "." not in form
        # A form that doesn't fit half of the first few texts isn't tried on thousands.
        if sum(_fits(text, kind, form) for text in first) * 2 >= len(first)
    }
    best = max(shares, key=lambda form: shares[form], default="")
    if shares.get(best, 0.0) < ALMOST:
        return "", 0.0, ""
    # The form with day and month the other way round, where both stand before the year.
    turned = re.sub(r"^(dd?|mm?)([-/.])(dd?|mm?)(?=\2yy)", r"\3\2\1", best)
    either = turned != best and shares.get(turned) == shares[best]
    return best, shares[best], turned if either else ""
