"""Hold the description of the data files to what they have to say by the data of the edition."""

from collections.abc import Iterator, Sequence

from helpline_report.audit.data_meanings import PICTURES, DataMeanings
from helpline_report.audit.expectations import Misreading
from helpline_report.audit.meanings import Meanings
from helpline_report.audit.package_meanings import PackageMeanings, is_measured
from helpline_report.audit.workbook_meanings import WorkbookMeanings
from helpline_report.description import Description, Node

DATA, WORKBOOK, PICTURE = "data/", "data/tabellen.xlsx", ".png"
PACKAGE, PORTAL = "data/datapackage.json", "data/dcat.jsonld"
# At most this many differences of a file are named where nodes are missing or too many.
MOST_NAMED = 3


def find_data_differences(description: Description, meanings: Meanings) -> Iterator[Misreading]:
    """Every node of a file of `data/` that says something else than it has to; none of no file."""
    files = description.files
    described = [name for name in files if name.startswith(DATA) and not name.endswith(PICTURE)]
    if not described:
        return
    pictures = [node for node in files.get(f"{DATA}{PICTURES}", ()) if node.kind == "row"]
    derived = DataMeanings(meanings).derive_files(pictures)
    expected = {
        f"{DATA}{name}": file.list_nodes(name.removesuffix(".csv"))
        for name, file in derived.items()
    }
    packages = PackageMeanings(meanings, derived)
    expected[WORKBOOK] = WorkbookMeanings(meanings).list_nodes()
    expected[PACKAGE] = packages.list_package()
    if not meanings.folder and meanings.data.edition.publisher.root:
        # A portal has one description of all languages.
        expected[PORTAL] = packages.list_portal()
    for name in sorted({*described} ^ expected.keys()):
        there = "a file" if name in files else "no file"
        yield Misreading(name, "the whole file", "", there, "none" if name in files else "one")
    for name in described:
        if name in expected:
            yield from compare_meanings(name, files[name], expected[name])


def compare_meanings(
    file: str, nodes: Sequence[Node], expected: Sequence[Node]
) -> Iterator[Misreading]:
    """Each node that isn't the one that has to stand in its place."""
    is_whole = len(nodes) == len(expected)
    if not is_whole:
        yield Misreading(
            file, "the whole file", "", f"{len(nodes)} texts", f"{len(expected)} of them"
        )
    named = 0
    for node, wanted in zip(nodes, expected, strict=False):
        if node != wanted and not _is_alike(node, wanted):
            place = f"{node.place}, {node.kind}"
            yield Misreading(file, place, wanted.about, _write(node), f"'{_write(wanted)}'")
            named += 1
            if not is_whole and named == MOST_NAMED:
                return


def _is_alike(node: Node, wanted: Node) -> bool:
    """Whether a node is the wanted one: what isn't derived, it may say as it likes."""
    if is_measured(wanted):
        return node._replace(text="", form="") == wanted._replace(text="", form="")
    # What a cell without a figure is about, its text says.
    return not wanted.about and node._replace(about="") == wanted


def _write(node: Node) -> str:
    return " ".join(filter(None, (node.text, node.form, node.target)))
