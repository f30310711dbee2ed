"""Labels of an export become the codes of a field's list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from helpline_report.errors import nearest
from helpline_report.exports.personal_data import personal_kind
from helpline_report.exports.shapes import plain
from helpline_report.tables.reading import Reader, Reading

SHOWN_LABELS = 6
LOST_ZEROS = "is a label of the layout without its leading zeros"
AS_TEXT = "export it again as text, and open it nowhere in between"
ADD_FLAG = "correct it in the source, or list it under 'yes' or 'no' in the layout"
ADD_LABEL = "correct it in the source, or give the label a code in the layout"


def label_reader(labels: Mapping[str, str], blank: str | None, order: Sequence[str]) -> Reader:
    """A reader of labels: the value is the place of the code in `order`.

    What differs by accident only (case, spaces, composed accents) is mended (B61). Refused are a
    label that lost its leading zeros (B41), an unknown label, and a blank that the layout gives no
    code (B59).
    """
    places = {code: place for place, code in enumerate(order)}
    exact = {label: places[code] for label, code in labels.items()}
    mended = {plain(label): place for label, place in exact.items()}
    zeroless = {plain(label).lstrip("0") for label in labels if label.strip().isdigit()}
    shown = list(labels)
    expected = ", ".join(shown) if len(shown) <= SHOWN_LABELS else "a label of the layout"

    def read(text: str) -> Reading:
        if text in exact:
            return Reading(exact[text])
        simple = plain(text)
        if not simple and blank is not None:
            return Reading(places[blank], repair="B61" if text else "")
        if simple in mended:
            return Reading(mended[simple], repair="B61")
        if simple.isdigit() and simple.lstrip("0") in zeroless:
            return Reading(fault="B41", what=LOST_ZEROS, expected=expected, next_step=AS_TEXT)
        hint = nearest(text.strip(), shown) if simple else ""
        what = f"is no label of this column{hint}"
        return Reading(fault="B59", what=what, expected=expected, next_step=ADD_LABEL)

    return read


def unknown_first(reader: Reader, unknown: Sequence[str], place: int) -> Reader:
    """A reader that first knows the texts that the layout lists as unknown (B39)."""
    texts = {plain(text) for text in unknown}

    def read(text: str) -> Reading:
        return Reading(place, repair="B39") if plain(text) in texts else reader(text)

    return read if texts else reader


def growing_reader(labels: Mapping[str, str], blank: str | None, order: list[str]) -> Reader:
    """A reader of labels of an open list: one without a code is its own, and grows `order`.

    Whatever stands in it is text (B64), but for personal data (B65); a blank that the layout gives
    no code is refused (B59).
    """
    own = open_reader(labels)
    places = {code: place for place, code in enumerate(order)}

    def read(text: str) -> Reading:
        if not plain(text) and blank is None:
            return Reading(fault="B59", what="is no label", next_step=ADD_LABEL)
        if personal_kind(text):
            # What kind it is, the column tells of every faulty text.
            return Reading(fault="B65", what="is no label", shown=False)
        code = own(text) if plain(text) else str(blank)
        if code not in places:
            places[code] = len(order)
            order.append(code)
        return Reading(places[code])

    return read


def several_reader(one: Reader, separator: str, blank: int | None) -> tuple[Reader, list[set[int]]]:
    """A reader of cells that hold several labels, and the sets of values that it has met.

    The value is the place of the cell's set; order and doubles don't matter. An empty cell is
    `blank` alone, or the empty set.
    """
    sets: list[set[int]] = []
    places: dict[frozenset[int], int] = {}

    def read(text: str) -> Reading:
        parts = [part.strip() for part in text.split(separator)]
        readings = [one(part) for part in parts if part]
        fault = next((reading for reading in readings if reading.fault), None)
        if fault is not None:
            what = fault.what.replace("is no label", "holds no label", 1)
            return Reading(fault=fault.fault, what=what, expected=fault.expected,
                           next_step=fault.next_step)  # fmt: skip
        held = frozenset(reading.value for reading in readings)
        if not readings and blank is not None:
            held = frozenset({blank})
        if held not in places:
            places[held] = len(sets)
            sets.append(set(held))
        repair = max((reading.repair for reading in readings), default="")
        return Reading(places[held], repair=repair)

    return read, sets


def open_reader(labels: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of labels of an open field: a label without a code is its own, in plain form."""
    known = {plain(label): code for label, code in labels.items()}
    return lambda text: known.get(plain(text), plain(text))


def flag_reader(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """A reader of yes and no: 1 or 0, mended where only case or spaces differ (B61, else B63)."""
    values = dict.fromkeys(yes, 1) | dict.fromkeys(no, 0)
    mended = {plain(text): value for text, value in values.items()}

    def read(text: str) -> Reading:
        if text in values:
            return Reading(values[text])
        if plain(text) in mended:
            return Reading(mended[plain(text)], repair="B61")
        return Reading(
            fault="B63",
            what="is neither yes nor no",
            expected=" or ".join(text for text in values if text),
            next_step=ADD_FLAG,
        )

    return read
