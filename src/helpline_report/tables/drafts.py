"""A draft: rows with faults are left out and counted, with the rows that hang on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpline_report.errors import Problem
from helpline_report.exports.corrected_exports import HANGS
from helpline_report.exports.export_files import Export
from helpline_report.exports.findings import Findings
from helpline_report.tables.part import Part
from helpline_report.tables.reading import Mask

MOST = 0.5
OF_FILES = "A draft leaves out rows; what stands here is wrong with a file as a whole."
OF_REPORTS = (
    "A draft leaves out rows, and a web analytics report has totals, from which no row can be taken"
    " away: export it again."
)


@dataclass
class Draft:
    """What a draft leaves out: rows by table, and by the code of their fault; lines by file.

    If it isn't `on`, that is nothing, and every fault stops the run.
    """

    on: bool
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    lines: dict[str, frozenset[int]] = field(default_factory=dict)

    def leave_out(self, part: Part) -> None:
        """Leave out rows that are at fault by themselves, and rows that hang on what is left out.

        To be called after each step that finds faults, tables from top to bottom.
        """
        if not self.on:
            return
        for code, lines in sorted(part.findings.faulty.items()):
            self._exclude(part, code, np.isin(part.text.lines, lines))
        if part.parent is not None and part.parent_rows is not None:
            above = part.parent.kept()[part.parent_rows]
            self._exclude(part, HANGS, (part.parent_rows < 0) | ~above)

    def _exclude(self, part: Part, code: str, rows: Mask) -> None:
        gone = rows & part.kept()
        found = int(gone.sum())
        if found:
            # The second count would take the next of the rows that repeat one for the first.
            again = gone if part.first is None else gone | gone[part.first]
            lines = part.text.lines[again].tolist()
            self.lines[part.export.file] = self.lines.get(part.export.file, frozenset()) | {*lines}
            part.exclude(code, rows)
            self.left_out.setdefault(part.name, Counter())[code] += found

    def leave_out_unread(self, exports: Sequence[Export]) -> None:
        """Count the rows that no table could be made of: too long, too short, cut off."""
        for export in exports if self.on else ():
            read = set() if export.rows.table is None else set(export.rows.table.lines.tolist())
            for code, lines in sorted(export.findings.faulty.items()):
                unread = set(lines) - read
                read |= unread
                if unread:
                    export.findings.excluded[code] += len(unread)
                    self.left_out.setdefault(export.file, Counter())[code] += len(unread)

    def faulty(self, part: Part) -> Mapping[str, int]:
        """The rows of one table that are left out for a fault, by its code."""
        none = Counter[str]()
        counts = self.left_out.get(part.name, none) + self.left_out.get(part.export.file, none)
        return dict(sorted(counts.items()))

    def stopping(
        self, exports: Sequence[Export], reports: Sequence[Findings]
    ) -> tuple[list[Problem], Counter[str]]:
        """The problems that stop the run, and how many there are of each code."""
        problems: list[Problem] = []
        counts: Counter[str] = Counter()
        for export in exports:
            found, counted = self._of_file(export)
            problems += found
            counts += counted
        for report in reports:
            problems += report.problems
            counts += report.counted
        return problems, counts

    def _of_file(self, export: Export) -> tuple[list[Problem], Counter[str]]:
        findings = export.findings
        if not self.on or export.rows.table is None:
            return list(findings.problems), +findings.counted
        faulty = {code: set(lines) for code, lines in findings.faulty.items()}
        problems = [p for p in findings.problems if p.line not in faulty.get(p.code, ())]
        counts = findings.counted - Counter({c: len(lines) for c, lines in findings.faulty.items()})
        too_many = _too_many(export, findings)
        if too_many is not None:
            problems.append(too_many)
            counts[too_many.code] += 1
        return problems, counts

    def unsettled(self, problems: Sequence[Problem]) -> Sequence[Problem]:
        """What waits to be acknowledged, where it stops the run: a draft only lists it."""
        return () if self.on else problems

    def why(self, exports: Sequence[Export], reports: Sequence[Findings]) -> list[str]:
        """Why a draft doesn't leave out what stops it; nothing where it is no draft."""
        told = []
        if self.on and any(self._of_file(export)[0] for export in exports):
            told.append(OF_FILES)
        if self.on and any(report.problems for report in reports):
            told.append(OF_REPORTS)
        return told


def _too_many(export: Export, findings: Findings) -> Problem | None:
    """A draft without most of its rows says nothing: then it is the layout that is wrong."""
    lines = set().union(*findings.faulty.values()) if findings.faulty else set()
    if len(lines) <= MOST * export.rows.read:
        return None
    code = max(sorted(findings.faulty), key=lambda code: len(set(findings.faulty[code])))
    return Problem(
        export.file,
        0,
        "",
        code,
        f"{len(lines)} of {export.rows.read} rows have a fault, too many to leave out",
        next_step="see that it is the right file, and that the layout says how it is written",
    )
