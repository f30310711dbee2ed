"""What a printed number says: its decimals, its hedge and the range it leaves open."""

from decimal import Decimal

import pytest

from helpline_report.audit.printed_numbers import read_print
from helpline_report.figures.printed import PrintedFigure


def _item(text: str, value: str, unit: str) -> PrintedFigure:
    return PrintedFigure(
        id="x",
        section="1",
        printed=text,
        value=value,
        unit=unit,
        population="contacts",
        claimed="contacts",
        source="a report",
    )


@pytest.mark.parametrize(
    ("text", "value", "unit", "decimals"),
    [
        ("86,41%", "86.41", "percent", 2),
        ("5,30 %", "5.3", "percent", 2),
        ("4.812", "4812", "count", 0),
        ("4,812", "4812", "count", 0),
        ("86.4%", "86.4", "percent", 1),
        ("2.232", "2232", "mean", 0),
        ("een derde", "33.3", "percent", 1),
        ("daling van 4,0 %", "-4", "percent change", 1),
    ],
)
def test_decimals_are_those_of_the_print(text: str, value: str, unit: str, decimals: int) -> None:
    """Whichever mark the report used, and with the zeros that a value drops."""
    assert read_print(_item(text, value, unit)).decimals == decimals


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("ruim 62%", "over"),
        ("Ruim 3%", "over"),
        ("ongeveer 8,6 procent", "near"),
        ("bijna 95%", "under"),
        ("meer dan 4.800", "above"),
        ("minder dan 5%", "below"),
        ("95% (ruimte voor twijfel)", None),
        ("95%", None),
    ],
)
def test_hedges_are_whole_words_before_the_number(text: str, hedge: str | None) -> None:
    """A word that begins like a hedge is none."""
    assert read_print(_item(text, "95", "percent")).hedge == hedge


@pytest.mark.parametrize(
    ("text", "value", "unit", "low", "high"),
    [
        ("4.812", "4812", "count", "4812", "4812"),
        ("50", "50", "mean", "49.5", "50.5"),
        ("13,09 %", "13.09", "percent", "13.085", "13.095"),
        ("ruim 62%", "62", "percent", "62", "63"),
        ("bijna 60%", "60", "percent", "59", "60"),
        ("ruim 4.800", "4800", "count", "4800", "4900"),
        ("ongeveer 4.800", "4800", "count", "4750", "4850"),
        ("ruim 12", "12", "count", "12", "13"),
    ],
)
def test_a_print_leaves_a_range_open(text: str, value: str, unit: str, low: str, high: str) -> None:
    """A count none; what is rounded, half a step to each side; a hedge, a step to its side."""
    bounds = read_print(_item(text, value, unit)).bounds
    assert (bounds.low, bounds.high) == (Decimal(low), Decimal(high))
