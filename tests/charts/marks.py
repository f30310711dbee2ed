"""Draw a chart, and read its marks: the figure that each is called after, its place, its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

from helpline_report.charts import drawing
from helpline_report.charts.chart_figures import ChartWords
from helpline_report.charts.drawing_steps import Drawing
from helpline_report.charts.style import WIDE, Theme
from helpline_report.figures.ledger import Ledger
from helpline_report.figures.model import Chart

STEP = re.compile(r"([MLHVCz])([^MLHVCz]*)")


def words_of(ledger: Ledger, labels: Any) -> ChartWords:
    """The words of a chart by plain labels, for the figures of a ledger."""
    return ChartWords(replace(labels, ledger=ledger))


def draw(chart: Chart, ledger: Ledger, labels: Any, theme: Theme = WIDE) -> Drawing:
    """A chart of a ledger with plain labels."""
    (drawn,) = drawing.draw(chart, words_of(ledger, labels), (theme,))
    return drawn


@dataclass(frozen=True)
class Mark:
    """A shape or a text: its figure or its words, its box, and how it looks."""

    name: str
    left: float
    top: float
    right: float
    bottom: float
    style: str
    shape: str

    @property
    def wide(self) -> float:
        return self.right - self.left

    @property
    def tall(self) -> float:
        return self.bottom - self.top

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def places(d: str) -> list[tuple[float, float]]:
    """The places that a path goes by."""
    x = y = 0.0
    found = []
    for command, rest in STEP.findall(d):
        numbers = [float(number) for number in rest.split()]
        if command == "H":
            x = numbers[0]
        elif command == "V":
            y = numbers[0]
        elif numbers:
            found += list(zip(numbers[:-2:2], numbers[1:-2:2], strict=True))
            x, y = numbers[-2:]
        found.append((x, y))
    return found


def marks(svg: str) -> list[Mark]:
    """Every shape that is called after a figure, and every text."""
    read: list[Mark] = []
    _read(parsed(svg), "", read)
    return read


def _read(item: ET.Element, style: str, read: list[Mark]) -> None:
    tag, style = item.tag.rpartition("}")[2], item.get("style", style)
    name = item.get("data-figure", "")
    if tag == "path" and name:
        x, y = zip(*places(item.attrib["d"]), strict=True)
        read.append(Mark(name, min(x), min(y), max(x), max(y), style, tag))
    elif tag == "circle" and name:
        x, y, r = (float(item.attrib[side]) for side in ("cx", "cy", "r"))
        read.append(Mark(name, x - r, y - r, x + r, y + r, style, tag))
    elif tag == "text":
        x, y = float(item.attrib["x"]), float(item.attrib["y"])
        read.append(Mark(item.text or "", x, y, x, y, style, tag))
    for child in item:
        _read(child, style, read)


def shapes(svg: str, shape: str = "path") -> dict[str, Mark]:
    """The shapes by their figures, each of which has one."""
    named = [mark for mark in marks(svg) if mark.shape == shape]
    assert len({mark.name for mark in named}) == len(named)
    return {mark.name: mark for mark in named}


def texts(svg: str) -> list[str]:
    """The texts, in reading order: from the top, then from the left."""
    words = [mark for mark in marks(svg) if mark.shape == "text"]
    return [mark.name for mark in sorted(words, key=lambda mark: (round(mark.y), mark.x))]


def strokes(svg: str, name: str) -> list[tuple[float, float]]:
    """Of one path with a stroke a member: where each stands, and how long it is."""
    path = next(item for item in parsed(svg).iter() if item.get("data-figure") == name)
    parts = [f"M{part}" for part in path.attrib["d"].split("M")[1:]]
    return [(places(part)[0][0], places(part)[0][1] - places(part)[-1][1]) for part in parts]


def in_order(numbers: list[float]) -> bool:
    """Whether each number is greater than the one before it."""
    return all(first < second for first, second in pairwise(numbers))
