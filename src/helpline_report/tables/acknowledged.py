"""What would stop a run, held against what the parameters say is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import yaml

from helpline_report.errors import Problem
from helpline_report.exports.findings import Findings, ToAcknowledge
from helpline_report.params.edition import Edition
from helpline_report.params.known import Acknowledged
from helpline_report.tables.model import AcknowledgedFault, WaitingFault

SHOWN_LINES = 10
PLAIN = re.compile(r"[\w.][\w./ -]*", re.ASCII)


@dataclass
class Settled:
    """What is known, and what isn't: problems, and the lines that would say that it is known."""

    known: list[AcknowledgedFault] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[WaitingFault] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def settle(files: Iterable[Findings], edition: Edition) -> Settled:
    """Note in its file what the parameters acknowledge; the rest becomes problems."""
    settled = Settled()
    for findings in files:
        for item in findings.to_acknowledge:
            file, about, rows = findings.file, item.column, item.rows
            entry = acknowledging(edition, code=item.code, file=file, about=about, rows=rows)
            if entry is None:
                settled.problems.append(_problem(edition, findings, item))
                settled.lines.append(_line_of(findings.file, item))
                settled.waiting.append(WaitingFault(item.code, file, rows, about))
            else:
                findings.noted[item.code] += rows
                settled.known.append(AcknowledgedFault(item.code, entry.reason, file, rows, about))
    return settled


def is_about(entry: Acknowledged, *, code: str, file: str = "", about: str = "") -> bool:
    """Whether an entry of the parameters speaks of this, for however many rows."""
    named = entry.file is None or f"/{file}".endswith(f"/{entry.file}")
    return entry.fault == code and named and entry.about in (None, about)


def acknowledging(
    edition: Edition, *, code: str, file: str = "", about: str = "", rows: int = 0
) -> Acknowledged | None:
    """The entry of the parameters that says that this is known, in so many rows."""
    entries = _entries(edition, code=code, file=file, about=about)
    return next((entry for entry in entries if entry.rows is None or entry.rows >= rows), None)


def superfluous(edition: Edition, known: Iterable[AcknowledgedFault]) -> list[Acknowledged]:
    """The entries of the parameters that speak of nothing that there is."""
    found = list(known)
    return [
        entry
        for entry in edition.acknowledged
        if not any(
            is_about(entry, code=item.code, file=item.file, about=item.about) for item in found
        )
    ]


def ask(edition: Edition, lines: Sequence[str]) -> list[str]:
    """What to add to the parameters if all of it is known, ready to be pasted; or nothing."""
    if not lines:
        return []
    where = f"params/{edition.edition}.yaml"
    if edition.acknowledged:
        what, indent = f"  → what is known, add under 'acknowledged:' in {where}:", "      "
        return [what, *(f"{indent}{line}" for line in lines)]
    what = f"  → what is known, add to {where}:"
    return [what, "    acknowledged:", *(f"      {line}" for line in lines)]


def line(code: str, *, file: str = "", about: str = "", rows: int = 0) -> str:
    """The line of the parameters that says that something is known; its reason is to be written."""
    parts = [f"fault: {code}"]
    parts += [f"file: {_yaml(PurePosixPath(file).name)}"] if file else []
    parts += [f"about: {_yaml(about)}"] if about else []
    parts += [f"rows: {rows}"] if rows else []
    return f"- {{{', '.join(parts)}, reason: {{nl: …, en: …}}}}"


def _yaml(text: str) -> str:
    """A text as YAML writes it inside braces, with quotes where it would be something else."""
    plain = PLAIN.fullmatch(text) is not None and yaml.safe_load(text) == text
    return text if plain else json.dumps(text, ensure_ascii=False)


def _line_of(file: str, item: ToAcknowledge) -> str:
    return line(item.code, file=file, about=item.column, rows=item.rows)


def _entries(edition: Edition, *, code: str, file: str, about: str) -> list[Acknowledged]:
    return [
        entry
        for entry in edition.acknowledged
        if is_about(entry, code=code, file=file, about=about)
    ]


def _problem(edition: Edition, findings: Findings, item: ToAcknowledge) -> Problem:
    entries = _entries(edition, code=item.code, file=findings.file, about=item.column)
    rows = [entry.rows or 0 for entry in entries]
    fewer = f"; {max(rows)} of them acknowledged" if rows else ""
    first = item.lines[0] if item.lines else 0
    return Problem(
        findings.file,
        first,
        item.column,
        item.code,
        f"{item.rows} {item.what}{_on_lines(item)}{fewer}",
        next_step=item.next_step,
        cell=findings.cell(first, item.column) if findings.cell and first else "",
    )


def _on_lines(item: ToAcknowledge) -> str:
    if len(item.lines) <= 1:
        return ""
    shown = ", ".join(str(number) for number in item.lines[:SHOWN_LINES])
    more = item.rows - min(len(item.lines), SHOWN_LINES)
    return f" (lines {shown}{f' and {more} more' if more > 0 else ''})"
