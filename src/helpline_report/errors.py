"""The errors a user can meet, and the exit code of each class."""

import re
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

EXIT_FAULT = 1
EXIT_USER = 2
EXIT_REFUSED = 3


class HelplineError(Exception):
    """Something stopped the program: what, where, and what to do next.

    A message never holds a value of a row; it may hold the shape of one.
    """

    exit_code = EXIT_FAULT

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what = what
        self.where = where
        self.next_step = next_step
        super().__init__((f"{where}: " if where else "") + what + _arrow(next_step))


def _arrow(next_step: str) -> str:
    return f"\n  → {next_step}" if next_step else ""


class MachineError(HelplineError):
    """The program or the machine failed: a killed kernel, a full disk, an unreadable folder."""


class UserError(HelplineError):
    """What the user gave can't be used: command, parameters, exports, notebooks, texts."""

    exit_code = EXIT_USER


class ParametersError(UserError):
    """The parameters of an edition, a layout or a code list are wrong."""


class ChapterError(UserError):
    """A notebook asks for something that can't be counted, or doesn't run to its end."""


class PopulationError(ChapterError):
    """A figure mixes populations, or crosses a declared break without a bridge."""


class ProseError(UserError):
    """A text types a number, names what there isn't, or holds what can't be set."""


class RefusedError(HelplineError):
    """A check refuses to let this edition out."""

    exit_code = EXIT_REFUSED


# Up to so many rows with the same fault have a message each; more share one.
FEW_ALIKE = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of one place in an export, in the words of `faults`: never a value of a row.

    `line` is the physical line, or the row of a worksheet; `cell` says the place in a workbook.
    `alike` rows of the file have this fault in the same words. `header` is the name of a column
    that no layout knows: only the private file shows it.
    """

    file: str
    line: int
    column: str
    code: str
    what: str
    expected: str = ""
    next_step: str = ""
    cell: str = ""
    alike: int = 1
    header: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.cell or self.line:
            place += f", {self.cell}" if self.cell else f":{self.line}"
        place += f" and {self.alike - 1} more rows" if self.alike > FEW_ALIKE else ""
        place += f", column {self.column}" if self.column else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        return f"[{self.code}] {place}: {self.what}{expected}{_arrow(self.next_step)}"


class ExportError(UserError):
    """One or more exports can't be used; carries the problems of every file.

    `counts` are the numbers of all problems by code, if there are more than it carries. `asks` say
    what to add to the parameters to acknowledge them, `report` where all problems are kept.
    """

    MOST_PER_CODE = 20

    def __init__(
        self,
        problems: Sequence[Problem],
        counts: Mapping[str, int] | None = None,
        *,
        asks: Sequence[str] = (),
        report: str = "",
    ) -> None:
        self.problems = sorted(problems)
        self.counts = Counter(problem.code for problem in problems) | Counter(counts or {})
        self.asks = tuple(asks)
        self.report = report
        lines = [f"{self.counts.total()} problem(s) in the exports; nothing was written."]
        for code in sorted({problem.code for problem in problems}):
            lines += self._write_lines(code)
        lines += [*asks, *([f"All of them stand in {report}"] if report else [])]
        super().__init__("\n".join(lines))

    def _write_lines(self, code: str) -> list[str]:
        """The lines for a code; if many rows have the same words in a column, they share a line."""
        groups: dict[tuple[str, ...], list[Problem]] = {}
        for problem in self.problems:
            if problem.code == code:
                key = problem.file, problem.column, problem.what, problem.expected
                groups.setdefault(key, []).append(problem)
        merged: list[Problem] = []
        for group in groups.values():
            number = max(len(group), *(problem.alike for problem in group))
            if number > FEW_ALIKE:
                merged.append(replace(group[0], alike=number))
            else:
                merged += [replace(problem, alike=1) for problem in group]
        first = sorted(merged)[: self.MOST_PER_CODE]
        lines = []
        for place, problem in enumerate(first, start=1):
            # If several problems in a row have the same next step, only the last one says it.
            is_repeated = place < len(first) and first[place].next_step == problem.next_step
            lines.append(str(replace(problem, next_step="") if is_repeated else problem))
        more = self.counts[code] - sum(problem.alike for problem in first)
        return lines + ([f"[{code}] and {more} more like these"] if more > 0 else [])


class CorrectionsError(UserError):
    """Corrections that don't go with the exports: each fault by its file and line."""

    MOST_LISTED = 40

    def __init__(self, faults: Sequence[tuple[str, int, str, str]]) -> None:
        lines = [f"{len(faults)} fault(s) in the corrections; nothing was written."]
        for file, line, what, next_step in faults[: self.MOST_LISTED]:
            lines.append(f"{file}:{line}: {what}{_arrow(next_step)}")
        if len(faults) > self.MOST_LISTED:
            lines.append(f"and {len(faults) - self.MOST_LISTED} more")
        super().__init__("\n".join(lines))


def unwritten(error: OSError, where: str) -> MachineError:
    """The error of a file or folder that can't be written, with what to do about it."""
    return MachineError(
        f"can't be written ({error.strerror or type(error).__name__})",
        where=where,
        next_step="see that there is room, and that you may write there, and run again",
    )


def unread(
    error: OSError, where: str, kind: type[HelplineError] = MachineError, what: str = ""
) -> HelplineError:
    """The error of a file that can't be read, with what to do about it; `what` names it first."""
    text = f"{what} can't be read ({error.strerror})".strip()
    return kind(text, where=where, next_step=to_read(error))


def to_read(error: OSError) -> str:
    """What to do about a file that can't be read."""
    if isinstance(error, PermissionError):
        return "give the account that runs this the right to read it"
    return "see that it is a file, on a disk that is there and sound, and run again"


def undecoded(error: UnicodeDecodeError, where: str, kind: type[HelplineError]) -> HelplineError:
    """The error of a file that isn't UTF-8; names the first line that isn't."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return kind(f"line {line} is not UTF-8", where=where, next_step="save the file as UTF-8")


def place_of(error: BaseException) -> str:
    """The last line of the program that an exception passed: `run/execution.py:199`."""
    package = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    *_, last = (each for each in frames if Path(each.filename).is_relative_to(package))
    return f"{Path(last.filename).relative_to(package).as_posix()}:{last.lineno}"


def list_first(lines: Sequence[str], most: int) -> list[str]:
    """The first of many lines, indented, and how many more there are."""
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return [f"  {line}" for line in [*lines[:most], *more]]


def nearest(name: str, known: list[str]) -> str:
    """`, did you mean 'x'?` for the known name that looks most like `name`, or nothing.

    Each word of `name` must look like a word of 'x': 'Varón Trans' is no slip for 'Mujer Trans'.
    """
    for close in get_close_matches(name, known, n=1, cutoff=0.6):
        words, others = (re.split(r"[\W_]+", text.casefold()) for text in (name, close))
        if all(get_close_matches(word, [*others, close.casefold()]) for word in words if word):
            return f", did you mean '{close}'?"
    return ""
