"""Hold the words and messages of faults of exports, and collect the faults of one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from helpline_report.errors import Problem
from helpline_report.parameters.yaml import read_resource

if TYPE_CHECKING:  # pages have the words of faults, and no rows
    import numpy as np
    import numpy.typing as npt

    Lines = npt.NDArray[np.signedinteger]

# What a fault has if its entry leaves it out.
_DEFAULTS = {"answer": (), "says": "", "expected": "", "step": "", "messages": {}}
_ALL = {
    code: SimpleNamespace(**{**_DEFAULTS, **entry})
    for code, entry in read_resource(__package__, "faults.yaml").data.items()
}
# Each fault by its code: `nl` and `en` are noun phrases for one case of it, `answer` is what the
# program does, `step` says what to do. `messages` are its cases by name; a fault with one case has
# `says` in place of them. An entry without an answer is an outcome of sound rows, and no fault.
FAULTS = MappingProxyType({code: fault for code, fault in _ALL.items() if fault.answer})


def find_message(code: str, case: str) -> Mapping[str, str]:
    """The templates of one case of a fault: what it `says`, what is `expected`, the next `step`.

    In each `{name}` stands for a value. What a case leaves out is that of the fault.
    """
    fault = FAULTS[code]
    message = fault.messages[case] if case else fault.says
    of_case = {"says": message} if isinstance(message, str) else message
    return {"expected": fault.expected, "step": fault.step, **of_case}


def describe_outcome(code: str, language: str) -> str:
    """What a code means, as a noun phrase for one case of it, in `language` (`nl` or `en`).

    Raises:
        KeyError: there is no such code.
    """
    phrase: str = _ALL[code].en if language == "en" else _ALL[code].nl
    return phrase


class FaultError(Exception):
    """A file that can't be used as it stands: the code of the fault, its case, what fills it in."""

    def __init__(self, code: str, case: str = "", *, line: int = 0, **values: Any) -> None:
        super().__init__(f"{code} {case}".strip())
        self.code, self.case, self.line, self.values = code, case, line, values


def make_problem(code: str, case: str, values: Mapping[str, object], **place: Any) -> Problem:
    """The problem of a fault: its message filled in; `place` is file, line, column and cell."""
    message = find_message(code, case)
    return Problem(
        code=code,
        what=message["says"].format_map(values),
        expected=message["expected"].format_map(values),
        next_step=message["step"].format_map(values),
        **place,
    )


# A file may have a fault millions of times: this many have a message, and all are counted.
MOST_PROBLEMS = 1_000
# At most this many lines are listed in the message of a fault that is to be acknowledged.
LISTED = 10


@dataclass
class Findings:
    """The problems of one file so far, and counts by the code of the fault.

    `problems` holds the first `MOST_PROBLEMS` of each code, `counted` counts all of them. `faulty`
    are the lines of rows with a fault of their own, by code: a draft leaves them out.
    `to_acknowledge` are problems that stop the run unless the parameters acknowledge them, each
    with its number of rows. `excluded` counts rows that are left out; `noted` counts what was
    mended without touching a row: a byte order mark, an encoding, a header cell. `cell`, of a
    workbook, gives the name of a cell by its line and column.
    """

    file: str
    problems: list[Problem] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    faulty: dict[str, list[int]] = field(default_factory=dict)
    to_acknowledge: list[tuple[Problem, int]] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    cell: Callable[[int, str], str] | None = None

    def add(
        self,
        code: str,
        case: str = "",
        *,
        line: int = 0,
        column: str = "",
        row: bool = False,
        **values: Any,
    ) -> None:
        """Add a problem: the file can't be used as it stands. `values` fill in its message.

        With `row` it is a fault of the row on `line` alone: without that row the file is sound.
        """
        self.counted[code] += 1
        if row:
            self.faulty.setdefault(code, []).append(int(line))
        if self.counted[code] <= MOST_PROBLEMS:
            cell = self.cell(line, column) if self.cell is not None else ""
            place = {"file": self.file, "line": int(line), "column": column, "cell": cell}
            place |= {"alike": int(values.get("alike", 1)), "header": values.get("header", "")}
            self.problems.append(make_problem(code, case, values, **place))

    def add_rows(
        self,
        code: str,
        case: str = "",
        *,
        lines: Lines,
        column: str = "",
        of_row: Callable[[int], Mapping[str, object]] | None = None,
        **values: object,
    ) -> None:
        """Refuse each of `lines` for a fault of its own; the first of them have a message each.

        `values` fill in all messages; `of_row` gives further values by a place in `lines`.
        """
        for place, line in enumerate(lines[:MOST_PROBLEMS]):
            further = of_row(place) if of_row is not None else {}
            self.add(code, case, line=line, column=column, row=True, **values, **further)
        more = lines[MOST_PROBLEMS:].tolist()
        if more:
            self.counted[code] += len(more)
            self.faulty.setdefault(code, []).extend(more)

    def add_error(self, error: FaultError) -> None:
        """Add what stopped the reading of the file."""
        self.add(error.code, error.case, line=error.line, **error.values)

    def ask(
        self,
        code: str,
        case: str = "",
        *,
        rows: int,
        lines: Iterable[int] = (),
        column: str = "",
        **values: Any,
    ) -> None:
        """Add a problem that stops the run unless the parameters acknowledge it.

        Its message follows the number of rows: "contact(s) with more than 20 persons".
        """
        listed = [str(line) for line in islice(lines, LISTED)]
        more = f" and {rows - len(listed)} more" if rows > len(listed) else ""
        on_lines = f" (lines {', '.join(listed)}{more})" if len(listed) > 1 else ""
        line, message = int(listed[0]) if listed else 0, find_message(code, case)
        problem = Problem(
            self.file,
            line,
            column,
            code,
            f"{rows} {message['says'].format_map(values)}{on_lines}",
            next_step=message["step"].format_map(values),
            cell=self.cell(line, column) if self.cell is not None and line else "",
        )
        self.to_acknowledge.append((problem, rows))
