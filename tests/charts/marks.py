"""Draw a chart, and read its marks and texts by the reader of published pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from helpline_report.audit.chart_marks import ChartReader, DrawnMark
from helpline_report.audit.expectations import Expectations, Misreading
from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart


def words_of(ledger: Ledger, labels: Any) -> ChartWords:
    """The words of a chart by plain labels, for the figures of a ledger."""
    return ChartWords(replace(labels, ledger=ledger))


def draw(chart: Chart, ledger: Ledger, labels: Any, theme: Theme = WIDE) -> Drawing:
    """A chart of a ledger with plain labels."""
    (drawn,) = drawing.draw(chart, words_of(ledger, labels), (theme,))
    return drawn


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def reader(svg: str, chart: Chart | None = None, ledger: Ledger | None = None) -> ChartReader:
    """The reader of a drawing, who knows codes by themselves and figures by their ids."""
    expected = Expectations(ledger or Ledger(edition="2017"), "nl")
    members = [(each.by, m) for each in expected.ledger.series.values() for m in each.members]
    expected.labels = {(by, member.code): member.code for by, member in members}
    expected.definitions = {name: f"cijfer {name}" for name in expected.figures}
    return ChartReader(svg, chart, expected, "a chart")


def misreadings(svg: str, chart: Chart, ledger: Ledger) -> list[Misreading]:
    """What a drawing says otherwise than a ledger."""
    return list(reader(svg, chart, ledger).read())


def shapes(svg: str, *, dots: bool = False) -> dict[str, DrawnMark]:
    """The bars, lines and squares, or the dots, by their figures, each of which has one."""
    named = [mark for mark in reader(svg).marks if mark.dot == dots]
    assert len({mark.figure for mark in named}) == len(named)
    return {mark.figure: mark for mark in named}


def texts(svg: str) -> list[str]:
    """The texts, in reading order: from the top, then from the left."""
    return [item.text or "" for item in sorted(_texts(svg), key=_place)]


def _texts(svg: str) -> list[ET.Element]:
    return [item for item in parsed(svg).iter() if item.tag.endswith("text")]


def _place(item: ET.Element) -> tuple[int, float]:
    return round(float(item.attrib["y"])), float(item.attrib["x"])
