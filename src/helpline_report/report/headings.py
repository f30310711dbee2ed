"""Headings without a gap: a level is at most one below the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpline_report.prose.nodes import Block, Heading
from helpline_report.report.views import CampaignView, ChapterPart, Prose

# A chapter's own heading is level 1; a campaign's name is a heading of level 2.
CHAPTER = 1
CAMPAIGN = 2


def consecutive(parts: Sequence[ChapterPart]) -> list[ChapterPart]:
    """The parts of a chapter with headings that skip no level, as readers and PDF/UA ask.

    Notebooks are put together of cells, and one may be left out: `###` can then follow `#`.
    """
    level = CHAPTER
    lifted: list[ChapterPart] = []
    for part in parts:
        if isinstance(part.view, Prose):
            nodes, level = _lifted(part.view.nodes, level)
            lifted.append(replace(part, view=replace(part.view, nodes=nodes)))
        else:
            level = CAMPAIGN if isinstance(part.view, CampaignView) else level
            lifted.append(part)
    return lifted


def _lifted(nodes: tuple[Block, ...], level: int) -> tuple[tuple[Block, ...], int]:
    kept: list[Block] = []
    for node in nodes:
        if isinstance(node, Heading):
            level = min(node.level, level + 1)
            kept.append(replace(node, level=level))
        else:
            kept.append(node)
    return tuple(kept), level
