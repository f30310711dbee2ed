from __future__ import annotations

import pytest

from helpline_report.prose.named import check_names
from helpline_report.prose.place import Place, TextError

WHERE = Place("params/2017/nl/contacts.md", "totals", 4)


def check(text: str) -> None:
    """A text where the only fact is a telephone number."""
    check_names(text, WHERE, {"phone": "1712"}, "params/2017.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Eerst.\n\nBel {{ fact.phon }}.",
            "line 6: there is no fact 'phon', did you mean 'phone'?",
        ),
        ("Bel [ons](tel:{{ fact.phon }}).", "there is no fact 'phon'"),
        ("Dat is **{{ contacts.total.change | chnge }}**.", "there is no form 'chnge'"),
    ],
    ids=["in a text", "in a link", "a form"],
)
def test_misspelt_name_is_refused_before_any_figure_is_there(text: str, said: str) -> None:
    """A fact or a form that there isn't is told with its line, and with the nearest."""
    with pytest.raises(TextError) as refused:
        check(text)
    assert said in str(refused.value)


def test_figures_and_capital_forms_pass() -> None:
    """A figure is the ledger's to know, and a form may begin with a capital."""
    check("{{ not.counted.yet | Change }}: {{ fact.phone }}.")
