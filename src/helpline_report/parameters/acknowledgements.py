"""Faults that the parameters acknowledge, and the lines that would acknowledge others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import yaml

from helpline_report.parameters.edition import Acknowledged, Edition

PLAIN = re.compile(r"[\w.][\w./ -]*", re.ASCII)


def is_about(entry: Acknowledged, *, code: str, file: str = "", about: str = "") -> bool:
    """Whether an entry of the parameters speaks of this, for however many rows."""
    named = entry.file is None or f"/{file}".endswith(f"/{entry.file}")
    return entry.fault == code and named and entry.about in (None, about)


def find_acknowledgement(
    edition: Edition,
    *,
    code: str,
    file: str = "",
    about: str = "",
    rows: int = 0,
) -> Acknowledged | None:
    """The entry of the parameters that says that this is known, in so many rows."""
    entries = find_entries(edition, code=code, file=file, about=about)
    return next((entry for entry in entries if entry.rows is None or entry.rows >= rows), None)


def find_entries(edition: Edition, *, code: str, file: str, about: str) -> list[Acknowledged]:
    """The entries of the parameters that speak of this, for however many rows."""
    return [
        entry
        for entry in edition.acknowledged
        if is_about(entry, code=code, file=file, about=about)
    ]


def request_acknowledgements(edition: Edition, lines: Sequence[str]) -> list[str]:
    """What to add to the parameters if all of it is known, ready to be pasted; or nothing."""
    if not lines:
        return []
    where = f"params/{edition.edition}.yaml"
    if edition.acknowledged:
        what, indent = f"  → what is known, add under 'acknowledged:' in {where}:", "      "
        return [what, *(f"{indent}{line}" for line in lines)]
    what = f"  → what is known, add to {where}:"
    return [what, "    acknowledged:", *(f"      {line}" for line in lines)]


def write_acknowledgement(code: str, *, file: str = "", about: str = "", rows: int = 0) -> str:
    """The line of the parameters that says that something is known; its reason is to be written."""
    parts = [f"fault: {code}"]
    parts += [f"file: {_yaml(PurePosixPath(file).name)}"] if file else []
    parts += [f"about: {_yaml(about)}"] if about else []
    parts += [f"rows: {rows}"] if rows else []
    # In quotes, since a sentence may hold a comma.
    parts.append('reason: {nl: "…", en: "…"}')
    return f"- {{{', '.join(parts)}}}"


def _yaml(text: str) -> str:
    """A text as YAML writes it inside braces, with quotes where it would be something else."""
    plain = PLAIN.fullmatch(text) is not None and yaml.safe_load(text) == text
    return text if plain else json.dumps(text, ensure_ascii=False)
