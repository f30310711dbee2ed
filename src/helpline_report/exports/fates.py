"""Why rows were repaired or don't count, in words: faults, and what is no fault of an export."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpline_report.exports.faults import FAULTS
from helpline_report.parameters.values import Translated

OTHER: Mapping[str, Translated] = MappingProxyType(
    {
        "corrected": Translated(
            nl="rij die volgens de lijst met verbeteringen verbeterd is",
            en="a row mended by the list of corrections",
        ),
        "left_out": Translated(
            nl="rij die volgens de lijst met verbeteringen niet meetelt",
            en="a row left out by the list of corrections",
        ),
        "hangs": Translated(
            nl="rij die bij een rij hoort die niet meetelt",
            en="a row that belongs to a row that is left out",
        ),
        "repeat": Translated(
            nl="rij die haar contact herhaalt, voor nog een persoon",
            en="a row that repeats its contact, for one more person",
        ),
        "unused": Translated(
            nl="rij van een webrapport die dit verslag niet gebruikt",
            en="a row of a web report that isn't used",
        ),
    }
)


def fate_words(code: str, language: str) -> str:
    """What a code means, as a noun phrase for one case of it, in `language` (`nl` or `en`).

    Raises:
        KeyError: there is no such code.
    """
    if code in OTHER:
        return OTHER[code].in_language(language)
    return FAULTS[code].words(language)
