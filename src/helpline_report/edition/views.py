"""What a page shows, resolved once for HTML and PDF alike: texts, charts, tables and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from helpline_report.charts.draw import Drawing
from helpline_report.prose.nodes import Block


@dataclass(frozen=True)
class Prose:
    """A text with its figures filled in."""

    kind: ClassVar[str] = "prose"
    nodes: tuple[Block, ...]


@dataclass(frozen=True)
class Left:
    """A line that stands for what was left out."""

    kind: ClassVar[str] = "left"
    text: str


@dataclass(frozen=True)
class CellView:
    """One cell of a table: its text, and the figure it shows."""

    text: str
    figure: str | None = None


@dataclass(frozen=True)
class RowView:
    """One row of a table: what it is about, and its cells."""

    head: str
    cells: tuple[CellView, ...]
    total: bool = False


@dataclass(frozen=True)
class TableView:
    """A table: `numeric` says of each column after the first whether it holds numbers."""

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[RowView, ...]
    numeric: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    file: str = ""
    source: str = ""
    audit: str = ""


@dataclass(frozen=True)
class ChartView:
    """A chart at the widths of the page and of paper, with its table.

    `audit` is where the audit says where its numbers come from, if that isn't their traces.
    """

    kind: ClassVar[str] = "chart"
    id: str
    caption: str
    subtitle: str
    wide: Drawing
    narrow: Drawing
    paper: Drawing
    table: TableView
    notes: tuple[str, ...] = ()
    source: str = ""
    audit: str = ""


@dataclass(frozen=True)
class Highlight:
    """One headline figure beside the same figure of the year before."""

    value: str
    name: str
    figure: str
    before: str = ""


@dataclass(frozen=True)
class HighlightsView:
    """The headline figures."""

    kind: ClassVar[str] = "highlights"
    id: str
    entries: tuple[Highlight, ...]


@dataclass(frozen=True)
class CampaignView:
    """A campaign: what it wanted, when it ran, and what was counted around it."""

    kind: ClassVar[str] = "campaign"
    id: str
    name: str
    period: str
    goal: str
    means: str
    table: TableView


@dataclass(frozen=True)
class Term:
    """One entry of a list: what it is, and what there is to say about it."""

    term: str
    text: str


@dataclass(frozen=True)
class TermsView:
    """A list of terms, each with its explanation."""

    kind: ClassVar[str] = "terms"
    id: str
    entries: tuple[Term, ...]


View = Prose | Left | TableView | ChartView | HighlightsView | CampaignView | TermsView


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report in the order of its cells."""

    name: str
    title: str
    views: tuple[View, ...]
