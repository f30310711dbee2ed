"""Parse the text of a cell into a value: labels, yes and no, whole numbers, dates and times."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from helpline_report.errors import nearest
from helpline_report.exports.cell_texts import find_personal_kind, plain
from helpline_report.parameters.row_layouts import UNKNOWN, Column, Numbers

Values = npt.NDArray[np.int64]
UNKNOWN_VALUE = -1
MOST_LABELS = 6
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
SEPARATED_DIGITS = re.compile(r"-?\d+([.,' ]\d+)+", re.ASCII)
DECIMALS = re.compile(r"-?\d+([.,])\d+", re.ASCII)
EPOCH = dt.date(1970, 1, 1)
# A date that can't be read is no day at all (numpy's NaT), so it lies in and outside no period.
NO_DAY = -(2**63)
MINUTES_A_DAY = 1440
MONTHS = 12
TOKENS = {
    "dd": r"(?P<d>\d{2})",
    "d": r"(?P<d>\d{1,2})",
    "mm": r"(?P<m>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<y>\d{2})",
}
SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
SERIAL = re.compile(r"(\d{5})([.,]\d+)?", re.ASCII)
Serial = Literal[1900, 1904] | None
# The day that each system of serial numbers counts as 0; that of 1900 has a 29 February too many.
SERIAL_ZERO = {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
SERIAL_REPAIR = {1900: "B44", 1904: "B45"}


@dataclass(frozen=True)
class CellReading:
    """What one text stands for: a value, perhaps mended (`repair`), or a `fault` by its code.

    `case` and `values` are those of the fault's message.
    """

    value: int = UNKNOWN_VALUE
    repair: str = ""
    fault: str = ""
    case: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


Reader = Callable[[str], CellReading]


def make_unknown_reader(
    reader: Reader, unknown: Sequence[str], value: int = UNKNOWN_VALUE
) -> Reader:
    """A reader that reads the texts in `unknown` as `value` (B39), and others as `reader` does."""
    texts = {plain(text) for text in unknown}
    return lambda text: CellReading(value, repair="B39") if plain(text) in texts else reader(text)


def make_label_reader(labels: Mapping[str, str], blank: str | None, order: Sequence[str]) -> Reader:
    """A reader of labels: the value is the place of the code in `order`.

    A label in another form (case, spaces, composed accents) is mended (B61). A label that lost
    its leading zeros is refused (B41), and so are an unknown label, and a blank without a code in
    the layout (B59).
    """
    places = {code: place for place, code in enumerate(order)}
    exact = {label: places[code] for label, code in labels.items()}
    by_plain = {plain(label): place for label, place in exact.items()}
    if blank is not None:
        exact[""] = by_plain[""] = places[blank]
    zeroless = {plain(label).lstrip("0") for label in labels if label.strip().isdigit()}
    few = len(labels) <= MOST_LABELS
    expected = {"labels": ", ".join(labels) if few else "a label of the layout", "is_none": "is no"}

    def read(text: str) -> CellReading:
        plain_text = plain(text)
        if text in exact:
            return CellReading(exact[text])
        if plain_text in by_plain:
            return CellReading(by_plain[plain_text], repair="B61")
        if plain_text.isdigit() and plain_text.lstrip("0") in zeroless:
            return CellReading(fault="B41", case="label", values=expected)
        hint = nearest(text.strip(), list(labels)) if plain_text else ""
        return CellReading(fault="B59", case="label", values={**expected, "hint": hint})

    return read


def make_open_label_reader(
    labels: Mapping[str, str], blank: str | None, order: list[str]
) -> Reader:
    """A reader of labels of an open list: a label without a code is a code, added to `order`.

    Any text is a label (B64), except personal data (B65). A blank without a code in the layout is
    refused (B59).
    """
    by_plain = {plain(label): code for label, code in labels.items()}

    def read(text: str) -> CellReading:
        plain_text = plain(text)
        if not plain_text and blank is None:
            return CellReading(fault="B59", case="blank")
        if find_personal_kind(text):
            # `diagnose_text` says which kind it is.
            return CellReading(fault="B65")
        code = by_plain.get(plain_text, plain_text) if plain_text else str(blank)
        if code not in order:
            order.append(code)
        return CellReading(order.index(code))

    return read


def make_several_reader(
    label_reader: Reader, separator: str | None, blank: int | None
) -> tuple[Reader, list[set[int]]]:
    """A reader of cells that hold several labels, and the list of sets that it fills as it reads.

    The value is the place, in that list, of the set of what `label_reader` reads in the cell. An
    empty cell is the set of `blank` alone, or the empty set. Without a separator a cell holds one
    label.
    """
    sets: list[set[int]] = []

    def read(text: str) -> CellReading:
        parts = [part.strip() for part in text.split(separator)] if separator else [text]
        readings = [label_reader(part) for part in parts if part or not separator]
        for reading in readings:
            if reading.fault:
                is_none = {"is_none": "holds no"} if separator else {}
                return replace(reading, values={**reading.values, **is_none})
        values = {reading.value for reading in readings}
        if not readings and blank is not None:
            values = {blank}
        if values not in sets:
            sets.append(values)
        repair = max((reading.repair for reading in readings), default="")
        return CellReading(sets.index(values), repair=repair)

    return read, sets


def make_flag_reader(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """A reader of yes and no: 1 or 0. Other case or spaces are mended (B61), else it is B63."""
    exact = dict.fromkeys(yes, 1) | dict.fromkeys(no, 0)
    by_plain = {plain(text): value for text, value in exact.items()}
    fault = CellReading(fault="B63", values={"texts": " or ".join(filter(None, exact))})

    def read(text: str) -> CellReading:
        if plain(text) not in by_plain:
            return fault
        return CellReading(by_plain[plain(text)], repair="" if text in exact else "B61")

    return read


def make_integer_reader(column: Column, numbers: Numbers | None = None) -> Reader:
    """A reader of whole numbers from `column.low` to `column.high`; -1 if unknown.

    A number that is written as text or with zeros behind the comma is mended (B36), and so is one
    that the layout lists as unknown, or that is outside and so taken for unknown (B39). It refuses
    the decimal sign that the file doesn't have (B34), decimals (B35), any other text (B36), and a
    number that is outside (B39).
    """
    low, high = column.low or 0, column.high or 0
    bounds = {"low": low, "high": high}
    unknown = {int(text) for text in column.unknown if WHOLE.fullmatch(text)}

    def read(text: str) -> CellReading:
        trimmed = text.strip().removeprefix("'").strip()
        if not trimmed and column.blank is not None:
            return CellReading(UNKNOWN_VALUE, repair="B61" if text else "")
        spaced = re.sub(r"[\u00a0\u202f]", " ", trimmed)
        value = _parse_integer(spaced, numbers)
        if value is None:
            return _diagnose_number(spaced, numbers, bounds)
        outside = not low <= value <= high
        if value in unknown or (outside and column.outside == UNKNOWN):
            return CellReading(UNKNOWN_VALUE, repair="B39")
        if outside:
            return CellReading(fault="B39", case="range", values=bounds)
        return CellReading(value, repair="" if WHOLE.fullmatch(text) else "B36")

    return make_unknown_reader(read, column.unknown)


def _parse_integer(text: str, numbers: Numbers | None) -> int | None:
    digits, decimal = r"\d{1,9}", "[.,]"
    if numbers is not None:
        mark, decimal = re.escape(numbers.thousands), re.escape(numbers.decimal)
        digits = rf"(?:\d{{1,3}}(?:{mark}\d{{3}}){{1,2}}|\d{{1,9}})"
    # `1,000` isn't read as 1: where a comma stands between thousands, it is a thousand.
    match = re.fullmatch(rf"(-?{digits})(?:{decimal}0{{1,2}})?", text, re.ASCII)
    return int(re.sub(r"[^\d-]", "", match[1])) if match else None


def _diagnose_number(
    text: str, numbers: Numbers | None, bounds: Mapping[str, object]
) -> CellReading:
    if numbers is not None:
        other = {",": ".", ".": ","}[numbers.decimal]
        if re.fullmatch(rf"-?\d+{re.escape(other)}0{{1,2}}", text, re.ASCII):
            names = {",": "comma", ".": "point"}
            signs = {"other": names[other], "sign": names[numbers.decimal]}
            return CellReading(fault="B34", case="cell", values={**bounds, **signs})
    code = "B35" if SEPARATED_DIGITS.fullmatch(text) else "B36"
    return CellReading(fault=code, case="cell", values=bounds)


def find_other_decimal_sign(texts: Sequence[str], numbers: Numbers | None) -> str:
    """The first text with another decimal sign than an earlier text (B34); '' if there is none."""
    first = ""
    mark = re.escape(numbers.thousands) if numbers is not None else "^"
    for text in texts:
        match = DECIMALS.fullmatch(text.strip())
        if match is None or re.fullmatch(rf"-?\d{{1,3}}{mark}\d{{3}}", text.strip()):
            continue
        if first and match[1] != first:
            return text
        first = match[1]
    return ""


def make_date_reader(form: str, serial: Serial = None) -> Reader:
    """A reader of dates in a `form` such as `dd/mm/yyyy`: the value is days since 1970-01-01.

    A form without a day gives the first of the month. A spreadsheet's serial number is mended if
    numbers count from `serial` (B44, B45). It refuses another form (B42), day and month swapped
    (B42), a year of two digits (B43), a serial number (B44), and a day that doesn't exist (B46).
    """
    return _make_moment_reader(_date_pattern(form), form, serial, timed=False)


def make_stamp_reader(form: str, serial: Serial = None) -> Reader:
    """A reader of a date and a time in one cell, in a `form` such as `dd/mm/yyyy hh:mm`.

    The value is minutes since 1970-01-01 00:00. It refuses what `make_date_reader` and
    `make_time_reader` refuse.
    """
    date, between, time = re.split(r"([T ])", form.removesuffix("Z"))
    zulu = "Z" if form.endswith("Z") else ""
    pattern = f"{_date_pattern(date)}{between}{_time_pattern(time)}{zulu}"
    return _make_moment_reader(pattern, form, serial, timed=True)


def make_time_reader(form: str, blank: str | None, unknown: Sequence[str] = ()) -> Reader:
    """A reader of times: the value is the minute of the day, or -1 if it is unknown.

    Unknown are the texts in `unknown` (B39) and, if `blank` isn't None, a blank cell.
    """
    pattern = re.compile(_time_pattern(form), re.ASCII)

    def read(text: str) -> CellReading:
        trimmed = text.strip()
        if not trimmed and blank is not None:
            return CellReading(UNKNOWN_VALUE, repair="B61" if text else "")
        match = pattern.fullmatch(trimmed)
        if match is None:
            return CellReading(fault="B42", case="time", values={"written": form})
        return replace(_read_minute(match, form), repair="B61" if trimmed != text else "")

    return make_unknown_reader(read, unknown)


def _make_moment_reader(pattern: str, form: str, serial: Serial, *, timed: bool) -> Reader:
    """A reader of dates or, if they are `timed`, of dates with a time."""
    compiled, units = re.compile(pattern, re.ASCII), MINUTES_A_DAY if timed else 1
    values = {"written": form, "key": "stamps" if timed else "dates"}

    def refuse(code: str, case: str = "") -> CellReading:
        return CellReading(NO_DAY, fault=code, case=case, values=values)

    def read(text: str) -> CellReading:
        trimmed = text.strip()
        match, number = compiled.fullmatch(trimmed), SERIAL.fullmatch(trimmed)
        if match is None and number is not None and serial is not None:
            part = float((number[2] or "0").replace(",", ".")) if timed else 0
            days = (SERIAL_ZERO[serial] - EPOCH).days + int(number[1])
            return CellReading(days * units + round(part * units), repair=SERIAL_REPAIR[serial])
        if match is None:
            day = re.split("[ T]", trimmed, maxsplit=1)[0] if timed else trimmed
            if SERIAL.fullmatch(day):
                return refuse("B44")
            short = "yyyy" in form and SHORT_YEAR.fullmatch(day)
            return refuse("B43") if short else refuse("B42", "form")
        parts = match.groupdict()
        year = int(parts["y"]) + (0 if "yyyy" in form else 2000)
        month, day_of_month = int(parts.get("m") or 1), int(parts.get("d") or 1)
        try:
            days = (dt.date(year, month, day_of_month) - EPOCH).days
        except ValueError:
            is_swapped = month > MONTHS >= day_of_month
            return refuse("B42", "swapped") if is_swapped else refuse("B46", "day")
        minute = _read_minute(match, form) if timed else CellReading(0)
        if minute.fault:
            return replace(minute, value=NO_DAY)
        return CellReading(days * units + minute.value, repair="B61" if trimmed != text else "")

    return read


def _date_pattern(form: str) -> str:
    """The regular expression of a date form such as `dd/mm/yyyy`, with groups d, m and y."""
    parts = re.findall(r"dd?|mm?|yyyy|yy|.", form)
    return "".join(TOKENS.get(part, re.escape(part)) for part in parts)


def _time_pattern(form: str) -> str:
    """The regular expression of a time form such as `hh:mm:ss`: groups hour, minute, second."""
    parts = re.fullmatch(r"(.* )?hh?([:.uh])mm(?:([:.])ss)?", form)
    assert parts is not None  # noqa: S101 - the layout's schema says so
    day, mark, more = (re.escape(part or "") for part in parts.groups())
    seconds = rf"{more}(?P<second>\d{{2}})" if more else ""
    return rf"{day}(?P<hour>\d{{1,2}}){mark}(?P<minute>\d{{2}}){seconds}"


def _read_minute(match: re.Match[str], form: str) -> CellReading:
    """The minute of the day, or a time that doesn't exist (B46)."""
    parts = match.groupdict()
    try:
        time = dt.time(int(parts["hour"]), int(parts["minute"]), int(parts.get("second") or 0))
    except ValueError:
        return CellReading(fault="B46", case="time", values={"written": form})
    return CellReading(60 * time.hour + time.minute)
