"""Parse the text of a cell into a value: labels of a code list, yes and no, whole numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from helpline_report.errors import nearest
from helpline_report.exports.cell_texts import personal_kind, plain
from helpline_report.parameters.row_layouts import UNKNOWN, Column, Numbers

Values = npt.NDArray[np.int64]
UNKNOWN_VALUE = -1
MOST_LABELS = 6
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
BROKEN = re.compile(r"-?\d+([.,' ]\d+)+", re.ASCII)
DECIMALS = re.compile(r"-?\d+([.,])\d+", re.ASCII)


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


def either(first: Reader, second: Reader) -> Reader:
    """A reader of what one of two can read; what neither can, is told as the first tells it."""

    def read(text: str) -> CellReading:
        reading = first(text)
        if not reading.fault:
            return reading
        other = second(text)
        return reading if other.fault else other

    return read


def label_reader(labels: Mapping[str, str], blank: str | None, order: Sequence[str]) -> Reader:
    """A reader of labels: the value is the place of the code in `order`.

    What differs by accident only (case, spaces, composed accents) is mended (B61). Refused are a
    label that lost its leading zeros (B41), an unknown label, and a blank that the layout gives no
    code (B59).
    """
    places = {code: place for place, code in enumerate(order)}
    exact = {label: places[code] for label, code in labels.items()}
    by_plain = {plain(label): place for label, place in exact.items()}
    zeroless = {plain(label).lstrip("0") for label in labels if label.strip().isdigit()}
    few = len(labels) <= MOST_LABELS
    expected = {"labels": ", ".join(labels) if few else "a label of the layout", "is_none": "is no"}

    def read(text: str) -> CellReading:
        if text in exact:
            return CellReading(exact[text])
        simple = plain(text)
        if not simple and blank is not None:
            return CellReading(places[blank], repair="B61" if text else "")
        if simple in by_plain:
            return CellReading(by_plain[simple], repair="B61")
        if simple.isdigit() and simple.lstrip("0") in zeroless:
            return CellReading(fault="B41", case="label", values=expected)
        hint = nearest(text.strip(), list(labels)) if simple else ""
        return CellReading(fault="B59", case="label", values={**expected, "hint": hint})

    return read


def unknown_reader(reader: Reader, unknown: Sequence[str], value: int = UNKNOWN_VALUE) -> Reader:
    """A reader that first knows the texts that the layout lists as unknown (B39)."""
    texts = {plain(text) for text in unknown}
    return lambda text: CellReading(value, repair="B39") if plain(text) in texts else reader(text)


def open_label_reader(labels: Mapping[str, str], blank: str | None, order: list[str]) -> Reader:
    """A reader of labels of an open list: one without a code is its own, and grows `order`.

    Whatever stands in it is text (B64), but for personal data (B65); a blank that the layout gives
    no code is refused (B59).
    """
    by_plain = {plain(label): code for label, code in labels.items()}
    places = {code: place for place, code in enumerate(order)}

    def read(text: str) -> CellReading:
        simple = plain(text)
        if not simple and blank is None:
            return CellReading(fault="B59", case="blank")
        if personal_kind(text):
            # Which kind it is, is told for every faulty text of a column.
            return CellReading(fault="B65")
        code = by_plain.get(simple, simple) if simple else str(blank)
        if code not in places:
            places[code] = len(order)
            order.append(code)
        return CellReading(places[code])

    return read


def several_reader(
    one: Reader, separator: str | None, blank: int | None
) -> tuple[Reader, list[set[int]]]:
    """A reader of cells that hold several labels, and the sets of values that it has met.

    The value is the place of the cell's set; order and doubles don't matter. An empty cell is
    `blank` alone, or the empty set. Without a separator a cell holds one label, as `one` reads it.
    """
    sets: list[set[int]] = []

    def read(text: str) -> CellReading:
        parts = [part.strip() for part in text.split(separator)] if separator else [text]
        readings = [one(part) for part in parts if part or not separator]
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


def flag_reader(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """A reader of yes and no: 1 or 0, mended where only case or spaces differ (B61, else B63)."""
    exact = dict.fromkeys(yes, 1) | dict.fromkeys(no, 0)
    by_plain = {plain(text): value for text, value in exact.items()}

    def read(text: str) -> CellReading:
        if text in exact:
            return CellReading(exact[text])
        if plain(text) in by_plain:
            return CellReading(by_plain[plain(text)], repair="B61")
        expected = " or ".join(text for text in exact if text)
        return CellReading(fault="B63", values={"texts": expected})

    return read


def integer_reader(column: Column, numbers: Numbers | None = None) -> Reader:
    """A reader of whole numbers from `column.low` to `column.high`; -1 where unknown.

    Mended is a number that is written as text or with zeros behind the comma (B36), and what the
    layout lists as unknown, or takes for unknown as it lies outside (B39). Refused are the other
    decimal sign than the file's (B34), decimals (B35), anything else (B36), and what lies outside
    (B39).
    """
    low, high = column.low or 0, column.high or 0
    bounds = {"low": low, "high": high}
    unknown = {int(text) for text in column.unknown if WHOLE.fullmatch(text)}

    def read(text: str) -> CellReading:
        trimmed = text.strip().removeprefix("'").strip()
        if not trimmed and column.blank is not None:
            return CellReading(UNKNOWN_VALUE, repair="B61" if text else "")
        value = _parse_integer(trimmed, numbers)
        if value is None:
            return _diagnose_number(trimmed, numbers, bounds)
        outside = not low <= value <= high
        if value in unknown or (outside and column.outside == UNKNOWN):
            return CellReading(UNKNOWN_VALUE, repair="B39")
        if not outside:
            return CellReading(value, repair="" if WHOLE.fullmatch(text) else "B36")
        return CellReading(fault="B39", case="range", values=bounds)

    return unknown_reader(read, column.unknown)


def _parse_integer(text: str, numbers: Numbers | None) -> int | None:
    """The number that a text is without doubt, by the locale of the file where it has one."""
    digits, decimal = r"\d{1,9}", "[.,]"
    if numbers is not None:
        mark, decimal = re.escape(numbers.thousands), re.escape(numbers.decimal)
        digits = rf"(?:\d{{1,3}}(?:{mark}\d{{3}}){{1,2}}|\d{{1,9}})"
    # Three zeros behind the sign are a thousand to whoever writes the other sign.
    match = re.fullmatch(rf"(-?{digits})(?:{decimal}0{{1,2}})?", _spaced(text), re.ASCII)
    return int(re.sub(r"[^\d-]", "", match[1])) if match else None


def _diagnose_number(
    text: str, numbers: Numbers | None, bounds: Mapping[str, object]
) -> CellReading:
    """What a text is that is no whole number without doubt."""
    if numbers is not None:
        other = {",": ".", ".": ","}[numbers.decimal]
        if re.fullmatch(rf"-?\d+{re.escape(other)}0{{1,2}}", _spaced(text), re.ASCII):
            names = {",": "comma", ".": "point"}
            signs = {"other": names[other], "sign": names[numbers.decimal]}
            return CellReading(fault="B34", case="cell", values={**bounds, **signs})
    code = "B35" if BROKEN.fullmatch(_spaced(text)) else "B36"
    return CellReading(fault=code, case="cell", values=bounds)


def _spaced(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def other_decimal_sign(texts: Sequence[str], numbers: Numbers | None) -> str:
    """The first text with another decimal sign than a text before it (B34), or nothing."""
    first = ""
    for text in texts:
        match = DECIMALS.fullmatch(text.strip())
        mark = re.escape(numbers.thousands) if numbers is not None else "^"
        if match is None or re.fullmatch(rf"-?\d{{1,3}}{mark}\d{{3}}", text.strip()):
            continue
        if first and match[1] != first:
            return text
        first = match[1]
    return ""
