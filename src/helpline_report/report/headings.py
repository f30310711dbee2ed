"""Headings without a gap: a level is at most one below the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpline_report.prose.nodes import Block, Heading
from helpline_report.report.views import CampaignView, Prose, View

# A chapter's own heading is level 1; a campaign's name is a heading of level 2.
CHAPTER = 1
CAMPAIGN = 2


def consecutive(views: Sequence[View]) -> list[View]:
    """The views with headings that skip no level, as readers of a page and PDF/UA ask.

    Notebooks are put together of cells, and one may be left out: `###` can then follow `#`.
    """
    level = CHAPTER
    kept: list[View] = []
    for view in views:
        if isinstance(view, Prose):
            nodes, level = _lifted(view.nodes, level)
            kept.append(replace(view, nodes=nodes))
        else:
            level = CAMPAIGN if isinstance(view, CampaignView) else level
            kept.append(view)
    return kept


def _lifted(nodes: tuple[Block, ...], level: int) -> tuple[tuple[Block, ...], int]:
    kept: list[Block] = []
    for node in nodes:
        if isinstance(node, Heading):
            level = min(node.level, level + 1)
            kept.append(replace(node, level=level))
        else:
            kept.append(node)
    return tuple(kept), level
