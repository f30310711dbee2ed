"""Figures that earlier reports printed, and what became of each when it was counted again."""

from __future__ import annotations

from typing import Literal

from helpline_report.parameters.yaml import Closed

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


Exports = Literal["unknown", "same", "changed"]


class PrintedFigure(Closed):
    """One figure as a report printed it; `value` is the print as a number, a code or a flag.

    `edition` is the year that it is about, where that isn't the year of the edition that counts
    again. `exports` says whether the exports are still those that the figure was counted from;
    `released` whether a released ledger said it, and nobody typed it over.
    """

    id: str
    section: str
    printed: str
    value: str
    unit: str
    population: str
    claimed: str
    source: str
    edition: str = ""
    exports: Exports = "unknown"
    released: bool = False


class Reconciled(Closed):
    """A printed figure beside the computed one, with the verdict and its reason in a sentence.

    `figure` is the ledger's figure that it was held against, where that has another name than the
    printed one: the figures of last year do.
    """

    printed: PrintedFigure
    computed: str
    verdict: Verdict
    reason: str
    figure: str = ""

    @property
    def held(self) -> str:
        """The id of the figure that it was held against."""
        return self.figure or self.printed.id
