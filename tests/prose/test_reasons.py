from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Reason
from helpline_report.prose.catalogue import LANGUAGES, catalogue
from helpline_report.prose.writer import Writer

Write = Callable[..., Writer]
CODES = get_args(Reason.model_fields["code"].annotation)


@pytest.mark.parametrize(
    ("code", "about", "expected"),
    [
        ("no_field", "channel", "de bron registreert geen kanaal"),
        ("no_source", "traffic", "er zijn geen bronbestanden met cijfers over de website"),
        ("no_comparison", "", "er is geen jaar om mee te vergelijken"),
        (
            "break",
            "split",
            "een wijziging maakt de vergelijking onmogelijk (sport werd apart geteld)",
        ),
        (
            "break",
            "contacts",
            "een wijziging maakt de vergelijking onmogelijk (contactnames)",
        ),
    ],
)
def test_reasons_in_words(code: str, about: str, expected: str, write: Write) -> None:
    """Why, in a clause."""
    assert write().reason(Reason.model_validate({"code": code, "about": about})) == expected


def test_the_line_in_place_of_a_block(write: Write) -> None:
    """The reader is told what is missing and why."""
    assert write().note(Reason(code="no_field", about="channel")) == (
        "Niet in dit verslag: de bron registreert geen kanaal."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    """No reason leaves the catalogue speechless."""
    assert set(catalogue(language).reasons.codes) == set(CODES)


def test_the_note_of_a_break(write: Write) -> None:
    """A break is told in the words of the parameters."""
    assert write(language="en").break_note("split") == "sport was counted apart."


def test_an_unknown_break(write: Write) -> None:
    """A misspelt break is told with the nearest."""
    with pytest.raises(ProseError, match="no break 'splitt', did you mean 'split'"):
        write().break_note("splitt")
