"""Hold each file of `data/` and `audit/` to its description, by the kind of the file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpline_report.audit.audit_comparison import compare_notebook
from helpline_report.audit.data_comparison import (
    compare_csv,
    compare_hashes,
    compare_json,
    compare_workbook,
)
from helpline_report.audit.expectations import Element, Misreading, blame_file
from helpline_report.audit.page_comparison import compare_page
from helpline_report.description import Description, Node

PACKAGE = "data/datapackage.json"
# Where the files lie that a description has.
FOLDERS = ("data", "data/charts", "audit", "audit/notebooks")
SUFFIXES = (".csv", ".html", ".ipynb", ".json", ".jsonld", ".png", ".xlsx")
# What is no text of the edition: its ledger, and the hashes of all files.
OTHERS = ("data/ledger.json", "audit/manifest.json")


def compare_files(
    folder: Path, pages: Mapping[str, Element], description: Description
) -> Iterator[Misreading]:
    """Every place of a file that says something else than its description; `pages` are read."""
    described = {
        name: nodes
        for name, nodes in description.files.items()
        if name.startswith(("data", "audit"))
    }
    yield from _compare_names(folder, described)
    for name, nodes in described.items():
        path = folder / name
        if path.exists():
            with blame_file(name):
                yield from _compare_file(name, path, nodes, pages)


def _compare_names(folder: Path, described: Mapping[str, Sequence[Node]]) -> Iterator[Misreading]:
    """Files that nobody described, and descriptions of files that aren't there."""
    there = {
        path.relative_to(folder).as_posix()
        for place in FOLDERS
        for path in (folder / place).glob("*")
        if path.suffix in SUFFIXES
    }
    for name in sorted((there - {*OTHERS}) ^ described.keys()):
        stands, wanted = ("a file", "none") if name in there else ("no file", "one")
        yield Misreading(name, "the whole file", "", stands, wanted)


def _compare_file(
    name: str, path: Path, nodes: Sequence[Node], pages: Mapping[str, Element]
) -> Iterator[Misreading]:
    match path.suffix:
        case ".html":
            yield from compare_page(name, pages[name], nodes)
        case ".ipynb":
            yield from compare_notebook(name, path, nodes)
        case ".csv":
            yield from compare_csv(name, path, nodes)
        case ".xlsx":
            yield from compare_workbook(name, path, nodes)
        case ".png":
            # A picture is held to the drawing that it was made from.
            return
        case _:
            yield from compare_json(name, path, nodes)
            if name == PACKAGE:
                yield from compare_hashes(name, path)
