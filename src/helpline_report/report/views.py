"""What a page shows, resolved once for HTML and PDF alike: texts, charts, tables and notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from helpline_report.charts.draw import Drawing
from helpline_report.prose.nodes import Block


@dataclass(frozen=True)
class Way:
    """From a number of the page to its calculation, and back.

    `address` is where the audit traces it, relative to the page; `anchor` is the number's own.
    """

    address: str
    anchor: str = ""


@dataclass(frozen=True)
class Prose:
    """A text with its figures filled in, and the way of each, in their order.

    A `finding` stands with the title of its chapter.
    """

    kind: ClassVar[str] = "prose"
    nodes: tuple[Block, ...]
    ways: tuple[Way, ...] = field(default=(), compare=False)
    finding: bool = False


@dataclass(frozen=True)
class Left:
    """A line that stands for what was left out."""

    kind: ClassVar[str] = "left"
    text: str


@dataclass(frozen=True)
class CellView:
    """One cell of a table: its text, and the figure it shows, or is `about` without showing it."""

    text: str
    figure: str | None = None
    about: str = ""
    way: Way | None = field(default=None, compare=False)


@dataclass(frozen=True)
class RowView:
    """One row of a table: what it is about, and its cells."""

    head: str
    cells: tuple[CellView, ...]
    total: bool = False


# Of more rows the open data has the table, and the page the chart alone.
MOST_ROWS = 60

# A reader with a keyboard may go past a table with more links.
MOST_LINKS = 12


@dataclass(frozen=True)
class TableView:
    """A table: `numeric` says of each column after the first whether it holds numbers.

    One that is `folded` opens on the page when somebody asks for it; on paper it stands as it is.
    """

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
    folded: bool = False

    @property
    def many_links(self) -> bool:
        """Whether somebody who tabs through the page would rather go past it."""
        return sum(cell.way is not None for row in self.rows for cell in row.cells) > MOST_LINKS


@dataclass(frozen=True)
class ChartView:
    """A chart at the widths of the page and of paper, with its table.

    A table of more rows than anybody reads isn't shown. `number` is the one that the caption tells.
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
    number: CellView | None = None

    @property
    def with_table(self) -> bool:
        """Whether the table stands in the page."""
        return len(self.table.rows) <= MOST_ROWS


@dataclass(frozen=True)
class Highlight:
    """One headline figure beside the same figure of the year before."""

    value: CellView
    name: str
    before: CellView | None = None


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


# What a number of the page stands in.
Kind = Literal["text", "highlights", "chart", "table", "campaigns"]


@dataclass(frozen=True)
class Spot:
    """Where a number stands in the page: its way, its chapter's title, and what stands there.

    `part` is the chart or the table that it stands in; `about` says which text, or which table.
    """

    way: Way
    chapter: str
    kind: Kind
    part: str
    about: str


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report in the order of its cells, and the spots of its numbers."""

    name: str
    title: str
    views: tuple[View, ...]
    spots: tuple[Spot, ...] = ()
