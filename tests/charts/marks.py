"""Draw a chart, and read its marks and texts by the reader of published pages."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from helpline_report.audit.chart_marks import ChartReader, DrawnMark
from helpline_report.audit.expectations import Expectations, Misreading
from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.prose.writer import Writer
from tests.report.conftest import CAMPAIGN, edition


def words_of(ledger: Ledger) -> ChartWords:
    """The words of a chart, for the figures of a ledger; codes without a list are their labels."""
    return ChartWords(Writer(ledger, edition(2017, campaigns=[CAMPAIGN]), None, {}, "nl"))


def draw(chart: Chart, ledger: Ledger, theme: Theme = WIDE) -> Drawing:
    """A chart of a ledger."""
    (drawn,) = drawing.draw(chart, words_of(ledger), (theme,))
    return drawn


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def reader(svg: str, chart: Chart | None = None, ledger: Ledger | None = None) -> ChartReader:
    """The reader of a drawing, who knows codes and figures by the words of the charts."""
    expected = Expectations(ledger or Ledger(edition="2017"), "nl")
    words, every = words_of(expected.ledger), expected.ledger
    codes = [(each.by, m.code) for each in every.series.values() for m in each.members]
    for tab in every.crosstabs.values():
        codes += [pair for c in tab.cells for pair in ((tab.rows, c.row), (tab.columns, c.column))]
    expected.labels = {each: words.label(*each) for each in codes}
    expected.definitions = {name: words.name(each) for name, each in expected.figures.items()}
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
