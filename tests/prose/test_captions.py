from __future__ import annotations

from collections.abc import Callable

from helpline_report.figures.model import Crosstab, PopulationSpec, Series
from helpline_report.prose.writer import Writer

MakeSpec = Callable[..., PopulationSpec]
Write = Callable[..., Writer]


def test_a_series_of_counts(spec: MakeSpec, write: Write) -> None:
    """What by what."""
    series = Series(id="s", by="month", unit="count", members=(), population=spec())
    assert write().caption(series) == "Contactnames per maand"


def test_a_series_of_some(spec: MakeSpec, write: Write) -> None:
    """Conditions stand between."""
    series = Series(id="s", by="month", unit="count", members=(), population=spec(channel="phone"))
    assert write().caption(series) == "Contactnames via telefoon per maand"


def test_a_series_of_shares(spec: MakeSpec, write: Write) -> None:
    """Shares say that they are in percent."""
    series = Series(id="s", by="problem", unit="percent", members=(), population=spec("persons"))
    assert write().caption(series) == "Gemelde personen per problematiek, in procent"


def test_a_cross_table(spec: MakeSpec, write: Write) -> None:
    """Both fields are named."""
    table = Crosstab(
        id="t", rows="problem", columns="context", cells=(), population=spec("persons")
    )
    assert write().caption(table) == "Gemelde personen per problematiek en per context"


def test_what_a_chart_shows(spec: MakeSpec, write: Write) -> None:
    """Unit, population and period."""
    series = Series(id="s", by="month", unit="count", members=(), population=spec())
    assert write().subtitle(series) == "aantal contactnames, 2017"


def test_what_a_chart_of_shares_shows(spec: MakeSpec, write: Write) -> None:
    """Of shares, the whole is named."""
    series = Series(
        id="s",
        by="problem",
        unit="percent",
        members=(),
        population=spec("persons", context="sport"),
        of=spec("persons"),
    )
    assert write().subtitle(series) == "aandeel in procent van de gemelde personen, 2017"


def test_overlapping_members_are_told(spec: MakeSpec, write: Write) -> None:
    """Where members don't add up, the reader is told."""
    series = Series(
        id="s", by="problem", unit="count", members=(), population=spec("persons"), overlapping=True
    )
    assert write().subtitle(series) == (
        "aantal gemelde personen, 2017; een gemelde persoon kan meer dan eens voorkomen"
    )
