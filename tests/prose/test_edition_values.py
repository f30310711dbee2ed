"""What the parameters and code lists say, by name and form."""

from __future__ import annotations

import pytest

from helpline_report.errors import ProseError
from helpline_report.prose.edition_values import HEADS, parameter_forms
from helpline_report.prose.vocabulary import Unavailable
from tests.prose.two_years import writer


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("year", None, "2017"),
        ("year.previous", None, "2016"),
        ("period", None, "2017"),
        ("period", "in", "in 2017"),
        ("period", "In", "In 2017"),
        ("period", "dates", "van 1 januari tot en met 31 december 2017"),
        ("title", None, "Jaarverslag 2017"),
        ("helpline", None, "1712"),
        ("helpline.full_name", None, "hulplijn bij geweld"),
        ("helpline.full_name", "Text", "Hulplijn bij geweld"),
        ("publisher", None, "de uitgever"),
        ("n.helplines", None, "3"),
        ("n.helplines", "words", "drie"),
        ("fact.phone", None, "1712"),
        ("fact.hours", None, "van 9 tot 17 uur"),
        ("fact.since", None, "12 maart 2012"),
        ("fact.since", "month_year", "maart 2012"),
        ("fact.since", "day_month", "12 maart"),
        ("fact.since", "weekday", "maandag"),
        ("fact.since", "year", "2012"),
        ("campaign.june.name", None, "junicampagne"),
        ("campaign.june.window", None, "van 1 tot en met 30 juni 2017"),
        ("campaign.june.start", "day_month", "1 juni"),
        ("event.metoo.name", None, "#MeToo"),
        ("event.metoo.date", None, "15 oktober 2017"),
        ("break.split", None, "sport werd apart geteld."),
        ("noun.persons", None, "gemelde personen"),
        ("noun.persons", "one", "gemelde persoon"),
        ("noun.persons", "The", "De gemelde personen"),
        ("age.youth", None, "van 13 tot en met 17 jaar"),
        ("person_age.under_6", None, "tot en met 5 jaar"),
        ("field.channel", None, "kanaal"),
        ("label.problem.child_abuse", "Text", "Kindermishandeling"),
    ],
)
def test_what_the_parameters_say(name: str, form: str | None, expected: str) -> None:
    """Each placeholder that is no figure, and its forms."""
    assert writer().value(name, form) == expected


def test_without_a_comparison_year_its_name_is_unavailable() -> None:
    """That is no mistake of the text: the block is left out."""
    with pytest.raises(Unavailable) as caught:
        writer(compared=False).value("year.previous")
    assert caught.value.reason.code == "no_comparison"


def test_an_unknown_name() -> None:
    """A misspelt name is told with the nearest."""
    with pytest.raises(ProseError, match=r"no parameter 'fact.fone', did you mean 'fact.phone'"):
        writer().value("fact.fone")


def test_a_form_that_does_not_fit() -> None:
    """A text has no date."""
    with pytest.raises(ProseError, match=r"doesn't fit 'fact.phone', which is a text\n.*text"):
        writer().value("fact.phone", "month_year")


def test_every_name_can_be_written() -> None:
    """No name fails when it is asked for; its first part says that it is no figure's."""
    words = writer(language="en")
    names = parameter_forms(words)
    assert {name.split(".")[0] for name in names} <= HEADS
    assert all(words.value(name) for name in names)
