from __future__ import annotations

import pytest

from helpline_report.prose.named import FigureNames, check_names
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


FIGURES = FigureNames(
    frozenset({"contacts.total", "contacts.share.phone"}), frozenset({"contacts.by_month"})
)


def held(text: str) -> None:
    """A text beside chapters that make two figures and a series."""
    check_names(text, WHERE, {"phone": "1712"}, "params/2017.yaml", FIGURES)


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("contacts.totl", ", did you mean 'contacts.total'?"),
        ("contact.total", ", did you mean 'contacts.total'?"),
        ("contacts.by_month", ""),
        ("contacts.by_mnth.6", ""),
        ("contacts.total.6", ""),
        ("contacts.", ""),
    ],
)
def test_figure_that_no_chapter_makes(name: str, close: str) -> None:
    """It is told with its line before any chapter runs, and with the nearest."""
    with pytest.raises(TextError) as refused:
        held(f"Eerst.\n\n{{{{ {name} | noun }}}}")
    assert f"line 6: there is no figure and no parameter '{name}'{close}" in str(refused.value)


@pytest.mark.parametrize(
    "name", ["contacts.total", "contacts.by_month.6", "contacts.by_month.any.more", "fact.phone"]
)
def test_figure_that_may_be_made(name: str) -> None:
    """What a series holds only a run can tell; the parameters have names of their own."""
    held(f"{{{{ {name} }}}}")
