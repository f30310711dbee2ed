"""Reports of a web analytics service: a banner of comments, then blocks of rows with a total."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from helpline_report.exports.decoding import decode
from helpline_report.exports.delimited_text import DelimitedTextError, iterate_rows
from helpline_report.exports.findings import Findings
from helpline_report.exports.header import match_header
from helpline_report.exports.read import read_bytes
from helpline_report.exports.shapes import plain
from helpline_report.parameters.report_layouts import Block, ReportFile

Line = tuple[int, list[str]]


@dataclass
class BlockText:
    """One block: the texts of its expected columns, the line of each row, and its total row."""

    columns: dict[str, list[str]]
    lines: list[int] = field(default_factory=list)
    total: dict[str, str] | None = None
    total_line: int = 0


@dataclass(frozen=True)
class Report:
    """A report as it was read; `blocks` by their first column, `read` counts rows and totals."""

    file: str
    sha256: str
    banner: list[str]
    blocks: dict[str, BlockText]
    read: int
    findings: Findings


def read_report(path: Path, shown: str, layout: ReportFile) -> Report:
    """Read a report by its layout; `shown` is its name in messages.

    Nothing is raised for what is wrong with the file: it is in the findings.
    """
    findings = Findings(shown)
    raw = read_bytes(path, findings)
    sha256 = hashlib.sha256(raw or b"").hexdigest()
    text = decode(raw, layout.encodings, findings) if raw is not None else None
    reader = _Reader(layout, findings)
    if text is not None:
        try:
            for number, cells in iterate_rows(text, layout.delimiter):
                if any(map(str.strip, cells)):
                    reader.take((number, cells))
            reader.end()
        except DelimitedTextError as error:
            error.add_to(findings)
    return Report(shown, sha256, reader.banner, reader.blocks, reader.read, findings)


class _Reader:
    """Takes the rows of a report one by one, and knows which block it is in."""

    def __init__(self, layout: ReportFile, findings: Findings) -> None:
        self.layout = layout
        self.findings = findings
        self.banner: list[str] = []
        self.blocks: dict[str, BlockText] = {}
        self.read = 0
        self._starts = {plain(block.column): block for block in layout.blocks}
        self._positions: dict[str, int] | None = None
        self._width = 0
        self._at: BlockText | None = None
        self._name = ""
        self._skipping = False

    def take(self, line: Line) -> None:
        """Take one row that isn't blank."""
        number, cells = line
        block = self._starts.get(plain(cells[0]))
        if block is not None and block.column not in self.blocks:
            self._begin(block, cells, number)
        elif self._name == "" and cells[0].startswith(self.layout.comment):
            self.banner.append(cells[0].removeprefix(self.layout.comment).strip())
        elif not self._skipping:
            self._row(cells, number)

    def _begin(self, block: Block, cells: list[str], number: int) -> None:
        self._name = block.column
        self._width = len(cells)
        self._positions = match_header(
            cells, block.expected(), block.ignored, self.findings, line=number
        )
        self._skipping = self._positions is None
        self._at = BlockText({name: [] for name in block.expected()})
        self.blocks[block.column] = self._at

    def _row(self, cells: list[str], number: int) -> None:
        if self._at is None or self._positions is None:
            first = self.layout.blocks[0].column
            what = f"rows before the header that begins with '{first}'"
            self.findings.refuse("B22", what, line=number, next_step="export the report again")
            self._skipping = True
            return
        if self._at.total is not None:
            what = f"a row below the total row of the block '{self._name}'"
            step = "leave it out of the export, or describe its block in the layout"
            self.findings.refuse("B19", what, line=number, next_step=step)
            return
        if len(cells) != self._width:
            code = "B25" if len(cells) > self._width else "B26"
            what, due = f"{len(cells)} field(s)", f"{self._width}, as in the header of the block"
            self.findings.refuse(code, what, line=number, expected=due)
            return
        self.read += 1
        texts = {name: cells[at] for name, at in self._positions.items()}
        if not texts[self._name].strip():
            self._at.total, self._at.total_line = texts, number
            return
        self._at.lines.append(number)
        for name, text in texts.items():
            self._at.columns[name].append(text)

    def end(self) -> None:
        """Refuse blocks that are missing, empty or cut off."""
        for block in self.layout.blocks:
            found = self.blocks.get(block.column)
            if found is None:
                what = f"the block that begins with the column '{block.column}' is missing"
                self.findings.refuse("B22", what, next_step="export the report with this block")
            elif not self.findings.problems and (found.total is None or not found.lines):
                what = f"the block '{block.column}' has no {'rows' if found.total else 'total row'}"
                self.findings.refuse("B09", what, next_step="export the report again, whole")
