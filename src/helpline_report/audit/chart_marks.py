"""Hold a drawn chart to its description: each mark, name, line and colour, in order, and no more.

The description says what was meant; no ledger and no catalogue comes into it.
"""

from collections.abc import Iterator, Mapping, Sequence

from helpline_report.audit.axes_reader import AxesReader
from helpline_report.audit.drawing_reader import DrawingReader, read_facts
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


def compare_drawings(
    file: str, page: Element, drawings: Mapping[str, Sequence[Node]]
) -> Iterator[Misreading]:
    """Each drawing of a page says what is described of its chart, and stands in its figure."""
    for svg in page.iter("svg"):
        name = svg.xpath("string(ancestor::*[@data-chart][1]/@data-chart)")
        place = f"chart '{name}'"
        if name not in drawings or svg.xpath("string(ancestor::figure/@id)") not in ("", name):
            yield Misreading(file, place, name, "a drawing", "none of this chart here")
        else:
            yield from compare_drawing(svg, drawings[name], (file, place))


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
