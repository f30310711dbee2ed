from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.figures.model import Figure, PopulationSpec

MakeFigure = Callable[..., Figure]
MakeSpec = Callable[..., PopulationSpec]
Said = Callable[..., str]

NB = "\N{NO-BREAK SPACE}"


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
def test_about_a_share(value: float, expected: str, figure: MakeFigure, said: Said) -> None:
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
def test_about_a_count(value: int, expected: str, figure: MakeFigure, said: Said) -> None:
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
def test_fractions_are_computed(
    value: float, expected: str, figure: MakeFigure, said: Said
) -> None:
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
def test_sizes_are_computed(value: float, expected: str, figure: MakeFigure, said: Said) -> None:
    """A majority is more than half, and a great one four fifths."""
    assert said(figure("share", value), "size") == expected


@pytest.mark.parametrize(("form", "expected"), [("percent0", "86"), ("percent1", "86,4")])
def test_fewer_decimals(form: str, expected: str, figure: MakeFigure, said: Said) -> None:
    """The form says how many decimals."""
    assert said(figure("share", 86.409), form) == f"{expected}{NB}%"


def test_the_whole_is_named_with_its_conditions(
    figure: MakeFigure, said: Said, spec: MakeSpec
) -> None:
    """A share of some persons isn't a share of all."""
    whole = spec("persons", problem="child_abuse")
    share = figure("share", 90.36, noun="persons", of=whole)
    assert said(share, "of") == "van de gemelde personen met als problematiek kindermishandeling"


def test_the_whole_by_its_noun(figure: MakeFigure, said: Said, spec: MakeSpec) -> None:
    """Where its conditions were said, the noun is enough."""
    share = figure("share", 90.36, noun="persons", of=spec("persons", problem="child_abuse"))
    assert said(share, "of_these") == "van deze gemelde personen"


def test_the_counts_of_a_share(figure: MakeFigure, said: Said) -> None:
    """So many of so many."""
    share = figure("share", 86.41, numerator=4158, denominator=4812)
    assert said(share, "counts") == "4.158 van de 4.812 contactnames"
