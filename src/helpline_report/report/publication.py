"""What the third stage is given: a released ledger, notebooks and texts, and no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nbformat import NotebookNode

from helpline_report.figures.ledger import Ledger
from helpline_report.figures.printed import Reconciled
from helpline_report.parameters.codelists import CodeList
from helpline_report.parameters.edition import Edition
from helpline_report.parameters.layouts import Layout
from helpline_report.parameters.look.files import House
from helpline_report.parameters.signoff import SignOff
from helpline_report.prose.place import Exemption
from helpline_report.report.content import content_sha256

# The edition's own texts of a chapter: by cell, the Markdown and the line of the file it begins on.
Texts = Mapping[str, tuple[str, int]]


@dataclass(frozen=True)
class Publication:
    """An edition ready to be published.

    `notebooks` are the chapters by name, as they are stored: without outputs, in the order of the
    report. What their cells show comes from the ledger. `signed` is the approval of this very
    content: without one the edition is a draft. `files` names the file of each chapter, for
    complaints; `layouts` say what the exports mean, by name, for the statements that count them
    again. `exempt` is what free texts of the parameters say on a source's word. What is
    `unreleased` says so on each page: a notebook that somebody converts by hand.
    """

    edition: Edition
    comparison: Edition | None
    codelists: Mapping[str, CodeList]
    ledger: Ledger
    notebooks: Mapping[str, NotebookNode]
    texts: Mapping[str, Texts] = field(default_factory=dict)
    reconciled: tuple[Reconciled, ...] = ()
    version: str = ""
    signed: SignOff | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    house: House = field(default_factory=House)
    exempt: tuple[Exemption, ...] = ()
    unreleased: bool = False

    @cached_property
    def origins(self) -> Mapping[str, tuple[str, str]]:
        """Chapter and cell of every figure."""
        return self.ledger.origins()

    @cached_property
    def content(self) -> str:
        """The SHA-256 of all that the pages are made from: what somebody signs for."""
        return content_sha256(self)

    @property
    def draft(self) -> bool:
        """Whether nobody has approved it yet."""
        return self.signed is None

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The edition, and the one that it is compared with."""
        return (self.edition,) if self.comparison is None else (self.edition, self.comparison)

    @property
    def counted(self) -> tuple[Edition, ...]:
        """Those of the two whose rows were counted, and not taken from a released ledger."""
        gone = self.ledger.taken_over
        return tuple(each for each in self.editions if each.edition not in gone)

    @property
    def language(self) -> str:
        """The language of the pages."""
        return self.edition.language

    @property
    def title(self) -> str:
        """The title of the report in its language."""
        return self.edition.title.in_language(self.language)

    @property
    def synthetic(self) -> bool:
        """Whether the rows behind it were made by the generator."""
        return self.edition.rows == "synthetic"
