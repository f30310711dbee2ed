"""The tables of an edition, with their code lists."""

from __future__ import annotations

from typing import Any

import pytest

from helpline_report.errors import ParametersError
from helpline_report.figures.register import Register, check_breaks, is_above
from tests.figures.drawn import a_break, register


def test_derived_fields_have_codes_of_their_own(year: Register) -> None:
    """Months, weekdays, hours, days and classes of ages; an open list has none."""
    assert (year.codes("month") or [])[:2] == ["01", "02"]
    assert (year.codes("hour") or [])[-2:] == ["23", "unknown"]
    assert len(year.codes("date") or []) == 365
    assert year.codes("referrer") is None


def test_tables_hang_on_each_other() -> None:
    """Follow-ups on persons on contacts; traffic on nothing."""
    assert is_above("contacts", "followups")
    assert not is_above("persons", "contacts")
    assert not is_above("contacts", "traffic")


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ({"field": "contxt"}, "there is no field 'contxt', did you mean 'context'?"),
        (
            {"tables": ["contact"]},
            "there is no table 'contact', did you mean 'contacts'?",
        ),
        (
            {
                "kind": "split",
                "field": "context",
                "old": "sport_leisur",
                "new": ["sport", "family"],
            },
            "the field 'context' has no code 'sport_leisur', did you mean 'sport_leisure'?",
        ),
    ],
)
def test_a_misspelt_break_is_refused(broken: dict[str, Any], what: str) -> None:
    """No comparison would ever cross it."""
    declared = a_break("b", broken.pop("kind", "starts"), "2017-01-01", **broken)
    with pytest.raises(ParametersError) as error:
        check_breaks(register(contacts="channel\nphone", breaks=[declared]))
    assert str(error.value) == f"params/2017.yaml: the break 'b': {what}"
