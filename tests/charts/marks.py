"""Draw a chart, and read its marks and texts by the reader of published pages."""

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from helpline_report.audit.chart_marks import compare_drawing
from helpline_report.audit.drawing_meanings import DrawingMeanings
from helpline_report.audit.expectations import Misreading, parse_page
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.text_rules import bare
from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import WIDE, Theme
from helpline_report.description import Node
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart
from helpline_report.prose.writer import Writer
from helpline_report.report.publication import Publication
from tests.report.small_publication import CAMPAIGN, edition

POINT = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


def words_of(ledger: Ledger) -> ChartWords:
    """The words of a chart, for the figures of a ledger; codes without a list are their labels."""
    return ChartWords(Writer(ledger, edition(2017, campaigns=[CAMPAIGN]), None, {}, "nl"))


def draw(chart: Chart, ledger: Ledger, theme: Theme = WIDE) -> Drawing:
    (drawn,) = drawing.draw(chart, words_of(ledger), (theme,))
    return drawn


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def misreadings(drawing: Drawing, svg: str = "") -> list[Misreading]:
    """What a drawing says otherwise than its own description; `svg` is it, changed."""
    (drawn,) = parse_page(svg or drawing.svg).iter("svg")
    return list(compare_drawing(drawn, drawing.nodes, ("index.html", "a chart")))


def derive_nodes(publication: Publication, place: str) -> list[Node]:
    """What the drawing of a chart has to say by the data of an edition."""
    nodes = DrawingMeanings(Meanings(publication)).list_nodes(place)
    return [node._replace(text=" ".join(bare(node.text).split())) for node in nodes]


class Shape(NamedTuple):
    """A mark: the points that it goes by, the least and most of them each way, and its colour."""

    points: list[tuple[float, float]]
    across: tuple[float, float]
    down: tuple[float, float]
    fill: str


def shapes(svg: str, tag: str = "path") -> dict[str, Shape]:
    """The bars, lines and squares, or the dots (`circle`), by their figures; each has one."""
    shapes: dict[str, Shape] = {}
    for outer in parsed(svg):
        for item in (outer, *outer):
            name = item.get("data-figure", "")
            if name and item.tag.endswith(tag):
                places = POINT.findall(item.get("d", "")) or [(item.get("cx"), item.get("cy"))]
                points = [(float(x), float(y)) for x, y in places]
                across, down = ((min(each), max(each)) for each in zip(*points, strict=True))
                style = outer.get("style", "") + item.get("style", "")
                fill = ["", *re.findall(r"fill:var\(--(\w+)", style)][-1]
                assert name not in shapes
                shapes[name] = Shape(points, across, down, fill)
    return shapes


def texts(svg: str) -> list[str]:
    """The texts, in reading order: from the top, then from the left."""
    return [item.text or "" for item in sorted(_texts(svg), key=_place)]


def _texts(svg: str) -> list[ET.Element]:
    return [item for item in parsed(svg).iter() if item.tag.endswith("text")]


def _place(item: ET.Element) -> tuple[int, float]:
    return round(float(item.attrib["y"])), float(item.attrib["x"])
