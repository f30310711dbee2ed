from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, Interval
from helpline_report.prose.names import Unavailable

MakeFigure = Callable[..., Figure]
Said = Callable[..., str]
Between = Callable[..., Interval]

NB = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("change", f"een stijging van 4,7{NB}%"),
        ("changed", f"steeg met 4,7{NB}%"),
        ("more_less", f"4,7{NB}% meer"),
        ("finding", "een stijging"),
        ("often", "vaker"),
    ],
)
def test_a_supported_rise(
    form: str, expected: str, figure: MakeFigure, said: Said, interval: Between
) -> None:
    """A rise whose interval excludes none is called one."""
    assert said(figure("change", 4.7, interval=interval(0.5, 9.1, 0)), form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("change", f"een daling van 4,7{NB}%"),
        ("changed", f"daalde met 4,7{NB}%"),
        ("more_less", f"4,7{NB}% minder"),
        ("finding", "een daling"),
        ("often", "minder vaak"),
    ],
)
def test_a_supported_fall(
    form: str, expected: str, figure: MakeFigure, said: Said, interval: Between
) -> None:
    """A fall whose interval excludes none is called one, without a minus."""
    assert said(figure("change", -4.7, interval=interval(-9.1, -0.5, 0)), form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("change", "geen aantoonbaar verschil"),
        ("changed", "verschilde niet aantoonbaar"),
        ("more_less", f"4,7{NB}% meer, een verschil dat ook toeval kan zijn"),
        ("finding", "geen aantoonbaar verschil"),
        ("often", "niet aantoonbaar vaker of minder vaak"),
    ],
)
def test_a_rise_that_may_be_chance(
    form: str, expected: str, figure: MakeFigure, said: Said, interval: Between
) -> None:
    """What the numbers don't support is not called a rise."""
    assert said(figure("change", 4.7, interval=interval(-2, 12, 0)), form) == expected


def test_no_change_at_all(figure: MakeFigure, said: Said, interval: Between) -> None:
    """Nought is no difference, whatever the interval."""
    assert said(figure("change", 0, interval=interval(-2, 2, 0)), "change") == "geen verschil"


def test_a_tiny_change_is_no_zero(figure: MakeFigure, said: Said) -> None:
    """A rise of 0,0 % would be a contradiction."""
    tiny = figure("change", 0.02, noun="page_views")
    assert said(tiny, "change") == f"een stijging van minder dan 0,1{NB}%"


def test_traffic_is_told_as_it_was_counted(figure: MakeFigure, said: Said) -> None:
    """Users have no interval, and their change is plain."""
    users = figure("change", 15.96, noun="users")
    assert said(users, "change") == f"een stijging van 16,0{NB}%"


def test_rows_without_an_interval_prove_nothing(figure: MakeFigure, said: Said) -> None:
    """A change of a register that has no interval isn't called a rise."""
    assert said(figure("change", 300), "change") == "geen aantoonbaar verschil"


def test_the_counts_of_a_change(figure: MakeFigure, said: Said) -> None:
    """From how many to how many."""
    change = figure("change", 4.7, numerator=4812, denominator=4596)
    assert said(change, "from_to") == "van 4.596 naar 4.812"


def test_a_ratio_carries_its_interval(figure: MakeFigure, said: Said, interval: Between) -> None:
    """The uncertainty stands beside the ratio."""
    ratio = figure("rate_ratio", 1.3023, interval=interval(0.8012, 2.1781, 1))
    assert said(ratio, "ratio") == f"1,30 keer zoveel (95{NB}%-interval 0,80 tot 2,18)"


def test_the_printed_rise_is_none(figure: MakeFigure, said: Said, interval: Between) -> None:
    """62 cases in a year against 24 in half a year are no demonstrable difference."""
    ratio = figure("rate_ratio", 1.3023, interval=interval(0.8012, 2.1781, 1))
    assert said(ratio, "finding") == "geen aantoonbaar verschil"


def test_a_ratio_below_one_is_less_often(figure: MakeFigure, said: Said, interval: Between) -> None:
    """No difference is one for a ratio, not nought."""
    ratio = figure("rate_ratio", 0.5, interval=interval(0.3, 0.9, 1))
    assert said(ratio, "often") == "minder vaak"


def test_the_interval_of_a_share(figure: MakeFigure, said: Said, interval: Between) -> None:
    """An interval is in the unit of its figure."""
    share = figure("share", 86.41, interval=interval(85.41, 87.35))
    assert said(share, "range") == f"tussen 85,4{NB}% en 87,4{NB}%"


def test_the_interval_of_a_change_is_signed(
    figure: MakeFigure, said: Said, interval: Between
) -> None:
    """Which end is a fall can be read."""
    change = figure("change", 4.7, interval=interval(-2, 12, 0))
    assert said(change, "interval") == f"95{NB}%-interval −2,0{NB}% tot +12,0{NB}%"


def test_traffic_has_no_interval(figure: MakeFigure, said: Said) -> None:
    """To ask for one is a mistake of the text."""
    with pytest.raises(ProseError, match="figures of the website have none"):
        said(figure("share", 31, noun="users"), "interval")


def test_rows_may_lack_an_interval(figure: MakeFigure, said: Said) -> None:
    """Where nothing was counted on one side there is none, and that is no mistake of the text."""
    with pytest.raises(Unavailable):
        said(figure("rate_ratio", 2), "interval")


@pytest.mark.parametrize(
    ("value", "expected"), [(1, "een stijging"), (0, "geen aantoonbare stijging")]
)
def test_a_flag_of_a_rise(value: int, expected: str, figure: MakeFigure, said: Said) -> None:
    """A flag says whether a rise is supported."""
    assert said(figure("flag", value), "finding") == expected


@pytest.mark.parametrize(("value", "expected"), [(1, "dezelfde"), (0, "niet dezelfde")])
def test_a_flag_of_a_ranking(value: int, expected: str, figure: MakeFigure, said: Said) -> None:
    """A flag over a field says whether the first ones are the same."""
    assert said(figure("flag", value, by=("problem",), place=4), "finding") == expected


def test_also(figure: MakeFigure, said: Said) -> None:
    """'Ook in het jaar ervoor' is a claim of the flag."""
    assert said(figure("flag", 1, by=("problem",), place=4), "Also") == "Ook"


def test_also_is_for_rankings(figure: MakeFigure, said: Said) -> None:
    """A supported rise is not 'also'."""
    with pytest.raises(ProseError, match="write 'finding'"):
        said(figure("flag", 1), "also")


def test_english_changes(figure: MakeFigure, said: Said) -> None:
    """The same finding in English."""
    assert said(figure("change", -3, noun="users"), "change", "en") == "a fall of 3.0%"
