"""A text may name a code that the sources can't say; what is misspelt stops the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Member, PopulationSpec, Series
from helpline_report.parameters.codelists import CodeList
from helpline_report.prose.names import Names, Unavailable
from helpline_report.prose.nodes import Note
from helpline_report.prose.place import Place, TextError
from helpline_report.prose.writer import Writer
from tests.prose.conftest import YEAR, parameters

Codelists = Mapping[str, CodeList]
MakeSpec = Callable[..., PopulationSpec]


def by_channel(spec: PopulationSpec) -> Ledger:
    """A ledger with contacts by channel, of sources that say no channel but the telephone."""
    series = Series(
        id="by_channel",
        by="channel",
        unit="count",
        members=(Member(code="phone", figure="by_channel.phone"),),
        population=spec,
    )
    return Ledger(edition="2017", series={"by_channel": series})


def written(ledger: Ledger, codelists: Codelists, text: str, place: Place) -> Any:
    """The nodes of a text."""
    writer = Writer(ledger, parameters("2017", YEAR), None, codelists, "nl")
    return writer.markdown(text, place).nodes


def test_a_code_that_no_source_says_is_told(
    codelists: Codelists, spec: MakeSpec, place: Place
) -> None:
    """The paragraph is left out, and a note says why: another helpline has no such code."""
    (note,) = written(by_channel(spec()), codelists, "{{ by_channel.email }} keer.", place)
    assert isinstance(note, Note)
    assert "niet apart geregistreerd" in note.text


def test_a_misspelt_code_is_an_error(codelists: Codelists, spec: MakeSpec, place: Place) -> None:
    """The code list has no such code."""
    with pytest.raises(TextError, match=r"there is no figure and no parameter 'by_channel\.fax'"):
        written(by_channel(spec()), codelists, "{{ by_channel.fax }} keer.", place)


def test_a_code_that_the_series_isnt_about_is_an_error(
    codelists: Codelists, spec: MakeSpec
) -> None:
    """A series of contacts by telephone has no e-mail, whatever the sources say."""
    names = Names(
        by_channel(spec(channel="phone")), parameters("2017", YEAR), None, codelists, "nl"
    )
    names.check_said("by_channel.email")


def test_a_name_of_a_series_alone_is_no_code(codelists: Codelists, spec: MakeSpec) -> None:
    """Nor is a name of something else."""
    names = Names(by_channel(spec()), parameters("2017", YEAR), None, codelists, "nl")
    names.check_said("by_channel")
    names.check_said("email")
    with pytest.raises(Unavailable):
        names.check_said("by_channel.email")
