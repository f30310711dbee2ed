"""Hold the description of an edition to ledger, code lists, parameters, catalogues and texts.

The second comparison: the first holds each file to the description. Here every node is held to what
its kind, place, ids and codes have to say, derived from data files alone.
"""

from collections.abc import Iterator, Mapping

from helpline_report.audit.audit_meanings import find_audit_differences
from helpline_report.audit.edition_data import EditionData
from helpline_report.audit.expectations import Misreading
from helpline_report.audit.file_meanings import find_data_differences
from helpline_report.audit.interface_rules import RULES as OF_INTERFACE
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.node_rules import RULES as OF_PARTS
from helpline_report.audit.node_rules import NodeReading, Rule
from helpline_report.audit.notebook_meanings import find_notebook_differences
from helpline_report.audit.picture_meanings import (
    COVER,
    SUFFIX,
    find_picture_differences,
    split_caption,
)
from helpline_report.audit.project_places import find_project_place
from helpline_report.audit.text_rules import OF_PAGES
from helpline_report.audit.text_rules import RULES as OF_TEXTS
from helpline_report.description import Description, Node

RULES: Mapping[str, Rule] = {**OF_PARTS, **OF_TEXTS, **OF_INTERFACE}
# Kinds that stand in a line of text behind its words, and what may stand between these.
INLINE = ("value", "raw", "parameter", "missing", "link", "sourced", "credit", "anchor")

# Files that are no pages of the report: what each has to say is derived as a whole.
OTHERS = ("data/", "audit/")


def find_differences(description: Description, data: EditionData) -> Iterator[Misreading]:
    """Every node that says something else than the data of the edition; each once."""
    meanings, told = Meanings(data), set[Misreading]()
    yield from find_data_differences(description, meanings)
    yield from find_picture_differences(description, meanings)
    yield from find_audit_differences(description, meanings)
    yield from find_notebook_differences(description, meanings)
    for file, nodes in description.files.items():
        is_chart = file.endswith(SUFFIX) and file != COVER
        if file.startswith(OTHERS) and not is_chart:
            continue
        read = split_caption(nodes)[0] if is_chart else nodes
        for difference in read_nodes(file, read, meanings):
            # What several files say is told of the first.
            alike = difference._replace(file="")
            if alike not in told:
                told.add(alike)
                yield difference


def read_nodes(file: str, nodes: tuple[Node, ...], meanings: Meanings) -> Iterator[Misreading]:
    """Every node of a file that says something else than it has to, and what it leaves out."""
    reading = NodeReading(meanings, nodes)
    for number, node in enumerate(nodes):
        reading.place = number
        if node.kind not in INLINE:
            for wanted in _list_lacking(reading):
                yield _tell(file, reading, number - 1, wanted)
        for wanted in RULES.get(node.kind, refuse_kind)(reading, node):
            yield _tell(file, reading, number, wanted)
    for (place, part), rest in reading.rest.items():
        for step in rest[:1]:
            yield Misreading(file, place, step.about, "", f"'{step.text}' too, in its {part}")
    for place, abouts in reading.said.items():
        for note in meanings.list_notes(place):
            if note.about not in abouts:
                yield Misreading(file, place, note.about, "", f"the note '{note.text}'")


def _list_lacking(reading: NodeReading) -> list[str]:
    """The first thing that stands in the last text and that nobody said, if any."""
    lacking = [inline for inline in reading.inline if inline.kind not in OF_PAGES]
    reading.inline = []
    return [f"'{inline.text}' ({inline.kind}) behind it" for inline in lacking[:1]]


def refuse_kind(_: NodeReading, node: Node) -> Iterator[str]:
    """What is wrong with a node of which nobody knows what it has to say."""
    yield f"a kind of node that has a rule, and not '{node.kind}'"


def _tell(file: str, reading: NodeReading, number: int, wanted: str) -> Misreading:
    node = reading.nodes[number]
    written = find_project_place(reading.nodes, number, reading.meanings.data, INLINE)
    return Misreading(file, f"{node.place}, {node.kind}", node.about, node.text, wanted, written)
