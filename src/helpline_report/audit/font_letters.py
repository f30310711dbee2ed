"""Say how a book writes what its fonts have no letters for, from the fonts themselves."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import uharfbuzz

from helpline_report.description import Node
from helpline_report.parameters.house_files import House

# Stands for a letter that no font of the book has.
MISSING = "?"
# What is no letter: marks of direction and joiners are left out, and every blank is one.
NO_LETTERS = {"Cf": "", "Cc": "", "Zs": "\N{NO-BREAK SPACE}"}
LINE = "\n"


def write_in_fonts(nodes: Iterable[Node], house: House) -> Iterator[Node]:
    """Nodes as a book of a house can say them."""
    known = frozenset.intersection(
        *(_read_letters(face.file) for face in (*house.sans, house.serif))
    )
    for node in nodes:
        if node.text.isascii() and LINE not in node.text:
            yield node
            continue
        lacking = {letter for letter in set(node.text) - known if letter != LINE}
        instead = {ord(c): NO_LETTERS.get(unicodedata.category(c), MISSING) for c in lacking}
        yield node._replace(text=node.text.translate(instead)) if lacking else node


@cache
def _read_letters(font: Path) -> frozenset[str]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font)))
    return frozenset(map(chr, face.unicodes))
