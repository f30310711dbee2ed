"""What of an edition's parameters was asked for is noted, whatever way it was asked."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import get_args

import pytest

from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import IN_PARTS, Reading, said, says_the_same
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def edition() -> Edition:
    """The edition of 2017."""
    return Project(ROOT).edition("2017")


def noted(edition: Edition, ask: Callable[[Edition], object]) -> set[str]:
    """The paths that are noted where something is asked of an edition."""
    reading = Reading()
    ask(reading.watch(edition))
    return set(reading.read()[edition.edition])


ASKED: list[tuple[str, Callable[[Edition], object], set[str]]] = [
    ("nothing", lambda _: None, set()),
    ("a field", lambda edition: edition.period, {"period"}),
    ("a property of the edition", lambda edition: edition.year, {"period"}),
    ("a method of a field", lambda edition: edition.calendar.open_days, {"calendar"}),
    ("a part of a part", lambda edition: edition.helpline.lines, {"helpline.lines"}),
    ("how many parts", lambda edition: len(edition.campaigns), {"campaigns.#"}),
    ("one part", lambda edition: edition.campaigns[1].end, {"campaigns.#", "campaigns.1.end"}),
    (
        "each part",
        lambda edition: [item.id for item in edition.campaigns],
        {"campaigns.#", "campaigns.0.id", "campaigns.1.id"},
    ),
    ("a whole part", lambda edition: repr(edition.helpline), {"helpline"}),
    ("a list of other things", lambda edition: edition.breaks[:1], {"breaks"}),
    ("all, as data", lambda edition: edition.model_dump(include={"title"}), {""}),
    ("all, to compare", lambda edition: edition == edition.model_copy(), {""}),
    ("all, one after another", lambda edition: [*edition], {""}),
    ("all, as a key", lambda edition: hash(edition.helpline.full_name), {"helpline.full_name"}),
    ("a copy", lambda edition: copy.copy(edition).title, {"title"}),
]


@pytest.mark.parametrize(
    ("ask", "paths"), [item[1:] for item in ASKED], ids=[item[0] for item in ASKED]
)
def test_what_is_asked_for(
    edition: Edition, ask: Callable[[Edition], object], paths: set[str]
) -> None:
    """The smallest part that holds it is noted; in doubt, all."""
    assert noted(edition, ask) == paths


@pytest.mark.parametrize("field", list(Edition.model_fields))
def test_a_watched_edition_says_the_same(edition: Edition, field: str) -> None:
    """Every field has its value, and none is asked for unnoted."""
    reading = Reading()
    assert repr(getattr(reading.watch(edition), field)) == repr(getattr(edition, field))
    assert all(path.startswith(field) for path in reading.read()["2017"])
    assert reading.read()["2017"]


def test_methods_see_what_is_watched(edition: Edition) -> None:
    """What a model's own code computes is computed of the same values."""
    watched = Reading().watch(edition)
    assert watched.year == "2017"
    assert watched.calendar.open_days(watched.period) == 253


def test_what_there_isnt(edition: Edition) -> None:
    """A name that no edition has is an error, as it is unwatched."""
    with pytest.raises(AttributeError):
        _ = Reading().watch(edition).calender  # type: ignore[attr-defined]


def test_other_than_before(edition: Edition) -> None:
    """What was read of one edition isn't said by another where it says something else there."""
    reading = Reading()
    watched = reading.watch(edition)
    _ = [item.id for item in watched.campaigns], watched.calendar
    other = edition.model_copy(update={"facts": {}, "breaks": []})
    fewer = edition.model_copy(update={"campaigns": edition.campaigns[:1]})
    assert says_the_same(reading.read(), {"2017": other})
    assert not says_the_same(reading.read(), {"2017": fewer})
    assert not says_the_same(reading.read(), {"2016": edition})


def test_a_date_and_its_text(edition: Edition) -> None:
    """They are written alike in YAML, and aren't the same fact."""
    as_text = {**edition.facts, "since": "2012-03-12"}
    before = said(edition, ["facts"])
    assert said(edition.model_copy(update={"facts": as_text}), ["facts"]) != before


def test_the_order_of_keys_counts(edition: Edition) -> None:
    """A chapter may go through them one after another."""
    backwards = edition.model_copy(update={"facts": dict(reversed(edition.facts.items()))})
    assert said(edition, ["facts"]) != said(backwards, ["facts"])


def test_forgotten(edition: Edition) -> None:
    """A process that begins anew has asked for nothing."""
    reading = Reading()
    _ = reading.watch(edition).period
    reading.forget()
    assert reading.read() == {}


def test_parts_that_are_told_apart_are_always_there() -> None:
    """Where a part may be missing, whether it is would be asked for unnoted."""
    fields = [field for kind in IN_PARTS for field in kind.model_fields.values()]
    optional = {get_args(field.annotation) for field in fields if not field.is_required()}
    assert not any(set(kinds) & set(IN_PARTS) and type(None) in kinds for kinds in optional)
