"""Read a file of corrections: which cell of which export, what stands there, what it becomes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpline_report.errors import CorrectionsError, MachineError, to_read
from helpline_report.exports.cell_texts import plain
from helpline_report.parameters.values import Translated

COLUMNS = ("file", "key", "column", "stands", "becomes", "reason")
LINE = "line"
EXCLUDE = "exclude"
AT_LINE = re.compile(r"line (\d{1,9})", re.ASCII | re.IGNORECASE)


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


@dataclass
class CorrectionFaults:
    """What is wrong with files of corrections: never what stands in them."""

    faults: list[tuple[str, int, str, str]] = field(default_factory=list)

    def add(self, label: str, line: int, what: str, *, next_step: str = "") -> None:
        """Add a fault on a line of a file; `next_step` says how to mend it."""
        self.faults.append((label, line, what, next_step))

    def stop(self) -> None:
        """Stop where anything is wrong.

        Raises:
            CorrectionsError: with every fault, in the order of files and lines.
        """
        if self.faults:
            raise CorrectionsError(sorted(self.faults))


@dataclass(frozen=True)
class Corrections:
    """A file of corrections as it was read: `label` is how messages name it."""

    label: str
    sha256: str
    corrections: tuple[Correction, ...]


def read_corrections(
    path: Path, label: str, reasons: Mapping[str, Translated], faults: CorrectionFaults
) -> Corrections | None:
    """Read a file of corrections; None where there is none. Reasons are given by code or words.

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
    reader = _CorrectionReader(label, _codes(reasons), faults)
    text = reader.decode(raw)
    corrections = tuple(reader.corrections(text)) if text is not None else ()
    return Corrections(label, hashlib.sha256(raw).hexdigest(), corrections)


def _codes(reasons: Mapping[str, Translated]) -> dict[str, str]:
    """The code of each reason, by its code and by its words in each language."""
    words = {
        plain(text): code
        for code, reason in reasons.items()
        for text in map(reason.in_language, ("nl", "en"))
    }
    return words | {plain(code): code for code in reasons}


class _CorrectionReader:
    def __init__(self, label: str, reasons: Mapping[str, str], faults: CorrectionFaults) -> None:
        self.label = label
        self.reasons = reasons
        self.faults = faults

    def _fault(self, line: int, what: str, next_step: str = "") -> None:
        self.faults.add(self.label, line, what, next_step=next_step)

    def decode(self, raw: bytes) -> str | None:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self._fault(line, "this is no UTF-8", "save the file as 'CSV UTF-8'")
            return None

    def corrections(self, text: str) -> Iterator[Correction]:
        """The corrections that stand in the file, but for lines that are wrong by themselves."""
        lines = list(self._lines(text))
        head = self._head(*lines[0]) if lines else None
        if not lines:
            self._fault(1, "the file is empty", f"begin it with {', '.join(COLUMNS)}")
        for line, cells in lines[1:] if head else ():
            correction = self._correction(line, cells, head or [])
            if correction is not None:
                yield correction

    def _lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Rows that aren't blank, each with the line that it begins on."""
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        begins = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begins, [cell.strip() for cell in cells]
                begins = reader.line_num + 1
        except csv.Error:
            self._fault(begins, "a quote that doesn't close", 'write a quote in a field twice: ""')

    def _head(self, line: int, cells: list[str]) -> list[str] | None:
        names = [cell.casefold() for cell in cells]
        missing = [name for name in COLUMNS if name not in names]
        others = [at for at, name in enumerate(names, 1) if name not in (*COLUMNS, LINE)]
        step = f"the columns are {', '.join(COLUMNS)}, and perhaps {LINE}"
        if missing:
            self._fault(line, f"the column '{missing[0]}' is missing", step)
        elif others:
            self._fault(line, f"the name of column {others[0]} is unknown", step)
        elif len(set(names)) < len(names):
            self._fault(line, "a column twice", step)
        else:
            return names
        return None

    def _correction(self, line: int, cells: list[str], head: list[str]) -> Correction | None:
        if len(cells) != len(head):
            step = "put quotes around a text with the delimiter in it"
            self._fault(line, f"{len(cells)} field(s), the header has {len(head)}", step)
            return None
        cell = dict(zip(head, cells, strict=True))
        if not cell["becomes"] and not cell["reason"]:
            what = "isn't filled in: 'becomes' and 'reason' are empty"
            self._fault(line, what, "say what it becomes and why, or take the line out")
            return None
        row = self._row(line, cell["key"], cell.get(LINE, ""))
        reason = self.reasons.get(plain(cell["reason"]), "")
        if not reason:
            known = ", ".join(dict.fromkeys(self.reasons.values()))
            what = "no reason is given" if not cell["reason"] else "there is no such reason"
            step = f"give one of: {known}; or declare it under 'correction_reasons'"
            self._fault(line, what, step)
        correction = Correction(
            line=line,
            file=cell["file"],
            key="" if row else cell["key"],
            row=row or 0,
            column=cell["column"],
            stands=cell["stands"],
            becomes=EXCLUDE if cell["becomes"].casefold() == EXCLUDE else cell["becomes"],
            reason=reason,
        )
        complete = self._is_complete(correction)
        return correction if complete and reason and row is not None else None

    def _row(self, line: int, key: str, at: str) -> int | None:
        """The line that a row is addressed by, 0 where it is by its key; None where neither is."""
        match = AT_LINE.fullmatch(key) or AT_LINE.fullmatch(f"line {at}")
        if (not key and not at) or (at and not match):
            self._fault(line, "says neither a key nor a line", "give 'key', such as: line 123")
            return None
        if at and key and not AT_LINE.fullmatch(key):
            self._fault(line, "gives a key and a line", "leave one of the two out")
            return None
        return int(match[1]) if match else 0

    def _is_complete(self, correction: Correction) -> bool:
        """Whether a line says enough, and changes something."""
        if not correction.leaves_out and not correction.column:
            what = "names no column"
            step = f"name it; to leave the whole row out, 'becomes' is {EXCLUDE}"
        elif correction.leaves_out and correction.row and not correction.column:
            what = "leaves out a row by its line, and says of no column what stands there"
            step = "fill in 'column' and 'stands': another row may come to stand on that line"
        elif not correction.leaves_out and correction.stands == correction.becomes:
            what, step = "changes nothing: 'stands' and 'becomes' are the same", "take the line out"
        else:
            return True
        self._fault(correction.line, what, step)
        return False
