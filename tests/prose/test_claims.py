from __future__ import annotations

from collections.abc import Callable

import pytest

from helpline_report.figures.model import Figure, PopulationSpec
from helpline_report.prose.place import Place, TextError
from helpline_report.prose.writer import Writer

MakeFigure = Callable[..., Figure]
MakeSpec = Callable[..., PopulationSpec]
Write = Callable[..., Writer]
Refusal = Callable[[str], str]


@pytest.fixture
def writer(write: Write, figure: MakeFigure, spec: MakeSpec) -> Writer:
    referred = figure("share", 59.3, population=spec("followups"), of=spec("followups"))
    busiest = figure("top", 6, by=("month",), unit="month")
    persons = figure("count", 946, noun="persons")
    return write(
        total=figure("count", 4812),
        persons=persons,
        referred=referred,
        busiest=busiest,
    )


@pytest.fixture
def refusal(writer: Writer, place: Place) -> Refusal:
    def told(text: str) -> str:
        with pytest.raises(TextError) as caught:
            writer.markdown(text, place)
        return str(caught.value)

    return told


@pytest.mark.parametrize("form", ["noun", "Noun", "noun_words"])
def test_a_count_of_something_else(form: str, refusal: Refusal) -> None:
    """Contacts called a number of the persons."""
    told = refusal(f"Dat zijn {{{{ total | {form} }}}} van de gemelde personen.")
    assert "'total' is about contacts, and the text says 'gemelde personen'" in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ referred }} van de oproepen",
        "{{ referred | percent0 }} van alle contactnames",
        "*{{ referred }}* van\nde contacten",
        "**{{ referred }} van de gemelde personen**",
    ],
)
def test_a_share_called_one_of_something_else(text: str, refusal: Refusal) -> None:
    """The mistake of the printed report: a share of follow-ups called one of calls."""
    assert "'referred' is a share of followups, and the text says" in refusal(text)


def test_a_count_called_something_else(refusal: Refusal) -> None:
    """Persons printed as calls."""
    told = refusal("Er waren {{ persons }} oproepen.")
    assert "'persons' is about persons, and the text says 'oproepen'" in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ referred }} van de gevolggevingen",
        "{{ total }} contactnames over {{ persons }} gemelde personen",
        "{{ total }} unieke contactnames",
        "{{ persons }} slachtoffers",
        "{{ total }} van slachtoffers",
        "{{ busiest }} gemelde personen",
        "{{ persons | noun }}",
    ],
)
def test_nouns_that_agree(text: str, writer: Writer, place: Place) -> None:
    """The population's own noun and its synonyms pass, and what isn't a claim."""
    assert writer.markdown(text, place).nodes


@pytest.mark.parametrize("hedge", ["ruim", "bijna", "ongeveer", "Slechts", "maar liefst"])
def test_hedges_are_computed(hedge: str, refusal: Refusal) -> None:
    """Whether it is a little more or a little less, the figure knows."""
    assert f"'{hedge.casefold()}' before 'total' is typed" in refusal(f"{hedge} {{{{ total }}}}")


def test_a_hedge_elsewhere_passes(writer: Writer, place: Place) -> None:
    """'Rond' before a month cuts nothing short."""
    assert writer.markdown("rond {{ busiest }}, een ruim gebouw", place).nodes
