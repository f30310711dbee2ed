"""Hold a drawn chart to its description: each mark, name, line and colour, in order, and no more.

The description says what was meant; no ledger and no catalogue comes into it.
"""

from collections.abc import Iterator, Sequence

from helpline_report.audit.axes_reader import AxesReader
from helpline_report.audit.drawing_reader import DrawingReader, read_facts
from helpline_report.audit.expectations import Element, Misreading
from helpline_report.audit.flow_reader import FlowReader
from helpline_report.audit.squares_reader import SquaresReader
from helpline_report.description import Description, Node

# Who reads a drawing, by which way its numbers grow.
READERS: dict[str, type[DrawingReader]] = {"size": FlowReader, "shade": SquaresReader}
# The kinds of nodes that describe a drawing, beside its alternative.
KINDS = frozenset(
    (
        *("scale", "legend", "mark", "mark-value", "mark-counts", "gap", "tick-name", "row-name"),
        *("join", "branch", "band", "event", "break-line", "reference-line"),
    )
)


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
    """The nodes of each drawing of a description, by the id of its chart."""
    drawings: dict[str, dict[Node, None]] = {}
    for nodes in description.files.values():
        for node in nodes:
            is_alternative = node.kind == "alternative" and node.about == f"chart={node.place}"
            if is_alternative or node.kind in KINDS:
                drawings.setdefault(node.place, {})[node] = None
    return {name: tuple(nodes) for name, nodes in drawings.items()}
