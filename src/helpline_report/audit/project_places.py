"""Say where in a project the words of a node stand: who wrote them can mend them there."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from helpline_report.audit.edition_data import EditionData
from helpline_report.description import Node
from helpline_report.parameters.help_numbers import name_help_file

OF_CELL, OF_HELP = "cell=", "help="
# Kinds whose words a project writes itself, wherever they stand.
OF_CAMPAIGNS = ("campaign", "goal", "means")


class PlacedText(Protocol):
    """A text of a file of its own, and the line at which it begins."""

    @property
    def file(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102


def find_project_place(
    nodes: Sequence[Node], number: int, data: EditionData, inline: Sequence[str]
) -> str:
    """The file, and the cell, line or code, of the words of a node; '' where the program's stand.

    A node of a kind that stands `inline` is part of the last one that isn't.
    """
    while number and nodes[number].kind in inline:
        number -= 1
    node = nodes[number]
    places = (_find_text(node, data), _find_label(node, data), _find_parameter(node, data))
    return next(filter(None, places), "")


def _find_text(node: Node, data: EditionData) -> str:
    """The notebook and the cell of a text, or the file that takes its place, with a line."""
    chapter, _, cell = node.about.removeprefix(OF_CELL).partition("/")
    own: Mapping[str, PlacedText | Any] = data.texts.get(data.language, {}).get(chapter, {})
    if cell in own:
        return f"{own[cell].file}:{own[cell].line}"
    if cell and chapter in data.notebooks:
        return f"notebooks/{data.files.get(chapter, chapter)}, cell '{cell}'"
    if node.kind == "footnote" and node.place in data.notebooks:
        return f"notebooks/{data.files.get(node.place, node.place)}"
    return ""


def _find_label(node: Node, data: EditionData) -> str:
    """The code list of a label."""
    field, _, code = node.about.partition("=")
    codelist = data.codelists.get(field)
    is_known = codelist is not None and any(each.code == code for each in codelist.codes)
    return f"data/codelists/{field}.yaml, code '{code}'" if is_known else ""


def _find_parameter(node: Node, data: EditionData) -> str:
    """The file of help numbers, or the parameters of a campaign."""
    if node.about.startswith(OF_HELP) and data.edition.help:
        return name_help_file(data.edition.help)
    if node.kind in OF_CAMPAIGNS:
        return f"params/{data.edition.edition}.yaml, campaigns"
    return ""
