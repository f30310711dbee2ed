from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from helpline_report.charts.bars import shown_by
from helpline_report.charts.branches import Branch, branches
from helpline_report.charts.draw import draw
from helpline_report.charts.style import NARROW_PAGE, WIDE_PAGE
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart, Condition, Series

CHART = Chart(id="f", kind="flow", series="f", figures=("f.whole", "f.all_sent"))
VALUES: dict[str, float | None] = {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}


def given(
    make: Any, values: dict[str, float | None], sent: float | None, whole: float | None
) -> Ledger:
    """A ledger of a series, its whole, and the group of the codes that begin with 'sent'."""
    make.by("f", "kind", values)
    like = make.figures["f.told"]
    codes = tuple(code for code in values if code.startswith("sent"))
    group = Condition(field="kind", codes=codes, given=("sent",))
    narrow = like.population.model_copy(update={"conditions": (group,)})
    hidden = {"status": "suppressed", "reason": {"code": "below_threshold"}}
    for name, value, population in (
        ("f.whole", whole, like.population),
        ("f.all_sent", sent, narrow),
    ):
        told = {"id": name, "value": value, "population": population}
        told |= hidden if value is None else {}
        make.figures[name] = type(like).model_validate(like.model_dump() | told)
    made: Ledger = make.ledger()
    return made


def tree(ledger: Ledger, labels: Any) -> Branch | None:
    shown = shown_by(CHART, ledger)
    assert isinstance(shown, Series)
    return branches(CHART, shown, ledger, Words(labels))


def texts(svg: str) -> list[str]:
    return [item.text or "" for item in ET.fromstring(svg).iter() if item.tag.endswith("text")]  # noqa: S314


def test_codes_hang_on_their_group(make: Any, labels: Any) -> None:
    """A group stands where its first code does, its codes by size; others hang on the whole."""
    found = tree(given(make, VALUES, 4, 11), labels)
    assert found is not None
    assert [part.label for part in found.parts] == ["told", "sent", "left"]
    assert [leaf.label for leaf in found.parts[1].parts] == ["sent.b", "sent.a"]


def test_a_label_of_two_lines_stays_within(make: Any, labels: Any) -> None:
    """What hangs on the whole by itself may have a long name too: the last line has its room."""
    long = "een vorm die heel wat meer letters heeft dan er naast elkaar kunnen staan"
    drawn = draw(CHART, given(make, {**VALUES, long: 1}, 4, 12), labels, WIDE_PAGE)
    lines = [item for item in ET.fromstring(drawn.svg).iter() if item.tag.endswith("text")]  # noqa: S314
    assert max(float(line.attrib["y"]) for line in lines) <= drawn.height - 3


@pytest.mark.parametrize("theme", [WIDE_PAGE, NARROW_PAGE], ids=["wide", "narrow"])
def test_every_value_is_written(make: Any, labels: Any, theme: Any) -> None:
    """Each part stands with its value, in words and not by its height alone."""
    ledger = given(make, VALUES, 4, 11)
    drawing = draw(CHART, ledger, labels, theme)
    assert {"11", "5", "4", "3", "1", "2"} <= set(texts(drawing.svg))
    assert "sent 4, waarvan: sent.b 3; sent.a 1" in drawing.alt


def test_suppressed_code_has_no_height(make: Any, labels: Any) -> None:
    """What may not be told is named, and drawn like nothing at all: its own size moves nothing."""
    hidden = given(make, VALUES | {"left": None}, 4, 11)
    drawing = draw(CHART, hidden, labels, WIDE_PAGE)
    absent = draw(CHART, given(make, VALUES | {"left": 0}, 4, 11), labels, WIDE_PAGE)
    assert "niets" in texts(drawing.svg)
    paths = [svg.count("<path") for svg in (drawing.svg, absent.svg)]
    assert paths[0] == paths[1]


def test_group_without_value_is_no_group(make: Any, labels: Any) -> None:
    """The codes of a group that may not be told stand for themselves."""
    found = tree(given(make, VALUES, None, 11), labels)
    assert found is not None
    assert [part.label for part in found.parts] == ["told", "sent.a", "sent.b", "left"]


def test_whole_without_value_is_drawn_as_bars(make: Any, labels: Any) -> None:
    """Without a whole nothing flows: the codes are ranked bars."""
    ledger = given(make, VALUES, 4, None)
    assert tree(ledger, labels) is None
    assert [text for text in texts(draw(CHART, ledger, labels).svg) if text.isalpha()] == [
        "Told",
        "Left",
    ]
