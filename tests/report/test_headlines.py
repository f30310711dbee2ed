from __future__ import annotations

from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Series
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.headlines import headline
from helpline_report.report.publication import Publication


def said(publication: Publication, values: dict[str, int], **changes: Any) -> str:
    """The headline of a chart of contacts by channel, with these values."""
    ledger = publication.ledger
    total = ledger.figures["contacts.total"]
    figures = {
        code: total.model_copy(update={"id": f"made.{code}", "value": value, "numerator": value})
        for code, value in values.items()
    }
    made = Series.model_validate(
        {
            "id": "made",
            "by": "channel",
            "unit": "count",
            "members": [{"code": code, "figure": f"made.{code}"} for code in values],
            "population": total.population.model_dump(),
        }
        | changes
    )
    told = Ledger.model_construct(
        **{
            **dict(ledger),
            "figures": {item.id: item for item in figures.values()},
            "series": {"made": made},
        }
    )
    chart = Chart(id="made.chart", kind="bars", series="made")
    return headline(chart, told, EditionWords(publication))


def test_names_what_stands_first(publication: Publication) -> None:
    """The highest category, with its count and what was counted."""
    assert said(publication, {"phone": 5, "mail": 3}) == "Bovenaan: phone, met 5 contactnames"


@pytest.mark.parametrize(
    "values",
    [{"phone": 5, "mail": 5}, {"phone": 5}, {"phone": 0, "mail": 0}],
    ids=["a draw", "one category", "nothing"],
)
def test_says_nothing_where_nothing_stands_out(
    publication: Publication, values: dict[str, int]
) -> None:
    """A draw has no first, and neither has one category alone."""
    assert said(publication, values) == ""


def test_says_nothing_of_ranks(publication: Publication) -> None:
    """A series of places isn't counted, so its highest means nothing."""
    assert said(publication, {"phone": 2, "mail": 1}, kind="rank") == ""


def test_month_is_told_as_time(publication: Publication) -> None:
    """A month is busy; a single contact is told in the singular."""
    assert (
        said(publication, {"1": 1, "6": 0}, by="month")
        == "Januari was de drukste maand: 1 contactname"
    )
