"""Where the numbers of the page stand: each has an anchor, and leads to its calculation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpline_report.prose.nodes import values
from helpline_report.report.cards import audit_address
from helpline_report.report.publication import Publication
from helpline_report.report.views import (
    CampaignView,
    CellView,
    ChartView,
    Highlight,
    HighlightsView,
    Kind,
    Prose,
    Spot,
    TableView,
    View,
    Way,
)


def spotted(
    views: Sequence[View], publication: Publication, *, chapter: str, prefix: str
) -> tuple[tuple[View, ...], tuple[Spot, ...]]:
    """The views of a chapter with the way of each of their numbers, and where they stand.

    Anchors are short, since the page holds a thousand: the prefix, and how many came before.
    `chapter` is its title.
    """
    spotter = _Spotter(publication, chapter, prefix)
    made = tuple(spotter.view(view) for view in views)
    return made, tuple(spotter.spots)


class _Spotter:
    """Walks the views once, and keeps what it has found."""

    def __init__(self, publication: Publication, chapter: str, prefix: str) -> None:
        self.publication = publication
        self.chapter = chapter
        self.prefix = prefix
        self.spots: list[Spot] = []

    def view(self, view: View) -> View:
        match view:
            case Prose():
                return replace(view, ways=tuple(self._text(view)))
            case TableView():
                return self._table(view, "table")
            case ChartView():
                number = view.number and self._cell(view.number, "chart", view.caption, view.id)
                shown = self._table(view.table, "chart", view.id) if view.with_table else view.table
                return replace(view, number=number, table=shown)
            case CampaignView():
                return replace(view, table=self._table(view.table, "campaigns"))
            case HighlightsView():
                return replace(view, entries=tuple(map(self._highlight, view.entries)))
        return view

    def _text(self, view: Prose) -> list[Way]:
        shown = [value for value in values(view.nodes) if value.figure]
        return [
            self._way(audit_address(value.figure or "", self.publication), "text", value.text)
            for value in shown
        ]

    def _table(self, table: TableView, kind: Kind, part: str = "") -> TableView:
        rows = tuple(
            replace(
                row,
                cells=tuple(
                    self._cell(cell, kind, table.caption, part or table.id) for cell in row.cells
                ),
            )
            for row in table.rows
        )
        return replace(table, rows=rows)

    def _highlight(self, item: Highlight) -> Highlight:
        value = self._cell(item.value, "highlights", item.name)
        before = item.before and self._cell(item.before, "highlights", item.name)
        return replace(item, value=value, before=before)

    def _cell(self, cell: CellView, kind: Kind, about: str, part: str = "") -> CellView:
        """A cell that shows a figure, or tells of one, leads there; one that says where, there."""
        name = cell.figure or cell.about
        address = audit_address(name, self.publication) if name else ""
        address = cell.way.address if cell.way else address
        if not address or not cell.text:
            return cell
        return replace(cell, way=self._way(address, kind, about, part))

    def _way(self, address: str, kind: Kind, about: str, part: str = "") -> Way:
        way = Way(address, f"{self.prefix}{len(self.spots) + 1}")
        self.spots.append(Spot(way, self.chapter, kind, part, about))
        return way
