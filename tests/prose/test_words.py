from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure
from helpline_report.prose.names import Unavailable
from helpline_report.prose.words import FORMS

MakeFigure = Callable[..., Figure]
Said = Callable[..., str]

Natural = Callable[..., str]

NB = "\N{NO-BREAK SPACE}"


@pytest.fixture
def natural(figure: MakeFigure, said: Said) -> Natural:
    return lambda kind, value, more: said(figure(kind, value, **more))


@pytest.mark.parametrize(
    ("kind", "value", "more", "expected"),
    [
        ("count", 4812, {}, "4.812"),
        ("share", 86.409, {}, f"86,41{NB}%"),
        ("change", 4.6997, {}, f"+4,7{NB}%"),
        ("change", -12.04, {}, f"−12,0{NB}%"),
        ("mean", 346.5, {}, "347"),
        ("top", "child_abuse", {"by": ("problem",)}, "kindermishandeling"),
        ("top", "awel.be", {"by": ("referrer",)}, "awel.be"),
        ("top", 6, {"by": ("month",), "unit": "month"}, "juni"),
        ("top", 1, {"by": ("weekday",), "unit": "weekday"}, "maandag"),
        ("rank", 4, {"by": ("problem",), "code": "child_abuse"}, "vierde"),
        ("rate_ratio", 1.3023, {}, "1,30"),
        ("flag", 1, {}, "ja"),
    ],
)
def test_each_unit_has_its_natural_writing(
    kind: str, value: float, more: dict[str, object], expected: str, natural: Natural
) -> None:
    """Without a form a figure is written as its unit is."""
    assert natural(kind, value, more) == expected


@pytest.mark.parametrize(
    ("noun", "expected"), [("contacts", "contactnames"), ("users", "gebruikers")]
)
def test_the_noun_is_the_populations(
    noun: str, expected: str, figure: MakeFigure, said: Said
) -> None:
    """What was counted is named by the population, not by the writer."""
    assert said(figure("count", 26, noun=noun), "noun") == f"26 {expected}"


def test_one_takes_the_singular(figure: MakeFigure, said: Said) -> None:
    """One contact is no contacts."""
    assert said(figure("count", 1), "noun") == "1 contactname"


def test_a_mean_that_rounds_to_one_takes_the_singular(figure: MakeFigure, said: Said) -> None:
    """The noun follows the number that is read."""
    assert said(figure("mean", 1.2), "noun") == "1 contactname"


def test_none_is_said_as_none(figure: MakeFigure, said: Said) -> None:
    """Nought contacts are no contacts."""
    assert said(figure("count", 0), "noun") == "geen contactnames"


def test_small_counts_in_words(figure: MakeFigure, said: Said) -> None:
    """Up to twelve a count may be a word."""
    assert said(figure("count", 3), "noun_words") == "drie contactnames"


def test_a_share_takes_the_noun_of_its_whole(
    figure: MakeFigure, said: Said, spec: Callable[..., object]
) -> None:
    """A share of follow-ups can't be called one of persons."""
    part = figure("share", 59.3, population=spec("followups"), of=spec("followups"))
    assert said(part, "noun") == f"59,30{NB}% van de gevolggevingen"


def test_a_form_with_a_capital_begins_with_one(figure: MakeFigure, said: Said) -> None:
    """For the start of a sentence."""
    assert said(figure("top", "child_abuse", by=("problem",)), "Label") == "Kindermishandeling"


def test_a_capital_works_for_every_form(figure: MakeFigure, said: Said) -> None:
    """Any form has its capital."""
    assert said(figure("change", 4.7, noun="users"), "Change") == f"Een stijging van 4,7{NB}%"


def test_a_mean_with_decimals(figure: MakeFigure, said: Said) -> None:
    """A mean is a whole number unless decimals are asked for."""
    assert said(figure("mean", 3.8), "decimals2") == "3,80"


def test_a_label_with_its_count(figure: MakeFigure, said: Said) -> None:
    """The month that was the busiest, and how many it had."""
    june = figure("top", 6, by=("month",), unit="month", numerator=521)
    assert said(june, "counted") == "juni (521 contactnames)"


def test_what_a_top_is_about(figure: MakeFigure, said: Said) -> None:
    """The superlative comes from the figure, so that prose needn't type it."""
    june = figure("top", 6, by=("month",), unit="month")
    assert said(june, "What") == "Maand met de meeste contactnames"


def test_what_the_lowest_is_about(figure: MakeFigure, said: Said) -> None:
    """The fewest are the figure's to say too."""
    thursday = figure("top", 4, by=("weekday",), unit="weekday", lowest=True)
    assert said(thursday, "what") == "weekdag met de minste contactnames"


def test_the_place_of_a_rank(figure: MakeFigure, said: Said) -> None:
    """A rank as a place."""
    rank = figure("rank", 4, by=("problem",), code="child_abuse")
    assert said(rank, "place") == "op de vierde plaats"


def test_the_counts_behind_a_mean(figure: MakeFigure, said: Said) -> None:
    """Numerator and denominator can be shown."""
    assert said(figure("mean", 19.02, numerator=4812, denominator=253), "denominator") == "253"


def test_english(figure: MakeFigure, said: Said) -> None:
    """Nothing Dutch stands in the code."""
    assert said(figure("count", 4812), "noun", "en") == "4,812 contacts"


def test_an_unknown_form_names_the_nearest(figure: MakeFigure, said: Said) -> None:
    """A misspelt form is told with the one that was meant."""
    with pytest.raises(ProseError, match="there is no form 'chagne', did you mean 'change'"):
        said(figure("change", 4.7), "chagne")


def test_a_form_that_does_not_fit_lists_those_that_do(figure: MakeFigure, said: Said) -> None:
    """The unit decides, and the message says what would fit."""
    with pytest.raises(ProseError, match=r"doesn't fit 'x', which is a count\n.*noun, noun_words"):
        said(figure("count", 4812), "change")


def test_a_form_that_does_not_fit_is_told_without_a_value(figure: MakeFigure, said: Said) -> None:
    """A wrong form is wrong in a year without the figure too."""
    with pytest.raises(ProseError, match="doesn't fit"):
        said(figure("count", None), "change")


def test_a_figure_without_a_value_says_why(figure: MakeFigure, said: Said) -> None:
    """The reason travels with the exception."""
    with pytest.raises(Unavailable) as caught:
        said(figure("count", None))
    assert caught.value.reason.code == "no_field"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_has_an_example(name: str) -> None:
    """The list of forms is documentation."""
    assert FORMS[name].example
