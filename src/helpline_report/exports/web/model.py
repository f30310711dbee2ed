"""What a web analytics export holds: lines, and blocks with their period and their totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpline_report.exports.findings import Findings
from helpline_report.parameters.service import Kind, Language
from helpline_report.parameters.values import Period


@dataclass(frozen=True)
class Line:
    """A row of cells of text.

    `number` is its physical line, its row in a sheet, or its place among the rows of a response;
    `at` tells the rows of one file apart, whatever sheet they stand in.
    """

    number: int
    at: int
    cells: tuple[str, ...]

    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Heading:
    """The dimensions and metrics of a block, by the place of their column (0-based).

    `unknown` are the places of columns that the service's catalogue doesn't know. `languages` are
    those in which all known names are written.
    """

    dimensions: Mapping[int, str]
    metrics: Mapping[int, str]
    unknown: tuple[int, ...]
    languages: frozenset[Language]


@dataclass(frozen=True)
class Block:
    """A header and the rows under it. `period` is None where nothing says which, or two do."""

    names: tuple[str, ...]
    line: int
    period: Period | None
    rows: tuple[Line, ...]
    totals: tuple[Line, ...] = ()


@dataclass(frozen=True)
class WebExport:
    """One file: `read` counts its rows and totals, `property_` and `time_zone` are as it says.

    `concerns` are what it says of itself that makes its figures something else than a count, with
    the line that says so: `sampled`, `thresholded`, `collapsed`. `left_out` counts rows that
    compare two periods.
    """

    file: str
    sha256: str
    kind: Kind
    blocks: tuple[Block, ...]
    findings: Findings
    property_: str | None = None
    time_zone: str | None = None
    left_out: int = 0
    concerns: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Rows and total rows of all blocks."""
        rows = sum(len(block.rows) + len(block.totals) for block in self.blocks)
        return rows + self.left_out
