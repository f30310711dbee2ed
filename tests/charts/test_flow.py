from __future__ import annotations

from typing import Any

import pytest

from helpline_report.charts.drawing import draw
from helpline_report.charts.frames import flow_frame
from helpline_report.charts.style import NARROW, WIDE
from helpline_report.charts.words import Words
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from tests.charts.marks import parsed, texts

CHART = Chart(id="f", kind="flow", series="f", figures=("f.whole", "f.all_sent"))
VALUES: dict[str, float | None] = {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}


def given(
    make: Any, values: dict[str, float | None], sent: float | None, whole: float | None
) -> Ledger:
    make.flow("f", values, sent=sent, whole=whole)
    made: Ledger = make.ledger()
    return made


def tree(ledger: Ledger, labels: Any) -> list[tuple[int, str]]:
    """The level and the label of each part, depth first."""
    frame = flow_frame(CHART, ledger.series["f"], ledger, Words(labels))
    return [] if frame is None else list(zip(frame["level"], frame["label"], strict=True))


def test_codes_hang_on_their_group(make: Any, labels: Any) -> None:
    """A group stands where its first code does, its codes by size; others hang on the whole."""
    assert tree(given(make, VALUES, 4, 11), labels)[1:] == [
        (1, "told"),
        (1, "sent"),
        (2, "sent.b"),
        (2, "sent.a"),
        (1, "left"),
    ]


def test_a_label_of_two_lines_stays_within(make: Any, labels: Any) -> None:
    """What hangs on the whole by itself may have a long name too: the last line has its room."""
    long = "een vorm die heel wat meer letters heeft dan er naast elkaar kunnen staan"
    drawn = draw(CHART, given(make, {**VALUES, long: 1}, 4, 12), labels, WIDE)
    lines = [item for item in parsed(drawn.svg).iter() if item.tag.endswith("text")]
    assert max(float(line.attrib["y"]) for line in lines) <= drawn.height - 3


@pytest.mark.parametrize("theme", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_value_is_written(make: Any, labels: Any, theme: Any) -> None:
    """Each part stands with its value, in words and not by its height alone."""
    ledger = given(make, VALUES, 4, 11)
    drawing = draw(CHART, ledger, labels, theme)
    assert {"11", "5", "4", "3", "1", "2"} <= set(texts(drawing.svg))
    assert "sent 4, waarvan: sent.b 3; sent.a 1" in drawing.alt


def test_suppressed_code_has_no_height(make: Any, labels: Any) -> None:
    """What may not be told is named, and drawn like nothing at all: its own size moves nothing."""
    hidden = given(make, VALUES | {"left": None}, 4, 11)
    drawing = draw(CHART, hidden, labels, WIDE)
    absent = draw(CHART, given(make, VALUES | {"left": 0}, 4, 11), labels, WIDE)
    assert "niets" in texts(drawing.svg)
    paths = [svg.count("<path") for svg in (drawing.svg, absent.svg)]
    assert paths[0] == paths[1]


def test_group_without_value_is_no_group(make: Any, labels: Any) -> None:
    """The codes of a group that may not be told stand for themselves."""
    assert tree(given(make, VALUES, None, 11), labels)[1:] == [
        (1, "told"),
        (1, "sent.a"),
        (1, "sent.b"),
        (1, "left"),
    ]


def test_whole_without_value_is_drawn_as_bars(make: Any, labels: Any) -> None:
    """Without a whole nothing flows: the codes are ranked bars."""
    ledger = given(make, VALUES, 4, None)
    assert not tree(ledger, labels)
    assert [text for text in texts(draw(CHART, ledger, labels).svg) if text.isalpha()] == [
        "Told",
        "Left",
    ]
