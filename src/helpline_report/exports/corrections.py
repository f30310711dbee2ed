"""Read a file of corrections: which cell of which export, what stands there, what it becomes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpline_report.errors import MachineError, to_read
from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.values import Translated

COLUMNS = ("file", "key", "column", "stands", "becomes", "reason")
EXCLUDE = "exclude"
AT_LINE = re.compile(r"line (\d{1,9})", re.ASCII | re.IGNORECASE)
# What is wrong with a line of such a file, never what stands in it: the file, the line, what, and
# what to do next.
CorrectionFault = tuple[str, int, str, str]


@dataclass(frozen=True)
class Correction:
    """One correction, on `line` of its own file.

    The row is found by `key`, or by `row`, its physical line (0 where a key is given). `becomes` is
    the new text of the cell, or `exclude`: then the row is left out.
    """

    line: int
    file: str
    key: str
    row: int
    column: str
    stands: str
    becomes: str
    reason: str

    @property
    def leaves_out(self) -> bool:
        """Whether the whole row is left out."""
        return self.becomes == EXCLUDE


@dataclass(frozen=True)
class Corrections:
    """A file of corrections as it was read: `label` is how messages name it."""

    label: str
    sha256: str
    corrections: tuple[Correction, ...]


def read_corrections(
    path: Path, label: str, reasons: Mapping[str, Translated], faults: list[CorrectionFault]
) -> Corrections | None:
    """Read a file of corrections; None where there is none. Reasons are given by code or words.

    Lines that are wrong by themselves become `faults`.

    Raises:
        MachineError: it can't be read.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise MachineError(
            f"can't be read ({error.strerror})", where=label, next_step=to_read(error)
        ) from None
    corrections: list[Correction] = []
    for line, result in _read_lines(raw, reasons):
        if isinstance(result, Correction):
            corrections.append(result)
        else:
            faults.append((label, line, *result))
    return Corrections(label, hashlib.sha256(raw).hexdigest(), tuple(corrections))


# What is wrong, and what to do next.
LineFault = tuple[str, str]


def _read_lines(
    raw: bytes, reasons: Mapping[str, Translated]
) -> Iterator[tuple[int, Correction | LineFault]]:
    """The correction on each line that isn't blank, or what is wrong with it."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield line, ("this is no UTF-8", "save the file as 'CSV UTF-8'")
        return
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    codes = _codes(reasons)
    head: list[str] = []
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                pass
            elif not head:
                head = [cell.casefold() for cell in cells]
                fault = _header_fault(head)
                if fault is not None:
                    yield line, fault
                    return
            elif len(cells) != len(head):
                what = f"{len(cells)} field(s), the header has {len(head)}"
                yield line, (what, "put quotes around a text with the delimiter in it")
            else:
                for result in _read_line(line, dict(zip(head, cells, strict=True)), codes):
                    yield line, result
            line = reader.line_num + 1
    except csv.Error:
        yield line, ("a quote that doesn't close", 'write a quote in a field twice: ""')
        return
    if not head:
        yield 1, ("the file is empty", f"begin it with {', '.join(COLUMNS)}")


def _codes(reasons: Mapping[str, Translated]) -> dict[str, str]:
    """The code of each reason, by its code and by its words in each language."""
    words = {
        plain(text): code
        for code, reason in reasons.items()
        for text in map(reason.in_language, ("nl", "en"))
    }
    return words | {plain(code): code for code in reasons}


def _header_fault(names: list[str]) -> LineFault | None:
    missing = [name for name in COLUMNS if name not in names]
    others = [at for at, name in enumerate(names, 1) if name not in COLUMNS]
    step = f"the columns are {', '.join(COLUMNS)}"
    if missing:
        return f"the column '{missing[0]}' is missing", step
    if others:
        return f"the name of column {others[0]} is unknown", step
    return ("a column twice", step) if len(set(names)) < len(names) else None


def _read_line(
    line: int, cell: Mapping[str, str], codes: Mapping[str, str]
) -> Iterator[Correction | LineFault]:
    """The correction of a line, or everything that is wrong with it."""
    if not cell["becomes"] and not cell["reason"]:
        what = "isn't filled in: 'becomes' and 'reason' are empty"
        yield what, "say what it becomes and why, or take the line out"
        return
    row = AT_LINE.fullmatch(cell["key"])
    reason = codes.get(plain(cell["reason"]), "")
    leaves_out = cell["becomes"].casefold() == EXCLUDE
    faults: list[LineFault] = []
    if not cell["key"]:
        faults.append(("says neither a key nor a line", "give 'key', such as: line 123"))
    if not reason:
        what = "no reason is given" if not cell["reason"] else "there is no such reason"
        known = ", ".join(dict.fromkeys(codes.values()))
        step = f"give one of: {known}; or declare it under 'correction_reasons'"
        faults.append((what, step))
    if not leaves_out and not cell["column"]:
        step = f"name it; to leave the whole row out, 'becomes' is {EXCLUDE}"
        faults.append(("names no column", step))
    elif leaves_out and row is not None and not cell["column"]:
        what = "leaves out a row by its line, and says of no column what stands there"
        step = "fill in 'column' and 'stands': another row may come to stand on that line"
        faults.append((what, step))
    elif not leaves_out and cell["stands"] == cell["becomes"]:
        what = "changes nothing: 'stands' and 'becomes' are the same"
        faults.append((what, "take the line out"))
    yield from faults
    if not faults:
        yield Correction(
            line=line,
            file=cell["file"],
            key="" if row is not None else cell["key"],
            row=int(row[1]) if row is not None else 0,
            column=cell["column"],
            stands=cell["stands"],
            becomes=EXCLUDE if leaves_out else cell["becomes"],
            reason=reason,
        )
