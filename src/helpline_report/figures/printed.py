"""Figures that earlier reports printed, and what became of each when it was counted again."""

from typing import Literal

from helpline_report.parameters.acknowledgements import Acknowledged, find_acknowledgement
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import name_ledger
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

CODE = "B69"


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

    `figure` is the ledger's figure that it was compared with, where that has another name than the
    printed one: the figures of last year do.
    """

    printed: PrintedFigure
    computed: str
    verdict: Verdict
    reason: str
    figure: str = ""

    @property
    def about(self) -> str:
        """The id of the figure that it is compared with."""
        return self.figure or self.printed.id

    @property
    def file(self) -> str:
        """The name of the released ledger that said it."""
        return name_ledger(self.printed.edition)

    @property
    def is_revised(self) -> bool:
        """Whether a released ledger said another number than is counted now."""
        return self.printed.released and self.verdict == "revised"


class JudgedClaim(Closed):
    """What a report said without a number, word for word, with a verdict and its reason.

    `figure` is the ratio of the ledger that it was compared with, if there is one.
    """

    id: str
    printed: str
    section: str
    source: str
    verdict: Verdict
    reason: str
    figure: str = ""


def find_reason(item: Reconciled, edition: Edition, among: int) -> Acknowledged | None:
    """The entry of the parameters about this revision, or about as many as there are (`among`)."""
    return find_acknowledgement(edition, code=CODE, file=item.file, about=item.about, rows=among)
