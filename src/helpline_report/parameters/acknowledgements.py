"""Faults that the parameters acknowledge, and the lines that would acknowledge others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, WithJsonSchema

from helpline_report.parameters.values import Text, Translated
from helpline_report.parameters.yaml import CheckedModel, write_scalar

if TYPE_CHECKING:  # an edition has acknowledgements
    from helpline_report.parameters.edition import Edition

ODD_YEARS = ["silent_month", "silent_days", "silent_code", "empty_column", "tenfold", "exchanged"]
# An editor knows them by this; a misspelt one is refused with all faults at hand, when exports are
# read.
FAULTS_SCHEMA = {
    "anyOf": [{"pattern": r"^B\d\d$", "type": "string"}, {"enum": ODD_YEARS, "type": "string"}]
}


class Acknowledged(CheckedModel):
    """A fault that stops a run unless it is known: which, in which file, in how many rows at most.

    `fault` is a code of `docs/faults.md`, or the name of something odd about the year
    (`silent_month`, `silent_days` and so on); `about` says which month, code or column. More rows
    than `rows` stop the run again. `by` is who looked into it: it is printed with the reason.
    """

    fault: Annotated[str, WithJsonSchema(FAULTS_SCHEMA)]
    file: Text | None = None
    about: Text | None = None
    rows: Annotated[int, Field(ge=1)] | None = None
    reason: Translated
    by: Text | None = None

    def _complaints(self) -> Iterator[str]:
        if "…" in (self.reason.nl.strip(), self.reason.en.strip()):
            yield "reason: say why in words, in place of '…'"


def find_entries(
    edition: Edition, *, code: str, file: str = "", about: str = ""
) -> list[Acknowledged]:
    """The entries of the parameters that are about a fault, in any number of rows."""
    return [
        entry
        for entry in edition.acknowledged
        if entry.fault == code
        and (entry.file is None or f"/{file}".endswith(f"/{entry.file}"))
        and entry.about in (None, about)
    ]


def find_acknowledgement(
    edition: Edition, *, code: str, file: str = "", about: str = "", rows: int = 0
) -> Acknowledged | None:
    """The entry of the parameters that acknowledges a fault in so many rows; None without one."""
    entries = find_entries(edition, code=code, file=file, about=about)
    return next((entry for entry in entries if entry.rows is None or entry.rows >= rows), None)


def request_acknowledgements(edition: Edition, lines: Sequence[str]) -> list[str]:
    """The lines to paste into the parameters if all faults are known; none without faults."""
    if not lines:
        return []
    file, head = f"params/{edition.edition}.yaml", ["    acknowledged:"]
    under, head = ("under 'acknowledged:' in", []) if edition.acknowledged else ("to", head)
    what = f"  → what is known, add {under} {file}:"
    return [what, *head, *(f"      {line}" for line in lines)]


def write_acknowledgement(code: str, *, file: str = "", about: str = "", rows: int = 0) -> str:
    """The line of the parameters that acknowledges a fault; somebody has to write its reason."""
    values = {
        "fault": code,
        "file": file and write_scalar(PurePosixPath(file).name),
        "about": about and write_scalar(about),
        "rows": str(rows or ""),
        # In quotes, since a sentence may hold a comma.
        "reason": '{nl: "…", en: "…"}',
    }
    return f"- {{{', '.join(f'{key}: {value}' for key, value in values.items() if value)}}}"
