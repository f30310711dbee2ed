"""Where the report uses each figure: in a text, a chart, a table or among its headline figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from helpline_report.figures.ledger import Ledger, Reference
from helpline_report.figures.model import Chart, Table
from helpline_report.prose.placeholders import GRAMMAR, WRITTEN_OUT
from helpline_report.report.chapters import lacks
from helpline_report.report.edition_words import EditionWords
from helpline_report.report.publication import Publication
from helpline_report.report.released_notebooks import records_of

REPORT = "../index.html"


@dataclass(frozen=True)
class Use:
    """A place of the report: its chapter and cell, what stands there, and its address."""

    chapter: str
    cell: str
    kind: str
    address: str


def uses(publication: Publication) -> Mapping[str, tuple[Use, ...]]:
    """The places where the report uses each figure, in the order of the report."""
    words = EditionWords(publication)
    found: dict[str, dict[Use, None]] = {}
    for name, node in publication.notebooks.items():
        for cell in node.cells:
            for figure, use in _of_cell(publication, words, name, cell):
                found.setdefault(figure, {})[use] = None
    return {figure: tuple(places) for figure, places in found.items()}


def _of_cell(
    publication: Publication, words: EditionWords, name: str, cell: NotebookNode
) -> Iterator[tuple[str, Use]]:
    if lacks(cell, publication, words) is not None:
        return
    if cell.cell_type == "markdown":
        text = text_of(publication, name, cell)
        use = Use(name, cell.id, "text", f"{REPORT}#chapter-{name}")
        for figure in named_in(text):
            if figure in publication.ledger.figures:
                yield figure, use
        return
    shown = [record.shows for record in records_of(cell, name) if record.shows is not None]
    for reference in shown:
        use = Use(name, cell.id, reference.kind, place_of(name, reference))
        for figure in shown_figures(reference, publication.ledger):
            yield figure, use


def text_of(publication: Publication, name: str, cell: NotebookNode) -> str:
    """The Markdown of a cell: the edition's own text where there is one."""
    own = publication.texts.get(name, {}).get(cell.id)
    return str(own[0] if own else cell.source)


def named_in(text: str) -> Iterator[str]:
    """The names in the placeholders of a text."""
    for written in WRITTEN_OUT.finditer(text):
        found = GRAMMAR.fullmatch(written["inside"])
        if found:
            yield found["name"]


def place_of(name: str, reference: Reference) -> str:
    """Where the report shows a part of a chapter, relative to the audit."""
    anchored = reference.kind in ("chart", "table")
    return f"{REPORT}#{reference.id}" if anchored else f"{REPORT}#chapter-{name}"


def shown_figures(reference: Reference, ledger: Ledger) -> Iterator[str]:
    """The figures that a chart, a table or another part shows."""
    match reference.kind:
        case "chart":
            yield from _in_chart(ledger.charts[reference.id], ledger)
        case "table":
            yield from _in_table(ledger.tables[reference.id], ledger)
        case "highlights":
            yield from ledger.highlights[reference.id].figures
        case "campaigns":
            for effects in ledger.campaigns[reference.id].effects:
                names = effects.model_dump(exclude={"campaign"}, exclude_none=True)
                yield from names.values()
        case "quality":
            for file in ledger.quality[reference.id].files:
                yield from (file.read, file.used, file.repaired, file.excluded)
        case "missing":
            yield from (figure for _, figure in ledger.missing[reference.id].figures)


def _in_chart(chart: Chart, ledger: Ledger) -> Iterator[str]:
    yield from chart.figures
    for name in (chart.series, chart.against):
        if name is not None:
            yield from _members(name, ledger)
    if chart.crosstab is not None:
        yield from _cells(chart.crosstab, ledger)


def _in_table(table: Table, ledger: Ledger) -> Iterator[str]:
    yield from table.figures
    for name in table.series:
        yield from _members(name, ledger)
    if table.crosstab is not None:
        yield from _cells(table.crosstab, ledger)
    if table.total is not None:
        yield table.total


def _members(name: str, ledger: Ledger) -> Iterator[str]:
    return (member.figure for member in ledger.series[name].members)


def _cells(name: str, ledger: Ledger) -> Iterator[str]:
    return (cell.figure for cell in ledger.crosstabs[name].cells)


def address_of(figure: str, publication: Publication) -> str | None:
    """Where the audit traces a figure, relative to its own pages; None for what is no figure."""
    origin = publication.origins.get(figure)
    return f"{origin[0]}.html#{figure}" if origin else None
