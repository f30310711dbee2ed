"""The key of the rows that an edition is counted from, and of what is odd about them."""

from __future__ import annotations

import hashlib

from helpline_report.figures.register import Register
from helpline_report.parameters.project import Project
from helpline_report.tables.store import tables_key


def rows_key(project: Project, register: Register) -> str | None:
    """What is kept of these rows is kept under it: another one where tables of either year differ.

    None where an export can't be read, or isn't the one any more that the register was read from.
    """
    parts: list[str] = []
    for each in (register, register.previous):
        if each is None:
            continue
        if each.released is not None:
            parts.append(each.released.sha256)
            continue
        key = tables_key(project, each.edition)
        dataset = each.dataset
        read = {item.sha256 for item in dataset.balances}
        if key is None or key[0] != read | {file.sha256 for file in dataset.corrections}:
            return None
        # What is odd about a year, and who says so, isn't told by its own tables alone.
        parts += [key[1], repr((dataset.acknowledged, dataset.waiting))]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
