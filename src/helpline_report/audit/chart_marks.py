"""Hold a drawn chart to its description: each mark, name, line and colour, in order, and no more.

The description says what was meant; no ledger and no catalogue comes into it.
"""

from collections.abc import Iterator, Mapping, Sequence

from lxml.etree import tostring

from helpline_report.audit.axes_reader import AxesReader
from helpline_report.audit.colour_schemes import ContrastReader
from helpline_report.audit.drawing_reader import DrawingReader, read_facts
from helpline_report.audit.drawn_items import read_items
from helpline_report.audit.expectations import Element, Misreading
from helpline_report.audit.flow_reader import FlowReader
from helpline_report.audit.squares_reader import SquaresReader
from helpline_report.description import Description, Node

PICTURE = ".png"
# Who reads a drawing, by which way its numbers grow.
READERS: dict[str, type[DrawingReader]] = {"size": FlowReader, "shade": SquaresReader}
# The kinds of nodes that describe a drawing.
KINDS = frozenset(
    (
        "alternative",
        *("scale", "legend", "mark", "mark-value", "mark-counts", "gap", "tick-name", "row-name"),
        *("join", "branch", "band", "event", "break-line", "reference-line"),
    )
)


class DrawnCharts:
    """Reads the drawings of the pages of an edition; what several pages have is read once.

    `drawings` are the nodes of each chart by its id: None where nobody has them.
    """

    def __init__(
        self, drawings: Mapping[str, Sequence[Node]] | None, contrast: ContrastReader
    ) -> None:
        self.drawings, self._contrast = drawings, contrast
        # Of each chart that was read its widest drawing: its picture is made from that.
        self.widest: dict[str, Element] = {}
        self._known: set[tuple[str, bytes]] = set()

    def compare(self, file: str, page: Element) -> Iterator[Misreading]:
        """Each drawing of a page says what is described of its chart, and stands in its figure."""
        for svg in page.iter("svg"):
            name = svg.xpath("string(ancestor::*[@data-chart][1]/@data-chart)")
            place, key = (file, f"chart '{name}'"), (name, tostring(svg, with_tail=False))
            is_here = svg.xpath("string(ancestor::figure/@id)") in ("", name)
            if not is_here or (self.drawings is not None and name not in self.drawings):
                yield Misreading(*place, name, "a drawing", "none of this chart here")
            elif key not in self._known:
                self._known.add(key)
                yield from self._read(name, svg, place)

    def _read(self, name: str, svg: Element, place: tuple[str, str]) -> Iterator[Misreading]:
        before = self.widest.setdefault(name, svg)
        if float(svg.get("width")) > float(before.get("width")):
            self.widest[name] = svg
        nodes = [] if self.drawings is None else self.drawings[name]
        if any(node.kind == "scale" for node in nodes):
            yield from self._contrast.read([*read_items(svg)], place)
        if self.drawings is not None:
            yield from compare_drawing(svg, nodes, place)


def compare_drawing(
    svg: Element, nodes: Sequence[Node], place: tuple[str, str]
) -> Iterator[Misreading]:
    """What a drawing says otherwise than its description; `place` is a file and where in it.

    Of a chart by a function of the project's own only the alternative is described.
    """
    scales = [read_facts(node)["along"] for node in nodes if node.kind == "scale"]
    reader = READERS.get(scales[0], AxesReader) if scales else DrawingReader
    yield from reader(svg, nodes, place).read()


def list_drawings(description: Description) -> dict[str, tuple[Node, ...]]:
    """The nodes of each drawing of a description, by the id of its chart: its picture has them."""
    drawings = {}
    for file, nodes in description.files.items():
        drawn = tuple(node for node in nodes if node.kind in KINDS)
        if file.endswith(PICTURE) and drawn:
            drawings[drawn[0].place] = drawn
    return drawings
