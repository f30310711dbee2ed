"""Figures in words: the natural way of each unit, and each form."""

from __future__ import annotations

from typing import Any

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, Interval
from helpline_report.prose.vocabulary import Unavailable
from tests.prose.two_years import NB, between, figure, said, spec

JUNE = figure("top", 6, by=("month",), unit="month", numerator=521)
ABUSE = figure("top", "child_abuse", by=("problem",))
FOURTH = figure("rank", 4, by=("problem",), code="child_abuse")
SAME = figure("flag", 1, by=("problem",), place=4)
OTHER = figure("flag", 0, by=("problem",), place=4)
ABUSED = spec("persons", problem="child_abuse")
INTERVAL = Interval(low=85.41, high=87.35, method="wilson")
SHARE = figure("share", 86.41, numerator=4158, denominator=4812, interval=INTERVAL)
SHARE_OF_SOME = figure("share", 90.36, noun="persons", of=ABUSED)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (figure("count", 4812), "4.812"),
        (figure("share", 86.409), f"86{NB}%"),
        (figure("change", 4.6997), f"+4,7{NB}%"),
        (figure("change", -12.04), f"−12,0{NB}%"),
        (figure("mean", 346.5), "347"),
        (figure("mean", 3.8), "3,8"),
        (ABUSE, "kindermishandeling"),
        (figure("top", "awel.be", by=("referrer",)), "awel.be"),
        (JUNE, "juni"),
        (figure("top", 1, by=("weekday",), unit="weekday"), "maandag"),
        (FOURTH, "vierde"),
        (figure("rate_ratio", 1.3023), "1,30"),
        (figure("flag", 1), "ja"),
    ],
)
def test_each_unit_has_its_natural_writing(item: Figure, expected: str) -> None:
    """Without a form a figure is written as its unit is."""
    assert said(item) == expected


@pytest.mark.parametrize(
    ("form", "item", "expected"),
    [
        ("noun", figure("count", 26), "26 contactnames"),
        ("noun", figure("count", 26, noun="users"), "26 gebruikers"),
        ("noun", figure("count", 1), "1 contactname"),
        ("noun", figure("mean", 1.2), "1,2 contactnames"),
        ("noun", figure("count", 0), "geen contactnames"),
        ("noun", figure("share", 59.3, noun="followups"), f"59{NB}% van de gevolggevingen"),
        ("noun_words", figure("count", 3), "drie contactnames"),
        ("Label", ABUSE, "Kindermishandeling"),
        ("counted", JUNE, "juni (521 contactnames)"),
        ("What", JUNE, "Maand met de meeste contactnames"),
        ("place", FOURTH, "op de vierde plaats"),
        ("of", SHARE_OF_SOME, "van de gemelde personen met als problematiek kindermishandeling"),
        ("of_these", SHARE_OF_SOME, "van deze gemelde personen"),
        ("counts", SHARE, "4.158 van de 4.812 contactnames"),
        ("denominator", SHARE, "4.812"),
        ("range", SHARE, f"tussen 85{NB}% en 87{NB}%"),
        ("interval", SHARE, f"95{NB}%-interval 85{NB}% tot 87{NB}%"),
        ("from_to", figure("change", 5, numerator=12, denominator=4596), "van 4.596 naar 12"),
        ("Also", SAME, "Ook"),
        ("also", OTHER, "niet"),
        ("finding", SAME, "dezelfde"),
        ("finding", OTHER, "niet dezelfde"),
        ("mostly", figure("top", "phone", numerator=5, denominator=10), "het vaakst"),
        ("Mostly", figure("top", "phone", numerator=6, denominator=10), "Meestal"),
    ],
)
def test_forms(form: str, item: Figure, expected: str) -> None:
    """What was counted is named by the population, and a capital begins a sentence."""
    assert said(item, form) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (62.59, f"bijna 63{NB}%"),
        (95.34, f"ruim 95{NB}%"),
        (61.95, f"ongeveer 62{NB}%"),
        (62, f"62{NB}%"),
        (99.97, f"bijna 100{NB}%"),
        (0.3, f"minder dan 1{NB}%"),
        (0, f"0{NB}%"),
        (100, f"100{NB}%"),
    ],
)
def test_about_a_share(value: float, expected: str) -> None:
    """The number is the one that is written without a form; the word says where the share lies."""
    assert said(figure("share", value), "about") == expected
    assert said(figure("share", value)).split()[-2:] == expected.split()[-2:]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (50, "de helft"),
        (50.2, "ongeveer de helft"),
        (48, "bijna de helft"),
        (200 / 3, "twee derde"),
        (34.81, "ruim een derde"),
        (45, f"45{NB}%"),
        (95.34, f"ruim 95{NB}%"),
    ],
)
def test_fractions_are_computed(value: float, expected: str) -> None:
    """A simple fraction where one lies near, else the percentage."""
    assert said(figure("share", value), "fraction") == expected


def compared(now: int, then: int, *ends: float, **more: Any) -> Figure:
    """A change of two counts, with an interval where its ends are said."""
    interval = between(ends[0], ends[1], 0) if ends else None
    value = 100 * (now - then) / then
    return figure("change", value, numerator=now, denominator=then, interval=interval, **more)


