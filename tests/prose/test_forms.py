"""Figures in words: the natural way of each unit, and each form."""

from __future__ import annotations

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure
from helpline_report.prose.forms import FORMS
from helpline_report.prose.vocabulary import Unavailable
from tests.prose.two_years import NB, between, figure, said, spec

JUNE = figure("top", 6, by=("month",), unit="month", numerator=521)
ABUSE = figure("top", "child_abuse", by=("problem",))
FOURTH = figure("rank", 4, by=("problem",), code="child_abuse")
SAME = figure("flag", 1, by=("problem",), place=4)
ABUSED = spec("persons", problem="child_abuse")
SHARE_OF_SOME = figure("share", 90.36, noun="persons", of=ABUSED)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (figure("count", 4812), "4.812"),
        (figure("share", 86.409), f"86,41{NB}%"),
        (figure("change", 4.6997), f"+4,7{NB}%"),
        (figure("change", -12.04), f"−12,0{NB}%"),
        (figure("mean", 346.5), "347"),
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
        ("noun", figure("mean", 1.2), "1 contactname"),
        ("noun", figure("count", 0), "geen contactnames"),
        ("noun", figure("share", 59.3, noun="followups"), f"59,30{NB}% van de gevolggevingen"),
        ("noun_words", figure("count", 3), "drie contactnames"),
        ("Label", ABUSE, "Kindermishandeling"),
        ("Change", figure("change", 4.7, noun="users"), f"Een stijging van 4,7{NB}%"),
        ("decimals2", figure("mean", 3.8), "3,80"),
        ("counted", JUNE, "juni (521 contactnames)"),
        ("What", JUNE, "Maand met de meeste contactnames"),
        (
            "what",
            figure("top", 4, by=("weekday",), unit="weekday", lowest=True),
            "weekdag met de minste contactnames",
        ),
        ("place", FOURTH, "op de vierde plaats"),
        ("denominator", figure("mean", 19.02, numerator=4812, denominator=253), "253"),
        ("percent0", figure("share", 86.409), f"86{NB}%"),
        ("percent1", figure("share", 86.409), f"86,4{NB}%"),
        ("of", SHARE_OF_SOME, "van de gemelde personen met als problematiek kindermishandeling"),
        ("of_these", SHARE_OF_SOME, "van deze gemelde personen"),
        (
            "counts",
            figure("share", 86.41, numerator=4158, denominator=4812),
            "4.158 van de 4.812 contactnames",
        ),
        (
            "from_to",
            figure("change", 4.7, numerator=4812, denominator=4596),
            "van 4.596 naar 4.812",
        ),
        (
            "range",
            figure("share", 86.41, interval=between(85.41, 87.35)),
            f"tussen 85,4{NB}% en 87,4{NB}%",
        ),
        (
            "interval",
            figure("change", 4.7, interval=between(-2, 12, 0)),
            f"95{NB}%-interval −2,0{NB}% tot +12,0{NB}%",
        ),
        ("Also", SAME, "Ook"),
    ],
)
def test_forms(form: str, item: Figure, expected: str) -> None:
    """What was counted is named by the population, and a capital begins a sentence."""
    assert said(item, form) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (62.59, f"ruim 62{NB}%"),
        (64.69, f"ruim 64{NB}%"),
        (95.34, f"ruim 95{NB}%"),
        (3.14, f"ruim 3{NB}%"),
        (8.08, f"ongeveer 8{NB}%"),
        (61.85, f"bijna 62{NB}%"),
        (61.95, f"ongeveer 62{NB}%"),
        (62, f"62{NB}%"),
        (99.97, f"bijna 100{NB}%"),
        (0.3, f"minder dan 1{NB}%"),
        (0, f"0{NB}%"),
        (100, f"100{NB}%"),
    ],
)
def test_about_a_share(value: float, expected: str) -> None:
    """The word before a whole percentage says on which side of it the share lies."""
    assert said(figure("share", value), "about") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4812, "ruim 4.800"),
        (4588, "bijna 4.600"),
        (4596, "ongeveer 4.600"),
        (4805, "ongeveer 4.800"),
        (4800, "4.800"),
        (151, "ruim 150"),
        (38, "38"),
    ],
)
def test_about_a_count(value: int, expected: str) -> None:
    """Counts from a hundred on are cut to two digits; smaller ones stand as they are."""
    assert said(figure("count", value), "about") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (50, "de helft"),
        (50.2, "ongeveer de helft"),
        (51.86, "ruim de helft"),
        (48, "bijna de helft"),
        (25, "een kwart"),
        (65, "bijna twee derde"),
        (200 / 3, "twee derde"),
        (34.81, "ruim een derde"),
        (45, f"45{NB}%"),
        (3.14, f"ruim 3{NB}%"),
        (95.34, f"ruim 95{NB}%"),
    ],
)
def test_fractions_are_computed(value: float, expected: str) -> None:
    """A simple fraction where one lies near, else the percentage."""
    assert said(figure("share", value), "fraction") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100, "het geheel"),
        (86.41, "de overgrote meerderheid"),
        (80, "de overgrote meerderheid"),
        (50.01, "de meerderheid"),
        (50, "precies de helft"),
        (49.99, "een minderheid"),
        (3, "een kleine minderheid"),
        (0, "geen enkele"),
    ],
)
def test_sizes_are_computed(value: float, expected: str) -> None:
    """A majority is more than half, and a great one four fifths."""
    assert said(figure("share", value), "size") == expected


