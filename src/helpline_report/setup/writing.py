"""How dates, times and numbers of unknown columns are written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

YEARS = range(1900, 2101)
# Of each pair that holds day and month, the first is the likelier one in Europe.
ORDERS = [
    ("dd", "mm", "yyyy"),
    ("mm", "dd", "yyyy"),
    ("yyyy", "mm", "dd"),
    ("dd", "mm", "yy"),
    ("mm", "dd", "yy"),
]
TIMES = ("hh:mm", "hh:mm:ss", "h:mm", "h:mm:ss", "hhhmm", "hhumm", "hh.mm", "h.mm")
ENOUGH = 0.95

_TOKEN = re.compile(r"dd?|mm?|yyyy|yy")
_PART = {
    "dd": r"(?P<d>\d{2})",
    "d": r"(?P<d>\d{1,2})",
    "mm": r"(?P<m>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
}
_VALUE = re.compile(r"[\d\s.,:/+-]*\d[\d\s.,:/+-]*|.*@.*|\d+\D.*\d+.*", re.ASCII)


@dataclass(frozen=True)
class Written:
    """A form that fits; `otherwise` fits every value as well: day and month can't be told apart."""

    form: str
    share: float
    otherwise: str = ""


def looks_like_value(text: str) -> bool:
    """Whether a text is a date, a number, a code or an address rather than a name."""
    return _VALUE.fullmatch(text.strip()) is not None


def find_dates(counts: Mapping[str, int]) -> Written | None:
    """The form of dates that fits nearly all texts, by how many rows hold each."""
    return _best(_date_forms(), counts)


def find_stamps(counts: Mapping[str, int]) -> Written | None:
    """The form of dates with times: `yyyy-mm-dd hh:mm`."""
    ends = [f"{time}{zone}" for time in TIMES[:4] for zone in ("", "Z")]
    forms = [f"{date}{between}{end}" for date in _date_forms() for between in " T" for end in ends]
    return _best(forms, counts)


def find_times(counts: Mapping[str, int], *, named: bool) -> Written | None:
    """The form of times of the day; `12.30` is one only in a column that is `named` so."""
    forms = [form for form in TIMES if named or "." not in form]
    return _best(forms, counts)


def _date_forms() -> Iterator[str]:
    for separator in ("/", "-", "."):
        for order in ORDERS:
            yield separator.join(order)
            yield separator.join(part[0] if part in ("dd", "mm") else part for part in order)
    yield "yyyymmdd"
    yield "ddmmyyyy"


def _best(forms: Iterable[str], counts: Mapping[str, int]) -> Written | None:
    """The form that fits the most rows: the strictest of them, and the first among equals."""
    texts = {text.strip(): number for text, number in counts.items() if text.strip()}
    total = sum(texts.values())
    if not total:
        return None
    # Most forms don't fit the first few texts, and need not be tried on thousands.
    tried = [form for form in forms if _fits(form, list(texts)[:20])]
    shares = {form: sum(n for t, n in texts.items() if _is_of(form, t)) / total for form in tried}
    good = {form: share for form, share in shares.items() if share >= ENOUGH}
    if not good:
        return None
    found = max(good, key=lambda form: good[form])
    turned = _turned(found)
    either = turned if turned and good.get(turned, 0.0) == good[found] else ""
    return Written(found, good[found], either)


def _fits(form: str, texts: list[str]) -> bool:
    return sum(_is_of(form, text) for text in texts) * 2 >= len(texts)


def _turned(form: str) -> str:
    """The form with day and month the other way round, where both stand before the year."""
    found = re.match(r"(dd?|mm?)([-/.])(dd?|mm?)(?=\2yy)", form)
    if found is None:
        return ""
    return f"{found[3]}{found[2]}{found[1]}{form[found.end() :]}"


def _is_of(form: str, text: str) -> bool:
    date, between, time = _parts(form)
    found = _pattern(date, between, time).fullmatch(text)
    if found is None:
        return False
    given = {name: int(number) for name, number in found.groupdict().items() if number}
    if given.get("H", 0) > 23 or given.get("M", 0) > 59:  # noqa: PLR2004 - the hours of a day
        return False
    return not date or _is_day(given)


def _is_day(given: Mapping[str, int]) -> bool:
    year = given["y"] + (2000 if given["y"] < 100 else 0)  # noqa: PLR2004 - of two digits
    if year not in YEARS:
        return False
    try:
        dt.date(year, given["m"], given["d"])
    except ValueError:
        return False
    return True


def _parts(form: str) -> tuple[str, str, str]:
    """Date, what stands between, and time of a form that has either or both."""
    found = re.match(r"(?P<date>[dmy][-/.dmy]*)?(?P<between>[ T])?(?P<time>h.*)?$", form)
    assert found is not None  # noqa: S101 - forms are written above
    return found["date"] or "", found["between"] or "", found["time"] or ""


_PATTERNS: dict[tuple[str, str, str], re.Pattern[str]] = {}


def _pattern(date: str, between: str, time: str) -> re.Pattern[str]:
    key = (date, between, time)
    if key not in _PATTERNS:
        day = "".join(_PART.get(part, re.escape(part)) for part in _split(date))
        _PATTERNS[key] = re.compile(day + between + _time(time), re.ASCII)
    return _PATTERNS[key]


def _split(date: str) -> list[str]:
    return re.findall(rf"{_TOKEN.pattern}|[-/.]", date)


def _time(time: str) -> str:
    found = re.match(
        r"(hh(?=[:.uh])|h)(?P<between>[:.uh])mm(?P<seconds>[:.]ss)?(?P<zone>Z)?$", time
    )
    if found is None:
        return ""
    # A layout's `hhumm` reads 9u30 too; of `hh:mm` the form says whether a zero stands before it.
    two = found[1] == "hh" and found["between"] in ":."
    hour = r"(?P<H>\d{2})" if two else r"(?P<H>\d{1,2})"
    seconds = rf"{re.escape(found['seconds'][0])}\d{{2}}" if found["seconds"] else ""
    zone = found["zone"] or ""
    return rf"{hour}{re.escape(found['between'])}(?P<M>\d{{2}}){seconds}{zone}"
