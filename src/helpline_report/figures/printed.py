"""Figures that earlier reports printed, and what became of each when it was counted again."""

from __future__ import annotations

from typing import Literal

from helpline_report.params.yaml import Closed

Verdict = Literal[
    "agrees",
    "agrees_rounded",
    "contradicts",
    "wrong_population",
    "not_supported",
    "revised",
    "redefined",
    "not_comparable",
    "not_computable",
]


class PrintedFigure(Closed):
    """One figure as a report printed it; `value` is the print as a number, a code or a flag."""

    id: str
    section: str
    printed: str
    value: str
    unit: str
    population: str
    claimed: str
    source: str


class Reconciled(Closed):
    """A printed figure beside the computed one, with the verdict and its reason in a sentence."""

    printed: PrintedFigure
    computed: str
    verdict: Verdict
    reason: str
