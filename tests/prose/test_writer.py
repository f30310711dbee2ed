from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.errors import ProseError
from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.parameters.values import Period
from helpline_report.prose.writer import Writer

MakeFigure = Callable[..., Figure]
MakeSpec = Callable[..., PopulationSpec]
Write = Callable[..., Writer]


def test_a_figure_by_its_id(write: Write, figure: MakeFigure) -> None:
    """As good as the figure itself."""
    assert write(total=figure("count", 4812)).value("total", "noun") == "4.812 contactnames"


def test_an_unknown_figure(write: Write, figure: MakeFigure) -> None:
    """Told with the nearest."""
    with pytest.raises(ProseError, match="no figure 'totaal', did you mean 'total'"):
        write(total=figure("count", 4812)).value("totaal")


def test_a_cell_of_a_table(write: Write, figure: MakeFigure) -> None:
    """The value where there is one."""
    assert write().shown(figure("count", 4812)) == "4.812"


def test_a_cell_of_a_table_without_a_value(write: Write, figure: MakeFigure) -> None:
    """Never an empty cell, and never 0."""
    assert write().shown(figure("count", None)) == "niet geregistreerd"


def test_the_noun_of_a_population(write: Write, spec: MakeSpec) -> None:
    """For one and for many."""
    assert write().noun(spec("followups"), one=True) == "gevolggeving"


def test_a_period(write: Write, second_half: Period) -> None:
    """Behind a comma."""
    assert write().period(second_half) == "van 1 juli tot en met 31 december 2016"


def test_an_unknown_language(write: Write) -> None:
    """There is no third language."""
    with pytest.raises(ProseError, match="no language 'fr'; there are: nl, en"):
        write(language="fr")