MORE = f"216 contactnames meer dan in 2016 (+4,7{NB}%)"
CHANCE = f"een verschil dat toeval kan zijn (95{NB}%-interval −0,9{NB}% tot +10,7{NB}%)"
BEYOND = f"een verschil dat toeval alleen niet verklaart (95{NB}%-interval +0,5{NB}% tot +9,0{NB}%)"
DOUBT = "is niet te zeggen"
BREAK = {"breaks": ("split",)}


@pytest.mark.parametrize(
    ("item", "change", "more_less"),
    [
        (compared(4812, 4596), MORE, f"216 meer (+4,7{NB}%)"),
        (
            compared(4596, 4812, noun="users"),
            f"216 gebruikers minder dan in 2016 (−4,5{NB}%)",
            f"216 minder (−4,5{NB}%)",
        ),
        (
            compared(5001, 5000, noun="persons"),
            f"1 gemelde persoon meer dan in 2016 (minder dan 0,1{NB}%)",
            f"1 meer (minder dan 0,1{NB}%)",
        ),
        (compared(12, 12), "evenveel contactnames als in 2016", "evenveel"),
    ],
)
def test_what_was_counted_is_always_said(item: Figure, change: str, more_less: str) -> None:
    """Whatever its interval: a register's counts are exact."""
    assert said(item, "change") == change
    assert said(item, "more_less") == more_less


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (compared(4812, 4596, -0.9, 10.7), f"{MORE}, {CHANCE}"),
        (compared(4812, 4596, 0.5, 9.0), f"{MORE}, {BEYOND}"),
        (
            compared(4812, 4596, 0.5, 9.0, **BREAK),
            f"{MORE}, {BEYOND}; of er ook vaker hulp gezocht werd, {DOUBT}, want "
            "sport werd apart geteld",
        ),
        (
            compared(26788, 23101, noun="users"),
            f"3.687 gebruikers meer dan in 2016 (+16,0{NB}%); of ook meer mensen de website "
            f"bezochten, {DOUBT}, want de webstatistiek schat dit aantal, en zegt niet met "
            "welke marge",
        ),
        (
            compared(2, 1, noun="persons"),
            f"1 gemelde persoon meer dan in 2016 (+100,0{NB}%); of er ook over meer mensen hulp "
            f"gezocht werd, {DOUBT}, want de aantallen zijn te klein voor een marge",
        ),
        (compared(12, 12, -20, 25, **BREAK), "evenveel contactnames als in 2016"),
        (
            figure("rate_ratio", 1.3023, interval=between(0.6686, 2.6933, 1)),
            f"1,30 keer zoveel, een verschil dat toeval kan zijn (95{NB}%-interval 0,67 tot 2,69)",
        ),
        (
            figure("rate_ratio", 0.5, interval=between(0.3, 0.9, 1), **BREAK),
            f"0,50 keer zoveel, een verschil dat toeval alleen niet verklaart (95{NB}%-"
            f"interval 0,30 tot 0,90); of er ook minder vaak hulp gezocht werd, {DOUBT}, want "
            "sport werd apart geteld",
        ),
    ],
)
def test_what_follows_stands_with_interval_and_breaks(item: Figure, expected: str) -> None:
    """In one sentence with what was counted; nothing of a cause."""
    assert said(item, "finding") == expected


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_noun_has_its_question(language: str) -> None:
    """Whether more of it happened in the world, and whether less."""
    for noun in ("contacts", "persons", "followups", "users", "page_views"):
        for now, then in ((2, 1), (1, 2)):
            assert said(compared(now, then, noun=noun), "finding", language).count("; ") == 1


def test_an_interval_of_a_comparison_stands_in_its_finding_alone() -> None:
    """With each break beside it; a form that gives the interval by itself is for shares."""
    for form in ("interval", "range"):
        with pytest.raises(ProseError, match="doesn't fit"):
            said(compared(2, 1, -5, 5), form)


def test_who_lacks_an_interval() -> None:
    """Of traffic to ask for one is a mistake of the text; rows of a year may be gone."""
    with pytest.raises(ProseError, match="figures of the website have none"):
        said(figure("share", 31, noun="users"), "interval")
    with pytest.raises(Unavailable):
        said(figure("share", 31, noun="persons"), "interval")


@pytest.mark.parametrize("form", ["finding", "also"])
def test_a_rise_is_said_by_its_ratio(form: str) -> None:
    """A flag would say it without its interval and breaks."""
    with pytest.raises(ProseError, match=r"write the ratio that it was made of"):
        said(figure("flag", 1), form)


def test_english() -> None:
    """Nothing Dutch stands in the code."""
    assert said(figure("count", 4812), "noun", "en") == "4,812 contacts"
    assert said(compared(97, 100), "change", "en") == "3 fewer contacts than in 2016 (−3.0%)"


def test_an_unknown_form_names_the_nearest() -> None:
    """A misspelt form is told with the one that was meant."""
    with pytest.raises(ProseError, match="there is no form 'chagne', did you mean 'change'"):
        said(figure("change", 4.7), "chagne")


@pytest.mark.parametrize("value", [4812, None])
def test_a_form_that_does_not_fit_lists_those_that_do(value: int | None) -> None:
    """The unit decides, in a year without the figure too, and the message says what would fit."""
    with pytest.raises(ProseError, match=r"doesn't fit 'x', which is a count\n.*noun, noun_words"):
        said(figure("count", value), "change")


def test_a_figure_without_a_value_says_why() -> None:
    """The reason travels with the exception."""
    with pytest.raises(Unavailable) as caught:
        said(figure("count", None))
    assert caught.value.reason.code == "no_field"
