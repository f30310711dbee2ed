from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.prose.writer import Writer

Write = Callable[..., Writer]


@pytest.mark.parametrize(
    ("field", "code", "expected"),
    [
        ("channel", "phone", "telefoon"),
        ("context", "free_time", "sport en vrije tijd"),
        ("month", "06", "juni"),
        ("weekday", "1", "maandag"),
        ("hour", "09", "9 uur"),
        ("hour", "unknown", "onbekend uur"),
        ("date", "2017-06-01", "1 juni 2017"),
        ("age_class", "under_6", "jonger dan 6 jaar"),
        ("age_class", "unknown", "onbekende leeftijd"),
        ("referrer", "awel.be", "awel.be"),
        ("fate", "repaired", "hersteld werden"),
    ],
)
def test_codes_have_labels(field: str, code: str, expected: str, write: Write) -> None:
    """Codes of lists, of derived fields and of open lists."""
    assert write().label(field, code) == expected


def test_labels_in_english(write: Write) -> None:
    """The label of the language."""
    assert write(language="en").label("month", "06") == "June"


@pytest.mark.parametrize(("field", "expected"), [("channel", "kanaal"), ("month", "maand")])
def test_fields_have_names(field: str, expected: str, write: Write) -> None:
    """Of a list, or of the catalogue."""
    assert write().field(field) == expected
