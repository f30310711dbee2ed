"""A flow: what hangs on what, to one scale."""

from typing import Any

import pytest

from helpline_report.charts.chart_figures import list_flow_rows
from helpline_report.charts.style import NARROW, WIDE, Theme
from helpline_report.figures.model import Chart
from tests.charts.marks import draw, misreadings, parsed, shapes, texts, words_of

THEMES = pytest.mark.parametrize("theme", [WIDE, NARROW], ids=["wide", "narrow"])
FLOW = Chart(id="f", kind="flow", breakdown="f", figures=("f.whole", "f.all_sent"))
VALUES: dict[str, float | None] = {"told": 5, "sent.a": 1, "sent.b": 3, "left": 2}


@pytest.mark.parametrize(
    ("sent", "tree"),
    [
        (4, ["1 told", "1 sent", "2 sent.b", "2 sent.a", "1 left"]),
        (None, ["1 told", "1 sent.a", "1 sent.b", "1 left"]),
    ],
)
def test_codes_hang_on_their_group(make: Any, sent: float | None, tree: list[str]) -> None:
    """A group stands where its first code does, its codes by size; others hang on the whole.

    The codes of a group that may not be told stand for themselves.
    """
    make.flow("f", VALUES, sent=sent, whole=11)
    ledger = make.ledger()
    rows = list_flow_rows(FLOW, ledger.breakdowns["f"], words_of(ledger)) or []
    assert [f"{level} {label}" for level, label, _ in rows[1:]] == tree


def test_whole_without_value_is_drawn_as_bars(make: Any) -> None:
    """Without a whole nothing flows: the codes are ranked bars."""
    make.flow("f", VALUES, sent=4, whole=None)
    svg, ledger = draw(FLOW, make.ledger()).svg, make.ledger()
    assert [text for text in texts(svg) if text.isalpha()] == ["Told", "Left"]
    assert misreadings(svg, FLOW, ledger) == []


def test_a_label_of_two_lines_stays_within(make: Any) -> None:
    """What hangs on the whole by itself may have a long name too: the last line has its room."""
    long = "een vorm die heel wat meer letters heeft dan er naast elkaar kunnen staan"
    make.flow("f", {**VALUES, long: 1}, sent=4, whole=12)
    drawn = draw(FLOW, make.ledger(), WIDE)
    lines = [item for item in parsed(drawn.svg).iter() if item.tag.endswith("text")]
    assert max(float(line.attrib["y"]) for line in lines) <= drawn.height - 3


@THEMES
def test_a_hidden_part_of_a_flow_is_told_in_words(make: Any, theme: Theme) -> None:
    """It has neither node nor band, and its words stand where its number would."""
    make.flow("f", VALUES, sent=4, whole=11)
    make.hide("f.left")
    drawing = draw(FLOW, make.ledger(), theme)
    assert set(shapes(drawing.svg)) == {"f.whole", "f.told", "f.all_sent", "f.sent.a", "f.sent.b"}
    assert {"11", "5", "4", "3", "1", "niet getoond"} <= set(texts(drawing.svg))
    assert "Sent: 4, waarvan sent.b: 3; sent.a: 1" in drawing.alt
