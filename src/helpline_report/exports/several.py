"""The files of rows of a year read at once: some here, and some in a process beside this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from helpline_report.exports.named import is_named_workbook
from helpline_report.exports.read import Export, read_export
from helpline_report.parameters.row_layouts import RowFile
from helpline_report.processes.parcels import beside_with_arrays

# So many bytes take as long to read as another process takes to begin, many times over.
WORTH_A_PROCESS = 16 * 2**20


@dataclass(frozen=True)
class RowsOf:
    """A file of rows: where it lies, how messages name it, and its layout."""

    path: Path
    shown: str
    layout: RowFile

    def read(self) -> Export:
        """What it holds."""
        return read_export(self.path, self.shown, self.layout)

    def size(self) -> int:
        """How many bytes it has; 0 of a file that isn't read beside: a workbook, or no file."""
        try:
            return 0 if is_named_workbook(self.path.name) else self.path.stat().st_size
        except OSError:
            return 0


def read_exports(files: Sequence[RowsOf]) -> list[Export]:
    """Read files of rows, in their order, on two cores where they are large.

    Raises:
        MachineError: there was too little memory for the process beside this one.
    """
    there = _lesser_half([file.size() for file in files])
    if not there:
        return [file.read() for file in files]
    with beside_with_arrays(partial(_read, [files[at] for at in there])) as others:
        here = {at: file.read() for at, file in enumerate(files) if at not in there}
        found = here | dict(zip(there, others(), strict=True))
    return [found[at] for at in range(len(files))]


def _read(files: Sequence[RowsOf]) -> list[Export]:
    return [file.read() for file in files]


def _lesser_half(sizes: Sequence[int]) -> list[int]:
    """The places of the files for the other process: nearly half of all bytes, if that is worth it.

    What is read there has to come here, so that it is the lesser half.
    """
    halves: tuple[list[int], list[int]] = ([], [])
    totals = [0, 0]
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        lesser = int(totals[1] < totals[0])
        if sizes[at]:
            halves[lesser].append(at)
            totals[lesser] += sizes[at]
    least = min(totals)
    return sorted(halves[totals.index(least)]) if least >= WORTH_A_PROCESS else []
