"""What the second count's statements gave, kept for as long as nothing that they ask is another.

A statement is its text. What it gives depends on the tables that it asks, and so on the exports,
on what the parameters say of rows, of the calendar and of the helplines, and on the program that
makes tables of them. A kept answer is held against the first count anew in every build.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpline_report.audit.recount.arithmetic import Rows
from helpline_report.errors import MachineError
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.project import Project
from helpline_report.parameters.reading import said
from helpline_report.private_files import private_folder, write_private

AUDIT = Path(__file__).resolve().parents[1]
# What of the parameters the tables are made of that SQL asks, beside what rows are made of.
TOLD = ("calendar", "helpline.lines")


@dataclass
class Answers:
    """The rows of statements: `before` those of an earlier count, `given` those of this one."""

    before: Mapping[str, Rows] = field(default_factory=dict)
    given: dict[str, Rows] = field(default_factory=dict)

    def known(self, statement: str) -> bool:
        """Whether it was asked, now or in an earlier count."""
        if statement not in self.given and statement in self.before:
            self.given[statement] = self.before[statement]
        return statement in self.given

    def of(self, statement: str, ask: Callable[[], Rows]) -> Rows:
        """What a statement gives; it is asked where nobody did."""
        if not self.known(statement):
            self.given[statement] = ask()
        return self.given[statement]


@dataclass(frozen=True)
class Keep:
    """The private file of an edition's answers; without a `key` nothing of it holds.

    `still` raises where the exports aren't any more what they were: then nobody knows what was
    asked. `anew` takes nothing from an earlier count.
    """

    place: Path
    key: str | None
    still: Callable[[], None] = lambda: None
    anew: bool = False

    def read(self) -> dict[str, Rows]:
        """The answers that still hold; none where the file is another's or isn't whole."""
        if self.key is None or self.anew:
            return {}
        try:
            digest, _, content = self.place.read_text(encoding="utf-8").partition("\n")
            if digest != _hash(content):
                return {}
            key, answers = json.loads(content)
        except (OSError, ValueError):
            return {}
        if key != self.key:
            return {}
        return {statement: [tuple(row) for row in rows] for statement, rows in answers.items()}

    def write(self, answers: Mapping[str, Rows]) -> None:
        """Keep the answers of a count; what can't be kept is only slower.

        Raises:
            What `still` raises.
        """
        if self.key is None:
            return
        self.still()
        plain = {statement: rows for statement, rows in answers.items() if _is_plain(rows)}
        content = json.dumps([self.key, plain])
        try:
            write_private(self.place, f"{_hash(content)}\n{content}")
        except MachineError:
            return


KEPT_NOWHERE = Keep(Path(), None)


def keep_of(
    project: Project,
    editions: Sequence[Edition],
    rows: str | None,
    still: Callable[[], None] = lambda: None,
    *,
    anew: bool = False,
) -> Keep:
    """Where answers about some editions are kept; `rows` is the key of their rows."""
    place = private_folder(project.private) / "answers" / f"{editions[0].edition}.json"
    if rows is None:
        return Keep(place, None, still, anew)
    program = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(_program())]
    told = [said(edition, TOLD) for edition in editions]
    key = _hash(json.dumps([rows, told, program, version("duckdb")]))
    return Keep(place, key, still, anew)


def _program() -> Iterable[Path]:
    return AUDIT.rglob("*.py")


def _is_plain(rows: Rows) -> bool:
    """Whether rows are the same after they were written and read."""
    values: list[Any] = [value for row in rows for value in row]
    return all(value is None or type(value) in (int, str, float) for value in values)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