@pytest.mark.parametrize(
    ("form", "rise", "fall", "unproven"),
    [
        (
            "change",
            f"een stijging van 4,7{NB}%",
            f"een daling van 4,7{NB}%",
            "geen aantoonbaar verschil",
        ),
        (
            "changed",
            f"steeg met 4,7{NB}%",
            f"daalde met 4,7{NB}%",
            "verschilde niet aantoonbaar",
        ),
        (
            "more_less",
            f"4,7{NB}% meer",
            f"4,7{NB}% minder",
            f"4,7{NB}% meer, een verschil dat ook toeval kan zijn",
        ),
        ("finding", "een stijging", "een daling", "geen aantoonbaar verschil"),
        ("often", "vaker", "minder vaak", "niet aantoonbaar vaker of minder vaak"),
    ],
)
def test_a_change_is_called_what_its_interval_supports(
    form: str, rise: str, fall: str, unproven: str
) -> None:
    """A rise or a fall whose interval excludes none is called one; what may be chance isn't."""
    assert said(figure("change", 4.7, interval=between(0.5, 9.1, 0)), form) == rise
    assert said(figure("change", -4.7, interval=between(-9.1, -0.5, 0)), form) == fall
    assert said(figure("change", 4.7, interval=between(-2, 12, 0)), form) == unproven


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (figure("change", 0, interval=between(-2, 2, 0)), "geen verschil"),
        (figure("change", 0.02, noun="page_views"), f"een stijging van minder dan 0,1{NB}%"),
        (figure("change", 15.96, noun="users"), f"een stijging van 16,0{NB}%"),
        (figure("change", 300), "geen aantoonbaar verschil"),
    ],
    ids=["nought", "tiny", "traffic as it was counted", "rows without an interval"],
)
def test_the_edges_of_a_change(item: Figure, expected: str) -> None:
    """A rise of 0,0 % would be a contradiction; a register's change needs an interval."""
    assert said(item, "change") == expected


def test_a_ratio_carries_its_interval() -> None:
    """The printed rise, 62 cases in a year against 24 in half a year, is no difference."""
    ratio = figure("rate_ratio", 1.3023, interval=between(0.8012, 2.1781, 1))
    assert said(ratio, "ratio") == f"1,30 keer zoveel (95{NB}%-interval 0,80 tot 2,18)"
    assert said(ratio, "finding") == "geen aantoonbaar verschil"


def test_a_ratio_below_one_is_less_often() -> None:
    """No difference is one for a ratio, not nought."""
    assert said(figure("rate_ratio", 0.5, interval=between(0.3, 0.9, 1)), "often") == "minder vaak"


def test_who_lacks_an_interval() -> None:
    """Of traffic to ask for one is a mistake of the text; rows may lack one."""
    with pytest.raises(ProseError, match="figures of the website have none"):
        said(figure("share", 31, noun="users"), "interval")
    with pytest.raises(Unavailable):
        said(figure("rate_ratio", 2), "interval")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (figure("flag", 1), "een stijging"),
        (figure("flag", 0), "geen aantoonbare stijging"),
        (SAME, "dezelfde"),
        (figure("flag", 0, by=("problem",), place=4), "niet dezelfde"),
    ],
)
def test_flags(item: Figure, expected: str) -> None:
    """A flag says whether a rise is supported; over a field, whether the first are the same."""
    assert said(item, "finding") == expected


def test_also_is_for_rankings() -> None:
    """A supported rise is not 'also'."""
    with pytest.raises(ProseError, match="write 'finding'"):
        said(figure("flag", 1), "also")


def test_english() -> None:
    """Nothing Dutch stands in the code."""
    assert said(figure("count", 4812), "noun", "en") == "4,812 contacts"
    assert said(figure("change", -3, noun="users"), "change", "en") == "a fall of 3.0%"


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


def test_forms_are_in_lower_case() -> None:
    """So that a capital can mean a capital."""
    assert [name for name in FORMS if name != name.lower()] == []
