"""Labels of an export become the codes of a field's list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from helpline_report.errors import nearest
from helpline_report.exports.shapes import plain
from helpline_report.tables.reading import Reader, Reading

SHOWN_LABELS = 6
ADD_LABEL = "correct it in the source, or give the label a code in the layout"


def label_reader(labels: Mapping[str, str], blank: str | None, order: Sequence[str]) -> Reader:
    """A reader of labels: the value is the place of the code in `order`.

    What differs by accident only (case, spaces, composed accents) is mended (B61); an unknown
    label, and a blank that the layout gives no code, is refused (B59).
    """
    places = {code: place for place, code in enumerate(order)}
    exact = {label: places[code] for label, code in labels.items()}
    mended = {plain(label): place for label, place in exact.items()}
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
        hint = nearest(text.strip(), shown) if simple else ""
        what = f"is no label of this column{hint}"
        return Reading(fault="B59", what=what, expected=expected, next_step=ADD_LABEL)

    return read


def open_reader(labels: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of labels of an open field: a label without a code is its own, in plain form."""
    known = {plain(label): code for label, code in labels.items()}
    return lambda text: known.get(plain(text), plain(text))


def flag_reader(yes: Sequence[str], no: Sequence[str]) -> Reader:
    """A reader of yes and no: 1 or 0, mended where only case or spaces differ (B61, else B63)."""
    values = dict.fromkeys(no, 0) | dict.fromkeys(yes, 1)
    mended = {plain(text): value for text, value in values.items()}

    def read(text: str) -> Reading:
        if text in values:
            return Reading(values[text])
        if plain(text) in mended:
            return Reading(mended[plain(text)], repair="B61")
        return Reading(
            fault="B63",
            what="is neither yes nor no",
            expected=" or ".join(values),
            next_step=ADD_LABEL,
        )

    return read
